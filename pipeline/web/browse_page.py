"""What a page of `cryfish browse` shows: samples in index order, filtered by index, searched while being read."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from ...constants import SAMPLE_RATE
from ...errors import InputError
from ...shards import Index, Instruction, Sample, sample_from_json, select
from ...shards.index import ORIGINS
from ...shards.reader import ShardReader

PAGE = 20
Named = list[tuple[str, str]]


@dataclass(frozen=True)
class BrowseFilters:
    """What to show. Source, task and origin are looked up in the index; corpus and text need the samples' JSON."""

    source: str = ""
    task: str = ""
    origin: str = ""
    corpus: str = ""
    text: str = ""

    @property
    def searching(self) -> bool:
        return bool(self.corpus or self.text)

    @property
    def any(self) -> bool:
        return any(vars(self).values())

    def fits(self, instruction: Instruction) -> bool:
        return (not self.task or instruction.task == self.task) and (
            not self.origin or instruction.origin == self.origin
        )


@dataclass(frozen=True)
class TaskTotals:
    name: str
    template: int
    generated: int
    samples: int
    hours: float


@dataclass(frozen=True)
class Totals:
    samples: int
    instructions: int
    hours: float
    shards: int
    tasks: list[TaskTotals]


@dataclass(frozen=True)
class ShownClip:
    """`facts` are names and values as text; a sample whose JSON can't be read still has its audio."""

    seconds: float
    id: str
    corpus: str
    facts: Named


@dataclass(frozen=True)
class ShownInstruction:
    """`fits` tells whether it is one that the filters ask for; its sample's others are shown too."""

    task: str
    kind: str
    language: str
    origin: str
    question: str
    answer: str
    label: str
    id: str
    provenance: Named
    fits: bool


@dataclass(frozen=True)
class Shown:
    """One sample; `number` is its place in the index."""

    number: int
    key: str
    location: str
    where: str
    clips: list[ShownClip]
    instructions: list[ShownInstruction]
    problem: str = ""


