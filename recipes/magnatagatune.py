"""MagnaTagATune: 25,863 excerpts of 29 s of Magnatune's records with tags of 188 kinds, given by players of a game.

Published at https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset by Law et al., "Evaluation of algorithms using
games: the case of music tagging", ISMIR 2009. CC BY-NC-SA 3.0.

The folder holds `annotations_final.csv` (tab-separated: clip_id, a column of 0 or 1 for every tag, mp3_path),
`clip_info_final.csv` (clip_id, title, artist, ...) and the files `[0-9a-f]/*.mp3` (16 kHz, mono), perhaps inside
`mp3`. As is usual, folders 0 to b are for training, c for validation, d to f for the test.

Tables: TSV with a header, in `annotations_final.csv` every field in quotation marks; which fields
`clip_info_final.csv` quotes, and line ends, are not verified.
"""

import re
from collections.abc import Generator, Iterator
from pathlib import Path

from .kit.corpus import ArchivePart, BadClip, Clip, Corpus, Download, Licence, clean_text, first_file, known
from .kit.hours import published_hours
from .kit.lookup import Lookup, if_there
from .kit.origin import stretch
from .kit.tables import QUOTED_TSV, read_clips

_FILES = "https://mirg.city.ac.uk/datasets/magnatagatune"

CORPUS = Corpus(
    name="magnatagatune",
    title="MagnaTagATune",
    description=(
        "Half a minute of music of an independent record company, from baroque to techno. "
        "The tags are those on which players of a game agreed."
    ),
    hours=published_hours("magnatagatune"),
    licence=Licence("CC BY-NC-SA 3.0", commercial=False),
    languages=(),
    sampling_rate=16_000,
    format="mp3",
    homepage="https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset",
    citation="Law et al., Evaluation of algorithms using games: the case of music tagging, ISMIR 2009",
    layout=("annotations_final.csv",),
    splits={"train": "train", "validation": "dev", "test": "test"},
    facts=("music_tags", "title", "artist", "source"),
    tasks=("music_tags",),
    origins=("magnatune",),
    optional=("clip_info_final.csv",),
    listed=("mp3", "[0-9a-f]"),
    downloads=(
        *(Download(f"{_FILES}/{name}") for name in ("annotations_final.csv", "clip_info_final.csv")),
        Download(
            f"{_FILES}/mp3.zip",
            parts=tuple(ArchivePart(f"{_FILES}/mp3.zip.00{number}") for number in (1, 2, 3)),
        ),
    ),
)

_PATH = re.compile(r"[0-9a-f]/[^/]+\.mp3")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the annotations."""
    about = yield from _about(if_there(corpus_dir / "clip_info_final.csv", CORPUS, corpus_dir), corpus_dir)
    table = corpus_dir / "annotations_final.csv"
    for row in read_clips(table, CORPUS, corpus_dir, ("clip_id", "mp3_path"), QUOTED_TSV):
        if isinstance(row, BadClip):
            yield row
            continue
        path, clip_id = row["mp3_path"], row["clip_id"]
        ticks = {value for name, value in row.values.items() if name not in ("clip_id", "mp3_path")}
        if (
            not _PATH.fullmatch(path)
            or not (clip_id.isascii() and clip_id.isdigit())
            or not ticks <= {"0", "1"}
        ):
            reason = f"line {row.line} of {table.name} has no clip_id or no mp3_path"
            yield BadClip(f"line-{row.line}", table.name, reason)
            continue
        split = "train" if path[0] < "c" else "validation" if path[0] == "c" else "test"
        tags = [name for name, value in row.values.items() if value == "1" and name != "clip_id"]
        facts = known(music_tags=tags, **about[clip_id])
        audio = first_file(corpus_dir, path, f"mp3/{path}")
        yield Clip(clip_id, split, audio, facts, origin=_origin(path))


def _origin(path: str) -> tuple[str, ...]:
    """The record, the track and the stretch that the name tells: `ARTIST-ALBUM-NN-TITLE-START-END.mp3`."""
    name, *times = Path(path).stem.rsplit("-", 2)
    if len(times) < 2 or not all(map(str.isdecimal, times)):
        return ()
    return (stretch("magnatune", name, float(times[0]), float(times[1])),)


def _about(path: Path | None, corpus_dir: Path) -> Generator[BadClip, None, Lookup[dict[str, str]]]:
    """Title and so on by clip. A row that doesn't fit is told, and leaves its clip without a word: a bad one too."""
    about: Lookup[dict[str, str]] = Lookup(path, {})
    columns = ("clip_id", "title", "artist", "album", "mp3_path")
    for row in read_clips(path, CORPUS, corpus_dir, columns, QUOTED_TSV) if path else ():
        if isinstance(row, BadClip):
            yield row
            continue
        facts = known(
            title=clean_text(row["title"]),
            artist=clean_text(row["artist"]),
            source=clean_text(f"{row['artist']}: {row['album']}, {row['title']}"),
        )
        if row["mp3_path"]:
            about.tell(row["clip_id"], facts)
    return about
