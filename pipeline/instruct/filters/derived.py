"""What follows from the numbers of a clip by plain arithmetic: beats from bars, an age from two years, a share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from .known import Known
from .numbers import Quantity

_FACTORS = (60.0, 1 / 60, 3600.0, 1 / 3600, 1000.0, 1 / 1000, 100.0, 1 / 100, 12.0, 1 / 12, 1.0)
_MOST_OPERANDS = 8
_EXACT = 0.01
_METER = re.compile(r"^\s*(\d{1,2})\s*/\s*\d{1,2}\s*$")

Operand = tuple[str, float]
"""A number and its measure."""


def differs(size: Quantity, measure: str, known: Known) -> bool:
    """Whether a size is the sum or the difference of two facts of its measure."""
    same = [low for _, unit, low, high in known.measures if unit == measure and low == high]
    found = (value for a, b in combinations(same, 2) for value in (a + b, abs(a - b)))
    return not size.bound and any(size.covers(value, value) for value in found)


def follows(
    size: Quantity, measure: str, known: Known, asked: Sequence[Quantity] = (), *, alone: bool = True
) -> bool:
    """Whether a size follows from two facts, from one by a change of units, or from one and the question's.

    Without `alone` only from two, put together.
    """
    if size.bound:
        return False
    operands = [(unit, low) for _, unit, low, high in known.measures if low == high]
    if measure in ("", "%", "times"):
        operands += [("", float(length)) for length in known.lengths.values()]
    operands += [(q.measure, q.value) for q in asked if not q.article and not q.vague]
    written = [text for texts in known.values.values() for text in texts]
    operands += [("meter", float(match[1])) for text in written if (match := _METER.match(text))]
    distinct = list(dict.fromkeys(operands))[:_MOST_OPERANDS]
    results = _results(distinct, measure) if alone else _products(distinct, measure)
    return any(size.covers(value, value) for value in results)


def adds_up(size: Quantity, said: Sequence[Quantity], told: Sequence[float] = ()) -> bool:
    """Whether a number is the sum or the difference of two that are said, or of one said and a fact."""
    values = [*(q.value for q in said if not q.article), *told[:_MOST_OPERANDS]]
    sums = [sum(values)] + [result for a, b in combinations(values, 2) for result in (a + b, abs(a - b))]
    return len(values) > 1 and any(abs(size.value - value) < _EXACT for value in sums)


def _results(operands: list[Operand], measure: str) -> Iterator[float]:
    for unit, value in operands:
        if (unit != measure and (unit == "" or measure == "")) or (
            unit != measure and {unit, measure} <= {"bpm", "Hz"}
        ):
            yield from (value * factor for factor in _FACTORS)
    for unit in {unit for unit, _ in operands}:
        same = [value for other, value in operands if other == unit]
        if unit in (measure, "") or not measure:
            yield sum(same)
            for a, b in combinations(same, 2):
                yield from (a + b, abs(a - b))
        for a, b in permutations(same, 2):
            if b and measure in ("", "%", "times", "dB"):
                yield from (a / b, 100 * a / b, 100 * a / (a + b) if a + b else 0.0, 100 * (a - b) / b)
    yield from _products(operands, measure)


def _products(operands: list[Operand], measure: str) -> Iterator[float]:
    """Counts, times and rates, put together as their units allow."""
    counts = [value for unit, value in operands if unit in ("", "meter", "times")]
    times = [value for unit, value in operands if unit == "s" and value]
    rates = [value for unit, value in operands if unit == "bpm" and value]
    meters = [value for unit, value in operands if unit == "meter"] or [4.0]
    speeds = [value / 3.6 for unit, value in operands if unit == "km/h" and value]
    beats = [*counts, *(a * b for a, b in combinations(counts, 2)), *(n * m for n in counts for m in meters)]
    if measure in ("", "s"):
        yield from (60 * n / rate for rate in rates for n in (1.0, *meters, *beats))
        yield from (time * n for time in times for n in counts)
        yield from (time / n for time in times for n in counts if n)
    if measure in ("", "bpm", "times", "Hz", "people"):
        yield from (time * rate / 60 / n for time in times for rate in rates for n in (1.0, *meters))
        yield from (n / time * factor for time in times for n in counts for factor in (1.0, 60.0))
        yield from (n * time / factor for time in times for n in counts for factor in (1.0, 60.0))
        yield from beats
        yield from (a / b for a, b in permutations(counts, 2) if b)
    if measure in ("", "m"):
        lengths = [value for unit, value in operands if unit == "m"]
        yield from (result for a in lengths for n in counts if n for result in (a / n, a * n))
        yield from (a / speed for a in lengths for speed in speeds)
        yield from (speed * time for speed in speeds for time in times)
