"""The index in memory: one row per example, as NumPy columns (about 50 bytes an example, plus the keys)."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from ..constants import SAMPLE_RATE
from ..errors import InputError
from .index_file import INDEX_SUFFIX, Span, broken_index, index_name, parse_index, parse_rows
from .sample import Origin
from .storage import is_remote, join, list_files, none_here, read_file

ORIGINS: tuple[str, ...] = get_args(Origin)


@dataclass(frozen=True)
class Shard:
    """One tar: a local path or a URL, its size, how many samples it holds, and its sha256.

    An index without digests leaves `sha256` empty; its columns `json_crc32` and `clip_crc32` mean nothing.
    """

    location: str
    bytes: int
    samples: int
    sha256: str = ""


@dataclass(frozen=True)
class Index:
    """Columns over examples (E), samples (S) and clips (C); an example points to its sample, a sample to its clips.

    Rows are in the order of the sources, the shards' names and the tar. The rows of a selection are a subset;
    the columns over samples and clips are shared with the whole.
    """

    shards: tuple[Shard, ...]
    tasks: tuple[str, ...]

    sample: np.ndarray  # [E] int32
    instruction: np.ndarray  # [E] int32, its number within the sample
    task: np.ndarray  # [E] int16, into `tasks`
    origin: np.ndarray  # [E] int8, into ORIGINS
    text_bytes: np.ndarray  # [E] int32, UTF-8 bytes of question and answer

    shard: np.ndarray  # [S] int32, into `shards`
    json_offset: np.ndarray  # [S] int64
    json_size: np.ndarray  # [S] int64
    json_crc32: np.ndarray  # [S] uint32
    clip_start: np.ndarray  # [S + 1] int64, into the columns over clips
    key_start: np.ndarray  # [S + 1] int64, into `key_bytes`
    key_bytes: bytes

    clip_offset: np.ndarray  # [C] int64
    clip_size: np.ndarray  # [C] int64
    clip_crc32: np.ndarray  # [C] uint32
    clip_frames: np.ndarray  # [C] int64, at 16 kHz

    def __len__(self) -> int:
        return len(self.sample)

    def seconds(self) -> np.ndarray:
        """Audio seconds of each example, all its clips together: float64 [E]."""
        ends = np.concatenate([[0], np.cumsum(self.clip_frames)])
        per_sample = ends[self.clip_start[1:]] - ends[self.clip_start[:-1]]
        return np.asarray(per_sample[self.sample] / SAMPLE_RATE)

    def clips(self) -> np.ndarray:
        """Number of clips of each example: int64 [E]."""
        return np.asarray(np.diff(self.clip_start)[self.sample])

    def shard_of(self) -> np.ndarray:
        """The shard of each example: int32 [E]."""
        return np.asarray(self.shard[self.sample])

    def key(self, row: int) -> str:
        sample = self.sample[row]
        return self.key_bytes[self.key_start[sample] : self.key_start[sample + 1]].decode()

    def json_span(self, row: int) -> Span:
        sample = self.sample[row]
        return self._span(sample, self.json_offset[sample], self.json_size[sample], self.json_crc32[sample])

    def clip_spans(self, row: int) -> list[tuple[Span, int]]:
        """Of each clip, where its bytes are and its frames at 16 kHz."""
        sample = self.sample[row]
        return [
            (
                self._span(sample, self.clip_offset[clip], self.clip_size[clip], self.clip_crc32[clip]),
                int(self.clip_frames[clip]),
            )
            for clip in range(self.clip_start[sample], self.clip_start[sample + 1])
        ]

    def _span(
        self, sample: int, offset: np.integer[Any], size: np.integer[Any], crc: np.integer[Any]
    ) -> Span:
        known = self.shards[self.shard[sample]].sha256
        return Span(int(offset), int(size), int(crc) if known else None)


def open_index(sources: Sequence[str | Path]) -> Index:
    """Reads the indexes of all shards of these folders (local, or fsspec URLs such as `s3://bucket/shards/train`).

    Raises:
        InputError: a folder without shards or given twice, a tar without its index or the reverse, a tar whose
            size is not the recorded one, or a malformed or damaged index; names the file.
    """
    folders = [str(source).rstrip("/") for source in sources]
    if twice := [folder for folder in folders if folders.count(folder) > 1]:
        raise InputError(f"{twice[0]}: given twice as a source of shards; name each folder once")
    builder = _Builder()
    for folder in folders:
        files = list_files(folder)
        tars = sorted(name for name in files if name.endswith(".tar"))
        if not tars:
            raise InputError(none_here(folder))
        wanted = {index_name(name) for name in tars}
        if orphans := sorted(name for name in files if name.endswith(INDEX_SUFFIX) and name not in wanted):
            missing = orphans[0].removesuffix(INDEX_SUFFIX) + ".tar"
            raise InputError(
                f"{join(folder, missing)}: the index is here but the tar is not; run `cryfish shard` again"
            )
        for name in tars:
            if index_name(name) not in files:
                raise InputError(
                    f"{join(folder, name)}: no index ({index_name(name)}) beside it; "
                    "run `cryfish shard` again, or make one with `cryfish verify --rebuild`"
                )
            builder.add_shard(folder, name, files[name])
    return builder.build()


def select(index: Index, tasks: Collection[str] | None = None, origin: str | None = None) -> Index:
    """The examples of some tasks, of one origin, or both.

    Raises:
        InputError: a task or origin that no example has.
    """
    keep = np.ones(len(index), bool)
    if tasks is not None:
        if unknown := sorted(set(tasks) - set(index.tasks)):
            raise InputError(
                f"no example has the task '{unknown[0]}'; the shards hold {', '.join(index.tasks) or 'none'}"
            )
        keep &= np.isin(index.task, [index.tasks.index(task) for task in tasks])
    if origin is not None:
        if origin not in ORIGINS:
            raise InputError(f"no example has the origin '{origin}'; it is one of {', '.join(ORIGINS)}")
        keep &= index.origin == ORIGINS.index(origin)
    return replace(
        index,
        sample=index.sample[keep],
        instruction=index.instruction[keep],
        task=index.task[keep],
        origin=index.origin[keep],
        text_bytes=index.text_bytes[keep],
    )


class _Builder:
    """Grows the columns shard by shard, in C arrays rather than Python lists: millions of rows."""

    def __init__(self) -> None:
        self.shards: list[Shard] = []
        self.tasks: dict[str, int] = {}
        self.sample, self.instruction, self.text_bytes = array("i"), array("i"), array("i")
        self.task, self.origin = array("h"), array("b")
        self.shard, self.json_offset, self.json_size = array("i"), array("q"), array("q")
        self.json_crc32, self.clip_crc32 = array("I"), array("I")
        self.clip_start, self.key_start = array("q", [0]), array("q", [0])
        self.keys = bytearray()
        self.clip_offset, self.clip_size, self.clip_frames = array("q"), array("q"), array("q")

    def add_shard(self, folder: str, tar_name: str, tar_bytes: int) -> None:
        location, where = join(folder, tar_name), join(folder, index_name(tar_name))
        header, rows = read_file(where, lambda data: parse_index(data, where))
        if header.tar != tar_name:
            raise broken_index(where, f"it is the index of '{header.tar}'")
        if header.bytes != tar_bytes:
            raise InputError(
                f"{location}: {tar_bytes} bytes, but its index was made for {header.bytes}; copy the shard again, "
                "or look with `cryfish verify`, or run `cryfish shard` again"
            )
        before = len(self.shard)
        current = ""
        for number, row in enumerate(parse_rows(rows, where), start=2):
            try:
                if row["key"] != current:
                    current = row["key"]
                    self._add_sample(row, tar_bytes, digests=bool(header.sha256))
                self._add_example(row)
            except (KeyError, IndexError, TypeError, ValueError, OverflowError, AttributeError) as error:
                raise broken_index(where, f"line {number} is malformed ({error})") from error
        if (samples := len(self.shard) - before) != header.samples:
            raise broken_index(where, f"{samples} samples, the first line says {header.samples}")
        self.shards.append(Shard(_absolute(location), tar_bytes, samples, header.sha256))

    def _add_sample(self, row: Mapping[str, Any], tar_bytes: int, *, digests: bool) -> None:
        self.keys += row["key"].encode()
        offset, size = _inside(row["json"][0], row["json"][1], tar_bytes)
        if not row["clips"]:
            raise ValueError("no clips")
        for clip in row["clips"]:
            clip_offset, clip_size = _inside(clip[0], clip[1], tar_bytes)
            frames = round(clip[2] * SAMPLE_RATE)
            if frames <= 0:
                raise ValueError("a clip without length")
            self.clip_offset.append(clip_offset)
            self.clip_size.append(clip_size)
            self.clip_frames.append(frames)
            self.clip_crc32.append(clip[3] if digests else 0)
        self.shard.append(len(self.shards))
        self.json_offset.append(offset)
        self.json_size.append(size)
        self.json_crc32.append(row["json"][2] if digests else 0)
        self.clip_start.append(len(self.clip_offset))
        self.key_start.append(len(self.keys))

    def _add_example(self, row: Mapping[str, Any]) -> None:
        if row["row"] < 0 or row["text_bytes"] < 0:
            raise ValueError("a negative number")
        task, origin = row["task"], ORIGINS.index(row["origin"])
        if not isinstance(task, str):
            raise TypeError("the task is not a string")
        self.sample.append(len(self.shard) - 1)
        self.instruction.append(row["row"])
        self.text_bytes.append(row["text_bytes"])
        self.task.append(self.tasks.setdefault(task, len(self.tasks)))
        self.origin.append(origin)

    def build(self) -> Index:
        names = sorted(self.tasks)
        rank = np.empty(len(names), np.int16)
        rank[[self.tasks[name] for name in names]] = np.arange(len(names), dtype=np.int16)
        return Index(
            shards=tuple(self.shards),
            tasks=tuple(names),
            sample=_column(self.sample, np.int32),
            instruction=_column(self.instruction, np.int32),
            task=rank[_column(self.task, np.int16)],
            origin=_column(self.origin, np.int8),
            text_bytes=_column(self.text_bytes, np.int32),
            shard=_column(self.shard, np.int32),
            json_offset=_column(self.json_offset, np.int64),
            json_size=_column(self.json_size, np.int64),
            json_crc32=_column(self.json_crc32, np.uint32),
            clip_start=_column(self.clip_start, np.int64),
            key_start=_column(self.key_start, np.int64),
            key_bytes=bytes(self.keys),
            clip_offset=_column(self.clip_offset, np.int64),
            clip_size=_column(self.clip_size, np.int64),
            clip_crc32=_column(self.clip_crc32, np.uint32),
            clip_frames=_column(self.clip_frames, np.int64),
        )


def _absolute(location: str) -> str:
    """A worker or a later call may run in another folder."""
    return location if is_remote(location) else str(Path(location).absolute())


def _inside(offset: int, size: int, tar_bytes: int) -> tuple[int, int]:
    if not (offset >= 0 and size > 0 and offset + size <= tar_bytes):
        raise ValueError(f"bytes {offset} to {offset + size} lie outside the tar")
    return offset, size


def _column(values: array[int], dtype: type[np.integer[Any]]) -> np.ndarray:
    return np.array(values, dtype=dtype)
