"""Effects on samples as Lhotse transforms, so that a manifest holds them and replays them.

These are what several effects use; what only one uses stands in its file (pipeline/augment/effects/). Lhotse finds a
transform by its class name, so whoever loads a manifest without us calls `know_transforms` first (effects.py).

All of them take and give float32 [channels, time]. Lhotse tells a transform the rate that the recording has in the end,
so an effect that depends on the rate is put on after the last resampling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from lhotse.augmentation import AudioTransform
from numpy.typing import NDArray

from ...errors import InputError
from .levels import SILENT, active_power, band_power

Samples = NDArray[Any]

AUDIOMENTATIONS = ("BandPassFilter", "ClippingDistortion", "LowPassFilter", "PitchShift")
"""The audiomentations classes that `CryfishEffect` may name: none of them changes the length."""


class SilentPart(ValueError):
    """A part of a mix is silent, so that the SNR of the mix can't be as its manifest says."""


class InPlace:
    """A part of a transform that leaves every sample at its place in time."""

    def reverse_timestamps(
        self, offset: float, duration: float | None, sampling_rate: int
    ) -> tuple[float, float | None]:
        return offset, duration


@dataclass
class CryfishFade(InPlace, AudioTransform):
    """Equal-power fades at the ends of what is loaded, [channels, time]; lengths in seconds."""

    fade_in: float
    fade_out: float

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        faded = np.array(samples, dtype=np.float32)
        rise, fall = (round(seconds * sampling_rate) for seconds in (self.fade_in, self.fade_out))
        if rise:
            faded[:, :rise] *= _quarter_wave(rise)[: faded.shape[1]]
        if fall:
            faded[:, -fall:] *= _quarter_wave(fall)[::-1][max(0, fall - faded.shape[1]) :]
        return faded


@dataclass
class CryfishLevel(InPlace, AudioTransform):
    """Scales what is loaded, [channels, time] at 16 kHz, to a level within the band that is heard (see levels.py).

    `db` is below full scale: the mean power, or with `active` that of the speech while it is active.

    Raises:
        SilentPart: nothing is heard of it, so that it can't be scaled.
    """

    db: float
    active: bool = False

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        given = np.asarray(samples, dtype=np.float32)
        one = given[0] if len(given) == 1 else given.mean(axis=0)
        power = active_power(one) if self.active else band_power(one)
        if power <= SILENT:
            raise SilentPart("speech or noise in it is silent, so the SNR of the mix can't be as labelled")
        # Rounded, so that the last bits of a sum aren't heard of.
        gain_db = round(self.db - 10 * float(np.log10(power)), 4)
        return given * np.float32(10 ** (gain_db / 20))


@dataclass
class CryfishEffect(InPlace, AudioTransform):
    """An audiomentations effect with its parameters fixed (those that audiomentations calls frozen).

    Raises:
        InputError: the effect isn't in `AUDIOMENTATIONS`.
    """

    effect: str
    parameters: dict[str, Any]

    def __post_init__(self) -> None:
        if self.effect not in AUDIOMENTATIONS:
            raise InputError(
                f"CryfishEffect: field 'effect' is {self.effect!r}; use one of {', '.join(AUDIOMENTATIONS)}"
            )

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        import audiomentations

        effect = getattr(audiomentations, self.effect)(p=1.0)
        return apply_frozen(effect, self.parameters, samples, sampling_rate, np.shape(samples)[1])


def apply_frozen(
    effect: Any, parameters: dict[str, Any], samples: Samples, rate: int, length: int
) -> Samples:
    """What an audiomentations effect makes of the samples with these parameters, as [channels, length]."""
    given = np.ascontiguousarray(samples, dtype=np.float32)
    if not given.any():
        return np.zeros((len(given), length), np.float32)
    effect.parameters = {"should_apply": True, **parameters}
    effect.freeze_parameters()
    return fitted(np.asarray(effect(given, rate), dtype=np.float32), length)


def fitted(samples: Samples, length: int) -> Samples:
    """[..., time], cut or filled with zeros at the end to `length` samples."""
    missing = length - samples.shape[-1]
    if missing <= 0:
        return samples[..., :length]
    return np.pad(samples, [(0, 0)] * (samples.ndim - 1) + [(0, missing)])


def _quarter_wave(length: int) -> NDArray[np.float32]:
    return np.sin(np.pi / 2 * (np.arange(length, dtype=np.float32) + 0.5) / length).astype(np.float32)
