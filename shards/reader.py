"""Bytes of a shard: `pread` on local files, range reads or a cache for remote ones; each member as it was written."""

from __future__ import annotations

import os
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError
from .cache import ShardCache
from .index import Shard
from .index_file import Span
from .storage import Damaged, is_remote, read_remote_range

_OPEN_FILES = 64
_GAP = 64 * 1024  # reading this much too much is cheaper than a second request


class ShardReader:
    """Reads members by shard number and place. Picklable; files are opened when first read, at most 64 at a time.

    Args:
        shards: of an Index.
        cache_dir: where whole remote shards are kept; without it every remote read is a range request.
        cache_bytes: how much the cache may hold; a shard above it is read by range.
    """

    def __init__(
        self, shards: Sequence[Shard], cache_dir: Path | None = None, cache_bytes: int = 50_000_000_000
    ) -> None:
        self.shards = shards
        self.cache = ShardCache(cache_dir, cache_bytes) if cache_dir else None
        self._files: OrderedDict[int, int] = OrderedDict()

    def read_members(self, shard: int, spans: Sequence[Span], key: str = "") -> list[bytes]:
        """The bytes of members of one sample; neighbours come with one read. `key` is named when one is damaged.

        What was damaged on its way is fetched again.

        Raises:
            InputError: the shard is gone, can't be read or ends too early, or a member isn't what its index says
                was written; names the shard.
        """
        start = min(span.offset for span in spans)
        end = max(span.offset + span.size for span in spans)
        if end - start <= sum(span.size for span in spans) + _GAP:
            return self._read(shard, spans, key)
        return [self._read(shard, [span], key)[0] for span in spans]

    def close(self) -> None:
        while self._files:
            os.close(self._files.popitem()[1])

    def __enter__(self) -> ShardReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_files"):
            self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_files": OrderedDict()}

    def _read(self, number: int, spans: Sequence[Span], key: str) -> list[bytes]:
        shard = self.shards[number]
        what = f"'{key}'" if key else "it"
        start = min(span.offset for span in spans)
        size = max(span.offset + span.size for span in spans) - start

        def members(data: bytes) -> list[bytes]:
            if len(data) < size:
                raise Damaged(
                    f"{shard.location}: the shard ends before byte {start + size}, it is truncated; copy it again, "
                    "or salvage what is whole with `cryfish verify --salvage`"
                )
            found = [data[span.offset - start : span.offset - start + span.size] for span in spans]
            for span, member in zip(spans, found, strict=True):
                if span.crc32 is not None and zlib.crc32(member) != span.crc32:
                    raise Damaged(
                        f"{shard.location}: {what} is damaged: bytes {span.offset} to "
                        f"{span.offset + span.size} aren't what was written (their CRC-32 differs); look with "
                        "`cryfish verify`, then write or copy the shard again"
                    )
            return found

        if not is_remote(shard.location):
            return members(self._read_local(number, start, size))
        if self.cache and self.cache.holds(shard):
            return self.cache.read(shard, start, size, members)
        return read_remote_range(shard.location, start, size, members)

    def _read_local(self, number: int, offset: int, size: int) -> bytes:
        location = self.shards[number].location
        try:
            descriptor = self._files.pop(number, None)
            if descriptor is None:
                if len(self._files) >= _OPEN_FILES:
                    os.close(self._files.popitem(last=False)[1])
                descriptor = os.open(location, os.O_RDONLY)
            self._files[number] = descriptor
            pieces = []
            while size > 0 and (piece := os.pread(descriptor, size, offset)):
                pieces.append(piece)
                offset, size = offset + len(piece), size - len(piece)
            return b"".join(pieces)
        except OSError as error:
            raise InputError(
                f"{location}: cannot read the shard ({error.strerror}); was it moved while in use?"
            ) from error
