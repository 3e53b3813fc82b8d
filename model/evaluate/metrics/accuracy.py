"""The share of right answers: those that name the label and no other, or a number that is near enough."""

from __future__ import annotations

from ..metric import Answer, Metric
from ..reading import first_number

RELATIVE_TOLERANCE = 0.1


def within_tolerance(value: float | None, reference: float, tolerance: float | None = None) -> bool:
    """Whether a number is near enough: within `tolerance`, or else within a tenth of the reference."""
    if value is None:
        return False
    allowed = RELATIVE_TOLERANCE * abs(reference) if tolerance is None else tolerance
    return abs(value - reference) <= allowed + 1e-9


def _points(answer: Answer) -> tuple[float, float]:
    if answer.known.kind == "number":
        number = first_number(answer.text, answer.language)
        return float(within_tolerance(number, float(answer.label), answer.known.tolerance)), 1
    return float(answer.known.named(answer.text, answer.template) == {answer.label}), 1


METRIC = Metric(
    "accuracy",
    ("label", "number"),
    _points,
    all_or_nothing=True,
    miniature=(
        ("label", "A dog!", "dog", 1.0),
        ("label", "a dog or a cat", "cat", 0.0),
        ("number", "about 10.5 dB", "10", 1.0),
        ("number", "20", "10", 0.0),
    ),
)
