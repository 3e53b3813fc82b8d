"""What an audit finds, as data and as a table for the terminal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .page import page
from .question_only import QuestionOnly


@dataclass(frozen=True)
class Lengths:
    """Of texts, in characters. `bins` are rows of (from, to, how many), both ends included."""

    shortest: int
    median: float
    mean: float
    longest: int
    bins: list[tuple[int, int, int]]


@dataclass(frozen=True)
class Figures:
    """Of some instructions: those of a task, or of one corpus among them.

    `labels` are the most frequent labels (for numbers the bins, in order; nothing for texts), `label_count` the number
    of all. What follows is about them; for texts it is about the answers without what a template words around them,
    and `chance` is None:
    `entropy` in bits; `best_constant`, what `best_answer` given each time would score; `chance`, what guessing in
    proportion scores: the sum of the squared shares, which is 1 / `label_count` in perfect balance and, unlike it,
    isn't pulled down by a few rare labels. More than one half it never is: a task has two sides.

    `binary_share` is the share of questions that are yes/no or either-or in meaning; `leak_share`, of those that give
    a fact away (a template's: the one that is asked), None where the facts aren't known; `question_only`, of those
    that are answered rightly without hearing. These are found out on a sample, of which `leaks_judged` told about
    leaks; the binary ones among generated questions are counted. `duplicate_share`: the same question about the same
    clips again, but for case and punctuation. `repeated_questions`: the same before, about whatever clips.
    """

    count: int
    clips: int
    languages: dict[str, int]
    labels: dict[str, int]
    label_count: int
    entropy: float
    best_answer: str
    best_constant: float
    chance: float | None
    binary_share: float | None
    leak_share: float | None
    question_only: float | None
    leaks_judged: int
    duplicate_share: float
    repeated_questions: float
    question_lengths: Lengths
    answer_lengths: Lengths


@dataclass(frozen=True)
class TaskAudit(Figures):
    """One task of one origin (`template` or `generated`), all corpora together; and each of them."""

    task: str
    origin: str
    guess: QuestionOnly | None
    corpora: dict[str, Figures]
    examples: list[dict[str, Any]]

    @property
    def leaks(self) -> int:
        return round((self.leak_share or 0) * self.leaks_judged)


@dataclass(frozen=True)
class AuditReport:
    """What a set of instructions holds, by origin and task. `violations` says what is beyond `thresholds`."""

    files: list[str]
    count: int
    clips: int
    tasks: list[TaskAudit]
    thresholds: dict[str, float | None]
    violations: list[str]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def to_html(self) -> str:
        """A page that needs nothing but itself."""
        return page(self.to_json())

    def __str__(self) -> str:
        """A table for the terminal."""
        heads = ["task", "origin", "number", "clips", "corpora", "answers", "best constant", "chance"]
        heads += ["question only", "baseline", "binary", "leaks", "duplicates"]
        rows = [
            [
                task.task,
                task.origin,
                str(task.count),
                str(task.clips),
                str(len(task.corpora)),
                str(task.label_count),
                percent(task.best_constant),
                percent(task.chance),
                percent(task.question_only),
                percent(task.guess.baseline if task.guess else None),
                percent(task.binary_share),
                percent(task.leak_share),
                percent(task.duplicate_share),
            ]
            for task in self.tasks
        ]
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (heads, *rows)
        )
        return "\n".join((f"{self.count:,} instructions about {self.clips:,} clips", *lines))


def percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
