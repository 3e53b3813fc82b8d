"""The epoch as a list of micro-batches: a pure function of (index, budget, weights, seed, epoch, world size)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from ..errors import InputError
from ..section import MOST, Within
from .index import Index

HARD_LIMIT = 2.0  # an example above this many budgets is left out
_MIN_CHUNK = 4096  # examples sorted by length together: enough for hundreds of micro-batches
_LENGTH_BINS = 12  # per doubling of the cost


@dataclass(frozen=True)
class Budget:
    """What one micro-batch may hold, padding included: the longest example of it times its size.

    `tokens` is an estimate: a clip's frames at `tokens_per_second`, `tokens_per_clip` global embeddings and
    text at `tokens_per_byte` of UTF-8.
    """

    audio_seconds: Annotated[float, Within(0, 1_000_000)]
    tokens: Annotated[int, Within(0, MOST)]
    tokens_per_second: Annotated[float, Within(0, 1000)] = 2.5
    tokens_per_clip: Annotated[float, Within(0, 1_000_000)] = 5
    tokens_per_byte: Annotated[float, Within(0, 1000)] = 0.4

    def __post_init__(self) -> None:
        for name in ("audio_seconds", "tokens"):
            if not getattr(self, name) > 0:
                raise InputError(
                    f"budget: '{name}' must be above 0, found {getattr(self, name)}; raise it in the config"
                )

    def example_tokens(self, index: Index) -> np.ndarray:
        """Estimated tokens of each example: int64 [E]."""
        audio = index.seconds() * self.tokens_per_second + index.clips() * self.tokens_per_clip
        return np.ceil(audio + index.text_bytes * self.tokens_per_byte).astype(np.int64)


@dataclass(frozen=True)
class Plan:
    """Micro-batches in the order of training; with W ranks, step s is micro-batches s*W to s*W + W - 1.

    Attributes:
        rows: index rows, micro-batch after micro-batch: int64.
        bounds: micro-batch i is `rows[bounds[i]:bounds[i + 1]]`: int64 [len + 1].
        cost: of each micro-batch, its padded tokens and padded audio as shares of the budget, added: float64 [len].
        refused: index rows left out because they exceed HARD_LIMIT budgets alone; tell the user how many.
        repeated: micro-batches that come twice so that every rank has as many (docs of `make_plan`).
    """

    rows: np.ndarray
    bounds: np.ndarray
    cost: np.ndarray
    refused: np.ndarray
    repeated: int = 0

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, i: int) -> np.ndarray:
        """Index rows of micro-batch `i`; negative `i` counts from the end."""
        position = i + len(self) if i < 0 else i
        if not 0 <= position < len(self):
            raise IndexError(f"micro-batch {i} of {len(self)}")
        return self.rows[self.bounds[position] : self.bounds[position + 1]]

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self[i] for i in range(len(self)))

    def for_rank(self, rank: int, world_size: int) -> Plan:
        """The micro-batches of one rank, for loaders that don't deal out batches themselves."""
        return self._picked(np.arange(rank, len(self), world_size))

    def fingerprint(self) -> str:
        """Keep it in a checkpoint: another value on resuming means that the shards or the settings changed."""
        digest = hashlib.sha256(self.bounds.astype("<i8").tobytes())
        digest.update(self.rows.astype("<i8").tobytes())
        return digest.hexdigest()[:16]

    def _picked(self, order: np.ndarray) -> Plan:
        sizes = np.diff(self.bounds)[order]
        bounds = np.concatenate([[0], np.cumsum(sizes)])
        within = np.arange(bounds[-1]) - np.repeat(bounds[:-1], sizes)
        rows = self.rows[np.repeat(self.bounds[:-1][order], sizes) + within]
        return replace(self, rows=rows, bounds=bounds, cost=self.cost[order])


def make_plan(
    index: Index,
    budget: Budget,
    seed: int,
    epoch: int,
    weights: Mapping[str, float] | None = None,
    world_size: int = 1,
    open_shards: int = 16,
) -> Plan:
    """Plans one epoch.

    1. How often each example is seen: `weights[task]` times on average (1 for other tasks); of 2.3, two times
       and a third with probability 0.3, drawn for each example and epoch.
    2. Order: the shards are shuffled and put on a circle; shard p spreads its examples evenly over the places
       p to p + `open_shards`. So at any place `open_shards` shards are open, and with fewer shards than that
       the shuffle is complete.
    3. Micro-batches: a stretch of that order (about one shard's worth, at least 4096 examples) is sorted by
       length and cut where the budget is full. An example above the budget gets a micro-batch of its own; above
       `HARD_LIMIT` budgets it is left out and listed in `Plan.refused`.
    4. Steps: within a stretch, micro-batches of near-equal cost form the steps, and the steps are shuffled. If the
       number isn't a multiple of `world_size`, micro-batches at the end are halved until it is. Where none is
       left to halve (fewer examples than ranks), the first ones are repeated and counted in `Plan.repeated`.

    Raises:
        InputError: an unknown task or a negative weight; nothing to see; only examples above the hard limit.
    """
    if world_size < 1 or open_shards < 1:
        raise ValueError("world_size and open_shards must be at least 1")
    tokens, seconds = budget.example_tokens(index), index.seconds()
    share = np.maximum(tokens / budget.tokens, seconds / budget.audio_seconds)
    rows = _drawn(index, weights, _generator(seed, epoch, "times"))
    too_long = share[rows] > HARD_LIMIT
    refused, rows = np.unique(rows[too_long]), rows[~too_long]
    if len(rows) == 0:
        raise InputError(
            f"nothing to train on: of {len(index)} examples {len(refused)} exceed {HARD_LIMIT:g} budgets and the "
            "others have weight 0; raise the budget or the weights"
        )
    rows = rows[_window_order(index.shard_of()[rows], open_shards, seed, epoch)]
    chunk = np.arange(len(rows)) // max(_MIN_CHUNK, len(rows) // max(1, len(index.shards)))
    order = _length_order(chunk, share[rows], tokens[rows])
    rows, chunk = rows[order], chunk[order]
    starts = _cut(chunk, tokens[rows], seconds[rows], budget)
    starts, repeated = _multiple(starts, len(rows), world_size)
    bounds = np.append(starts, len(rows))
    sizes = np.diff(bounds)
    cost = sizes * (
        np.maximum.reduceat(tokens[rows], starts) / budget.tokens
        + np.maximum.reduceat(seconds[rows], starts) / budget.audio_seconds
    )
    plan = Plan(rows, bounds, cost, refused, repeated)
    steps = _step_order(chunk[starts], cost, world_size, repeated, _generator(seed, epoch, "steps"))
    return plan._picked(steps)


