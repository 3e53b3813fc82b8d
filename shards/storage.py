"""Where shards lie: a local folder, or any fsspec URL (`s3://`, `gs://`, `hf://`, `http://`, `memory://`)."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import fsspec

from ..errors import InputError

T = TypeVar("T")
ATTEMPTS = 4
_FIRST_WAIT = 1.0  # seconds; the next ones are twice and four times as long
_FINAL = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_WORTH_ANOTHER_TRY = (408, 425, 429)  # of the answers that blame the client
_MISSETTINGS = frozenset(
    "CredentialRetrievalError DefaultCredentialsError InvalidURL NoCredentialsError NoRegionError ParamValidationError "
    "PartialCredentialsError ProfileNotFound RefreshError TokenRetrievalError UnknownServiceError".split()
)
# A forked worker must not collect the file systems it inherits: closing their connections would take those out of the
# event loop of its parent, which shares them, and the parent's next read would wait for minutes.
_kept: dict[int, Any] = {}


class PassingFault(InputError):
    """Another attempt may succeed; a whole sentence, for when none does."""


class Damaged(PassingFault):
    """What was read isn't what was written. For a remote file it may be the way that did it."""


def none_here(folder: str | Path) -> str:
    """What to say of a folder without shards; a run has a folder for each role inside."""
    local = not is_remote(folder) and Path(folder).is_dir()
    inside = sorted({tar.parent.name for tar in Path(folder).glob("*/[!.]*.tar")}) if local else []
    if inside:
        return f"{folder}: no shards (*.tar) here, but in {', '.join(inside)}; name such a folder"
    return f"{folder}: no shards (*.tar) here; write some with `cryfish shard`"


def is_remote(location: str | Path) -> bool:
    return "://" in str(location)


def join(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}"


def list_files(folder: str) -> dict[str, int]:
    """The files directly in `folder`: name -> bytes.

    Raises:
        InputError: there is no such folder, or it can't be reached.
    """
    if not is_remote(folder):
        if not Path(folder).is_dir():
            raise InputError(f"{folder}: no such folder of shards; give a folder that `cryfish shard` wrote")
        return {path.name: path.stat().st_size for path in Path(folder).iterdir() if path.is_file()}
    filesystem, path = _remote(folder)

    def sizes() -> dict[str, int]:
        filesystem.invalidate_cache(path)  # a listing kept from before would hide what was added since
        found = {}
        for entry in filesystem.ls(path, detail=True):
            if entry["type"] == "file":
                # The page that lists a folder over HTTP has no sizes.
                size = filesystem.size(entry["name"]) if entry["size"] is None else entry["size"]
                found[entry["name"].rstrip("/").rsplit("/", 1)[-1]] = int(size)
        return found

    return retried(lambda: _asked(folder, sizes))


def read_file(location: str, take: Callable[[bytes], T]) -> T:
    """What `take` makes of a whole file; where it finds a remote one `Damaged`, that is fetched again.

    Raises:
        InputError: it can't be read, or stays damaged.
    """
    if not is_remote(location):
        try:
            data = Path(location).read_bytes()
        except OSError as error:
            raise InputError(f"{location}: cannot read it ({error.strerror})") from error
        return take(data)
    filesystem, path = _remote(location)
    return retried(lambda: take(_asked(location, lambda: filesystem.cat_file(path))))


def read_remote_range(location: str, offset: int, size: int, take: Callable[[bytes], T]) -> T:
    """What `take` makes of `size` bytes from `offset` of a remote file (fewer where that ends).

    Where it finds them `Damaged`, they are fetched again.

    Raises:
        InputError: they can't be read, or stay damaged.
    """
    filesystem, path = _remote(location)

    def read() -> T:
        data = _asked(location, lambda: filesystem.cat_file(path, start=offset, end=offset + size))
        if len(data) > size:
            raise InputError(
                f"{location}: the server sends whole files where a part is asked for; give a `cache_dir`"
            )
        return take(data)

    return retried(read)


def download(location: str, to: Path, check: Callable[[Path], None]) -> None:
    """Copies a remote file to a local one; where `check` finds that `Damaged`, it is fetched again.

    Raises:
        InputError: it can't be read, or stays damaged.
        OSError: the local disk is full.
    """
    filesystem, path = _remote(location)

    def read() -> None:
        _asked(location, lambda: filesystem.get_file(path, str(to)))
        check(to)

    retried(read)


def retried(read: Callable[[], T]) -> T:
    """A network fails now and then: waits 1, 2 and 4 seconds after a `PassingFault` before giving up.

    Raises:
        InputError: no attempt succeeded.
    """
    for attempt in range(ATTEMPTS):
        try:
            return read()
        except PassingFault as error:
            if attempt == ATTEMPTS - 1:
                raise InputError(f"{error} (tried {ATTEMPTS} times)") from error
        time.sleep(_FIRST_WAIT * 2**attempt)
    raise AssertionError("unreachable")


def _asked(location: str, request: Callable[[], T]) -> T:
    """What a remote file system answers.

    fsspec's file systems let through whatever the packages that they are built on raise, so that anything but a
    clear answer counts as the network's.

    Raises:
        PassingFault: it can't be reached, or its answer is nonsense.
        InputError: what was asked for isn't there, or may not be read.
        OSError: the local disk is full.
    """
    try:
        return request()
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        status = _status(error)
        if isinstance(error, _FINAL) or status in (401, 403, 404, 410):
            raise InputError(f"{location}: not found, or not readable ({said})") from error
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            raise
        refused = status is not None and 400 <= status < 500 and status not in _WORTH_ANOTHER_TRY
        if refused or {kind.__name__ for kind in type(error).__mro__} & _MISSETTINGS:
            raise InputError(
                f"{location}: cannot read it ({said}); check the address and the credentials"
            ) from error
        raise PassingFault(f"{location}: cannot read it ({said}); check the connection") from error


def _status(error: Exception) -> int | None:
    """The HTTP status that an exception tells of, wherever its package keeps it."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # botocore
        found: Any = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    else:
        found = getattr(response, "status_code", None)
    for name in ("status", "status_code", "code"):
        found = getattr(error, name, None) if found is None else found
    return int(found) if isinstance(found, int) or (isinstance(found, str) and found.isdigit()) else None


def _remote(location: str) -> tuple[Any, str]:
    """fsspec keeps one file system per process and thread, so this is cheap and survives a fork."""
    try:
        filesystem, path = fsspec.core.url_to_fs(location)
    except ImportError as error:
        raise InputError(f"{location}: this kind of address needs one more package ({error})") from error
    except ValueError as error:
        raise InputError(f"{location}: not an address that fsspec knows ({error})") from error
    _kept[id(filesystem)] = filesystem
    return filesystem, path
