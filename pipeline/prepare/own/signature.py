"""What decides the outcome of own data: how it is read, and all that is read, by names, sizes and times."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ....files import tree_signature
from .kaldi import audio_of_scp
from .mapping import ColumnMap
from .own_data import Own
from .row import Row
from .values import plain, table


def audio_of(row: Row, columns: ColumnMap) -> str | None:
    named = row.audio or columns.place("audio", row)
    return None if named is None else plain(named)


def params_of(own: Own) -> dict[str, Any]:
    """How own data is read, for the fingerprint."""
    words = hashlib.sha256(repr(list(table("values.tsv"))).encode()).hexdigest()[:16]
    columns = json.loads(json.dumps(asdict(own.columns), default=str))
    splits = {str(number): split for number, split in own.splits.items()}
    return {"kind of data": own.kind, "columns": columns, "splits": splits, "words for values": words}


def signature(own: Own) -> str:
    """A digest of names, sizes and times of all that is read: tells whether anything changed without opening audio."""
    digest = hashlib.sha256()
    for path in own.inputs():
        digest.update(
            f"{path.resolve()}\0{tree_signature(path) if path.is_dir() else _stat(path)}\n".encode()
        )
    last = ""
    for audio in _elsewhere(own):
        if audio != last:
            digest.update(f"{audio}\0{_stat(own.home / audio)}\n".encode(errors="surrogateescape"))
            last = audio
    return digest.hexdigest()


def _elsewhere(own: Own) -> Iterable[str]:
    """The audio that isn't in a folder which is looked at as a whole."""
    if own.kind == "folder":
        return ()
    if own.kind == "kaldi":
        return (audio for place in own.places for audio in audio_of_scp(place))
    rows = (row for _, row in own.rows() if isinstance(row, Row))
    return (audio for row in rows if (audio := audio_of(row, own.columns)))


def _stat(path: Path) -> str:
    try:
        status = os.stat(path)  # noqa: PTH116 - a million of them
    except OSError as error:
        return str(error.errno)
    except ValueError:
        return "no name of a file"
    return f"{status.st_size}\0{status.st_mtime_ns}"
