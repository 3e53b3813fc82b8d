"""The wordings of a task: which questions can be asked where a label is right, and how they and their answers read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ....seeding import Draw
from .. import saying
from ..tasks.task import Task
from ..tasks.written import with_request
from .options import Offered

Segments = tuple[tuple[str, str | None], ...]

_ANSWERS_KEPT = 20_000

Units = dict[str, dict[str, str]]
"""Of each placeholder the forms by plural category."""


@dataclass(frozen=True, eq=False)
class QuestionForm:
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
    form: QuestionForm

    @cached_property
    def number(self) -> int:
        return int(self.id.rpartition("/")[2])

    @cached_property
    def asked(self) -> str:
        """The text of a question that lists nothing."""
        return "".join(text for text, _ in self.segments)

    @cached_property
    def asked_for(self) -> dict[str, str]:
        """The same with a request, by the form in which the answer's words are written."""
        return {form: self.requesting(form, self.asked) for form in self.form.requests}

    def requesting(self, form: str, asked: str) -> str:
        requests = self.form.requests[form]
        return with_request(asked, requests[self.number % len(requests)])


class Phrasings:
    """All wordings of a task, with the labels that its questions may list as options."""

    def __init__(self, task: Task, questions: dict[str, list[Question]], options: Mapping[str, int]) -> None:
        self.task = task
        self.questions = questions
        self.options = options
        self._listed: dict[QuestionForm, Offered] = {}
        self._answers: dict[tuple[Question, str], str] = {}

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
        universal = self.task.kind == "text" or self.task.label_is_transcript or question.language == "en"
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
        return not question.lists_options or self._offered(question).beside(label) > 0

    def render(
        self, question: Question, label: str, draw: Draw, true: Sequence[str] = ()
    ) -> tuple[str, str] | None:
        """The question's and the answer's text, for a question that fits the label; `true` is what else is true.

        None where the question lists options, and those drawn wouldn't exclude each other. A question always has its
        answer worded in the same way. Were the wording drawn, most of the loss would be about which one comes, and
        little about what is heard.
        """
        form = self.task.written(label) if self.task.written is not None else ""
        if question.lists_options:
            options = self._offered(question).draw(label, draw, true)
            if not options:
                return None
            options.insert(draw.below(len(options) + 1), self.word(question, label) or "")
            listed = saying.listed(options, *question.form.join, question.language)
            asked = "".join(text if field is None else text + listed for text, field in question.segments)
            asked = question.requesting(form, asked) if form else asked
        else:
            asked = question.asked_for[form] if form else question.asked
        return asked, self._answer(question, label)

    def _answer(self, question: Question, label: str) -> str:
        """Those to labels are kept, since they come again."""
        if self.task.kind != "label":
            return self._answered(question, label)
        answer = self._answers.get((question, label))
        if answer is None:
            if len(self._answers) > _ANSWERS_KEPT:
                self._answers.clear()
            answer = self._answers[question, label] = self._answered(question, label)
        return answer

    def _answered(self, question: Question, label: str) -> str:
        answers = question.form.answers_to(label)
        word = self.word(question, label) or ""
        said = ""
        for text, field in answers[question.number % len(answers)]:
            said += text if field is None else text + self._value(field, question, label, word)
        return said

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

    def _offered(self, question: Question) -> Offered:
        offered = self._listed.get(question.form)
        if offered is None:
            worded = ((label, self.word(question, label), count) for label, count in self.options.items())
            offered = Offered(self.task, [(label, word, count) for label, word, count in worded if word])
            self._listed[question.form] = offered
        return offered


def holds_field(segments: Segments) -> bool:
    return any(field is not None for _, field in segments)
