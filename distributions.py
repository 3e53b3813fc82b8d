"""The distributions that a config may name in place of a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Discriminator, Field, FiniteFloat, Tag, model_validator


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


def _form(value: object) -> str | None:
    """Which form a config uses, so that an error speaks of that form alone."""
    if isinstance(value, Uniform) or (isinstance(value, Mapping) and "uniform" in value):
        return "uniform"
    if isinstance(value, Choice) or (isinstance(value, Mapping) and "choice" in value):
        return "choice"
    return "number" if isinstance(value, int | float) else None


Distribution = Annotated[
    Annotated[FiniteFloat, Tag("number")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Choice, Tag("choice")],
    Discriminator(
        _form,
        custom_error_type="distribution",
        custom_error_message="must be a number, {uniform: [low, high]} or {choice: [a, b]}",
    ),
]
"""What a config may say in place of a number: the number itself, `{uniform: [a, b]}` or `{choice: [a, b]}`."""


def draw(distribution: float | Uniform | Choice, rng: np.random.Generator) -> float:
    """One value of a distribution; a constant uses up no randomness."""
    if isinstance(distribution, Uniform):
        return float(rng.uniform(*distribution.uniform))
    if isinstance(distribution, Choice):
        return distribution.choice[int(rng.integers(len(distribution.choice)))]
    return float(distribution)
