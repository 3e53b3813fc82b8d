"""What is done to the clips of one role: the steps, what they take noise and rooms from, and the steps opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from lhotse.cut import Cut

from ...errors import InputError, faults_of
from ...files import read_yaml
from ...recipes.kit.corpus import Role, divide
from ...recipes.kit.facts import read_facts
from ..audio.effects import EFFECTS
from ..audio.manifests import NOWHERE, existing_audio_root, find_manifests, read_cuts
from ..engine.code import Root
from ..prepare.contamination.dropped import dropped_clips, without_files
from ..prepare.holdout import Roles, group_of
from ..rirs.rirs import BANK
from .settings import RoomSettings, StepSettings, corpora_of, read_steps
from .shares import EffectsSettings
from .steps import Step, prepare_steps


@dataclass(frozen=True)
class Augmentation:
    """What is done to the clips of one role.

    `noise` gives the prepared folder of every corpus that a step takes noise from; `base` is where a step's relative
    paths start. With `by_role` only the cuts of that role are taken: by the hold-out file, or else by what each
    corpus publishes. `audio_roots` says where corpora lie that aren't where they were prepared. `without` lists clips
    that are used nowhere, as clips or as noise (`contamination.jsonl`).
    """

    steps: tuple[StepSettings, ...]
    noise: Mapping[str, Path]
    role: Role
    seed: int
    base: Path
    hold_out: Path | None = None
    by_role: bool = False
    audio_roots: Mapping[str, Path] = field(default_factory=lambda: NOWHERE)
    without: Path | None = None

    def check(self) -> None:
        """Raises InputError for a corpus that a step takes noise from and that isn't prepared."""
        for corpus in corpora_of(self.steps):
            if corpus not in self.noise:
                raise InputError(
                    f"augment: field 'from' names {corpus!r}, which isn't prepared; known: {sorted(self.noise)}"
                )

    def read_folders(self) -> tuple[Path, ...]:
        """The folders that are read beside the manifests: of noise, and of rooms."""
        banks = [self.base / step.bank.expanduser() for step in self.steps if isinstance(step, RoomSettings)]
        return (*self.noise.values(), *banks)

    def inputs(self) -> tuple[Path, ...]:
        """The files beside the manifests that decide what comes out."""
        banks = [
            self.base / step.bank.expanduser() / BANK for step in self.steps if isinstance(step, RoomSettings)
        ]
        manifests = [path for name in sorted(self.noise) for path in find_manifests(self.noise[name])]
        return (
            *manifests,
            *(bank for bank in banks if bank.is_file()),
            *filter(None, [self.hold_out]),
            *without_files(self.without),
        )

    def code(self) -> tuple[Root, ...]:
        """The code of the effects that are asked for."""
        asked = {name for step in self.steps if isinstance(step, EffectsSettings) for name in step.asked}
        return tuple(EFFECTS.home(name) for name in sorted(asked))

    def params(self) -> dict[str, Any]:
        """What else decides it."""
        return {
            # An effect that isn't asked for decides nothing, be it known here or not.
            "steps": [step.model_dump(mode="json", exclude_none=True) for step in self.steps],
            "role": self.role,
            "seed": self.seed,
            "by_role": self.by_role,
            "moved": {name: str(folder) for name, folder in self.audio_roots.items()},
        }


def read_steps_file(path: Path) -> list[StepSettings]:
    """Reads a YAML file that holds what stands under `augment:` in a config file.

    Raises:
        InputError: the file is missing, isn't YAML, or a step is wrong.
    """
    return read_steps(read_yaml(path), str(path))


def steps_faults(path: Path, noise: Mapping[str, Path], role: Role) -> Iterator[str]:
    """What is wrong with a steps file, the corpora that it takes noise from, and its banks of rooms."""
    bad = list(faults_of(read_steps_file, path))
    yield from bad
    for step in [] if bad else read_steps_file(path):
        if isinstance(step, RoomSettings):
            yield from faults_of(prepare_steps, [step], role, path.parent, iter)
        yield from faults_of(Augmentation((step,), noise, role, 0, path.parent).check)


def role_of(roles: Roles, cut: Cut) -> Role:
    return roles.role(cut, str(cut.corpus), str(cut.custom.get("split", "")))


def open_steps(augmentation: Augmentation) -> list[Step]:
    return _opened(
        _Key(augmentation, repr((augmentation.params(), [str(path) for path in augmentation.inputs()])))
    )


@dataclass(frozen=True)
class _Key:
    """An augmentation that can be told from others by a text."""

    augmentation: Augmentation = field(compare=False)
    text: str


# A worker meets the same steps in many chunks: what it has learnt of the noise clips is kept.
@lru_cache(maxsize=2)
def _opened(key: _Key) -> list[Step]:
    augmentation = key.augmentation
    roles, dropped = Roles(augmentation.hold_out), dropped_clips(augmentation.without)

    def noise_cuts(corpus: str) -> Iterator[Cut]:
        missing = {"dev", "test"} - roles.published(corpus)
        for path in find_manifests(augmentation.noise[corpus]):
            for cut in read_cuts(path, existing_audio_root(path, augmentation.audio_roots)):
                if cut.id in dropped:
                    continue
                role = role_of(roles, cut)
                if role == "train" and missing:
                    chosen = divide(corpus, group_of(corpus, cut.id, read_facts(cut)))
                    role = chosen if chosen in missing else role
                if role == augmentation.role:
                    yield cut

    return prepare_steps(augmentation.steps, augmentation.role, augmentation.base, noise_cuts)
