"""F1 of the items that an answer names, and those that it should."""

from __future__ import annotations

from collections.abc import Iterable

from ..metric import Answer, Metric
from ..reading import list_items, words


def set_f1(found: Iterable[str], reference: Iterable[str]) -> float:
    """F1 of two sets; 1 when both are empty."""
    found, reference = set(found), set(reference)
    if not found and not reference:
        return 1.0
    return 2 * len(found & reference) / (len(found) + len(reference))


def _points(answer: Answer) -> tuple[float, float]:
    items = {" ".join(words(item)) for item in list_items(answer.label)}
    return set_f1({" ".join(words(item)) for item in answer.known.listed(answer.text)}, items), 1


METRIC = Metric(
    "f1",
    ("list",),
    _points,
    miniature=(("list", "rain and a dog", "dog, rain", 1.0), ("list", "a dog", "dog, rain, wind", 0.5)),
)
