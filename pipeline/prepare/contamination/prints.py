"""`<split>.prints` beside a manifest: the packed fingerprint of each of its clips, in the same order.

Gzipped; it isn't called `.gz`, so that `*.gz` means the manifests. A record is its length in bytes, as a little-endian
32-bit number, and the bytes that `peaks.pack` gives.
"""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterator
from pathlib import Path

from ....errors import DAMAGED, InputError
from ...audio.manifests import CUTS_SUFFIX

PRINTS_SUFFIX = ".prints"
_LENGTH = struct.Struct("<I")


def record(packed: bytes) -> bytes:
    """A fingerprint as it stands in the file."""
    return _LENGTH.pack(len(packed)) + packed


def prints_of(manifest: Path) -> Path | None:
    """The fingerprints of a manifest's clips; None where it was prepared without."""
    path = manifest.with_name(manifest.name.removesuffix(CUTS_SUFFIX) + PRINTS_SUFFIX)
    return path if path.is_file() else None


def read_prints(path: Path, first: int = 0, count: int | None = None) -> Iterator[bytes]:
    """The packed fingerprints, or `count` of them from the `first` on.

    Raises:
        InputError: the file is damaged or was cut short.
    """
    try:
        with gzip.open(path, "rb") as stream:
            number = 0
            while (count is None or number < first + count) and (head := stream.read(_LENGTH.size)):
                [length] = _LENGTH.unpack(head)
                packed = stream.read(length)
                if len(packed) < length:
                    raise EOFError(f"its record {number + 1} was cut short")
                if number >= first:
                    yield packed
                number += 1
    except (*DAMAGED, OSError, struct.error) as error:
        raise InputError(f"{path}: is damaged ({error}); prepare the corpus anew") from error
