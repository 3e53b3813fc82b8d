"""The template files: how questions and answers are worded, read strictly and rendered fast.

A file holds, under each language, `forms`: questions and the answers that fit them.

    en:
      join: [", ", " or "]                       # how {options} are listed
      words: {female: female, male: male}        # a word for each label
      forms:
        - questions: ["What is the gender of the speaker? The answer could be {options}."]
          answers: ["{answer}", "The speaker is {answer}."]
        - questions: ["Is a woman speaking?"]
          answers: {female: ["Yes."], male: ["No."]}

A form may have `words` of its own. `{Answer}` is `{answer}` with a capital. `<audio>` in a question says where a clip
goes. A brace that is to be seen is written twice.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ...errors import InputError
from .draws import Draw
from .options import Offered
from .task import MARKER, Task

FOLDER = Path(__file__).parent / "templates"

_YES_NO = re.compile(
    r"(?:yes|no|ja|nein|sí|no|oui|non|да|нет|是的|是|不是|对的|对|不对)(?:[\s,.;:!，。；：！]|$)",
    re.IGNORECASE,
)

Segments = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, eq=False)
class Form:
    """Answers that fit all questions of the form: by label, or under "" for any label."""

    words: dict[str, str]
    join: list[str]
    answers: dict[str, list[Segments]]

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


class Phrasings:
    """All wordings of a task, with the labels that its questions may list as options."""

    def __init__(self, task: Task, questions: dict[str, list[Question]], options: Mapping[str, int]) -> None:
        self.task = task
        self.questions = questions
        self.options = options
        self._listed: dict[Form, Offered] = {}

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
        universal = self.task.kind != "label" or self.task.verbatim
        return self.task.spoken(label) if universal or question.language == "en" else None

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
                _holds_field(segments) for segments in (question.segments, *answers)
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
        answers = question.form.answers_to(label)
        answer = answers[int(question.id.rpartition("/")[2]) % len(answers)]
        word = self.word(question, label) or ""
        values = {"answer": word, "Answer": word[:1].upper() + word[1:]}
        if question.lists_options:
            options = self._offered(question).draw(label, draw, true)
            if not options:
                return None
            options.insert(draw.below(len(options) + 1), word)
            comma, last = question.form.join
            values["options"] = comma.join(options[:-1]) + last + options[-1]
        return _fill(question.segments, values), _fill(answer, values)

    def _offered(self, question: Question) -> Offered:
        offered = self._listed.get(question.form)
        if offered is None:
            worded = ((label, self.word(question, label), count) for label, count in self.options.items())
            offered = Offered(self.task, [(label, word, count) for label, word, count in worded if word])
            self._listed[question.form] = offered
        return offered


def _fill(segments: Segments, values: dict[str, str]) -> str:
    return "".join(text if field is None else text + values[field] for text, field in segments)


def _is_binary(answers: dict[str, list[Segments]]) -> bool:
    return all(
        _YES_NO.match(segments[0][0]) for several in answers.values() for segments in several if segments
    )


def _holds_field(segments: Segments) -> bool:
    return any(field is not None for _, field in segments)


@cache
def phrasings_of(task: Task) -> Phrasings:
    """The wordings of a registered task.

    Raises:
        InputError: its file is missing or malformed; names the file, the line and the fix.
    """
    return read_phrasings(FOLDER / f"{task.name}.yaml", task)


def read_phrasings(path: Path, task: Task) -> Phrasings:
    """Reads a template file.

    Raises:
        InputError: it is missing or malformed; names the file, the line and the fix.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; task '{task.name}' needs its template file") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}:" if error.problem_mark else ""
        raise InputError(f"{path}:{line} isn't valid YAML ({error.problem}); mend it there") from None
    return _Reader(path, task).phrasings(content)


class _Text(str):
    """A scalar that knows its line."""

    line: int


class _Loader(yaml.BaseLoader):
    """Every scalar is text (`no` is a language, not False), and a key that stands twice is an error."""

    def construct_scalar(self, node: Any) -> _Text:
        text = _Text(super().construct_scalar(node))
        text.line = node.start_mark.line + 1
        return text

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            raise yaml.MarkedYAMLError(problem="a key stands here twice", problem_mark=node.start_mark)
        return mapping


