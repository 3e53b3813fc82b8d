"""What of a run is done, what is to do, and what is stale and why; told without making anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from ..errors import InputError
from ..recipes.kit.corpus import ROLES, Role
from .audio.manifests import find_manifests
from .augment.augment import augment_partition
from .engine.partitions import OutputState, Partition
from .layout import STAGES
from .prepare.contamination.stage import contamination_partition
from .prepare.prepare import prepare_partition
from .rirs.bank import bank_state
from .rirs.specification import read_spec
from .shard.shard import shard_state
from .stages import Run

Item = tuple[str, OutputState]
"""A corpus, a role, or both; "" where a stage has one output. And what of it is done."""


def states(whole: Run) -> dict[str, list[Item]]:
    """The state of every output of a config's stages, compared with the inputs as they are now."""
    found = {name: list(_STATES[name](whole)) for name in STAGES}
    return {name: items for name, items in found.items() if items}


def state_lines(whole: Run, found: dict[str, list[Item]]) -> Iterator[str]:
    """The states for people: a line a stage where all of it is alike, else a line for each state."""
    folders = whole.layout.outputs()
    width = max(10, *map(len, found))
    waiting = False
    for stage, items in found.items():
        where = folders.get(stage, "")
        by_state: dict[str, list[str]] = {}
        for name, state in items:
            text = str(state)
            if waiting and state.kind == "done":
                text = "done, for its inputs as they are now"
            by_state.setdefault(text, []).append(name)
        if len(by_state) == 1 and len(next(iter(by_state))) <= 40:
            yield f"  {stage:<{width}} {next(iter(by_state)):<8} {where}".rstrip()
        else:
            yield f"  {stage:<{width}} {where}".rstrip()
            for text, names in by_state.items():
                told = ", ".join(filter(None, names))
                yield f"    {text}" + (f" - {told}" if told else "")
        waiting = waiting or any(state.kind != "done" for _, state in items)


def _of(output: Path, make: Callable[[], Partition | None]) -> OutputState:
    """The state of a partition; what isn't there needn't be compared."""
    if not output.exists():
        return OutputState("to do")
    try:
        partition = make()
        return OutputState("to do") if partition is None else partition.state()
    except (InputError, OSError) as error:
        return OutputState("done", (f"not compared, since an input is missing: {error}",))


def _prepared(whole: Run) -> Iterator[Item]:
    def make(name: str) -> Partition:
        return prepare_partition(
            name, whole.home(name), whole.layout.manifests(name), **whole.prepare_options(name)
        )

    for name in whole.config.corpora:
        yield name, _of(whole.layout.manifests(name), partial(make, name))


def _held_out(whole: Run) -> Iterator[Item]:
    if (file := whole.layout.hold_out) is not None:
        yield "", _of(file, whole.hold_out_partition)


def _kept_apart(whole: Run) -> Iterator[Item]:
    if (file := whole.layout.contamination) is not None:
        yield "", _of(file, lambda: contamination_partition(whole.apart(), file))


def _bank(whole: Run) -> Iterator[Item]:
    if (folder := whole.bank) is not None:
        yield "", bank_state(folder, read_spec(whole.config.rirs), whole.config.seed)


def _augmented(whole: Run) -> Iterator[Item]:
    def make(role: Role, name: str, out: Path) -> Partition:
        return augment_partition(whole.augmentation(role), find_manifests(whole.layout.manifests(name)), out)

    for role in ROLES:
        for name, out in zip(whole.config.corpora, whole.layout.augmented(role), strict=True):
            yield f"{name} ({role})", _of(out, partial(make, role, name, out))


def _templates(whole: Run) -> Iterator[Item]:
    for role in whole.config.instruct.template.roles:
        yield role, _of(whole.layout.template(role), partial(whole.template_partition, role))


def _generated(whole: Run) -> Iterator[Item]:
    if (file := whole.layout.candidates) is not None:
        yield "", _of(file, whole.generate_partition)


def _filtered(whole: Run) -> Iterator[Item]:
    if (folder := whole.layout.filtered) is not None:
        yield "", _of(folder, whole.filter_partition)


def _sharded(whole: Run) -> Iterator[Item]:
    for role in whole.config.instruct.template.roles:
        out = whole.layout.shards(role)
        if not out.exists():
            yield role, OutputState("to do")
            continue
        try:
            yield (
                role,
                shard_state(
                    whole.layout.augmented(role),
                    whole.layout.instructions(role),
                    out,
                    whole.config.shard.target_size,
                ),
            )
        except (InputError, OSError) as error:
            yield role, OutputState("done", (f"not compared, since an input is missing: {error}",))


def _trained(whole: Run) -> Iterator[Item]:
    if whole.config.train is None:
        return
    folders = whole.layout.trainings
    for number, folder in enumerate(folders, 1):
        begun = (
            OutputState("to do", ("begun",)) if (folder / "settings.json").is_file() else OutputState("to do")
        )
        name = f"stage {number}" if len(folders) > 1 else ""
        yield name, OutputState("done") if (folder / "done.json").is_file() else begun


def _evaluated(whole: Run) -> Iterator[Item]:
    if whole.config.evaluate is not None:
        done = (whole.layout.evaluation / "results.json").is_file()
        yield "", OutputState("done" if done else "to do")


_STATES: dict[str, Callable[[Run], Iterator[Item]]] = {
    "prepare": _prepared,
    "hold-out": _held_out,
    "contamination": _kept_apart,
    "rirs": _bank,
    "augment": _augmented,
    "template": _templates,
    "generate": _generated,
    "filter": _filtered,
    "shard": _sharded,
    "train": _trained,
    "evaluate": _evaluated,
}
