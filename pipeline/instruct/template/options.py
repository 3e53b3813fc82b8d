"""What may be offered beside the right answer: nothing that means the same, is a kind of it, or is true as well."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ....recipes.kit.languages import language_name
from ....recipes.kit.values import alike, canonical
from ....seeding import Draw
from ..tasks.task import Facts, Task, plain
from ..tasks.written import normalised

MOST_OPTIONS = 5

_WEIGHTS = 1 << 16

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
    "text": lambda facts: normalised(facts["text"], facts.get("language", "")).split(),
}
"""Fact -> what is true of a clip among the values of that fact, where more facts than one tell it."""


def may_have_others(task: Task) -> bool:
    """Whether anything but the right answer may be true of a clip among the labels that a task offers."""
    return task.kind == "label" and not task.options and bool(task.facts) and task.facts[0] in _TRUE


def true_of(task: Task, facts: Facts) -> tuple[str, ...]:
    """All that is true of a clip among the labels that could be offered to choose from."""
    if not may_have_others(task):
        return ()
    return tuple(dict.fromkeys(map(plain, _TRUE[task.facts[0]](facts))))


class Offered:
    """The labels that a question may list, each with its word and how often it is met as an answer.

    Were they drawn evenly, a frequent label among the options would more often be the right one.
    """

    def __init__(self, task: Task, labels: Iterable[tuple[str, str, int]]) -> None:
        self.task = task
        by_word: dict[str, str] = {}
        weights: dict[str, int] = {}
        given = [*labels]
        largest = max((count for *_, count in given), default=1)
        for label, word, count in given:
            by_word.setdefault(word, label)
            weights[word] = weights.get(word, 0) + 1 + count * _WEIGHTS // largest
        self._words, self._labels = [*by_word], [*by_word.values()]
        self._known = frozenset(self._labels)
        self._sums = [*itertools.accumulate(weights.values())]

    def beside(self, label: str) -> int:
        """How many other labels there are."""
        return len(self._labels) - (label in self._known)

    def draw(self, label: str, draw: Draw, true: Sequence[str]) -> list[str]:
        """Words for other labels, drawn by their weights; where chance brings too few, those next in line.

        Empty where two of them, or of them and the right one, may be one thing, or one is true of the clip as well:
        then nothing is to be listed. Were others drawn in their place, a label with many relatives (noise) would seldom
        be offered where another is right, and mostly be the right one where it is offered.
        """
        most = min(self.beside(label), MOST_OPTIONS - 1)
        wanted = most if self.task.options else 1 + draw.below(most)
        chosen: list[int] = []

        def take(place: int) -> None:
            if self._labels[place] != label and place not in chosen:
                chosen.append(place)

        for _ in range(8 * wanted):
            take(bisect.bisect_right(self._sums, _below(draw, self._sums[-1])))
            if len(chosen) == wanted:
                break
        for place in range(len(self._labels)):
            if len(chosen) == wanted:
                break
            take(place)
        return (
            [self._words[place] for place in chosen] if self._exclude_each_other(label, chosen, true) else []
        )

    def _exclude_each_other(self, label: str, chosen: Sequence[int], true: Sequence[str]) -> bool:
        """Whether one answer alone is right. The labels of a closed set are made to exclude each other."""
        if self.task.options:
            return True
        fact, labels = self.task.facts[0], [self._labels[place] for place in chosen]
        others = [label, *true]
        for one in labels:
            for other in others:
                if alike(fact, one, other):
                    return False
            others.append(one)
        return True


def _below(draw: Draw, count: int) -> int:
    """As `draw.below`, for larger counts."""
    return draw.below(count) if count < 1 << 24 else (draw.below(1 << 24) * count) >> 24
