"""The augmentation of a clip: which steps there are, what a config may say of them, and the seeded draws.

Steps come in physical order: a voice sounds in a room, then noise reaches the microphone. They apply to speech, that
is to cuts with a supervision and without `sound_events`; a step passes over clips whose facts it would have to
contradict (a published noisy recording has an SNR already). Clips left clean get no new fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Protocol

import numpy as np
from lhotse import MonoCut
from lhotse.cut import Cut, MixedCut
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...errors import InputError
from ...recipes.facts import did_you_mean, read_facts, with_facts
from ..config import sentence
from .draws import Choice, Distribution, Uniform, draw, generator
from .noise import NoisePool, add_noise
from .rirs import Rir, Role, open_bank
from .rooms import reverberate


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    share: Annotated[float, Field(ge=0, le=1)]


class RoomSettings(_Settings):
    """`room: {share: 0.3, bank: rirs/}`: this share of the speech is put into a room of the bank."""

    bank: Path


class NoiseSettings(_Settings):
    """`noise: {share: 0.5, from: [esc50], snr_db: {uniform: [0, 20]}}`: noise is mixed into this share."""

    corpora: Annotated[tuple[str, ...], Field(alias="from", min_length=1)]
    snr_db: Distribution


StepSettings = RoomSettings | NoiseSettings

_SETTINGS: dict[str, type[StepSettings]] = {"room": RoomSettings, "noise": NoiseSettings}
"""The steps by name, in physical order."""


def read_steps(settings: object, where: str = "augment") -> list[StepSettings]:
    """The steps of a config's `augment` section. Raises InputError, which names `where` and the field."""
    if not isinstance(settings, Sequence) or isinstance(settings, str):
        raise InputError(f"{where}: must be a list of steps such as `- room: {{share: 0.3, bank: rirs/}}`")
    steps: list[StepSettings] = []
    order = list(_SETTINGS)
    last = ""
    for number, item in enumerate(settings, 1):
        if not isinstance(item, Mapping) or len(item) != 1:
            raise InputError(
                f"{where}, step {number}: must be one step's name and its settings, found {item!r}"
            )
        name, content = next(iter(item.items()))
        if name not in _SETTINGS:
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
        model = _SETTINGS[name]
        try:
            steps.append(model.model_validate(content))
        except ValidationError as error:
            raise InputError(f"{where}, step {number} ({name}): {sentence(error, model)}") from error
        last = name
    return steps


class Step(Protocol):
    """A step that is ready to run. `name` seeds its draws; `facts` are those that it may leave."""

    name: ClassVar[str]
    facts: ClassVar[tuple[str, ...]]

    @property
    def share(self) -> float: ...

    def apply(self, cut: MonoCut, rng: np.random.Generator) -> Cut: ...


@dataclass(frozen=True)
class RoomStep:
    """Puts a clip into a room of a bank, at one of the distances that the bank has of that room."""

    name: ClassVar[str] = "room"
    facts: ClassVar[tuple[str, ...]] = ("distance_m", "rt60_s", "room")

    share: float
    rirs: tuple[Rir, ...]

    def apply(self, cut: MonoCut, rng: np.random.Generator) -> Cut:
        rir = self.rirs[int(rng.integers(len(self.rirs)))]
        return with_facts(reverberate(cut, rir), distance_m=rir.distance_m, rt60_s=rir.rt60_s)


@dataclass(frozen=True)
class NoiseStep:
    """Mixes noise of a pool into a clip."""

    name: ClassVar[str] = "noise"
    facts: ClassVar[tuple[str, ...]] = ("noise_type", "snr_db")

    share: float
    pool: NoisePool
    snr_db: float | Uniform | Choice

    def apply(self, cut: MonoCut, rng: np.random.Generator) -> Cut:
        snr_db = round(draw(self.snr_db, rng), 2)
        drawn = self.pool.draw(cut.duration, rng)
        if drawn is None:
            return cut
        noise, kinds = drawn
        known: dict[str, Any] = {"noise_type": kinds} if kinds else {}
        return with_facts(add_noise(cut, noise, snr_db), snr_db=snr_db, **known)


def prepare_steps(
    settings: Iterable[StepSettings],
    role: Role,
    base: Path,
    noise_cuts: Callable[[str], Iterable[Cut]],
) -> list[Step]:
    """Opens what the steps need for the clips of one role.

    `base` is the folder that relative paths start from. `noise_cuts(corpus)` gives a corpus' cuts of this role, with
    absolute audio paths.

    Raises:
        InputError: a bank is missing or broken or has no room of this role, or there is no noise to be had.
    """
    steps: list[Step] = []
    for setting in settings:
        if isinstance(setting, RoomSettings):
            bank = open_bank(base / setting.bank.expanduser()).for_role(role)
            if len(bank) == 0:
                raise InputError(
                    f"{bank.folder}: has no room for the role '{role}'; make a bank of more rooms"
                )
            steps.append(RoomStep(setting.share, bank.rirs))
        else:
            cuts = [cut for corpus in setting.corpora for cut in noise_cuts(corpus)]
            pool = NoisePool(cuts, f"corpora {', '.join(setting.corpora)}, role '{role}'")
            steps.append(NoiseStep(setting.share, pool, setting.snr_db))
    return steps


def augment_cut(cut: Cut, steps: Sequence[Step], seed: int) -> Cut:
    """The cut after the steps that its draws select: a lazy Lhotse cut of the same id, with the new facts.

    Every draw depends on (seed, cut id, step) alone. The result serialises, and plain Lhotse loads it.

    Raises:
        InputError: the cut is a mix, so it was augmented before.
    """
    if isinstance(cut, MixedCut):
        raise InputError(f"cut {cut.id} is a mix already; augment the manifests that `cryfish prepare` wrote")
    known = read_facts(cut)
    if not isinstance(cut, MonoCut) or not cut.supervisions or "sound_events" in known:
        return cut
    augmented: Cut = cut
    for step in steps:
        rng = generator(seed, cut.id, step.name)
        if rng.random() < step.share and not known.keys() & set(step.facts):
            augmented = step.apply(augmented, rng)
    return augmented


def augment_cuts(cuts: Iterable[Cut], steps: Sequence[Step], seed: int) -> Iterator[Cut]:
    """`augment_cut` for a stream of cuts, one at a time."""
    for cut in cuts:
        yield augment_cut(cut, steps, seed)
