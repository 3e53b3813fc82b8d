"""An open file that one process has to itself; everything that locks does it here."""

from __future__ import annotations

import errno
import fcntl

_WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)


def take_lock(descriptor: int, *, wait: bool = False) -> bool:
    """Locks an open file until it is closed; False where another process has it, unless it may `wait`.

    On a file system without locks nobody can have it. Raises OSError for all else that goes wrong.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _WITHOUT_LOCKS:
            raise
    return True
