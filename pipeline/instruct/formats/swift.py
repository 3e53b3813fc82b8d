"""Chat JSONL as ms-swift reads it, with absolute paths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ....files import write_jsonl
from .chat_format import CHAT_MINIATURE, chat_record
from .formats import ExportFormat, HeardInstruction


def _write(path: Path, items: Iterator[HeardInstruction], options: object) -> int:
    return write_jsonl(
        path, (chat_record(one.instruction, [str(place) for place in one.audio]) for one in items)
    )


FORMAT = ExportFormat("swift", "instructions.jsonl", _write, CHAT_MINIATURE)
