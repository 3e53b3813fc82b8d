"""How files are called on disk, and how their publishers call them: one place for all recipes.

Copies of a corpus differ in ways that mean nothing: `.WAV` for `.wav`, names in Unicode's NFD (macOS) or NFC, blanks
at the ends, and the `._*` files that macOS leaves behind. Recipes name files as the publisher does (`find`, `walk`);
`on_disk` says which file that is. Only a file that isn't there under its own name costs a look into its folder.
"""

import fnmatch
import os
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from ...errors import InputError

_SUFFIXES = frozenset("wav flac mp3 ogg opus m4a mp4 aac webm mkv wma sph au aif aiff txt".split())
"""Those that copies write in letters of another case."""

_NOT_THE_CORPUS = ("__MACOSX",)


def spelled(name: str) -> str:
    """A file's name as publishers write it: in NFC, without blanks at its ends, its suffix in small letters."""
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    name = name.strip()
    stem, dot, suffix = name.rpartition(".")
    small = suffix.lower()
    return f"{stem}.{small}" if dot and small != suffix and small in _SUFFIXES else name


def on_disk(path: Path) -> Path:
    """The file or folder that is meant by a name in the publisher's spelling; the path itself where there is none."""
    if _is_there(path) or path.parent == path:
        return path
    folder, wanted = on_disk(path.parent), spelled(path.name)
    if _is_there(folder / wanted):
        return folder / wanted
    try:
        odd = _odd_names(str(folder), folder.stat().st_mtime_ns).get(wanted)
    except OSError:
        return path
    return path if odd is None else folder / odd


def _is_there(path: Path) -> bool:
    """Whether there is such a file, folder or link; also where nobody may look, for opening it tells why."""
    try:
        path.lstat()
    except PermissionError:
        return True
    except OSError:
        return False
    return True


@lru_cache(maxsize=256)
def _odd_names(folder: str, changed: int) -> dict[str, str]:
    """Publisher's spelling -> name on disk, of those that differ: an ordinary folder of a million files has none."""
    with os.scandir(folder) as found:
        odd = sorted(entry.name for entry in found if spelled(entry.name) != entry.name)
    return {spelled(name): name for name in reversed(odd)}


def is_file(path: Path) -> bool:
    """Whether there is such a file, in whatever spelling; also where nobody may look, for opening it tells why."""
    try:
        return path.is_file() or on_disk(path).is_file()
    except PermissionError:
        return True


def is_there(path: Path) -> bool:
    """Whether there is anything of that name, in whatever spelling: a link that leads nowhere, too."""
    return _is_there(on_disk(path))


def find(folder: Path, pattern: str) -> list[Path]:
    """The files and folders below `folder` that match a glob pattern (`*/*.wav`; `*/` for folders only), sorted.

    Paths come in the publisher's spelling, and the pattern is matched with it. Hidden files are passed over.

    Raises:
        InputError: a folder can't be listed.
    """
    if "/" not in pattern:
        # As of one folder, names are sorted in a fraction of the time that paths take.
        return [folder / name for name in names(folder, pattern)]
    return sorted(set(matches(folder, pattern)))


def names(folder: Path, pattern: str) -> list[str]:
    """The names in `folder` itself that match a glob pattern, in the publisher's spelling, sorted.

    Raises:
        InputError: the folder can't be listed.
    """
    return sorted(set(_names(folder, pattern, False, None)))


def matches(folder: Path, pattern: str, most: int | None = None) -> Iterator[Path]:
    """As `find`, one by one and in no order; `**` stands for any folders in between.

    Of every folder only `most` entries are looked at, if that is given.
    """
    part, slash, rest = pattern.partition("/")
    if part == "**":
        yield from matches(folder, rest, most)
        for inner in _names(folder, "*", True, most):
            yield from matches(folder / inner, pattern, most)
        return
    for name in _names(folder, part, bool(slash), most):
        if rest:
            yield from matches(folder / name, rest, most)
        else:
            yield folder / name


def _names(folder: Path, pattern: str, folders: bool, most: int | None) -> Iterator[str]:
    if not re.search(r"[*?[]", pattern):
        place = on_disk(folder / pattern)
        if place.is_dir() if folders else _is_there(place):
            yield pattern
        return
    fits = re.compile(fnmatch.translate(spelled(pattern))).match
    for entry in islice(entries(folder), most):
        name = spelled(entry.name)
        if fits(name) and (not folders or is_folder(entry)):
            yield name


def walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """The files below a folder whose names end so, folder by folder in the order of the names.

    Only one folder's names are held at a time. Paths come in the publisher's spelling, hidden files are passed over,
    and a link to a folder that it lies in isn't followed.

    Raises:
        InputError: a folder can't be listed.
    """
    yield from _walk(folder, suffixes, ())


def _walk(folder: Path, suffixes: tuple[str, ...], above: tuple[tuple[int, int], ...]) -> Iterator[Path]:
    here = _identity(folder)
    if here is None or here in above:
        return
    names = {spelled(entry.name): is_folder(entry) for entry in entries(folder)}
    for name in sorted(names):
        if names[name]:
            yield from _walk(folder / name, suffixes, (*above, here))
        elif name.endswith(suffixes):
            yield folder / name


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from every other, by whatever links it is reached."""
    try:
        status = on_disk(folder).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    """What lies in a folder, in no order, but for hidden files; nothing if there is no such folder.

    Raises:
        InputError: it can't be listed.
    """
    place = on_disk(folder)
    try:
        with os.scandir(place) as found:
            for entry in found:
                if not entry.name.lstrip().startswith(".") and entry.name not in _NOT_THE_CORPUS:
                    yield entry
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise InputError(
            f"{place}: can't be read ({error.strerror}); check the folder and its permissions"
        ) from None


def is_folder(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a folder that may be entered: a link to a folder that it lies in would never end."""
    try:
        if not entry.is_dir():
            return False
    except OSError:
        # A link that leads to itself: the file can't be opened, and is told so then.
        return False
    if not entry.is_symlink():
        return True
    place, target = Path(entry.path).parent.resolve(), Path(entry.path).resolve()
    return target != place and target not in place.parents
