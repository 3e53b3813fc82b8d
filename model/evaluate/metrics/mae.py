"""The mean absolute error of numbers; an answer without a number isn't counted."""

from __future__ import annotations

from ..metric import Answer, Metric
from ..reading import first_number


def _points(answer: Answer) -> tuple[float, float]:
    number = first_number(answer.text, answer.language)
    return (0, 0) if number is None else (abs(number - float(answer.label)), 1)


METRIC = Metric(
    "mae",
    ("number",),
    _points,
    higher_is_better=False,
    miniature=(("number", "about 12 m", "10", 2.0), ("number", "far away", "10", None)),
)
