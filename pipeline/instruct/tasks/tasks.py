"""The task registry: what an instruction can train.

A new task is one declaration in `registry/` and one template file, `templates/<name>.yaml` (`phrasings.py` reads it).
"""

from __future__ import annotations

from ....errors import InputError, did_you_mean
from ....recipes.kit.languages import LANGUAGES
from ....recipes.kit.values import canonical
from . import sound, speech
from .task import MARKER, Facts, Task, decimal, plain

__all__ = ["MARKER", "TASKS", "Facts", "Task", "decimal", "label_named", "plain", "task_named"]

TASKS: dict[str, Task] = {task.name: task for task in (*speech.TASKS, *sound.TASKS)}


def task_named(name: str) -> Task:
    """The task of that name.

    Raises:
        InputError: there is none; names the nearest.
    """
    if name not in TASKS:
        raise InputError(
            f"unknown task '{name}'{did_you_mean(name, TASKS)}; the tasks are {', '.join(TASKS)}"
        )
    return TASKS[name]


def label_named(task: str, name: str) -> str:
    """The label of a task that a name stands for (`crying baby` for `baby crying`); the name where none is known."""
    found = TASKS.get(task)
    if found is None or found.options or not found.facts:
        return name
    value = canonical(found.facts[0], name)
    # The labels of languages are their English names.
    return LANGUAGES.get(value, value) if found.facts[0] in ("language", "native_language") else value
