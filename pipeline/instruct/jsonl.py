"""Instructions on disk: one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ...files import read_jsonl, write_jsonl
from ...shards.sample import Instruction, instruction_from_json


def read_instructions(path: Path) -> Iterator[Instruction]:
    """Reads instructions one by one.

    Raises:
        InputError: the file is missing or cut short, or a line isn't an instruction; names the file and the line.
    """
    for number, record in enumerate(read_jsonl(path), 1):
        yield instruction_from_json(record, f"{path}: line {number}")


def write_instructions(path: Path, instructions: Iterable[Instruction]) -> int:
    """Writes instructions, the file whole or not at all; returns how many. Equal instructions make equal bytes."""
    return write_jsonl(path, (instruction.to_json() for instruction in instructions))
