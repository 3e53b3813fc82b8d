"""FSD50K: 108 hours of Freesound clips with labels of 200 classes, checked by people.

Published at https://zenodo.org/records/4060432 by Fonseca et al., "FSD50K: an Open Dataset of Human-Labeled Sound
Events", IEEE/ACM TASLP 2022. The set is CC BY 4.0; each clip has a licence of its own, some non-commercial.

The folder holds `FSD50K.ground_truth/{dev,eval}.csv` (fname, labels, mids and, in dev, split) and
`FSD50K.dev_audio/FNAME.wav`, `FSD50K.eval_audio/FNAME.wav` (44.1 kHz). Labels are separated by commas and have
underscores; a class comes with all those above it in the ontology.

Tables: CSV after RFC 4180, labels and mids in quotation marks where there are several, as soundata reads it
(https://github.com/soundata/soundata/blob/main/soundata/datasets/fsd50k.py).
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import ArchivePart, BadClip, Clip, Corpus, Download, Licence
from .kit.hours import published_hours
from .kit.tables import read_clips

_FILES = "https://zenodo.org/records/4060432/files"
_PARTS = {
    "FSD50K.dev_audio": {
        "z01": "faa7cf4cc076fc34a44a479a5ed862a3",
        "z02": "8f9b66153e68571164fb1315d00bc7bc",
        "z03": "1196ef47d267a993d30fa98af54b7159",
        "z04": "d088ac4e11ba53daf9f7574c11cccac9",
        "z05": "81356521aa159accd3c35de22da28c7f",
        "zip": "c480d119b8f7a7e32fdb58f3ea4d6c5a",
    },
    "FSD50K.eval_audio": {
        "z01": "3090670eaeecc013ca1ff84fe4442aeb",
        "zip": "6fa47636c3a3ad5c7dfeba99f2637982",
    },
}

CORPUS = Corpus(
    name="fsd50k",
    title="FSD50K",
    description=(
        "Sounds of people, animals, nature, music, tools and machines, recorded by users of Freesound. "
        "A clip may hold several sounds; the labels name those that people heard."
    ),
    hours=published_hours("fsd50k"),
    licence=Licence("CC BY 4.0 (some clips NC)", commercial=False),
    languages=(),
    sampling_rate=44_100,
    homepage="https://zenodo.org/records/4060432",
    citation="Fonseca et al., FSD50K: an Open Dataset of Human-Labeled Sound Events, TASLP 2022",
    layout=("FSD50K.ground_truth/dev.csv|FSD50K.ground_truth/eval.csv", "FSD50K.dev_audio|FSD50K.eval_audio"),
    splits={"train": "train", "val": "dev", "eval": "test"},
    facts=("sound_events",),
    tasks=("sound_event", "noise_class"),
    origins=("freesound",),
    listed=("FSD50K.dev_audio", "FSD50K.eval_audio"),
    downloads=(
        # Checksums: soundata's datasets/fsd50k.py.
        Download(f"{_FILES}/FSD50K.ground_truth.zip", checksum="md5:ca27382c195e37d2269c4c866dd73485"),
        *(
            Download(
                f"{_FILES}/{archive}.zip",
                parts=tuple(
                    ArchivePart(f"{_FILES}/{archive}.{part}", f"md5:{checksum}")
                    for part, checksum in parts.items()
                ),
            )
            for archive, parts in _PARTS.items()
        ),
    ),
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of both tables whose audio folder is on disk."""
    for part, columns in (("dev", ("fname", "labels", "split")), ("eval", ("fname", "labels"))):
        table = corpus_dir / "FSD50K.ground_truth" / f"{part}.csv"
        if not table.is_file() or not (corpus_dir / f"FSD50K.{part}_audio").is_dir():
            continue
        for row in read_clips(table, CORPUS, corpus_dir, columns):
            if isinstance(row, BadClip):
                yield row
                continue
            name, split = row["fname"], "eval" if part == "eval" else row["split"]
            audio = Path(f"FSD50K.{part}_audio", f"{name}.wav")
            events = [label.replace("_", " ").strip().lower() for label in row["labels"].split(",") if label]
            if not (name.isascii() and name.isdigit()) or not events or split not in CORPUS.splits:
                reason = f"line {row.line} of FSD50K.ground_truth/{part}.csv isn't fname, labels, split"
                yield BadClip(f"{part}-line-{row.line}", audio, reason)
                continue
            yield Clip(name, split, audio, {"sound_events": events}, origin=(f"freesound:{name}",))
