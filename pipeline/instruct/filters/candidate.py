"""A candidate, a verdict on it, and the table of filters that give verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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


Filter = Callable[[Candidate], Verdict]

FILTERS: dict[str, Filter] = {}
"""Every filter by its name, which is its function's."""


def a_filter(judge: Callable[[Candidate], str | None]) -> Filter:
    """Makes a filter of a function that says what is wrong with a candidate, or None."""
    name = judge.__name__

    def verdict(candidate: Candidate) -> Verdict:
        wrong = judge(candidate)
        return Verdict(name, wrong is None, wrong or "")

    verdict.__name__, verdict.__doc__ = name, judge.__doc__
    FILTERS[name] = verdict
    return verdict
