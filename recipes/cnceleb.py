"""CN-Celeb 1 and 2: 1,364 hours of 3,000 Chinese celebrities in eleven genres, singing included.

Published at https://www.openslr.org/82 by Fan et al., "CN-CELEB: A Challenging Chinese Speaker Recognition Dataset",
ICASSP 2020, and Li et al., "CN-Celeb: multi-genre speaker recognition", Speech Communication 2022. CC BY-SA 4.0.

The folder holds `CN-Celeb_flac` and `CN-Celeb2_flac`, or is one of them (16 kHz): `data/SPEAKER/GENRE-VIDEO-NNN.flac`
for training, and, in the first, `eval/enroll/SPEAKER-enroll.flac`, `eval/test/SPEAKER-GENRE-VIDEO-NNN.flac` and
`eval/lists/trials.lst` for the test. Speakers id00800 to id00999 are the test's; their files in `data` come again in
`eval` and are passed over.

Tables: lines split at blanks, without quoting; not verified.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from .kit.corpus import (
    ArchivePart,
    BadClip,
    Clip,
    Corpus,
    Download,
    Found,
    LeftOut,
    Licence,
    Trial,
    known,
    safe_id,
)
from .kit.hours import published_hours
from .kit.spelling import find
from .kit.tables import read_lines

CORPUS = Corpus(
    name="cnceleb",
    title="CN-Celeb 1 and 2",
    description=(
        "Chinese celebrities speak, act or sing in interviews, films, vlogs, concerts and live broadcasts. "
        "One person is meant in each clip, mostly in Mandarin, with music and other voices behind."
    ),
    hours=published_hours("cnceleb"),
    licence=Licence("CC BY-SA 4.0", commercial=True),
    languages=("zh",),
    sampling_rate=16_000,
    format="flac",
    homepage="https://www.openslr.org/82",
    citation="Fan et al., CN-CELEB: A Challenging Chinese Speaker Recognition Dataset, ICASSP 2020",
    layout=(
        "CN-Celeb*_flac/data/id*|data/id[01][0-9][0-9][0-9][0-9]|eval/lists/trials.lst|"
        "CN-Celeb_flac/eval/lists/trials.lst",
    ),
    splits={"dev": "train", "eval": "test"},
    facts=("speaker", "language", "speaking_style", "source"),
    tasks=("speaker_verification",),
    no_origin="its videos are numbered anew for each person, and which they are isn't published",
    downloads=(
        # The first file is CN-Celeb 1, in its second version; the second corpus comes in three parts. Checksums: the
        # download script of kiwano.
        Download(
            "https://www.openslr.org/resources/82/cn-celeb_v2.tar.gz",
            checksum="md5:7ab1b214028a7439e26608b2d5a0336c",
        ),
        Download(
            "https://www.openslr.org/resources/82/cn-celeb2_v2.tar.gz",
            parts=tuple(
                ArchivePart(
                    f"https://www.openslr.org/resources/82/cn-celeb2_v2.tar.gz{part}", f"md5:{checksum}"
                )
                for part, checksum in {
                    "aa": "4cdf738cff565ce35ad34274848659c3",
                    "ab": "4ff59a7009b79ef7043498ad3882b81b",
                    "ac": "3aa8e6e7f7ec4382f9926b1b31498228",
                }.items()
            ),
        ),
    ),
)

_TRIAL = re.compile(r"id[0-9]+-enroll\s+test/\S+\.(wav|flac)\s+[01]")
_NAME = re.compile(r"([a-z_]+)-([0-9]+)-([0-9]+)")


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every file for training, then those of the evaluation."""
    for root in _roots(corpus_dir):
        for folder in find(root / "data", "id*/"):
            for path in find(folder, "*.flac"):
                if "id00800" <= folder.name <= "id00999":
                    clip_id = safe_id(f"{folder.name}-{path.stem}")
                    yield LeftOut(clip_id, "eval", "the evaluation's speakers, outside its lists")
                else:
                    yield _clip(path, corpus_dir, folder.name, path.stem, "dev")
        for path in find(root / "eval" / "enroll", "*.flac"):
            speaker = path.stem.removesuffix("-enroll")
            yield Clip(safe_id(path.stem), "eval", path.relative_to(corpus_dir), _facts(speaker))
        for path in find(root / "eval" / "test", "*.flac"):
            speaker, _, rest = path.stem.partition("-")
            yield _clip(path, corpus_dir, speaker, rest, "eval")


def trials(corpus_dir: Path) -> Iterator[tuple[str, Trial]]:
    """Lines `id00800-enroll test/id00800-singing-01-001.wav 1`; 1: one speaker."""
    for root in _roots(corpus_dir):
        path = root / "eval" / "lists" / "trials.lst"
        if not path.is_file():
            continue
        for number, line in read_lines(path, CORPUS):
            fields = line.split()
            if not _TRIAL.fullmatch(line):
                raise InputError(
                    f"{path}, line {number}: isn't `enrolment, file, 0 or 1`; take the list from {CORPUS.homepage}"
                )
            test = fields[1].removeprefix("test/").rpartition(".")[0]
            yield "trials", Trial(safe_id(fields[0]), safe_id(test), fields[2] == "1")


def _roots(corpus_dir: Path) -> list[Path]:
    return find(corpus_dir, "CN-Celeb*_flac/") or [corpus_dir]


def _clip(path: Path, corpus_dir: Path, speaker: str, rest: str, split: str) -> Clip | BadClip:
    audio, clip_id = path.relative_to(corpus_dir), safe_id(f"{speaker}-{rest}")
    match = _NAME.fullmatch(rest)
    if match is None:
        return BadClip(clip_id, audio, "the name isn't GENRE-VIDEO-NNN.flac")
    genre, video, _ = match.groups()
    source = f"{speaker}-{genre}-{video}"
    return Clip(clip_id, split, audio, _facts(speaker, genre.replace("_", " "), source))


def _facts(speaker: str, style: str = "", source: str = "") -> dict[str, str]:
    return known(speaker=speaker, language="zh", speaking_style=style, source=source)
