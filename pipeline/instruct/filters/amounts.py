"""Whether a size is so: compared with facts of its measure, with what follows from them, and with the clip's words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .derived import adds_up, differs, follows
from .known import Known, frequencies
from .numbers import Quantity, quantities
from .ordinals import ordinals
from .truth import State
from .words import fold, language_of

_MEASURE_OF = {
    "age": "years", "distance": "m", "snr": "dB", "bpm": "bpm", "count": "people", "rt60": "s", "duration": "s",
}  # fmt: skip
_UNITS = (1.0, 0.3048, 0.0254, 0.01, 60.0, 3600.0, 1000.0)
_SOURCES = {
    "years": ("years", "year"), "m": ("m", "s", "Hz", "km/h", ""), "dB": ("dB", "%", ""),
    "km/h": ("km/h", "m", "s", ""),
    "bpm": ("bpm", "s", "Hz", ""), "Hz": ("Hz", "midi", "bpm", "s", ""), "kbit/s": ("kbit/s", ""), "area": ("m", ""),
    "people": ("people",),
}  # fmt: skip
"""The measures of facts from which a size of a measure may follow; every number where nothing stands here."""


def size_state(
    size: Quantity, known: Known, asked: str | None, of_question: Sequence[Quantity] = ()
) -> State:
    """The state of a size. A bare number is compared with what is asked.

    It is judged where a fact has the same measure, or where no fact has any number from which it could follow.
    """
    measure = size.measure or _MEASURE_OF.get(asked or "", "")
    if measure in ("clock", "degrees", "area", "times", ""):
        prose = _in_prose(size, known)
        if prose is State.FALSE and adds_up(size, _said(known), [low for _, _, low, _ in known.measures]):
            return State.OPEN
        return prose or (
            State.UNTOLD if measure == "area" and not _has_source(measure, known) else State.OPEN
        )
    ranges = known.measured(measure, asked)
    if measure == "Hz":
        ranges = [(f, f) for f in frequencies(known)]
    direct = bool(ranges) and (asked is not None or not size.measure or measure == "Hz")
    if measure == "dB" and ranges:
        ranges = ranges + [(-high, -low) for low, high in ranges]  # `the noise is five decibels louder`
    if ranges:
        held = [size.holds(low, high) if size.bound else size.covers(low, high) for low, high in ranges]
        if any(held):
            return State.TRUE
        if any(h is None for h in held):
            return State.OPEN
    prose = _in_prose(size, known)
    if prose is State.TRUE:
        return prose
    alone = not direct or bool(of_question)
    if differs(size, measure, known) or follows(size, measure, known, of_question, alone=alone):
        return State.OPEN
    if ranges:
        return State.FALSE
    if measure == "people":
        if any(_DESCRIBES.search(key) for key, _ in known.texts):
            return State.OPEN  # those whom a caption names may be counted
        if (size.value == 1 and not size.bound) or known.lengths:
            return State.OPEN
        return State.UNTOLD
    return prose or (State.OPEN if _has_source(measure, known) else State.UNTOLD)


_DESCRIBES = re.compile(r"caption|descri")


def _has_source(measure: str, known: Known) -> bool:
    sources = _SOURCES.get(measure)
    units = [unit if unit or low < 1000 else "year" for _, unit, low, _ in known.measures]
    return bool(units) if sources is None else any(unit in sources for unit in units)


def _said(known: Known) -> list[Quantity]:
    return (
        [q for q in quantities(known.prose, language_of(known.prose)) if not q.article] if known.prose else []
    )


def _in_prose(size: Quantity, known: Known) -> State | None:
    """Whether the clip's words name the number, or only others; None where they name none."""
    if any(abs(size.value / factor - number) < 0.01 for number in known.numbers for factor in _UNITS):
        return State.TRUE
    if not known.prose:
        return None
    language = language_of(known.prose)
    for other in ("en", "de", "es", "fr", "it", "pt", "ru"):
        if any(q.value == size.value and not q.article for q in quantities(known.prose, other)):
            return State.TRUE
    if language not in ("en", "de", "es", "fr", "it", "pt", "ru", "zh", None):
        return State.OPEN
    found = quantities(known.prose, language)
    if size.measure == "%" and not any(q.measure == "%" for q in found):
        return State.OPEN  # a fifth of a kilo
    values = [q.value for q in found if not q.article]
    places = [float(number) for number in ordinals(fold(known.prose), language)]
    values += [*places, *(100 * (place - 1) for place in places)]  # also the years of a century
    count = len(values) - len(places)
    values += _spelled([q.value for q in found])
    parts = re.search(
        r"\b(?:half|halb\w*|media|demie?|mezz[oa]|meia|полов\w+|quarter|viertel|quart|пол\w+)\b|半|刻",
        fold(known.prose),
    )
    if parts:
        values += [15, 30, 45, 0.5]
    if size.measure == "clock":
        values += [value - 1 for value in values]  # `quarter to eight` is before eight
    said = {size.value, *(size.value * factor for factor in (1 / 60, 60, 1 / 3600, 100, 1 / 1000))}
    for value in values:
        if any(abs(value - other) < 0.01 or abs(abs(value - other) - 12) < 0.01 for other in said):
            return State.TRUE
        if abs(value) >= 10 and size.covers(value, value):
            return State.TRUE
    if size.value == 1 and any(q.article for q in found):
        return State.TRUE
    if parts and size.measure == "s":
        return State.OPEN  # an hour and a quarter
    return State.FALSE if 0 < count < 4 else State.OPEN if values else None


def _spelled(values: list[float]) -> list[float]:
    """A number said digit by digit: `five five one two`."""
    if len(values) < 2 or any(value != int(value) or value < 0 for value in values):
        return []
    return [float("".join(str(int(value)) for value in values))]
