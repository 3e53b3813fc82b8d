"""Answers -> scores: each task against its baselines, with the sampling error; does the model hear?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import Any

import pandas as pd

from ...seams import blaming
from .intervals import MIN_CLUSTERS, bootstrap_ratio, paired_difference, wilson_interval
from .metric import BESIDE, METRICS, Answer, metric_for
from .reading import KnownAnswers, first_number

AUDIO, NO_AUDIO, WRONG_AUDIO = "audio", "no_audio", "wrong_audio"
Interval = tuple[float, float]


@dataclass(frozen=True)
class Baseline:
    """Another system on the same examples. `gain` is how much better the model with its audio is (positive: better)."""

    n: int
    score: float
    gain: float
    gain_interval: Interval | None


@dataclass(frozen=True)
class TaskResult:
    """One task's scores. `speakers` counts the clusters drawn again for the intervals: speakers, else clips.

    `hears`: better than the majority answer and than the model without the audio, each by more than the error.
    """

    task: str
    kind: str
    metric: str
    n: int
    speakers: int
    broken: int
    score: float
    interval: Interval | None
    baselines: dict[str, Baseline]
    majority_answer: str
    majority_from: str
    hears: bool
    why: str
    details: dict[str, float] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """Of one evaluation."""

    checkpoint: str
    tasks: list[TaskResult]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Scorer:
    """Scores the answers of one task and kind: by the metric of that name, or the usual one (`metric_for`).

    Raises:
        InputError: as `KnownAnswers`; there is no such metric, or a package that it needs is missing.
    """

    def __init__(
        self,
        kind: str,
        said: Sequence[tuple[str, str, str]],
        tolerance: float | None,
        label_of: Callable[[str], str] = str,
        metric: str = "",
    ) -> None:
        self.known = KnownAnswers(kind, said, tolerance, label_of)
        self.metric = metric_for(self.known, metric)
        self.points("", "0", "")  # a missing package is said before an hour of answers

    def answer(self, generated: str, label: str, template: str, language: str = "") -> Answer:
        return Answer(generated, label, self.known, template, language)

    def points(self, generated: str, label: str, template: str, language: str = "") -> tuple[float, float]:
        """What an answer won, of how much; of errors, how many there are, in how many words or characters.

        Numbers are read as the question's `language` writes them.
        """
        with blaming(METRICS, self.metric.name):
            won, of = map(float, self.metric.points(self.answer(generated, label, template, language)))
            if not (isfinite(won) and isfinite(of)):
                raise ValueError(f"gave {won} of {of}")
        return won, of

    def right(self, generated: str, label: str, template: str, language: str = "") -> bool:
        """Whether an answer is right as a whole."""
        won, of = self.points(generated, label, template, language)
        return won == of if self.metric.higher_is_better else not won

    def predicted(self, generated: str, template: str) -> str:
        """The column of the confusion: the one label that is named, or `(none)`, or `(several)`."""
        named = self.known.named(generated, template)
        return next(iter(named)) if len(named) == 1 else "(several)" if named else "(none)"


def score_task(
    task: str,
    scorer: Scorer,
    answers: Mapping[str, Mapping[str, Mapping[str, Any]]],
    broken: int,
    training_labels: Sequence[str],
    seed: int,
) -> TaskResult:
    """Scores one task.

    Args:
        answers: probe -> example -> record of `answers.jsonl` (`label`, `template`, `language`, `generated`,
            `speaker`).
        training_labels: for the majority answer; empty takes the evaluated labels.
    """
    heard = answers[AUDIO]
    keys = sorted(heard)
    labels = {key: heard[key]["label"] for key in keys}
    points = {
        key: scorer.points(
            heard[key]["generated"], labels[key], heard[key]["template"], heard[key].get("language", "")
        )
        for key in keys
    }
    common = majority(training_labels or labels.values())
    others = {
        probe: {
            key: scorer.points(
                record["generated"], record["label"], record["template"], record.get("language", "")
            )[0]
            for key, record in records.items()
        }
        for probe, records in answers.items()
        if probe != AUDIO and records
    }
    others["majority"] = {key: scorer.points(common, labels[key], heard[key]["template"])[0] for key in keys}
    baselines = {
        name: _baseline(points, other, heard, seed, 1 if scorer.metric.higher_is_better else -1)
        for name, other in others.items()
    }
    tops, counts = [points[key][0] for key in keys], [points[key][1] for key in keys]
    won, of = sum(tops), sum(counts)
    speakers = [heard[key]["speaker"] for key in keys]
    if scorer.metric.all_or_nothing:
        interval: Interval | None = wilson_interval(won, len(keys))
    else:
        interval = bootstrap_ratio(tops, counts, speakers, seed)
    hears, why = _verdict(baselines, len(set(speakers)))
    return TaskResult(
        task=task,
        kind=scorer.known.kind,
        metric=scorer.metric.name,
        n=len(keys),
        speakers=len(set(speakers)),
        broken=broken,
        score=won / of if of else 0.0,
        interval=interval,
        baselines=baselines,
        majority_answer=common,
        majority_from="training set" if training_labels else "evaluated set",
        hears=hears,
        why=why,
        details=_details(scorer, [heard[key] for key in keys]),
        labels=dict(sorted(Counter(labels.values()).items())) if scorer.known.kind == "label" else {},
        confusion=_confusion(scorer, heard.values()) if scorer.known.kind == "label" else {},
    )


def results_table(results: Results) -> str:
    """The results as a text table, one line a task."""
    rows = [
        {
            "task": result.task,
            "n": result.n,
            "speakers": result.speakers,
            "metric": result.metric,
            "score": _with_interval(result.score, result.interval),
            **{
                name: f"{result.baselines[name].score:.3f}" if name in result.baselines else "-"
                for name in ("majority", NO_AUDIO, WRONG_AUDIO)
            },
            "gain over no_audio": _gain(result.baselines.get(NO_AUDIO)),
            "hears": "yes" if result.hears else f"no: {result.why}",
        }
        for result in results.tasks
    ]
    return pd.DataFrame(rows).to_string(index=False) if rows else "no tasks"


def majority(labels: Iterable[str]) -> str:
    """The most common label; of equally common ones the first in the alphabet."""
    counts = Counter(labels)
    return min(counts, key=lambda label: (-counts[label], label))


def _baseline(
    points: Mapping[str, tuple[float, float]],
    other: Mapping[str, float],
    heard: Mapping[str, Mapping[str, Any]],
    seed: int,
    sign: int,
) -> Baseline:
    """Compares on the examples that both answered: not every clip has a wrong one to go with."""
    keys = [key for key in sorted(points) if key in other]
    system = [sign * points[key][0] for key in keys]
    theirs = [sign * other[key] for key in keys]
    counts = [points[key][1] for key in keys]
    total = sum(counts) or 1
    interval = paired_difference(system, theirs, counts, [heard[key]["speaker"] for key in keys], seed)
    return Baseline(len(keys), sign * sum(theirs) / total, (sum(system) - sum(theirs)) / total, interval)


def _verdict(baselines: Mapping[str, Baseline], speakers: int) -> tuple[bool, str]:
    if NO_AUDIO not in baselines:
        return False, f"the probe {NO_AUDIO} was not run"
    if speakers < MIN_CLUSTERS:
        return False, f"too few speakers to tell ({speakers}, at least {MIN_CLUSTERS})"
    for name in ("majority", NO_AUDIO):
        interval = baselines[name].gain_interval
        if interval is None or interval[0] <= 0:
            return False, f"not better than {name} by more than the error"
    return True, f"better than majority and {NO_AUDIO} by more than the error"


def _details(scorer: Scorer, records: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What else is reported of such answers, and how many answers to a question for a number hold none."""
    answers = [
        scorer.answer(record["generated"], record["label"], record["template"], record.get("language", ""))
        for record in records
    ]
    scores = {name: METRICS.get(name).score(answers) for name in BESIDE.get(scorer.known.kind, ())}
    details = {name: score for name, score in scores.items() if score is not None}
    if details and scorer.known.kind == "number":
        details["without_number"] = sum(
            first_number(answer.text, answer.language) is None for answer in answers
        )
    return details


def _confusion(scorer: Scorer, records: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        counts[record["label"]][scorer.predicted(record["generated"], record["template"])] += 1
    return {label: dict(sorted(row.items())) for label, row in sorted(counts.items())}


def _with_interval(score: float, interval: Interval | None) -> str:
    return f"{score:.3f}" if interval is None else f"{score:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"


def _gain(baseline: Baseline | None) -> str:
    return "-" if baseline is None else _with_interval(baseline.gain, baseline.gain_interval)
