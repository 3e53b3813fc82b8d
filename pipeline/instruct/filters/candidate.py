"""A candidate, a verdict on it, and what a filter is.

A filter is a module of this folder, of another package or a plugin that declares `FILTER`, one or several
(docs/adding-a-filter.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ....seams import Seam
from ....section import NoOptions, Section
from .known import Known, known_of
from .prose import texts_in
from .words import Word, fold, language_of, words


@dataclass(frozen=True)
class Candidate:
    """A question and an answer that an LLM wrote, and what it was told of the clip."""

    question: str
    answer: str
    facts: Mapping[str, Any]
    corpus_description: str = ""
    finish_reason: str = ""

    @cached_property
    def language(self) -> str | None:
        """The language of the question, None where it can't be told."""
        return language_of(self.question)

    @cached_property
    def asked(self) -> str:
        """The question, folded."""
        return fold(self.question)

    @cached_property
    def asked_words(self) -> tuple[Word, ...]:
        return words(self.question)

    @cached_property
    def known(self) -> Known:
        """What the facts say, by kind and measure."""
        return known_of(self.facts, self.corpus_description)

    @cached_property
    def spoken(self) -> str:
        """What is said or described in the clip: the facts that are texts, one a line."""
        return "\n".join(dict.fromkeys(texts_in(self.facts)))


@dataclass(frozen=True)
class Verdict:
    """What a filter says of a candidate: its own name as the reason, and one sentence why it isn't kept."""

    reason: str
    keep: bool
    detail: str = ""


@dataclass(frozen=True)
class Filter:
    """What looks at one candidate: `judge` says what is wrong with it, or None.

    One with `options` is given them, too: `judge(candidate, options)`. `keeps` and `drops` are its miniature: a
    candidate that it has nothing against, and one that it has.
    """

    name: str
    judge: Callable[..., str | None]
    keeps: Candidate
    drops: Candidate
    options: type[Section] = NoOptions

    def __call__(self, candidate: Candidate, options: Section | None = None) -> Verdict:
        more = () if self.options is NoOptions else (options or self.options(),)
        wrong = self.judge(candidate, *more)
        if not (wrong is None or isinstance(wrong, str)):
            raise TypeError(f"gave {wrong!r}, which is neither a reason nor None")
        return Verdict(self.name, wrong is None, wrong or "")


FILTERS: dict[str, Filter] = {}
"""Our own filters by name, in their order: those that are used where nobody says which."""

ALL_FILTERS: Seam[Filter] = Seam(
    "filter", "pipeline.instruct.filters", "FILTER", lambda one: one.name, is_a=Filter
)


def a_filter(
    *, keeps: Candidate, drops: Candidate, options: type[Section] = NoOptions
) -> Callable[[Callable[..., str | None]], Filter]:
    """Makes a filter, with the function's name, of a function that says what is wrong with a candidate, or None."""
    return lambda judge: Filter(judge.__name__, judge, keeps, drops, options)
