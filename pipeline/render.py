"""From a lazy Lhotse cut to the samples that go into a shard: 16 kHz, mono, finite, never clipped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from lhotse.cut import Cut, MixedCut, PaddingCut
from numpy.typing import NDArray

from ..recipes.decoding import use_recipe_audio

# A recipe's clips may be AAC or sphere.
use_recipe_audio()

RATE = 16_000
MIN_SAMPLES = 400
"""25 ms, the window of one frame of WavLM and its kin: an encoder makes nothing of less."""

_SAFE_PEAK = 0.99


class BadAudio(Exception):
    """A clip that can't be rendered; the message says why, for the quarantine."""


@dataclass(frozen=True)
class Rendered:
    """A clip's samples, float32 [time] at 16 kHz within [-1, 1], and the gain that was needed to keep them there."""

    samples: NDArray[np.float32]
    peak_gain: float


def render(cut: Cut) -> Rendered:
    """Decodes a cut and applies all that it says is to be done to it.

    A `MonoCut` names its channel; the channels of a `MultiCut` are averaged. Other rates are resampled as Lhotse does
    it, in augmented and clean clips alike: a second resampler would let a model hear which is which. What exceeds full
    scale is scaled down as a whole, so that ratios such as the SNR stay true.

    Raises:
        BadAudio: the audio can't be read, is shorter than 25 ms, is silent, or holds NaN or infinity; or a part of a
            mix is silent, so that its SNR can't be.
    """
    if not cut.has_recording:
        raise BadAudio("has no recording")
    try:
        with _one_thread():
            audio = _load(cut if cut.sampling_rate == RATE else cut.resample(RATE))
    except BadAudio:
        raise
    except Exception as error:  # lhotse and its backends raise whatever they like on a broken file
        raise BadAudio(f"can't be read ({_first_line(error)})") from error
    samples = np.ascontiguousarray(audio.mean(axis=0), dtype=np.float32)
    if len(samples) < MIN_SAMPLES:
        raise BadAudio(f"is too short: {len(samples)} samples at 16 kHz, fewer than {MIN_SAMPLES}")
    peak = float(np.abs(samples).max())
    if not np.isfinite(peak):
        raise BadAudio("holds NaN or infinity")
    if peak == 0:
        raise BadAudio("is silent: every sample is zero")
    gain = _SAFE_PEAK / peak if peak > 1 else 1.0
    return Rendered(samples if gain == 1 else samples * np.float32(gain), gain)


@contextmanager
def _one_thread() -> Iterator[None]:
    """The last bits of torch's FFT, and so of a reverberant clip, change with the number of threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _load(cut: Cut) -> NDArray[Any]:
    """[channels, time]."""
    if not isinstance(cut, MixedCut) or cut.transforms or any(track.mute for track in cut.tracks):
        return np.asarray(cut.load_audio())
    # The tracks one by one, since a silent one would make Lhotse pass over the SNR without a word.
    parts = cut.load_audio(mixed=False)
    ratios = any(track.snr is not None for track in cut.tracks)
    for track, part in zip(cut.tracks, parts, strict=True):
        audible = isinstance(track.cut, PaddingCut) or bool(part.any())
        if ratios and not audible:
            raise BadAudio(f"its part {track.cut.id} is silent, so the SNR of the mix can't be as labelled")
    mixed = sum(parts[1:], start=parts[0])
    return np.asarray(mixed)[:, : cut.num_samples]


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
