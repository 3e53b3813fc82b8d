"""What a training reads: the plans of its epochs as one list of micro-batches, and how examples become a batch."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import Dataset

from ...shards import Budget, Example, Index, MicroBatches, Plan, make_plan
from ..processor import CryfishProcessor, Prompt


def fingerprint(index: Index) -> str:
    """Tells one set of shards from another, wherever it lies."""
    digest = hashlib.sha256(index.key_bytes)
    for column in (index.key_start, index.clip_frames, index.sample, index.instruction, index.text_bytes):
        digest.update(column.astype("<i8").tobytes())
    return digest.hexdigest()[:16]


class Collate:
    """Examples -> the processor's batch with labels; a class, so that spawned workers can receive it."""

    def __init__(self, processor: CryfishProcessor) -> None:
        self.processor = processor

    def __call__(self, examples: Sequence[Example]) -> dict[str, torch.Tensor]:
        prompts = [
            Prompt(example.instruction.question, example.audio, example.instruction.answer)
            for example in examples
        ]
        return dict(self.processor(prompts, for_training=True))


def plan_epochs(
    index: Index,
    budget: Budget,
    seed: int,
    weights: Mapping[str, float] | None,
    world_size: int,
    epochs: int | None,
    micro_batches: int | None,
) -> list[Plan]:
    """The plans of so many epochs, or of as many as hold so many micro-batches.

    Raises:
        InputError: nothing to train on (`make_plan`).
    """
    plans: list[Plan] = []
    planned = 0
    for epoch in count():
        if planned >= micro_batches if micro_batches is not None else epoch == epochs:
            return plans
        plans.append(make_plan(index, budget, seed, epoch, weights=weights, world_size=world_size))
        planned += len(plans[-1])
    raise AssertionError("unreachable")


class Epochs(Dataset[Any]):
    """The micro-batches of several epochs, one after the other."""

    def __init__(
        self,
        index: Index,
        plans: Sequence[Plan],
        collate: Callable[[Sequence[Example]], Any],
        cache_dir: Path | None,
    ) -> None:
        self.parts = [MicroBatches(index, plan, collate, cache_dir=cache_dir) for plan in plans]
        self.ends = list(accumulate(len(part) for part in self.parts))

    def __len__(self) -> int:
        return self.ends[-1]

    def __getitem__(self, position: int) -> Any:
        epoch = bisect_right(self.ends, position)
        return self.parts[epoch][position - (self.ends[epoch - 1] if epoch else 0)]

    def epoch_at(self, position: int) -> float:
        """How many epochs the first `position` micro-batches are."""
        epoch = min(bisect_right(self.ends, position), len(self.ends) - 1)
        start = self.ends[epoch - 1] if epoch else 0
        return epoch + (position - start) / (self.ends[epoch] - start)
