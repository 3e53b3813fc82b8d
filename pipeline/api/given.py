"""What goes into the functions and comes out of them: paths, or what an earlier one returned."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...files import read_jsonl
from ...local_path import local_path

if TYPE_CHECKING:
    from lhotse.cut import Cut

    from ...shards import Instruction

Place = str | os.PathLike[str]


@dataclass(frozen=True)
class Cuts:
    """Cut manifests that were written, and what was counted. Iterated, it reads the cuts (lhotse's) one by one."""

    manifests: tuple[Path, ...]
    counts: Mapping[str, Any]

    def __iter__(self) -> Iterator[Cut]:
        from ..audio.manifests import read_cuts

        for manifest in self.manifests:
            yield from read_cuts(manifest)


@dataclass(frozen=True)
class Written:
    """A file or a folder that was written, and what was counted; it goes wherever a path does."""

    path: Path
    counts: Mapping[str, Any]

    def __fspath__(self) -> str:
        return str(self.path)


class Instructions(Written):
    """A file of instructions. Iterated, it reads them one by one."""

    def __iter__(self) -> Iterator[Instruction]:
        from ..instruct.jsonl import read_instructions

        return read_instructions(self.path)


class Candidates(Written):
    """A file of an LLM's candidates. Iterated, it reads its records one by one."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return read_jsonl(self.path)


@dataclass(frozen=True)
class Filtered:
    """Candidates that were kept and dropped, these with their reasons, and the instructions that the kept ones are."""

    kept: Candidates
    dropped: Candidates
    instructions: Instructions | None
    counts: Mapping[str, int]


SomeCuts = Cuts | Place | Iterable[Cuts | Place]
"""Results, manifests, or folders that hold some."""
Places = Place | Iterable[Place]
"""Results, files or folders; of shards also addresses such as `s3://bucket/shards`."""


def path_of(place: Place, where: str) -> Path:
    """A path of this machine. Raises InputError for an address."""
    return local_path(Path(place) if not isinstance(place, str) else place, where)


def optional_path(place: Place | None, where: str) -> Path | None:
    return None if place is None else path_of(place, where)


def listed(given: Any) -> list[Any]:
    """What may be one or several, as several."""
    return [given] if isinstance(given, str | os.PathLike | Cuts) else list(given)


def names_of(places: Places) -> list[str]:
    """Files, folders and addresses as they are written."""
    return [os.fspath(place) for place in listed(places)]


def manifests_of(cuts: SomeCuts) -> list[Path]:
    """The manifests of results, folders and files."""
    from ..audio.manifests import find_manifests

    def manifests(item: Cuts | Place) -> Sequence[Path]:
        if isinstance(item, Cuts):
            return item.manifests
        path = path_of(item, "MANIFEST")
        return find_manifests(path) if path.is_dir() else [path]

    return [path for item in listed(cuts) for path in manifests(item)]
