"""Which clips are kept: exact numbers, labels in balance, in memory that doesn't grow with the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ....seeding import rank

MARGIN = 0.05


class EligibleClip(NamedTuple):
    """A clip that can serve a task, where clips are put together. A choice doesn't depend on the order of input."""

    rank: int
    clip: str
    label: str
    match: tuple[str, ...] = ()
    differ: str = ""
    amounts: tuple[float, ...] = ()


class SelectionSampling:
    """So many members of each group, chosen as they come by, without remembering any of them.

    Selection sampling (Knuth, TAOCP 3.4.2, algorithm S): a member is taken with the probability of what is still wanted
    over what is still to come. The numbers are exact when as many come as were counted.
    """

    def __init__(self, counted: Mapping[str, int], wanted: Mapping[str, int]) -> None:
        self._coming = dict(counted)
        self._wanted = {group: min(count, counted.get(group, 0)) for group, count in wanted.items()}

    def takes(self, group: str, number: int) -> bool:
        """Whether to take a member; `number`, from 0 to 2^64 - 1, is as good as drawn."""
        wanted, coming = self._wanted.get(group, 0), self._coming.get(group, 0)
        if coming <= 0:
            return False
        self._coming[group] = coming - 1
        if not wanted or number * coming >= wanted << 64:
            return False
        self._wanted[group] = wanted - 1
        return True


def water_level(counts: Iterable[int], total: int) -> int:
    """The largest level for which the groups, each filled to the level or to its count, hold at most `total`."""
    ordered = sorted(counts)
    for position, count in enumerate(ordered):
        left = len(ordered) - position
        if count * left > total:
            return total // left
        total -= count
    return ordered[-1] if ordered else 0


def fair_cap(counts: Iterable[int], margin: float = MARGIN) -> tuple[int, int]:
    """How many of the most frequent labels are kept, and the most that each of them may keep.

    Of n labels the best constant answer may score 1/n + `margin`. A label that is so rare that it would hold down all
    others is left out: the number of labels is the one that keeps most clips, the larger where two do.
    """
    ordered = sorted(counts, reverse=True)
    best, chosen = 0, (len(ordered), ordered[0] if ordered else 0)
    whole = _sums(ordered)
    for labels in range(2, len(ordered) + 1):
        cap = _highest_cap(ordered, whole, labels, 1 / labels + margin)
        kept = _kept(ordered, whole, labels, cap)
        if kept >= best:
            best, chosen = kept, (labels, cap)
    return chosen


def _sums(ordered: Sequence[int]) -> list[int]:
    sums = [0]
    for count in ordered:
        sums.append(sums[-1] + count)
    return sums


def _kept(ordered: Sequence[int], whole: Sequence[int], labels: int, cap: int) -> int:
    """The first labels, each up to the cap."""
    low, high = 0, labels
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] > cap:
            low = middle + 1
        else:
            high = middle
    return low * cap + whole[labels] - whole[low]


def _highest_cap(ordered: Sequence[int], whole: Sequence[int], labels: int, share: float) -> int:
    """The cap can't be below the rarest label's count: there all are equal."""
    low, high = ordered[labels - 1], ordered[0]
    while low < high:
        middle = (low + high + 1) // 2
        if middle <= share * _kept(ordered, whole, labels, middle):
            low = middle
        else:
            high = middle - 1
    return low


def allot(counts: Mapping[str, int], limit: int | None, seed: int, margin: float = MARGIN) -> dict[str, int]:
    """How many of each label are kept: filled evenly like water up to `limit` in all, none above `fair_cap`.

    What an even level leaves over goes, one each, to labels drawn by rank. A label too rare for balance keeps none.
    """
    labels, cap = fair_cap(counts.values(), margin)
    frequent = sorted(counts, key=lambda label: (-counts[label], label))[:labels]
    fit = {label: counts[label] for label in sorted(frequent)}
    none = dict.fromkeys(sorted(counts.keys() - fit.keys()), 0)
    kept = {label: min(count, cap) for label, count in fit.items()}
    if limit is None or sum(kept.values()) <= limit:
        return kept | none
    level = water_level(fit.values(), limit)
    kept = {label: min(count, level) for label, count in fit.items()}
    fuller = sorted((label for label in kept if fit[label] > level), key=lambda label: rank(seed, label))
    for label in fuller[: limit - sum(kept.values())]:
        kept[label] += 1
    return kept | none
