"""The index of one shard on disk: `<stem>.idx.jsonl`, a header line and one line per example.

It knows what was written: the sha256 of the tar, the CRC-32 of every member and the sha256 of itself. A CRC-32 is
enough for a member: it finds every damage of up to 32 bits in a row and misses one in four billion of the others,
costs a reader the least, and makes a line 12 bytes longer per member.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..constants import SAMPLE_RATE
from ..errors import InputError
from .sample import Sample
from .storage import Damaged

INDEX_FORMAT = 2
WITHOUT_DIGESTS = 1  # the format before: still read
INDEX_SUFFIX = ".idx.jsonl"


@dataclass(frozen=True)
class Span:
    """Where a member's bytes lie in the tar, and their CRC-32; None in an index without digests."""

    offset: int
    size: int
    crc32: int | None = None


Members = Mapping[str, tuple[Span, ...]]  # by key: the places of the clips, then of the JSON


@dataclass(frozen=True)
class IndexHeader:
    """The first line: which tar this is the index of, and how much must follow.

    `sha256` is the tar's; empty in an index without digests.
    """

    tar: str
    bytes: int
    samples: int
    examples: int
    sha256: str


def index_name(tar_name: str) -> str:
    """`clips1-000000.tar` -> `clips1-000000.idx.jsonl`."""
    return tar_name.removesuffix(".tar") + INDEX_SUFFIX


def index_path(tar: Path) -> Path:
    return tar.with_name(index_name(tar.name))


def index_text(header: IndexHeader, rows: Sequence[str]) -> list[str]:
    """The lines of the whole file. `index_sha256` is the digest of the file without that field."""
    record = {"format": INDEX_FORMAT, **header.__dict__}
    digest = hashlib.sha256(_line(record))
    for row in rows:
        digest.update(row.encode())
    return [_line({**record, "index_sha256": digest.hexdigest()}).decode(), *rows]


def index_lines(sample: Sample, json_span: Span, clips: Sequence[tuple[Span, int]]) -> Iterator[str]:
    """One line per example of `sample`; `clips` gives each clip's place and its frames at 16 kHz."""
    for row, instruction in enumerate(sample.instructions):
        record = {
            "key": sample.key,
            "row": row,
            "task": instruction.task,
            "origin": instruction.origin,
            "json": [json_span.offset, json_span.size, json_span.crc32],
            "clips": [[span.offset, span.size, frames / SAMPLE_RATE, span.crc32] for span, frames in clips],
            "text_bytes": len(instruction.question.encode()) + len(instruction.answer.encode()),
        }
        yield json.dumps(record, ensure_ascii=False) + "\n"


def parse_index(data: bytes, where: str) -> tuple[IndexHeader, list[str]]:
    """The header and the rows (without their line ends) of a whole index.

    Raises:
        Damaged: another format, not an index, cut short, or not what was written.
    """
    first, _, rest = data.partition(b"\n")
    try:
        record = json.loads(first)
        header = parse_header(record, where)
        rows = rest.decode().split("\n")[:-1]
    except UnicodeDecodeError as error:
        raise broken_index(where, "it is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise broken_index(where, "the first line is not an index header") from error
    if len(rows) != header.examples:
        raise broken_index(where, f"{len(rows)} examples, the first line says {header.examples}")
    if header.sha256:
        digest = hashlib.sha256(_line({"format": INDEX_FORMAT, **header.__dict__}))
        digest.update(rest)
        if first + b"\n" != _line(
            {"format": INDEX_FORMAT, **header.__dict__, "index_sha256": digest.hexdigest()}
        ):
            raise broken_index(where, "it is not what was written (its sha256 differs), so it is damaged")
    return header, rows


def indexed_members(tar: Path) -> tuple[IndexHeader, Members | None]:
    """What the index says of the tar; no members where it is without digests.

    Raises:
        InputError: it is missing or damaged.
    """
    path = index_path(tar)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{tar}: no index ({path.name}) beside it; make one with `cryfish verify --rebuild`"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot read it ({error.strerror})") from error
    header, rows = parse_index(data, str(path))
    if not header.sha256:
        return header, None
    members: dict[str, tuple[Span, ...]] = {}
    try:
        for row in parse_rows(rows, str(path)):
            members[row["key"]] = (
                *(Span(clip[0], clip[1], clip[3]) for clip in row["clips"]),
                Span(*row["json"]),
            )
    except (KeyError, IndexError, TypeError) as error:
        raise broken_index(str(path), f"a line is malformed ({error})") from error
    return header, members


def parse_header(record: Any, where: str) -> IndexHeader:
    """Reads the object in the first line of an index.

    Raises:
        Damaged: another format, or not an index header.
    """
    try:
        version = record["format"]
        if version not in (INDEX_FORMAT, WITHOUT_DIGESTS):
            raise broken_index(where, f"index format {version!r}, this version reads {INDEX_FORMAT}")
        return IndexHeader(
            str(record["tar"]),
            int(record["bytes"]),
            int(record["samples"]),
            int(record["examples"]),
            "" if version == WITHOUT_DIGESTS else str(record["sha256"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise broken_index(where, "the first line is not an index header") from error


def broken_index(where: str, what: str) -> Damaged:
    return Damaged(f"{where}: {what}; copy it again, or rebuild it with `cryfish verify --rebuild`")


def parse_rows(lines: Iterable[str], where: str) -> Iterator[Mapping[str, Any]]:
    """The records after the header.

    Raises:
        Damaged: a line is not JSON; names the line.
    """
    for number, line in enumerate(lines, start=2):
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as error:
            raise broken_index(where, f"line {number} is not JSON") from error


def without_digests(record: Mapping[str, Any]) -> dict[str, Any]:
    """A line of an index as the format before had it."""
    if "format" in record:
        kept = {name: value for name, value in record.items() if name not in ("sha256", "index_sha256")}
        return {**kept, "format": WITHOUT_DIGESTS}
    return {**record, "json": record["json"][:2], "clips": [clip[:3] for clip in record["clips"]]}


def _line(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record) + "\n").encode()
