"""Groups of ages as corpora and people write them: `twenties`, `22-40`, `0 to 4 weeks`, `more than 2 years`, `65+`."""

import math
import re
from functools import lru_cache

Span = tuple[float, float]
"""From and to, in years; the end isn't within."""

_DECADES = {
    name: (float(first), float(first - first % 10 + 10))
    for name, first in zip(
        "teens twenties thirties forties fifties sixties seventies eighties nineties".split(),
        (13, *range(20, 100, 10)),
        strict=True,
    )
}
_WORDS: dict[str, Span] = {
    **_DECADES,
    "fourties": _DECADES["forties"],
    "infant": (0, 2),
    "baby": (0, 2),
    "child": (0, 13),
    "teenager": (13, 20),
    "teen": (13, 20),
    "adult": (18, math.inf),
    "young adult": (18, 36),
    "middle-aged": (36, 66),
    "elderly": (60, math.inf),
    "senior": (60, math.inf),
}
_YEARS = {"day": 1 / 365.25, "week": 7 / 365.25, "month": 1 / 12, "year": 1.0}
_UNIT = r"(days?|weeks?|months?|years?)"
_RANGE = re.compile(rf"(\d+)\s*{_UNIT}?\s*(?:-|–|to)\s*(\d+)\s*{_UNIT}?(?: old)?")
_FROM = re.compile(rf"(?:more than|over|from|above|older than|>=?)\s*(\d+)\s*{_UNIT}?|(\d+)\s*\+")
_UNTIL = re.compile(rf"(?:less than|under|below|younger than|<)\s*(\d+)\s*{_UNIT}?|up to (\d+)\s*{_UNIT}?")
_DECADE = re.compile(r"(\d)0'?s")


@lru_cache(maxsize=4096)
def age_span(group: str) -> Span | None:
    """The ages of a group; None if it isn't written in any way that is known.

    Whole years are counted to their end: `22 to 40` ends at the 41st birthday.
    """
    text = group.strip().casefold()
    if text in _WORDS:
        return _WORDS[text]
    if found := _DECADE.fullmatch(text):
        return 10.0 * int(found[1]), 10.0 * int(found[1]) + 10
    if found := _RANGE.fullmatch(text):
        end_unit = found[4] or "years"
        start_unit = found[2] or end_unit
        whole = start_unit.startswith("year") and end_unit.startswith("year")
        return int(found[1]) * _years(start_unit), (int(found[3]) + whole) * _years(end_unit)
    if found := _FROM.fullmatch(text):
        return int(found[1] or found[3]) * _years(found[2]), math.inf
    if found := _UNTIL.fullmatch(text):
        return 0.0, int(found[1] or found[3]) * _years(found[2] or found[4])
    return None


def age_group_named(group: str) -> str:
    """The one way to write a group: decades by their name, ranges of years as `22 to 40`; others as they are."""
    span = age_span(group)
    for name, decade in _DECADES.items():
        if span == decade:
            return name
    found = _RANGE.fullmatch(group.strip().casefold())
    return f"{found[1]} to {found[3]}" if found and not (found[2] or found[4]) else group


def _years(unit: str | None) -> float:
    return _YEARS[(unit or "year").removesuffix("s")]
