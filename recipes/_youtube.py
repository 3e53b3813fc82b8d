"""Clips of YouTube videos: how a copy names its files, which no corpus of videos publishes."""

import os
import re
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path

_ID = r"[A-Za-z0-9_-]{11}"
_NAME = re.compile(rf"(Y?)({_ID})(?:_([0-9.]+))?(?:_([0-9.]+))?")
_SUFFIXES = (".wav", ".flac", ".mp3", ".m4a", ".opus", ".ogg", ".mp4", ".webm", ".mkv")

Naming = Callable[[str, float, float], Path]
"""Video, start and end in seconds -> the file, relative to the corpus folder."""


def naming(corpus_dir: Path, *folders: str) -> Naming:
    """How the files are named in the first of these folders that has any.

    Understood are `ID`, `ID_START` and `ID_START_END`, with a `Y` in front or not, where times are seconds, seconds
    padded with zeros, seconds with decimals or milliseconds, in any usual format. Most of a few hundred names decide.
    """
    for folder in folders:
        place = corpus_dir / folder
        if not place.is_dir():
            continue
        with os.scandir(place) as entries:
            names = sorted(islice((entry.name for entry in entries if entry.name.endswith(_SUFFIXES)), 300))
        if names:
            shape = Counter(_shape(name) for name in names).most_common(1)[0][0]
            return lambda video, start, end: Path(folder, _name(shape, video, start, end))
    return lambda video, start, end: Path(folders[0], f"{video}.wav")


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
