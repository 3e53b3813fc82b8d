"""Which candidates are kept."""

import random
from collections import Counter

import pytest

from cryfish.pipeline.instruct.template.balance import MARGIN, SelectionSampling, allot, fair_cap, water_level
from cryfish.seeding import Draw, rank


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
    for _ in range(300):
        counts = [int(random_counts.paretovariate(0.7)) for _ in range(random_counts.randrange(2, 12))]
        labels, cap = fair_cap(counts)
        kept = [min(count, cap) for count in sorted(counts, reverse=True)[:labels]]
        assert labels >= 2
        assert max(kept) / sum(kept) <= 1 / labels + MARGIN + 1e-9 or max(kept) == min(kept)
        # No other number of labels, capped in the same way, would keep more clips.
        for other in range(2, len(counts) + 1):
            some = sorted(counts, reverse=True)[:other]
            best = max(
                sum(min(count, trial) for count in some)
                for trial in range(min(some), max(some) + 1)
                if trial == min(some)
                or trial / sum(min(count, trial) for count in some) <= 1 / other + MARGIN
            )
            assert best <= sum(kept)


def test_two_labels_end_near_half() -> None:
    assert allot({"male": 1000, "female": 10}, None, seed=1) == {"female": 10, "male": 12}
    assert allot({"male": 1000, "female": 900}, 500, seed=1) == {"female": 250, "male": 250}


def test_a_very_rare_label_costs_the_others_nothing() -> None:
    assert allot({"male": 1000, "female": 1000, "typo": 1}, None, seed=1) == {
        "female": 1000,
        "male": 1000,
        "typo": 0,
    }


def test_one_label_is_kept_whole() -> None:
    assert allot({"male": 7}, None, seed=1) == {"male": 7}
    assert allot({}, 5, seed=1) == {}


@pytest.mark.parametrize("limit", [1, 2, 7, 50, 99])
def test_the_number_is_exact_while_balance_allows(limit: int) -> None:
    kept = allot({"a": 40, "b": 33, "c": 35}, limit, seed=3)
    assert sum(kept.values()) == limit
    assert max(kept.values()) - min(kept.values()) <= 1 or min(kept.values()) == 33


def test_a_sample_is_exact_and_even_over_what_comes() -> None:
    draws = random.Random(4)
    everyone = [f"label{min(draws.randrange(30), draws.randrange(30))}" for _ in range(3000)]
    counted = Counter(everyone)
    wanted = allot(counted, 500, seed=4)
    first_half = 0
    for seed in range(20):
        sample = SelectionSampling(counted, wanted)
        taken = [n for n, group in enumerate(everyone) if sample.takes(group, rank(seed, n))]
        assert Counter(everyone[n] for n in taken) == Counter(wanted)
        first_half += sum(n < 1500 for n in taken)
    assert first_half / (20 * 500) == pytest.approx(0.5, abs=0.02)
    assert not SelectionSampling(counted, {}).takes("label0", 0)
    assert not SelectionSampling({}, {"label0": 5}).takes("label0", 0)


def test_draws_are_uniform_and_repeatable() -> None:
    counts = [0] * 5
    for number in range(5000):
        counts[Draw(7, number).below(5)] += 1
    assert all(900 < count < 1100 for count in counts)
    one, other = Draw(7, "x"), Draw(7, "x")
    assert [one.below(1000) for _ in range(500)] == [other.below(1000) for _ in range(500)]
    # More draws than a digest has bits stay uniform.
    long = [Draw(7, "long", number) for number in range(200)]
    assert 0.47 < sum(draw.below(2) for draw in long for _ in range(600)) / 120_000 < 0.53
