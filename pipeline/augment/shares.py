"""What the `voice` and the `channel` step share: effects, each with its own share of the clips that the step changes.

What a config may say of such a step is what its effects declare: those of the package, and those of others. An effect
that isn't asked for draws nothing, so that one more or one less changes no clip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Self

import numpy as np
from lhotse.augmentation import AudioTransform
from pydantic import create_model, model_validator

from ...seams import blaming
from ...section import Section, Share
from ..audio.effects import EFFECTS, Drawn, Effect, EffectOptions, StepName, effects_of

Happening = Sequence[tuple[Effect, Drawn]]
"""What happens to one clip, in physical order."""


class EffectsSettings(Section):
    """`channel: {share: 0.3, telephone: {share: 0.5}, codec: {share: 0.5, of: [mp3, gsm]}}`: of the speech, this share.

    Each effect has a share of its own among these clips; where none comes out, one is drawn in proportion to the
    shares. Those of the effects that are alone (speed, tempo, pitch) are at most 1 together, since at most one of them
    happens.
    """

    step: ClassVar[StepName]
    share: Share

    @property
    def asked(self) -> dict[str, EffectOptions]:
        """The effects that are asked for, by name, in the order in which their shares are drawn."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in given.items() if isinstance(value, EffectOptions)}

    @property
    def yields(self) -> frozenset[str]:
        """The facts that the step may leave."""
        return frozenset(fact for name in self.asked for fact in EFFECTS.get(name).facts)

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        if not any(options.share > 0 for options in self.asked.values()):
            known = (name for name in type(self).model_fields if name != "share")
            raise ValueError(f"asks for no effect; give one of {_listed(known)} a share above 0")
        together = sum(self.asked[name].share for name in self.asked if EFFECTS.get(name).alone)
        if together > 1 + 1e-9:
            alone = _listed(effect.name for effect in effects_of(self.step) if effect.alone)
            raise ValueError(f"the shares of {alone} are at most 1 together, found {together:g}")
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process has no such class before it has looked for effects.
        return _read, (self.step, self.model_dump(exclude_none=True))


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _read(step: StepName, content: Mapping[str, Any]) -> EffectsSettings:
    return settings_of(step).model_validate(content)


def settings_of(step: StepName) -> type[EffectsSettings]:
    """What a config may say of the step. Raises InputError where a plugin file is wrong."""
    return _settings_of(step, effects_of(step))


@lru_cache(maxsize=16)
def _settings_of(step: StepName, effects: tuple[Effect, ...]) -> type[EffectsSettings]:
    fields: dict[str, Any] = {effect.name: (effect.options | None, None) for effect in effects}
    made = create_model(f"{step.capitalize()}Settings", __base__=EffectsSettings, **fields)
    made.step = step
    return made


def draw_effects(settings: EffectsSettings, rng: np.random.Generator) -> Happening:
    """What happens to a clip: at least one effect."""
    asked = {EFFECTS.get(name): options for name, options in settings.asked.items()}
    earlier: dict[str, Mapping[str, Any]] = {}
    happening = []
    for effect in sorted(_chosen(asked, settings.step, rng), key=lambda one: one.place):
        with blaming(EFFECTS, effect.name):
            drawn = effect.draw(asked[effect], rng, earlier)
            for name in drawn.facts:
                if name not in effect.facts:
                    raise ValueError(f"leaves the fact '{name}', which its `facts` don't name")
        happening.append((effect, drawn))
        earlier[effect.name] = drawn.facts
    return happening


def _chosen(asked: Mapping[Effect, EffectOptions], step: StepName, rng: np.random.Generator) -> list[Effect]:
    place = rng.random() if step == "voice" else 1.0
    chosen = []
    for effect, options in asked.items():
        if effect.alone:
            if 0 <= place < options.share:
                chosen.append(effect)
            place -= options.share
    chosen += [effect for effect in asked if not effect.alone and rng.random() < asked[effect].share]
    if not chosen:
        shares = np.array([options.share for options in asked.values()])
        chosen = [list(asked)[int(rng.choice(len(shares), p=shares / shares.sum()))]]
    return chosen


def facts_of(happening: Happening) -> dict[str, Any]:
    """The facts that are true in the end."""
    facts: dict[str, Any] = {}
    for effect, drawn in happening:
        gone = {*effect.untrue, *drawn.facts}
        facts = {name: value for name, value in facts.items() if name not in gone} | dict(drawn.facts)
    return {name: value for name, value in facts.items() if value is not None}


def transforms_of(happening: Happening) -> list[AudioTransform]:
    """All that is put on the recording, in order."""
    return [transform for _, drawn in happening for transform in drawn.transforms]


def untrue_after(happening: Happening) -> Iterator[str]:
    """The facts that the clip had and that are true no more."""
    return (fact for effect, _ in happening for fact in effect.untrue)
