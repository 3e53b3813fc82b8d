"""A mapping proposed by what the columns are called and hold; it is applied only where it can't be misunderstood."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from ....recipes.kit.facts import FACTS
from .folders import SUFFIXES
from .mapping import FOLDER, NAME, PLACES, Column, ColumnMap, names_of
from .row import Row
from .values import NOT_KNOWN, NotAValue, allowed, fact_value, is_closed, plain, table, translated, translates

_NEVER = ("source", "original", "room_id", "peak_gain_db", "impulse_response", "distance_level")
"""Facts that a column of the same name needn't be: they are for the augmenter's and the recipes' use."""
_SHOWN = 5
_MOST_VALUES = 40
_FITS = 0.5
"""The share of a column's values that must be a fact's, for a column of its name to be it without being asked."""


@dataclass(frozen=True)
class SeenColumn:
    """What is seen of a column in the first rows: its values, the most frequent first, and how many rows have one."""

    name: str
    values: tuple[str, ...]
    raw: tuple[Any, ...] = ()
    filled: int = 0


@dataclass(frozen=True)
class Proposal:
    """A mapping, and what is to be said of the columns: `unsure` are not used, each with why and what they may be."""

    columns: ColumnMap
    seen: tuple[SeenColumn, ...]
    unsure: Mapping[str, str] = field(default_factory=dict)


def propose(rows: Sequence[Row], given: ColumnMap, timed: bool = False) -> Proposal:
    """What the columns of some rows are: those `given`, and others where name and values leave no doubt.

    With `timed` a duration counts without a start (NeMo's manifests). A column that could be what another is already
    isn't used.
    """
    seen = tuple(_columns(rows))
    columns: dict[str, Column] = dict(given.columns)
    taken = {column.target for column in columns.values()} | set(given.always)
    unsure: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for column in seen:
        if column.name not in columns and column.values:
            target = _by_name(column.name) or _by_values(column)
            if target is not None:
                found.setdefault(target, []).append(column.name)
    _without_stand_ins(found, rows, unsure)
    _without_repeated(found, seen, unsure)
    by_name = {column.name: column for column in seen}
    for target, names in found.items():
        why = _doubt(target, [by_name[name] for name in names], taken)
        exact = [name for name in names if name == target]
        if why and target not in taken and len(exact) == 1 and len(names) > 1:
            # Of several columns the one that is called as the fact is meant.
            why, names = _doubt(target, [by_name[exact[0]]], taken), exact
        for name in names:
            if why:
                unsure[name] = why
            else:
                columns[name] = Column(target)
    _without_stretches(columns, given, unsure, timed)
    for column in seen:
        if column.name not in columns and column.name not in unsure:
            unsure[column.name] = _may_be(column)
    return Proposal(ColumnMap(columns, given.always), seen, unsure)


def as_given(rows: Sequence[Row], given: ColumnMap) -> Proposal:
    """No more than what somebody said of the columns; the others aren't used."""
    seen = tuple(_columns(rows))
    return Proposal(given, seen, {one.name: _may_be(one) for one in seen if one.name not in given.columns})


def _without_stretches(
    columns: dict[str, Column], given: ColumnMap, unsure: dict[str, str], timed: bool
) -> None:
    """A duration or an end without a start mostly is the whole file's: what the audio itself says."""
    starts = any(column.target == "start" for column in columns.values())
    for name, column in list(columns.items()):
        if column.target in ("end", "duration") and name not in given.columns and not starts and not timed:
            del columns[name]
            unsure[name] = "without a start the whole file is the clip"


def _without_stand_ins(found: dict[str, list[str]], rows: Sequence[Row], unsure: dict[str, str]) -> None:
    """Speakers that are called as their clips stand for nobody: so Kaldi says that speakers aren't known."""
    ids = found.get("id", [])
    for name in list(found.get("speaker", [])):
        if len(rows) > 1 and any(
            all(row.values.get(name) == row.values.get(one) for row in rows) for one in ids
        ):
            found["speaker"].remove(name)
            unsure[name] = "is the clip's own name, so no speaker is known"
    if not found.get("speaker", [""]):
        del found["speaker"]


