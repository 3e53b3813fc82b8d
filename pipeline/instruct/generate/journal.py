"""Records that are written one by one over days: none is lost when the writer is killed, none is there twice.

What is done goes to `<out>.partial.jsonl` at once; at the end all records are put into the order of the plan under the
final name. Records that the plan no longer wants aren't thrown away: they move to `<out>.spare.jsonl`, and come back
when they are wanted.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

from ....errors import InputError
from ....file_lock import take_lock
from ....files import fsync_path, json_line, write_atomically
from ....ownership import note

Record = dict[str, Any]


class Kept:
    """The records that earlier runs left, found by id without holding them in memory."""

    def __init__(self, paths: Sequence[Path], stack: ExitStack) -> None:
        self._places: dict[str, tuple[IO[bytes], int]] = {}
        self.order: dict[Path, list[str]] = {}
        for path in paths:
            self.read_again(path, stack)

    def read_again(self, path: Path, stack: ExitStack) -> None:
        self.order[path] = []
        if not path.exists():
            return
        stream = stack.enter_context(path.open("rb"))
        offset = 0
        for number, line in enumerate(stream, 1):
            try:
                identity = json.loads(line)["id"]
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path}: line {number} isn't a candidate ({error}); remove the line or the file"
                ) from error
            self._places[identity] = (stream, offset)
            self.order[path].append(identity)
            offset += len(line)

    def line(self, identity: str) -> bytes:
        stream, offset = self._places[identity]
        stream.seek(offset)
        return stream.readline()

    def serving(self, planned: Record) -> Record | None:
        """The planned record, if it is there, made from the same things, without an error that may pass."""
        if planned["id"] not in self._places:
            return None
        record: Record = json.loads(self.line(planned["id"]))
        as_read = json.loads(json.dumps(planned))
        same = all(record.get(key) == value for key, value in as_read.items())
        return record if same and not record.get("retry") else None


def partial_path(out: Path) -> Path:
    return out.with_name(f"{out.stem}.partial.jsonl")


def spare_path(out: Path) -> Path:
    return out.with_name(f"{out.stem}.spare.jsonl")


class Journal:
    """The file that what is done goes to, line by line; what a killed run left half-written at its end is cut off.

    A line is safe from the death of this process as soon as it is appended, and from a power cut a second later.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        note([partial_path(out), spare_path(out), out])
        self._descriptor = os.open(partial_path(out), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        self._synced = time.monotonic()

    def __enter__(self) -> Self:
        if not take_lock(self._descriptor):
            os.close(self._descriptor)
            raise InputError(f"{self._out}: another run is writing this file; wait until it ends")
        os.ftruncate(self._descriptor, _end_of_last_line(self._descriptor))
        return self

    def __exit__(self, *ended: object) -> None:
        os.fsync(self._descriptor)
        os.close(self._descriptor)

    def append(self, record: Record) -> None:
        text = json_line(record)
        line = text.encode("utf-8", "replace")  # a server's reply may hold half characters
        while line:
            line = line[os.write(self._descriptor, line) :]
        if time.monotonic() - self._synced > 1:
            os.fsync(self._descriptor)
            self._synced = time.monotonic()


def _end_of_last_line(descriptor: int) -> int:
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - (1 << 16))
        newline = os.pread(descriptor, end - start, start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def finish(out: Path, plan: Sequence[str], kept: Kept, changed: bool) -> int:
    """Writes the final file in the order of the plan, unless it is there already; returns the records in error."""
    wanted = set(plan)
    already_spare = set(kept.order[spare_path(out)])
    unwanted = [i for i in kept.order[out] if i not in wanted and i not in already_spare]
    if unwanted:
        with spare_path(out).open("ab") as stream:
            stream.writelines(kept.line(identity) for identity in unwanted)
        fsync_path(spare_path(out))
    errors = 0

    def write(temporary: Path) -> None:
        nonlocal errors
        with temporary.open("wb") as stream:
            for identity in plan:
                line = kept.line(identity)
                errors += "error" in json.loads(line)
                stream.write(line)

    if not changed and kept.order[out] == list(plan):
        return sum("error" in json.loads(kept.line(identity)) for identity in plan)
    write_atomically(out, write)
    return errors
