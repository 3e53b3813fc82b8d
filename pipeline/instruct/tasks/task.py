"""What a task is, and the small tools with which tasks read facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ....errors import did_you_mean
from ....recipes.kit.facts import FACTS
from ....recipes.kit.values import most_specific
from ....shards.sample import AnswerKind
from ..clips import SECONDS

Facts = Mapping[str, Any]
Miniature = tuple[tuple[Facts, str | None], ...]
MARKER = "<audio>"


@dataclass(frozen=True)
class Cue:
    """Something by which a listener tells which of two clips has more: its amount in a clip, and by how much two clips
    must differ so that it can be heard."""

    amount: Callable[[Facts], float]
    margin: float


@dataclass(frozen=True, eq=False)
class Task:
    """One task.

    `facts` are those a clip must carry (`seconds`, all do). `label` makes the bare value that the metric compares out
    of all that is known of a clip, or None for one that doesn't serve (say, two sounds where one is asked for).

    `options` is the closed set of labels; without it, options are drawn from the labels that the clips have, which are
    values of the first of `facts` (`options.py`); `options_share` names a fact that the clips of all options share.
    Where `label_is_transcript`, labels are words of the clip and need no translation. A number is said with `digits`
    decimals (None: with those that it has); `items` takes a list's label apart and words each for a language; `written`
    tells in which form the words of a text's label are written, which the question then says (`written.py`). `bins` are
    the edges between which numbers are balanced; an answer within `tolerance` of a number counts as right. `metric`
    names the score where it is another than the usual of its kind (`model/evaluate/metric.py`).

    Several clips: how they are chosen says `form`. Of `same`, `label` makes what must be equal for the answer `same`;
    of `which`, the first clip is heard again, in another recording, among the others: the label is its place.
    `match_on` names facts that a hard negative shares, `differ_on` one that the two clips of a positive pair should not
    share. Of `compare`, the label is the place of the clip that has more by all of `cues`: a pair of which one cue says
    this and another that, or too little, isn't asked about. `match_on` names facts that both clips must share. (`label`
    makes the amount of the first cue.)

    `templates` are the wordings (`phrasings.py`): a file, or what one would hold; without it, `templates/<name>.yaml`
    here. `miniature` gives clips' facts and what `label` makes of each; of a task about several clips, enough for one
    set.

    Raises:
        ValueError: it reads a fact that there isn't, or can't be balanced.
    """

    name: str
    facts: tuple[str, ...]
    kind: AnswerKind
    label: Callable[[Facts], str | None]
    clips: Literal[1, 2, 4] = 1
    form: Literal["", "same", "which", "compare"] = ""
    options: tuple[str, ...] = ()
    options_share: str = ""
    label_is_transcript: bool = False
    digits: int | None = None
    written: Callable[[str], str] | None = None
    items: Callable[[str, str], list[str]] = lambda label, language: label.split(", ")
    bins: tuple[float, ...] = ()
    tolerance: float | None = None
    match_on: tuple[str, ...] = ()
    differ_on: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    metric: str = ""
    templates: Path | Mapping[str, Any] | None = None
    miniature: Miniature = ()

    def __post_init__(self) -> None:
        shared = filter(None, (self.options_share, *self.match_on, *self.differ_on))
        for name in (*self.facts, *shared):
            if name not in FACTS and name != SECONDS:
                raise ValueError(
                    f"task '{self.name}': no fact '{name}'{did_you_mean(name, [*FACTS, SECONDS])}"
                )
        if self.kind == "number" and not self.bins:
            raise ValueError(f"task '{self.name}': numbers are balanced in bins; give their edges in 'bins'")


def told(fact: str, *values: str, **more: Any) -> Task:
    """A task whose label is a fact that is one text. `values` are some that it may have, where `options` aren't all."""
    examples = values or more["options"]
    needed = more.pop("facts", (fact,))
    rows = tuple(({**dict.fromkeys(needed, "en"), fact: value}, value) for value in examples)
    return Task(fact, needed, "label", value_of(fact), miniature=rows, **more)


def measured(name: str, fact: str, *bins: float, **more: Any) -> Task:
    """A task whose label is a fact that is a number."""
    rows = tuple(({fact: edge}, f"{edge:g}") for edge in bins)
    return Task(name, (fact,), "number", number_of(fact), bins=bins, miniature=rows, **more)


def listed(name: str, fact: str, *values: str) -> Task:
    """A task that asks for all that a fact lists."""
    rows = (({fact: [*values]}, ", ".join(values)), ({fact: [values[0]]}, None))
    return Task(name, (fact,), "list", several(fact), miniature=rows)


def single(name: str, fact: str, *values: str) -> Task:
    """A task that asks for the one thing that a fact lists."""
    rows = (*(({fact: [value]}, value) for value in values), ({fact: [*values]}, None))
    return Task(name, (fact,), "label", only(fact), miniature=rows)


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
