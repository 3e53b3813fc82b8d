"""Pairs for speaker verification."""

import random
from collections import Counter

import pytest

from cryfish.pipeline.instruct.template.balance import EligibleClip
from cryfish.pipeline.instruct.template.pairs import ClipPair, make_pairs
from cryfish.seeding import rank


def clips(speaker: str, count: int, alike: tuple[str, ...] = (), sources: int = 0) -> list[EligibleClip]:
    return [
        EligibleClip(
            rank(speaker, n), f"{speaker}-{n}", speaker, alike, f"book {n % sources}" if sources else ""
        )
        for n in range(count)
    ]


def speaker(clip: str) -> str:
    return clip.rpartition("-")[0]


def check(pairs: list[ClipPair]) -> Counter[str]:
    """Every pair is labelled right, no clip is used twice; returns how many there are of each label."""
    used = [clip for pair in pairs for clip in pair.clips]
    assert len(used) == len(set(used))
    for label, (first, second) in pairs:
        assert first != second
        assert (label == "same") == (speaker(first) == speaker(second))
    return Counter(pair.label for pair in pairs)


def test_half_of_the_pairs_have_one_speaker() -> None:
    pool = [clip for n in range(40) for clip in clips(f"s{n}", 10)]
    assert check(make_pairs(pool, 100, seed=1)) == {"same": 50, "different": 50}
    assert check(make_pairs(pool, None, seed=1)) == {"same": 100, "different": 100}
    odd = check(make_pairs(pool, 31, seed=1))
    assert sorted(odd.values()) == [15, 16]


def test_the_order_of_the_clips_does_not_matter_and_the_seed_does() -> None:
    pool = [clip for n in range(9) for clip in clips(f"s{n}", 7, (f"g{n % 2}",), sources=3)]
    shuffled = list(pool)
    random.Random(5).shuffle(shuffled)
    assert make_pairs(pool, 20, seed=1) == make_pairs(shuffled, 20, seed=1)
    assert make_pairs(pool, 20, seed=1) != make_pairs(pool, 20, seed=2)


def test_the_order_within_pairs_is_drawn() -> None:
    pool = [clip for n in range(40) for clip in clips(f"s{n}", 10)]
    ahead = sum(pair.clips[0] < pair.clips[1] for pair in make_pairs(pool, None, seed=1))
    assert 70 < ahead < 130


@pytest.mark.parametrize(
    ("sizes", "each"),
    [
        ({"a": 100, "b": 2}, 2),
        ({"a": 2, "b": 2}, 0),  # two clips for one pair leave one speaker
        ({"a": 3, "b": 1}, 1),
        ({"a": 4, "b": 4}, 2),
        ({"a": 50}, 0),
        ({f"s{n}": 1 for n in range(30)}, 0),
        ({"a": 2, "b": 1, "c": 1}, 1),
        ({}, 0),
    ],
)
def test_few_speakers_give_all_the_balanced_pairs_there_are(sizes: dict[str, int], each: int) -> None:
    pool = [clip for name, count in sizes.items() for clip in clips(name, count)]
    counts = check(make_pairs(pool, None, seed=1))
    assert (counts["same"], counts["different"]) == (each, each)


def test_any_mixture_is_used_as_far_as_balance_allows() -> None:
    draws = random.Random(6)
    for _ in range(200):
        sizes = {f"s{n}": draws.randrange(1, 9) for n in range(draws.randrange(2, 7))}
        kinds = {name: (draws.choice("mf"), draws.choice(["en", "de"])) for name in sizes}
        pool = [clip for name, count in sizes.items() for clip in clips(name, count, kinds[name], sources=2)]
        counts = check(make_pairs(pool, None, seed=1))
        best = max(k for k in range(len(pool)) if k == 0 or feasible(dict(sizes), k))
        assert counts["same"] == counts["different"] == best


def feasible(sizes: dict[str, int], count: int) -> bool:
    """Whether `count` pairs of each label can be made: positive ones from the largest speakers."""
    for _ in range(count):
        largest = max(sizes, key=lambda name: sizes[name])
        if sizes[largest] < 2:
            return False
        sizes[largest] -= 2
    left = sum(sizes.values())
    return min(left // 2, left - max(sizes.values())) >= count


def test_negatives_share_gender_and_language_where_they_can() -> None:
    kinds = [("m", "en"), ("f", "en"), ("m", "de"), ("f", "de")]
    pool = [clip for n in range(40) for clip in clips(f"s{n}", 8, kinds[n % 4])]
    kind_of = {clip.clip: clip.match for clip in pool}
    negatives = [pair.clips for pair in make_pairs(pool, 60, seed=1) if pair.label == "different"]
    assert all(kind_of[first] == kind_of[second] for first, second in negatives)


def test_positives_come_from_different_recordings_where_there_are_several() -> None:
    pool = [clip for n in range(10) for clip in clips(f"s{n}", 8, sources=2)]
    source_of = {clip.clip: clip.differ for clip in pool}
    positives = [pair.clips for pair in make_pairs(pool, 20, seed=1) if pair.label == "same"]
    assert all(source_of[first] != source_of[second] for first, second in positives)
    one_source = [clip for n in range(10) for clip in clips(f"s{n}", 8, sources=1)]
    assert check(make_pairs(one_source, 20, seed=1)) == {"same": 10, "different": 10}
