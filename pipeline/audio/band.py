"""The band that is heard: 50 Hz to 7 kHz, that of wideband speech (ITU-T G.722, P.341).

Butterworth filters, 3 dB down at the band's ends, falling by 36 dB an octave below and by 24 and more above. Their
impulse response is down to -110 dB after 128 ms, so the signal is convolved with that much of it, by overlapped blocks
and in float32, which is four times as fast as the recursion and differs from it by 110 dB less than the signal.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...constants import SAMPLE_RATE
from .convolution import one_thread, overlap_save

BAND_HZ = (50, 7000)

_ORDERS = (6, 4)
_BLOCK = 8192
_LENGTH = 2049
_HOP = _BLOCK - _LENGTH + 1

Floats = NDArray[Any]


class Band:
    """Passes on what lies within the band, of audio at 16 kHz that comes in pieces.

    It begins as if the first sample had always been there: neither a constant offset nor a rumble that was cut is heard
    as a click.
    """

    def __init__(self) -> None:
        self._offset: float | None = None
        self._before = np.zeros(_LENGTH - 1, np.float32)

    def inside(self, samples: Floats) -> NDArray[np.float32]:
        """What is within the band of the next samples, [time]."""
        if not len(samples):
            return np.zeros(0, np.float32)
        if self._offset is None:
            first = float(samples[0])
            # NaN and infinity are found by who decodes.
            self._offset = first if isfinite(first) else 0.0
        count, known = len(samples), len(self._before)
        with one_thread():
            # Memory of torch's own is aligned always in the same way, and the last bits depend on that.
            padded = torch.zeros(known + -(-count // _HOP) * _HOP)
            room = padded.numpy()
            room[:known] = self._before
            np.subtract(samples, self._offset, out=room[known : known + count], casting="same_kind")
            self._before = room[count : count + known].copy()
            return overlap_save(padded, _spectrum(), _BLOCK, _LENGTH)[:count].numpy()


@lru_cache(maxsize=1)
def _spectrum() -> torch.Tensor:
    from scipy.signal import butter, sosfilt

    sections = [
        butter(order, hz, kind, fs=SAMPLE_RATE, output="sos")
        for order, hz, kind in zip(_ORDERS, BAND_HZ, ("highpass", "lowpass"), strict=True)
    ]
    impulse = np.zeros(_LENGTH)
    impulse[0] = 1
    response = sosfilt(np.concatenate(sections), impulse).astype(np.float32)
    spectrum: torch.Tensor = torch.fft.rfft(torch.from_numpy(response), n=_BLOCK)
    return spectrum