class _Reader:
    """Turns what YAML gave into phrasings, or says what is wrong with it."""

    def __init__(self, path: Path, task: Task) -> None:
        self.path = path
        self.task = task

    def error(self, field: str, problem: str, at: Any = None) -> InputError:
        line = f" line {at.line}:" if isinstance(at, _Text) else ""
        return InputError(f"{self.path}:{line} field '{field}' {problem}")

    def phrasings(self, content: Any) -> Phrasings:
        if not isinstance(content, dict) or "en" not in content:
            raise InputError(f"{self.path}: must hold languages such as 'en:', and 'en' among them")
        questions = {str(code): self.language(code, block) for code, block in content.items()}
        return Phrasings(self.task, questions, dict.fromkeys(self.task.options, 1))

    def language(self, code: _Text, block: Any) -> list[Question]:
        block = self.fields(code, block, ("forms",), ("join", "words"), code)
        words = self.words(f"{code}.words", block.get("words", {}))
        join = self.texts(f"{code}.join", block["join"]) if "join" in block else []
        if len(join) not in (0, 2):
            raise self.error(f"{code}.join", "must be two texts, such as [', ', ' or ']", join[0])
        if not isinstance(block["forms"], list) or not block["forms"]:
            raise self.error(f"{code}.forms", "must be a list of forms", code)
        questions: list[Question] = []
        for number, item in enumerate(block["forms"], 1):
            field = f"{code}.forms[{number}]"
            form = self.fields(field, item, ("questions", "answers"), ("words",), code)
            own = self.words(f"{field}.words", form["words"]) if "words" in form else words
            answers = self.answers(f"{field}.answers", form["answers"])
            built = Form(own, [str(text) for text in join], answers)
            for text in self.texts(f"{field}.questions", form["questions"]):
                segments = self.segments(f"{field}.questions", text, ("options",))
                lists = _holds_field(segments)
                self.check_question(f"{field}.questions", text, answers, lists, bool(join))
                name = f"{self.task.name}/{code}/{len(questions) + 1}"
                questions.append(Question(name, str(code), segments, lists, _is_binary(answers), built))
        return questions

    def check_question(
        self, field: str, text: _Text, answers: dict[str, list[Segments]], lists_options: bool, joined: bool
    ) -> None:
        markers = text.count(MARKER)
        if markers not in (0, self.task.clips):
            raise self.error(
                field, f"holds {markers} {MARKER}; give none, or {self.task.clips} of them", text
            )
        if not lists_options:
            return
        if not joined:
            raise self.error(
                field, "lists {options}; give its language a 'join', such as [', ', ' or ']", text
            )
        if not all(_holds_field(answer) for several in answers.values() for answer in several):
            raise self.error(field, "lists {options}; each answer of its form must then hold {answer}", text)

    def answers(self, field: str, value: Any) -> dict[str, list[Segments]]:
        by_label = value if isinstance(value, dict) else {"": value}
        if isinstance(value, dict):
            self.check_labels(field, value)
        return {
            str(label): [
                self.segments(field, text, ("answer", "Answer")) for text in self.texts(field, several)
            ]
            for label, several in by_label.items()
        }

    def words(self, field: str, value: Any) -> dict[str, str]:
        if not isinstance(value, dict) or not all(isinstance(word, str) and word for word in value.values()):
            raise self.error(field, "must give each label one word")
        if value:
            self.check_labels(field, value)
        return {str(label): str(word) for label, word in value.items()}

    def check_labels(self, field: str, table: dict[_Text, Any]) -> None:
        if self.task.options and set(table) != set(self.task.options):
            needed, given = ", ".join(self.task.options), ", ".join(table)
            raise self.error(field, f"must have the labels {needed}; it has {given}", next(iter(table)))

    def fields(
        self, field: str, value: Any, needed: tuple[str, ...], optional: tuple[str, ...], at: Any
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.error(field, f"must hold the fields {', '.join(needed)}", at)
        for name in needed:
            if name not in value:
                raise self.error(field, f"lacks the field '{name}'", next(iter(value), at))
        for name in value:
            if name not in (*needed, *optional):
                known = ", ".join((*needed, *optional))
                raise self.error(f"{field}.{name}", f"is unknown; known are {known}", name)
        return {str(name): part for name, part in value.items()}

    def texts(self, field: str, value: Any) -> list[_Text]:
        texts = value if isinstance(value, list) else []
        if not texts or not all(isinstance(text, _Text) and text for text in texts):
            raise self.error(field, "must be a list of texts", value)
        return texts

    def segments(self, field: str, text: _Text, known: tuple[str, ...]) -> Segments:
        try:
            parsed = list(string.Formatter().parse(text))
        except ValueError as error:
            raise self.error(
                field, f"has a stray brace in {str(text)!r} ({error}); write it twice", text
            ) from None
        for _, name, spec, conversion in parsed:
            if name is not None and (name not in known or spec or conversion):
                places = " and ".join(f"{{{place}}}" for place in known)
                raise self.error(field, f"has the unknown placeholder {{{name}}}; known here: {places}", text)
        return tuple((literal, name) for literal, name, _, _ in parsed)
