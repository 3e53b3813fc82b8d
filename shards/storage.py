"""Where shards lie: a local folder, or any fsspec URL (`s3://`, `gs://`, `hf://`, `memory://`)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import fsspec

from ..errors import InputError

T = TypeVar("T")
_ATTEMPTS = 4
_FINAL = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)


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
    entries = _retried(folder, lambda: filesystem.ls(path, detail=True))
    return {
        entry["name"].rstrip("/").rsplit("/", 1)[-1]: int(entry["size"])
        for entry in entries
        if entry["type"] == "file"
    }


def read_file(location: str) -> bytes:
    """A whole file.

    Raises:
        InputError: it can't be read.
    """
    if not is_remote(location):
        try:
            return Path(location).read_bytes()
        except OSError as error:
            raise InputError(f"{location}: cannot read it ({error.strerror})") from error
    filesystem, path = _remote(location)
    return _retried(location, lambda: filesystem.cat_file(path))


def read_remote_range(location: str, offset: int, size: int) -> bytes:
    """`size` bytes from `offset` of a remote file; fewer where the file ends.

    Raises:
        InputError: it can't be read.
    """
    filesystem, path = _remote(location)
    return _retried(location, lambda: filesystem.cat_file(path, start=offset, end=offset + size))


def download(location: str, to: Path) -> None:
    """Copies a remote file to a local one.

    Raises:
        InputError: it can't be read.
    """
    filesystem, path = _remote(location)
    _retried(location, lambda: filesystem.get_file(path, str(to)))


def _remote(location: str) -> tuple[Any, str]:
    """fsspec keeps one file system per process and thread, so this is cheap and survives a fork."""
    try:
        return fsspec.core.url_to_fs(location)
    except ImportError as error:
        raise InputError(f"{location}: this kind of address needs one more package ({error})") from error
    except ValueError as error:
        raise InputError(f"{location}: not an address that fsspec knows ({error})") from error


def _retried(location: str, read: Callable[[], T]) -> T:
    """A network fails now and then: waits 1, 2 and 4 seconds before giving up."""
    for attempt in range(_ATTEMPTS):
        try:
            return read()
        except _FINAL as error:
            raise InputError(f"{location}: not found, or not readable ({error})") from error
        except (OSError, TimeoutError) as error:
            if attempt == _ATTEMPTS - 1:
                raise InputError(
                    f"{location}: cannot read it after {_ATTEMPTS} attempts ({error}); check the connection"
                ) from error
            time.sleep(2**attempt)
    raise AssertionError("unreachable")
