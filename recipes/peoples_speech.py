"""The People's Speech: 30,000 hours of English from archive.org with transcripts, usable commercially.

Published at https://huggingface.co/datasets/MLCommons/peoples_speech by Galvez et al., "The People's Speech: A
Large-Scale Diverse English Speech Recognition Dataset for Commercial Usage", NeurIPS Datasets 2021. CC BY 4.0, the
parts `clean_sa` and `dirty_sa` CC BY-SA 4.0.

The folder holds `{train,validation,test}/PART.json`, one JSON object a line for a recording (`identifier`,
`training_data` with the lists `duration_ms`, `label`, `name`), and `{train,validation,test}/PART/NAME.flac` (16 kHz).
In the parts called clean the words are more likely what is heard. Texts are lower-case without punctuation.

Tables: one JSON object a line; not verified.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .kit.corpus import BadClip, Clip, Corpus, Licence, clean_text, is_inside, known, safe_id
from .kit.hours import published_hours
from .kit.tables import read_json_lines

CORPUS = Corpus(
    name="peoples_speech",
    title="The People's Speech",
    description=(
        "English from films, interviews, sermons, talks and meetings of archive.org, cut into short pieces. "
        "Music, noise and several speakers may be heard; the texts are lower-case."
    ),
    hours=published_hours("peoples_speech"),
    licence=Licence("CC BY 4.0 / CC BY-SA 4.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    format="flac",
    homepage="https://huggingface.co/datasets/MLCommons/peoples_speech",
    citation="Galvez et al., The People's Speech: A Large-Scale Diverse English Speech Recognition Dataset, "
    "NeurIPS Datasets 2021",
    layout=(
        "train/clean.json|train/clean_sa.json|train/dirty.json|train/dirty_sa.json|validation/validation.json|"
        "test/test.json",
    ),
    splits={
        "clean": "train",
        "clean_sa": "train",
        "dirty": "train",
        "dirty_sa": "train",
        "validation": "dev",
        "test": "test",
    },
    facts=("text", "language", "source"),
    tasks=("asr", "language"),
    origins=("archive.org",),
    listed=("train/*", "validation/*", "test/*"),
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every piece of every recording of the parts on disk."""
    for split, role in CORPUS.splits.items():
        folder = Path("train" if role == "train" else split)
        manifest = corpus_dir / folder / f"{split}.json"
        if not manifest.is_file():
            continue
        for number, recording in read_json_lines(manifest, CORPUS):
            pieces, source = recording.get("training_data"), str(recording.get("identifier", ""))
            if not source or not isinstance(pieces, dict) or not isinstance(pieces.get("name"), list):
                where = f"line {number} of {manifest.relative_to(corpus_dir)}"
                yield BadClip(
                    f"{split}-{number}",
                    folder / f"{split}.json",
                    f"{where} lacks identifier or training_data.name",
                )
                continue
            labels = pieces.get("label")
            if not isinstance(labels, list) or len(labels) != len(pieces["name"]):
                reason = f"line {number} of {manifest.relative_to(corpus_dir)} hasn't a label for every name"
                yield BadClip(f"{split}-{number}", folder / f"{split}.json", reason)
                continue
            for place, name in enumerate(pieces["name"]):
                audio = folder / split / str(name)
                clip_id = safe_id(f"{split}-{PurePosixPath(str(name)).with_suffix('')}")
                if not is_inside(str(name)):
                    yield BadClip(
                        clip_id, audio, f"line {number} of {split}.json names a file outside the corpus"
                    )
                    continue
                text = clean_text(str(labels[place] or ""))
                facts = known(text=text, language="en", source=source)
                yield Clip(clip_id, split, audio, facts, origin=(f"archive.org:{source}",))
