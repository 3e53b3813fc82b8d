"""The check of a whole config before its first stage: all that is wrong is told at once, and nothing is written.

Settings are read, folders are looked into, models are looked for; no audio and no weights are opened. What only the
data can tell (a clip that is damaged, a share that is passed) is told by the stage that meets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...errors import InputError, refuse
from ...progress import say
from ..layout import STAGES
from ..stages import Run
from .disk import disk_faults, warnings
from .models import judge_faults, training_faults, writer_faults
from .noise import noise_faults, room_faults
from .places import corpus_faults, work_faults
from .settings import settings_faults


def check(whole: Run, until: str | None = None) -> None:
    """Finds all that is wrong in the config, and for the stages up to `until`, before anything is written.

    Raises:
        InputError: names every fault.
    """
    refuse([*settings_faults(whole), *corpus_faults(whole), *machine_faults(whole, until)])
    for warning in warnings(whole):
        say(f"caution: {warning}")


def machine_faults(whole: Run, until: str | None = None) -> Iterator[str]:
    """What else keeps the stages, up to `until`, from being done here: models, noise, packages, devices, disk."""
    looks: list[tuple[str, Callable[[Run], Iterator[str]]]] = [
        ("prepare", work_faults),
        ("augment", noise_faults),
        ("augment", room_faults),
        ("generate", writer_faults),
        ("filter", judge_faults),
        ("shard", disk_faults),
        ("train", training_faults),
    ]
    for stage, look in looks:
        if until is None or STAGES.index(stage) <= STAGES.index(until):
            try:
                yield from look(whole)
            except InputError:
                continue  # a setting it rests on is wrong, which is told already
