"""A clip's fingerprint: the peaks of its spectrogram, two bytes each, about 80 bytes a second.

The idea is that of Wang, "An Industrial-Strength Audio Search Algorithm", ISMIR 2003: what stands out in a small
neighbourhood of time and frequency mostly still stands out after a codec, another sampling rate or another level. Audio
is heard at 8 kHz, between 200 and 3,750 Hz, which a telephone passes too; a frame lasts 64 ms, the next begins 16 ms
later. Peaks are found in pieces, so that an hour takes no more memory than a minute.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from ....constants import SAMPLE_RATE as LISTENED
from ...audio.convolution import one_thread
from ...audio.resampled import Resampled

RATE = 8_000
HOP = 128
FRAMES_PER_S = RATE / HOP
BANDS = 227
"""Frequencies that a peak may have: 15.6 Hz each."""

_WINDOW = 512
_LOWEST = 13
_NEAR_FRAMES = 5
_NEAR_BANDS = 8
_FLOOR = np.float32(1e-6)  # of the loudest peak of a piece
_SILENCE = np.float32(1e-7)  # about the noise of 16 bits
_PIECE = 1 << 19  # samples: 66 s
_AT_ONCE = 512  # frames
_ESCAPE = 255
_HANN = torch.hann_window(_WINDOW, periodic=False)

Peaks = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Frames and bands of the peaks, by frame, then band."""


class Ear:
    """Hears audio piece by piece, float32 [time] at `rate`, and tells its peaks in the end."""

    def __init__(self, rate: int) -> None:
        # By 16 kHz, where prepare has been already.
        between = min(rate, LISTENED)
        self._ways = [Resampled(rate, between), Resampled(between, RATE, "LQ")]
        self._waiting: list[NDArray[np.float32]] = []
        self._held = 0
        self._frame = 0  # the first of those waiting
        self._found: list[Peaks] = []

    def hear(self, samples: NDArray[np.float32]) -> None:
        for way in self._ways:
            samples = way.of(samples)
        self._hear(samples)

    def peaks(self) -> Peaks:
        """The peaks of all that was heard; nothing may be heard afterwards."""
        rest = np.zeros(0, np.float32)
        for way in self._ways:
            rest = np.concatenate([way.of(rest), way.rest()])
        self._hear(rest)
        self._listen(self._held)
        frames, bands = (np.concatenate(parts) for parts in zip(*self._found, strict=True))
        return frames, bands

    def _hear(self, samples: NDArray[np.float32]) -> None:
        self._waiting.append(samples)
        self._held += len(samples)
        while self._held >= _PIECE:
            self._listen(_PIECE)

    def _listen(self, count: int) -> None:
        """Finds the peaks of so many samples. What lies near their end is heard again with its other neighbours."""
        samples = np.concatenate(self._waiting) if self._waiting else np.zeros(0, np.float32)
        last, near = count < _PIECE, _NEAR_FRAMES
        power = _powers(samples[:count])
        frames, bands = _peaks_of(power)
        first = near if self._frame else 0
        end = len(power) if last else len(power) - near
        inside = (frames >= first) & (frames < end)
        self._found.append((frames[inside] + self._frame, bands[inside]))
        kept = max(0, end - near)
        self._waiting = [samples[kept * HOP :]]
        self._held = len(self._waiting[0])
        self._frame += kept


def _powers(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The power [frames, bands]."""
    if len(samples) < _WINDOW:
        return np.zeros((0, BANDS), np.float32)
    frames = torch.from_numpy(np.ascontiguousarray(samples, np.float32)).unfold(0, _WINDOW, HOP)
    with one_thread():
        power = torch.empty(len(frames), BANDS)
        for start in range(0, len(frames), _AT_ONCE):
            spectrum = torch.fft.rfft(frames[start : start + _AT_ONCE] * _HANN)
            part = spectrum[:, _LOWEST : _LOWEST + BANDS]
            torch.add(part.real**2, part.imag**2, out=power[start : start + _AT_ONCE])
    return power.numpy()


def _peaks_of(power: NDArray[np.float32]) -> Peaks:
    if not len(power):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    highest = _highest(_highest(power, _NEAR_FRAMES).T, _NEAR_BANDS).T
    frames, bands = np.nonzero((power == highest) & (power > max(power.max() * _FLOOR, _SILENCE)))
    return frames.astype(np.int64), bands.astype(np.int64)


def _highest(power: NDArray[np.float32], near: int) -> NDArray[np.float32]:
    """The highest value within `near` rows of each. Windows are doubled, which is twice as fast as scipy's filter."""
    count = len(power)
    padded = np.zeros((count + 2 * near, power.shape[1]), np.float32)
    padded[near : near + count] = power
    width = 1
    while 2 * width <= 2 * near + 1:
        padded = np.maximum(padded[:-width], padded[width:])
        width *= 2
    rest = 2 * near + 1 - width
    return np.maximum(padded[:count], padded[rest : rest + count])


def pack(peaks: Peaks) -> bytes:
    """Two bytes a peak: the frames since the last one, and the band. 255, 255 stands for 255 frames without one."""
    frames, bands = peaks
    steps = np.diff(frames, prepend=0)
    fillers = steps // _ESCAPE
    packed = np.full((len(frames) + int(fillers.sum()), 2), _ESCAPE, np.uint8)
    places = np.arange(len(frames)) + np.cumsum(fillers)
    packed[places, 0] = steps % _ESCAPE
    packed[places, 1] = bands
    return packed.tobytes()


def unpack(packed: bytes) -> Peaks:
    """What `pack` was given."""
    pairs = np.frombuffer(packed, np.uint8).reshape(-1, 2).astype(np.int64)
    frames = np.cumsum(pairs[:, 0])
    there = pairs[:, 1] != _ESCAPE
    return frames[there], pairs[there, 1]
