"""How cheap a set of instructions may be: thresholds of the audit, and what is beyond them in one line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from ....errors import InputError, did_you_mean
from ....files import read_yaml
from ..tasks.tasks import TASKS
from .question_only import wilson
from .report import TaskAudit


@dataclass(frozen=True)
class Thresholds:
    """Shares from 0 to 1; None: not looked at. A file names those that differ from these.

    best_constant_over_chance: by how much the best constant answer of a task with labels or numbers may beat chance.
    question_only_over_baseline: by how much the classifier that doesn't hear may beat reading the options.
    corpus_same_text: how many of a corpus' clips one text may be the answer for, in a task that asks for texts. Whoever
        knows the corpus needn't listen else: of two sentences, read by all, each is right for half of the clips.
    generated_same_answer: how many of a task's generated answers may be the same one.
    generated_binary_share: how many generated questions may be yes/no or either-or in meaning.
    leak_share: how many questions may give a fact away.
    duplicate_share: how many may ask the same of the same clips again.

    What is measured on a sample (leaks, the classifier) counts as beyond only when its 99 % interval is.
    Of what is counted, one instruction more is let pass: 7 of 13 is as near to one half as it goes.
    """

    best_constant_over_chance: float | None = 0.05
    question_only_over_baseline: float | None = 0.05
    corpus_same_text: float | None = 0.2
    generated_same_answer: float | None = 0.2
    generated_binary_share: float | None = 0.2
    leak_share: float | None = 0.02
    duplicate_share: float | None = 0.1


_FEW = 20


def read_thresholds(path: Path) -> Thresholds:
    """Reads a YAML file of thresholds.

    Raises:
        InputError: the file is missing or no YAML, a name is unknown, or a value isn't a share or null.
    """
    content = read_yaml(path)
    known = [field.name for field in fields(Thresholds)]
    if not isinstance(content, dict):
        raise InputError(
            f"{path}: must hold thresholds such as `leak_share: 0.02`; there are {', '.join(known)}"
        )
    for name, value in content.items():
        if name not in known:
            raise InputError(
                f"{path}: unknown threshold '{name}'{did_you_mean(str(name), known)}; there are {', '.join(known)}"
            )
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1
        ):
            raise InputError(f"{path}: '{name}' must be a number from 0 to 1, or null, found {value!r}")
    return Thresholds(**content)


def violations(tasks: Iterable[TaskAudit], allowed: Thresholds) -> list[str]:
    """What is beyond the thresholds, one sentence each, in the order of the tasks."""
    return [f"{task.origin} {task.task}: {text}" for task in tasks for text in _of_task(task, allowed)]


def _of_task(task: TaskAudit, allowed: Thresholds) -> Iterator[str]:
    most = allowed.best_constant_over_chance
    if most is not None and task.chance is not None and _beyond(task, task.best_constant, task.chance + most):
        yield (
            f"the constant answer '{task.best_answer}' is right {_points(task.best_constant)} % of the time, "
            f"{_points(task.best_constant - task.chance)} points over chance ({_points(task.chance)} %); "
            f"at most {_points(most)} are allowed"
        )
    most, guess = allowed.question_only_over_baseline, task.guess
    if most is not None and guess is not None and guess.low > guess.baseline + most:
        yield (
            f"{_points(guess.accuracy)} % are answered rightly from the question alone "
            f"(surely more than {_points(guess.low)} %), reading the options gives {_points(guess.baseline)} %; "
            f"at most {_points(most)} points more are allowed"
        )
    most = allowed.corpus_same_text
    if most is not None and _asks_for_texts(task):
        for corpus, one in task.corpora.items():
            if one.chance is not None or one.count < _FEW:
                continue
            if wilson(round(one.best_constant * one.count), one.count)[0] > most:
                answers = "one answer" if one.label_count == 1 else f"{one.label_count:,} different answers"
                yield (
                    f"of the clips of {corpus or 'an unnamed corpus'} {_points(one.best_constant)} % have one right "
                    f"answer, '{_beginning(one.best_answer)}' ({answers} to {one.count:,} "
                    f"questions): to know the corpus is enough; at most {_points(most)} % are allowed"
                )
    if task.origin == "generated":
        most = allowed.generated_same_answer
        if most is not None and task.chance is None and _beyond(task, task.best_constant, most):
            yield f"{_points(task.best_constant)} % have the same answer, at most {_points(most)} % are allowed"
        most = allowed.generated_binary_share
        if most is not None and task.binary_share is not None and _beyond(task, task.binary_share, most):
            yield (
                f"{_points(task.binary_share)} % of the questions are yes/no or either-or, "
                f"at most {_points(most)} % are allowed"
            )
    most = allowed.leak_share
    if most is not None and task.leak_share is not None and wilson(task.leaks, task.leaks_judged)[0] > most:
        yield f"{_points(task.leak_share)} % of the questions leak a fact, at most {_points(most)} % are allowed"
    most = allowed.duplicate_share
    if most is not None and _beyond(task, task.duplicate_share, most):
        yield (
            f"{_points(task.duplicate_share)} % ask the same of the same clips again, "
            f"at most {_points(most)} % are allowed"
        )


def _asks_for_texts(task: TaskAudit) -> bool:
    """Whether answers are free: not labels, numbers or lists, of which a corpus may well hold few."""
    return task.chance is None and (task.task not in TASKS.all() or TASKS.get(task.task).kind == "text")


def _beginning(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _beyond(task: TaskAudit, share: float, most: float) -> bool:
    return share * task.count > most * task.count + 1


def _points(share: float) -> str:
    return f"{100 * share:.1f}"
