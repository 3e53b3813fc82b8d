"""The wordings of a task: which questions can be asked where a label is right, and how they and their answers read."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from . import saying
from .draws import Draw
from .task import Task
from .written import with_request

MOST_OPTIONS = 5

_WEIGHTS = 1 << 16

Segments = tuple[tuple[str, str | None], ...]


Units = dict[str, dict[str, str]]
"""Of each placeholder the forms by plural category."""


@dataclass(frozen=True, eq=False)
class Form:
    """Answers that fit all questions of the form: by label, or under "" for any label.

    `requests` are what a question adds where its answer's words are in another form than usual, by that form.
    """

    words: dict[str, str]
    join: tuple[str, str]
    units: Units
    answers: dict[str, list[Segments]]
    requests: dict[str, list[str]]

    def answers_to(self, label: str) -> list[Segments]:
        return self.answers.get(label) or self.answers.get("", [])


@dataclass(frozen=True, eq=False)
class Question:
    """One phrasing. `id` is `task/language/number`; `binary` says that its answer begins with yes or no."""

    id: str
    language: str
    segments: Segments
    lists_options: bool
    binary: bool
    form: Form


@dataclass(frozen=True)
class _Options:
    """The words that a question may list, and their weights, summed up."""

    words: list[str]
    sums: list[int]


class Phrasings:
    """All wordings of a task, with the labels that its questions may list as options."""

    def __init__(self, task: Task, questions: dict[str, list[Question]], options: Mapping[str, int]) -> None:
        self.task = task
        self.questions = questions
        self.options = options
        self._listed: dict[Form, _Options] = {}

    def with_options(self, options: Mapping[str, int]) -> Phrasings:
        """The same wordings, whose questions list these labels, each as often as it is met as an answer.

        Were they drawn evenly, a frequent label among the options would more often be the right one.
        """
        return Phrasings(self.task, self.questions, options)

    def word(self, question: Question, label: str) -> str | None:
        """The word for a label in the question's language, if there is one."""
        word = question.form.words.get(label)
        if word is not None:
            return word
        if self.task.kind == "number":
            return saying.number(label, self.task.digits, question.language)
        if self.task.kind == "list":
            return saying.apart(self.task.items(label, question.language), question.language)
        universal = self.task.kind == "text" or self.task.verbatim or question.language == "en"
        return label if universal else None

    def fitting(self, language: str, label: str) -> list[Question]:
        """The questions of a language that can be asked where `label` is right."""
        return [question for question in self.questions.get(language, ()) if self._fits(question, label)]

    def can_word(self, language: str, label: str) -> bool:
        """Whether a language has words for a label, whatever options there will be."""
        return any(self._is_worded(question, label) for question in self.questions.get(language, ()))

    def _is_worded(self, question: Question, label: str) -> bool:
        answers = question.form.answers_to(label)
        if self.word(question, label) is None:
            return bool(answers) and not any(
                holds_field(segments) for segments in (question.segments, *answers)
            )
        return bool(answers)

    def _fits(self, question: Question, label: str) -> bool:
        if not self._is_worded(question, label):
            return False
        word = self.word(question, label)
        return not question.lists_options or (word is not None and self._others(question, word) > 0)

    def render(self, question: Question, label: str, draw: Draw, never: str = "") -> tuple[str, str]:
        """The question's and the answer's text, for a question that fits the label; `never` holds words not to list.

        A question always has its answer worded in the same way. Were the wording drawn, most of the loss would be
        about which one comes, and little about what is heard.
        """
        answers = question.form.answers_to(label)
        number = int(question.id.rpartition("/")[2])
        answer = answers[number % len(answers)]
        word = self.word(question, label) or ""
        options = {"options": self._list(question, word, draw, never)} if question.lists_options else {}
        values = {
            field: self._value(field, question, label, word) for _, field in answer if field is not None
        }
        asked = _fill(question.segments, options)
        if self.task.written is not None and (form := self.task.written(label)):
            requests = question.form.requests[form]
            asked = with_request(asked, requests[number % len(requests)])
        return asked, _fill(answer, values)

    def _value(self, field: str, question: Question, label: str, word: str) -> str:
        """What stands for a placeholder of an answer."""
        task, language = self.task, question.language
        if field == "answer":
            return word
        if field in question.form.units:
            return saying.counted(label, task.digits, language, question.form.units[field])
        if field in saying.UNITS:
            return saying.amount(label, task.digits, language, field)
        said = word if field == "Answer" else saying.both(task.items(label, language), language)
        return said if field == "list" else said[:1].upper() + said[1:]

    def _words(self, question: Question) -> _Options:
        """The words of all labels, each once."""
        listed = self._listed.get(question.form)
        if listed is None:
            weights: dict[str, int] = {}
            largest = max(self.options.values(), default=1)
            for label, count in self.options.items():
                word = self.word(question, label)
                if word is not None:
                    weights[word] = weights.get(word, 0) + 1 + count * _WEIGHTS // largest
            sums = list(itertools.accumulate(weights.values()))
            listed = self._listed[question.form] = _Options(list(weights), sums)
        return listed

    def _others(self, question: Question, word: str) -> int:
        """How many words stand for other labels."""
        words = self._words(question).words
        return len(words) - (word in words)

    def _list(self, question: Question, word: str, draw: Draw, never: str) -> str:
        others = self._others(question, word)
        most = min(others, MOST_OPTIONS - 1)
        wanted = most if self.task.options else 1 + draw.below(most)
        options = self._draw(self._words(question), wanted, word, draw, f" {never} ")
        options.insert(draw.below(len(options) + 1), word)
        return saying.listed(options, *question.form.join, question.language)

    def _draw(self, words: _Options, wanted: int, right: str, draw: Draw, never: str) -> list[str]:
        """Other words, drawn by their weights; where chance brings too few, those next in line."""
        chosen: list[str] = []

        def take(word: str) -> None:
            if word != right and word not in chosen and f" {word} " not in never:
                chosen.append(word)

        for _ in range(8 * wanted):
            take(words.words[bisect.bisect_right(words.sums, _below(draw, words.sums[-1]))])
            if len(chosen) == wanted:
                return chosen
        for word in words.words:
            if len(chosen) < wanted:
                take(word)
        return chosen


def _below(draw: Draw, count: int) -> int:
    """As `draw.below`, for larger counts."""
    return draw.below(count) if count < 1 << 24 else (draw.below(1 << 24) * count) >> 24


def _fill(segments: Segments, values: dict[str, str]) -> str:
    return "".join(text if field is None else text + values[field] for text, field in segments)


def holds_field(segments: Segments) -> bool:
    return any(field is not None for _, field in segments)
