"""Writes one shard: a tar that WebDataset and Hugging Face `datasets` read, and its index."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..errors import InputError
from ..file_lock import take_lock
from ..files import fsync_path, replace
from ..ownership import LEDGER, note, refuse_foreign
from .audio import checked_header
from .index_file import IndexHeader, Span, index_lines, index_path, index_text
from .sample import KEY_PATTERN, Sample

SECONDS_TOLERANCE = 0.01  # between what `key.json` says of a clip and its audio: resampling rounds
_KEY = re.compile(KEY_PATTERN)
_BLOCK = 512
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class EncodedSample:
    """A sample and, per clip, its FLAC bytes."""

    sample: Sample
    flac: tuple[bytes, ...]


@dataclass(frozen=True)
class ShardSummary:
    """What was written. `clips` is the number of clips of each sample, `seconds` counts every clip once."""

    tar: Path
    index: Path
    samples: int
    examples: int
    clips: int
    seconds: float
    bytes: int
    sha256: str


def write_shard(tar_path: Path, encoded: Iterable[EncodedSample]) -> ShardSummary:
    """Writes `<stem>.tar` and `<stem>.idx.jsonl`; the same samples give the same bytes.

    Both are written under temporary names (`.cryfish-<name>.tmp`), synced, then renamed, the index last; an older index
    goes first. So a kill at any moment leaves a right pair, or a tar without an index, never a wrong pair. The
    next attempt reuses the temporary names.

    Raises:
        ValueError: no samples, samples with different numbers of clips, a key twice or malformed, audio that is
            not 16 kHz mono FLAC or not as long as stated: the caller's mistakes, found before anything is renamed.
        InputError: a file of these names is there that isn't ours, the folder can't be written, the disk is full, or
            another process is writing this shard.
    """
    if tar_path.suffix != ".tar":
        raise ValueError(f"{tar_path}: a shard's name ends in .tar")
    idx_path = index_path(tar_path)
    tar_tmp, idx_tmp = _temporary(tar_path), _temporary(idx_path)
    with _disk_errors(tar_path):
        refuse_foreign([tar_path, idx_path])
        tar_path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(tar_tmp, tar_path) as tar:
        try:
            summary, lines = _write_tar(tar, tar_path, encoded)
            with _disk_errors(tar_path):
                tar.flush()
                fsync_path(tar_tmp)
                header = IndexHeader(
                    tar_path.name, summary.bytes, summary.samples, summary.examples, summary.sha256
                )
                _write_lines(idx_tmp, index_text(header, lines))
                fsync_path(idx_tmp)
                note([tar_path, idx_path])
                idx_path.unlink(missing_ok=True)
                replace(tar_tmp, tar_path)
                replace(idx_tmp, idx_path)
        except BaseException:
            tar_tmp.unlink(missing_ok=True)
            idx_tmp.unlink(missing_ok=True)
            raise
    return summary


def write_index(tar_path: Path, header: IndexHeader, lines: Sequence[str]) -> Path:
    """Writes only the index, for a tar that is there; returns its path.

    Raises:
        InputError: it can't be written.
    """
    path = index_path(tar_path)
    temporary = _temporary(path)
    with _disk_errors(path):
        try:
            _write_lines(temporary, index_text(header, lines))
            replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    return path


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)


class _Hashed:
    """Writes to a file and knows what was written: no second read for the digest."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.bytes = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)
        self.bytes += len(data)


