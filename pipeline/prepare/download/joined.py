"""Archives that are published in parts: read as one file, without writing them together.

Parts that were cut anywhere (`.tar.gzaa`, `.zip.001`) are the archive when joined. A zip that was split by its own
rules (`.z01`, `.z02`, ..., `.zip`) is too, but tells each place as a part and an offset in it, which Python's zipfile
refuses or takes for offsets from the beginning. Section numbers are those of PKWARE's APPNOTE.TXT, version 6.3.10.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

_END = b"PK\x05\x06"  # 4.3.16: disk, disk of the directory, entries here, entries, size, offset, comment
_LOCATOR = b"PK\x06\x07"  # 4.3.15: disk of the zip64 end, its offset, disks
_END64 = b"PK\x06\x06"  # 4.3.14
_END_SIZE, _LOCATOR_SIZE, _END64_SIZE = 22, 20, 56


class Joined(io.RawIOBase):
    """Files read as one; `changed` holds bytes that are read in place of those at their offset."""

    def __init__(self, parts: Sequence[Path]) -> None:
        self._files = [part.open("rb") for part in parts]
        sizes = [part.stat().st_size for part in parts]
        self.starts = [0, *accumulate(sizes)]
        self.size = self.starts.pop()
        self.changed: dict[int, bytes] = {}
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        if self._place < 0:
            raise ValueError("a place before the beginning")
        return self._place

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        view = memoryview(buffer).cast("B")
        got = 0
        while got < len(view) and self._place < self.size:
            number = max(n for n, start in enumerate(self.starts) if start <= self._place)
            file = self._files[number]
            file.seek(self._place - self.starts[number])
            block = file.read(len(view) - got)
            if not block:
                break  # a part became shorter: what reads this tells of damage
            view[got : got + len(block)] = block
            for offset, put in self.changed.items():
                for place, byte in enumerate(put, offset - self._place):
                    if 0 <= place < len(block):
                        view[got + place] = byte
            got += len(block)
            self._place += len(block)
        return got

    def close(self) -> None:
        for file in self._files:
            file.close()
        super().close()


@contextmanager
def open_zip(parts: Sequence[Path]) -> Iterator[zipfile.ZipFile]:
    """A zip archive in one or several parts.

    Raises:
        zipfile.BadZipFile: it is damaged, or parts of it are missing.
    """
    with Joined(parts) as joined:
        split = _as_one(joined)
        with zipfile.ZipFile(io.BufferedReader(joined)) as members:
            if split:
                _place(members, joined.starts)
            yield members


def _place(members: zipfile.ZipFile, starts: Sequence[int]) -> None:
    """Tells zipfile where the members are, and where each has to end (by which it knows members within another)."""
    end = members.start_dir
    for info in members.infolist():
        if info.volume >= len(starts):
            raise zipfile.BadZipFile("a part of it is missing")
        info.header_offset += starts[info.volume]
    for info in sorted(members.infolist(), key=lambda info: info.header_offset, reverse=True):
        if hasattr(info, "_end_offset"):
            info._end_offset = end
        end = info.header_offset


def _as_one(joined: Joined) -> bool:
    """Whether it is a zip that was split; then its end is read as that of one file, with offsets from the beginning."""
    # The end is followed by a comment of 64 KiB at most.
    tail_at = max(0, joined.size - _END_SIZE - _LOCATOR_SIZE - (1 << 16))
    joined.seek(tail_at)
    tail = _read(joined, joined.size - tail_at)
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _END_SIZE:
        return False
    disk, at_disk, _, entries, size, offset = struct.unpack_from("<4H2L", tail, end + 4)
    locator = end - _LOCATOR_SIZE
    wide = locator >= 0 and tail[locator : locator + 4] == _LOCATOR
    if not wide:
        if disk == 0:
            return False
        _check(joined, disk)
        start = joined.starts[at_disk] + offset
        joined.changed[tail_at + end + 4] = struct.pack("<4H2L", 0, 0, entries, entries, size, start)
        return True
    end64_disk, end64_offset, disks = struct.unpack_from("<LQL", tail, locator + 4)
    if disks <= 1:
        return False
    _check(joined, disks - 1)
    end64 = joined.starts[end64_disk] + end64_offset
    joined.seek(end64)
    content = _read(joined, _END64_SIZE)
    if content[:4] != _END64:
        raise zipfile.BadZipFile("its parts don't belong together")
    at_disk, _, entries64, size64, offset64 = struct.unpack_from("<L4Q", content, 20)
    start = joined.starts[at_disk] + offset64
    joined.changed[end64 + 16] = struct.pack("<2L4Q", 0, 0, entries64, entries64, size64, start)
    joined.changed[tail_at + locator + 4] = struct.pack("<LQL", 0, end64, 1)
    return True


def _check(joined: Joined, last: int) -> None:
    if last + 1 != len(joined.starts):
        raise zipfile.BadZipFile(f"it was split into {last + 1} parts, and {len(joined.starts)} are here")


def _read(joined: Joined, size: int) -> bytes:
    block = bytearray(size)
    return bytes(block[: joined.readinto(block)])
