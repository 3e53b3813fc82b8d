"""augment: manifests -> one manifest of augmented cuts of one role, as a partition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lhotse.cut import Cut

from ...errors import InputError
from ...recipes.facts import read_facts
from ..files import read_yaml
from ..holdout import Roles
from ..manifests import NOWHERE, existing_audio_root, find_manifests, read_cuts, write_cuts
from ..partitions import Counts, Partition
from .rirs import BANK, Role
from .steps import RoomSettings, StepSettings, augment_cuts, prepare_steps, read_steps


def read_steps_file(path: Path) -> list[StepSettings]:
    """Reads a YAML file that holds what stands under `augment:` in a config file.

    Raises:
        InputError: the file is missing, isn't YAML, or a step is wrong.
    """
    return read_steps(read_yaml(path), str(path))


def augment_partition(
    manifests: list[Path],
    out: Path,
    *,
    steps: list[StepSettings],
    noise: Mapping[str, Path],
    role: Role,
    seed: int,
    base: Path,
    hold_out: Path | None = None,
    by_role: bool = False,
    moved: Mapping[str, Path] = NOWHERE,
) -> Partition:
    """The partition that writes the augmented cuts of `manifests` to `out`.

    `noise` gives the prepared folder of every corpus that a step takes noise from; `base` is where a step's relative
    paths start. With `by_role` only the cuts of that role are taken: by the hold-out file, or else by what each
    corpus publishes. Noise always is of that role, so no test noise is heard in training. `moved` says where corpora
    lie that aren't where they were prepared.
    """
    for step in steps:
        for corpus in getattr(step, "corpora", ()):
            if corpus not in noise:
                raise InputError(
                    f"augment: field 'from' names {corpus!r}, which isn't prepared; known: {sorted(noise)}"
                )
    banks = [base / step.bank.expanduser() / BANK for step in steps if isinstance(step, RoomSettings)]
    noise_manifests = [path for name in sorted(noise) for path in find_manifests(noise[name])]
    return Partition(
        name=f"augment/{role}/{out.name}",
        output=out,
        work=_augment,
        arguments=(manifests, steps, dict(noise), role, seed, base, hold_out, by_role, dict(moved)),
        inputs=(
            *manifests,
            *noise_manifests,
            *(bank for bank in banks if bank.is_file()),
            *filter(None, [hold_out]),
        ),
        params={
            "steps": [step.model_dump(mode="json") for step in steps],
            "role": role,
            "seed": seed,
            "by_role": by_role,
            "moved": {name: str(folder) for name, folder in moved.items()},
        },
    )


def _augment(
    temporary: Path,
    manifests: list[Path],
    steps: list[StepSettings],
    noise: dict[str, Path],
    role: Role,
    seed: int,
    base: Path,
    hold_out: Path | None,
    by_role: bool,
    moved: dict[str, Path],
) -> Counts:
    roles = Roles(hold_out)

    def cuts_of(paths: list[Path]) -> Iterator[Cut]:
        for path in paths:
            yield from read_cuts(path, existing_audio_root(path, moved))

    def of_role(paths: list[Path]) -> Iterator[Cut]:
        for cut in cuts_of(paths):
            if roles.role(cut, str(cut.corpus), str(cut.custom["split"])) == role:
                yield cut

    def noise_cuts(corpus: str) -> Iterator[Cut]:
        return of_role(find_manifests(noise[corpus]))

    counts: Counter[str] = Counter(clips=0)
    seconds = 0.0

    def counted() -> Iterator[Cut]:
        nonlocal seconds
        taken = of_role(manifests) if by_role else cuts_of(manifests)
        # Noise and rooms are opened only when there is a cut to put them on.
        first = next(taken, None)
        if first is None:
            return
        prepared = prepare_steps(steps, role, base, noise_cuts)
        for cut in augment_cuts(_chain(first, taken), prepared, seed):
            facts: dict[str, Any] = read_facts(cut)
            counts["clips"] += 1
            seconds += cut.duration
            counts.update(f"with {name}" for name in ("noise_type", "snr_db", "distance_m") if name in facts)
            yield cut

    write_cuts(temporary, counted())
    return {**counts, "hours": round(seconds / 3600, 4)}


def _chain(first: Cut, rest: Iterator[Cut]) -> Iterator[Cut]:
    yield first
    yield from rest
