"""The augmentation of a clip: the seeded draws, and what each step leaves behind.

Steps come in physical order: a voice sounds in a room, then noise reaches the microphone, then the line carries it
away. They apply to speech, that is to cuts with a supervision and without `sound_events`; a step passes over clips
whose facts it would have to contradict (a published noisy recording has an SNR already). Clips left clean get no new
fact, and so do clips that can't be decoded or are silent: rendering will say why.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from lhotse import MonoCut
from lhotse.augmentation import Resample
from lhotse.cut import Cut, MixedCut
from lhotse.utils import fastcopy

from ...errors import InputError
from ...quarantine import kind_of
from ...recipes.facts import read_facts, with_facts
from ..samples import load_samples
from .channel import CHANNEL_FACTS, ChannelSettings, draw_channel
from .draws import Choice, Uniform, draw, generator
from .levels import active_level
from .noise import NoisePool, add_noise
from .rirs import Rir, Role, open_bank
from .rooms import Level, reverberate
from .settings import NoiseSettings, RoomSettings, StepSettings
from .simulate import RATE
from .sources import Babble, Coloured, NoiseSource, Recorded, draw_noise
from .voice import VOICE_FACTS, VoiceSettings, change_voice


class Step(Protocol):
    """A step that is ready to run. `name` seeds its draws; a clip that has one of `facts` is passed over."""

    name: ClassVar[str]
    facts: ClassVar[tuple[str, ...]]

    @property
    def share(self) -> float: ...

    def apply(self, cut: Cut, rng: np.random.Generator) -> list[Cut]:
        """The clip, or several made from it, after the step."""
        ...


@dataclass(frozen=True)
class VoiceStep:
    """Changes the speed or the pitch of a voice, or adds silence around it."""

    name: ClassVar[str] = "voice"
    facts: ClassVar[tuple[str, ...]] = VOICE_FACTS

    settings: VoiceSettings

    @property
    def share(self) -> float:
        return self.settings.share

    def apply(self, cut: Cut, rng: np.random.Generator) -> list[Cut]:
        assert isinstance(cut, MonoCut)
        changed, facts = change_voice(cut, self.settings, rng)
        return [with_facts(changed, **facts)]


@dataclass(frozen=True)
class RoomStep:
    """Puts a clip into a room of a bank, at one or several of the distances that the bank has of that room.

    Where the loudness falls with the distance, the levels of several are measured: far off it hardly falls.
    """

    name: ClassVar[str] = "room"
    facts: ClassVar[tuple[str, ...]] = ("distance_m", "rt60_s", "room", "room_id")

    share: float
    rooms: tuple[tuple[Rir, ...], ...]
    level: Level
    distances: int

    def apply(self, cut: Cut, rng: np.random.Generator) -> list[Cut]:
        assert isinstance(cut, MonoCut)
        room = self.rooms[int(rng.integers(len(self.rooms)))]
        chosen = sorted(rng.choice(len(room), self.distances, replace=False))
        if self.distances == 1:
            return [self._heard(cut, room[chosen[0]])]
        copies = []
        for number, position in enumerate(chosen, 1):
            copy = with_facts(self._heard(cut, room[position]), original=cut.id)
            if self.level == "inverse" and (level_db := _level_db(copy)) is not None:
                copy = with_facts(copy, speech_level_db=level_db)
            copy.id = f"{cut.id}-at{number}"
            copies.append(copy)
        return copies

    def _heard(self, cut: MonoCut, rir: Rir) -> Cut:
        facts = {
            "distance_m": rir.distance_m,
            "distance_level": self.level if rir.distance_m is not None else None,
            "rt60_s": rir.rt60_s,
            "drr_db": rir.drr_db,
            "c50_db": rir.c50_db,
            "room_volume_m3": rir.room_volume_m3,
            "room_id": rir.room,
        }
        known = {name: value for name, value in facts.items() if value is not None}
        return with_facts(reverberate(cut, rir, self.level), **known)


@dataclass
class Measured:
    """How many clips were opened, how many of them can't be used, by reason, and the first of these."""

    clips: int = 0
    bad: Counter[str] = field(default_factory=Counter)
    first: str = ""

    def forget(self) -> None:
        self.clips, self.first = 0, ""
        self.bad.clear()


@dataclass(frozen=True)
class NoiseStep:
    """Mixes noise into a clip, at an SNR over the time in which somebody speaks.

    `measured` counts the clips whose level was to be measured, and why that couldn't be.
    """

    name: ClassVar[str] = "noise"
    facts: ClassVar[tuple[str, ...]] = ("noise_type", "snr_db", "full_snr_db")

    share: float
    sources: tuple[NoiseSource, ...]
    at_once: int
    snr_db: float | Uniform | Choice
    measured: Measured = field(default_factory=Measured, compare=False)

    def apply(self, cut: Cut, rng: np.random.Generator) -> list[Cut]:
        assert isinstance(cut, MonoCut)
        snr_db = round(draw(self.snr_db, rng), 2)
        drawn = draw_noise(cut, self.sources, self.at_once, rng)
        pauses_db = _pauses_db(cut)
        self.measured.clips += 1
        if isinstance(pauses_db, str):
            self.measured.bad[kind_of(pauses_db)] += 1
            self.measured.first = self.measured.first or f"{cut.id}: {pauses_db}"
            return [cut]
        if drawn is None:
            return [cut]
        noise, kinds = drawn
        full_snr_db = round(snr_db - pauses_db, 4)
        known: dict[str, Any] = {"noise_type": kinds} if kinds else {}
        noisy = add_noise(cut, noise, full_snr_db)
        return [with_facts(noisy, snr_db=snr_db, full_snr_db=full_snr_db, **known)]


