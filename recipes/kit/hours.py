"""How many hours a corpus has, by split and language, and whose audio it shares: from the publishers, with sources.

`hours.tsv` has a row for each part that is told apart: corpus, split and language (empty: of all), hours, unique
hours, how the figure came about, source. Hours are those of the clips that the recipe reads. Unique hours are told
where several of these are one recording (mixed with and without noise; recorded by several microphones). `how`:
`published` as it stands, `derived` from published counts and lengths, `estimated` where nobody publishes it; the source
says where a figure wasn't looked up again. A row without them has those of the row above.

`overlaps.tsv` has a row for each corpus whose audio is (as far as is known: all) in another one.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .corpus import Corpus
from .languages import speaks


@dataclass(frozen=True)
class Figure:
    """The hours of one part of a corpus; `split` and `language` are empty where the part isn't told apart by them."""

    split: str
    language: str
    hours: float
    unique: float
    how: str
    source: str


@dataclass(frozen=True)
class Hours:
    """Hours of clips, and of unique recordings among them; not `exact` where they are at most so many."""

    all: float
    unique: float
    exact: bool = True


@dataclass(frozen=True)
class Overlap:
    """Audio of the `splits` (all, where there are none) of a corpus that is audio of the splits `of` another too."""

    part: str
    splits: frozenset[str]
    whole: str
    of: frozenset[str]
    source: str


@cache
def figures() -> Mapping[str, tuple[Figure, ...]]:
    """Corpus -> its parts, as in `hours.tsv`."""
    found: defaultdict[str, list[Figure]] = defaultdict(list)
    how = source = ""
    for row in _rows("hours.tsv"):
        how, source = row["how"] or how, row["source"] or source
        hours = float(row["hours"])
        unique = float(row["unique"]) if row["unique"] else hours
        found[row["corpus"]].append(Figure(row["split"], row["language"], hours, unique, how, source))
    return {name: tuple(parts) for name, parts in found.items()}


@cache
def overlaps() -> tuple[Overlap, ...]:
    """What `overlaps.tsv` tells."""
    return tuple(
        Overlap(
            row["part"],
            frozenset(row["splits"].split()),
            row["whole"],
            frozenset(row["of"].split()),
            row["source"],
        )
        for row in _rows("overlaps.tsv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def published_hours(name: str) -> float:
    """The hours of all clips that the recipe of this name reads."""
    return round(sum(part.hours for part in figures()[name]), 2)


def hours_in(corpus: Corpus, splits: Collection[str] = (), languages: Collection[str] = ()) -> Hours:
    """The hours of these splits and languages (of all, where none are named).

    Where the publisher doesn't tell a split or a language apart, the part that holds it counts as a whole, and the
    result isn't exact.
    """
    parts = figures().get(corpus.name, ())
    told = all(any(part.split in ("", split) for part in parts) for split in splits)
    if not told or not parts or not (splits or languages):
        # A corpus of one's own has no figures but its own.
        total, unique = sum(part.hours for part in parts), sum(part.unique for part in parts)
        return Hours(
            corpus.hours, corpus.hours * unique / total if parts else corpus.hours, not (splits or languages)
        )
    chosen = [part for part in parts if _among(part.split, splits) and _spoken(part.language, languages)]
    exact = all(
        (part.split or not _only_some(splits, corpus.splits))
        and (part.language or not _only_some(languages, corpus.languages))
        for part in chosen
    )
    return Hours(sum(part.hours for part in chosen), sum(part.unique for part in chosen), exact)


def unique_by_split(
    corpus: Corpus, splits: Collection[str] = (), languages: Collection[str] = ()
) -> dict[str, float]:
    """The unique hours of these splits and languages by split (`""` where splits aren't told apart)."""
    found: dict[str, float] = {}
    for part in figures().get(corpus.name, ()):
        if _among(part.split, splits) and _spoken(part.language, languages):
            found[part.split] = found.get(part.split, 0.0) + part.unique
    return found


def _among(split: str, splits: Collection[str]) -> bool:
    return not split or not splits or split in splits


def _spoken(language: str, languages: Collection[str]) -> bool:
    return not language or not languages or any(speaks(language, asked) for asked in languages)


def _only_some(asked: Collection[str], there: Collection[str]) -> bool:
    """Whether what is asked for is only a part of what is there."""
    return bool(asked) and not all(any(speaks(each, one) for one in asked) for each in there)


def counted_once(used: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """How many hours of each corpus aren't counted because another one has (or may have) the same audio.

    `used` holds the unique hours that are used, by corpus and split (`""` where splits aren't told apart). Corpora that
    share audio, directly or through others, count together as much as the largest of them: whether two selections met
    the same recordings isn't known, so what is left is at least as many hours as there are.
    """
    groups: list[set[tuple[str, frozenset[str]]]] = []
    for overlap in overlaps():
        if overlap.part in used and overlap.whole in used:
            pair = {(overlap.part, overlap.splits), (overlap.whole, overlap.of)}
            joined = [group for group in groups if group & pair]
            groups = [group for group in groups if not group & pair] + [pair.union(*joined)]
    lost: dict[str, float] = {}
    for group in groups:
        hours = {
            name: sum(hours for split, hours in used[name].items() if not splits or split in splits)
            for name, splits in sorted(group, key=lambda member: member[0])
        }
        largest = max(hours, key=lambda name: hours[name], default="")
        for name, mine in hours.items():
            if name != largest and mine:
                lost[name] = lost.get(name, 0.0) + mine
    return lost
