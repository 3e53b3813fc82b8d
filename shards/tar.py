"""Walks the members of a tar that may be a stranger's, or cut short; nothing is ever extracted to disk."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .index_file import Span
from .sample import KEY_PATTERN

PICKLES = (".pkl", ".pickle", ".pyd", ".pth", ".pt")
_MEMBER = re.compile(rf"({KEY_PATTERN})\.(?:(?:(\d{{1,4}})\.)?flac|json)\Z")
_END = bytes(1024)


@dataclass
class TarSample:
    """The members of one key: `clips` in the order of their numbers, and the place of the JSON."""

    key: str
    clips: list[Span] = field(default_factory=list)
    json: Span = field(default_factory=lambda: Span(0, 0))


def walk_samples(tar: Path, problems: list[str]) -> Iterator[TarSample]:
    """The samples that are whole (clips numbered from 0, then the JSON), in the order of the tar.

    What is wrong with the tar itself is added to `problems`, one sentence each, each naming the tar.
    """
    sample: TarSample | None = None
    seen: set[str] = set()
    for name, span in _walk_members(tar, problems):
        match = _MEMBER.match(name)
        if match is None:
            problems.append(
                f"{tar}: member '{name}' is neither <key>.flac, <key>.<number>.flac nor <key>.json"
            )
            continue
        key, number = match[1], match[2]
        if sample is None or sample.key != key:
            if sample is not None:
                problems.append(f"{tar}: '{sample.key}' has no JSON after its FLAC members")
            sample = TarSample(key)
        if name.endswith(".flac"):
            if int(number or 0) != len(sample.clips) or (number is None and sample.clips):
                problems.append(f"{tar}: member '{name}' is out of order")
                continue
            sample.clips.append(span)
            continue
        whole, sample = sample, None
        whole.json = span
        if not whole.clips:
            problems.append(f"{tar}: '{key}' has no FLAC member")
        elif key in seen:
            problems.append(f"{tar}: key '{key}' comes twice")
        else:
            seen.add(key)
            yield whole
    if sample is not None:
        problems.append(f"{tar}: '{sample.key}', the last sample, is not whole")


def _walk_members(tar: Path, problems: list[str]) -> Iterator[tuple[str, Span]]:
    """Regular members that lie wholly inside the file and have harmless names."""
    size, end = tar.stat().st_size, 0
    with tar.open("rb") as file:
        try:
            with tarfile.open(fileobj=file, mode="r:") as archive:
                while (member := archive.next()) is not None:
                    # tarfile would otherwise remember every member.
                    archive.members = []  # type: ignore[attr-defined]
                    span = Span(member.offset_data, member.size)
                    end = span.offset + (span.size + 511) // 512 * 512
                    if span.offset + span.size > size:
                        problems.append(f"{tar}: the tar is truncated within member '{member.name}'")
                        return
                    if fault := _fault(member):
                        problems.append(f"{tar}: member '{member.name}' {fault}; don't use this shard")
                    else:
                        yield member.name, span
        except (tarfile.TarError, OSError, ValueError, OverflowError) as error:
            problems.append(f"{tar}: not a readable tar after byte {end} ({error})")
            return
        file.seek(end)
        if file.read(len(_END)) != _END:
            problems.append(
                f"{tar}: no end mark after byte {end}: the tar is truncated there, or damaged from there on"
            )


def _fault(member: tarfile.TarInfo) -> str:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or "\\" in member.name:
        return "points outside the folder"
    if not member.isreg():
        return "is a link, a device or a folder"
    if path.name.lower().endswith(PICKLES):
        return "is pickled Python, which can run any code"
    return ""
