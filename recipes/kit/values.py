"""One value for one thing: the names that corpora give to sounds, instruments, accents and so on, made one.

Corpora write one thing in many ways (`crying_baby`, `Baby cry, infant cry`, `baby crying`), and their values aren't
exclusive: an electric guitar is a guitar. The tables in `vocabularies/` hold, for each thing, the value that facts get,
what it is a kind or a part of (`kind_of`), and other names (`also`). `check_fact` makes every value canonical, wherever
it comes from; `alike` tells which two values mustn't be offered beside each other: what is one may be the other.

What no table knows (a value of a user's own) stays as it is; whether it is alike another is told by its words
(`forms.py`). The tables were written for the labels of the corpora that there are recipes for; the hierarchy of sounds
follows Gemmeke et al., "Audio Set: An ontology and human-labeled dataset for audio events", ICASSP 2017, whose classes
(and FSD50K's, which are theirs) stand among the other names, as do those of ESC-50, UrbanSound8K and VGGSound. Which
languages are kinds of others is told as by ISO 639-3's macrolanguages.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from ...errors import InputError
from .ages import age_group_named, age_span
from .forms import form, head
from .languages import LANGUAGES

FOLDER = Path(__file__).parent / "vocabularies"

_HEADER = ["value", "kind_of", "also"]

_SOUNDS = ("sounds", "instruments")
TABLES: Mapping[str, tuple[str, ...]] = {
    "sound_events": _SOUNDS,
    "noise_type": _SOUNDS,
    "instrument": ("instruments",),
    "instruments": ("instruments",),
    "music_genre": ("genres",),
    "music_tags": ("tags", "genres", "instruments"),
    "accent": ("accents", "languages"),
    "native_language": ("languages",),
    "language": ("languages",),
    "nationality": ("countries",),
    "scene": ("places",),
    "room": ("places",),
}
"""Fact -> the tables that know its values; where two know a name, the first one's value counts."""

_PHRASES = frozenset({*TABLES, "microphone"})
"""Facts whose values are noun phrases: one with the other's head noun in it may be a kind of it."""

_EXACT = frozenset({"gender", "emotion", "sentiment", "spoof", "keyword", "dynamics", "pitch"})
"""Facts whose values say each something else, even where they share words (`forte`, `mezzo forte`)."""


def table_files(facts: Iterable[str]) -> tuple[Path, ...]:
    """The tables that know values of some facts: what is made by them is made anew when they change."""
    tables = {table for name in facts for table in TABLES.get(name, ())}
    return tuple(FOLDER / f"{table}.tsv" for table in sorted(tables))


@dataclass
class Vocabulary:
    """What some tables say: a value for every name and for its form, and what each value is a kind of, all the way up.

    `listed` are the other names of each value, `below` is `above` turned round.
    """

    listed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    by_form: dict[frozenset[str], str] = field(default_factory=dict)
    above: dict[str, frozenset[str]] = field(default_factory=dict)
    below: dict[str, set[str]] = field(default_factory=dict)

    def related(self, one: str, other: str) -> bool:
        """Whether one value is a kind of the other, or something is a kind of both (a clock's alarm: clock, alarm).

        What is at the top (noise) shares something with all that is broad, and counts as the other's relative only
        where it stands above it.
        """
        over, under = self.above.get(one, frozenset()), self.above.get(other, frozenset())
        if one in under or other in over:
            return True
        return bool(over and under and not self.below.get(one, set()).isdisjoint(self.below.get(other, ())))

    def value(self, name: str) -> str | None:
        """The canonical value for a name, whatever its spelling and the order of its words; None if it isn't known."""
        return self.by_name.get(name.casefold()) or self.by_form.get(form(name))


@cache
def vocabulary(*tables: str) -> Vocabulary:
    """The vocabulary that some tables make together. Raises InputError for a malformed table."""
    found = Vocabulary()
    kinds: dict[str, list[str]] = {}
    for table in tables:
        for value, kind_of, also in _rows(FOLDER / f"{table}.tsv"):
            kinds.setdefault(value, []).extend(kind_of)
            found.listed[value] = (*found.listed.get(value, ()), *also)
            for name in (value, *also):
                found.by_name.setdefault(name.casefold(), value)
                found.by_form.setdefault(form(name), value)
    found.above.update({value: _above(value, kinds) for value in kinds})
    for value, above in found.above.items():
        for broader in above:
            found.below.setdefault(broader, set()).add(value)
    return found


