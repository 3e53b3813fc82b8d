"""What does the work."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ...errors import InputError

if TYPE_CHECKING:
    from ..engine.partitions import Partition
    from ..engine.processes import Engine


def open_engine(name: str = "local", jobs: int | None = None) -> Engine:
    """What work is done by: `local`, processes of this machine, or `ray`; None as `jobs` takes all CPUs there are.

    Raises:
        InputError: Ray isn't installed, or no cluster answers.
    """
    from ..engine.processes import Engine

    if name == "local":
        return Engine(jobs or os.cpu_count() or 1)
    try:
        from ..engine.ray_engine import RayEngine
    except ModuleNotFoundError as error:
        raise InputError(
            f"--engine ray: Ray isn't installed here ({error}); pip install 'cryfish[ray]'"
        ) from error
    return RayEngine(jobs)


def run_one(stage: str, partition: Partition) -> dict[str, Any]:
    """Makes a single output in this process, and returns what was counted."""
    from ..engine.partitions import check_partitions
    from ..engine.processes import Engine

    check_partitions([partition], "--out")
    [counts] = Engine().run(stage, [partition])
    return counts
