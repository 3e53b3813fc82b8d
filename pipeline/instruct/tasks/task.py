"""What a task is, and the small tools with which tasks read facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ....recipes.kit.values import most_specific
from ....shards.sample import AnswerKind

Facts = Mapping[str, Any]
Metric = Literal["accuracy", "mae", "wer", "f1", "bleu", "rouge"]
MARKER = "<audio>"


@dataclass(frozen=True)
class Cue:
    """Something by which a listener tells which of two clips has more: its amount in a clip, and by how much two clips
    must differ so that it can be heard."""

    amount: Callable[[Facts], float]
    margin: float


@dataclass(frozen=True)
class Task:
    """One task.

    `facts` are those a clip must carry. `label` makes the bare value that the metric compares, or None for a clip
    that doesn't serve (say, two sounds where one is asked for).

    `options` is the closed set of labels; without it, options are drawn from the labels that the clips have, which are
    values of the first of `facts` (`options.py`); `among` names a fact that the clips of all options share. `verbatim`
    labels are words of the clip and need no translation. A number is said with `digits` decimals (None: with those that
    it has); `items` takes a list's label apart and words each for a language; `written` tells in which form the words
    of a text's label are written, which the question then says (`written.py`). `bins` are the edges between which
    numbers are balanced; an answer within `tolerance` of a number counts as right. `metric` is the name of the score.

    Several clips: how they are chosen says `form`. Of `same`, `label` makes what must be equal for the answer `same`;
    of `which`, the first clip is heard again, in another recording, among the others: the label is its place. `alike`
    names facts that a hard negative shares, `apart` one that the two clips of a positive pair should not share. Of
    `compare`, the label is the place of the clip that has more by all of `cues`: a pair of which one cue says this and
    another that, or too little, isn't asked about. `alike` names facts that both clips must share. (`label` makes the
    amount of the first cue.)
    """

    name: str
    facts: tuple[str, ...]
    kind: AnswerKind
    metric: Metric
    label: Callable[[Facts], str | None]
    clips: Literal[1, 2, 4] = 1
    form: Literal["", "same", "which", "compare"] = ""
    options: tuple[str, ...] = ()
    among: str = ""
    verbatim: bool = False
    digits: int | None = None
    written: Callable[[str], str] | None = None
    items: Callable[[str, str], list[str]] = lambda label, language: label.split(", ")
    bins: tuple[float, ...] = ()
    tolerance: float | None = None
    alike: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()


def plain(text: str) -> str:
    """A fact's text as a question or an answer may hold it.

    The marker that stands for a clip is taken out (else a transcript could add clips to a prompt), runs of blanks
    become one, and half characters (lone surrogates), which no file can hold, become `?`.
    """
    if text.isalnum() and text.isascii():  # one word, as most labels are
        return text
    while MARKER in text:
        text = text.replace(MARKER, " ")
    if "  " in text or not text.isprintable():
        text = " ".join(text.split())
    text = text.strip()
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def decimal(value: float, digits: int = 3) -> str:
    """A number in decimal form with at most `digits` decimals: no exponent, no trailing zeros, no -0."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def value_of(name: str) -> Callable[[Facts], str | None]:
    """A fact that is one text."""
    return lambda facts: plain(facts[name])


def number_of(name: str) -> Callable[[Facts], str | None]:
    """A fact that is a number."""
    return lambda facts: decimal(facts[name])


def only(name: str) -> Callable[[Facts], str | None]:
    """The value of a list that has one; a clip with several sounds has no single right answer.

    Some corpora name a thing with all that it is a kind of (electric guitar, guitar, music): that is one sound.
    """

    def label(facts: Facts) -> str | None:
        values = facts[name]
        if len(values) > 1:
            values = most_specific(name, values)
        return plain(values[0]) if len(values) == 1 else None

    return label


def several(name: str, least: int = 2) -> Callable[[Facts], str | None]:
    """The values of a list, which the metric takes apart at the commas."""
    return lambda facts: (
        ", ".join(plain(item).replace(",", " ") for item in facts[name])
        if len(facts[name]) >= least
        else None
    )
