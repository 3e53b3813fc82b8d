"""What the settings of the `voice` and the `channel` step share: effects, each with its own share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...section import Section, Share


class Effect(Section):
    """One effect; `share` is that of the clips that the step changes, 0 to 1."""

    share: Share


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
