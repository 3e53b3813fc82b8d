"""Options and kinds of path that several commands share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

# That a path exists is checked where it is read: there the message can say what was expected in it.
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
PATH = click.Path(path_type=Path)

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    default=lambda: os.cpu_count() or 1,
    show_default="all cores",
    help="Worker processes; the output is the same for any number.",
)
seed_option = click.option("--seed", type=int, default=0, show_default=True)


def say_counts(counts: Mapping[str, float]) -> str:
    """A partition's counts as a person reads them: `1,200 clips, 2.5 hours`."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
