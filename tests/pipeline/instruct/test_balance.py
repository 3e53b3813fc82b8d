"""Which candidates are kept."""

import random

import pytest

from cryfish.pipeline.instruct.balance import MARGIN, Candidate, Pool, allot, fair_cap, water_level
from cryfish.pipeline.instruct.draws import Draw, rank


def gain(counts: list[int]) -> float:
    """What the best constant answer scores above guessing in proportion."""
    shares = [count / sum(counts) for count in counts]
    return max(shares) - sum(share**2 for share in shares)


def test_water_level_is_the_largest_that_fits() -> None:
    random_counts = random.Random(1)
    for _ in range(200):
        counts = [random_counts.randrange(1, 40) for _ in range(random_counts.randrange(1, 8))]
        total = random_counts.randrange(0, sum(counts) + 1)
        level = water_level(counts, total)
        assert sum(min(count, level) for count in counts) <= total
        if level < max(counts):
            assert sum(min(count, level + 1) for count in counts) > total


def test_no_constant_answer_gains_more_than_the_margin() -> None:
    random_counts = random.Random(2)
    for _ in range(200):
        counts = [int(random_counts.paretovariate(0.7)) for _ in range(random_counts.randrange(2, 12))]
        kept = [min(count, fair_cap(counts)) for count in counts]
        assert gain(kept) <= MARGIN + 1e-9
        if max(kept) < max(counts):
            assert gain([min(count, fair_cap(counts) + 1) for count in counts]) > MARGIN


def test_two_labels_end_near_half() -> None:
    assert allot({"male": 1000, "female": 10}, None, seed=1) == {"female": 10, "male": 12}
    assert allot({"male": 1000, "female": 900}, 500, seed=1) == {"female": 250, "male": 250}


def test_a_very_rare_label_costs_the_others_nothing() -> None:
    assert allot({"male": 1000, "female": 1000, "typo": 1}, None, seed=1) == {
        "female": 1000,
        "male": 1000,
        "typo": 1,
    }


def test_one_label_is_kept_whole() -> None:
    assert allot({"male": 7}, None, seed=1) == {"male": 7}
    assert allot({}, 5, seed=1) == {}


@pytest.mark.parametrize("limit", [1, 2, 7, 50, 99])
def test_the_number_is_exact_while_balance_allows(limit: int) -> None:
    kept = allot({"a": 40, "b": 33, "c": 35}, limit, seed=3)
    assert sum(kept.values()) == limit
    assert max(kept.values()) - min(kept.values()) <= 1 or min(kept.values()) == 33


@pytest.mark.parametrize("floor", [1, 2])
def test_a_pool_forgets_only_what_cannot_be_chosen(floor: int) -> None:
    draws = random.Random(4)
    everyone = [(f"label{min(draws.randrange(30), draws.randrange(30))}", f"clip{n}") for n in range(3000)]
    candidates = [(label, Candidate(rank(clip), clip, label)) for label, clip in everyone]
    limit = 100
    pool = Pool(limit, floor)
    for label, candidate in candidates:
        pool.add(label, candidate)
    counts = allot(pool.seen, limit, seed=4)
    expected = sorted(
        one
        for label, count in counts.items()
        for one in sorted(candidate for other, candidate in candidates if other == label)[:count]
    )
    assert sorted(pool.lowest(counts)) == expected
    assert len(expected) == limit
    assert len(pool.candidates()) <= 2 * limit + 30 * floor
    reverse = Pool(limit, floor)
    for label, candidate in reversed(candidates):
        reverse.add(label, candidate)
    assert sorted(reverse.lowest(counts)) == expected


def test_draws_are_uniform_and_repeatable() -> None:
    counts = [0] * 5
    for number in range(5000):
        counts[Draw(7, number).below(5)] += 1
    assert all(900 < count < 1100 for count in counts)
    assert Draw(7, "x").sample(range(10), 4) == Draw(7, "x").sample(range(10), 4)
    assert sorted(Draw(7, "x").sample(range(10), 10)) == list(range(10))
