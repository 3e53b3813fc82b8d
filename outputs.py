"""What a command may write to: checked as a whole before anything is touched."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import InputError
from .local_path import local_path
from .ownership import LEDGER, foreign, is_ours, is_ours_by_name, ledger_of, note

# File systems take 255 bytes a name and 4,096 a path; what is made beside an output has a longer name.
_LONGEST_NAME = 200
_LONGEST_PATH = 3_800

RUN, DEMO = "run", "demo"
HOLDERS = (RUN, DEMO)
"""Stages whose folder is there to hold the outputs of others."""


@dataclass(frozen=True)
class Output:
    """What a command is going to write: a file, or the folder of a stage. `where` is what the user calls it; `by` is
    the command that a file is of."""

    path: Path
    where: str
    stage: str | None = None
    by: str = ""


def settled(path: Path) -> Path:
    """Where an output really goes: behind a link, and never `.` or `..`, beside which nothing can be named."""
    return path.resolve() if path.is_symlink() or path.name in ("", "..") else path


def check_outputs(outputs: Iterable[Output], inputs: Iterable[Path]) -> None:
    """Refuses whatever could harm what isn't ours. Nothing is touched.

    An output may be absent, an empty folder, or ours: made by the same stage. It may not lie inside an input, be one,
    or be a folder around one.

    Raises:
        InputError: names the output, what lies there, and what to do.
    """
    read = {path: given for given in inputs if (path := _resolved(given)) is not None}
    written: dict[Path, Output] = {}
    for output in outputs:
        path = _checked_name(output)
        if path in written:
            raise InputError(
                f"{output.where}: {output.path} is also what {written[path].where} names; give each its own"
            )
        written[path] = output
        for source, given in read.items():
            _check_apart(output, path, source, given)
        if output.stage is None:
            _check_file(output, path)
        else:
            _check_folder(output, path, output.stage)
        _check_writable(output, path)


def begin_files(outputs: Iterable[Output]) -> None:
    """Notes the files of a command as its own; they were checked before."""
    for output in outputs:
        note([settled(output.path)], output.by)


def _resolved(path: Path) -> Path | None:
    """None for what no path can be: links in a circle, a name with a zero byte."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return None


def _checked_name(output: Output) -> Path:
    """The path behind all links, if it can be one."""
    path = _resolved(local_path(output.path, output.where))
    if path is None:
        raise InputError(
            f"{output.where}: {str(output.path)!r} can't be a path (links in a circle, or a zero byte); choose another"
        )
    if len(os.fsencode(path.name)) > _LONGEST_NAME or len(os.fsencode(path)) > _LONGEST_PATH:
        raise InputError(
            f"{output.where}: {str(output.path)[:60]}... is too long (a name at most {_LONGEST_NAME} bytes, a path "
            f"{_LONGEST_PATH:,}); choose a shorter one"
        )
    if any(part.startswith(LEDGER) for part in path.parts):
        raise InputError(
            f"{output.where}: {output.path} begins with {LEDGER}, which is what cryfish calls its own files; choose "
            "another name"
        )
    return path


def _check_apart(output: Output, path: Path, source: Path, given: Path) -> None:
    if path == source:
        how = "is what is read"
    elif path in source.parents and output.stage is not None:
        how = f"is a folder around what is read ({given})"
    elif source in path.parents and (source.is_dir() or not source.exists()):
        how = f"lies inside what is read ({given})"
    else:
        return
    raise InputError(f"{output.where}: {output.path} {how}; choose a place apart from it")


def _check_file(output: Output, path: Path) -> None:
    if path.is_dir():
        raise InputError(
            f"{output.where}: {output.path} is a folder, but this must be a file; give a file name"
        )
    if path.exists() and not is_ours(path):
        raise foreign(output.path, f"{output.where}: ")
    maker = ledger_of(path.parent).maker(path.name) if path.exists() else ""
    if maker and output.by and maker != output.by:
        raise InputError(
            f"{output.where}: {output.path} is the output of `cryfish {maker}`; choose another name, or move it away"
        )
    around = _stage_around(path)
    if around is not None:
        raise InputError(
            f"{output.where}: {output.path} lies in {around[0]}, the output of `cryfish {around[1]}`; "
            "choose another folder"
        )


def _check_folder(output: Output, path: Path, stage: str) -> None:
    around = _stage_around(path)
    if around is not None:
        raise InputError(
            f"{output.where}: {output.path} lies in {around[0]}, the output of `cryfish {around[1]}`; "
            "choose another folder"
        )
    if not path.exists():
        return
    if not path.is_dir():
        raise InputError(
            f"{output.where}: {output.path} is a file, but this must be a folder; give another name"
        )
    with _readable(output):
        other = next((entry for entry in sorted(path.iterdir()) if not is_ours_by_name(entry)), None)
    held = ledger_of(path).stage
    if held is not None and held != stage:
        raise InputError(
            f"{output.where}: {output.path} holds the output of `cryfish {held}`; choose another folder"
        )
    if held is None and other is not None:
        raise InputError(
            f"{output.where}: {output.path} holds what isn't the output of `cryfish {stage}` ({other.name}), "
            f"and stays as it is; choose a folder that is new or empty (or put back its hidden file {LEDGER}, if it "
            "was copied without)"
        )


@contextmanager
def _readable(output: Output) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{output.where}: {output.path} can't be read ({error.strerror}); choose another folder"
        ) from error


def _stage_around(path: Path) -> tuple[Path, str] | None:
    for folder in path.parents:
        stage = ledger_of(folder).stage
        if stage is not None and stage not in HOLDERS:
            return folder, stage
    return None


def _check_writable(output: Output, path: Path) -> None:
    place = path
    while not os.path.lexists(place):
        place = place.parent
    if place != path and not place.is_dir():
        raise InputError(
            f"{output.where}: {output.path} can't be made, since {place} is a file; choose another folder"
        )
    folder = place if place.is_dir() else place.parent
    # Tried, since permissions alone don't tell of read-only mounts and of servers that know no root.
    probe = folder / f"{LEDGER}-probe-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(
            f"{output.where}: {output.path} can't be written ({error.strerror}: {folder}); choose another folder"
        ) from error
