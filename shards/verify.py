"""Checks shards on disk against their indexes, and mends what can be mended."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from typing import BinaryIO

from ..constants import SAMPLE_RATE
from ..errors import InputError
from ..ownership import LEDGER
from .audio import decode_flac
from .index_file import (
    INDEX_SUFFIX,
    IndexHeader,
    Members,
    Span,
    broken_index,
    index_lines,
    index_name,
    index_path,
    index_text,
    indexed_members,
    parse_header,
    without_digests,
)
from .sample import sample_from_json
from .storage import none_here
from .tar import TarSample, walk_samples
from .writer import SECONDS_TOLERANCE, EncodedSample, ShardSummary, clip_names, write_index, write_shard


@dataclass
class Report:
    """What `verify` saw; `problems` has one sentence each and is empty when all is well.

    `notes` are no problems: they say what could not be checked.
    """

    shards: int = 0
    samples: int = 0
    examples: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        return (
            f"{self.shards} shards, {self.samples} samples, {self.examples} examples, "
            f"{self.seconds / 3600:.2f} hours, {len(self.problems)} problems"
        )


@dataclass(frozen=True)
class Note:
    """What was noted elsewhere of a tar when it was made: `file` holds the note."""

    file: Path
    sha256: str


def verify(folder: Path, noted: Mapping[str, Note] | None = None) -> Report:
    """Reads every byte of every shard of a local folder and compares it with what was written.

    The tar and its index are compared with their sha256, so that any changed bit is found, and every member with its
    CRC-32, which tells where. Beyond that: tar structure, JSON, and audio down to its MD5.

    Args:
        folder: of shards.
        noted: by the name of a tar, what was noted of it elsewhere.

    Raises:
        InputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give the folder of shards to verify")
    noted = noted or {}
    report = Report()
    tars = sorted(folder.glob("[!.]*.tar"))
    indexed = {index_name(tar.name) for tar in tars}
    lone = [path for path in sorted(folder.glob(f"[!.]*{INDEX_SUFFIX}")) if path.name not in indexed]
    missing = [folder / name for name in sorted(noted.keys() - {tar.name for tar in tars})]
    if not (tars or lone or missing):
        report.problems.append(none_here(folder))
    without = 0
    for tar in tars:
        report.shards += 1
        without += _verify_shard(tar, noted.get(tar.name), report)
    if without:
        report.notes.append(
            f"{folder}: {without} of {len(tars)} indexes were made before digests, only structure was checked; "
            f"`cryfish verify {folder} --rebuild {folder}` adds them"
        )
    for index in lone:
        report.problems.append(f"{index}: an index without its tar; run `cryfish shard` again")
    for tar in missing:
        if index_path(tar) not in lone:
            report.problems.append(
                f"{tar}: it was made ({noted[tar.name].file.name} says so) but is gone, with its index; "
                "run `cryfish shard` again"
            )
    for leftover in sorted(folder.glob(f"{LEDGER}-*.tmp")):
        report.problems.append(
            f"{leftover}: a writer is at work or was stopped; run it again, or delete the file"
        )
    return report


def rebuild_index(tar: Path, note: Note | None = None) -> Path:
    """Writes a new index beside a sound tar, in place of a missing or wrong one; returns its path.

    Raises:
        InputError: the tar itself is missing or damaged (names the first problem), isn't what its index or `note`
            says was written, or the folder can't be written.
    """
    problems: list[str] = []
    lines = [whole.lines for whole in _whole_samples(tar, problems)]
    if problems:
        raise InputError(
            f"{problems[0]}; save what is whole into a new shard with `cryfish verify --salvage`"
        )
    header = _header(tar, lines)
    recorded = {index_path(tar): _recorded(index_path(tar))}
    if note is not None:
        recorded[note.file] = note.sha256
    known = {path: sha256 for path, sha256 in recorded.items() if sha256}
    if known and header.sha256 not in known.values():
        raise InputError(
            f"{tar}: it isn't what was written (its sha256 differs from that in {_names(known)}), and a new index "
            "would hide that; write or copy the shard again, or save what is whole with `cryfish verify --salvage`; "
            f"if you changed it yourself, delete {_names(known)} and rebuild then"
        )
    return write_index(tar, header, list(chain.from_iterable(lines)))


