"""What a config may say of each step, in physical order: the voice, the room, the noise, the channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from ...distributions import Distribution
from ...errors import InputError, did_you_mean, refuse
from ...local_path import LocalPath
from ...mistakes import sentences
from ...section import Section, Share, Within
from ..audio.coloured import Colour
from ..audio.effects import EFFECTS
from .labels import NOISE_FACTS
from .rooms import ROOM_FACTS, Level
from .shares import EffectsSettings, settings_of


class RoomSettings(Section):
    """`room: {share: 0.3, bank: rirs/}`: this share of the speech is put into a room of the bank.

    `level` says whether the loudness falls with the distance (`inverse`) or is evened out (`normalised`). With
    `distances: 2` each of these clips is made twice, in the same room and from the same place, heard from two
    distances; no later step touches it, so that nothing else tells them apart.
    """

    share: Share
    bank: LocalPath
    level: Level = "normalised"
    distances: Annotated[int, Field(ge=1, le=8)] = 1

    @property
    def yields(self) -> frozenset[str]:
        """The facts that the step may leave."""
        copies = (
            ("original", "speech_level_db")[: 1 + (self.level == "inverse")] if self.distances > 1 else ()
        )
        return frozenset((*ROOM_FACTS, *copies))


class BabbleSettings(Section):
    """`babble: {from: [librispeech], voices: [3, 6]}`: so many other people who talk at once."""

    corpora: Annotated[tuple[str, ...], Field(alias="from", min_length=1)]
    voices: tuple[Annotated[int, Field(ge=1, le=16)], Annotated[int, Field(ge=1, le=16)]] = (3, 6)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.voices[0] > self.voices[1]:
            raise ValueError(f"voices wants [least, most], found {list(self.voices)}")
        return self


class NoiseSettings(Section):
    """`noise: {share: 0.5, from: [esc50], snr_db: {uniform: [0, 20]}}`: noise is mixed into this share.

    Noise comes from the clips of corpora (`from`: sounds, music), from other voices (`babble`) or from `colours`
    (`[white, pink, brown]`): each that is given is equally likely, and one to `at_once` of them sound together.
    """

    share: Share
    sounds: Annotated[tuple[str, ...], Field(alias="from")] = ()
    babble: BabbleSettings | None = None
    colours: tuple[Colour, ...] = ()
    at_once: Annotated[int, Field(ge=1, le=4)] = 1
    snr_db: Annotated[Distribution, Within(-30, 60)]

    @model_validator(mode="after")
    def _some_noise(self) -> Self:
        if not (self.sounds or self.babble or self.colours):
            raise ValueError("no noise to mix in; give field 'from' (corpora), 'babble' or 'colours'")
        return self

    @property
    def yields(self) -> frozenset[str]:
        """The facts that the step may leave."""
        return frozenset(NOISE_FACTS)

    @property
    def corpora(self) -> tuple[str, ...]:
        """Those that must be prepared."""
        return tuple(dict.fromkeys([*self.sounds, *(self.babble.corpora if self.babble else ())]))


StepSettings = EffectsSettings | RoomSettings | NoiseSettings


def step_settings() -> dict[str, type[StepSettings]]:
    """What a config may say of each step, by name, in physical order. Raises InputError for a wrong plugin."""
    return {
        "voice": settings_of("voice"),
        "room": RoomSettings,
        "noise": NoiseSettings,
        "channel": settings_of("channel"),
    }


def read_steps(settings: object, where: str = "augment") -> list[StepSettings]:
    """The steps of a config's `augment` section. Raises InputError, which names `where` and the field."""
    if not isinstance(settings, Sequence) or isinstance(settings, str):
        raise InputError(f"{where}: must be a list of steps such as `- room: {{share: 0.3, bank: rirs/}}`")
    steps: list[StepSettings] = []
    models = step_settings()
    order = list(models)
    last = ""
    for number, item in enumerate(settings, 1):
        if not isinstance(item, Mapping) or len(item) != 1:
            raise InputError(
                f"{where}, step {number}: must be one step's name and its settings, found {item!r}"
            )
        name, content = next(iter(item.items()))
        if name not in models:
            raise InputError(
                f"{where}, step {number}: unknown step {name!r}{did_you_mean(str(name), order)}; "
                f"there are {', '.join(order)}"
            )
        if name == last:
            raise InputError(
                f"{where}, step {number}: a second '{name}' would make the first one's label false; keep one"
            )
        if last and order.index(name) < order.index(last):
            raise InputError(
                f"{where}, step {number}: '{name}' comes before '{last}' in a real recording; swap them"
            )
        model = models[name]
        if issubclass(model, EffectsSettings) and isinstance(content, Mapping):
            for broken in EFFECTS.parts().broken.keys() & (content.keys() - model.model_fields):
                EFFECTS.refuse(broken, f"{where}, step {number} ({name})")
        try:
            steps.append(model.model_validate(content))
        except ValidationError as error:
            place = f"{where}, step {number} ({name})"
            refuse(f"{place}: {fault}" for fault in sentences(error, model, content))
            raise
        last = name
    return steps


def corpora_of(steps: Sequence[StepSettings]) -> list[str]:
    """The corpora that the steps take noise from."""
    named = [corpus for step in steps if isinstance(step, NoiseSettings) for corpus in step.corpora]
    return list(dict.fromkeys(named))
