"""WavCaps: 7,568 hours of sounds of four archives, each with a sentence that an LLM wrote from its description.

Published at https://huggingface.co/datasets/cvssp/WavCaps by Mei et al., "WavCaps: A ChatGPT-Assisted Weakly-Labelled
Audio Captioning Dataset", IEEE/ACM TASLP 2024. For academic use; the sounds have licences of their own.

The folder holds `json_files/{AudioSet_SL,BBC_Sound_Effects,FreeSound,SoundBible}/*_final.json` (`data`: id, caption,
...) and the unpacked FLAC files (32 kHz) as `ARCHIVE/ID.flac`, `ARCHIVE_flac/ID.flac`, or these in `waveforms`.
Everything is for training. `json_files/blacklist` lists what AudioCaps, Clotho, UrbanSound8K, ESC-50 and VGGSound are
tested with: such a clip is kept from their tests.

Tables: one JSON object, as the authors' own code reads it
(https://github.com/XinhaoMei/WavCaps/tree/master/captioning/data_handling).
"""

from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from .kit.corpus import BadClip, Clip, Corpus, Licence, clean_text, known, safe_id
from .kit.cuts import DigestSet
from .kit.hours import published_hours
from .kit.lookup import if_there
from .kit.spelling import find
from .kit.tables import read_json_array, read_json_file

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
    optional=("json_files/blacklist/*.json",),
    origins=("youtube", "freesound", "bbc-sound-effects", "soundbible"),
    listed=tuple(
        "|".join(f"{place}{archive}{kind}" for place in ("waveforms/", "") for kind in ("_flac", ""))
        for archive in ("AudioSet_SL", "BBC_Sound_Effects", "FreeSound", "SoundBible")
    ),
)


_SOURCES = {
    "AudioSet_SL": "youtube",
    "BBC_Sound_Effects": "bbc-sound-effects",
    "FreeSound": "freesound",
    "SoundBible": "soundbible",
}
_OF_LISTS = {"AudioSet": "AudioSet_SL"}
_BLACKLISTS = {
    "blacklist_exclude_test_ac.json": ("audiocaps", "clotho"),
    "blacklist_exclude_ub8k_esc50_vggsound.json": ("urbansound8k", "esc50", "vggsound"),
}
"""The published lists of what corpora are tested with; `blacklist_exclude_all_ac.json` adds their training clips."""


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every entry of the archives whose audio is on disk."""
    forbidden = _forbidden(corpus_dir)
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
                    safe_id(f"{split}-{name}"),
                    split,
                    folder / f"{name}.flac",
                    known(caption=[caption]),
                    origin=(f"{_SOURCES[split]}:{_id_there(split, name)}",),
                    kept_from=tuple(test for test, names in forbidden.items() if f"{split}/{name}" in names),
                )


def _id_there(archive: str, name: str) -> str:
    """The name in the archive: videos have a `Y` in front here."""
    return name.removeprefix("Y") if archive == "AudioSet_SL" else name


def _forbidden(corpus_dir: Path) -> dict[str, DigestSet]:
    """Corpus -> the entries (`ARCHIVE/ID`) that it is tested with, as far as the blacklists are on disk."""
    forbidden: dict[str, DigestSet] = {}
    for name, tests in _BLACKLISTS.items():
        path = if_there(corpus_dir / "json_files" / "blacklist" / name, CORPUS, corpus_dir)
        if path is None:
            continue
        listed = read_json_file(path, CORPUS)
        if not isinstance(listed, dict) or not all(isinstance(ids, list) for ids in listed.values()):
            raise InputError(f"{path}: isn't lists of ids by archive; take it from {CORPUS.homepage}")
        for archive, ids in listed.items():
            split = _OF_LISTS.get(archive, archive)
            for entry in ids:
                for test in tests:
                    forbidden.setdefault(test, DigestSet()).add(f"{split}/{str(entry).removesuffix('.wav')}")
    return forbidden
