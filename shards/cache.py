"""Whole remote shards in a local folder of bounded size, shared by the processes of a machine."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from ..errors import InputError
from ..file_lock import take_lock
from ..outputs import Output, check_outputs
from ..ownership import begin_folder
from .index import Shard
from .storage import Damaged, download, retried

STAGE = "cache"
T = TypeVar("T")
_COPY = re.compile(r"[0-9a-f]{32}\.(tar|partial)")


class ShardCache:
    """Gives local paths of remote shards, least recently used first to go.

    A shard is downloaded once, by whichever process wants it first, under a temporary name, compared with the sha256
    in its index and then renamed. A copy that turns out damaged later is thrown away and fetched again.
    The folder must be absent, empty or such a cache already. Give it room for the shards that are open at a time
    (`make_plan`'s `open_shards`), or it will fetch shards again.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._begun = False

    def holds(self, shard: Shard) -> bool:
        """Whether the shard fits in the cache at all."""
        return shard.bytes <= self.limit_bytes

    def read(self, shard: Shard, offset: int, size: int, take: Callable[[bytes], T]) -> T:
        """What `take` makes of bytes of the local copy, fetching that first where needed.

        The file is opened for each read, so that a shard another process has put out leaves the disk at once.
        Where `take` finds the bytes `Damaged`, the copy is fetched again.

        Raises:
            InputError: the shard can't be fetched, or isn't what its index says, however often it is fetched.
        """
        return retried(lambda: self._read(shard, offset, size, take))

    def _read(self, shard: Shard, offset: int, size: int, take: Callable[[bytes], T]) -> T:
        while True:
            path = self._fetched(shard)
            try:
                descriptor = os.open(path, os.O_RDONLY)
            except FileNotFoundError:  # put out by another process just now
                continue
            try:
                if os.fstat(descriptor).st_size != shard.bytes:
                    raise Damaged(f"{path}: the copy of {shard.location} was cut short; delete it")
                return take(os.pread(descriptor, size, offset))
            except Damaged:
                self._put_out(path, os.fstat(descriptor))
                raise
            finally:
                os.close(descriptor)

    def _put_out(self, path: Path, damaged: os.stat_result) -> None:
        """Removes a damaged copy, unless another process has already put a new one in its place."""
        with _lock(path.with_suffix(".lock")), suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), damaged):
                path.unlink()

    def _fetched(self, shard: Shard) -> Path:
        wanted = f"{shard.location}\n{shard.bytes}\n{shard.sha256}"
        name = hashlib.sha256(wanted.encode()).hexdigest()[:32]
        path = self.folder / f"{name}.tar"
        if self._touch(path):
            return path
        self._begin()
        with _lock(self.folder / f"{name}.lock"):
            if self._touch(path):
                return path
            partial = self.folder / f"{name}.partial"
            try:
                self._make_room(shard.bytes, partial)
                download(shard.location, partial, lambda copy: _check(copy, shard))
                partial.replace(path)
            except OSError as error:
                raise InputError(f"{self.folder}: cannot cache {shard.location} here ({error})") from error
            finally:
                partial.unlink(missing_ok=True)
        return path

    def _begin(self) -> None:
        """Copies are put out again: so the folder must be one that holds nothing but copies."""
        if not self._begun:
            check_outputs([Output(self.folder, "cache_dir", STAGE)], [])
            begin_folder(self.folder, STAGE)
            self._begun = True

    def _touch(self, path: Path) -> bool:
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        return True

    def _make_room(self, wanted: int, partial: Path) -> None:
        """Reserves the room under one lock, so that concurrent downloads count each other."""
        with _lock(self.folder / "room.lock"):
            entries = []
            for path in self.folder.iterdir():
                if _COPY.fullmatch(path.name) and path != partial:
                    try:
                        status = path.stat()
                    except FileNotFoundError:
                        continue
                    entries.append((status.st_mtime_ns, path, status.st_size))
            used = sum(size for _, _, size in entries)
            for _, path, size in sorted(entries):
                if used + wanted <= self.limit_bytes:
                    break
                if path.suffix == ".tar" or _abandoned(path):
                    path.unlink(missing_ok=True)
                    used -= size
            with partial.open("wb") as file:
                file.truncate(wanted)


def _check(copy: Path, shard: Shard) -> None:
    if (found := copy.stat().st_size) != shard.bytes:
        raise Damaged(
            f"{shard.location}: {found} bytes, but its index was made for {shard.bytes}; copy the shard again"
        )
    if shard.sha256:
        with copy.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != shard.sha256:
                raise Damaged(
                    f"{shard.location}: it isn't what was written (its sha256 differs from its index's); "
                    "copy the shard again"
                )


def _abandoned(partial: Path) -> bool:
    """Whether the process that was fetching this is gone."""
    with partial.with_suffix(".lock").open("ab") as file:
        return take_lock(file.fileno())


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        take_lock(file.fileno(), wait=True)
        yield
