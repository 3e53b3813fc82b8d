"""What an effect is, and where effects are found: a file each in `pipeline/augment/effects/`, and those of others.

An effect is one thing that happens to a clip in the `voice` step (to the voice itself, before any room or noise) or in
the `channel` step (in the device that records it and the line that it is sent over). It declares its options, the facts
that it leaves and those that it makes false, and draws what is to be done: Lhotse transforms, which a manifest holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from lhotse import MonoCut
from lhotse.augmentation import AudioTransform

from ...recipes.kit.facts import FACTS
from ...seams import Seam
from ...section import Section, Share

# Known to Lhotse as soon as they are imported.
from . import coloured, transforms  # noqa: F401

StepName = Literal["voice", "channel"]
Kind = Literal["level", "linear", "distorting", "coding"]
"""What a channel's effect makes of speech and noise: both as much louder (`level`), each what it would be alone
(`linear`), something that the level of either changes (`distorting`), something of its own beside them (`coding`). So
ending.py knows how to find the SNR behind it."""

Earlier = Mapping[str, Mapping[str, Any]]
"""The effects of the same step that happen to the clip before this one, by name, with the facts that each leaves."""


class EffectOptions(Section):
    """What a config may say of an effect; `share` is that of the clips that the step changes, 0 to 1."""

    share: Share


@dataclass(frozen=True)
class Drawn:
    """What happens to one clip: facts (None: no longer known), and the transforms that are put on its recording.

    Where an effect of the voice moves times, `change` does it all; it is given the cut at 16 kHz.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    transforms: tuple[AudioTransform, ...] = ()
    change: Callable[[MonoCut], MonoCut] | None = None


@dataclass(frozen=True)
class Miniature:
    """A tone of two seconds at 16 kHz goes in; what must come out with these options.

    `heard_hz` is the strongest frequency (None: that of the tone), `level_db` how much louder the whole became, within
    1 dB (at most so loud, where it is below -20), `seconds` how long it is then.
    """

    options: Mapping[str, Any]
    facts: Mapping[str, Any]
    tone_hz: float = 500.0
    heard_hz: float | None = None
    level_db: float = 0.0
    seconds: float = 2.0


# Told apart by what it is, not by its parts: those may be dictionaries.
@dataclass(frozen=True, eq=False)
class Effect:
    """An effect, as its file declares it.

    Args:
        name: what a config calls it, under its step.
        step: "voice" or "channel".
        place: where it stands in the physical order of its step; those of the package are 10, 20, 30 and so on.
        options: what a config may say of it, checked as all of a config.
        draw: (options, generator, earlier effects) -> what happens. All that is random comes from the generator.
        facts: those that it may leave. They are of the vocabulary (recipes/kit/facts.py).
        untrue: those that it makes false, or no longer known; they are taken off the clip.
        alone: of the voice's effects that are alone at most one happens to a clip, for each would make the label of
            another ambiguous.
        kind: see `Kind`; of no meaning for the voice.
        drawn_at: where its share is drawn and where it is named among others, if not by its place.

    Raises:
        ValueError: something of this can't be.
    """

    name: str
    step: StepName
    place: int
    options: type[EffectOptions]
    draw: Callable[[Any, np.random.Generator, Earlier], Drawn]
    miniature: Miniature
    facts: tuple[str, ...] = ()
    untrue: tuple[str, ...] = ()
    alone: bool = False
    kind: Kind = "distorting"
    drawn_at: int | None = None

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or self.name in ("share", "step", "asked", "yields"):
            raise ValueError(f"an effect can't be called '{self.name}'")
        if self.step not in ("voice", "channel") or (self.alone and self.step == "channel"):
            raise ValueError(
                f"effect '{self.name}' must be of step 'voice' or, unless it is alone, of 'channel'"
            )
        if unknown := [fact for fact in (*self.facts, *self.untrue) if fact not in FACTS]:
            raise ValueError(f"effect '{self.name}': no fact '{unknown[0]}' in recipes/kit/facts.py")


EFFECTS: Seam[Effect] = Seam(
    "effect", "pipeline.augment.effects", "EFFECT", lambda effect: effect.name, is_a=Effect
)


def effects_of(step: StepName) -> tuple[Effect, ...]:
    """The effects of a step, in the order in which their shares are drawn."""
    found = (effect for effect in EFFECTS.all().values() if effect.step == step)
    return tuple(sorted(found, key=lambda one: one.place if one.drawn_at is None else one.drawn_at))


def narrowest(hz: int, earlier: Earlier) -> int:
    """The fact `bandwidth_hz` of what lets through less than `hz`, behind the earlier effects."""
    found: list[int] = [facts["bandwidth_hz"] for facts in earlier.values() if facts.get("bandwidth_hz")]
    return min([hz, *found])


def know_transforms() -> None:
    """Lhotse finds a manifest's transforms by the names of their classes: makes those of all effects known to it.

    Raises InputError where a plugin file is wrong.
    """
    EFFECTS.all()
