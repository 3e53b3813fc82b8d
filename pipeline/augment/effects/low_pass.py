"""Low pass: a device that hears only what lies below."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from ....distributions import Distribution, draw
from ....section import Within
from ...audio.effects import Drawn, Earlier, Effect, EffectOptions, Miniature, narrowest
from ...audio.transforms import CryfishEffect

_ROLLOFF_DB = 48


class LowPass(EffectOptions):
    """`low_pass: {share: 0.2, hz: {uniform: [2000, 6000]}}`: a device that hears only what lies below."""

    hz: Annotated[Distribution, Within(500, 7500)]


def _draw(asked: LowPass, rng: np.random.Generator, earlier: Earlier) -> Drawn:
    hz = round(draw(asked.hz, rng))
    return Drawn(
        {"bandwidth_hz": narrowest(hz, earlier)},
        (CryfishEffect("LowPassFilter", {"cutoff_freq": hz, "rolloff": _ROLLOFF_DB}),),
    )


EFFECT = Effect(
    name="low_pass",
    step="channel",
    place=30,
    drawn_at=0,
    options=LowPass,
    draw=_draw,
    facts=("bandwidth_hz",),
    # In a narrower band the room has another ratio: at 8 kHz its DRR is up to 5 dB off.
    untrue=("gain_db", "drr_db", "c50_db"),
    kind="linear",
    miniature=Miniature({"hz": 2000}, {"bandwidth_hz": 2000}, tone_hz=4000, level_db=-40),
)
