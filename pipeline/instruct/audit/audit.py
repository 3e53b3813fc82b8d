"""A look at a set of instructions before anyone trains on it: what would it teach without listening?"""

from __future__ import annotations

import bisect
import heapq
import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ....seeding import rank
from ....shards.sample import Instruction
from ..filters import Candidate, is_binary
from ..filters.leak import leak
from ..sources import SourcedInstruction, find_sources, read_found
from ..tasks.tasks import TASKS
from .question_only import LabelledQuestion, QuestionOnly, listed_options, question_only
from .report import AuditReport, Figures, Lengths, TaskAudit
from .thresholds import Thresholds, violations

__all__ = ["AuditReport", "audit"]

SAMPLE = 2000
"""Instructions of a task that the classifier and the filters look at: an error of 2 points."""
EXAMPLES = 20
LABELS_SHOWN = 50
LENGTH_BINS = 20

_Order = tuple[int, str, str, int]
"""The negative rank, then what decides between equal ones."""
T = TypeVar("T")

_ASIDE = re.compile(r"[\W_]+")


def audit(paths: Iterable[Path], seed: int = 0, thresholds: Thresholds | None = None) -> AuditReport:
    """Reads instructions, once and line by line; of each about 50 bytes stay in memory.

    `paths` are files of instructions, what a filter kept, folders of shards, or folders that hold such files. What is
    sampled is drawn by (seed, id); the sample and all numbers are the same in whatever order the lines come.

    Raises:
        InputError: a file is missing or malformed; names the file and the line.
    """
    allowed = thresholds or Thresholds()
    sources = find_sources(paths)
    gathered: dict[tuple[str, str], _Task] = {}
    for source in sources:
        for found in read_found(source):
            key = (found.instruction.origin, found.instruction.task)
            task = gathered.get(key)
            if task is None:
                task = gathered[key] = _Task(*key, seed)
            task.add(found)
    clips = _distinct([tally.clips for task in gathered.values() for tally in task.corpora.values()])
    tasks = [gathered.pop(key).audit() for key in sorted(gathered, key=_template_first)]
    return AuditReport(
        files=[source.name for source in sources],
        count=sum(task.count for task in tasks),
        clips=clips,
        tasks=tasks,
        thresholds=asdict(allowed),
        violations=violations(tasks, allowed),
    )


def _template_first(key: tuple[str, str]) -> tuple[bool, str]:
    return key[0] != "template", key[1]


class _Sampled(NamedTuple):
    """What the sample keeps of an instruction: little, as there are many tasks."""

    id: str
    corpus: str
    kind: str
    question: str
    answer: str
    label: str
    clips: tuple[int, ...]
    template: str
    facts: dict[str, Any] | None


class _Judged(NamedTuple):
    """What was found out about one of the sample. None: it can't be told."""

    corpus: str
    binary: bool
    leaks: bool | None
    right: bool | None


def _numbers() -> array[int]:
    return array("Q")


@dataclass
class _Tally:
    """What is noted of the instructions of one task, origin and corpus; hashes stand for texts."""

    clips: array[int] = field(default_factory=_numbers)
    questions: array[int] = field(default_factory=_numbers)
    asked: array[int] = field(default_factory=_numbers)
    answers: array[int] = field(default_factory=_numbers)
    values: array[float] = field(default_factory=lambda: array("d"))
    labels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    question_lengths: Counter[int] = field(default_factory=Counter)
    answer_lengths: Counter[int] = field(default_factory=Counter)
    binary: int = 0

    def add(self, item: Instruction, clips: Sequence[int]) -> None:
        question = rank(_essence(item.question))
        self.clips.extend(clips)
        self.questions.append(question)
        self.asked.append(rank(question, *clips))
        self.question_lengths[len(item.question)] += 1
        self.answer_lengths[len(item.answer)] += 1
        self.languages[item.language] += 1
        if item.kind == "label":
            self.labels[item.label] += 1
        elif item.kind == "number" and (value := _finite(item.label)) is not None:
            self.values.append(value)
        else:
            # The bare text, where there is one: many wordings around one transcript are one answer.
            self.answers.append(rank(_essence(item.label or item.answer)))

    @property
    def mostly_texts(self) -> bool:
        return len(self.answers) >= max(len(self.values), self.labels.total())

    @staticmethod
    def merged(tallies: Sequence[_Tally]) -> _Tally:
        whole = _Tally()
        for tally in tallies:
            for name in ("clips", "questions", "asked", "answers", "values"):
                getattr(whole, name).extend(getattr(tally, name))
            for name in ("labels", "languages", "question_lengths", "answer_lengths"):
                getattr(whole, name).update(getattr(tally, name))
            whole.binary += tally.binary
        return whole


