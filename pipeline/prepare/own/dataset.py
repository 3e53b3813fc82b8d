"""A data set of Hugging Face -> a folder of audio files with a table: from there on it is own data like any other.

The bytes are written as they were stored, in their own format. Stopped, it goes on behind the last row that was noted.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace as replace_fields
from itertools import islice
from pathlib import Path
from typing import IO, Any

from ....errors import InputError
from ....files import json_line, read_json, replace, tree_signature, write_json
from ....outputs import Output, check_outputs, settled
from ....ownership import begin_folder, remove, temporary_beside
from ....progress import Bar
from ...engine.partitions import CONTENT, Counts, Partition, run_partition
from .hub import Split, Stored, splits_of
from .row import Row

TABLE = "clips.jsonl"
_STAGE = "prepare"
_NOTE = "progress.json"
_EVERY = 64
_IN_A_FOLDER = 1000
_SEEN = 200


def audio_beside(out: Path) -> Path:
    """Where a data set's audio is written: beside the folder of the manifests."""
    return out.with_name(f"{out.name}.audio")


def unpack_partition(name: str, subset: str | None, out: Path) -> Partition:
    """The partition that writes a data set's audio, and a table of its other columns, into the folder `out`.

    A data set on the Hub is known by its name: to have a newer one, remove the folder.
    """
    local = Path(name)
    params: dict[str, Any] = {"dataset": name, "subset": subset}
    if local.is_dir():
        params[f"{CONTENT}the data set"] = tree_signature(local)
    return Partition(
        name=f"{_STAGE}/{out.name}",
        output=out,
        work=_unpack,
        arguments=(name, json.dumps(params, sort_keys=True)),
        params=params,
        in_place=True,
        folder=_STAGE,
    )


def unpack(name: str, subset: str | None, out: Path) -> Path:
    """Writes a data set's audio and table, if they aren't there yet; returns the folder.

    Raises:
        InputError: the data set can't be had, or `out` isn't ours.
    """
    check_outputs([Output(out, "OUT (its audio)", _STAGE)], [Path(name)] if Path(name).exists() else [])
    out = settled(out)
    partition = unpack_partition(name, subset, out)
    check_outputs([Output(partition.record, "OUT (its audio)")], [])
    if partition.done() is None:
        # What can't be opened is told before anything is written.
        run_partition(replace_fields(partition, arguments=(*partition.arguments, splits_of(name, subset))))
    return out


def _unpack(out: Path, name: str, digest: str, splits: Sequence[Split]) -> Counts:
    folder = temporary_beside(out, "part")
    done = _resumed(folder, digest)
    told = _told(splits)
    counts: Counter[str] = Counter(done)
    with (
        Bar(f"dataset {out.name}", unit="clip", done=sum(done.values())) as bar,
        (folder / TABLE).open("ab") as table,
    ):
        for split in splits:
            for number, row in enumerate(split.rows(done[split.name]), done[split.name]):
                _write(folder, table, split, number, row, told)
                counts[split.name] += 1
                bar.update()
                if number % _EVERY == 0:
                    table.flush()
        table.flush()
        os.fsync(table.fileno())
    if not counts.total():
        remove(folder)
        raise InputError(f"dataset {name}: holds no row; choose another")
    (folder / _NOTE).unlink()
    replace(folder, out)
    return {"clips": counts.total()}


def _resumed(folder: Path, digest: str) -> Counter[str]:
    """How many rows of each split a stopped run has written; what it left otherwise, or of something else, goes."""
    note, table = folder / _NOTE, folder / TABLE
    if not (note.is_file() and read_json(note).get("digest") == digest):
        remove(folder)
        begin_folder(folder, _STAGE)
        write_json(note, {"digest": digest})
        table.touch()
        return Counter()
    done: Counter[str] = Counter()
    whole = 0
    with table.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n") or not _is_whole(folder, record := json.loads(line)):
                break
            whole += len(line)
            done[record["clip_id"].rpartition("-")[0]] += 1
    os.truncate(table, whole)
    return done


def _is_whole(folder: Path, record: Mapping[str, Any]) -> bool:
    """Whether a row's audio is there, too: after a power cut the file may be empty."""
    audio = record[next(iter(record))]
    if audio is None or Path(audio).is_absolute():
        return True
    path = Path(folder / audio)
    return path.is_file() and path.stat().st_size > 0


def _write(
    folder: Path, table: IO[bytes], split: Split, number: int, row: Stored, told: Mapping[str, str]
) -> None:
    record = _record(split, number, row, told)
    if isinstance(row.audio, bytes):
        path = folder / record[split.column]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(row.audio)
    table.write(json_line(record).encode("utf-8", "replace"))


def _record(split: Split, number: int, row: Stored, told: Mapping[str, str]) -> dict[str, Any]:
    """A line of the table: first the audio's name, then the clip's, its split, and the data set's own columns."""
    audio = None if row.audio is None else str(row.audio)
    if isinstance(row.audio, bytes):
        audio = f"{split.name}/{number // _IN_A_FOLDER:06d}/{number:09d}{row.suffix}"
    ours: dict[str, Any] = {split.column: audio, "clip_id": f"{split.name}-{number:09d}"}
    if told:
        ours["split"] = told[split.name] or split.name
    return {**ours, **dict(_theirs(row.values, ours))}


def _told(splits: Sequence[Split]) -> dict[str, str]:
    """What each split is used as. Where nothing is divided, Hugging Face calls all of it `train`."""
    divided = len(splits) > 1 and any(split.role for split in splits)
    return {split.name: split.role for split in splits} if divided else {}


def first_rows(name: str, subset: str | None) -> list[Row]:
    """The first rows of each split, as the table will have them; nothing is written. Raises InputError."""
    splits = splits_of(name, subset)
    told = _told(splits)
    return [
        Row(f"row {number} of {split.name}", _record(split, number, row, told))
        for split in splits
        for number, row in enumerate(islice(split.rows(0), _SEEN // len(splits)))
    ]


def _theirs(values: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The data set's own columns; one that is called as one of ours gets a `_`."""
    for name, value in values.items():
        yield (f"{name}_" if name in ours else name), value if _is_json(value) else str(value)


def _is_json(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_json, value))
    return value is None or isinstance(value, str | int | float | bool)
