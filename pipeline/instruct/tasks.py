"""The task registry: what an instruction can train. A new task is one declaration here and one template file.

The questions and the wordings of the answers lie in `templates/<name>.yaml` (`phrasings.py` reads them).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...errors import InputError
from ...recipes.facts import did_you_mean
from ...recipes.languages import language_name
from ...shards.sample import AnswerKind

Facts = Mapping[str, Any]
MARKER = "<audio>"


def plain(text: str) -> str:
    """A fact's text as a question or an answer may hold it.

    The marker that stands for a clip is taken out (else a transcript could add clips to a prompt), runs of blanks
    become one, and half characters (lone surrogates), which no file can hold, become `?`.
    """
    while MARKER in text:
        text = text.replace(MARKER, " ")
    text = " ".join(text.split())
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def decimal(value: float, digits: int = 3) -> str:
    """A number in decimal form with at most `digits` decimals: no exponent, no trailing zeros, no -0."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class Task:
    """One task.

    `facts` are those a clip must carry. `label` makes the bare value that the metric compares, or None for a clip
    that doesn't serve (say, two sounds where one is asked for). Of a task on two clips, `label` makes what must be
    equal for the answer `same`; `alike` names facts that a hard negative shares, `apart` one that the two clips of a
    positive pair should not share.

    `options` is the closed set of labels; without it, options are drawn from the labels that the clips have.
    `spoken` words a label in English (in every language, for numbers and texts), where the template file has no
    word for it. `bins` are the edges between which numbers are balanced; an answer within `tolerance` of a number
    counts as right. `metric` is the name of the score.
    """

    name: str
    facts: tuple[str, ...]
    kind: AnswerKind
    metric: Literal["accuracy", "mae", "wer"]
    label: Callable[[Facts], str | None]
    clips: Literal[1, 2] = 1
    options: tuple[str, ...] = ()
    spoken: Callable[[str], str] = str
    bins: tuple[float, ...] = ()
    tolerance: float | None = None
    alike: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


def _only(name: str) -> Callable[[Facts], str | None]:
    """The value of a list that has one; a clip with several sounds has no single right answer."""
    return lambda facts: plain(facts[name][0]) if len(facts[name]) == 1 else None


TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            name="asr",
            facts=("text",),
            kind="text",
            metric="wer",
            label=lambda facts: plain(facts["text"]),
        ),
        Task(
            name="gender",
            facts=("gender",),
            kind="label",
            metric="accuracy",
            # Neither the wordings nor a voice can tell what `other` is.
            label=lambda facts: facts["gender"] if facts["gender"] != "other" else None,
            options=("female", "male"),
        ),
        Task(
            name="speaker_verification",
            facts=("speaker",),
            kind="label",
            metric="accuracy",
            label=lambda facts: facts["speaker"],
            clips=2,
            options=("different", "same"),
            alike=("gender", "language"),
            apart=("source", "text"),
        ),
        Task(
            name="language",
            facts=("language",),
            kind="label",
            metric="accuracy",
            label=lambda facts: language_name(facts["language"]),
        ),
        Task(
            name="emotion",
            facts=("emotion",),
            kind="label",
            metric="accuracy",
            label=lambda facts: facts["emotion"],
        ),
        Task(
            name="sound_event",
            facts=("sound_events",),
            kind="label",
            metric="accuracy",
            label=_only("sound_events"),
        ),
        Task(
            name="noise_class",
            facts=("noise_type",),
            kind="label",
            metric="accuracy",
            label=_only("noise_type"),
        ),
        Task(
            name="snr",
            facts=("snr_db",),
            kind="number",
            metric="mae",
            label=lambda facts: decimal(facts["snr_db"]),
            spoken=lambda label: decimal(float(label), 0),
            bins=(0.0, 5.0, 10.0, 15.0, 20.0),
            tolerance=3.0,
        ),
        Task(
            name="distance",
            facts=("distance_m",),
            kind="number",
            metric="mae",
            label=lambda facts: decimal(facts["distance_m"]),
            spoken=lambda label: f"{float(label):.1f}",
            bins=(1.0, 2.0, 4.0),
            tolerance=0.5,
        ),
    )
}


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
