"""Pairs of clips for tasks such as speaker verification: as many of the same as of different, no clip in two pairs."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from ....seeding import Draw, rank
from .balance import EligibleClip

Two = tuple[EligibleClip, EligibleClip]


class ClipPair(NamedTuple):
    """Two clips in the order in which they are heard."""

    label: Literal["same", "different"]
    clips: tuple[str, str]


def make_pairs(candidates: Sequence[EligibleClip], count: int | None, seed: int) -> list[ClipPair]:
    """Up to `count` pairs (None: as many as can be) of one role's clips, half of them with equal labels.

    Positive pairs avoid clips that share their `differ` (the recording they were cut from). Negative pairs share all
    of `match` (gender and language) where they can, then its first, then nothing. Where clips run short, there are as
    many of one as of the other; of an odd `count`, the odd one is drawn. The candidates' order doesn't matter.
    """
    by_label: dict[str, list[EligibleClip]] = defaultdict(list)
    for candidate in sorted(candidates):
        by_label[candidate.label].append(candidate)
    wanted = len(candidates) if count is None else count
    positives = wanted // 2 + wanted % 2 * Draw(seed, "odd").below(2)
    negatives = wanted - positives

    takes = _divide({label: len(clips) for label, clips in by_label.items()}, positives, negatives, seed)
    same: list[Two] = []
    rest: list[EligibleClip] = []
    for label, clips in by_label.items():
        chosen, left = _positives(clips, takes.get(label, 0))
        same += chosen
        rest += left
    different = _negatives(rest)[: negatives if len(same) == positives else len(same)]
    return [
        *(ClipPair("same", _ordered(pair, seed)) for pair in same),
        *(ClipPair("different", _ordered(pair, seed)) for pair in different),
    ]


def _ordered(pair: Two, seed: int) -> tuple[str, str]:
    first, second = sorted(candidate.clip for candidate in pair)
    return (second, first) if rank(seed, "order", first, second) % 2 else (first, second)


def _divide(sizes: Mapping[str, int], positives: int, negatives: int, seed: int) -> dict[str, int]:
    """How many positive pairs each label gives, so that what it leaves suffices for as many negative ones.

    They are taken from the label with most clips left, which leaves the most negative pairs to be made.
    """
    left = [(-size, rank(seed, label), label) for label, size in sizes.items()]
    heapq.heapify(left)
    clips = sum(sizes.values())
    takes: dict[str, int] = defaultdict(int)
    for taken in range(positives):
        if not left or -left[0][0] < 2:
            break
        size, order, label = left[0]
        heapq.heapreplace(left, (size + 2, order, label))
        largest = -left[0][0]
        clips -= 2
        if min(clips // 2, clips - largest) < min(negatives, taken + 1):
            break
        takes[label] += 1
    return takes


def _positives(clips: Sequence[EligibleClip], count: int) -> tuple[list[Two], list[EligibleClip]]:
    """`count` pairs of one label's clips, from different recordings as long as there are; and the clips left."""
    if not count:
        return [], list(clips)
    pairs, left = _match(clips, lambda clip: clip.differ)
    chosen, others = pairs[:count], [clip for pair in pairs[count:] for clip in pair]
    missing = count - len(chosen)
    chosen += [(left[2 * i], left[2 * i + 1]) for i in range(missing)]
    return chosen, sorted(others + left[2 * missing :])


def _negatives(clips: Sequence[EligibleClip]) -> list[Two]:
    """As many pairs of different labels as can be made, the hardest first."""
    pairs: list[Two] = []
    left = list(clips)
    for shared in range(max((len(clip.match) for clip in clips), default=0), -1, -1):
        groups: dict[tuple[str, ...], list[EligibleClip]] = defaultdict(list)
        for clip in sorted(left):
            groups[clip.match[:shared]].append(clip)
        left = []
        for group in groups.values():
            matched, unmatched = _match(group, lambda clip: clip.label)
            pairs += matched
            left += unmatched
    # What is left has one label: two of it break up a pair of two others, which makes two pairs of one.
    for position, (one, other) in enumerate(list(pairs)):
        if len(left) < 2:
            break
        if left[0].label not in (one.label, other.label):
            pairs[position] = (left.pop(), one)
            pairs.append((left.pop(), other))
    return pairs


def _match(
    clips: Sequence[EligibleClip], part: Callable[[EligibleClip], str]
) -> tuple[list[Two], list[EligibleClip]]:
    """As many pairs of clips from different parts as can be made, in the order of their ranks; and the clips left.

    With the clips sorted by part and no part larger than half, a clip and the one half of all clips further on are
    from different parts.
    """
    parts: dict[str, list[EligibleClip]] = defaultdict(list)
    for clip in sorted(clips):
        parts[part(clip)].append(clip)
    if not parts:
        return [], []
    largest = max(parts.values(), key=len)
    others = len(clips) - len(largest)
    left = largest[others:]
    del largest[others:]
    if (others + len(largest)) % 2:
        left.append(largest.pop())
    line = [clip for members in parts.values() for clip in members]
    half = len(line) // 2
    return sorted(zip(line[:half], line[half:], strict=True)), sorted(left)
