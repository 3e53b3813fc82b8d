"""Checkpoints on disk: finding the newest whole one, putting one in place in one move."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from ..errors import InputError
from ..files import replace
from ..ownership import LEDGER, clear, has_others

FINAL = "model"
STAGING = f"{LEDGER}-saving"
_REMOVING = f"{LEDGER}-removing-"
_CHECKPOINT = re.compile(r"checkpoint-(\d+)")


def checkpoints(out: Path) -> list[Path]:
    """The whole checkpoints of a training folder, oldest first."""
    if not out.is_dir():
        return []
    found = [(match, path) for path in out.iterdir() if (match := _CHECKPOINT.fullmatch(path.name))]
    return [path for _, path in sorted(found, key=lambda pair: int(pair[0].group(1)))]


def step_of(checkpoint: Path) -> int:
    """The optimizer steps done when `checkpoint-<steps>` was saved."""
    return int(checkpoint.name.rpartition("-")[2])


def staging_folder(out: Path) -> Path:
    """An empty folder to write into before `publish`; what a killed process left there is removed."""
    staging = out / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    return staging


def publish(written: Path, target: Path) -> None:
    """Moves a written folder to its place, so that the place holds nothing or the whole of it."""
    replace(written, target)


def prune(out: Path, keep: int) -> None:
    """Removes all but the newest `keep` checkpoints; each is renamed first, so no half-removed one looks whole.

    What somebody else put into one stays, in a hidden folder.
    """
    for old in checkpoints(out)[:-keep]:
        old.rename(out / f"{_REMOVING}{old.name}")
    for doomed in out.glob(f"{_REMOVING}*"):
        clear(doomed)
        if not has_others(doomed):
            shutil.rmtree(doomed, ignore_errors=True)


def checkpoint_folder(folder: Path) -> Path:
    """The folder that holds the model: `folder` itself, or the `model` folder of a finished training.

    Raises:
        InputError: it is no checkpoint; names a checkpoint inside it where there is one.
    """
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; give the folder of a checkpoint or of a finished training"
        )
    if (folder / "config.json").is_file():
        return folder
    if (folder / FINAL / "config.json").is_file():
        return folder / FINAL
    inside = checkpoints(folder)
    hint = f"; this training is not finished, its newest checkpoint is {inside[-1]}" if inside else ""
    raise InputError(f"{folder}: not a checkpoint, it has no config.json{hint}")
