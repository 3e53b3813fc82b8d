"""From a lazy Lhotse cut to the samples that go into a shard: 16 kHz, mono, finite, never clipped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from lhotse.cut import Cut
from numpy.typing import NDArray

from ...constants import SAMPLE_RATE
from .load import load_samples
from .transforms import SilentPart

MIN_SAMPLES = 400
"""25 ms, the window of one frame of WavLM and its kin: an encoder makes nothing of less."""

RENDERED = ("peak_gain_db",)
"""The facts that rendering may add."""

_SAFE_PEAK = 0.99


class BadAudio(Exception):
    """A clip that can't be rendered; the message says why, for the quarantine."""


@dataclass(frozen=True)
class Rendered:
    """A clip's samples, float32 [time] at 16 kHz within [-1, 1], and the gain that was needed to keep them there."""

    samples: NDArray[np.float32]
    peak_gain: float

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    @property
    def facts(self) -> dict[str, Any]:
        """What became of the clip on the way: by how much it was turned down, if it was."""
        return {} if self.peak_gain == 1 else {"peak_gain_db": round(20 * math.log10(self.peak_gain), 2)}


def render(cut: Cut) -> Rendered:
    """Decodes a cut and applies all that it says is to be done to it.

    A `MonoCut` names its channel; the channels of a `MultiCut` are averaged. Other rates are resampled as Lhotse does
    it, in augmented and clean clips alike: a second resampler would let a model hear which is which. What exceeds full
    scale is scaled down as a whole, so that ratios such as the SNR stay true.

    Raises:
        BadAudio: the audio can't be read, is shorter than 25 ms, is silent, or holds NaN or infinity; or a part of a
            mix is silent, so that its SNR can't be.
    """
    return _within_full_scale([_samples(cut)])[0]


def render_together(cuts: Sequence[Cut]) -> list[Rendered]:
    """Renders the clips of one sample. All of them are turned down by what the loudest needs: which is louder is asked.

    Raises:
        BadAudio: as `render`; the message begins with the clip's id.
    """
    clips = []
    for cut in cuts:
        try:
            clips.append(_samples(cut))
        except BadAudio as error:
            raise BadAudio(f"{cut.id}: {error}") from error
    return _within_full_scale(clips)


def _within_full_scale(clips: list[NDArray[np.float32]]) -> list[Rendered]:
    peak = max(_peak(samples) for samples in clips)
    if peak <= 1:
        return [Rendered(samples, 1.0) for samples in clips]
    gain = _SAFE_PEAK / peak
    return [Rendered(samples * np.float32(gain), gain) for samples in clips]


def _peak(samples: NDArray[np.float32]) -> float:
    return max(float(samples.max()), -float(samples.min()))


def _samples(cut: Cut) -> NDArray[np.float32]:
    """[time] at 16 kHz; it may exceed full scale."""
    if not cut.has_recording:
        raise BadAudio("has no recording")
    try:
        audio = load_samples(cut if cut.sampling_rate == SAMPLE_RATE else cut.resample(SAMPLE_RATE))
    except SilentPart as error:
        raise BadAudio(str(error)) from error
    except Exception as error:  # lhotse and its backends raise whatever they like on a broken file
        raise BadAudio(f"can't be read ({_first_line(error)})") from error
    samples: NDArray[np.float32] = audio[0] if len(audio) == 1 else audio.mean(axis=0, dtype=np.float32)
    if len(samples) < MIN_SAMPLES:
        raise BadAudio(f"is too short: {len(samples)} samples at 16 kHz, fewer than {MIN_SAMPLES}")
    peak = _peak(samples)
    if not np.isfinite(peak):
        raise BadAudio("holds NaN or infinity")
    if peak == 0:
        raise BadAudio("is silent: every sample is zero")
    return samples


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
