"""Seeded draws: a generator for every (seed, id, purpose), and the distributions that a config may name."""

from __future__ import annotations

import hashlib
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator


def generator(*parts: object) -> np.random.Generator:
    """A random generator that depends on these parts alone: not on the process, the order or the Python version."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


class Uniform(BaseModel):
    """`{uniform: [low, high]}`: every value between the two is equally likely."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    uniform: tuple[FiniteFloat, FiniteFloat]

    @model_validator(mode="after")
    def _low_comes_first(self) -> Self:
        low, high = self.uniform
        if low > high:
            raise ValueError(f"uniform wants [low, high], found [{low:g}, {high:g}]")
        return self


class Choice(BaseModel):
    """`{choice: [a, b, c]}`: each of the values is equally likely."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    choice: Annotated[tuple[FiniteFloat, ...], Field(min_length=1)]


Distribution = FiniteFloat | Uniform | Choice
"""What a config may say in place of a number: the number itself, `{uniform: [a, b]}` or `{choice: [a, b]}`."""


def draw(distribution: Distribution, rng: np.random.Generator) -> float:
    """One value of a distribution; a constant uses up no randomness."""
    if isinstance(distribution, Uniform):
        return float(rng.uniform(*distribution.uniform))
    if isinstance(distribution, Choice):
        return distribution.choice[int(rng.integers(len(distribution.choice)))]
    return float(distribution)