def _level_db(cut: Cut) -> float | None:
    """The level of the speech while it is active, dB below full scale; None where it can't be told."""
    try:
        samples = load_samples(cut)[0]
    except Exception:  # lhotse and its backends raise whatever they like on a broken file
        return None
    level = active_level(samples, RATE) if np.isfinite(samples).all() else None
    return None if level is None else round(10 * math.log10(level.power), 2)


def _pauses_db(cut: MonoCut) -> float | str:
    """By how much the pauses lower the level of a clip, or why that can't be told; rendering will tell it too."""
    try:
        samples = load_samples(cut if cut.sampling_rate == RATE else cut.resample(RATE))[0]
    except Exception as error:  # lhotse and its backends raise whatever they like on a broken file
        return f"can't be read ({str(error).strip().partition(chr(10))[0] or type(error).__name__})"
    if not np.isfinite(samples).all():
        return "holds NaN or infinity"
    level = active_level(samples, RATE)
    return "is silent" if level is None else level.offset_db


@dataclass(frozen=True)
class ChannelStep:
    """Sends a clip through a telephone, a codec, an amplifier that clips."""

    name: ClassVar[str] = "channel"
    facts: ClassVar[tuple[str, ...]] = CHANNEL_FACTS

    settings: ChannelSettings

    @property
    def share(self) -> float:
        return self.settings.share

    def apply(self, cut: Cut, rng: np.random.Generator) -> list[Cut]:
        effects, facts = draw_channel(self.settings, rng)
        if "bandwidth_hz" in facts:
            facts["bandwidth_hz"] = min(facts["bandwidth_hz"], _highest_hz(cut))
        if isinstance(cut, MixedCut):
            return [with_facts(fastcopy(cut, transforms=[*(cut.transforms or []), *effects]), **facts)]
        recording = cut.recording.resample(RATE)
        carried = fastcopy(recording, transforms=[*(recording.transforms or []), *effects])
        return [with_facts(fastcopy(cut, recording=carried, features=None), **facts)]


def _highest_hz(cut: Cut) -> int:
    """The highest frequency that a clip can hold: half the lowest rate it had, of the best of its tracks."""
    if isinstance(cut, MixedCut):
        return max(_highest_hz(track.cut) for track in cut.tracks if isinstance(track.cut, MonoCut))
    rates = [
        effect.source_sampling_rate
        for effect in cut.recording.transforms or ()
        if isinstance(effect, Resample)
    ]
    return int(min([cut.sampling_rate, *rates])) // 2


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

    def pool(corpora: Sequence[str]) -> NoisePool:
        cuts = (cut for corpus in corpora for cut in noise_cuts(corpus))
        return NoisePool(cuts, f"corpora {', '.join(corpora)}, role '{role}'")

    steps: list[Step] = []
    for setting in settings:
        if isinstance(setting, RoomSettings):
            steps.append(_room_step(setting, role, base))
        elif isinstance(setting, NoiseSettings):
            sources: list[NoiseSource] = []
            if setting.sounds:
                sources.append(Recorded(pool(setting.sounds)))
            if setting.babble:
                sources.append(Babble(pool(setting.babble.corpora), setting.babble.voices))
            if setting.colours:
                sources.append(Coloured(setting.colours))
            steps.append(NoiseStep(setting.share, tuple(sources), setting.at_once, setting.snr_db))
        elif isinstance(setting, VoiceSettings):
            steps.append(VoiceStep(setting))
        else:
            steps.append(ChannelStep(setting))
    return steps


def _room_step(setting: RoomSettings, role: Role, base: Path) -> RoomStep:
    bank = open_bank(base / setting.bank.expanduser()).for_role(role)
    rooms = [tuple(room) for room in bank.rooms.values() if len(room) >= setting.distances]
    if setting.distances > 1 or setting.level == "inverse":
        rooms = [room for room in rooms if all(rir.distance_m is not None for rir in room)]
    if not rooms:
        raise InputError(
            f"{bank.folder}: has no room for the role '{role}' that is known at {setting.distances} distance(s); "
            "make a bank of more rooms or more distances"
        )
    return RoomStep(setting.share, tuple(rooms), setting.level, setting.distances)


def augment_cut(cut: Cut, steps: Sequence[Step], seed: int) -> list[Cut]:
    """The cut after the steps that its draws select: lazy Lhotse cuts with the new facts.

    It is one, of the same id, unless a room is heard from several distances: then there is one for each, named
    `ID-at1` and so on. Every draw depends on (seed, cut id, step) alone.

    Raises:
        InputError: the cut is a mix, so it was augmented before.
    """
    if isinstance(cut, MixedCut):
        raise InputError(f"cut {cut.id} is a mix already; augment the manifests that `cryfish prepare` wrote")
    known = read_facts(cut)
    if not isinstance(cut, MonoCut) or not cut.supervisions or "sound_events" in known:
        return [cut]
    made: list[Cut] = [cut]
    for step in steps:
        rng = generator(seed, cut.id, step.name)
        if len(made) == 1 and rng.random() < step.share and not known.keys() & set(step.facts):
            made = step.apply(made[0], rng)
    return made


def augment_cuts(cuts: Iterable[Cut], steps: Sequence[Step], seed: int) -> Iterator[Cut]:
    """`augment_cut` for a stream of cuts, one at a time."""
    for cut in cuts:
        yield from augment_cut(cut, steps, seed)
