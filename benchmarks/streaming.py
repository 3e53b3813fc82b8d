"""Reading speed of planned micro-batches beside plain WebDataset, on the same shards, in one run.

Both shuffle, and decode the FLAC and JSON of every example; each sample has one instruction, so that examples are
the same thing to both. Run: `python benchmarks/streaming.py [folder]`.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import soundfile
import webdataset
from torch.utils.data import DataLoader

from cryfish.shards import (
    Budget,
    ClipRecord,
    EncodedSample,
    Example,
    Index,
    Instruction,
    MicroBatches,
    Plan,
    Sample,
    encode_flac,
    make_plan,
    open_index,
    write_shard,
)
from cryfish.shards.index import Shard

SHARDS, SAMPLES, REPEATS = 8, 250, 3
BUDGET = Budget(audio_seconds=120, tokens=2048)
FIXED_SIZE = 12


def generated(shard: int) -> Iterator[EncodedSample]:
    """Clips of 1 to 25 s that FLAC halves about as it does speech; one instruction each."""
    rng = np.random.default_rng(shard)
    for number in range(SAMPLES):
        frames = int(16_000 * np.clip(rng.gamma(3, 2.5), 1, 25))
        envelope = np.repeat(rng.uniform(0, 0.2, frames // 1600 + 1), 1600)[:frames]
        tone = np.sin(np.arange(frames) * rng.uniform(0.02, 0.3))
        audio = (envelope * (tone + 0.05 * rng.standard_normal(frames))).astype(np.float32)
        name = f"{shard}-{number}"
        answer = "word " * int(rng.integers(2, 60))
        asked = Instruction(name, (name,), "asr", "text", "What is said?", answer, answer, "en", "template")
        clip = ClipRecord(name, frames / 16_000, "made-up", {"language": "en"})
        yield EncodedSample(Sample(name, (clip,), (asked,)), (encode_flac(audio),))


def frames_of(examples: list[Example]) -> list[int]:
    return [len(audio) for example in examples for audio in example.audio]


def flac(extension: str, data: bytes) -> np.ndarray | None:
    return soundfile.read(io.BytesIO(data), dtype="float32")[0] if extension.endswith("flac") else None


def frames_of_sample(sample: dict[str, object]) -> list[int]:
    assert isinstance(sample["flac"], np.ndarray)
    return [len(sample["flac"])]


def timed(batches: Iterable[list[int]]) -> tuple[float, int]:
    start, clips = time.perf_counter(), 0
    for batch in batches:
        clips += len(batch)
    return time.perf_counter() - start, clips


def ours(index: Index, plan: Plan, workers: int) -> Iterable[list[int]]:
    return DataLoader(MicroBatches(index, plan, frames_of), batch_size=None, num_workers=workers)


def theirs(tars: list[str], workers: int) -> Iterable[list[int]]:
    stream = webdataset.WebDataset(tars, shardshuffle=100, seed=0, nodesplitter=webdataset.split_by_node)
    decoded = stream.shuffle(1000).decode(flac).map(frames_of_sample)
    return DataLoader(decoded.batched(FIXED_SIZE, collation_fn=flat), batch_size=None, num_workers=workers)


def flat(batch: list[list[int]]) -> list[int]:
    return [frames for sample in batch for frames in sample]


def best(readers: list[Callable[[], Iterable[list[int]]]], wanted: int) -> list[float]:
    """Examples a second of each reader, the best of a few turns: the machine may be shared."""
    rates = [0.0] * len(readers)
    for _ in range(REPEATS):
        for number, make in enumerate(readers):
            seconds, clips = timed(make())
            assert clips == wanted, (clips, wanted)
            rates[number] = max(rates[number], clips / seconds)
    return rates


def first_batch_ours(folder: Path, start: int) -> float:
    begin = time.perf_counter()
    index = open_index([folder])
    plan = make_plan(index, BUDGET, seed=1, epoch=0)
    next(iter(DataLoader(MicroBatches(index, plan, frames_of, start=start), batch_size=None)))
    return time.perf_counter() - begin


def first_batch_theirs(tars: list[str], examples: int) -> float:
    """WebDataset has no position to go to: it reads again what was seen."""
    begin, seen = time.perf_counter(), 0
    for batch in theirs(tars, 0):
        seen += len(batch)
        if seen > examples:
            break
    return time.perf_counter() - begin


def waste(values: np.ndarray, batches: Iterable[np.ndarray]) -> float:
    """The share of padding when each batch is padded to its longest."""
    return float(1 - values.sum() / sum(values[rows].max() * len(rows) for rows in batches))


def synthetic(examples: int) -> Index:
    rng = np.random.default_rng(0)
    shards = examples // 10_000
    rows, none = np.arange(examples), np.zeros(examples, np.int64)
    return Index(
        shards=tuple(Shard(f"{number}.tar", 1, 10_000) for number in range(shards)),
        tasks=("asr",),
        sample=rows.astype(np.int32),
        instruction=none.astype(np.int32),
        task=none.astype(np.int16),
        origin=none.astype(np.int8),
        text_bytes=rng.integers(40, 300, examples).astype(np.int32),
        shard=(rows * shards // examples).astype(np.int32),
        json_offset=none,
        json_size=none,
        json_crc32=none,
        clip_start=np.arange(examples + 1),
        key_start=np.zeros(examples + 1, np.int64),
        key_bytes=b"",
        clip_offset=none,
        clip_size=none,
        clip_crc32=none,
        clip_frames=(rng.gamma(3, 2.5, examples) * 16_000 + 8_000).astype(np.int64),
    )


def main(folder: Path) -> None:
    for shard in range(SHARDS):
        tar = folder / f"clips1-{shard:06d}.tar"
        if not tar.exists():
            write_shard(tar, generated(shard))
    tars = sorted(str(path) for path in folder.glob("*.tar"))
    index = open_index([folder])
    plan = make_plan(index, BUDGET, seed=1, epoch=0)
    result: dict[str, object] = {"examples": len(index), "mean_seconds": round(index.seconds().mean(), 2)}
    for workers in (0, 2):
        planned, plain = best(
            [partial(ours, index, plan, workers), partial(theirs, tars, workers)], len(index)
        )
        result[f"workers_{workers}"] = {
            "ours_examples_per_s": round(planned),
            "webdataset_examples_per_s": round(plain),
            "ratio": round(planned / plain, 2),
        }
    half = len(plan) // 2
    result["resume_at_half_s"] = {
        "ours": round(first_batch_ours(folder, half), 3),
        "webdataset": round(first_batch_theirs(tars, len(index) // 2), 3),
    }
    tokens, seconds = BUDGET.example_tokens(index), index.seconds()
    shuffled = np.random.default_rng(0).permutation(len(index))
    fixed = np.array_split(shuffled, range(FIXED_SIZE, len(index), FIXED_SIZE))
    result["padding_share"] = {
        name: {"ours": round(waste(values, plan), 3), "fixed_size": round(waste(values, fixed), 3)}
        for name, values in (("tokens", tokens), ("audio", seconds))
    }
    begin = time.perf_counter()
    large = make_plan(synthetic(1_000_000), BUDGET, seed=1, epoch=0, world_size=8)
    steps = large.cost.reshape(-1, 8)
    result["plan_of_1M_examples_on_8_ranks"] = {
        "seconds_with_making_the_index": round(time.perf_counter() - begin, 2),
        "micro_batches": len(large),
        "slowest_rank_over_mean": round(float((steps.max(axis=1) / steps.mean(axis=1)).mean()), 3),
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
