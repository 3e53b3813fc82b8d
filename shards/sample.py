"""What a shard holds: samples, each a clip (or clips) with its facts and all its instructions, as plain JSON."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from ..errors import InputError

FORMAT = 1
KEY_PATTERN = "[A-Za-z0-9_-]{1,93}"  # with its longest ending it fits the 100 bytes of a tar header's name
AnswerKind = Literal["label", "number", "text", "list"]
Origin = Literal["template", "generated"]


@dataclass(frozen=True)
class Instruction:
    """One question and answer about one or more clips (docs/design.md, "An instruction")."""

    id: str
    clips: tuple[str, ...]
    task: str
    kind: AnswerKind
    question: str
    answer: str
    label: str
    language: str
    origin: Origin
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """One line of an instruction file. Written out: `asdict` copies deeply, and this is done millions of times."""
        return {
            "id": self.id,
            "clips": list(self.clips),
            "task": self.task,
            "kind": self.kind,
            "question": self.question,
            "answer": self.answer,
            "label": self.label,
            "language": self.language,
            "origin": self.origin,
            "provenance": dict(self.provenance),
        }


@dataclass(frozen=True)
class ClipRecord:
    """What a sample says of one of its clips; the audio itself is the FLAC member beside it."""

    id: str
    seconds: float
    corpus: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Sample:
    """A clip (or clips) with its facts and all its instructions: one WebDataset key."""

    key: str
    clips: tuple[ClipRecord, ...]
    instructions: tuple[Instruction, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The content of `key.json`; an instruction's clips are the sample's, so they aren't repeated."""
        instructions = [instruction.to_json() for instruction in self.instructions]
        for instruction in instructions:
            del instruction["clips"]
        return {
            "format": FORMAT,
            "clips": [{**asdict(clip), "facts": dict(clip.facts)} for clip in self.clips],
            "instructions": instructions,
            "provenance": dict(self.provenance),
        }


def instruction_from_json(record: Mapping[str, Any], where: str) -> Instruction:
    """Reads one instruction; `where` (file and line) is named when it is malformed.

    Raises:
        InputError: a field is missing, unknown or of the wrong type.
    """
    text_fields = ("id", "task", "question", "answer", "label", "language")
    for name in text_fields:
        if not isinstance(record.get(name), str):
            raise InputError(
                f"{where}: instruction field '{name}' must be a string, found {record.get(name)!r}"
            )
    if record.get("kind") not in get_args(AnswerKind):
        raise InputError(
            f"{where}: instruction field 'kind' must be one of {', '.join(get_args(AnswerKind))}"
        )
    if record.get("origin") not in get_args(Origin):
        raise InputError(f"{where}: instruction field 'origin' must be one of {', '.join(get_args(Origin))}")
    clips = record.get("clips")
    if not isinstance(clips, list | tuple) or not clips or not all(isinstance(clip, str) for clip in clips):
        raise InputError(f"{where}: instruction field 'clips' must be a list of cut ids")
    if not isinstance(record.get("provenance", {}), Mapping):
        raise InputError(f"{where}: instruction field 'provenance' must be an object")
    return Instruction(
        clips=tuple(clips),
        kind=record["kind"],
        origin=record["origin"],
        provenance=dict(record.get("provenance", {})),
        **{name: record[name] for name in text_fields},
    )


def sample_from_json(key: str, record: Mapping[str, Any], where: str) -> Sample:
    """Reads the content of `key.json`.

    Raises:
        InputError: another format version, or a malformed field; names `where` and the field.
    """
    if record.get("format") != FORMAT:
        raise InputError(f"{where}: field 'format' is {record.get('format')!r}, this version reads {FORMAT}")
    try:
        clips = tuple(
            ClipRecord(str(clip["id"]), float(clip["seconds"]), str(clip["corpus"]), dict(clip["facts"]))
            for clip in record["clips"]
        )
        instructions = [dict(instruction) for instruction in record["instructions"]]
        provenance = dict(record.get("provenance", {}))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{where}: sample '{key}' lacks or misspells {error}; write the shard again"
        ) from error
    if not clips:
        raise InputError(f"{where}: sample '{key}' has no clips; write the shard again")
    ids = [clip.id for clip in clips]
    return Sample(
        key,
        clips,
        tuple(instruction_from_json({**instruction, "clips": ids}, where) for instruction in instructions),
        provenance,
    )


def sample_key(clip_ids: Sequence[str]) -> str:
    """The WebDataset key of the sample made of these clips: letters, digits, `-` and `_` only.

    Where a cut id had to be changed, or several are joined, a hash of the ids keeps keys apart.
    """
    joined = "\n".join(clip_ids)
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", clip_ids[0])[:80]
    if joined == safe:
        return safe
    return f"{safe}-{hashlib.sha256(joined.encode()).hexdigest()[:12]}"
