"""Checks shards on disk against their indexes, and mends what can be mended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from typing import BinaryIO

from ..errors import InputError
from .audio import SAMPLE_RATE, decode_flac
from .index_file import INDEX_SUFFIX, IndexHeader, Span, broken_index, index_lines, index_name, index_path
from .sample import sample_from_json
from .tar import TarSample, walk_samples
from .writer import SECONDS_TOLERANCE, EncodedSample, ShardSummary, write_index, write_shard


@dataclass
class Report:
    """What `verify` saw; `problems` has one sentence each and is empty when all is well."""

    shards: int = 0
    samples: int = 0
    examples: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        return (
            f"{self.shards} shards, {self.samples} samples, {self.examples} examples, "
            f"{self.seconds / 3600:.2f} hours, {len(self.problems)} problems"
        )


def verify(folder: Path) -> Report:
    """Reads every byte of every shard of a local folder: tar, index, JSON, and audio down to its MD5.

    Raises:
        InputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give the folder of shards to verify")
    report = Report()
    tars = sorted(folder.glob("*.tar"))
    if not tars:
        report.problems.append(f"{folder}: no shards (*.tar) here; write some with `cryfish shard`")
    for tar in tars:
        report.shards += 1
        lines = []
        for whole in _whole_samples(tar, report.problems):
            report.samples += 1
            report.examples += len(whole.lines)
            report.seconds += whole.seconds
            lines.append(whole.lines)
        report.problems.extend(_index_problems(tar, lines))
    indexed = {index_name(tar.name) for tar in tars}
    for index in sorted(folder.glob(f"*{INDEX_SUFFIX}")):
        if index.name not in indexed:
            report.problems.append(f"{index}: an index without its tar; run `cryfish shard` again")
    for leftover in sorted(folder.glob(".*.tmp")):
        report.problems.append(
            f"{leftover}: a writer is at work or was stopped; run it again, or delete the file"
        )
    return report


def rebuild_index(tar: Path) -> Path:
    """Writes a new index beside a sound tar, in place of a missing or wrong one; returns its path.

    Raises:
        InputError: the tar itself is missing or damaged (names the first problem), or the folder can't be written.
    """
    problems: list[str] = []
    lines = [whole.lines for whole in _whole_samples(tar, problems)]
    if problems:
        raise InputError(
            f"{problems[0]}; save what is whole into a new shard with `cryfish verify --salvage`"
        )
    return write_index(tar, _header(tar, lines), chain.from_iterable(lines))


def salvage(tar: Path, new_tar: Path) -> tuple[ShardSummary, list[str]]:
    """Writes the samples of a damaged tar that are whole and decode into a new shard, with its index.

    Returns:
        What was written, and one sentence for each thing that was lost.

    Raises:
        InputError: nothing is whole, `new_tar` exists already, or it can't be written.
    """
    if new_tar.exists():
        raise InputError(f"{new_tar}: exists already; give a new name for what is salvaged")
    problems: list[str] = []
    samples = _whole_samples(tar, problems)
    first = next(samples, None)
    if first is None:
        raise InputError(f"{tar}: no sample is whole ({problems[0] if problems else 'the tar is empty'})")
    summary = write_shard(new_tar, (whole.encoded for whole in chain([first], samples)))
    return summary, problems


@dataclass(frozen=True)
class _Whole:
    """A sample that is all right, and its lines in the index."""

    encoded: EncodedSample
    lines: list[str]
    seconds: float


def _whole_samples(tar: Path, problems: list[str]) -> Iterator[_Whole]:
    """Samples that decode and agree with their JSON; what is wrong with the others is added to `problems`."""
    if not tar.is_file():
        raise InputError(f"{tar}: no such shard")
    clips = 0
    with tar.open("rb") as file:
        for found in walk_samples(tar, problems):
            try:
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


def _checked(file: BinaryIO, found: TarSample, where: str) -> _Whole:
    record = json.loads(_bytes(file, found.json), parse_constant=_no_constant)
    if not isinstance(record, dict):
        raise ValueError("its JSON is not an object")
    sample = sample_from_json(found.key, record, where)
    if len(sample.clips) != len(found.clips):
        raise ValueError(f"{len(found.clips)} FLAC members for {len(sample.clips)} clips")
    flac = [_bytes(file, span) for span in found.clips]
    frames = [len(decode_flac(data, check_md5=True)) for data in flac]
    for clip, count in zip(sample.clips, frames, strict=True):
        if not abs(count / SAMPLE_RATE - clip.seconds) <= SECONDS_TOLERANCE:
            raise ValueError(
                f"clip '{clip.id}' has {count / SAMPLE_RATE:.4f} s of audio, stated as {clip.seconds} s"
            )
    lines = list(index_lines(sample, found.json, list(zip(found.clips, frames, strict=True))))
    return _Whole(EncodedSample(sample, tuple(flac)), lines, sum(frames) / SAMPLE_RATE)


def _bytes(file: BinaryIO, span: Span) -> bytes:
    file.seek(span.offset)
    return file.read(span.size)


def _no_constant(name: str) -> float:
    raise ValueError(f"its JSON holds {name}, which is not JSON")


def _header(tar: Path, lines: list[list[str]]) -> IndexHeader:
    return IndexHeader(tar.name, tar.stat().st_size, len(lines), sum(map(len, lines)))


def _index_problems(tar: Path, lines: list[list[str]]) -> Iterator[str]:
    """Compares the index with what it ought to be; says only the first difference."""
    path = index_path(tar)
    if not path.is_file():
        yield f"{tar}: no index ({path.name}) beside it; make one with `cryfish verify --rebuild`"
        return
    expected = [_header(tar, lines).to_line(), *chain.from_iterable(lines)]
    try:
        found = path.read_text(encoding="utf-8").split("\n")
        for number, (line, wanted) in enumerate(zip_longest(found[:-1], expected), start=1):
            if line is None or wanted is None:
                yield str(broken_index(str(path), f"{len(found) - 1} lines, {len(expected)} fit the tar"))
                return
            if json.loads(line) != json.loads(wanted):
                yield str(broken_index(str(path), f"line {number} doesn't agree with the tar"))
                return
    except (ValueError, RecursionError):
        yield str(broken_index(str(path), "it is not lines of JSON"))
