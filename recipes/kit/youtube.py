"""Clips of YouTube videos: how a copy names its files, which no corpus of videos publishes."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from .spelling import entries, find, is_file, spelled

_ID = r"[A-Za-z0-9_-]{11}"
_NAME = re.compile(rf"(Y?)({_ID})(?:_([0-9.]+))?(?:_([0-9.]+))?")
_SUFFIXES = (".wav", ".flac", ".mp3", ".m4a", ".opus", ".ogg", ".mp4", ".webm", ".mkv")

Naming = Callable[[str, float, float], Path]
"""Video, start and end in seconds -> the file, relative to the corpus folder."""

_MANY = 300


def naming(corpus_dir: Path, *folders: str) -> Naming:
    """How the files are named in the first of these folders that has any, itself or in folders of its own (parts).

    A folder may be a glob pattern. Understood are `ID`, `ID_START` and `ID_START_END`, with a `Y` in front or not,
    where times are seconds, seconds padded with zeros, seconds with decimals or milliseconds, in any usual format. Most
    of a few hundred names decide.
    """
    places = parts(corpus_dir, *folders)
    if not places:
        return lambda video, start, end: Path(folders[0], f"{video}.wav")
    names = [name for place in places[:9] for name in _some_names(corpus_dir / place)]
    shape = Counter(_shape(name) for name in sorted(names)).most_common(1)[0][0]
    # Clips of one part mostly follow each other, so the part of the last one is tried first.
    order = list(places)

    def name(video: str, start: float, end: float) -> Path:
        file = _name(shape, video, start, end)
        if len(order) > 1:
            there = (
                place
                for look in (Path.is_file, is_file)
                for place in order
                if look(corpus_dir / place / file)
            )
            place = next(there, None)
            if place is None:
                return places[0] / file
            order.remove(place)
            order.insert(0, place)
        return order[0] / file

    return name


def parts(corpus_dir: Path, *folders: str) -> list[Path]:
    """The folders with audio that the first of these names stands for: itself, or the folders in it."""
    for folder in folders:
        for pattern in (f"{folder}/", f"{folder}/*/"):
            places = [place for place in find(corpus_dir, pattern) if _some_names(place, 1)]
            if places:
                return [place.relative_to(corpus_dir) for place in places]
    return []


def numbered(corpus_dir: Path, place: Path) -> str | None:
    """The suffix of a folder's files where most are named by a number, as some tools name them."""
    names = [Path(name) for name in _some_names(corpus_dir / place)]
    numbers = sorted(name.suffix for name in names if name.stem.isdecimal())
    return Counter(numbers).most_common(1)[0][0] if 2 * len(numbers) > len(names) else None


def _some_names(folder: Path, most: int = _MANY) -> list[str]:
    names = (spelled(entry.name) for entry in entries(folder))
    return list(islice((name for name in names if name.endswith(_SUFFIXES)), most))


_Shape = tuple[str, str, str, str]
"""`Y` or nothing, the formats of start and end (empty: there is none), the suffix."""


def _shape(name: str) -> _Shape:
    stem, suffix = Path(name).stem, Path(name).suffix
    match = _NAME.fullmatch(stem)
    if match is None:
        return "", "", "", suffix
    return match[1], _format(match[3]), _format(match[4]), suffix


def _format(number: str | None) -> str:
    if not number:
        return ""
    if "." in number:
        return f"{{0:.{len(number.partition('.')[2])}f}}"
    if len(number) > 1 and number.startswith("0"):
        return f"{{0:0{len(number)}.0f}}"
    return "{1:.0f}" if len(number) >= 4 else "{0:.0f}"


def _name(shape: _Shape, video: str, start: float, end: float) -> str:
    prefix, first, last, suffix = shape
    parts = [form.format(time, time * 1000) for form, time in ((first, start), (last, end)) if form]
    return "_".join([prefix + video, *parts]) + suffix
