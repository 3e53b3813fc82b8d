"""The task registry: what an instruction can train.

A new task is one declaration in `registry/` and one template file, `templates/<name>.yaml` (`phrasings.py` reads it).
"""

from __future__ import annotations

from ...errors import InputError
from ...recipes.facts import did_you_mean
from .registry import sound, speech
from .task import MARKER, Facts, Task, decimal, plain

__all__ = ["MARKER", "TASKS", "Facts", "Task", "decimal", "plain", "task_named"]

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