def _generator(seed: int, epoch: int, purpose: str) -> np.random.Generator:
    digest = hashlib.sha256(f"plan:{seed}:{epoch}:{purpose}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _drawn(index: Index, weights: Mapping[str, float] | None, rng: np.random.Generator) -> np.ndarray:
    """Index rows, each as often as it is seen in this epoch."""
    if weights is None:
        return np.arange(len(index))
    if unknown := sorted(set(weights) - set(index.tasks)):
        raise InputError(
            f"weights: no example has the task '{unknown[0]}'; the shards hold {', '.join(index.tasks)}"
        )
    for task, weight in weights.items():
        if not (math.isfinite(weight) and weight >= 0):
            raise InputError(f"weights: '{task}' must be a number from 0 up, found {weight}")
    by_task = np.array([weights.get(task, 1.0) for task in index.tasks])
    times = np.floor(by_task[index.task] + rng.random(len(index))).astype(np.int64)
    return np.repeat(np.arange(len(index)), times)


def _window_order(shard: np.ndarray, open_shards: int, seed: int, epoch: int) -> np.ndarray:
    present, number = np.unique(shard, return_inverse=True)
    count = len(present)
    place = np.argsort(np.argsort(_generator(seed, epoch, "shards").random(count), kind="stable"))
    spread = _generator(seed, epoch, "examples").random(len(shard)) * min(open_shards, count)
    return np.argsort((place[number] + spread) % count, kind="stable")


def _length_order(chunk: np.ndarray, share: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """Sorted by the share of the budget, coarsely, then by tokens: what is cheap to pad in both lies together."""
    mantissa, exponent = np.frexp(share)  # exact on every machine, as a logarithm would not be
    coarse = exponent * _LENGTH_BINS + np.floor((mantissa * 2 - 1) * _LENGTH_BINS)
    return np.lexsort((tokens, coarse, chunk))


def _cut(chunk: np.ndarray, tokens: np.ndarray, seconds: np.ndarray, budget: Budget) -> np.ndarray:
    """Where each micro-batch starts: as many of the next examples as fit."""
    starts = []
    size, most_tokens, most_seconds, current = 0, 0, 0.0, -1
    token_limit, second_limit = budget.tokens, budget.audio_seconds
    for position, (number, t, s) in enumerate(
        zip(chunk.tolist(), tokens.tolist(), seconds.tolist(), strict=True)
    ):
        size += 1
        if t > most_tokens:
            most_tokens = t
        if s > most_seconds:
            most_seconds = s
        if size * most_tokens > token_limit or size * most_seconds > second_limit or number != current:
            starts.append(position)
            size, most_tokens, most_seconds, current = 1, t, s, number
    return np.array(starts, np.int64)


def _multiple(starts: np.ndarray, total: int, world_size: int) -> tuple[np.ndarray, int]:
    """Halves micro-batches, the last ones first, until their number is a multiple; else says how many to repeat."""
    while missing := -len(starts) % world_size:
        sizes = np.diff(np.append(starts, total))
        halved = np.flatnonzero(sizes > 1)[-missing:]
        if len(halved) == 0:
            return starts, missing
        starts = np.sort(np.concatenate([starts, starts[halved] + sizes[halved] // 2]))
    return starts, 0


def _step_order(
    chunk: np.ndarray, cost: np.ndarray, world_size: int, repeated: int, rng: np.random.Generator
) -> np.ndarray:
    """Micro-batch numbers, step after step.

    Costs rise in one stretch and fall in the next, so a step that straddles two is even as well.
    """
    rising = np.where(chunk % 2 == 0, cost, -cost)
    order = np.lexsort((rising, chunk))
    order = np.concatenate([order, np.resize(order, repeated)])
    step = np.arange(len(order)) // world_size
    first = chunk[order[::world_size]]
    position = np.argsort(np.lexsort((rng.random(len(first)), first)))
    return order[np.lexsort((rng.random(len(order)), position[step]))]
