"""Where instructions come from: files of them, what a filter kept, shards; each with its corpus and its facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...files import read_jsonl
from ...shards import ClipRecord, Instruction, open_index, sample_from_json
from ...shards.index import Index
from ...shards.reader import ShardReader
from .filters import kept_instructions
from .jsonl import read_instructions

KEPT = "kept.jsonl"
UNKNOWN = "unknown"
_ASIDE = ("dropped.jsonl", ".candidates.jsonl", ".partial.jsonl", ".spare.jsonl", ".idx.jsonl")
_NOT_LEARNT_FROM = ("dev", "test")


@dataclass(frozen=True)
class SourcedInstruction:
    """An instruction, the corpus of its first clip, and what its writer was told of it (None: not known).

    `binary` is the filters' verdict where they left one.
    """

    instruction: Instruction
    corpus: str
    facts: Mapping[str, Any] | None = None
    binary: bool | None = None


@dataclass(frozen=True)
class ShardSample:
    """One sample of a shard: its key, clips and instructions, and the FLAC bytes of each clip."""

    key: str
    clips: tuple[ClipRecord, ...]
    instructions: tuple[Instruction, ...]
    flacs: list[bytes]


def find_sources(paths: Iterable[Path]) -> list[Path]:
    """What to read: files, and folders of shards. Another folder stands for the files of instructions in it.

    Of these, what a model doesn't learn from is left out: files named `test` or `dev`, and candidates.

    Raises:
        InputError: something isn't there, or a folder holds no instructions.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir() or is_shards(path):
            found.append(path)
        else:
            inside = [file for file in sorted(path.rglob("*.jsonl")) if _teaches(file)]
            if not inside:
                raise InputError(
                    f"{path}: no shards and no files of instructions to learn from in this folder; "
                    "name a file that `cryfish instruct` wrote, or a folder of shards"
                )
            found += inside
    return list(dict.fromkeys(found))


def is_shards(path: Path) -> bool:
    """Whether this is a folder of shards."""
    return path.is_dir() and next(path.glob("[!.]*.tar"), None) is not None


def _teaches(path: Path) -> bool:
    if path.name == KEPT or path.name.endswith(_ASIDE) or path.stem in _NOT_LEARNT_FROM:
        return False
    try:
        first = next(read_jsonl(path), {})
    except InputError:
        # Its trouble is told when it is read.
        return True
    return "question" in first and "kind" in first


def read_found(source: Path) -> Iterator[SourcedInstruction]:
    """The instructions of a file or a folder of shards, one by one.

    Raises:
        InputError: it is missing or malformed; names the file and the line.
    """
    if source.is_dir():
        for sample in read_samples(source, audio=False):
            for instruction in sample.instructions:
                facts = sample.clips[0].facts if instruction.origin == "generated" else None
                yield SourcedInstruction(instruction, sample.clips[0].corpus, facts)
        return
    first = next(read_jsonl(source), {})
    if "facts" in first and "kind" not in first:
        for record, instruction in zip(read_jsonl(source), kept_instructions(source), strict=True):
            yield _of_record(instruction, record)
        return
    told = source.with_name(KEPT)
    records = read_jsonl(told) if first.get("origin") == "generated" and told.is_file() else iter(())
    for instruction in read_instructions(source):
        record = next(records, {})
        if record.get("id") == instruction.id:
            yield _of_record(instruction, record)
        else:
            yield SourcedInstruction(instruction, corpus_of(instruction))


def _of_record(instruction: Instruction, record: Mapping[str, Any]) -> SourcedInstruction:
    corpus = record.get("corpus")
    binary = record.get("binary")
    return SourcedInstruction(
        instruction,
        corpus if isinstance(corpus, str) else corpus_of(instruction),
        record["facts"] if isinstance(record.get("facts"), Mapping) else None,
        binary if isinstance(binary, bool) else None,
    )


def corpus_of(instruction: Instruction) -> str:
    """The corpus of the first clip: noted in the provenance, else that of the recipe which named the clip."""
    noted = instruction.provenance.get("corpus")
    return noted if isinstance(noted, str) and noted else corpus_of_clip(instruction.clips[0])


def corpus_of_clip(clip: str) -> str:
    """The corpus that named the clip (`<corpus>-<id>`; no corpus has a `-` in its name), or `unknown`."""
    corpus, dash, _ = clip.partition("-")
    return corpus if dash and re.search("[a-z]", corpus, re.IGNORECASE) else UNKNOWN


def read_samples(folder: Path, audio: bool = True) -> Iterator[ShardSample]:
    """The samples of a folder of shards, in their order; without `audio`, `flacs` is empty.

    Raises:
        InputError: a shard or its index is missing or damaged.
    """
    index = open_index([folder])
    with ShardReader(index.shards) as reader:
        last = -1
        for row in range(len(index)):
            if int(index.sample[row]) != last:
                last = int(index.sample[row])
                yield _read_sample(index, reader, row, audio)


def _read_sample(index: Index, reader: ShardReader, row: int, audio: bool) -> ShardSample:
    shard, key = int(index.shard[index.sample[row]]), index.key(row)
    where = index.shards[shard].location
    spans = [index.json_span(row)]
    if audio:
        spans += [span for span, _ in index.clip_spans(row)]
    raw, *flacs = reader.read_members(shard, spans, key)
    try:
        record = json.loads(raw)
    except ValueError as error:
        raise InputError(
            f"{where}: the JSON of sample '{key}' is damaged ({error}); look with `cryfish verify`"
        ) from error
    sample = sample_from_json(key, record, where)
    return ShardSample(key, sample.clips, sample.instructions, flacs)
