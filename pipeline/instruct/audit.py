"""A look at a set of instructions before anyone trains on it: how many, how balanced, how varied, how long."""

from __future__ import annotations

import heapq
import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...shards.sample import Instruction
from .audit_page import page
from .draws import rank
from .jsonl import read_instructions

EXAMPLES = 10
LABELS_SHOWN = 50
BINS = 10

_YES_NO = re.compile(
    r"(yes|no|ja|nein|sí|si|oui|non|да|нет|是的?|不是)\s*([,.;:!，。；：！]|$)", re.IGNORECASE
)


@dataclass(frozen=True)
class Lengths:
    """Of texts, in characters."""

    shortest: int
    median: float
    mean: float
    longest: int


@dataclass(frozen=True)
class TaskAudit:
    """One task of one origin (`template` or `generated`).

    `labels` are the most frequent labels (bins, for numbers; nothing for texts); `label_count` is the number of
    all, `entropy` in bits. `best_constant` is what an answer that never changes scores, `chance` is 1 / `label_count`.
    `binary_share` is the share of answers that are yes or no, or begin with it. `repeated_questions` is the share of
    questions whose text occurred before, as templates' do; `duplicates` are those asked of the same clips too.
    """

    task: str
    origin: str
    count: int
    clips: int
    languages: dict[str, int]
    labels: dict[str, int]
    label_count: int
    entropy: float | None
    best_constant: float | None
    chance: float | None
    binary_share: float
    repeated_questions: float
    duplicates: int
    question_lengths: Lengths
    answer_lengths: Lengths
    examples: list[dict[str, Any]]


@dataclass(frozen=True)
class AuditReport:
    """What a set of instructions holds, by origin and task."""

    files: list[str]
    count: int
    clips: int
    tasks: list[TaskAudit]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        """A table for the terminal."""
        heads = [
            "task",
            "origin",
            "number",
            "clips",
            "labels",
            "best constant",
            "chance",
            "yes/no",
            "duplicates",
        ]
        rows = [
            [
                task.task,
                task.origin,
                str(task.count),
                str(task.clips),
                str(task.label_count or ""),
                "" if task.best_constant is None else f"{task.best_constant:.1%}",
                "" if task.chance is None else f"{task.chance:.1%}",
                f"{task.binary_share:.1%}",
                str(task.duplicates),
            ]
            for task in self.tasks
        ]
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (heads, *rows)
        )
        return "\n".join((f"{self.count} instructions about {self.clips} clips", *lines))

    def to_html(self) -> str:
        """A page that needs nothing but itself."""
        return page(self.to_json())


def audit(paths: Iterable[Path], seed: int = 0) -> AuditReport:
    """Reads instructions, once and line by line; of each about 40 bytes stay in memory.

    The examples are drawn by (seed, id); they and all numbers are the same in whatever order the lines come.

    Raises:
        InputError: a file is missing or malformed; names the file and the line.
    """
    paths = list(paths)
    tallies: dict[tuple[str, str], _Tally] = {}
    for path in paths:
        for instruction in read_instructions(path):
            key = (instruction.origin, instruction.task)
            tally = tallies.get(key)
            if tally is None:
                tally = tallies[key] = _Tally(seed)
            tally.add(instruction)
    return AuditReport(
        files=[path.name for path in paths],
        count=sum(len(tally.asked) for tally in tallies.values()),
        clips=_distinct(*(tally.clips for tally in tallies.values())),
        tasks=[
            tallies[origin, task].audit(origin, task) for origin, task in sorted(tallies, key=_template_first)
        ],
    )


def _template_first(key: tuple[str, str]) -> tuple[bool, str]:
    return key[0] != "template", key[1]


def _numbers() -> array[int]:
    return array("Q")


@dataclass
class _Tally:
    """What is noted of the instructions of one task and origin; hashes stand for texts."""

    seed: int
    clips: array[int] = field(default_factory=_numbers)
    questions: array[int] = field(default_factory=_numbers)
    asked: array[int] = field(default_factory=_numbers)
    question_lengths: array[int] = field(default_factory=_numbers)
    answer_lengths: array[int] = field(default_factory=_numbers)
    values: array[float] = field(default_factory=lambda: array("d"))
    languages: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    binary: int = 0
    examples: list[tuple[int, str, Instruction]] = field(default_factory=list)

    def add(self, item: Instruction) -> None:
        for clip in item.clips:
            self.clips.append(rank(clip))
        self.questions.append(rank(item.question))
        self.asked.append(rank(item.question, *item.clips))
        self.question_lengths.append(len(item.question))
        self.answer_lengths.append(len(item.answer))
        self.languages[item.language] += 1
        self.binary += _YES_NO.match(item.answer) is not None
        if item.kind == "number" and (value := _finite(item.label)) is not None:
            self.values.append(value)
        elif item.kind in ("label", "list"):
            self.labels[item.label] += 1
        entry = (-rank(self.seed, item.id), item.id, item)
        if len(self.examples) < EXAMPLES:
            heapq.heappush(self.examples, entry)
        elif entry[:2] > self.examples[0][:2]:
            heapq.heapreplace(self.examples, entry)

    def audit(self, origin: str, task: str) -> TaskAudit:
        count = len(self.asked)
        shares = [number / self.labels.total() for number in sorted(self.labels.values(), reverse=True)]
        shown = sorted(self.labels.items(), key=lambda item: (-item[1], item[0]))[:LABELS_SHOWN]
        return TaskAudit(
            task=task,
            origin=origin,
            count=count,
            clips=_distinct(self.clips),
            languages=dict(sorted(self.languages.items(), key=lambda item: (-item[1], item[0]))),
            labels=dict(shown) if shown else self._bins(),
            label_count=len(shares),
            entropy=-sum(share * math.log2(share) for share in shares) + 0.0 if shares else None,
            best_constant=shares[0] if shares else None,
            chance=1 / len(shares) if shares else None,
            binary_share=self.binary / count,
            repeated_questions=1 - _distinct(self.questions) / count,
            duplicates=count - _distinct(self.asked),
            question_lengths=_lengths(self.question_lengths),
            answer_lengths=_lengths(self.answer_lengths),
            examples=[
                item.to_json() for _, _, item in sorted(self.examples, key=lambda e: e[:2], reverse=True)
            ],
        )

    def _bins(self) -> dict[str, int]:
        """The numbers in bins of equal width, in order."""
        if not self.values:
            return {}
        counts, edges = np.histogram(np.frombuffer(self.values, dtype=np.float64), bins=BINS)
        return {
            f"{low:.4g} to {high:.4g}": int(count)
            for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
        }


def _finite(label: str) -> float | None:
    try:
        value = float(label)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _distinct(*hashes: array[int]) -> int:
    return (
        len(np.unique(np.concatenate([np.frombuffer(one, dtype=np.uint64) for one in hashes])))
        if hashes
        else 0
    )


def _lengths(numbers: array[int]) -> Lengths:
    lengths = np.frombuffer(numbers, dtype=np.uint64)
    return Lengths(
        int(lengths.min()), float(np.median(lengths)), round(float(lengths.mean()), 2), int(lengths.max())
    )
