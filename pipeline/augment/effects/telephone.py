"""Telephone: the band of an analogue line, sampled at 8 kHz."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lhotse.augmentation import AudioTransform

from ...audio.effects import Drawn, Earlier, Effect, EffectOptions, Miniature, narrowest
from ...audio.resampled import resampled
from ...audio.transforms import CryfishEffect, InPlace, Samples, fitted

_BAND_HZ = (300, 3400)  # ITU-T G.712
_RATE = 8_000
_ROLLOFF_DB = 48


class Telephone(EffectOptions):
    """`telephone: {share: 0.2}`: 300 to 3400 Hz, sampled at 8 kHz."""


@dataclass
class CryfishNarrow(InPlace, AudioTransform):
    """Resamples to `rate` (Hz) and back: what lies above half of it is gone. A lower sampling rate stays as it is."""

    rate: int

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        given = np.asarray(samples, dtype=np.float32)
        if self.rate >= sampling_rate:
            return given
        narrow = resampled(resampled(given, sampling_rate, self.rate), self.rate, sampling_rate)
        return fitted(narrow, given.shape[1])


def telephone_line() -> list[AudioTransform]:
    """The telephone band: a Butterworth band pass of 48 dB per octave, then sampling at 8 kHz."""
    low, high = _BAND_HZ
    band = {"center_freq": (low + high) / 2, "bandwidth": high - low, "rolloff": _ROLLOFF_DB}
    return [CryfishEffect("BandPassFilter", band), CryfishNarrow(_RATE)]


def _draw(asked: Telephone, rng: np.random.Generator, earlier: Earlier) -> Drawn:
    return Drawn({"bandwidth_hz": narrowest(_BAND_HZ[1], earlier)}, tuple(telephone_line()))


EFFECT = Effect(
    name="telephone",
    step="channel",
    place=40,
    options=Telephone,
    draw=_draw,
    facts=("bandwidth_hz",),
    # In a narrower band the room has another ratio: at 8 kHz its DRR is up to 5 dB off.
    untrue=("gain_db", "drr_db", "c50_db"),
    kind="linear",
    miniature=Miniature({}, {"bandwidth_hz": 3400}, tone_hz=4500, level_db=-30),
)
