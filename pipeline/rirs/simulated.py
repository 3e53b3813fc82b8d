"""Room impulse responses of one simulated shoebox room, heard at several distances.

The early part is the image source method (Allen and Berkley 1979) of pyroomacoustics up to order `MAX_ORDER`. Where
that stops being complete, exponentially decaying Gaussian noise of the same level takes over, the diffuse tail of
Lehmann and Johansson (IEEE TASLP 18(6), 2010): the full image method takes seconds for one long tail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...constants import SAMPLE_RATE

MAX_ORDER = 17
SPEED_OF_SOUND = 343.0
PRE_DIRECT = 40
"""Samples kept before the direct path's peak (2.5 ms): half of pyroomacoustics' fractional delay filter."""

DIRECT_GAIN = 0.9
"""The direct path's gain: its energy is that of a single sample of this height."""

# One thread: float sums then have one order. Image sources are all positive and pile up at 0 Hz, hence the filter.
_SETTINGS = {"num_threads": 1, "rir_hpf_fc": 50.0}

_CROSSFADE = 160
_LEVEL_WINDOW = 480
_CORRECTIONS = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Geometry:
    """A shoebox room, a source, and microphones on one ray from the source. Positions are (x, y, z) in metres."""

    size_m: tuple[float, float, float]
    source_m: tuple[float, float, float]
    direction: tuple[float, float, float]
    distances_m: tuple[float, ...]

    @property
    def microphones_m(self) -> Floats:
        """[microphones, 3]."""
        return np.asarray(np.asarray(self.source_m) + np.outer(self.distances_m, self.direction))


def eyring_absorption(size_m: tuple[float, float, float], rt60_s: float) -> float:
    """The energy absorption of all walls that gives a room this T60 (Eyring 1930, inverted); between 0 and 1."""
    length, width, height = size_m
    volume = length * width * height
    surface = 2 * (length * width + length * height + width * height)
    return float(1 - np.exp(-24 * np.log(10) / SPEED_OF_SOUND * volume / (surface * rt60_s)))


def measure_rt60(rir: NDArray[Any], rate: int = SAMPLE_RATE) -> float:
    """Reverberation time in seconds: T30 of the backward-integrated decay (Schroeder 1965, ISO 3382-1).

    A line is fitted to the decay between -5 and -35 dB and extended to -60 dB. NaN where the response ends before.
    """
    energy = np.cumsum(np.asarray(rir, dtype=np.float64)[::-1] ** 2)[::-1]
    decay = 10 * np.log10(np.maximum(energy / energy[0], 1e-30))
    start, stop = int(np.argmax(decay < -5)), int(np.argmax(decay < -35))
    if stop - start < 2:
        return float("nan")
    slope = np.polyfit(np.arange(start, stop) / rate, decay[start:stop], 1)[0]
    return float(-60 / slope)


def simulate(geometry: Geometry, rt60_s: float, rng: np.random.Generator) -> list[Floats] | None:
    """The impulse responses at the geometry's microphones, one [samples] each.

    Every response starts `PRE_DIRECT` samples before its direct path, which has the gain `DIRECT_GAIN` at any distance.
    So convolving delays nothing, and the distance is in the ratio of direct to reverberant sound; who wants the level
    to fall with it divides by it. (The highest sample alone would not do as the gain: where the direct path arrives
    between two samples it is up to 4 dB lower.) The walls' absorption starts at Eyring's and is corrected until the
    measured T60 is near `rt60_s`.

    Returns None if some reflections add up to more than the direct path, since Lhotse aligns to the highest sample, or
    to more than full scale.
    """
    absorption = eyring_absorption(geometry.size_m, rt60_s)
    noise = [
        rng.standard_normal(int(1.1 * rt60_s * SAMPLE_RATE) + SAMPLE_RATE // 10) for _ in geometry.distances_m
    ]
    for _ in range(_CORRECTIONS):
        responses = _responses(geometry, absorption, rt60_s, noise)
        if responses is None:
            return None
        measured = float(np.mean([measure_rt60(response) for response in responses]))
        if abs(measured / rt60_s - 1) < 0.02:
            break
        absorption = float(1 - (1 - absorption) ** (measured / rt60_s))
    return responses


def _responses(
    geometry: Geometry, absorption: float, rt60_s: float, noise: list[Floats]
) -> list[Floats] | None:
    responses = []
    images = _image_method(geometry, absorption)
    # The first image that is left out has been reflected MAX_ORDER + 1 times along the shortest side.
    complete_s = MAX_ORDER * min(geometry.size_m) / SPEED_OF_SOUND
    for image, distance, tail in zip(images, geometry.distances_m, noise, strict=True):
        expected = PRE_DIRECT + round(distance / SPEED_OF_SOUND * SAMPLE_RATE)
        peak = int(np.argmax(image))
        if abs(peak - expected) > 1:
            return None
        handover = PRE_DIRECT + int(complete_s * SAMPLE_RATE)
        # pyroomacoustics gives an image the height 1 / distance.
        response = _with_tail(image, handover, rt60_s, tail)[peak - PRE_DIRECT :] * (DIRECT_GAIN * distance)
        if response.argmax() != PRE_DIRECT or np.abs(response).max() >= 1:
            return None
        responses.append(response)
    return responses


def _image_method(geometry: Geometry, absorption: float) -> list[Floats]:
    import pyroomacoustics

    room = pyroomacoustics.ShoeBox(
        list(geometry.size_m),
        fs=SAMPLE_RATE,
        materials=pyroomacoustics.Material(absorption),
        max_order=MAX_ORDER,
    )
    room.add_source(list(geometry.source_m))
    room.add_microphone(geometry.microphones_m.T)
    constants = pyroomacoustics.constants
    before = {name: constants.get(name) for name in _SETTINGS}
    try:
        for name, value in _SETTINGS.items():
            constants.set(name, value)
        room.compute_rir()
    finally:
        for name, value in before.items():
            constants.set(name, value)
    return [np.asarray(responses[0], dtype=np.float64) for responses in room.rir]


def _with_tail(image: Floats, handover: int, rt60_s: float, noise: Floats) -> Floats:
    """The image method up to sample `handover`, then noise of the same level that decays by 60 dB in `rt60_s`."""
    start = handover - _CROSSFADE
    decay = np.exp(-3 * np.log(10) / (rt60_s * SAMPLE_RATE) * np.arange(len(noise)))
    window = image[start - _LEVEL_WINDOW : start]
    # Both sides of the ratio see the same decay, so the window may be longer than the crossfade.
    before = np.exp(3 * np.log(10) / (rt60_s * SAMPLE_RATE) * np.arange(_LEVEL_WINDOW, 0, -1))
    level = np.sqrt(np.mean((window / before) ** 2))
    tail = level * noise * decay
    length = max(int(1.1 * rt60_s * SAMPLE_RATE), handover)
    fade = np.linspace(0, np.pi / 2, _CROSSFADE)
    response = np.zeros(length)
    response[:handover] = image[:handover]
    response[start:handover] *= np.cos(fade)
    tail[:_CROSSFADE] *= np.sin(fade)
    end = min(length, start + len(tail))
    response[start:end] += tail[: end - start]
    return response