@dataclass
class _Task:
    """All of one task and origin, by corpus, with a sample of them and a few examples."""

    origin: str
    task: str
    seed: int
    corpora: dict[str, _Tally] = field(default_factory=dict)
    sample: list[tuple[_Order, _Sampled]] = field(default_factory=list)
    examples: list[tuple[_Order, Instruction]] = field(default_factory=list)
    kept: int = 0

    def add(self, found: SourcedInstruction) -> None:
        item = found.instruction
        tally = self.corpora.get(found.corpus)
        if tally is None:
            tally = self.corpora[found.corpus] = _Tally()
        clips = tuple([rank(clip) for clip in item.clips])
        tally.add(item, clips)
        if self.origin == "generated":
            tally.binary += is_binary(item.question) if found.binary is None else found.binary
        order = rank(self.seed, item.id)
        if len(self.sample) < SAMPLE or -order >= self.sample[0][0][0]:
            self.kept += 1
            # The last part alone tells apart what is the same in all that it asks.
            place = (-order, item.id, f"{item.question}\n{item.answer}\n{item.clips}", self.kept)
            template = str(item.provenance.get("template", ""))
            facts = dict(found.facts) if found.facts is not None else None
            kept = _Sampled(
                item.id,
                found.corpus,
                item.kind,
                item.question,
                item.answer,
                item.label,
                clips,
                template,
                facts,
            )
            _keep(self.sample, SAMPLE, place, kept)
            _keep(self.examples, EXAMPLES, place, item)

    def audit(self) -> TaskAudit:
        edges = self._edges()
        sample = _in_order(self.sample)
        judged, guess = self._judge(sample, edges)
        answers = {
            rank(_essence(text)): text for kept in reversed(sample) if (text := kept.label or kept.answer)
        }
        whole = self._figures(_Tally.merged(list(self.corpora.values())), judged, edges, answers)
        by_corpus = {
            corpus: self._figures(
                self.corpora[corpus], [one for one in judged if one.corpus == corpus], edges, answers
            )
            for corpus in sorted(self.corpora, key=lambda name: (-len(self.corpora[name].asked), name))
        }
        return TaskAudit(
            **vars(whole),
            task=self.task,
            origin=self.origin,
            guess=guess,
            corpora=by_corpus,
            examples=[item.to_json() for item in _in_order(self.examples)],
        )

    def _edges(self) -> list[float]:
        """Between which numbers are told apart: the task's bins, else the quintiles."""
        task = TASKS.all().get(self.task)
        if task is not None and task.bins:
            return list(task.bins)
        values = [value for tally in self.corpora.values() for value in tally.values]
        return sorted(set(np.quantile(values, (0.2, 0.4, 0.6, 0.8)).tolist())) if values else []

    def _judge(
        self, sample: Sequence[_Sampled], edges: Sequence[float]
    ) -> tuple[list[_Judged], QuestionOnly | None]:
        listed = [listed_options(self.task, kept.template, kept.question) for kept in sample]
        asked = [
            LabelledQuestion(
                kept.question,
                kept.label if kept.kind == "label" else _bin(float(kept.label), edges),
                kept.clips,
                options[2] if options else None,
            )
            for kept, options in zip(sample, listed, strict=True)
            if kept.kind == "label" or (kept.kind == "number" and _finite(kept.label) is not None)
        ]
        guessed = question_only(asked) if len(asked) == len(sample) else None
        guess, right = guessed if guessed else (None, [None] * len(sample))
        known: dict[tuple[str, str], bool | None] = {}
        judged = []
        for kept, options, hit in zip(sample, listed, right, strict=True):
            key = (kept.question, kept.id if kept.facts else kept.label)
            if key not in known:
                known[key] = self._leaks(kept, options)
            judged.append(_Judged(kept.corpus, is_binary(kept.question), known[key], hit))
        return judged, guess

    def _leaks(self, kept: _Sampled, options: tuple[int, int, int] | None) -> bool | None:
        """Whether the question gives a fact away.

        Of a template's, the fact that is asked is known: the label. Where it stands among options it isn't given away.
        """
        facts, question = kept.facts, kept.question
        task = TASKS.all().get(self.task)
        if facts is None and self.origin == "template" and task and task.facts and task.clips == 1:
            facts = {task.facts[0]: kept.label.split(", ") if kept.kind == "list" else kept.label}
            if options:
                question = question[: options[0]] + question[options[1] :]
        return None if facts is None else not leak(Candidate(question, kept.answer, facts)).keep

    def _figures(
        self, tally: _Tally, judged: Sequence[_Judged], edges: Sequence[float], answers: dict[int, str]
    ) -> Figures:
        count = len(tally.asked)
        labels, counts, best = _distribution(tally, edges, answers)
        shares = np.asarray(counts) / max(sum(counts), 1)
        chance = None if tally.mostly_texts else min(0.5, float(np.square(shares).sum()))
        return Figures(
            count=count,
            clips=_distinct([tally.clips]),
            languages=dict(sorted(tally.languages.items(), key=lambda item: (-item[1], item[0]))),
            labels=labels,
            label_count=len(counts),
            entropy=float(-(shares * np.log2(shares)).sum()) + 0.0,
            best_answer=best,
            best_constant=float(shares.max()),
            chance=chance,
            binary_share=tally.binary / count
            if self.origin == "generated"
            else _share([one.binary for one in judged]),
            leak_share=_share([one.leaks for one in judged]),
            question_only=_share([one.right for one in judged]),
            leaks_judged=sum(one.leaks is not None for one in judged),
            duplicate_share=1 - _distinct([tally.asked]) / count,
            repeated_questions=1 - _distinct([tally.questions]) / count,
            question_lengths=_lengths(tally.question_lengths),
            answer_lengths=_lengths(tally.answer_lengths),
        )


