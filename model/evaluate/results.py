"""Answers -> scores: each task against its baselines, with the sampling error; does the model hear?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from ...errors import InputError
from .metrics import (
    MIN_CLUSTERS,
    LabelNames,
    bootstrap_ratio,
    first_number,
    label_wordings,
    list_items,
    majority,
    paired_difference,
    set_f1,
    text_errors,
    wilson_interval,
    within_tolerance,
    words,
    written_without_spaces,
)

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


_LONGEST = 5  # words of a name that is looked for in an answer


class Scorer:
    """Scores the answers of one task and kind.

    A score is a sum of points over a sum of what there was to win: 1 an example, for text its reference's words.

    Args:
        known: (template, label, answer) of instructions of this task, to learn how answers word the labels.
        tolerance: how far off a number may be; None is a tenth of the reference.
        named: the label that a name stands for, or the name itself; asked where an answer names no label as it stands.

    Raises:
        InputError: a number task with a label that is no number; a text task without the package jiwer.
    """

    def __init__(
        self,
        kind: str,
        known: Sequence[tuple[str, str, str]],
        tolerance: float | None,
        named: Callable[[str], str] = str,
    ) -> None:
        self.kind = kind
        self.tolerance = tolerance
        labels = sorted({label for _, label, _ in known})
        by_character = kind == "text" and written_without_spaces(labels)
        self.metric = {"label": "accuracy", "number": "accuracy", "list": "f1"}.get(
            kind, "cer" if by_character else "wer"
        )
        self.lower_is_better = kind == "text"
        self._names: dict[str, LabelNames] = {}
        self._any = LabelNames(labels)
        if kind == "label":
            self._learn_names(labels, known)
        elif kind == "list":
            labels = sorted({item for label in labels for item in list_items(label)})
            self._any = LabelNames(labels)
        elif kind == "number":
            for label in labels:
                _check_number(label)
        else:
            text_errors("", "")  # a missing package is said before an hour of answers
        self._label_of = named
        self._labels = frozenset(labels)

    def _learn_names(self, labels: Sequence[str], known: Sequence[tuple[str, str, str]]) -> None:
        by_template: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for template, label, answer in known:
            by_template[template].add((label, answer))
        wordings = {template: label_wordings(pairs) for template, pairs in by_template.items()}
        elsewhere = {
            label: sorted({wording for one in wordings.values() for wording in one.get(label, ())})
            for label in labels
        }
        self._any = LabelNames(labels, elsewhere)
        self._names = {
            template: LabelNames(labels, own, elsewhere) for template, own in wordings.items() if template
        }

    def named(self, generated: str, template: str) -> frozenset[str]:
        """The labels that an answer to this template's question names; where it names none, by their other names."""
        return self._names.get(template, self._any).named(generated) or self._called_otherwise(generated)

    def points(self, generated: str, label: str, template: str, language: str = "") -> tuple[float, float]:
        """What an answer won, of how much; for text the errors, of how many words or characters.

        Numbers are read as the question's `language` writes them.
        """
        if self.kind == "label":
            return float(self.named(generated, template) == {label}), 1
        if self.kind == "number":
            return float(within_tolerance(first_number(generated, language), float(label), self.tolerance)), 1
        if self.kind == "list":
            items = {" ".join(words(item)) for item in list_items(label)}
            named = self._any.named(generated) | self._labels.intersection(
                map(self._label_of, list_items(generated))
            )
            return set_f1({" ".join(words(item)) for item in named}, items), 1
        errors = text_errors(generated, label)
        if self.metric == "cer":
            return errors.character_errors, errors.characters
        return errors.word_errors, errors.words

    def _called_otherwise(self, generated: str) -> frozenset[str]:
        """The labels that a text names in other words (`a crying baby` for `baby crying`); the longest names first."""
        said, place = words(generated), 0
        found = set()
        while place < len(said):
            step = 1
            for size in range(min(_LONGEST, len(said) - place), 0, -1):
                label = self._label_of(" ".join(said[place : place + size]))
                if label in self._labels:
                    found.add(label)
                    step = size
                    break
            place += step
        return frozenset(found)

    def right(self, generated: str, label: str, template: str, language: str = "") -> bool:
        """Whether an answer is right as a whole; a text is when no word differs."""
        if self.kind == "text":
            return words(generated) == words(label)
        won, of = self.points(generated, label, template, language)
        return won == of

    def predicted(self, generated: str, template: str) -> str:
        """The column of the confusion: the one label that is named, or `(none)`, or `(several)`."""
        named = self.named(generated, template)
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
        name: _baseline(points, other, heard, seed, -1 if scorer.lower_is_better else 1)
        for name, other in others.items()
    }
    tops, counts = [points[key][0] for key in keys], [points[key][1] for key in keys]
    won, of = sum(tops), sum(counts)
    speakers = [heard[key]["speaker"] for key in keys]
    if scorer.metric == "accuracy":
        interval: Interval | None = wilson_interval(won, len(keys))
    else:
        interval = bootstrap_ratio(tops, counts, speakers, seed)
    hears, why = _verdict(baselines, len(set(speakers)))
    return TaskResult(
        task=task,
        kind=scorer.kind,
        metric=scorer.metric,
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
        labels=dict(sorted(Counter(labels.values()).items())) if scorer.kind == "label" else {},
        confusion=_confusion(scorer, heard.values()) if scorer.kind == "label" else {},
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


def _check_number(label: str) -> None:
    try:
        float(label)
    except ValueError as error:
        raise InputError(
            f"a shard has an instruction of kind 'number' whose label is '{label}'; write its decimal form"
        ) from error


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
    """What else the literature reports: MAE of numbers, WER and CER of texts."""
    if scorer.kind == "number":
        numbers = [
            (first_number(record["generated"], record.get("language", "")), float(record["label"]))
            for record in records
        ]
        off = [abs(number - reference) for number, reference in numbers if number is not None]
        return {"mae": sum(off) / len(off), "without_number": len(numbers) - len(off)} if off else {}
    if scorer.kind == "text":
        errors = [text_errors(record["generated"], record["label"]) for record in records]
        return {
            "wer": sum(one.word_errors for one in errors) / max(1, sum(one.words for one in errors)),
            "cer": sum(one.character_errors for one in errors)
            / max(1, sum(one.characters for one in errors)),
        }
    return {}


def _confusion(scorer: Scorer, records: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        counts[record["label"]][scorer.predicted(record["generated"], record["template"])] += 1
    return {label: dict(sorted(row.items())) for label, row in sorted(counts.items())}


def _with_interval(score: float, interval: Interval | None) -> str:
    return f"{score:.3f}" if interval is None else f"{score:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"


def _gain(baseline: Baseline | None) -> str:
    return "-" if baseline is None else _with_interval(baseline.gain, baseline.gain_interval)
