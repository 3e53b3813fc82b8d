"""The index of one shard on disk: `<stem>.idx.jsonl`, a header line and one line per example."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from .audio import SAMPLE_RATE
from .sample import Sample

INDEX_FORMAT = 1
INDEX_SUFFIX = ".idx.jsonl"


@dataclass(frozen=True)
class Span:
    """Where a member's bytes lie in the tar."""

    offset: int
    size: int


@dataclass(frozen=True)
class IndexHeader:
    """The first line: which tar this is the index of, and how much must follow."""

    tar: str
    bytes: int
    samples: int
    examples: int

    def to_line(self) -> str:
        return json.dumps({"format": INDEX_FORMAT, **self.__dict__}) + "\n"


def index_name(tar_name: str) -> str:
    """`clips1-000000.tar` -> `clips1-000000.idx.jsonl`."""
    return tar_name.removesuffix(".tar") + INDEX_SUFFIX


def index_path(tar: Path) -> Path:
    return tar.with_name(index_name(tar.name))


def index_lines(sample: Sample, json_span: Span, clips: Sequence[tuple[Span, int]]) -> Iterator[str]:
    """One line per example of `sample`; `clips` gives each clip's place and its frames at 16 kHz."""
    for row, instruction in enumerate(sample.instructions):
        record = {
            "key": sample.key,
            "row": row,
            "task": instruction.task,
            "origin": instruction.origin,
            "json": [json_span.offset, json_span.size],
            "clips": [[span.offset, span.size, frames / SAMPLE_RATE] for span, frames in clips],
            "text_bytes": len(instruction.question.encode()) + len(instruction.answer.encode()),
        }
        yield json.dumps(record, ensure_ascii=False) + "\n"


def parse_header(line: str, where: str) -> IndexHeader:
    """Reads the first line of an index.

    Raises:
        InputError: another format, or not an index.
    """
    try:
        record = json.loads(line)
        if record["format"] != INDEX_FORMAT:
            raise InputError(
                f"{where}: index format {record['format']!r}, this version reads {INDEX_FORMAT}; "
                "rebuild it with `cryfish verify --rebuild`"
            )
        header = IndexHeader(
            str(record["tar"]), int(record["bytes"]), int(record["samples"]), int(record["examples"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise broken_index(where, "the first line is not an index header") from error
    return header


def broken_index(where: str, what: str) -> InputError:
    return InputError(f"{where}: {what}; rebuild it with `cryfish verify --rebuild`")


def parse_rows(lines: Iterable[str], where: str) -> Iterator[Mapping[str, Any]]:
    """The records after the header.

    Raises:
        InputError: a line is not JSON; names the line.
    """
    for number, line in enumerate(lines, start=2):
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as error:
            raise broken_index(where, f"line {number} is not JSON") from error
