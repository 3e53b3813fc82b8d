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
# What fsspec's file systems are built on lets its own exceptions through. They are known by the package that
# defines them (or a base of theirs), so that none of these packages need be there.
_NETWORK = frozenset(
    "adlfs aiobotocore aiohttp azure botocore fsspec gcsfs google http httpcore httpx httpx2 huggingface_hub "
    "requests s3fs ssl urllib3".split()
)
_WORTH_ANOTHER_TRY = (408, 425, 429)  # of the answers that blame the client
_MISSETTINGS = (
    "CredentialRetrievalError DefaultCredentialsError InvalidURL NoCredentialsError NoRegionError ParamValidationError "
    "PartialCredentialsError ProfileNotFound RefreshError TokenRetrievalError UnknownServiceError"
).split()
# A forked worker must not collect the file systems it inherits: closing their connections would take those out of the
# event loop of its parent, which shares them, and the parent's next read would wait for minutes.
_kept: dict[int, Any] = {}


class Damaged(InputError):
    """What was read isn't what was written. A remote file is fetched again first: it may be the way that did it."""


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
    return retried(folder, lambda: _list_remote(filesystem, path))


def _list_remote(filesystem: Any, path: str) -> dict[str, int]:
    filesystem.invalidate_cache(path)  # a listing kept from before would hide what was added since
    sizes = {}
    for entry in filesystem.ls(path, detail=True):
        if entry["type"] == "file":
            size = entry["size"]
            name = entry["name"].rstrip("/").rsplit("/", 1)[-1]
            # The page that lists a folder over HTTP has no sizes.
            sizes[name] = int(filesystem.size(entry["name"]) if size is None else size)
    return sizes


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
    return retried(location, lambda: take(filesystem.cat_file(path)))


def read_remote_range(location: str, offset: int, size: int, take: Callable[[bytes], T]) -> T:
    """What `take` makes of `size` bytes from `offset` of a remote file (fewer where that ends).

    Where it finds them `Damaged`, they are fetched again.

    Raises:
        InputError: they can't be read, or stay damaged.
    """
    filesystem, path = _remote(location)

    def read() -> T:
        data = filesystem.cat_file(path, start=offset, end=offset + size)
        if len(data) > size:
            raise InputError(
                f"{location}: the server sends whole files where a part is asked for; give a `cache_dir`"
            )
        return take(data)

    return retried(location, read)


def download(location: str, to: Path, check: Callable[[Path], None]) -> None:
    """Copies a remote file to a local one; where `check` finds that `Damaged`, it is fetched again.

    Raises:
        InputError: it can't be read, or stays damaged.
        OSError: the local disk is full.
    """
    filesystem, path = _remote(location)

    def read() -> None:
        filesystem.get_file(path, str(to))
        check(to)

    retried(location, read)


def retried(location: str, read: Callable[[], T]) -> T:
    """A network fails now and then: waits 1, 2 and 4 seconds before giving up.

    Raises:
        InputError: what was asked for isn't there, may not be read, or can't be read after all attempts.
    """
    for attempt in range(ATTEMPTS):
        try:
            return read()
        except Exception as error:
            if not isinstance(error, Damaged):
                _raise_if_final(location, error)
            if attempt == ATTEMPTS - 1:
                if isinstance(error, Damaged):
                    raise InputError(f"{error}; it was fetched {ATTEMPTS} times") from error
                raise InputError(
                    f"{location}: cannot read it after {ATTEMPTS} attempts ({_said(error)}); check the connection"
                ) from error
        time.sleep(_FIRST_WAIT * 2**attempt)
    raise AssertionError("unreachable")


def _raise_if_final(location: str, error: Exception) -> None:
    """Raises what another attempt would not mend; returns where it may."""
    status = _status(error)
    if isinstance(error, _FINAL) or status in (401, 403, 404, 410):
        raise InputError(f"{location}: not found, or not readable ({_said(error)})") from error
    if isinstance(error, InputError) or (isinstance(error, OSError) and error.errno in _DISK_FULL):
        raise error
    packages = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    if not (isinstance(error, OSError | EOFError) or packages & _NETWORK):
        raise error  # a mistake in a program is no weather
    refused = status is not None and 400 <= status < 500 and status not in _WORTH_ANOTHER_TRY
    if refused or {kind.__name__ for kind in type(error).__mro__} & set(_MISSETTINGS):
        raise InputError(
            f"{location}: cannot read it ({_said(error)}); check the address and the credentials"
        ) from error


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


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


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
