"""Pitch: higher or lower at the same tempo."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from ....distributions import Distribution, draw
from ....section import Within
from ...audio.effects import Drawn, Earlier, Effect, EffectOptions, Miniature
from ...audio.transforms import CryfishEffect
from ..untrue import DEVICE, EXPRESSION, IDENTITY


class Pitch(EffectOptions):
    """`pitch: {share: 0.3, semitones: {uniform: [-4, 4]}}`: higher or lower at the same tempo."""

    semitones: Annotated[Distribution, Within(-12, 12)]


def _draw(asked: Pitch, rng: np.random.Generator, earlier: Earlier) -> Drawn:
    semitones = round(draw(asked.semitones, rng), 1)
    return Drawn(
        {"pitch_shift_semitones": semitones}, (CryfishEffect("PitchShift", {"num_semitones": semitones}),)
    )


EFFECT = Effect(
    name="pitch",
    step="voice",
    place=30,
    options=Pitch,
    draw=_draw,
    facts=("pitch_shift_semitones",),
    untrue=(*IDENTITY, *EXPRESSION, *DEVICE),
    alone=True,
    miniature=Miniature({"semitones": 12}, {"pitch_shift_semitones": 12.0}, heard_hz=1000),
)