def _without_repeated(
    found: dict[str, list[str]], seen: Iterable[SeenColumn], unsure: dict[str, str]
) -> None:
    """What names several clips alike is no name of a clip: all but one would be lost."""
    for column in seen:
        if column.name in found.get("id", []) and len(column.values) < column.filled:
            found["id"].remove(column.name)
            unsure[column.name] = "would be id, but several rows have the same"
    if not found.get("id", [""]):
        del found["id"]


def _columns(rows: Sequence[Row]) -> Iterator[SeenColumn]:
    names = dict.fromkeys(name for row in rows for name in row.values)
    from_paths = all(row.audio for row in rows)
    for name in names:
        yield _seen(name, (row.values.get(name) for row in rows))
    if from_paths and rows:
        paths = [names_of(row.audio) for row in rows]
        for name in dict.fromkeys(name for told in paths for name in sorted(told)):
            # The innermost folder has a number, too; nobody needs both.
            if name not in (*names, NAME) and not (name != FOLDER and _is_innermost(name, paths)):
                yield _seen(name, (told.get(name) for told in paths))


def _is_innermost(name: str, paths: Iterable[Mapping[str, str]]) -> bool:
    return all(told.get(name, "") == told[FOLDER] for told in paths)


def _seen(name: str, values: Iterable[Any]) -> SeenColumn:
    counts: dict[str, int] = {}
    raw: dict[str, Any] = {}
    for value in values:
        text = ", ".join(map(plain, value)) if isinstance(value, list | tuple) else plain(value)
        if text.casefold() not in NOT_KNOWN:
            counts[text] = counts.get(text, 0) + 1
            raw.setdefault(text, value)
    ranked = sorted(counts, key=lambda text: (-counts[text], text))
    return SeenColumn(name, tuple(ranked), tuple(raw[text] for text in ranked), sum(counts.values()))


def _normal(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).casefold()).strip("_")


@cache
def _called() -> dict[str, str]:
    """Another name for a column -> what it is here."""
    names = {name: name for name in (*FACTS, *PLACES) if name not in _NEVER}
    for target, *words in table("columns.tsv"):
        names.update({_normal(word): target for word in words})
    return names


def _by_name(name: str) -> str | None:
    normal = _normal(name)
    if normal in (FOLDER, NAME) or re.fullmatch(rf"{FOLDER}\d", normal):
        return None
    return _called().get(normal) or _called().get(normal.removeprefix("facts_"))


def _by_values(column: SeenColumn) -> str | None:
    """What a column of any name must be by its values: names of audio files; of folders also values of closed kind."""
    if len(column.values) > 0 and all(value.lower().endswith(SUFFIXES) for value in column.values):
        return "audio"
    if column.name.startswith(FOLDER):
        fits = [target for target in _closed() if _all(column, target)]
        if len(fits) == 1 and (len(column.values) > 1 or fits == ["split"]):
            return fits[0]
    return None


def _closed() -> list[str]:
    return [
        "split",
        *(name for name in FACTS if is_closed(name) and name not in (*_NEVER, "native_language")),
    ]


def _all(column: SeenColumn, target: str) -> bool:
    # A folder called `m` or `n` may be anything.
    return all(len(value) > 1 and translates(target, value) for value in column.values)


def _doubt(target: str, columns: Sequence[SeenColumn], taken: set[str]) -> str:
    """Why columns that may be something aren't taken for it without being asked; "" where nothing speaks against it."""
    if target in taken:
        return f"would be {target}, which is said already"
    if len(columns) > 1:
        return f"{' and '.join(column.name for column in columns)} could each be {target}: say which"
    [column] = columns
    if target == "split":
        fits = [value for value in column.values if translates("split", value)]
    elif target in PLACES:
        return ""
    else:
        fits = [text for text, value in zip(column.values, column.raw, strict=True) if _fits(target, value)]
    if len(fits) < _FITS * len(column.values):
        known = allowed(target) if target in FACTS else "train, dev, test"
        return f"may be {target}, but holds {', '.join(column.values[:3])} where {known} should be"
    return ""