def _rows(path: Path) -> Iterable[tuple[str, list[str], list[str]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].split("\t") != _HEADER:
        raise InputError(f"{path}: line 1 should be the columns {', '.join(_HEADER)}")
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(_HEADER) or not cells[0]:
            raise InputError(f"{path}: line {number} should hold {len(_HEADER)} columns and a value")
        yield cells[0], _several(cells[1]), _several(cells[2])


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _above(value: str, kinds: Mapping[str, Sequence[str]]) -> frozenset[str]:
    met: set[str] = set()
    waiting = [*kinds[value]]
    while waiting:
        broader = waiting.pop()
        if broader not in met:
            met.add(broader)
            waiting += kinds.get(broader, ())
    return frozenset(met)


def _language(value: str) -> str:
    """A code as check_fact wants it; a language's English name becomes its code."""
    return _language_codes().get(value.casefold()) or value.lower().replace("_", "-")


@cache
def _language_codes() -> dict[str, str]:
    """Every name of a language, in small letters -> its code, or that of the language which it is a kind of."""
    codes = {name.casefold(): code for code, name in LANGUAGES.items()}
    known = vocabulary(*TABLES["language"])
    for value, names in known.listed.items():
        of_it = (
            codes[name.casefold()]
            for name in (value, *sorted(known.above[value]))
            if name.casefold() in codes
        )
        if code := next(of_it, None):
            codes.update(dict.fromkeys(map(str.casefold, (value, *names)), code))
    return codes


_FLAT = re.compile(r"([A-G])(?:b|♭)(-?[0-9]+)")
_BELOW = {"D": "C#", "E": "D#", "G": "F#", "A": "G#", "B": "A#", "C": "B", "F": "E"}


def _pitch(value: str) -> str:
    """A note with a flat as the same key of the piano with a sharp: `Db4` is `C#4`, `Cb4` is `B3`."""
    found = _FLAT.fullmatch(value)
    if found is None:
        return value.replace("♯", "#")
    return f"{_BELOW[found[1]]}{int(found[2]) - (found[1] == 'C')}"


_BY_RULE: Mapping[str, Callable[[str], str]] = {
    "language": _language,
    "native_language": _language,
    "pitch": _pitch,
    "age_group": age_group_named,
}


@lru_cache(maxsize=1 << 16)
def canonical(name: str, value: str) -> str:
    """The one value of the fact `name` for what `value` names; a value that isn't known stays as it is."""
    if name in _BY_RULE:
        return _BY_RULE[name](value)
    tables = TABLES.get(name)
    return (vocabulary(*tables).value(value) or value) if tables else value


def has_canonical(name: str) -> bool:
    """Whether values of a fact may be written in several ways."""
    return name in TABLES or name in _BY_RULE


def alike(name: str, one: str, other: str) -> bool:
    """Whether two values of the fact `name` may both be true of a clip, or mean the same.

    So they are if they are one thing, if one is a kind or a part of the other or shares a kind with it, or if the words
    of one are among the other's; of values that no table knows also if the head noun of one is among the other's words.
    Ages are alike where they overlap. Languages may be given by code or by name.
    """
    return one == other or (_alike(name, one, other) if one < other else _alike(name, other, one))


@lru_cache(maxsize=1 << 18)
def _alike(name: str, one: str, other: str) -> bool:
    if name == "age_group" and (first := age_span(one)) and (second := age_span(other)):
        return first[0] < second[1] and second[0] < first[1]
    if name in ("language", "native_language"):
        one, other = (LANGUAGES.get(value.partition("-")[0], value) for value in (one, other))
    else:
        one, other = canonical(name, one), canonical(name, other)
    words, others = form(one), form(other)
    if one == other or name in _EXACT or not (words and others):
        return one == other
    if name == "text":
        return words == others
    known = 0
    if name in TABLES:
        table = vocabulary(*TABLES[name])
        known = (one in table.above) + (other in table.above)
        if table.related(one, other):
            return True
    if words <= others or others <= words:
        return True
    return known < 2 and name in _PHRASES and (head(one) in others or head(other) in words)


def most_specific(name: str, values: Sequence[str]) -> list[str]:
    """The values without those that another one is a kind of: a guitar and an electric guitar are one thing."""
    if len(values) < 2 or name not in TABLES:
        return [*values]
    above = vocabulary(*TABLES[name]).above
    broader = frozenset().union(*(above.get(value, frozenset()) for value in values))
    return [value for value in values if value not in broader]
