"""The augmentation of a clip: the seeded draws, and what each step leaves behind.

Steps come in physical order: a voice sounds in a room, then noise reaches the microphone, then the line carries it
away. They apply to speech, that is to cuts with a supervision and without `sound_events`; a step passes over clips
whose facts it would have to contradict (a published noisy recording has an SNR already). Clips left clean get no new
fact, and so do clips that can't be decoded or are silent: rendering will say why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from lhotse import MonoCut
from lhotse.augmentation import Resample, ReverbWithImpulseResponse
from lhotse.cut import Cut, MixedCut
from lhotse.utils import fastcopy

from ...constants import SAMPLE_RATE
from ...distributions import Choice, Uniform, draw
from ...errors import InputError
from ...quarantine import kind_of
from ...recipes.kit.corpus import Role
from ...recipes.kit.facts import read_facts, with_facts, without_facts
from ...seeding import generator
from ..audio.levels import NOTE, Heard, active_level, noted, with_note
from ..audio.load import load_samples
from ..rirs.rirs import Rir, open_bank
from .channel import CHANNEL_FACTS, send
from .labels import NOISE_FACTS, noise_for, unlabelled
from .noise import NoisePool, add_noise
from .rooms import Level, facts_in, reverberate
from .settings import NoiseSettings, RoomSettings, StepSettings
from .shares import EffectsSettings
from .sources import Babble, Coloured, NoiseSource, Recorded, draw_noise
from .voice import VOICE_FACTS, change_voice

UNTRUE_AFTER: dict[str, tuple[str, ...]] = {
    # The room fills what was silent, smears what was clipped, and colours a published recording's speech and noise.
    "room": ("padding_end_s", "clipped_share", "snr_db", "full_snr_db"),
    "noise": ("padding_start_s", "padding_end_s", "clipped_share", "bandwidth_hz"),
}
"""The facts that don't survive a room or noise; effects declare their own, ending.py has the SNR's way on."""


class Step(Protocol):
    """A step that is ready to run. `name` seeds its draws; a clip that has one of `facts` is passed over."""

    name: ClassVar[str]

    @property
    def facts(self) -> tuple[str, ...]: ...

    @property
    def share(self) -> float: ...

    def apply(self, cut: Cut, rng: np.random.Generator) -> list[Cut]:
        """The clip, or several made from it, after the step."""
        ...


@dataclass(frozen=True)
class VoiceStep:
    """Changes the speed or the pitch of a voice, or adds silence around it."""

    name: ClassVar[str] = "voice"

    settings: EffectsSettings

    @property
    def facts(self) -> tuple[str, ...]:
        return (*VOICE_FACTS, *self.settings.yields)

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
        reverberant = without_facts(reverberate(cut, rir, self.level), UNTRUE_AFTER["room"])
        return with_facts(reverberant, **facts_in(rir, self.level))


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

    The level of the speech is what its notes say (`prepare` wrote them while it decoded the clip), also of a clip in a
    room that keeps its level; else it is measured. `measured` counts these, and why that couldn't be.
    """

    name: ClassVar[str] = "noise"
    facts: ClassVar[tuple[str, ...]] = NOISE_FACTS

    share: float
    sources: tuple[NoiseSource, ...]
    at_once: int
    snr_db: float | Uniform | Choice
    measured: Measured = field(default_factory=Measured, compare=False)

    def apply(self, cut: Cut, rng: np.random.Generator) -> list[Cut]:
        assert isinstance(cut, MonoCut)
        clean = cut
        snr_db = round(draw(self.snr_db, rng), 2)
        drawn = draw_noise(cut, self.sources, self.at_once, rng)
        speech = _noted(cut)
        if speech is None:
            measured = _measured(cut)
            self.measured.clips += 1
            if isinstance(measured, str):
                self.measured.bad[kind_of(measured)] += 1
                self.measured.first = self.measured.first or f"{cut.id}: {measured}"
                return [cut]
            speech = _Speech(measured, knows_pauses=True)
            # A channel behind it wants to know.
            cut = with_note(cut, measured)
        if drawn is None:
            return [clean]
        noise, kinds = drawn
        wanted = noise_for(speech.heard, snr_db)
        if wanted.reason and not kinds:
            # Nothing could be said of such a noise.
            return [clean]
        noisy: Cut = add_noise(cut, noise, wanted.noise_db, speech.keeps_db)
        known: dict[str, Any] = {"noise_type": kinds} if kinds else {}
        if not wanted.reason:
            known["snr_db"] = snr_db
            if speech.knows_pauses:
                known["full_snr_db"] = round(snr_db - speech.heard.offset_db, 2)
        noisy = with_facts(without_facts(noisy, UNTRUE_AFTER["noise"]), **known)
        return [unlabelled(noisy, wanted.reason) if wanted.reason else noisy]


