"""A folder of audio, and where in it is what a table names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePath

from ....recipes.kit.accounted import AUDIO
from ....recipes.kit.corpus import BadClip, LeftOut
from ....recipes.kit.cuts import MISSING, DigestSet
from ....recipes.kit.spelling import entries, is_file, is_folder, spelled, walk
from .row import Row, own_id
from .shelf import Shelf

SUFFIXES = (*AUDIO, ".aif", ".aiff", ".aac", ".wma", ".caf", ".oga", ".mp2", ".w64", ".rf64", ".snd")
UNNAMED = "the table doesn't name the file"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_ODD = re.compile(r"^/|(^|/)\.{0,2}(/|$)")
"""Paths that aren't written as plainly as they could be: `/x`, `./x`, `a/../x`, `a//x`."""
_A_FEW = 3
_FOLDERS = 1000


def audio_files(folder: Path) -> Iterator[str]:
    """The audio files below a folder, relative to it, in the order of their names."""
    inside = len(str(folder / "x")) - 1
    for path in walk(folder, SUFFIXES):
        yield PurePath(str(path)[inside:]).as_posix()


def folder_rows(folder: Path) -> Iterator[Row]:
    """A row for each audio file, without values: its path tells all."""
    for audio in audio_files(folder):
        yield Row(audio, {}, audio)


def some_files(folder: Path, place: str = "", left: list[int] | None = None) -> Iterator[str]:
    """A few audio files of every folder below, so that all names of folders are seen; of very many not all."""
    left = [_FOLDERS] if left is None else left
    left[0] -= 1
    if left[0] < 0:
        return
    inside = sorted((entry.name, is_folder(entry)) for entry in islice(entries(folder / place), 20_000))
    audio = (name for name, holds in inside if not holds and name.lower().endswith(SUFFIXES))
    yield from (f"{place}{name}" for name in islice(audio, _A_FEW))
    for name, holds in inside:
        if holds:
            yield from some_files(folder, f"{place}{name}/", left)


class Files:
    """Finds what tables name: paths from the folder or the table, absolute ones, bare names, names without endings.

    Without `search` a name is a path and nothing else: the folder isn't looked through.
    """

    def __init__(self, folder: Path, beside: Iterable[Path] = (), search: bool = True) -> None:
        self.folder = folder
        self._search = search
        self._places = list(dict.fromkeys(str(place) for place in (folder, *beside)))
        self._shelf: Shelf | None = None
        self._named = DigestSet()

    def find(self, name: str) -> str | BadClip:
        """The file, relative to the folder where it lies in it; else a bad clip that says why there is none."""
        if _ADDRESS.match(name):
            return self._bad(name, "is an address, not a file; fetch the audio first")
        found = self._as_it_stands(name)
        if found is None and "\\" in name:
            name = name.replace("\\", "/")
            found = self._as_it_stands(name)
        if found is None:
            there = (self._by_name(name) if self._search else []) or self._spelt(name)
            if len(there) > 1:
                return self._bad(name, f"may be {' or '.join(there[:3])}; give its folder, too")
            if not there:
                return BadClip(own_id(without_ending(name)), name, MISSING)
            found = there[0]
        self._named.add(found)
        return found

    def unnamed(self) -> Iterator[LeftOut]:
        """The audio files below the folder that were never found by a name."""
        for audio in audio_files(self.folder):
            if audio not in self._named:
                yield LeftOut(own_id(without_ending(audio)), "train", UNNAMED)

    def _as_it_stands(self, name: str) -> str | None:
        # Texts, and no more questions than needed: there may be millions of names.
        if "." not in name:
            return None
        for place in self._places:
            path = os.path.join(place, name)  # noqa: PTH118
            if os.path.isfile(path):  # noqa: PTH113
                if place == self._places[0] and not _ODD.search(name):
                    return name
                return self._told(Path(path))
        return None

    def _spelt(self, name: str) -> list[str]:
        """The file that is meant where its name is spelt otherwise on disk."""
        try:
            return [self._told(self.folder / name)] if is_file(self.folder / name) else []
        except (OSError, ValueError):
            return []

    def _told(self, path: Path) -> str:
        """A file as cuts name it: relative to the folder, or absolute where it lies elsewhere."""
        path = path.absolute()
        for one in (path, path.resolve()):
            for folder in (self.folder.absolute(), self.folder.resolve()):
                if one.is_relative_to(folder) and ".." not in one.relative_to(folder).parts:
                    return one.relative_to(folder).as_posix()
        return (path.resolve() if ".." in path.parts else path).as_posix()

    def _by_name(self, name: str) -> list[str]:
        """The files whose last parts are called so, with or without an ending; of several those that fit best."""
        if self._shelf is None:
            self._shelf = Shelf()
            # No table can name what isn't UTF-8.
            named = (audio for audio in audio_files(self.folder) if _is_utf8(audio))
            self._shelf.put("stem", ((_key(audio), audio) for audio in named))
        wanted = spelled(name).split("/")
        keys = dict.fromkeys((_key(wanted[-1]), wanted[-1].casefold()))
        there = [audio for key in keys for audio in self._shelf.get("stem", key)]
        fits = [(_alike(audio, wanted), audio) for audio in there]
        best = max((count for count, _ in fits), default=0)
        # `b/x.wav` isn't `a/x.wav`; but a path of another machine has folders in front that aren't here.
        if best < min(len(wanted), 2) and not name.startswith("/") and ":" not in wanted[0]:
            return []
        return [audio for count, audio in fits if count == best] if best else []

    def _bad(self, name: str, reason: str) -> BadClip:
        return BadClip(own_id(name), name, f"{name} {reason}")


def _is_utf8(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in name)


def without_ending(name: str) -> str:
    """A path without the ending of its file's name."""
    return os.path.splitext(name)[0]  # noqa: PTH122


def _key(name: str) -> str:
    """A file's name as it is looked up: without an ending of audio, in small letters."""
    name = name.rpartition("/")[2]
    stem, ending = os.path.splitext(name)  # noqa: PTH122
    return (stem if ending.lower() in SUFFIXES else name).casefold()


def _alike(audio: str, wanted: list[str]) -> int:
    """How many parts, from the last on, two paths have in common; an ending counts only where one is asked for."""
    have = audio.split("/")
    ending = os.path.splitext(wanted[-1])[1].lower()  # noqa: PTH122
    if ending in SUFFIXES and not audio.lower().endswith(ending):
        return 0
    count = 0
    for one, other in zip(
        reversed([*have[:-1], _key(audio)]), reversed([*wanted[:-1], _key(wanted[-1])]), strict=False
    ):
        if one.casefold() != other.casefold():
            break
        count += 1
    return count