def _fits(target: str, value: Any) -> bool:
    try:
        told = fact_value(target, value)
    except NotAValue:
        return False
    # Figures say nothing in words; but speakers have numbers, and so have ages.
    if isinstance(told, str) and target not in ("speaker", "text", "age_group", "keyword", "title"):
        return not re.fullmatch(r"[-+]?[0-9.,]+", told)
    return True


def _may_be(column: SeenColumn) -> str:
    """What a column that isn't used could be."""
    if not column.values:
        return "holds nothing"
    few = column.values[:_MOST_VALUES]
    fits = [
        target
        for target in _closed()
        if all(translates(target, value) for value in few)
        and (len(few) > 1 or column.name.startswith(FOLDER))
    ]
    if fits:
        return f"may be {' or '.join(fits)}"
    if column.name.startswith(FOLDER):
        return "may be speaker, or what is heard (sound_events, keyword, language, ...)"
    if named := _by_name(column.name):
        return f"may be {named}"
    near = difflib.get_close_matches(_normal(column.name), list(_called()), n=1, cutoff=0.75)
    return f"did you mean '{near[0]}'?" if near else "no fact is called so"


# What is said to people.


def remarks(proposal: Proposal) -> Iterator[str]:
    """Lines that say which columns are used as what, and which aren't."""
    used = [
        f"{name} as {column.target}" if name != column.target else name
        for name, column in proposal.columns.columns.items()
    ]
    if used:
        yield f"columns used: {', '.join(used)}"
    unused = list(proposal.unsure)
    for name in unused[:10]:
        yield f"column not used: {name} ({proposal.unsure[name]}); with --map {name}=FACT it is"
    if len(unused) > 10:
        yield f"columns not used: {', '.join(unused[10:])}"


def as_yaml(proposal: Proposal, name: str, command: str) -> str:
    """The proposal as a mapping file: columns that are used, with translations; the others as remarks to be edited."""
    lines = [
        f"# How the columns of {name} become facts: edit, then",
        f"#   {command}",
        "# A column is a fact (recipes/kit/facts.py lists them) or one of",
        *(f"#   {place}: {what}" for place, what in PLACES.items()),
        "columns:",
    ]
    columns = proposal.columns.columns
    every = [
        *proposal.seen,
        *(SeenColumn(name, ()) for name in columns if name not in {seen.name for seen in proposal.seen}),
    ]
    for seen in every:
        shown = ", ".join(value[:30] for value in seen.values[:_SHOWN]) + (
            ", ..." if len(seen.values) > _SHOWN else ""
        )
        if seen.name in columns:
            lines += _used(seen, columns[seen.name], shown)
        else:
            why = proposal.unsure.get(seen.name, "")
            only = re.fullmatch(r"may be (\w+)", why)
            lines.append(
                f"  # {_word(seen.name)}: {only[1] if only else 'FACT'}  # {why}; holds {shown or 'nothing'}"
            )
    always = proposal.columns.always
    lines.append(
        "always:  # facts that all clips have"
        if always
        else "# always: {language: en}  # facts that all clips have"
    )
    lines += [f"  {_word(fact)}: {_word(value)}" for fact, value in always.items()]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _used(seen: SeenColumn, column: Column, shown: str) -> Iterator[str]:
    values = dict(column.values)
    unknown = []
    if column.target == "split" or is_closed(column.target):
        for value in seen.values[:_MOST_VALUES]:
            known = translated(column.target, value)
            if translates(column.target, value):
                if known != value:
                    values.setdefault(value, known)
            elif value not in values:
                unknown.append(value)
    if not values and not unknown and not column.between:
        yield f"  {_word(seen.name)}: {column.target}  # {shown}"
        return
    yield f"  {_word(seen.name)}:  # {shown}"
    yield f"    fact: {column.target}"
    if column.between:
        yield f"    between: {_word(column.between)}"
    if values or unknown:
        yield "    values:" if values else "    # values:"
        yield from (f"      {_word(name)}: {_word(value)}" for name, value in values.items())
        known = "train, dev, test" if column.target == "split" else allowed(column.target)
        yield from (f"      # {_word(name)}: ?  # not known: {known}" for name in unknown)


def _word(value: Any) -> str:
    """A value as YAML, on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000).strip()
    return text.removesuffix("\n...").removesuffix("...").strip()