def _level_db(cut: MonoCut) -> float | None:
    """The level of the speech while it is active, dB below full scale; None where it can't be told."""
    heard = _listen(cut)
    return None if isinstance(heard, str) else round(float(10 * np.log10(heard.power)), 2)


@dataclass(frozen=True)
class _Speech:
    """What is heard of the speech that noise is put under; `keeps_db` is an active level that it is to be scaled to.

    In a room the pauses fill with reverberation: how long they are in the end isn't known from before.
    """

    heard: Heard
    knows_pauses: bool
    keeps_db: float | None = None


def _noted(cut: MonoCut) -> _Speech | None:
    """What the clip's notes tell of it; None without notes, and where a step has changed what is heard."""
    heard = noted(cut)
    effects = [effect for effect in cut.recording.transforms or () if not isinstance(effect, Resample)]
    if heard is None:
        return None
    if not effects:
        return _Speech(heard, knows_pauses=True)
    [effect, *others] = effects
    if others or not isinstance(effect, ReverbWithImpulseResponse) or not effect.normalize_output:
        return None
    return _Speech(heard, knows_pauses=False, keeps_db=round(float(10 * np.log10(heard.power)), 2))


def _measured(cut: MonoCut) -> Heard | str:
    """What is heard of a clip, or why that can't be told; its own noise is that from before the room."""
    heard = _listen(cut)
    transforms = cut.recording.transforms or []
    rooms = [place for place, one in enumerate(transforms) if isinstance(one, ReverbWithImpulseResponse)]
    if not rooms or isinstance(heard, str):
        return heard
    dry = _listen(fastcopy(cut, recording=fastcopy(cut.recording, transforms=transforms[: rooms[0]])))
    return dry if isinstance(dry, str) else heard.after(dry)


def _listen(cut: MonoCut) -> Heard | str:
    """What is heard of a clip, or why that can't be told; rendering will tell it too."""
    try:
        samples = load_samples(cut if cut.sampling_rate == SAMPLE_RATE else cut.resample(SAMPLE_RATE))[0]
    except Exception as error:  # lhotse and its backends raise whatever they like on a broken file
        return f"can't be read ({str(error).strip().partition(chr(10))[0] or type(error).__name__})"
    if not np.isfinite(samples).all():
        return "holds NaN or infinity"
    return active_level(samples, SAMPLE_RATE) or "is silent"


@dataclass(frozen=True)
class ChannelStep:
    """Sends a clip through a telephone, a codec, an amplifier that clips."""

    name: ClassVar[str] = "channel"

    settings: EffectsSettings

    @property
    def facts(self) -> tuple[str, ...]:
        return (*CHANNEL_FACTS, *self.settings.yields)

    @property
    def share(self) -> float:
        return self.settings.share

    def apply(self, cut: Cut, rng: np.random.Generator) -> list[Cut]:
        return [send(cut, self.settings, rng)]


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
        else:
            steps.append(VoiceStep(setting) if setting.step == "voice" else ChannelStep(setting))
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
    return made if made == [cut] else [_without_note(changed) for changed in made]


def _without_note(cut: Cut) -> Cut:
    """The cut without what was noted of it before it was changed."""
    if isinstance(cut, MixedCut):
        first, *others = cut.tracks
        return fastcopy(cut, tracks=[fastcopy(first, cut=_without_note(first.cut)), *others])
    if NOTE not in (cut.custom or {}):
        return cut
    return fastcopy(cut, custom={name: value for name, value in cut.custom.items() if name != NOTE})


def augment_cuts(cuts: Iterable[Cut], steps: Sequence[Step], seed: int) -> Iterator[Cut]:
    """`augment_cut` for a stream of cuts, one at a time."""
    for cut in cuts:
        yield from augment_cut(cut, steps, seed)
