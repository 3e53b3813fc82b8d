"""Padding: digital silence around a clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from lhotse import MonoCut
from lhotse.augmentation import AudioTransform
from lhotse.utils import fastcopy

from ....distributions import Distribution, draw
from ....section import Within
from ...audio.effects import Drawn, Earlier, Effect, EffectOptions, Miniature
from ...audio.transforms import Samples
from ..untrue import TIMES


class Padding(EffectOptions):
    """`padding: {share: 0.2, start_s: {uniform: [0, 1]}, end_s: {uniform: [0, 1]}}`: silence around it, in seconds."""

    start_s: Annotated[Distribution, Within(0, 30)] = 0.0
    end_s: Annotated[Distribution, Within(0, 30)] = 0.0


@dataclass
class CryfishPad(AudioTransform):
    """Silence around one stretch of a recording: `before` and `after` in samples, the stretch in seconds.

    The stretch begins at `offset`; with `duration` None it goes to the end. Lhotse doesn't tell a transform which part
    is being loaded, so a padded recording can only be loaded whole.

    Raises:
        ValueError: a part of it is asked for.
    """

    offset: float
    duration: float | None
    before: int
    after: int

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        return np.pad(np.asarray(samples, dtype=np.float32), ((0, 0), (self.before, self.after)))

    def reverse_timestamps(
        self, offset: float, duration: float | None, sampling_rate: int
    ) -> tuple[float, float | None]:
        if offset or duration is not None:
            raise ValueError("a clip with padding is loaded whole; cut it into pieces before it is padded")
        return self.offset, self.duration


def pad(cut: MonoCut, start_s: float, end_s: float) -> MonoCut:
    """The cut with silence before and after it, as a plain cut that is a whole recording of its own."""
    rate = cut.sampling_rate
    before, after = round(start_s * rate), round(end_s * rate)
    whole = cut.start == 0 and cut.num_samples == cut.recording.num_samples
    around = CryfishPad(cut.start, None if whole else cut.duration, before, after)
    samples = before + cut.num_samples + after
    padded = fastcopy(
        cut.recording,
        transforms=[*(cut.recording.transforms or []), around],
        num_samples=samples,
        duration=samples / rate,
    )
    supervisions = [said.with_offset(before / rate) for said in cut.supervisions]
    return fastcopy(cut, recording=padded, start=0.0, duration=samples / rate, supervisions=supervisions)


def _draw(asked: Padding, rng: np.random.Generator, earlier: Earlier) -> Drawn:
    start_s, end_s = (round(draw(seconds, rng), 2) for seconds in (asked.start_s, asked.end_s))
    return Drawn(
        {"padding_start_s": start_s, "padding_end_s": end_s}, change=lambda cut: pad(cut, start_s, end_s)
    )


EFFECT = Effect(
    name="padding",
    step="voice",
    place=40,
    options=Padding,
    draw=_draw,
    facts=("padding_start_s", "padding_end_s"),
    # The padded part of a noisy recording is without its noise.
    untrue=(*TIMES, "full_snr_db", "clipped_share"),
    miniature=Miniature(
        {"start_s": 0.5, "end_s": 1},
        {"padding_start_s": 0.5, "padding_end_s": 1.0},
        level_db=-2.4,
        seconds=3.5,
    ),
)
