"""Noise and rooms for every role in which there are clips; no audio is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from lhotse.cut import Cut

from ...errors import InputError, faults_of
from ...recipes.kit.corpus import ROLES, Clip, Role, divide
from ..augment.settings import NoiseSettings, RoomSettings, read_steps
from ..augment.steps import prepare_steps
from ..prepare.holdout import group_of
from ..prepare.own.describe import own_faults
from ..stages import Run

_LOOKED_AT = 5_000


def noise_faults(whole: Run) -> Iterator[str]:
    """Steps that find no noise for a role in which there are clips."""
    for step in read_steps(whole.config.augment):
        if not isinstance(step, NoiseSettings):
            continue
        for names in (step.sounds, step.babble.corpora if step.babble else ()):
            for role in ROLES if names else ():
                if all(_has_noise(whole, name, role) is False for name in names) and _is_asked(whole, role):
                    yield (
                        f"augment: {', '.join(names)} (the noise's 'from') hold no clips for the role '{role}', which "
                        "other corpora have; take more 'splits' of them, name other corpora too, or divide them anew "
                        "under 'hold_out'"
                    )


def _has_noise(whole: Run, name: str, role: Role) -> bool | None:
    """Whether a corpus has noise for the clips of a role, by the rule of `augment`; None where it isn't seen."""
    published = _declared(whole, name)
    lent = role != "train" and role not in published

    def serves(clip: Clip) -> bool:
        own = _role(whole, name, clip)
        if not lent:
            return own in (role, None)
        return (
            own in ("train", None) and divide(name, group_of(name, f"{name}-{clip.id}", clip.facts)) == role
        )

    return _some_clip(whole, name, serves)


def _declared(whole: Run, name: str) -> set[Role]:
    hold_out = whole.config.hold_out
    if hold_out is not None and name in hold_out.corpora:
        return {"train", "test"}
    return set(whole.recipe(name).corpus.splits.values())


def _role(whole: Run, name: str, clip: Clip) -> Role | None:
    """The role of a clip; None where the hold-out will say."""
    hold_out = whole.config.hold_out
    if hold_out is not None and name in hold_out.corpora:
        return None
    return whole.recipe(name).corpus.splits.get(clip.split)


def _is_asked(whole: Run, role: Role) -> bool:
    """Whether some corpus surely has clips of the role."""
    return any(_has_role(whole, name, role) for name in whole.known())


def _has_role(whole: Run, name: str, role: Role) -> bool:
    def plays(clip: Clip) -> bool:
        return _role(whole, name, clip) in (role, None)

    return role in _declared(whole, name) and _some_clip(whole, name, plays) is True


def _some_clip(whole: Run, name: str, test: Callable[[Clip], bool]) -> bool | None:
    """Whether a corpus has a clip that passes; None where the first few thousand don't tell. No audio is opened."""
    section, found = whole.config.corpora.get(name), whole.recipe(name)
    if (
        section is None
        or not section.dir.is_dir()
        or ((said := whole.said_of(name)) and any(own_faults(said)))
    ):
        return None
    try:
        clips = section.selection.of(found.clips(whole.home(name)), found.corpus)
        seen = 0
        for clip in islice(clips, _LOOKED_AT):
            seen += 1
            if isinstance(clip, Clip) and test(clip):
                return True
    except InputError:
        return None  # `prepare` tells it
    return False if seen < _LOOKED_AT else None


def room_faults(whole: Run) -> Iterator[str]:
    """A bank that was made elsewhere must be there, whole, and have rooms for every role in which there are clips."""
    if whole.config.rirs is not None:
        return

    def no_noise(corpus: str) -> Iterator[Cut]:
        return iter(())

    for step in read_steps(whole.config.augment):
        if isinstance(step, RoomSettings):
            for role in ROLES:
                bad = list(faults_of(prepare_steps, [step], role, whole.base, no_noise))
                if bad and _is_asked(whole, role):
                    yield from (f"augment: field 'bank': {fault}" for fault in bad)
