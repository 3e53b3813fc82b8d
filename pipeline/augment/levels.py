"""The active speech level of ITU-T P.56: how loud speech is while somebody speaks.

Over a whole clip the pauses count, and a clip with long pauses seems weak. P.56 (12/2011), method B, follows the
envelope of the signal and finds the threshold that lies 15.9 dB below the mean power of all that exceeds it, a pause
shorter than 200 ms being part of the speech. The SNR labels rest on this level, as do those of most published noisy
corpora.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import lfilter

TIME_CONSTANT_S = 0.03
HANGOVER_S = 0.2
MARGIN_DB = 15.9

_THRESHOLDS = 2.0 ** np.arange(0, -16, -1)
STEP_S = 0.001


@dataclass(frozen=True)
class ActiveLevel:
    """Powers are mean squares of samples. `activity` is the share of the time in which there is speech, 0 to 1."""

    power: float
    full_power: float

    @property
    def activity(self) -> float:
        return self.full_power / self.power

    @property
    def offset_db(self) -> float:
        """By how much the active level exceeds the level over the whole clip; 0 for speech without a pause."""
        return float(10 * np.log10(self.power / self.full_power))


def active_level(samples: NDArray[Any], rate: int) -> ActiveLevel | None:
    """The active level of speech, [time]; None for silence. A clip of 200 ms or less has no room for a pause.

    The envelope is followed in steps of 1 ms instead of samples: the level is the same within 0.01 dB.
    """
    samples = np.asarray(samples, dtype=np.float32)
    full = float(np.vdot(samples, samples)) / max(len(samples), 1)
    if full == 0:
        return None
    block = max(1, round(STEP_S * rate))
    if len(samples) <= HANGOVER_S * rate:
        return ActiveLevel(full, full)
    whole = len(samples) // block * block
    envelope = np.abs(samples[:whole]).reshape(-1, block).mean(axis=1, dtype=np.float64)
    decay = float(np.exp(-block / (rate * TIME_CONSTANT_S)))
    for _ in range(2):
        envelope = lfilter([1 - decay], [1, -decay], envelope)
    hangover = round(HANGOVER_S * rate / block)
    # The filter looks at the step itself and those before it.
    held = maximum_filter1d(envelope, hangover + 1, origin=hangover // 2, mode="constant")
    peak = float(np.abs(samples).max())
    shares = 1 - np.searchsorted(np.sort(held / peak), _THRESHOLDS) / len(held)
    return ActiveLevel(_power_at_margin(full / peak**2, shares) * peak**2, full)


def _power_at_margin(full: float, shares: NDArray[np.float64]) -> float:
    """The mean power of the active time at the threshold that lies `MARGIN_DB` below it; thresholds fall."""
    before: tuple[float, float] | None = None
    level = 10 * np.log10(full)
    for threshold, share in zip(20 * np.log10(_THRESHOLDS), shares, strict=True):
        if share == 0:
            continue
        level = 10 * np.log10(full / share)
        distance = level - threshold
        if distance >= MARGIN_DB:
            if before is not None:
                part = (MARGIN_DB - before[1]) / (distance - before[1])
                level = before[0] + part * (level - before[0])
            break
        before = (level, distance)
    return float(10 ** (level / 10))
