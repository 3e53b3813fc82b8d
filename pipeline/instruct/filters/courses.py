"""Directions from one side to the other: `left to right`, `von Norden nach Süden`, `справа налево`, turned round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .binary import form_of
from .candidate import Candidate
from .claims import denied_at
from .words import fold

_SIDES: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = (
    (
        ("left", r"left|links|izquierda|gauche|sinistra|esquerda"),
        ("right", r"right|rechts|derecha|droite|destra|direita"),
    ),
    (
        ("north", r"north|norden?|norte|nord|север\w*"),
        ("south", r"south|suden|sud|sur|sul|юг\w?"),
    ),
    (
        ("east", r"east|osten?|este|est|leste|восток\w*"),
        ("west", r"west(?:en)?|oeste|ouest|ovest|запад\w*"),
    ),
    (
        ("front", r"front|vorne?|delante|devant|davanti|frente"),
        ("back", r"back|rear|behind|hinten|atras|arriere|dietro|tras"),
    ),
)  # fmt: skip
_ARTICLE = r"(?:(?:the|la|l'|le|el|der|das|o|a)\s*)?"
_FROM = rf"\b(?:from|von|vom|de|desde|da|dal|dalla|depuis|du|с|со)\s+{_ARTICLE}"
_TO = rf"\b(?:to|towards?|into|nach|gen|a|al|alla|à|au|hacia|vers|verso|para|в|к|на)\s+{_ARTICLE}"
_ADVERBS = (
    ("left", r"слева|从左", r"налево|влево|(?:到|往|向)左"),
    ("right", r"справа|从右", r"направо|вправо|(?:到|往|向)右"),
    ("north", r"从北", r"(?:到|往|向)北"), ("south", r"从南", r"(?:到|往|向)南"),
    ("east", r"从东", r"(?:到|往|向)东"), ("west", r"从西", r"(?:到|往|向)西"),
)  # fmt: skip
_SIDE_OF = r"(?!\w|[\s-]+(?:of|side|von|de|du|d'|hand|wing|ear|channel|speaker|microphone)\b)"


def _patterns() -> Iterator[tuple[str, str, re.Pattern[str], re.Pattern[str]]]:
    """A side, the one across, and how one says that something comes from it or goes to it."""
    adverbs = {side: (come, go) for side, come, go in _ADVERBS}
    for pair in _SIDES:
        for (side, word), (other, across) in (pair, pair[::-1]):
            come, go = adverbs.get(side, (r"(?!)", r"(?!)"))
            # `right to left` without a `from`
            start = rf"\b(?:{word})\b(?=[\s-]*(?:to|bis|nach|→|->|a|à|vers|para)[\s-]+(?:the |la )?(?:{across})\b)"
            yield (
                side, other,
                re.compile(rf"{_FROM}(?:{word}){_SIDE_OF}|{start}|{come}"),
                re.compile(rf"{_TO}(?:{word}){_SIDE_OF}|\b(?:{word})(?:wards?|bound)\b|{go}"),
            )  # fmt: skip


_COURSES = tuple(_patterns())


def _ends(text: str) -> tuple[dict[str, int], dict[str, int]]:
    """The sides a folded text says that something comes from, and those it goes to, with their places."""
    origins = {side: match.start() for side, _, come, _ in _COURSES if (match := come.search(text))}
    goals = {side: match.start() for side, _, _, go in _COURSES if (match := go.search(text))}
    return origins, goals


def turned_course(candidate: Candidate, language: str | None, yes: bool | None) -> str | None:
    """The direction that an answer gives, or says yes to, where the facts have the opposite one."""
    courses = [
        (origin, goal) for value in candidate.facts.values() if isinstance(value, str)
        for origin, goal in [_course(fold(value).replace("_", " "))] if origin and goal
    ]  # fmt: skip
    if len(courses) != 1:
        return None
    origin, goal = courses[0]
    form = form_of(candidate.question)
    text = fold(candidate.answer)
    said = _against(text, origin, goal)
    if said is not None and not denied_at(text, said, said + 1, language):
        return text[said:].strip(" .")
    asked = _against(candidate.asked, origin, goal)
    agreed = yes and form.tests and not form.options
    if agreed and asked is not None and not denied_at(candidate.asked, asked, asked + 1, language):
        return candidate.asked[asked:].strip(" ?.")
    return None


def _course(text: str) -> tuple[str | None, str | None]:
    origins, goals = _ends(text)
    across = {side: other for side, other, _, _ in _COURSES}
    if len(origins) != 1 or len(goals) > 1:
        return None, None
    origin = next(iter(origins))
    return (origin, across[origin]) if not goals or across[origin] in goals else (None, None)


def _against(text: str, origin: str, goal: str) -> int | None:
    """Where a text has something come from where it goes, or go where it comes from, and not also rightly."""
    origins, goals = _ends(text)
    if origin in origins or goal in goals:
        return None
    return origins.get(goal, goals.get(origin))
