"""Whose files are whose: an output is ours when it is absent, empty or carries our mark; all else is the user's.

In a folder that we write into lies `.cryfish`, a ledger: one JSON object a line. `{"folder": "prepare"}` says that the
folder as a whole is the output of a stage; `{"name": "x.jsonl", "by": "augment"}` that we made what lies under this
name (relative to the folder), and by which command. A name is noted before anything is written under it, so that what a
killed run leaves is known to be ours. Names that begin with `.cryfish` are ours without being noted.

Only what is noted is ever replaced or removed. What else lies in a folder of ours stays there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .disk_errors import disk_errors
from .errors import InputError
from .file_lock import take_lock

LEDGER = ".cryfish"
_TAIL = 256


def temporary_beside(path: Path, purpose: str = "tmp") -> Path:
    """Where `path` is made before it is moved to its place: a name that is ours, in the same folder."""
    return path.with_name(f"{LEDGER}-{purpose}-{path.name}")


def is_ours_by_name(path: Path) -> bool:
    """Whether a file or folder is ours whatever the ledger says."""
    return path.name.startswith(LEDGER)


@dataclass
class _Known:
    """What has been read of a ledger; it only grows."""

    place: int = 0
    tail: bytes = b""
    folder: str | None = None
    names: dict[str, str] = field(default_factory=dict)


class Ledger:
    """What of a folder we made. Reading it again costs no more than what others have added since."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / LEDGER
        self._known = _Known()

    @property
    def stage(self) -> str | None:
        """The stage whose output the folder as a whole is; None for a folder that only holds files of ours."""
        return self._read().folder

    @property
    def names(self) -> set[str]:
        """The noted names, relative to the folder; what lies under them may have gone since."""
        return set(self._read().names)

    def holds(self, name: str) -> bool:
        """Whether we made what lies under this name, or a folder around it."""
        known = self._read().names
        return name in known or any(parent.as_posix() in known for parent in Path(name).parents)

    def maker(self, name: str) -> str:
        """The command that made what lies under this very name; "" where it isn't noted."""
        return self._read().names.get(name, "")

    def note(self, names: Iterable[str] = (), stage: str | None = None, by: str = "") -> None:
        """Adds what isn't noted yet, and returns when it would survive a power cut."""
        known = self._read()
        lines = [{"folder": stage}] if stage is not None and known.folder != stage else []
        new = (
            name
            for name in set(names)
            if name not in known.names or known.names[name] != (by or known.names[name])
        )
        lines += [{"name": name, **({"by": by} if by else {})} for name in sorted(new)]
        if not lines:
            return
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            take_lock(descriptor, wait=True)
            # What a killed process left of a line must not swallow the next one.
            end = os.fstat(descriptor).st_size
            torn = end > 0 and os.pread(descriptor, 1, end - 1) != b"\n"
            os.write(descriptor, ("\n" if torn else "").encode() + text.encode("utf-8", "surrogateescape"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _read(self) -> _Known:
        known = self._known
        try:
            with self._path.open("rb") as stream:
                stream.seek(known.place - len(known.tail))
                new = stream.read()
                if not new.startswith(known.tail):
                    # Another file under the same name: the folder was made anew.
                    known = self._known = _Known()
                    stream.seek(0)
                    new = stream.read()
        except (FileNotFoundError, NotADirectoryError):
            self._known = _Known()
            return self._known
        except OSError as error:
            raise InputError(
                f"{self._path}: can't be read ({error.strerror}), but here cryfish notes what is its own; move it away"
            ) from error
        if known.place == 0 and new and not new.startswith(b'{"'):
            raise InputError(
                f"{self._path}: isn't cryfish's list of what it wrote here; put the right one back, or move it away "
                "and choose another folder"
            )
        new = new[len(known.tail) : new.rfind(b"\n") + 1]
        for line in new.splitlines():
            with suppress(ValueError, AttributeError):
                entry = json.loads(line.decode("utf-8", "surrogateescape"))
                if isinstance(stage := entry.get("folder"), str):
                    known.folder = stage
                if isinstance(name := entry.get("name"), str):
                    known.names[name] = str(entry.get("by", ""))
        known.place += len(new)
        known.tail = (known.tail + new)[-_TAIL:]
        return known


_ledgers: dict[Path, Ledger] = {}


def ledger_of(folder: Path) -> Ledger:
    """The ledger of a folder; asked again it reads only what is new."""
    return _ledgers.setdefault(folder.absolute(), Ledger(folder.absolute()))


def is_ours(path: Path) -> bool:
    """Whether we made the file or folder at `path`, or it is the output of a stage as a whole."""
    path = path.absolute()
    if is_ours_by_name(path) or (path.is_dir() and ledger_of(path).stage is not None):
        return True
    below = path.name
    for folder in path.parents:
        if is_ours_by_name(folder) or ledger_of(folder).holds(below):
            return True
        if ledger_of(folder).stage is not None:
            return False
        below = f"{folder.name}/{below}"
    return False


def refuse_foreign(paths: Iterable[Path]) -> None:
    """Raises InputError for the first file or folder that is there and isn't ours."""
    for path in paths:
        if os.path.lexists(path) and not is_ours(path):
            raise foreign(path, "")


def note(paths: Iterable[Path], by: str = "") -> None:
    """Notes files (or folders) that a command is about to write, each in its folder's ledger; the folders are made.

    Raises:
        InputError: one of them is there and isn't ours. Then nothing was noted.
    """
    noted = [path for path in paths if not _is_all_ours(path)]
    refuse_foreign(noted)
    by_folder: dict[Path, list[str]] = {}
    for path in noted:
        by_folder.setdefault(path.parent, []).append(path.name)
    for folder, names in by_folder.items():
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            ledger_of(folder).note(names, by=by)


def seal(folder: Path, stage: str | None = None) -> None:
    """Notes everything that lies in a folder which we alone have written, so that it can be moved to its place."""
    found = (path for path in folder.rglob("*") if path.is_file() and not is_ours_by_name(path))
    ledger_of(folder).note((path.relative_to(folder).as_posix() for path in found), stage)


def begin_folder(folder: Path, stage: str) -> None:
    """Makes a folder the output of a stage; it was checked before (`check_outputs`)."""
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        ledger_of(folder).note(stage=stage)


def remove(path: Path) -> None:
    """Removes a file or a folder as far as it is ours; a folder in which something else lies stays, with that in it."""
    if path.is_dir() and not path.is_symlink():
        if _is_all_ours(path):
            shutil.rmtree(path)
            return
        clear(path)
        if not has_others(path):
            shutil.rmtree(path)
    elif is_ours(path):
        path.unlink(missing_ok=True)


def _is_all_ours(path: Path) -> bool:
    return any(is_ours_by_name(part) for part in (path, *path.absolute().parents))


def clear(folder: Path) -> None:
    """Removes what a folder's ledger notes; what else lies there stays, and the ledger too."""
    parents: set[Path] = set()
    for name in ledger_of(folder).names:
        path = folder / name
        remove(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
        parents.update(folder / parent for parent in Path(name).parents if parent.name)
    for path in sorted(parents, key=lambda path: -len(path.parts)):
        with suppress(OSError):  # something else lies there
            path.rmdir()


def has_others(folder: Path) -> bool:
    """Whether a folder still holds something, apart from what is ours by its name."""
    return any(not path.is_dir() and not is_ours_by_name(path) for path in folder.rglob("*"))


def put_in_place(made: Path, final: Path) -> None:
    """Moves a finished and sealed folder to its final name. What of an earlier one is ours goes; all else stays.

    Raises:
        InputError: something that isn't ours lies where a file must go. Then nothing was changed.
    """
    if final.is_dir() and not final.is_symlink():
        coming = ledger_of(made).names
        for name in coming:
            if os.path.lexists(final / name) and not is_ours(final / name):
                raise foreign(final / name, "")
        remove(final)
    if not final.exists():
        made.replace(final)
        return
    ledger_of(final).note(ledger_of(made).names, ledger_of(made).stage)
    for name in sorted(ledger_of(made).names):
        (final / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).replace(final / name)
    shutil.rmtree(made)


def foreign(path: Path, where: str) -> InputError:
    return InputError(
        f"{where}{path} is there and cryfish didn't write it; it stays as it is: choose another name, or move it away"
    )
