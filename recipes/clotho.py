"""Clotho: 5,929 Freesound recordings of 15 to 30 s with five sentences each (version 2.1; a test isn't published).

Published at https://zenodo.org/records/4783391 by Drossos, Lipping and Virtanen, "Clotho: an Audio Captioning
Dataset", ICASSP 2020. The captions are for non-commercial research (Tampere University licence); each recording has a
Creative Commons licence of its own.

The folder holds `{development,validation,evaluation}/*.wav` (44.1 kHz) and
`clotho_captions_{development,validation,evaluation}.csv` (file_name, caption_1 to caption_5). The tables
`clotho_metadata_{development,validation,evaluation}.csv` (file_name, keywords, sound_id, ...), if they are there, tell
the numbers at Freesound.

Tables: CSV after RFC 4180, in the published file of the evaluation itself (https://zenodo.org/records/4783391).
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, safe_id
from .kit.hours import published_hours
from .kit.lookup import if_there
from .kit.tables import read_clips

CORPUS = Corpus(
    name="clotho",
    title="Clotho",
    description=(
        "Recordings of places, nature, machines, animals and people, with five English sentences on what is heard. "
        "Those who wrote the sentences heard nothing but the sound."
    ),
    hours=published_hours("clotho"),
    licence=Licence("Tampere University licence (non-commercial)", commercial=False),
    languages=(),
    sampling_rate=44_100,
    homepage="https://zenodo.org/records/4783391",
    citation="Drossos et al., Clotho: an Audio Captioning Dataset, ICASSP 2020",
    layout=("clotho_captions_*.csv", "development|validation|evaluation"),
    splits={"development": "train", "validation": "dev", "evaluation": "test"},
    facts=("caption",),
    tasks=("caption",),
    optional=("clotho_metadata_*.csv",),
    origins=("freesound",),
    listed=("development", "validation", "evaluation"),
    downloads=tuple(
        # Checksums: soundata's datasets/clotho.py.
        Download(f"https://zenodo.org/records/4783391/files/clotho_{name}", checksum=f"md5:{checksum}")
        for name, checksum in {
            "audio_development.7z": "c8b05bc7acdb13895bb3c6a29608667e",
            "audio_validation.7z": "7dba730be08bada48bd15dc4e668df59",
            "audio_evaluation.7z": "4569624ccadf96223f19cb59fe4f849f",
            "captions_development.csv": "d4090b39ce9f2491908eebf4d5b09bae",
            "captions_validation.csv": "5879e023032b22a2c930aaa0528bead4",
            "captions_evaluation.csv": "1b16b9e57cf7bdb7f13a13802aeb57e2",
        }.items()
    ),
)

_CAPTIONS = tuple(f"caption_{number}" for number in range(1, 6))


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the tables on disk."""
    for split in CORPUS.splits:
        table = corpus_dir / f"clotho_captions_{split}.csv"
        if not table.is_file():
            continue
        metadata = if_there(corpus_dir / f"clotho_metadata_{split}.csv", CORPUS, corpus_dir)
        origins = _origins(metadata)
        for row in read_clips(table, CORPUS, corpus_dir, ("file_name", *_CAPTIONS)):
            if isinstance(row, BadClip):
                yield row
                continue
            name = row["file_name"]
            captions = [clean_text(row[column]) for column in _CAPTIONS if row[column]]
            if PurePosixPath(name).name != name or len(captions) != len(_CAPTIONS):
                reason = f"line {row.line} of {table.name} isn't file_name and captions"
                yield BadClip(f"{split}-line-{row.line}", Path(split, name), reason)
                continue
            clip_id = safe_id(f"{split}-{PurePosixPath(name).stem}")
            yield Clip(clip_id, split, Path(split, name), {"caption": captions}, origin=origins[name])


def _origins(path: Path | None) -> dict[str, tuple[str, ...]]:
    """File -> its number at Freesound; a few the authors didn't find any more.

    Persons' names in the tables are in several encodings, so that only what is ASCII is read: file and number.
    """
    origins: dict[str, tuple[str, ...]] = defaultdict(tuple)
    if path is not None:
        with path.open(encoding="latin-1", newline="") as lines:
            for row in csv.DictReader(lines):
                number = str(row.get("sound_id") or "").removesuffix(".0")
                if number.isdecimal():
                    origins[str(row.get("file_name"))] = (f"freesound:{number}",)
    return origins
