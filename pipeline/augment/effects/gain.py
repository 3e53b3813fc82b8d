"""Gain: a device that records too softly."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from lhotse.augmentation import Volume

from ....distributions import Distribution, draw
from ....section import Within
from ...audio.effects import Drawn, Earlier, Effect, EffectOptions, Miniature


class Gain(EffectOptions):
    """`gain: {share: 0.5, db: {uniform: [-20, 0]}}`.

    Not above 0: what exceeds full scale is scaled down when the clip is written, and the label would be false.
    """

    db: Annotated[Distribution, Within(-60, 0)]


def _draw(asked: Gain, rng: np.random.Generator, earlier: Earlier) -> Drawn:
    db = round(draw(asked.db, rng), 1)
    return Drawn({"gain_db": db}, (Volume(factor=10 ** (db / 20)),))


EFFECT = Effect(
    name="gain",
    step="channel",
    place=10,
    options=Gain,
    draw=_draw,
    facts=("gain_db",),
    kind="level",
    miniature=Miniature({"db": -12}, {"gain_db": -12.0}, level_db=-12),
)
