"""VoxCeleb 1: 352 hours of 1,251 celebrities in interviews on YouTube, in any noise.

Published at https://www.robots.ox.ac.uk/~vgg/data/voxceleb/vox1.html by Nagrani, Chung and Zisserman, "VoxCeleb: a
large-scale speaker identification dataset", Interspeech 2017. CC BY-SA 4.0; the videos belong to their owners.

The folder holds `vox1_meta.csv` (tab-separated: VoxCeleb1 ID, VGGFace1 ID, Gender, Nationality, Set) and
`wav/SPEAKER/VIDEO/NNNNN.wav`, or `dev/wav/...` and `test/wav/...` (16 kHz). The official trials (`veri_test2.txt`,
`list_test_hard2.txt`, `list_test_all2.txt` and the uncleaned lists without the 2) lie beside them. The 40 speakers of
the set `test` are the test. Languages aren't labelled; most speak English.

Tables: TSV without quoting, trials split at blanks, as lhotse reads them
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kit.corpus import BadClip, Clip, Corpus, Licence, Trial, known
from .kit.hours import published_hours
from .kit.lookup import Lookup, one_of
from .kit.tables import TSV, read_table
from .kit.voxceleb import official_trials, utterances

CORPUS = Corpus(
    name="voxceleb1",
    title="VoxCeleb 1",
    description=(
        "Celebrities speak in interviews, talks and on the red carpet, cut from YouTube videos. "
        "One person speaks in each clip, with laughter, music and other voices behind."
    ),
    hours=published_hours("voxceleb1"),
    licence=Licence("CC BY-SA 4.0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    homepage="https://www.robots.ox.ac.uk/~vgg/data/voxceleb/vox1.html",
    citation="Nagrani et al., VoxCeleb: a large-scale speaker identification dataset, Interspeech 2017",
    layout=("vox1_meta.csv", "wav/id1*|dev/wav/id1*|test/wav/id1*"),
    splits={"dev": "train", "test": "test"},
    facts=("speaker", "gender", "nationality", "source"),
    tasks=("speaker_verification", "gender", "nationality"),
    origins=("youtube", "voxceleb-speaker"),
)

_SETS = {"dev": "dev", "test": "test"}
_GENDERS = {"m": "male", "f": "female"}
_COUNTRIES = {"USA": "United States", "UK": "United Kingdom"}
_LISTS = (
    "veri_test.txt",
    "veri_test2.txt",
    "list_test_hard.txt",
    "list_test_hard2.txt",
    "list_test_all.txt",
    "list_test_all2.txt",
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every file of every speaker."""
    columns = ("VoxCeleb1 ID", "Gender", "Nationality", "Set")
    table = corpus_dir / "vox1_meta.csv"
    about: Lookup[dict[str, Any]] = Lookup(table, {})
    splits: Lookup[str] = Lookup(table, "")
    for row in read_table(table, CORPUS, columns, TSV):
        speaker, gender, nationality, part = (row[column] for column in columns)
        where = f"{table.name}, line {row.line}"
        nation = _COUNTRIES.get(nationality, nationality)
        about.tell(speaker, known(gender=one_of(_GENDERS, gender, where), nationality=nation))
        splits.tell(speaker, one_of(_SETS, part, where))
    yield from utterances(corpus_dir, ("dev/wav", "test/wav", "wav"), splits, about)


def trials(corpus_dir: Path) -> Iterator[tuple[str, Trial]]:
    """The official lists on disk: VoxCeleb1-O, -H and -E, cleaned (2) or not."""
    yield from official_trials(corpus_dir, _LISTS, CORPUS)
