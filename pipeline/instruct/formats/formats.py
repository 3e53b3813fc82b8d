"""What a format of another toolkit is: how instructions are written in it and, maybe, read.

A format is a module of this folder, of another package or a plugin that declares `FORMAT = ExportFormat(...)`
(docs/adding-a-format.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....mistakes import read_section
from ....seams import Seam
from ....section import NoOptions, Section
from ....shards import Instruction


@dataclass(frozen=True)
class HeardInstruction:
    """An instruction, its corpus, and where its audio lies: absolute paths, one for each clip."""

    instruction: Instruction
    corpus: str
    audio: list[Path]


@dataclass(frozen=True)
class ExportFormat:
    """A format: its name, the name of the file that is written, and how.

    `write(path, items, options)` writes the file and what belongs beside it, and returns how many instructions it
    wrote; it takes the items one by one, for there may be millions. `read(path)` yields each record with what to call
    it in a message; a record has the fields of CryFish's annotation format (annotation.py), whatever it is made of.
    `miniature` has for each instruction of `MINIATURE` what the file must hold of it, in order.
    """

    name: str
    file_name: str
    write: Callable[[Path, Iterator[HeardInstruction], Any], int]
    miniature: tuple[str, ...]
    options: type[Section] = NoOptions
    read: Callable[[Path], Iterator[tuple[str, dict[str, Any]]]] | None = None


FORMATS: Seam[ExportFormat] = Seam(
    "export format",
    "pipeline.instruct.formats",
    "FORMAT",
    lambda one: one.name,
    None,
    "formats",
    ExportFormat,
)


def format_options(form: str, given: Mapping[str, Any]) -> Section:
    """A format's options, checked. Raises InputError, also where there is no such format."""
    return read_section(FORMATS.get(form, "--format").options, given, f"--format {form}")


def _item(number: int, task: str, question: str, answer: str, *clips: str) -> HeardInstruction:
    instruction = Instruction(
        f"{number:016x}", clips, task, "text", question, answer, answer, "en", "template"
    )
    return HeardInstruction(instruction, "demo", [Path(f"/audio/{clip}.flac") for clip in clips])


MINIATURE = (
    _item(1, "asr", "What is said?", "Good morning.", "a"),
    _item(2, "louder", "Is <audio> louder than <audio>?", "No.", "a", "b"),
    _item(3, "open_qa", 'Was heißt "да"?', "Ja.\nJa!", "c"),
)
"""Three instructions, of one clip and of two, with quotation marks, a line break and letters beyond ASCII."""
