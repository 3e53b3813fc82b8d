"""One process at a time: an output is held while it is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .disk_errors import disk_errors
from .errors import InputError
from .file_lock import take_lock
from .ownership import LEDGER, temporary_beside


@contextmanager
def hold(path: Path, *, inside: bool = False, purpose: str = "lock", wait: bool = False) -> Iterator[None]:
    """Holds an output against other processes, by a lock beside it or (`inside`) in the folder that it is.

    Locks of different purposes don't know of each other.

    Raises:
        InputError: another process holds it; not with `wait`, which waits for it.
    """
    lock = path / f"{LEDGER}-{purpose}" if inside else temporary_beside(path, purpose)
    with disk_errors(path):
        lock.parent.mkdir(parents=True, exist_ok=True)
        descriptor = _locked(lock, path, wait)
    try:
        yield
    finally:
        # While it is still held: who opened it meanwhile sees that it is another file than the one with this name.
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def _locked(lock: Path, path: Path, wait: bool) -> int:
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not take_lock(descriptor, wait=wait):
                raise InputError(
                    f"{path}: another cryfish is at work here; wait for it to end, stop it, or choose another output"
                )
            if os.path.samestat(lock.stat(), os.fstat(descriptor)):
                return descriptor
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
