"""The `room` step's effect: a clip as it sounds in a room, some way off the microphone."""

from __future__ import annotations

from lhotse import MonoCut
from lhotse.utils import fastcopy

from .rirs import Rir
from .simulate import RATE


def reverberate(cut: MonoCut, rir: Rir) -> MonoCut:
    """The cut, at 16 kHz, lazily convolved with a room impulse response.

    Id, length and alignment stay as they are (Lhotse drops what comes before the direct path), and so does the power:
    the level of a recording depends on its gain, so it is not made to tell the distance.
    """
    recording = cut.recording.resample(RATE).reverb_rir(rir.recording, normalize_output=True, affix_id=False)
    return fastcopy(cut, recording=recording, features=None)
