"""Own data, described by its owner: what it is, where it lies, how its columns are to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from ....errors import InputError
from ....recipes.kit.registry import corpora
from ....recipes.kit.spelling import is_file
from .cutsets import beside, manifest_rows
from .folders import folder_rows, some_files
from .kaldi import kaldi_rows
from .mapping import ColumnMap
from .row import Read, Row
from .tables import json_lines, read_rows

Kind = Literal["folder", "manifest", "kaldi", "nemo"]
WORDS = ("folder", "manifest", "dataset", "kaldi", "nemo")
"""How own data is named: options of `prepare`, and fields in a config. A data set becomes a folder first (hub.py)."""
_SEEN = 1000


@dataclass(frozen=True)
class Own:
    """Own data. `places` are the folder, or the manifests (folders, of Kaldi), one or several.

    Relative paths of audio start at `home`. `table` is only of a folder. `splits` says, by place, what its clips are
    used as, where its name says so. `about` is what an LLM is told of the clips.
    """

    name: str
    kind: Kind
    places: tuple[Path, ...]
    home: Path
    table: Path | None = None
    columns: ColumnMap = field(default_factory=ColumnMap)
    about: str = ""
    splits: Mapping[int, str] = field(default_factory=dict)

    def inputs(self) -> tuple[Path, ...]:
        """What is read, apart from audio that lies elsewhere: nothing may be written there."""
        more = [self.table] if self.table else []
        more += [found for place in self.places if self.kind == "manifest" and (found := beside(place))]
        return (*self.places, *more)

    def rows(self) -> Iterator[tuple[int, Read]]:
        """Every row with the number of its place."""
        for number, place in enumerate(self.places):
            for row in rows_of(self.kind, place, self.table):
                yield number, row

    def sample(self) -> list[Row]:
        """Rows to look at: the first of each place, or a few files of every folder."""
        if self.kind == "folder" and self.table is None:
            return [Row(audio, {}, audio) for audio in some_files(self.places[0])]
        each = max(1, _SEEN // len(self.places))
        found = (row for place in self.places for row in islice(rows_of(self.kind, place, self.table), each))
        return [row for row in found if isinstance(row, Row)]


def rows_of(kind: Kind, place: Path, table: Path | None = None) -> Iterator[Read]:
    """The rows of one place. Raises InputError where it isn't what it is said to be."""
    if kind == "folder":
        return folder_rows(place) if table is None else read_rows(table)
    return {"manifest": manifest_rows, "kaldi": kaldi_rows, "nemo": json_lines}[kind](place)


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,63}")


def checked_name(name: str, where: str) -> str:
    """A name that own data can have. Raises InputError for one that a recipe has, or that no id can begin with."""
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{where}: '{name}' can't be the name of own data, which is a word of letters, digits and '_'; "
            f"choose another, such as {name_from(name)}"
        )
    if name in corpora():
        raise InputError(f"{where}: '{name}' is the name of a recipe; choose another name for own data")
    return name


def name_from(text: str) -> str:
    """A name that own data can have, made of another."""
    made = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:64]
    return f"my_{made}" if made in corpora() else made or "mydata"


def home_of(kind: Kind, place: Path, audio: Iterable[str], given: Path | None, here: Path) -> Path:
    """Where relative paths of audio start: where one of them is found, looked for in folders around the place.

    These are the place's own folder and up to three above it (Kaldi's paths start at the recipe's), and `here`.
    """
    folder = place if kind in ("folder", "kaldi") else place.parent
    if given is not None:
        return given
    if kind == "folder":
        return folder
    near = (folder, *list(folder.absolute().parents)[:3], here)
    # The first that are named may be missing.
    relative = (name for name in audio if not Path(name).is_absolute())
    return next((one for name in relative for one in near if _has(one, name)), folder)


def _has(folder: Path, audio: str) -> bool:
    try:
        return is_file(folder / audio)
    except (OSError, ValueError):
        return False