def salvage(tar: Path, new_tar: Path) -> tuple[ShardSummary, list[str]]:
    """Writes the samples of a damaged tar that are whole and decode into a new shard, with its index.

    Where the tar's index is sound and has digests, a sample that isn't what was written is lost too.

    Returns:
        What was written, and one sentence for each thing that was lost.

    Raises:
        InputError: nothing is whole, `new_tar` exists already, or it can't be written.
    """
    if new_tar.exists():
        raise InputError(f"{new_tar}: exists already; give a new name for what is salvaged")
    problems: list[str] = []
    try:
        _, members = indexed_members(tar)
    except InputError:
        members = None
    samples = _whole_samples(tar, problems, members)
    first = next(samples, None)
    if first is None:
        raise InputError(f"{tar}: no sample is whole ({problems[0] if problems else 'the tar is empty'})")
    summary = write_shard(new_tar, (whole.encoded for whole in chain([first], samples)))
    return summary, problems


def _verify_shard(tar: Path, note: Note | None, report: Report) -> bool:
    """Adds what is wrong with a shard to the report; returns whether its index is without digests."""
    header: IndexHeader | None = None
    members: Members | None = None
    problems: list[str] = []
    unusable = ""
    try:
        header, members = indexed_members(tar)
    except InputError as error:
        unusable = str(error)
    lines = []
    for whole in _whole_samples(tar, problems, members):
        report.samples += 1
        report.examples += len(whole.lines)
        report.seconds += whole.seconds
        lines.append(whole.lines)
    found = _header(tar, lines)
    if unusable:
        problems.append(unusable)
    elif header is not None and header.sha256 and header.sha256 != found.sha256:
        if not problems:
            size = "" if header.bytes == found.bytes else f", {found.bytes} bytes instead of {header.bytes}"
            problems.append(
                f"{tar}: it isn't what was written (its sha256 differs{size}), but every member is: a tar header or "
                "the padding is damaged; copy the shard again, or run `cryfish shard` again"
            )
    else:
        problems.extend(_index_problems(tar, found, lines))
    if note is not None and note.sha256 != found.sha256 and (not problems or unusable):
        problems.append(
            f"{tar}: it isn't what was made (its sha256 differs from that in {note.file.name}); "
            "copy both again, or run `cryfish shard` again"
        )
    report.problems.extend(problems)
    return header is not None and not header.sha256


def _recorded(index: Path) -> str:
    """The tar's sha256 as an index has it that may be damaged elsewhere; empty where it has none."""
    try:
        with index.open("rb") as file:
            return parse_header(json.loads(file.readline()), str(index)).sha256
    except (OSError, InputError, ValueError, RecursionError):
        return ""


def _names(paths: Mapping[Path, str]) -> str:
    return " and ".join(path.name for path in paths)


@dataclass(frozen=True)
class _Whole:
    """A sample that is all right, and its lines in the index."""

    encoded: EncodedSample
    lines: list[str]
    seconds: float


def _whole_samples(tar: Path, problems: list[str], members: Members | None = None) -> Iterator[_Whole]:
    """Samples that decode, agree with their JSON and are what was written, where `members` tells that.

    What is wrong with the others is added to `problems`.
    """
    if not tar.is_file():
        raise InputError(f"{tar}: no such shard")
    clips = 0
    with tar.open("rb") as file:
        for found in walk_samples(tar, problems):
            try:
                if members is not None:
                    _compare(file, found, members)
                whole = _checked(file, found, f"{tar}: '{found.key}'")
            except InputError as error:
                problems.append(str(error))
            except (ValueError, RecursionError) as error:
                problems.append(f"{tar}: '{found.key}' is damaged: {error}")
            else:
                if clips and len(found.clips) != clips:
                    problems.append(
                        f"{tar}: '{found.key}' has {len(found.clips)} clips, the samples before it {clips}"
                    )
                    continue
                clips = len(found.clips)
                yield whole