def _distribution(
    tally: _Tally, edges: Sequence[float], answers: dict[int, str]
) -> tuple[dict[str, int], list[int], str]:
    """The labels to show, the counts of all of them (of texts: of the answers), and the most frequent one."""
    if tally.mostly_texts:
        hashes, numbers = np.unique(np.frombuffer(tally.answers, dtype=np.uint64), return_counts=True)
        return {}, numbers.tolist(), answers.get(int(hashes[numbers.argmax()]), "")
    if len(tally.values) > tally.labels.total():
        places = np.searchsorted(edges, np.frombuffer(tally.values), side="right")
        bins = np.bincount(places, minlength=len(edges) + 1)
        shown = {_bin_name(number, edges): int(count) for number, count in enumerate(bins)}
        return shown, [count for count in shown.values() if count], max(shown, key=lambda name: shown[name])
    ordered = sorted(tally.labels.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered[:LABELS_SHOWN]), [count for _, count in ordered], ordered[0][0]


def _keep(heap: list[tuple[_Order, T]], most: int, place: _Order, item: T) -> None:
    """Keeps the items of the lowest ranks."""
    if len(heap) < most:
        heapq.heappush(heap, (place, item))
    elif place > heap[0][0]:
        heapq.heapreplace(heap, (place, item))


def _in_order(heap: list[tuple[_Order, T]]) -> list[T]:
    return [item for _, item in sorted(heap, key=lambda entry: entry[0], reverse=True)]


def _essence(text: str) -> str:
    """A text without what makes it look new: case, punctuation, blanks. A text of those alone stays."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _ASIDE.sub(" ", folded).strip() or folded


def _bin(value: float, edges: Sequence[float]) -> str:
    return _bin_name(bisect.bisect(edges, value), edges)


def _bin_name(number: int, edges: Sequence[float]) -> str:
    if not edges:
        return "any"
    if number == 0:
        return f"below {edges[0]:.4g}"
    if number == len(edges):
        return f"from {edges[-1]:.4g}"
    return f"{edges[number - 1]:.4g} to {edges[number]:.4g}"


def _finite(label: str) -> float | None:
    try:
        value = float(label)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _share(verdicts: Sequence[bool | None]) -> float | None:
    known = [verdict for verdict in verdicts if verdict is not None]
    return sum(known) / len(known) if known else None


def _distinct(hashes: Sequence[array[int]]) -> int:
    if not hashes:
        return 0
    return len(np.unique(np.concatenate([np.frombuffer(one, dtype=np.uint64) for one in hashes])))


def _lengths(counts: Counter[int]) -> Lengths:
    lengths = np.array(sorted(counts))
    numbers = np.array([counts[length] for length in lengths.tolist()])
    below = np.cumsum(numbers)
    total = int(below[-1])
    middle = lengths[np.searchsorted(below, [(total - 1) // 2 + 1, total // 2 + 1])].mean()
    # The longest 1 % share the last bin, so that a few don't make the others one bar.
    top = int(lengths[np.searchsorted(below, 0.99 * total)])
    width = max(1, -(-(top - int(lengths[0]) + 1) // LENGTH_BINS))
    starts = list(range(int(lengths[0]), top + 1, width))
    placed = np.bincount(
        np.minimum((lengths - starts[0]) // width, len(starts) - 1), weights=numbers, minlength=len(starts)
    )
    ends = [*(start - 1 for start in starts[1:]), int(lengths[-1])]
    return Lengths(
        shortest=int(lengths[0]),
        median=float(middle),
        mean=round(float((lengths * numbers).sum() / total), 2),
        longest=int(lengths[-1]),
        bins=[(start, end, int(many)) for start, end, many in zip(starts, ends, placed, strict=True)],
    )
