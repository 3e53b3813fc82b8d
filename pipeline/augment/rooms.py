"""The `room` step's effect: a clip as it sounds in a room, some way off the microphone."""

from __future__ import annotations

from typing import Any, Literal

from lhotse import MonoCut
from lhotse.augmentation import ReverbWithImpulseResponse
from lhotse.utils import fastcopy

from ...constants import SAMPLE_RATE
from ..rirs.rirs import Rir
from ..rirs.simulated import DIRECT_GAIN

Level = Literal["normalised", "inverse"]
"""`normalised`: the clip keeps its power. `inverse`: the direct sound falls as 1 / distance, from the clip's own level
at 1 m, and the reverberation comes on top."""

ROOM_FACTS = ("distance_m", "distance_level", "rt60_s", "drr_db", "c50_db", "room_volume_m3", "room_id")
"""What is known of a clip in a room."""


def facts_in(rir: Rir, level: Level) -> dict[str, Any]:
    """What is known of a clip that is heard through this impulse response."""
    values = (
        rir.distance_m,
        level if rir.distance_m is not None else None,
        rir.rt60_s,
        rir.drr_db,
        rir.c50_db,
        rir.room_volume_m3,
        rir.room,
    )
    return {name: value for name, value in zip(ROOM_FACTS, values, strict=True) if value is not None}


def reverberate(cut: MonoCut, rir: Rir, level: Level = "normalised") -> MonoCut:
    """The cut, at 16 kHz, lazily convolved with a room impulse response.

    Id, length and alignment stay as they are: Lhotse drops what comes before the direct path. Where the distance isn't
    known (of a recorded impulse response) the level can't fall with it, and the power is kept. With `inverse` a near
    source may exceed full scale: nearer than 1 m it is louder than the clip.
    """
    distance = rir.distance_m if level == "inverse" else None
    recording = cut.recording.resample(SAMPLE_RATE).reverb_rir(
        rir.recording, normalize_output=distance is None, affix_id=False, rir_channels=[rir.channel]
    )
    if distance is not None:
        # Lhotse takes impulse responses for 16-bit numbers and scales them down.
        gain = 1 / (ReverbWithImpulseResponse.RIR_SCALING_FACTOR * DIRECT_GAIN * distance)
        recording = recording.perturb_volume(gain, affix_id=False)
    return fastcopy(cut, recording=recording, features=None)
