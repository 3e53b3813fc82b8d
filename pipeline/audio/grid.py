"""Where a stretch of a recording may begin, so that it can be taken out of the resampled recording.

At a time that is a whole sample at the recording's own rate and at 16 kHz, the stretch of the resampled recording is
the resampled stretch. Elsewhere they lie up to half a sample apart. Of 44.1 kHz such times are 10 ms apart, of 22.05
kHz 20 ms, of 11.025 kHz 40 ms.
"""

from __future__ import annotations

from math import ceil, floor, gcd

import numpy as np

from ...constants import SAMPLE_RATE

_FEWEST = 20
_TOLERANCE = 1e-3  # samples; the times in manifests are rounded


def on_both(seconds: float, rate: int, other: int) -> bool:
    """Whether this time is a whole sample at both rates."""
    places = (seconds * rate, seconds * other)
    return all(abs(place - round(place)) < _TOLERANCE for place in places)


def draw_start(
    start: float, end: float, rate: int, samples: int, rng: np.random.Generator
) -> tuple[float, int] | None:
    """A start between two times of a recording of this rate, and the length at 16 kHz of what begins there.

    It is as long as what is wanted (`samples` at 16 kHz), or else goes to the end. None where nothing can begin. Times
    of odd rates, which hardly ever meet samples at 16 kHz, are any of these samples.
    """
    grid = gcd(rate, SAMPLE_RATE)
    grid = grid if grid >= _FEWEST else SAMPLE_RATE
    first = ceil(start * grid - _TOLERANCE)
    length = min(samples, floor((end - first / grid) * SAMPLE_RATE + _TOLERANCE))
    if length <= 0:
        return None
    last = floor((end - length / SAMPLE_RATE) * grid + _TOLERANCE)
    return (first + int(rng.integers(max(0, last - first) + 1))) / grid, length