@dataclass(frozen=True)
class Page:
    """Samples found from `start` up to `stop` (exclusive) of the `total` that the index lets through."""

    shown: list[Shown]
    start: int
    stop: int
    total: int
    previous: int | None

    @property
    def last(self) -> int:
        return max(0, (self.total - 1) // PAGE * PAGE)


class SampleBrowser:
    """The samples of an index. Thread-safe: each request reads through a reader of its own.

    Args:
        index: the whole index of some folders, not a selection.
        search_seconds: how long one search may read; the user may then search on from where it stopped.
    """

    def __init__(self, index: Index, search_seconds: float = 2.0) -> None:
        self.index = index
        self.search_seconds = search_seconds
        self.rows = np.flatnonzero(np.diff(index.sample, prepend=-1))  # the first row of each sample
        folders = [shard.location.rsplit("/", 1)[0] for shard in index.shards]
        self.sources = _short_names(list(dict.fromkeys(folders)))
        self._source_of_shard = [self.sources[folder] for folder in folders]
        self.totals = _totals(index)

    def page(self, filters: BrowseFilters, start: int = 0) -> Page:
        """The page that begins at the `start`-th sample the index lets through.

        Raises:
            InputError: no such source, task or origin.
        """
        chosen = self._chosen(filters)
        start = min(max(start, 0), max(0, len(chosen) - 1))
        shown: list[Shown] = []
        stop = start
        deadline = time.monotonic() + self.search_seconds
        with ShardReader(self.index.shards) as reader:
            for number in chosen[start:]:
                stop += 1
                try:
                    sample = self._read(reader, int(number))
                except InputError as error:
                    # Also in a search: a broken sample may be the one that is looked for.
                    shown.append(self._show_broken(int(number), str(error)))
                else:
                    if not filters.searching or _matches(sample, filters):
                        shown.append(self._show(int(number), sample, filters))
                if len(shown) == PAGE or (filters.searching and time.monotonic() > deadline):
                    break
        previous = None if filters.searching or start == 0 else max(0, start - PAGE)
        return Page(shown, start, stop, len(chosen), previous)

    def _chosen(self, filters: BrowseFilters) -> np.ndarray:
        """The numbers of the samples with an instruction that fits, in index order."""
        index = self.index
        if filters.task or filters.origin:
            index = select(index, [filters.task] if filters.task else None, filters.origin or None)
        samples = _distinct(index.sample)
        if filters.source:
            if filters.source not in self.sources.values():
                raise InputError(
                    f"no shards are called '{filters.source}'; there are {', '.join(self.sources.values())}"
                )
            here = np.array([source == filters.source for source in self._source_of_shard])
            samples = samples[here[index.shard[samples]]]
        return samples

    def _read(self, reader: ShardReader, number: int) -> Sample:
        row = int(self.rows[number])
        shard, key = int(self.index.shard[number]), self.index.key(row)
        where = f"{self.index.shards[shard].location}: '{key}'"
        [member] = reader.read_members(shard, [self.index.json_span(row)], key)
        try:
            record = json.loads(member)
            if not isinstance(record, dict):
                raise ValueError("its JSON is not an object")
            return sample_from_json(key, record, where)
        except (ValueError, OverflowError, RecursionError) as error:
            raise InputError(f"{where} is damaged: {error}; look with `cryfish verify`") from error

    def _show(self, number: int, sample: Sample, filters: BrowseFilters) -> Shown:
        shown = self._show_broken(number, "")
        if len(sample.clips) != len(shown.clips):
            return self._show_broken(
                number, f"{len(shown.clips)} FLAC members, but its JSON tells of {len(sample.clips)} clips"
            )
        return Shown(
            number,
            shown.key,
            shown.location,
            shown.where,
            clips=[
                ShownClip(audio.seconds, clip.id, clip.corpus, _named(clip.facts))
                for audio, clip in zip(shown.clips, sample.clips, strict=True)
            ],
            instructions=[
                ShownInstruction(
                    task=instruction.task,
                    kind=instruction.kind,
                    language=instruction.language,
                    origin=instruction.origin,
                    question=instruction.question,
                    answer=instruction.answer,
                    label=instruction.label,
                    id=instruction.id,
                    provenance=_named(instruction.provenance),
                    fits=filters.fits(instruction),
                )
                for instruction in sample.instructions
            ],
        )

    def _show_broken(self, number: int, problem: str) -> Shown:
        """What the index alone tells."""
        row, shard = int(self.rows[number]), int(self.index.shard[number])
        location = self.index.shards[shard].location
        return Shown(
            number,
            self.index.key(row),
            location,
            f"{self._source_of_shard[shard]}/{location.rsplit('/', 1)[1]}",
            [ShownClip(frames / SAMPLE_RATE, "", "", []) for _, frames in self.index.clip_spans(row)],
            [],
            problem,
        )


def _matches(sample: Sample, filters: BrowseFilters) -> bool:
    if filters.corpus and all(clip.corpus != filters.corpus for clip in sample.clips):
        return False
    wanted = filters.text.casefold()
    return any(wanted in text.casefold() for text in _texts(sample, filters))


def _texts(sample: Sample, filters: BrowseFilters) -> Iterator[str]:
    """Everything that can be searched; with its name where it has one, so that `gender: male` finds no `female`."""
    yield sample.key
    for clip in sample.clips:
        yield clip.id
        yield f"corpus: {clip.corpus}"
        yield from (f"{name}: {value}" for name, value in _named(clip.facts))
    for instruction in sample.instructions:
        if filters.fits(instruction):
            yield f"id: {instruction.id}"
            yield f"question: {instruction.question}"
            yield f"answer: {instruction.answer}"
            yield f"label: {instruction.label}"
            yield from (f"{name}: {value}" for name, value in _named(instruction.provenance))


def _named(values: Mapping[str, Any]) -> Named:
    return [(str(name), _text(value)) for name, value in values.items()]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _short_names(folders: list[str]) -> dict[str, str]:
    """For each folder the shortest end of its path that no other folder shares: `train`, or `first/train`."""
    names = {}
    for folder in folders:
        parts = PurePosixPath(folder).parts
        ends = ["/".join(parts[-length:]) for length in range(1, len(parts) + 1)]
        others = [other for other in folders if other != folder]
        names[folder] = next(
            (end for end in ends if not any(f"/{other}".endswith(f"/{end}") for other in others)), folder
        )
    return names


def _distinct(samples: np.ndarray) -> np.ndarray:
    """`np.unique` of numbers that already rise, as an index's do: no sorting of millions."""
    return np.asarray(samples[np.diff(samples, prepend=-1) != 0])


def _totals(index: Index) -> Totals:
    ends = np.concatenate([[0], np.cumsum(index.clip_frames)])
    hours = (ends[index.clip_start[1:]] - ends[index.clip_start[:-1]]) / SAMPLE_RATE / 3600
    kinds = index.task.astype(np.int64) * len(ORIGINS) + index.origin
    counts = np.bincount(kinds, minlength=len(index.tasks) * len(ORIGINS)).reshape(-1, len(ORIGINS))
    tasks = []
    for number, name in enumerate(index.tasks):
        samples = _distinct(index.sample[index.task == number])
        by_origin = dict(zip(ORIGINS, counts[number].tolist(), strict=True))
        tasks.append(
            TaskTotals(
                name, by_origin["template"], by_origin["generated"], len(samples), float(hours[samples].sum())
            )
        )
    return Totals(len(index.shard), len(index), float(hours.sum()), len(index.shards), tasks)
