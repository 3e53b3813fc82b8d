"""What a disk may refuse, in one sentence."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import InputError


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns a full or read-only disk into one sentence.

    Raises:
        InputError: no space left, no permission, or a read-only file system.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InputError(
                f"{path}: the disk is full; free some space and run the same command again"
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise InputError(
                f"{path}: can't be written ({error.strerror}); choose another output folder"
            ) from error
        if error.errno in (errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP):
            raise InputError(
                f"{path}: can't be written ({error.strerror}: {error.filename}); move that away, or choose another "
                "output"
            ) from error
        raise
