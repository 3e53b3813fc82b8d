"""What may be offered beside the right answer: nothing that means the same, is a kind of it, or is true as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...recipes.languages import language_name
from ...recipes.values import alike, canonical
from .task import Facts, Task, plain

_SPOKEN = ("text", "speaker_turns", "speaker_count", "language")
_PLAYED = ("music_genre", "music_tags", "instrument", "instruments")


def _languages(*names: str) -> Callable[[Facts], Iterable[str]]:
    return lambda facts: (language_name(facts[name]) for name in names if name in facts)


def _values(*names: str) -> Callable[[Facts], Iterable[str]]:
    """All values of some facts, lists or not."""

    def found(facts: Facts) -> Iterable[str]:
        for name in names:
            value: Any = facts.get(name)
            yield from value if isinstance(value, list) else () if value is None else (value,)

    return found


def _heard(facts: Facts) -> Iterable[str]:
    """Each sound, whatever fact tells it: a clip of speech with rain mixed in holds rain and speech."""
    yield from _values("sound_events", "noise_type", "instrument", "instruments")(facts)
    if facts.keys() & set(_SPOKEN):
        yield "speech"
    if facts.keys() & set(_PLAYED):
        yield "music"
    for place in _values("scene", "room")(facts):
        yield canonical("sound_events", f"ambience of a {place}")


_TRUE: Mapping[str, Callable[[Facts], Iterable[str]]] = {
    "sound_events": _heard,
    "noise_type": _heard,
    "instrument": _values("instrument", "instruments", "music_tags", "sound_events"),
    "music_genre": _values("music_genre", "music_tags"),
    "scene": _values("scene", "room"),
    "accent": lambda facts: (facts["accent"], *_languages("native_language")(facts)),
    "native_language": lambda facts: (*_languages("native_language")(facts), *_values("accent")(facts)),
    "text": lambda facts: plain(facts["text"]).split(),
}
"""Fact -> what is true of a clip among the values of that fact, where more facts than one tell it."""


def true_of(task: Task, facts: Facts) -> tuple[str, ...]:
    """All that is true of a clip among the labels that could be offered to choose from."""
    found = _TRUE.get(task.facts[0]) if task.facts and not task.options else None
    return tuple(dict.fromkeys(map(plain, found(facts)))) if found else ()


def may_stand_beside(task: Task, option: str, others: Iterable[str]) -> bool:
    """Whether an option differs from all of the others (the right answer, options, what else is true).

    The labels of a closed set are each made to exclude the others.
    """
    if task.options:
        return option not in others
    return not any(alike(task.facts[0], option, other) for other in others)
