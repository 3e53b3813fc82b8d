"""A mapping: which column is which fact, or says where a clip is found; and what its values mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from ....errors import InputError, did_you_mean
from ....recipes.kit.corpus import BadClip
from ....recipes.kit.facts import FACTS
from .row import Row
from .values import NotAValue, allowed, fact_value, is_closed, plain

PLACES = {
    "audio": "the audio file",
    "id": "the clip's name, unique",
    "start": "where the clip begins in the file, in seconds",
    "end": "where it ends",
    "duration": "how long it is",
    "channel": "its channel, from 0",
    "split": "train, dev or test",
}
"""What a column can be beside a fact."""

FOLDER, NAME = "folder", "name"
"""Columns that every file has: the name of its folder (`folder1` that of the topmost, and so on), and its own name."""


@dataclass(frozen=True)
class Column:
    """What a column is: a fact, or one of PLACES. `values` says what its values mean where they need it (None: that
    nothing is known); `between` is what stands between the values of a list."""

    target: str
    values: Mapping[str, Any] = field(default_factory=dict)
    between: str = ""


@dataclass(frozen=True)
class ColumnMap:
    """The columns that are used, by name, and facts that all clips have."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)

    def facts(self) -> tuple[str, ...]:
        """The facts that clips may carry, in the vocabulary's order."""
        told = {column.target for column in self.columns.values()} | set(self.always)
        return tuple(name for name in FACTS if name in told)

    @cached_property
    def _by_target(self) -> dict[str, str]:
        return {column.target: name for name, column in reversed(list(self.columns.items()))}

    def column_of(self, target: str) -> str | None:
        """The (first) column that is said to be this."""
        return self._by_target.get(target)

    def place(self, target: str, row: Row) -> Any:
        """What a row says of where the clip is found; None where it says nothing."""
        name = self.column_of(target)
        value = None if name is None else row.values.get(name)
        if name is not None and isinstance(value, str | int):
            value = self.columns[name].values.get(str(value), value)
        return None if value is None or plain(value) == "" else value

    def apply(self, row: Row, audio: str) -> dict[str, Any]:
        """The facts that a row tells of a clip.

        Raises:
            NotAValue: a value isn't one of its fact's; names the column and the value.
        """
        facts: dict[str, Any] = dict(self.always)
        names = names_of(audio)
        for name, column in self.columns.items():
            if column.target not in PLACES:
                value = _value(name, column, row.values[name] if name in row.values else names.get(name))
                if value is not None:
                    facts[column.target] = value
        return facts


def _value(name: str, column: Column, value: Any) -> Any:
    text = plain(value) if not isinstance(value, list | tuple) else ""
    if isinstance(value, list | tuple):
        value = [column.values.get(plain(item), item) for item in value]
    elif text in column.values:
        value = column.values[text]
    elif column.between and text:
        value = [
            column.values.get(part, part) for item in text.split(column.between) if (part := item.strip())
        ]
    try:
        return fact_value(column.target, value)
    except NotAValue as problem:
        shown = text or plain(value)
        hint = "; say under `values` of the mapping what it means" if is_closed(column.target) else ""
        raise NotAValue(
            f"column '{name}' says {shown[:60]!r}, which as {column.target} is {problem}{hint}"
        ) from None


def names_of(audio: str) -> dict[str, str]:
    """What a file's path tells: its name, its folder, and the folders from the top."""
    path = PurePosixPath(audio)
    folders = [part for part in path.parts[:-1] if part not in ("/", "..", ".")]
    told = {NAME: path.stem, FOLDER: folders[-1] if folders else ""}
    return told | {f"{FOLDER}{number}": part for number, part in enumerate(folders, 1)}


def read_map(pairs: Iterable[str], where: str) -> dict[str, Column]:
    """`mood=emotion` as columns; `where` names the option.

    Raises:
        InputError: not of this form, or no such fact.
    """
    columns = {}
    for pair in pairs:
        name, equals, target = pair.rpartition("=")
        if not equals or not name:
            raise InputError(f"{where} {pair}: must be COLUMN=FACT, such as mood=emotion")
        columns[name.strip()] = Column(checked_target(target.strip(), f"{where} {pair}"))
    return columns


def read_always(pairs: Iterable[str], where: str) -> dict[str, Any]:
    """`language=en` as facts that all clips have. Raises InputError."""
    facts = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(f"{where} {pair}: must be FACT=VALUE, such as language=en")
        facts[name.strip()] = value
    return checked_always(facts, where)


