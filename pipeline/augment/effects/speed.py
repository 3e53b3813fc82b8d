"""Speed: played faster or slower, the pitch goes along. Lhotse's own."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from ....distributions import Distribution, draw
from ....section import Within
from ...audio.effects import Drawn, Earlier, Effect, EffectOptions, Miniature
from ..untrue import DEVICE, EXPRESSION, IDENTITY, PACE


class Speed(EffectOptions):
    """`speed: {share: 0.4, factor: {choice: [0.9, 1.1]}}`: played faster (above 1) or slower, the pitch goes along."""

    factor: Annotated[Distribution, Within(0.5, 2.0)]


def _draw(asked: Speed, rng: np.random.Generator, earlier: Earlier) -> Drawn:
    # Two decimals: Lhotse's resampler wants speeds with a large common divisor with 1.
    factor = round(draw(asked.factor, rng), 2)
    return Drawn({"speed": factor}, change=lambda cut: cut.perturb_speed(factor, affix_id=False))


EFFECT = Effect(
    name="speed",
    step="voice",
    place=10,
    options=Speed,
    draw=_draw,
    facts=("speed",),
    untrue=(*IDENTITY, *EXPRESSION, *PACE, *DEVICE),
    alone=True,
    miniature=Miniature({"factor": 1.25}, {"speed": 1.25}, heard_hz=625, seconds=1.6),
)
