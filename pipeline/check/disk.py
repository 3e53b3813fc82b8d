"""The shards have room on the disk, as far as the published hours and the corpora's own size tell."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from ..stages import Run

SHARD_GB_PER_HOUR = 0.065  # FLAC, 16 kHz, mono
# Speech as it is published takes at most 16 bits a sample, and hardly less than an eighth of that (Opus).
_CODED = 8


def warnings(whole: Run) -> Iterator[str]:
    """What may go wrong, but needn't."""
    needed, perhaps = _gigabytes_needed(whole)
    free = _free_gigabytes(whole.layout.work)
    if needed / 2 <= free < perhaps:
        yield _short(whole.layout.work, perhaps, free)


def disk_faults(whole: Run) -> Iterator[str]:
    needed, _ = _gigabytes_needed(whole)
    free = _free_gigabytes(whole.layout.work)
    if free < needed / 2:
        yield _short(whole.layout.work, needed, free)


def _existing(path: Path) -> Path:
    while not path.exists() and path.parent != path:
        path = path.parent
    return path


def _free_gigabytes(work: Path) -> float:
    """Without limit where the file system doesn't say."""
    usage = shutil.disk_usage(_existing(work))
    return usage.free / 1e9 if usage.total else math.inf


def _short(work: Path, needed: float, free: float) -> str:
    return (
        f"{work}: the shards will take about {needed:,.1f} GB, but {free:,.1f} GB are free there; free some space, set "
        "another 'work' or take fewer 'hours'"
    )


def _gigabytes_needed(whole: Run) -> tuple[float, float]:
    """What the shards will take at least, and at most, beyond those that are there; by what the corpora take."""
    least = most = 0.0
    for name, section in whole.known().items():
        corpus = whole.recipe(name).corpus
        published = section.selection.used(corpus).all
        if (
            not section.dir.is_dir()
            or published * SHARD_GB_PER_HOUR <= _free_gigabytes(whole.layout.work) / 1000
        ):
            continue
        hours = _bytes_in(section.dir) / (3600 * 2 * max(corpus.sampling_rate, 8000))
        most += min(published, _CODED * hours) * SHARD_GB_PER_HOUR
        if not (section.splits or section.languages or section.hours):
            least += min(published, hours) * SHARD_GB_PER_HOUR
    template = whole.config.instruct.template
    asked = [*template.tasks.values(), *template.stage2.values(), *template.test.values()]
    if "all" not in asked and whole.config.instruct.generate is None:
        # So few instructions are about no more clips than that, of which some are short.
        least = min(least, sum(n for n in asked if isinstance(n, int)) * 2 / 3600 * SHARD_GB_PER_HOUR)
    there = _bytes_in(whole.layout.shards("train").parent) / 1e9
    return max(0.0, least - there), max(0.0, most - there)


def _bytes_in(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).lstat().st_size
            except OSError:
                continue
    return total
