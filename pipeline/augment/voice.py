"""The `voice` step: the voice itself is changed, before any room or noise, by effects of `effects/`.

The facts that an effect makes untrue, or no longer known, are taken off the clip: a voice at another pitch isn't known
to be that speaker's any more, nor of that gender, age or emotion.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from lhotse import MonoCut
from lhotse.utils import fastcopy

from ...constants import SAMPLE_RATE
from ...recipes.kit.facts import without_facts
from .shares import EffectsSettings, draw_effects, facts_of, untrue_after

VOICE_FACTS = ("speed", "tempo", "pitch_shift_semitones", "padding_start_s", "padding_end_s")
"""A clip that has one of these would be contradicted: its voice was changed before."""


def change_voice(
    cut: MonoCut, settings: EffectsSettings, rng: np.random.Generator
) -> tuple[MonoCut, dict[str, Any]]:
    """The cut, at 16 kHz, lazily changed, and the facts that are now true of it (not yet written on it).

    Id, recording and channel stay; the times of the cut and of its supervisions follow the change. The facts that an
    effect makes untrue are gone from the cut.
    """
    happening = draw_effects(settings, rng)
    changed = fastcopy(cut, recording=cut.recording.resample(SAMPLE_RATE), features=None)
    for _, drawn in happening:
        if drawn.change is not None:
            changed = drawn.change(changed)
        else:
            transforms = [*(changed.recording.transforms or []), *drawn.transforms]
            changed = fastcopy(changed, recording=fastcopy(changed.recording, transforms=transforms))
    return without_facts(changed, untrue_after(happening)), facts_of(happening)