def _write_tar(
    file: BinaryIO, tar_path: Path, encoded: Iterable[EncodedSample]
) -> tuple[ShardSummary, list[str]]:
    tar = _Hashed(file)
    keys: set[str] = set()
    lines: list[str] = []
    clip_count = frames_total = 0
    for item in encoded:
        frames = _checked(item)
        key = item.sample.key
        if key in keys:
            raise ValueError(f"{tar_path}: key '{key}' comes twice")
        if keys and len(item.flac) != clip_count:
            raise ValueError(
                f"{tar_path}: '{key}' has {len(item.flac)} clips, the samples before it {clip_count}; "
                "all samples of a shard have the same number"
            )
        keys.add(key)
        clip_count = len(item.flac)
        frames_total += sum(frames)
        text = json.dumps(
            item.sample.to_json(), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
        ).encode()
        with _disk_errors(tar_path):
            spans = [
                _add(tar, name, flac)
                for name, flac in zip(clip_names(key, clip_count), item.flac, strict=True)
            ]
            json_span = _add(tar, f"{key}.json", text)
        lines.extend(index_lines(item.sample, json_span, list(zip(spans, frames, strict=True))))
    if not keys:
        raise ValueError(f"{tar_path}: a shard holds at least one sample")
    with _disk_errors(tar_path):
        tar.write(bytes(2 * _BLOCK))
    summary = ShardSummary(
        tar_path,
        index_path(tar_path),
        len(keys),
        len(lines),
        clip_count,
        frames_total / 16_000,
        tar.bytes,
        tar.digest.hexdigest(),
    )
    return summary, lines


def clip_names(key: str, clips: int) -> list[str]:
    """What the FLAC members of a sample are called."""
    return [f"{key}.flac"] if clips == 1 else [f"{key}.{number}.flac" for number in range(clips)]


def _checked(item: EncodedSample) -> list[int]:
    """The frames of each clip, after checking what a reader will rely on."""
    sample = item.sample
    if not _KEY.fullmatch(sample.key):
        raise ValueError(
            f"key '{sample.key}' must be 1 to 93 letters, digits, '-' or '_' (sample_key makes one)"
        )
    if not item.flac or len(item.flac) != len(sample.clips):
        raise ValueError(f"'{sample.key}' has {len(sample.clips)} clips but {len(item.flac)} FLAC files")
    clip_ids = tuple(clip.id for clip in sample.clips)
    for instruction in sample.instructions:
        if instruction.clips != clip_ids:
            raise ValueError(f"'{sample.key}': instruction '{instruction.id}' is about other clips")
    frames = []
    for clip, flac in zip(sample.clips, item.flac, strict=True):
        try:
            header = checked_header(flac)
        except ValueError as error:
            raise ValueError(f"'{sample.key}', clip '{clip.id}': {error}") from error
        if not abs(header.seconds - clip.seconds) <= SECONDS_TOLERANCE:  # NaN is no length either
            raise ValueError(
                f"'{sample.key}', clip '{clip.id}': {header.seconds:.4f} s of audio, stated as {clip.seconds:.4f} s"
            )
        frames.append(header.frames)
    return frames


def _add(tar: _Hashed, name: str, data: bytes) -> Span:
    info = tarfile.TarInfo(name)  # mtime, uid and gid are 0, the mode 0644
    info.size = len(data)
    tar.write(info.tobuf(format=tarfile.USTAR_FORMAT))
    span = Span(tar.bytes, len(data), zlib.crc32(data))
    tar.write(data)
    tar.write(bytes(-len(data) % _BLOCK))
    return span


def _temporary(path: Path) -> Path:
    """Ours by its beginning, and with an ending that no reader looks for."""
    return path.with_name(f"{LEDGER}-{path.name}.tmp")


@contextmanager
def _locked(path: Path, target: Path) -> Iterator[BinaryIO]:
    """Opens `path` for writing from its start, held against other processes; a dead one's leftover is reused."""
    with _disk_errors(target):
        file = path.open("ab")
    try:
        held = take_lock(file.fileno())
        if not (held and path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))):
            raise InputError(
                f"{target}: another process is writing this shard; let it finish, or stop it first"
            )
        file.seek(0)
        file.truncate()
        yield file
    finally:
        with suppress(OSError):  # what had to reach the disk was synced; the rest is thrown away
            file.close()


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    """Says in one sentence why a file can't be written."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise InputError(
                f"{path}: the disk is full; free some space and run again, finished shards are kept"
            ) from error
        raise InputError(f"{path}: cannot write it ({error.strerror or error})") from error
