"""Clips put together: which of these is the first one's speaker, and which of two has more of something."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ....seeding import Draw
from .balance import EligibleClip

PLACES = 3
_TRIES = 32


class Chosen(NamedTuple):
    """Clips in the order in which they are heard, and the right answer."""

    label: str
    clips: tuple[str, ...]


def make_choices(candidates: Sequence[EligibleClip], count: int | None, seed: int) -> list[Chosen]:
    """A clip, and three more of which one is by the same speaker: the label is its place, 1 to 3.

    The two of one speaker come from different recordings where there are (`differ`); the others share `match` (gender
    and language) with them where they can. No clip is in two sets. The places are equally frequent.
    """
    by_label: dict[str, list[EligibleClip]] = defaultdict(list)
    for candidate in sorted(candidates):
        by_label[candidate.label].append(candidate)
    # Speakers with many clips lend them as others first, those with two give the pairs.
    queries: list[tuple[EligibleClip, EligibleClip]] = []
    spare: list[EligibleClip] = []
    for clips in by_label.values():
        first, second = _from_two_recordings(clips)
        if second is None:
            spare += clips
            continue
        queries.append((first, second))
        spare += [clip for clip in clips if clip not in (first, second)]
    queries.sort()
    made: list[Chosen] = []
    places = [position % PLACES for position in range(len(queries))]
    while queries and (count is None or len(made) < count):
        query, match = queries.pop(0)
        others = _others(query, spare)
        while len(others) < PLACES - 1 and queries:
            # Too few are left over: a later pair is taken apart.
            spare += queries.pop()
            others = _others(query, spare)
        if len(others) < PLACES - 1:
            break
        for other in others:
            spare.remove(other)
        place = places[len(made)]
        heard = [*others[:place], match, *others[place:]]
        made.append(Chosen(str(place + 1), (query.clip, *(clip.clip for clip in heard))))
    shift = Draw(seed, "places", len(made)).below(PLACES)
    return [_turned(chosen, shift) for chosen in made]


def _turned(chosen: Chosen, shift: int) -> Chosen:
    """The three in another order, so that the places don't follow the order of the ranks."""
    query, *heard = chosen.clips
    heard = heard[-shift:] + heard[:-shift] if shift else heard
    return Chosen(str((int(chosen.label) - 1 + shift) % PLACES + 1), (query, *heard))


def _from_two_recordings(clips: Sequence[EligibleClip]) -> tuple[EligibleClip, EligibleClip | None]:
    first = clips[0]
    rest = clips[1:]
    other = next((clip for clip in rest if clip.differ != first.differ), rest[0] if rest else None)
    return first, other


def _others(query: EligibleClip, spare: Sequence[EligibleClip]) -> list[EligibleClip]:
    """Two clips of two other speakers, those that share most with the query first."""
    chosen: list[EligibleClip] = []
    for shared in range(len(query.match), -1, -1):
        for clip in spare:
            taken = {query.label, *(one.label for one in chosen)}
            if clip.label not in taken and clip.match[:shared] == query.match[:shared]:
                chosen.append(clip)
                if len(chosen) == PLACES - 1:
                    return chosen
    return chosen


def make_comparisons(
    candidates: Sequence[EligibleClip], count: int | None, seed: int, margins: Sequence[float]
) -> list[Chosen]:
    """Pairs that share all of `match` and of which one clip has more by all its `amounts`: which one, 1 or 2.

    Each amount differs by its margin or more. Within a group the lower half (by the first amount) meets the upper half,
    so that the differences are neither all small nor all large. The places are equally frequent. No clip is in two
    pairs.
    """
    groups: dict[tuple[str, ...], list[EligibleClip]] = defaultdict(list)
    for candidate in sorted(candidates):
        groups[candidate.match].append(candidate)
    found = [pair for members in groups.values() for pair in _told_apart(members, margins)]
    found.sort(key=lambda pair: min(pair[0].rank, pair[1].rank))
    made = []
    first = Draw(seed, "first", len(found)).below(2)
    for number, (less, more) in enumerate(found if count is None else found[:count]):
        more_comes_first = (number + first) % 2 == 0
        clips = (more.clip, less.clip) if more_comes_first else (less.clip, more.clip)
        made.append(Chosen("1" if more_comes_first else "2", clips))
    return made


def _told_apart(
    members: list[EligibleClip], margins: Sequence[float]
) -> Iterator[tuple[EligibleClip, EligibleClip]]:
    """Pairs (less, more) of which all amounts say the same; each clip of the lower half tries some of the upper."""
    members.sort(key=lambda clip: (clip.amounts[0], clip.rank))
    half = len(members) // 2
    above = members[len(members) - half :]
    free = list(range(half))
    for position, less in enumerate(members[:half]):
        # Those at the same height in the upper half come first, then those above it.
        start = bisect_left(free, position)
        for place in [*free[start : start + _TRIES], *free[max(0, start - _TRIES) : start][::-1]]:
            more = above[place]
            if all(
                high - low >= margin
                for low, high, margin in zip(less.amounts, more.amounts, margins, strict=True)
            ):
                free.remove(place)
                yield less, more
                break
