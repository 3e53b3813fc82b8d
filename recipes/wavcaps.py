"""WavCaps: 7,568 hours of sounds of four archives, each with a sentence that an LLM wrote from its description.

Published at https://huggingface.co/datasets/cvssp/WavCaps by Mei et al., "WavCaps: A ChatGPT-Assisted Weakly-Labelled
Audio Captioning Dataset", IEEE/ACM TASLP 2024. For academic use; the sounds have licences of their own.

The folder holds `json_files/{AudioSet_SL,BBC_Sound_Effects,FreeSound,SoundBible}/*_final.json` (`data`: id, caption,
...) and the unpacked FLAC files (32 kHz) as `ARCHIVE/ID.flac`, `ARCHIVE_flac/ID.flac`, or these in `waveforms`.
Everything is for training.

Tables: one JSON object, as the authors' own code reads it
(https://github.com/XinhaoMei/WavCaps/tree/master/captioning/data_handling).
"""

from collections.abc import Iterator
from pathlib import Path

from .corpus import BadClip, Clip, Corpus, Licence, clean_text, known, safe_id
from .hours import published_hours
from .spelling import find
from .tables import read_json_array

CORPUS = Corpus(
    name="wavcaps",
    title="WavCaps",
    description=(
        "Sounds of nature, animals, people, music and machines from four archives, with an English sentence. "
        "The sentence was written by a language model from the archive's description, so it may miss what is heard."
    ),
    hours=published_hours("wavcaps"),
    licence=Licence("academic use only", commercial=False),
    languages=(),
    sampling_rate=32_000,
    format="flac",
    homepage="https://huggingface.co/datasets/cvssp/WavCaps",
    citation="Mei et al., WavCaps: A ChatGPT-Assisted Weakly-Labelled Audio Captioning Dataset, TASLP 2024",
    layout=("json_files/*/*_final.json",),
    splits={
        "AudioSet_SL": "train",
        "BBC_Sound_Effects": "train",
        "FreeSound": "train",
        "SoundBible": "train",
    },
    facts=("caption",),
    tasks=("caption",),
    listed=tuple(
        "|".join(f"{place}{archive}{kind}" for place in ("waveforms/", "") for kind in ("_flac", ""))
        for archive in ("AudioSet_SL", "BBC_Sound_Effects", "FreeSound", "SoundBible")
    ),
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every entry of the archives whose audio is on disk."""
    for split in CORPUS.splits:
        choices = (f"waveforms/{split}_flac", f"waveforms/{split}", f"{split}_flac", split)
        folder = next((Path(choice) for choice in choices if (corpus_dir / choice).is_dir()), None)
        if folder is None:
            continue
        for listing in find(corpus_dir / "json_files" / split, "*_final.json"):
            for number, entry in enumerate(read_json_array(listing, "data", CORPUS), 1):
                name = str(entry.get("id", "")).removesuffix(".wav")
                caption = clean_text(str(entry.get("caption") or ""))
                if not name or "/" in name or not caption:
                    reason = f"entry {number} of {listing.name} has no id or no caption"
                    yield BadClip(f"{split}-{number}", listing.relative_to(corpus_dir), reason)
                    continue
                yield Clip(
                    safe_id(f"{split}-{name}"), split, folder / f"{name}.flac", known(caption=[caption])
                )