def _compare(file: BinaryIO, found: TarSample, members: Members) -> None:
    """Raises ValueError when a sample isn't what was written."""
    written = members.get(found.key)
    if written is None:
        raise ValueError("no sample of this key was written")
    names = [*clip_names(found.key, len(found.clips)), f"{found.key}.json"]
    places = [*found.clips, found.json]
    if [(place.offset, place.size) for place in places] != [(place.offset, place.size) for place in written]:
        raise ValueError("its members lie elsewhere than where they were written")
    for name, place in zip(names, written, strict=True):
        if zlib.crc32(_bytes(file, place)) != place.crc32:
            raise ValueError(f"member '{name}' isn't what was written (its CRC-32 differs from its index's)")


def _checked(file: BinaryIO, found: TarSample, where: str) -> _Whole:
    text = _bytes(file, found.json)
    record = json.loads(text, parse_constant=_no_constant)
    if not isinstance(record, dict):
        raise ValueError("its JSON is not an object")
    sample = sample_from_json(found.key, record, where)
    if len(sample.clips) != len(found.clips):
        raise ValueError(f"{len(found.clips)} FLAC members for {len(sample.clips)} clips")
    flac = [_bytes(file, span) for span in found.clips]
    clips = [
        Span(span.offset, span.size, zlib.crc32(data)) for span, data in zip(found.clips, flac, strict=True)
    ]
    frames = [len(decode_flac(data, check_md5=True)) for data in flac]
    for clip, count in zip(sample.clips, frames, strict=True):
        if not abs(count / SAMPLE_RATE - clip.seconds) <= SECONDS_TOLERANCE:
            raise ValueError(
                f"clip '{clip.id}' has {count / SAMPLE_RATE:.4f} s of audio, stated as {clip.seconds} s"
            )
    place = Span(found.json.offset, found.json.size, zlib.crc32(text))
    lines = list(index_lines(sample, place, list(zip(clips, frames, strict=True))))
    return _Whole(EncodedSample(sample, tuple(flac)), lines, sum(frames) / SAMPLE_RATE)


def _bytes(file: BinaryIO, span: Span) -> bytes:
    file.seek(span.offset)
    return file.read(span.size)


def _no_constant(name: str) -> float:
    raise ValueError(f"its JSON holds {name}, which is not JSON")


def _header(tar: Path, lines: list[list[str]]) -> IndexHeader:
    with tar.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return IndexHeader(tar.name, tar.stat().st_size, len(lines), sum(map(len, lines)), sha256)


def _index_problems(tar: Path, header: IndexHeader, lines: list[list[str]]) -> Iterator[str]:
    """Compares a readable index with what it ought to be; says only the first difference."""
    path = index_path(tar)
    expected = index_text(header, list(chain.from_iterable(lines)))
    found = path.read_text(encoding="utf-8").split("\n")[:-1]
    for number, (line, wanted) in enumerate(zip_longest(found, expected), start=1):
        if line is None or wanted is None:
            yield str(broken_index(str(path), f"{len(found)} lines, {len(expected)} fit the tar"))
            return
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            yield str(broken_index(str(path), f"line {number} is not JSON"))
            return
        right = json.loads(wanted)
        if isinstance(record, dict):
            # It is right, or `indexed_members` would have said so; here it would hide which line differs.
            record.pop("index_sha256", None)
            right.pop("index_sha256", None)
        if record not in (right, without_digests(right)):
            yield str(broken_index(str(path), f"line {number} doesn't agree with the tar"))
            return
