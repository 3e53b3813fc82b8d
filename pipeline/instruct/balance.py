"""Which candidates are kept: exact numbers, labels in balance, in memory that doesn't grow with the corpus."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .draws import rank

MARGIN = 0.05


class Candidate(NamedTuple):
    """A clip that can serve a task. The lowest ranks are chosen, so a choice doesn't depend on the order of input."""

    rank: int
    clip: str
    label: str
    alike: tuple[str, ...] = ()
    apart: str = ""


class Pool:
    """The lowest-ranked candidates of each group (a label, a bin, a speaker): as few as can still matter.

    `limit` is how many will be taken of all groups together (None: all). Groups will be drained evenly (`allot`), so
    no group needs more than the level that `limit` reaches in the counts so far, and that level only falls as more
    come. `floor` is the least that a group keeps; smaller groups don't count for the level (a speaker with one clip
    makes no positive pair). Memory is some 2 x `limit` plus `floor` a group.
    """

    def __init__(self, limit: int | None, floor: int = 1) -> None:
        self.seen: Counter[str] = Counter()
        self._limit = limit
        self._floor = floor
        self._groups: dict[str, list[tuple[int, Candidate]]] = {}
        self._cap = limit
        self._stored = 0
        self._trim_at = 2 * limit if limit is not None else 0

    def add(self, group: str, candidate: Candidate) -> None:
        self.seen[group] += 1
        heap = self._groups.setdefault(group, [])
        entry = (-candidate.rank, candidate)
        if self._cap is None:
            heap.append(entry)
        elif len(heap) < self._cap:
            heapq.heappush(heap, entry)
            self._stored += 1
            if self._stored > self._trim_at:
                self._trim()
        elif entry > heap[0]:
            heapq.heapreplace(heap, entry)

    def _trim(self) -> None:
        assert self._limit is not None
        counts = (count for count in self.seen.values() if count >= self._floor)
        self._cap = max(self._floor, water_level(counts, self._limit) + 1)
        for heap in self._groups.values():
            while len(heap) > self._cap:
                heapq.heappop(heap)
        self._stored = sum(map(len, self._groups.values()))
        self._trim_at = 2 * max(self._limit, self._stored)

    def lowest(self, counts: Mapping[str, int]) -> list[Candidate]:
        """So many candidates of each group, those of the lowest rank."""
        return [
            candidate
            for group, count in counts.items()
            for candidate in sorted(candidate for _, candidate in self._groups[group])[:count]
        ]

    def candidates(self) -> list[Candidate]:
        """All that are kept, in the order of their ranks."""
        return sorted(candidate for heap in self._groups.values() for _, candidate in heap)


def water_level(counts: Iterable[int], total: int) -> int:
    """The largest level for which the groups, each filled to the level or to its count, hold at most `total`."""
    ordered = sorted(counts)
    for position, count in enumerate(ordered):
        left = len(ordered) - position
        if count * left > total:
            return total // left
        total -= count
    return ordered[-1] if ordered else 0


def fair_cap(counts: Iterable[int], margin: float = MARGIN) -> int:
    """The most that any label may keep.

    Caps are tried upwards while the best constant answer, which scores max p, stays within `margin` of what guessing
    in proportion scores, which is the sum of p^2 over the labels' shares p (the maximum and the proportional chance
    criterion). Measured so, a few very rare labels don't pull down the cap of all others: for counts of (1000, 1000, 1)
    nothing is left out, of (1000, 10) the larger label keeps 12.
    """
    ordered = sorted(counts)
    if not ordered:
        return 0
    cap, whole, total, squares = ordered[0], 0, 0, 0
    while cap < ordered[-1]:
        trial = cap + 1
        while ordered[whole] < trial:
            total += ordered[whole]
            squares += ordered[whole] ** 2
            whole += 1
        size = total + (len(ordered) - whole) * trial
        if trial * total - squares > margin * size * size:
            break
        cap = trial
    return cap


def allot(counts: Mapping[str, int], limit: int | None, seed: int, margin: float = MARGIN) -> dict[str, int]:
    """How many of each label are kept: filled evenly like water up to `limit` in all, none above `fair_cap`.

    What an even level leaves over goes, one each, to labels drawn by rank.
    """
    cap = fair_cap(counts.values(), margin)
    kept = {label: min(count, cap) for label, count in sorted(counts.items())}
    if limit is None or sum(kept.values()) <= limit:
        return kept
    level = water_level(counts.values(), limit)
    kept = {label: min(count, level) for label, count in sorted(counts.items())}
    fuller = sorted((label for label in kept if counts[label] > level), key=lambda label: rank(seed, label))
    for label in fuller[: limit - sum(kept.values())]:
        kept[label] += 1
    return kept
