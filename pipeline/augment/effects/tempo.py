"""Tempo: spoken faster or slower at the same pitch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from lhotse import MonoCut
from lhotse.augmentation.torchaudio import Tempo as LhotseTempo
from lhotse.utils import fastcopy, perturb_num_samples

from ....distributions import Distribution, draw
from ....errors import InputError
from ....section import Within
from ...audio.effects import Drawn, Earlier, Effect, EffectOptions, Miniature
from ...audio.transforms import Samples, apply_frozen
from ..untrue import EXPRESSION, PACE

_LIMIT = 0.5, 2.0


class Tempo(EffectOptions):
    """`tempo: {share: 0.3, factor: {uniform: [0.8, 1.25]}}`: spoken faster (above 1) or slower at the same pitch."""

    factor: Annotated[Distribution, Within(*_LIMIT)]


@dataclass
class CryfishTempo(LhotseTempo):
    """Plays faster (`factor` above 1) or slower at the same pitch, by the time stretch of audiomentations.

    The length is Lhotse's for this factor. Lhotse's own `Tempo` needs torchaudio and SoX. Below half the tempo the time
    stretch draws random numbers and wouldn't replay.

    Raises:
        InputError: the factor is below 0.5 or above 2.
    """

    def __post_init__(self) -> None:
        if not _LIMIT[0] <= self.factor <= _LIMIT[1]:
            raise InputError(f"CryfishTempo: field 'factor' is {self.factor:g}; keep it between 0.5 and 2")

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        from audiomentations import TimeStretch

        effect = TimeStretch(leave_length_unchanged=False, p=1.0)
        length = perturb_num_samples(np.shape(samples)[1], self.factor)
        return apply_frozen(effect, {"rate": self.factor}, samples, sampling_rate, length)


def _draw(asked: Tempo, rng: np.random.Generator, earlier: Earlier) -> Drawn:
    factor = round(draw(asked.factor, rng), 2)
    return Drawn({"tempo": factor}, change=lambda cut: _at_tempo(cut, factor))


def _at_tempo(cut: MonoCut, factor: float) -> MonoCut:
    """Lhotse reckons the times; the last transform is replaced by one that needs no SoX."""
    changed = cut.perturb_tempo(factor, affix_id=False)
    transforms = [*changed.recording.transforms[:-1], CryfishTempo(factor)]
    return fastcopy(changed, recording=fastcopy(changed.recording, transforms=transforms))


EFFECT = Effect(
    name="tempo",
    step="voice",
    place=20,
    options=Tempo,
    draw=_draw,
    facts=("tempo",),
    untrue=(*EXPRESSION, *PACE, "clipped_share"),
    alone=True,
    miniature=Miniature({"factor": 0.8}, {"tempo": 0.8}, seconds=2.5),
)
