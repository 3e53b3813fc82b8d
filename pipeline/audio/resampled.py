"""Audio at another sampling rate: whole, or as it comes in pieces."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...constants import SAMPLE_RATE


class Resampled:
    """Audio that comes piece by piece, at `rate`, as float32 [time] at 16 kHz or another rate; of soxr's `quality`."""

    def __init__(self, rate: int, wanted: int = SAMPLE_RATE, quality: str = "HQ") -> None:
        self._stream: Any = None
        if rate != wanted:
            import soxr

            self._stream = soxr.ResampleStream(rate, wanted, 1, quality=quality)

    def of(self, samples: NDArray[Any]) -> NDArray[Any]:
        """What the next samples, [time], add; as they are where nothing is to be resampled."""
        if self._stream is None:
            return samples
        piece: NDArray[Any] = self._stream.resample_chunk(np.ascontiguousarray(samples, dtype=np.float32))
        return piece

    def rest(self) -> NDArray[Any]:
        """What was held back; nothing may follow it."""
        if self._stream is None:
            return np.zeros(0, np.float32)
        piece: NDArray[Any] = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        return piece


def resampled(samples: NDArray[np.float32], rate: int, wanted: int) -> NDArray[np.float32]:
    """[..., time] at another sampling rate; the start stays where it is."""
    if rate == wanted:
        return samples
    import soxr

    return np.asarray(soxr.resample(samples.T, rate, wanted).T, dtype=np.float32)
