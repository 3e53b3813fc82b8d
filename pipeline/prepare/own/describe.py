"""Own data as somebody names it on the command line or in a config -> own data as it can be prepared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, cast

from ....errors import InputError, did_you_mean, refuse
from ....files import read_yaml
from ....recipes.kit.corpus import BadClip
from ....recipes.kit.registry import Recipe
from .dataset import TABLE, audio_beside, first_rows, unpack
from .folders import SUFFIXES, Files
from .hub import is_audio_folder
from .mapping import FOLDER, NAME, Column, ColumnMap, checked_always, parse_columns, parse_mapping, twice
from .own_data import Kind, Own, checked_name, home_of, name_from
from .proposal import Proposal, as_given, propose, remarks
from .recipe import own_recipe
from .row import Row
from .signature import audio_of
from .tables import SUFFIXES as TABLES
from .values import language_code, plain, synonyms

_HINT = 50


@dataclass(frozen=True)
class Asked:
    """What somebody says of own data. `kind` is the option or field that names `places`; `map` is columns with what
    they are, `always` facts of all clips, `mapping` a file that says both. Relative audio may start at `here`."""

    name: str
    kind: str
    places: tuple[Path, ...]
    table: Path | None = None
    map: Mapping[str, Any] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)
    mapping: Path | None = None
    audio_root: Path | None = None
    about: str = ""
    here: Path = Path()
    dataset: str = ""
    subset: str | None = None

    def beside(self, out: Path) -> Asked:
        """As it is prepared into `out`: a data set is a folder with a table, which is written beside that first."""
        if self.kind != "dataset":
            return self
        if is_audio_folder(self.dataset):
            return replace(self, kind="folder", places=(Path(self.dataset),))
        folder = audio_beside(out)
        return replace(self, kind="folder", places=(folder,), table=folder / TABLE)

    def fetch(self, out: Path) -> Asked:
        """As `beside`, once the audio of a data set is there. Raises InputError where it can't be had."""
        asked = self.beside(out)
        if self.kind == "dataset" and asked.table is not None:
            unpack(self.dataset, self.subset, asked.places[0])
        return asked


@dataclass(frozen=True)
class Described:
    """Own data that can be prepared, and what was proposed for its columns."""

    own: Own
    proposal: Proposal

    @property
    def recipe(self) -> Recipe:
        """Its recipe, which declares no tasks: own data serves whatever its facts serve."""
        made = own_recipe(self.own)
        return replace(
            made, corpus=replace(made.corpus, languages=made.corpus.languages or self._languages())
        )

    def _languages(self) -> tuple[str, ...]:
        """Those that were seen in the first rows."""
        name = self.own.columns.column_of("language")
        seen = next((column.values for column in self.proposal.seen if column.name == name), ())
        return tuple(sorted({code for value in seen if (code := language_code(value))}))


def default_name(places: Sequence[Path]) -> str:
    """The name of own data that nobody named: that of its folder or file."""
    first = places[0].absolute()
    return name_from(first.name if not first.is_file() else first.name.partition(".")[0])


def own_faults(asked: Asked) -> Iterator[str]:
    """What is named and isn't there, or not what it is said to be. Nothing is read but folders."""
    for place in asked.places:
        if asked.kind in ("folder", "kaldi"):
            if not place.is_dir():
                yield f"{asked.kind}: {place} is no folder; name the one that holds the data"
        elif not place.is_file():
            yield f"{asked.kind}: no file {place}; name the manifest itself"
    if asked.table is not None:
        if asked.kind != "folder":
            yield "table: belongs to a folder; leave it out, or name the folder"
        elif not asked.table.is_file():
            yield f"table: no file {asked.table}"
    if asked.audio_root is not None and not asked.audio_root.is_dir():
        yield f"audio_root: no folder {asked.audio_root}; name the one where the paths of audio start"


def undescribed(asked: Asked) -> Described:
    """What can be said of own data without a look at it: what the columns are said to be. Raises InputError."""
    checked_name(asked.name, "name")
    kind = cast(Kind, asked.kind)
    given = _given(asked)
    own = Own(asked.name, kind, asked.places, asked.places[0], asked.table, given, asked.about)
    return Described(own, Proposal(given, ()))


