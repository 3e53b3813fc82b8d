"""Noise that needs no recording: white, pink, brown, blue and violet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from lhotse.augmentation import AudioTransform
from numpy.typing import NDArray

Colour = Literal["white", "pink", "brown", "blue", "violet"]

SLOPES: dict[str, float] = {"white": 0.0, "pink": -1.0, "brown": -2.0, "blue": 1.0, "violet": 2.0}
"""The power falls or rises with this power of the frequency."""

_LOWEST_HZ = 20.0
_RMS = 0.1
_BLOCK = 4096


@dataclass
class CryfishColouredNoise(AudioTransform):
    """Gaussian noise in place of the samples, as long as they are: the track of a mix that has no file of its own.

    Below 20 Hz, where brown noise would grow without end, the spectrum is flat.
    """

    colour: str
    seed: int

    def __call__(self, samples: NDArray[Any], sampling_rate: int) -> NDArray[Any]:
        rng = np.random.Generator(np.random.PCG64(self.seed))
        # Made in whole blocks: a clip that a resampler made a sample longer gets the same noise.
        wanted = samples.shape[-1]
        length = -(-(wanted + 1) // _BLOCK) * _BLOCK
        noise: NDArray[Any] = rng.standard_normal(length, dtype=np.float32)
        slope = SLOPES[self.colour]
        if slope:
            spectrum = np.fft.rfft(noise)
            frequencies = np.maximum(np.fft.rfftfreq(length, 1 / sampling_rate), _LOWEST_HZ)
            noise = np.fft.irfft(spectrum * (frequencies ** (slope / 2)).astype(np.float32), length)
        rms = max(float(np.sqrt(np.mean(noise**2))), 1e-12)
        return np.broadcast_to((noise * (_RMS / rms)).astype(np.float32)[:wanted], samples.shape).copy()

    def reverse_timestamps(
        self, offset: float, duration: float | None, sampling_rate: int
    ) -> tuple[float, float | None]:
        return offset, duration
