"""Clipping: a device that is overloaded. It comes before what limits the band: it makes new high frequencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from lhotse.augmentation import AudioTransform

from ....distributions import Distribution, draw
from ....section import Within
from ...audio.effects import Drawn, Earlier, Effect, EffectOptions, Miniature
from ...audio.transforms import InPlace, Samples


class Clipping(EffectOptions):
    """`clipping: {share: 0.1, clipped: {uniform: [0.001, 0.05]}}`: the loudest samples, this share of all."""

    clipped: Annotated[Distribution, Within(0.0001, 0.5)]


@dataclass
class CryfishClip(InPlace, AudioTransform):
    """Clips the loudest samples, so that `share` (0 to 1) of all that is loaded lies at the limit.

    What has more zeros than the rest of the share becomes silent.
    """

    share: float

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        given = np.asarray(samples, dtype=np.float32)
        clipped = round(self.share * given.size)
        if clipped == 0:
            return given
        limit = np.partition(np.abs(given), given.size - clipped, axis=None)[given.size - clipped]
        return np.clip(given, -limit, limit)


def _draw(asked: Clipping, rng: np.random.Generator, earlier: Earlier) -> Drawn:
    share = round(draw(asked.clipped, rng), 4)
    return Drawn({"clipped_share": share}, (CryfishClip(share),))


EFFECT = Effect(
    name="clipping",
    step="channel",
    place=20,
    options=Clipping,
    draw=_draw,
    facts=("clipped_share",),
    untrue=("gain_db",),
    # Half of a sine's samples are above 0.71.
    miniature=Miniature({"clipped": 0.5}, {"clipped_share": 0.5}, level_db=-1.4),
)