def describe(asked: Asked) -> Described:
    """Looks at the first rows, and takes what is said of the columns and what leaves no doubt.

    Raises:
        InputError: something isn't there or isn't as it is said to be, a column that is named isn't there, or no column
            says which file a row is of.
    """
    checked_name(asked.name, "name")
    refuse(own_faults(asked))
    given = _given(asked)
    kind = cast(Kind, asked.kind)
    bare = Own(asked.name, kind, asked.places, asked.places[0], asked.table, about=asked.about)
    rows = bare.sample()
    if not rows and next(bare.rows(), None) is None:
        what = "audio" if kind == "folder" and asked.table is None else "row"
        raise InputError(f"{asked.table or asked.places[0]}: holds no {what}; name one that does")
    _check_columns(given, rows, bare)
    proposal = propose(rows, given, kind == "nemo") if asked.mapping is None else as_given(rows, given)
    proposal = _with_audio(proposal, rows, bare)
    if both := twice(proposal.columns):
        raise InputError(f"{asked.name}: columns {both}; map one of them only")
    named = (audio for row in rows if (audio := audio_of(row, proposal.columns)))
    home = home_of(kind, asked.places[0], islice(named, _HINT), asked.audio_root, asked.here)
    own = replace(bare, home=home.absolute(), columns=proposal.columns, splits=_splits(asked))
    return Described(own, proposal)


def _given(asked: Asked) -> ColumnMap:
    """What is said of the columns: in the mapping's file, and over that on the command line or in the config."""
    told = (
        ColumnMap() if asked.mapping is None else parse_mapping(read_yaml(asked.mapping), str(asked.mapping))
    )
    columns = {**told.columns, **parse_columns(asked.map, "map")}
    return ColumnMap(columns, {**told.always, **checked_always(asked.always, "always")})


def _check_columns(given: ColumnMap, rows: Sequence[Row], own: Own) -> None:
    """Raises InputError for a column that is named and isn't there."""
    there = dict.fromkeys(name for row in rows for name in row.values)
    if not rows:
        return
    place = own.table or own.places[0]
    if own.table is not None and any(name.lower().endswith(SUFFIXES) for name in there):
        raise InputError(
            f"{place}: its first line looks like a row, not like the columns' names; put a line such as "
            f"`file,{','.join(list(given.columns)[:1] or ['speaker'])}` on top"
        )
    for name in given.columns:
        if name not in there and not re.fullmatch(rf"{FOLDER}\d*|{NAME}", name):
            raise InputError(
                f"{place}: no column '{name}'{did_you_mean(name, there)}; there are "
                f"{', '.join([*there, FOLDER, NAME][:20])}"
            )


def _with_audio(proposal: Proposal, rows: Sequence[Row], own: Own) -> Proposal:
    """The proposal with the column that says which file a row is of: by its name, or since its values are files.

    Raises:
        InputError: no column does.
    """
    columns = proposal.columns
    if columns.column_of("audio") is not None or all(row.audio for row in rows):
        return proposal
    place = own.table or own.places[0]
    names = [column.name for column in proposal.seen if column.name not in columns.columns and column.values]
    files = Files(own.places[0]) if own.kind == "folder" else None
    fits = [name for name in names if files is not None and _are_files(name, rows, files)]
    if len(fits) != 1:
        there = ", ".join(column.name for column in proposal.seen)
        raise InputError(
            f"{place}: no column says which audio file a row is of (there are {there or 'none'}); say it with "
            "--map COLUMN=audio (in a config: `map: {COLUMN: audio}`)"
        )
    unsure = {name: why for name, why in proposal.unsure.items() if name != fits[0]}
    found = ColumnMap({fits[0]: Column("audio"), **columns.columns}, columns.always)
    return replace(proposal, columns=found, unsure=unsure)


def _are_files(name: str, rows: Sequence[Row], files: Files) -> bool:
    """Whether most of a column's values are names of files that are there."""
    some = [plain(row.values.get(name)) for row in islice(rows, _HINT)]
    found = sum(bool(value) and not isinstance(files.find(value), BadClip) for value in some)
    return 2 * found > len(some)


def _splits(asked: Asked) -> dict[int, str]:
    """What the names of manifests say: `cuts_train.jsonl.gz` is for training."""
    if asked.kind == "folder":
        return {}
    known = {word: split for word, split in synonyms("split").items() if len(word) > 2}
    told = {}
    for number, place in enumerate(asked.places):
        words = re.split(r"[^a-z]+", place.name.casefold())
        found = {known[word] for word in words if word in known}
        if len(found) == 1:
            told[number] = found.pop()
    return told


def proposed(asked: Asked) -> Proposal:
    """What the columns of own data would be taken for; nothing is written. Raises InputError."""
    if asked.kind != "dataset" or is_audio_folder(asked.dataset):
        return describe(asked.beside(Path())).proposal
    checked_name(asked.name, "name")
    return propose(first_rows(asked.dataset, asked.subset), _given(asked))


def told_of(described: Described) -> Iterator[str]:
    """What is said before the work: which columns are used as what, which aren't, and a table that lies there."""
    yield from remarks(described.proposal)
    own = described.own
    if own.kind == "folder" and own.table is None:
        there = sorted(path.name for path in own.places[0].iterdir() if path.suffix.lower() in TABLES)
        if there:
            table = own.places[0] / there[0]
            yield f"the folder holds {', '.join(there[:3])}, which isn't used; with --table {table} it is"