def checked_target(target: str, where: str) -> str:
    """What a column is to be. Raises InputError for what is neither a fact nor one of PLACES."""
    if target in FACTS or target in PLACES:
        return target
    raise InputError(
        f"{where}: no fact '{target}'{did_you_mean(target, [*FACTS, *PLACES])}; a column is a fact "
        f"({', '.join(list(FACTS)[:6])}, ...; recipes/kit/facts.py has all) or one of {', '.join(PLACES)}"
    )


def checked_always(facts: Mapping[str, Any], where: str) -> dict[str, Any]:
    """ColumnMap of all clips, with their values as facts have them. Raises InputError."""
    checked = {}
    for name, value in facts.items():
        if name in PLACES:
            raise InputError(f"{where}: '{name}' is told of each clip, by a column; take it out here")
        if name not in FACTS:
            raise InputError(
                f"{where}: no fact '{name}'{did_you_mean(name, FACTS)}; recipes/kit/facts.py lists the facts"
            )
        try:
            checked[name] = fact_value(name, value)
        except NotAValue as problem:
            raise InputError(f"{where}: {name} {plain(value)!r} is {problem}") from None
    return {name: value for name, value in checked.items() if value is not None}


def parse_columns(content: Any, where: str) -> dict[str, Column]:
    """`{mood: emotion}` or `{mood: {fact: emotion, values: {...}, between: ";"}}` as columns.

    Raises:
        InputError: names the column and what is wrong with it.
    """
    if content is None:
        return {}
    if not isinstance(content, Mapping):
        raise InputError(
            f"{where} must hold a line for each column, such as `mood: emotion`, found {content!r}"
        )
    columns = {}
    for name, said in content.items():
        at = f"{where}: column '{name}'"
        if said is None:
            continue
        if isinstance(said, str):
            columns[str(name)] = Column(checked_target(said, at))
            continue
        if not isinstance(said, Mapping) or not isinstance(said.get("fact"), str):
            raise InputError(
                f"{at} must be the name of a fact, or {{fact: ..., values: {{...}}}}, found {said!r}"
            )
        known = ("fact", "values", "between")
        for key in said:
            if key not in known:
                raise InputError(
                    f"{at}: unknown field '{key}'{did_you_mean(str(key), known)}; known: {', '.join(known)}"
                )
        target = checked_target(said["fact"], at)
        between = said.get("between") or ""
        if not isinstance(between, str):
            raise InputError(
                f"{at}: 'between' must be what stands between values, such as \",\", found {between!r}"
            )
        columns[str(name)] = Column(target, _values(said.get("values"), target, at), between)
    return columns


def _values(content: Any, target: str, where: str) -> dict[str, Any]:
    if content is None:
        return {}
    if not isinstance(content, Mapping):
        raise InputError(f"{where}: 'values' must be names with values, such as `m: male`, found {content!r}")
    values = {}
    for name, value in content.items():
        # YAML reads `yes`, `no`, `on` as truth values, and figures as numbers: in tables they are texts.
        values[plain(name)] = value
        if value is None or target in PLACES:
            continue
        try:
            fact_value(target, value)
        except NotAValue as problem:
            known = (
                f": {allowed(target)}" if is_closed(target) and allowed(target) not in str(problem) else ""
            )
            raise InputError(
                f"{where}: 'values' makes {name!r} {value!r}, which as {target} is {problem}{known}"
            ) from None
    return values


def parse_mapping(content: Any, where: str) -> ColumnMap:
    """What a mapping file says: `columns` and `always`.

    Raises:
        InputError: something else stands there.
    """
    if not isinstance(content, Mapping):
        raise InputError(f"{where}: must hold `columns:` (and `always:`), found {content!r}")
    for key in content:
        if key not in ("columns", "always"):
            raise InputError(
                f"{where}: unknown field '{key}'{did_you_mean(str(key), ('columns', 'always'))}; known: columns, always"
            )
    always = content.get("always") or {}
    if not isinstance(always, Mapping):
        raise InputError(
            f"{where}: 'always' must be facts with values, such as `language: en`, found {always!r}"
        )
    return ColumnMap(
        parse_columns(content.get("columns"), f"{where}: 'columns'"), checked_always(always, where)
    )


def twice(mapping: ColumnMap) -> str | None:
    """What two columns are both said to be, if any: which of them counts nobody said."""
    seen: dict[str, str] = {}
    for name, column in mapping.columns.items():
        if (other := seen.setdefault(column.target, name)) != name:
            return f"'{other}' and '{name}' are both {column.target}"
    return None


def bad(row: Row, clip_id: str, audio: str, reason: str) -> BadClip:
    """A row that is for the quarantine."""
    return BadClip(clip_id, audio or row.where, f"{reason} ({row.where})")
