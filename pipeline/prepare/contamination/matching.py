"""Finds the clips of a set that share a stretch with another clip, by the peaks of both.

Two steps. Three peaks near each other (a peak, and two of those that follow it) make a hash; the hashes of the set are
an index, and where several hashes of a clip point to one place in another, that place is looked at (Wang 2003 takes two
peaks; three collide 128 times less, which a large index needs). There the peaks themselves are compared: how many of
them coincide, against how many do when one clip is shifted by fractions of a second. So two notes of one pitch, whose
peaks lie in the same bands, aren't taken for one recording: they coincide no better in one place than beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .peaks import BANDS, FRAMES_PER_S, Peaks

NEXT = 5
"""So many of the peaks that follow one are its partners."""

MOST_HASHES = 60_000_000
"""Of a larger index only a part of the hashes is kept, chosen by value, so that memory is bounded (some 750 MB)."""

_ARRAYS = ("hashes", "numbers", "frames", "below", "starts", "peak_frames", "peak_bands")
_SOONEST, _LATEST = 2, 63  # frames
_WIDEST = 63  # bands
_LOOKED_AHEAD = 96  # peaks
_VOTES_TO_LOOK = 2
_PLACES_LOOKED_AT = 32
_COINCIDE_FRAMES, _COINCIDE_BANDS = 1, 1
_NEAR = np.array([0, 1, -1, 2])
_BESIDE = np.array([shift for shift in range(-48, 49) if abs(shift) >= 5])


@dataclass(frozen=True)
class SharedStretch:
    """A clip (by its number in the index) that shares a stretch with the one that was asked about.

    `offset` is where, in the other clip, this one's beginning lies, in seconds; they overlap for `seconds`. Of the
    `heard` peaks that they could have in common, `shared` coincide; `surplus` says how far that is above chance, in
    standard deviations.
    """

    clip: int
    offset: float
    seconds: float
    shared: int
    heard: int
    surplus: float

    def told(self) -> str:
        return (
            f"{self.seconds:.1f} s that sound alike, from {self.offset:.1f} s on "
            f"({min(self.shared, self.heard)} of {self.heard} peaks)"
        )


SURE = 5.0
SURE_PEAKS = 20
"""Measured (docs/contamination.md): among twelve million pairs of different recordings none reaches both."""


def is_same(found: SharedStretch) -> bool:
    """Whether two clips surely have a recording in common: much more than chance coincides, and a good part of all."""
    return (
        found.shared >= SURE_PEAKS and found.surplus * math.sqrt(found.shared / max(1, found.heard)) >= SURE
    )


def hashes(peaks: Peaks) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The hashes of a clip, and the frame of each."""
    frames, bands = peaks
    count = len(frames)
    partners = np.full((count, NEXT), -1)
    got = np.zeros(count, np.int64)
    for ahead in range(1, min(count, _LOOKED_AHEAD)):
        later = frames[ahead:] - frames[:-ahead]
        if later.min() > _LATEST:
            break
        fits = (later >= _SOONEST) & (later <= _LATEST) & (got[:-ahead] < NEXT)
        fits &= np.abs(bands[ahead:] - bands[:-ahead]) <= _WIDEST
        which = np.flatnonzero(fits)
        partners[which, got[which]] = which + ahead
        got[which] += 1
    made, places = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
    for first in range(NEXT):
        for second in range(first + 1, NEXT):
            which = np.flatnonzero(partners[:, second] >= 0)
            code = (bands[which] // 2).astype(np.uint64)
            for partner in (partners[which, first], partners[which, second]):
                step = (bands[partner] // 2) << 6 | (frames[partner] - frames[which])
                code = code << np.uint64(13) | step.astype(np.uint64)
            made.append(_mixed(code))
            places.append(frames[which])
    return np.concatenate(made), np.concatenate(places)


def _mixed(code: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """32 well-mixed bits of a number (the finish of splitmix64: Steele, Lea and Flood, OOPSLA 2014)."""
    code = (code ^ (code >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    code = (code ^ (code >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((code ^ (code >> np.uint64(31))) >> np.uint64(32)).astype(np.uint32)


def _sampled(
    made: NDArray[np.uint32], frames: NDArray[np.int64], below: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    if below == 2**32:
        return made, frames
    return made[made < below], frames[made < below]


class PrintIndex:
    """The clips of a set, in which others are looked for: their peaks, and the hashes made of them, in order.

    It is a few arrays, so that it can be written into a folder and shared by all processes that read it there.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays
        self._hashes, self._numbers, self._frames = (arrays[name] for name in ("hashes", "numbers", "frames"))
        self._below = int(arrays["below"][0])
        self._starts = arrays["starts"]

    @classmethod
    def of(cls, clips: Iterable[Peaks], most: int = MOST_HASHES) -> PrintIndex:
        """The index of some clips, who are numbered as they come."""
        below = 2**32  # hashes from here on aren't kept
        kept: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = []
        peaks: list[tuple[NDArray[Any], NDArray[Any]]] = []
        held = 0
        for number, (frames, bands) in enumerate(clips):
            peaks.append((frames.astype(np.int32), bands.astype(np.int16)))
            made, places = _sampled(*hashes((frames, bands)), below)
            kept.append((made, np.full(len(made), number, np.uint32), places.astype(np.uint32)))
            held += len(made)
            while held > most:
                below //= 2
                kept = [tuple(column[row[0] < below] for column in row) for row in kept]  # type: ignore[misc]
                held = sum(len(made) for made, *_ in kept)
        columns = [
            np.concatenate([np.zeros(0, np.uint32), *(row[place] for row in kept)]) for place in range(3)
        ]
        order = np.argsort(columns[0], kind="stable")
        return cls(
            {
                **{
                    name: column[order]
                    for name, column in zip(("hashes", "numbers", "frames"), columns, strict=True)
                },
                "below": np.array([below], np.int64),
                "starts": np.cumsum([0, *(len(frames) for frames, _ in peaks)]),
                "peak_frames": np.concatenate([np.zeros(0, np.int32), *(frames for frames, _ in peaks)]),
                "peak_bands": np.concatenate([np.zeros(0, np.int16), *(bands for _, bands in peaks)]),
            }
        )

    def save(self, folder: Path) -> None:
        for name, array in self._arrays.items():
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def open(cls, folder: Path) -> PrintIndex:
        """As it was saved; what isn't asked for stays on the disk."""
        return cls({name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS})

    def __len__(self) -> int:
        return len(self._starts) - 1

    @property
    def sampled(self) -> float:
        """The share of the hashes that is kept."""
        return self._below / 2**32

    def _clip(self, number: int) -> Peaks:
        rows = slice(int(self._starts[number]), int(self._starts[number + 1]))
        return self._arrays["peak_frames"][rows], self._arrays["peak_bands"][rows]

    def find(self, peaks: Peaks) -> list[SharedStretch]:
        """The clips that share a stretch with this one, the surest first; `is_same` says which are sure enough."""
        best: dict[int, SharedStretch] = {}
        for number, offset in self._places(peaks):
            found = self._compare(peaks, number, offset)
            if number not in best or found.surplus > best[number].surplus:
                best[number] = found
        return sorted(best.values(), key=lambda found: (-found.surplus, found.clip))

    def _places(self, peaks: Peaks) -> list[tuple[int, int]]:
        """The clips and offsets (in frames) to which most hashes point, and at least a few."""
        made, frames = _sampled(*hashes(peaks), self._below)
        first = np.searchsorted(self._hashes, made, "left")
        counts = np.searchsorted(self._hashes, made, "right") - first
        if not counts.any():
            return []
        starts = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        rows = starts + np.arange(counts.sum())
        asked = np.repeat(frames, counts)
        offsets = self._frames[rows].astype(np.int64) - asked
        # One peak makes many hashes, so it is the peaks that are counted; neighbouring offsets are one place.
        found: dict[tuple[int, int], int] = {}
        for phase in (0, 1):
            places = self._numbers[rows].astype(np.int64) << 32 | ((offsets + 2**30 + phase) >> 1)
            order = np.lexsort((asked, places))
            places, peak = places[order], asked[order]
            new = np.ones(len(places), bool)
            new[1:] = (places[1:] != places[:-1]) | (peak[1:] != peak[:-1])
            each, votes = np.unique(places[new], return_counts=True)
            enough = votes >= _VOTES_TO_LOOK
            for place, count in zip(each[enough].tolist(), votes[enough].tolist(), strict=True):
                offset = ((place & (2**32 - 1)) << 1) - phase - 2**30
                found[place >> 32, offset] = count
        ranked = sorted(found, key=lambda place: (-found[place], place))
        return ranked[:_PLACES_LOOKED_AT]

    def _compare(self, peaks: Peaks, number: int, offset: int) -> SharedStretch:
        """How well two clips coincide near an offset, against how well they do beside it."""
        frames, bands = peaks
        others, other_bands = self._clip(number)
        start, end = int(frames[0]) + offset - 50, int(frames[-1]) + offset + 50
        low, high = np.searchsorted(others, [start, end])
        image = np.zeros((end - start + 1, BANDS + 2), bool)
        for up in range(-_COINCIDE_FRAMES, _COINCIDE_FRAMES + 1):
            for across in range(-_COINCIDE_BANDS, _COINCIDE_BANDS + 1):
                rows = np.clip(others[low:high] - start + up, 0, len(image) - 1)
                image[rows, other_bands[low:high] + 1 + across] = True
        place = frames + offset - start

        def coinciding(shifts: NDArray[np.int64]) -> NDArray[np.int64]:
            some = [part[:, None] + place for part in np.array_split(shifts, 1 + len(place) // 10_000)]
            return np.concatenate([image[rows, bands + 1].sum(axis=1) for rows in some])

        near = coinciding(_NEAR)
        best = int(near.argmax())
        shared, shift = int(near[best]), int(_NEAR[best])
        beside = coinciding(_BESIDE)
        first, last = (
            max(int(frames[0]) + offset, int(others[0])),
            min(int(frames[-1]) + offset, int(others[-1])),
        )
        heard = int(((frames + offset >= first) & (frames + offset <= last)).sum())
        surplus = (shared - beside.mean()) / max(1.0, float(np.sqrt(beside.mean())), float(beside.std()))
        return SharedStretch(
            number,
            (offset + shift) / FRAMES_PER_S,
            (last - first + 1) / FRAMES_PER_S,
            shared,
            heard,
            float(surplus),
        )
