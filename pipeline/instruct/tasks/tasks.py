"""The tasks there are: what an instruction can train."""

from __future__ import annotations

from ....errors import InputError, did_you_mean
from ....recipes.kit.languages import LANGUAGES
from ....recipes.kit.values import canonical
from ....seams import Seam
from .task import Task

TASKS: Seam[Task] = Seam("task", "pipeline.instruct.tasks", "TASK", lambda task: task.name, is_a=Task)


def task_named(name: str) -> Task:
    """The task of that name.

    Raises:
        InputError: there is none, or it is broken; names the nearest, or the reason.
    """
    parts = TASKS.parts()
    if name not in parts.found and name not in parts.broken:
        raise InputError(
            f"unknown task '{name}'{did_you_mean(name, parts.found)}; the tasks are {', '.join(parts.found)}"
        )
    return TASKS.get(name)


def metric_of(task: str) -> str:
    """The metric that a task names; "" where it is the usual one, or the task isn't known."""
    found = TASKS.all().get(task)
    return found.metric if found else ""


def label_named(task: str, name: str) -> str:
    """The label of a task that a name stands for (`crying baby` for `baby crying`); the name where none is known."""
    found = TASKS.all().get(task)
    if found is None or found.options or not found.facts:
        return name
    value = canonical(found.facts[0], name)
    # The labels of languages are their English names.
    return LANGUAGES.get(value, value) if found.facts[0] in ("language", "native_language") else value
