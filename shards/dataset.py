"""A map-style torch dataset over the micro-batches of a plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from torch.utils.data import Dataset

from .example import Example, read_with
from .index import Index
from .plan import Plan
from .reader import ShardReader

Batch = TypeVar("Batch")


class MicroBatches(Dataset[Batch], Generic[Batch]):
    """Item i is `collate(examples of plan[start + i])`.

    Use it in `DataLoader(dataset, batch_size=None, num_workers=...)`: items are whole micro-batches, read in the
    plan's order, the same for any number of workers, forked or spawned. To resume after k micro-batches, give
    `start=k`. For a rank of several, give `plan.for_rank(rank, world_size)`, unless the trainer deals out batches.

    Args:
        index: what the plan was made of.
        plan: of `make_plan`.
        collate: examples of one micro-batch -> what the model takes; a picklable function for spawned workers.
        start: how many micro-batches to leave out at the beginning.
        cache_dir: keeps whole remote shards there, at most `cache_bytes`.

    Raises:
        ValueError: `start` lies outside the plan.
    """

    def __init__(
        self,
        index: Index,
        plan: Plan,
        collate: Callable[[list[Example]], Batch],
        *,
        start: int = 0,
        cache_dir: Path | None = None,
        cache_bytes: int = 50_000_000_000,
    ) -> None:
        if not 0 <= start <= len(plan):
            raise ValueError(f"start {start} lies outside the plan of {len(plan)} micro-batches")
        self.index = index
        self.plan = plan
        self.collate = collate
        self.start = start
        self.reader = ShardReader(index.shards, cache_dir, cache_bytes)

    def __len__(self) -> int:
        return len(self.plan) - self.start

    def __getitem__(self, i: int) -> Batch:
        """Reads and collates micro-batch `i`.

        Raises:
            InputError: a member is truncated or corrupted; names the shard and the key.
        """
        if not 0 <= i < len(self):
            raise IndexError(f"micro-batch {i} of {len(self)}")
        rows = self.plan[self.start + i]
        return self.collate([read_with(self.reader, self.index, int(row)) for row in rows])
