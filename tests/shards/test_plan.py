import time

import numpy as np
import pytest

from cryfish.errors import InputError
from cryfish.shards import Budget, Index, Plan, make_plan
from cryfish.shards.index import Shard

BUDGET = Budget(audio_seconds=120, tokens=2048)


def made_up(examples: int, shards: int, per_sample: int = 2) -> Index:
    """An index without files: samples of 0.5 to some 40 seconds."""
    rng = np.random.default_rng(0)
    samples = examples // per_sample
    return Index(
        shards=tuple(Shard(f"{number}.tar", 1, samples // shards) for number in range(shards)),
        tasks=("asr", "gender", "snr"),
        sample=np.repeat(np.arange(samples, dtype=np.int32), per_sample),
        instruction=np.tile(np.arange(per_sample, dtype=np.int32), samples),
        task=rng.integers(0, 3, examples).astype(np.int16),
        origin=np.zeros(examples, np.int8),
        text_bytes=rng.integers(40, 300, examples).astype(np.int32),
        shard=(np.arange(samples) * shards // samples).astype(np.int32),
        json_offset=np.zeros(samples, np.int64),
        json_size=np.ones(samples, np.int64),
        json_crc32=np.zeros(samples, np.uint32),
        clip_start=np.arange(samples + 1),
        key_start=np.zeros(samples + 1, np.int64),
        key_bytes=b"",
        clip_offset=np.zeros(samples, np.int64),
        clip_size=np.ones(samples, np.int64),
        clip_crc32=np.zeros(samples, np.uint32),
        clip_frames=(rng.gamma(3, 2.5, samples) * 16_000 + 8_000).astype(np.int64),
    )


INDEX = made_up(30_000, 40)


def padded(plan: Plan, values: np.ndarray) -> np.ndarray:
    return np.array([values[rows].max() * len(rows) for rows in plan])


@pytest.mark.parametrize("world_size", [1, 3, 8, 64])
def test_each_example_comes_once_within_the_budget_and_ranks_are_even(world_size: int) -> None:
    plan = make_plan(INDEX, BUDGET, seed=1, epoch=0, world_size=world_size)
    assert sorted(plan.rows.tolist()) == list(range(len(INDEX)))
    assert (len(plan.refused), plan.repeated) == (0, 0)
    assert padded(plan, BUDGET.example_tokens(INDEX)).max() <= BUDGET.tokens
    assert padded(plan, INDEX.seconds()).max() <= BUDGET.audio_seconds
    ranks = [plan.for_rank(rank, world_size) for rank in range(world_size)]
    assert {len(rank) for rank in ranks} == {len(plan) // world_size}
    assert all(np.array_equal(rank[2], plan[2 * world_size + number]) for number, rank in enumerate(ranks))
    steps = plan.cost.reshape(-1, world_size)
    assert (steps.max(axis=1) / steps.mean(axis=1)).mean() < 1.12


def test_padding_is_low_and_micro_batches_are_full() -> None:
    plan = make_plan(INDEX, BUDGET, seed=1, epoch=0)
    for values in (BUDGET.example_tokens(INDEX), INDEX.seconds()):
        assert values.sum() / padded(plan, values).sum() > 0.85
    shares = np.maximum(
        padded(plan, BUDGET.example_tokens(INDEX)) / BUDGET.tokens,
        padded(plan, INDEX.seconds()) / BUDGET.audio_seconds,
    )
    assert shares.mean() > 0.9


def test_a_plan_is_a_pure_function() -> None:
    first, second = (make_plan(INDEX, BUDGET, 1, 0, world_size=4) for _ in range(2))
    assert first.fingerprint() == second.fingerprint()
    others = [make_plan(INDEX, BUDGET, 2, 0, world_size=4), make_plan(INDEX, BUDGET, 1, 1, world_size=4)]
    assert len({plan.fingerprint() for plan in [first, *others]}) == 3


def test_a_plan_is_the_same_on_every_machine() -> None:
    """Pinned: a change of this value breaks the resuming of runs that began with an earlier version."""
    plan = make_plan(INDEX, BUDGET, 1, 0, weights={"asr": 1.5}, world_size=4, open_shards=8)
    assert plan.fingerprint() == "201f21e1d0616d3e"


def test_reads_stay_within_the_open_shards_and_are_mixed() -> None:
    index = made_up(60_000, 12)
    plan = make_plan(index, BUDGET, seed=1, epoch=0, open_shards=3)
    shard_of = index.shard_of()
    # A stretch sorted by length is as long as a shard (5,000); 1,000 examples can lie in two of them.
    opened = [
        len(set(shard_of[plan.rows[start : start + 1_000]].tolist())) for start in range(0, 60_000, 1_000)
    ]
    assert max(opened) <= 3 + 2
    assert min(opened) >= 3
    one = make_plan(made_up(3_000, 4), BUDGET, seed=1, epoch=0)
    assert abs(one.rows[:1500].mean() - 1500) < 100


def test_weights_repeat_and_thin_out_tasks() -> None:
    plan = make_plan(INDEX, BUDGET, seed=1, epoch=0, weights={"asr": 2.25, "gender": 0})
    times = np.bincount(plan.rows, minlength=len(INDEX))
    asr, gender, snr = (times[INDEX.task == number] for number in range(3))
    assert set(asr.tolist()) == {2, 3}
    assert asr.mean() == pytest.approx(2.25, abs=0.02)
    assert (gender.max(), snr.min(), snr.max()) == (0, 1, 1)
    again = make_plan(INDEX, BUDGET, seed=1, epoch=1, weights={"asr": 2.25, "gender": 0})
    assert not np.array_equal(np.bincount(again.rows, minlength=len(INDEX)), times)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"emotion": 1.0}, "no example has the task 'emotion'"),
        ({"asr": -1.0}, "'asr' must be a number from 0 up"),
        ({"asr": float("nan")}, "'asr' must be a number from 0 up"),
        ({"asr": 0, "gender": 0, "snr": 0}, "nothing to train on"),
    ],
)
def test_wrong_weights_are_one_sentence(weights: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        make_plan(INDEX, BUDGET, 1, 0, weights=weights)


def test_long_examples_go_alone_and_too_long_ones_are_listed() -> None:
    budget = Budget(audio_seconds=15, tokens=100_000)
    plan = make_plan(INDEX, budget, 1, 0)
    seconds = INDEX.seconds()
    assert np.array_equal(plan.refused, np.flatnonzero(seconds > 30))
    assert sorted([*plan.rows.tolist(), *plan.refused.tolist()]) == list(range(len(INDEX)))
    assert all(len(rows) == 1 for rows in plan if seconds[rows].max() > 15)
    with pytest.raises(InputError, match="30000 exceed 2 budgets"):
        make_plan(INDEX, Budget(0.1, 10), 1, 0)
    with pytest.raises(InputError, match="'tokens' must be above 0"):
        Budget(10, 0)


def test_fewer_examples_than_ranks_repeats_and_says_so() -> None:
    small = made_up(10, 1)
    plan = make_plan(small, BUDGET, 1, 0, world_size=8)
    assert (len(plan), plan.repeated) == (8, 0)
    assert sorted(plan.rows.tolist()) == list(range(10))
    plan = make_plan(small, BUDGET, 1, 0, world_size=16)
    assert (len(plan), plan.repeated) == (16, 6)
    assert set(plan.rows.tolist()) == set(range(10))
    plan = make_plan(small, BUDGET, 1, 0, world_size=64)
    assert (len(plan), plan.repeated) == (64, 54)


def test_a_plan_is_a_sequence() -> None:
    plan = make_plan(INDEX, BUDGET, 1, 0)
    assert len(list(plan)) == len(plan)
    assert np.array_equal(plan[-1], plan[len(plan) - 1])
    with pytest.raises(IndexError):
        plan[len(plan)]


def test_a_large_epoch_is_planned_in_seconds() -> None:
    index = made_up(400_000, 100)
    start = time.perf_counter()
    make_plan(index, BUDGET, 1, 0, world_size=8)
    assert time.perf_counter() - start < 5
