"""What the settings of the `voice` and the `channel` step share: effects, each with its own share, and limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from .draws import Choice, Uniform


class Section(BaseModel):
    """A part of a config that knows its fields and isn't changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Effect(Section):
    """One effect; `share` is that of the clips that the step changes, 0 to 1."""

    share: Annotated[float, Field(ge=0, le=1)]


def between(low: float, high: float) -> Callable[[float | Uniform | Choice], float | Uniform | Choice]:
    """A check for a distribution's field: no value that may be drawn lies outside `low` to `high`."""

    def check(distribution: float | Uniform | Choice) -> float | Uniform | Choice:
        values: tuple[float, ...]
        if isinstance(distribution, Uniform):
            values = distribution.uniform
        else:
            values = distribution.choice if isinstance(distribution, Choice) else (distribution,)
        for value in values:
            if not low <= value <= high:
                raise ValueError(f"must be between {low:g} and {high:g}, found {value:g}")
        return distribution

    return check


def effects_of(section: Section) -> dict[str, Effect]:
    """The effects that a step's settings ask for, by name."""
    given = {name: getattr(section, name) for name in type(section).model_fields}
    return {name: value for name, value in given.items() if isinstance(value, Effect)}


def check_some_effect(effects: Mapping[str, Effect], known: str) -> None:
    """Raises ValueError if no effect could happen."""
    if not any(effect.share > 0 for effect in effects.values()):
        raise ValueError(f"asks for no effect; give one of {known} a share above 0")


def one_of(effects: Mapping[str, Effect], rng: np.random.Generator) -> str:
    """The name of one effect, drawn in proportion to the shares."""
    shares = np.array([effect.share for effect in effects.values()])
    return list(effects)[int(rng.choice(len(shares), p=shares / shares.sum()))]
