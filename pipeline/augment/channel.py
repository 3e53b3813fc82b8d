"""The `channel` step: the device that records a clip and the line that it is sent over, by effects of `effects/`.

They come last, and in physical order: the device's gain, its clipping, its low pass, then a telephone line and a codec.
Each but the gain changes the level too, so that `gain_db` is told where nothing else happens.
"""

from __future__ import annotations

import numpy as np
from lhotse.augmentation import Resample
from lhotse.cut import Cut, MixedCut, MonoCut
from lhotse.utils import fastcopy

from ...constants import SAMPLE_RATE
from ...recipes.kit.facts import with_facts, without_facts
from .ending import true_at_the_end
from .shares import EffectsSettings, draw_effects, facts_of, transforms_of, untrue_after

CHANNEL_FACTS = ("codec", "codec_kbps", "bandwidth_hz", "clipped_share", "gain_db")
"""A clip that has one of these would be contradicted: it went through a channel before."""


def send(cut: Cut, settings: EffectsSettings, rng: np.random.Generator) -> Cut:
    """The cut, at 16 kHz, lazily sent through a channel, with the facts that are then true."""
    happening = draw_effects(settings, rng)
    facts = facts_of(happening)
    if "bandwidth_hz" in facts:
        facts["bandwidth_hz"] = min(facts["bandwidth_hz"], _highest_hz(cut))
    cut = without_facts(true_at_the_end(cut, happening), untrue_after(happening))
    transforms = transforms_of(happening)
    if isinstance(cut, MixedCut):
        return with_facts(fastcopy(cut, transforms=[*(cut.transforms or []), *transforms]), **facts)
    recording = cut.recording.resample(SAMPLE_RATE)
    carried = fastcopy(recording, transforms=[*(recording.transforms or []), *transforms])
    return with_facts(fastcopy(cut, recording=carried, features=None), **facts)


def _highest_hz(cut: Cut) -> int:
    """The highest frequency that a clip can hold: half the lowest rate it had, of the best of its tracks."""
    if isinstance(cut, MixedCut):
        return max(_highest_hz(track.cut) for track in cut.tracks if isinstance(track.cut, MonoCut))
    rates = [
        effect.source_sampling_rate
        for effect in cut.recording.transforms or ()
        if isinstance(effect, Resample)
    ]
    return int(min([cut.sampling_rate, *rates])) // 2
