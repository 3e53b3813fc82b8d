"""VoxCeleb 2: 2,442 hours of 6,112 celebrities in videos on YouTube, of 145 nationalities.

Published at https://www.robots.ox.ac.uk/~vgg/data/voxceleb/vox2.html by Chung, Nagrani and Zisserman, "VoxCeleb2:
Deep Speaker Recognition", Interspeech 2018. CC BY-SA 4.0; the videos belong to their owners.

The folder holds `vox2_meta.csv` (VoxCeleb2 ID, VGGFace2 ID, Gender, Set; with blanks around the commas) and
`dev/aac/SPEAKER/VIDEO/NNNNN.m4a`, `test/aac/...` (16 kHz AAC; converted copies have `wav` for `aac`). It is trained
on for the trials of VoxCeleb 1, whose speakers it shares none of; languages aren't labelled.

Tables: CSV that never needs a quotation mark, as lhotse reads it by splitting at commas
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kit.corpus import BadClip, Clip, Corpus, Licence, known
from .kit.hours import published_hours
from .kit.lookup import Lookup, one_of
from .kit.tables import read_table
from .kit.voxceleb import utterances

CORPUS = Corpus(
    name="voxceleb2",
    title="VoxCeleb 2",
    description=(
        "Celebrities of many nationalities speak in interviews, speeches and shows, cut from YouTube videos. "
        "One person speaks in each clip, in any language, with other sounds behind."
    ),
    hours=published_hours("voxceleb2"),
    licence=Licence("CC BY-SA 4.0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    format="aac",
    homepage="https://www.robots.ox.ac.uk/~vgg/data/voxceleb/vox2.html",
    citation="Chung et al., VoxCeleb2: Deep Speaker Recognition, Interspeech 2018",
    layout=("vox2_meta.csv", "dev/*/id0*|test/*/id0*|aac/id0*|wav/id0*"),
    splits={"dev": "train", "test": "test"},
    facts=("speaker", "gender", "source"),
    tasks=("speaker_verification", "gender"),
    origins=("youtube", "voxceleb-speaker"),
)

_SETS = {"dev": "dev", "test": "test"}
_GENDERS = {"m": "male", "f": "female"}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every file of every speaker."""
    columns = ("VoxCeleb2 ID", "Gender", "Set")
    table = corpus_dir / "vox2_meta.csv"
    about: Lookup[dict[str, Any]] = Lookup(table, {})
    splits: Lookup[str] = Lookup(table, "")
    for row in read_table(table, CORPUS, columns):
        speaker, gender, part = (row[column] for column in columns)
        where = f"{table.name}, line {row.line}"
        about.tell(speaker, known(gender=one_of(_GENDERS, gender, where)))
        splits.tell(speaker, one_of(_SETS, part, where))
    places = ("dev/aac", "dev/wav", "test/aac", "test/wav", "aac", "wav")
    yield from utterances(corpus_dir, places, splits, about)
