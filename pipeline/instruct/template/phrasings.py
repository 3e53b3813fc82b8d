"""The templates: how questions and answers are worded, read strictly and rendered fast.

A file, or what a task declares instead, holds, under each language, `forms`: questions and the answers that fit them.

    en:
      words: {female: female, male: male}        # a word for each label
      forms:
        - questions: ["What is the gender of the speaker? The answer could be {options}."]
          answers: ["{answer}", "The speaker is {answer}."]
        - questions: ["Is a woman speaking?"]
          answers: {female: ["Yes."], male: ["No."]}

A form may have `words` of its own. `{Answer}` is `{answer}` with a capital. `<audio>` in a question says where a clip
goes. A brace that is to be seen is written twice. `join: ["、", "还是"]` lists {options} otherwise than the language's
lists with "or" are written.

Numbers are written in the language's way (`saying`). `{metres}`, `{seconds}` and `{years}` are the number with that
unit in its plural form; for what else is counted, `units` gives a form for each plural category of the language, with
`#` for the number: `words: {one: "# word", other: "# words"}` makes `{words}`. Of a list, `{answer}` has commas between
the items (semicolons where these hold decimal commas), `{list}` an "and" before the last.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ....errors import InputError
from .. import saying
from ..tasks.task import MARKER, Task
from .wordings import Phrasings, Question, QuestionForm, Segments, Units, holds_field

FOLDER = Path(__file__).parents[1] / "tasks" / "templates"
REQUESTS = Path(__file__).with_name("written.yaml")
"""How questions ask for words in another form than usual, by language and form (`written.py`)."""

# libyaml's where PyYAML has it: ten times as fast, and a task's templates are a thousand lines.
_BaseLoader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_YES_NO = re.compile(
    r"(?:yes|no|ja|nein|sí|no|oui|non|да|нет|是的|是|不是|对的|对|不对)(?:[\s,.;:!，。；：！]|$)",
    re.IGNORECASE,
)


@cache
def _requests() -> dict[str, dict[str, list[str]]]:
    requests: dict[str, dict[str, list[str]]] = yaml.load(
        REQUESTS.read_text(encoding="utf-8"), Loader=_SafeLoader
    )
    return requests


@cache
def phrasings_of(task: Task) -> Phrasings:
    """The wordings of a task.

    Raises:
        InputError: they are missing or malformed; names the file, the line and the fix.
    """
    return read_phrasings(templates_of(task), task)


def templates_of(task: Task) -> Path | Mapping[str, Any]:
    """Where the wordings of a task are: a file, or what one would hold."""
    return FOLDER / f"{task.name}.yaml" if task.templates is None else task.templates


def read_phrasings(source: Path | Mapping[str, Any], task: Task) -> Phrasings:
    """Reads a template file, or what one would hold.

    Raises:
        InputError: it is missing or malformed; names the file, the line and the fix.
    """
    if isinstance(source, Mapping):
        return _Reader(f"task '{task.name}': templates", task).phrasings(_as_read(source))
    return _Reader(str(source), task).phrasings(_read(source, task))


def _read(path: Path, task: Task) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; task '{task.name}' needs its template file") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}:" if error.problem_mark else ""
        raise InputError(f"{path}:{line} isn't valid YAML ({error.problem}); mend it there") from None


class _Text(str):
    """A scalar that knows its line, where it has one."""

    line: int | None = None


def _as_read(content: Any) -> Any:
    """Python's mappings, lists and texts as they would come out of a file."""
    if isinstance(content, Mapping):
        return {_Text(key): _as_read(value) for key, value in content.items()}
    return [_as_read(item) for item in content] if isinstance(content, list | tuple) else _Text(content)


class _Loader(_BaseLoader):  # type: ignore[misc, valid-type]
    """Every scalar is text (`no` is a language, not False), and a key that stands twice is an error."""

    def construct_scalar(self, node: Any) -> _Text:
        text = _Text(super().construct_scalar(node))
        text.line = node.start_mark.line + 1
        return text

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            raise yaml.MarkedYAMLError(problem="a key stands here twice", problem_mark=node.start_mark)
        return mapping


class _Reader:
    """Turns what YAML gave into phrasings, or says what is wrong with it."""

    def __init__(self, where: str, task: Task) -> None:
        self.where = where
        self.task = task

    def error(self, field: str, problem: str, at: Any = None) -> InputError:
        line = f" line {at.line}:" if isinstance(at, _Text) and at.line else ""
        return InputError(f"{self.where}:{line} field '{field}' {problem}")

    def phrasings(self, content: Any) -> Phrasings:
        if not isinstance(content, dict) or "en" not in content:
            raise InputError(f"{self.where}: must hold languages such as 'en:', and 'en' among them")
        questions = {str(code): self.language(code, block) for code, block in content.items()}
        return Phrasings(self.task, questions, dict.fromkeys(self.task.options, 1))

    def language(self, code: _Text, block: Any) -> list[Question]:
        block = self.fields(code, block, ("forms",), ("join", "units", "words"), code)
        words = self.words(f"{code}.words", block.get("words", {}))
        join = self.join(code, block.get("join"))
        units = self.units(code, block.get("units", {}))
        if not isinstance(block["forms"], list) or not block["forms"]:
            raise self.error(f"{code}.forms", "must be a list of forms", code)
        requests = {} if self.task.written is None else _requests().get(code, {})
        if self.task.written is not None and not requests:
            raise self.error(code, f"needs its requests in {REQUESTS}", code)
        questions: list[Question] = []
        for number, item in enumerate(block["forms"], 1):
            field = f"{code}.forms[{number}]"
            form = self.fields(field, item, ("questions", "answers"), ("words",), code)
            own = self.words(f"{field}.words", form["words"]) if "words" in form else words
            answers = self.answers(f"{field}.answers", form["answers"], units)
            built = QuestionForm(own, join, units, answers, requests)
            for text in self.texts(f"{field}.questions", form["questions"]):
                segments = self.segments(f"{field}.questions", text, ("options",))
                lists = holds_field(segments)
                self.check_question(f"{field}.questions", text, answers, lists)
                name = f"{self.task.name}/{code}/{len(questions) + 1}"
                questions.append(Question(name, str(code), segments, lists, _is_binary(answers), built))
        return questions

    def join(self, code: _Text, value: Any) -> tuple[str, str]:
        """What stands between the options, and before the last one."""
        if value is None:
            try:
                return saying.joints(code, "or")
            except InputError as error:
                raise self.error(code, f"can't be read: {error}", code) from None
        texts = self.texts(f"{code}.join", value)
        if len(texts) != 2:
            raise self.error(f"{code}.join", "must be two texts, such as [', ', ' or ']", texts[0])
        return str(texts[0]), str(texts[1])

    def units(self, code: _Text, value: Any) -> Units:
        field = f"{code}.units"
        if not isinstance(value, dict) or (value and self.task.kind != "number"):
            raise self.error(field, "must name what numbers count, in a task whose answers are numbers", code)
        needed = saying.plurals(code, self.task.digits) if value else ()
        for name, forms in value.items():
            if not isinstance(forms, dict) or not {*needed} <= {*forms}:
                raise self.error(f"{field}.{name}", f"needs a form for each of {', '.join(needed)}", name)
        return {
            str(name): {str(key): str(form) for key, form in forms.items()} for name, forms in value.items()
        }

    def check_question(
        self, field: str, text: _Text, answers: dict[str, list[Segments]], lists_options: bool
    ) -> None:
        markers = text.count(MARKER)
        if markers not in (0, self.task.clips):
            raise self.error(
                field, f"holds {markers} {MARKER}; give none, or {self.task.clips} of them", text
            )
        if not lists_options:
            return
        if not all(holds_field(answer) for several in answers.values() for answer in several):
            raise self.error(field, "lists {options}; each answer of its form must then hold {answer}", text)

    def answers(self, field: str, value: Any, units: Units) -> dict[str, list[Segments]]:
        known = ["answer", "Answer"]
        if self.task.kind == "number":
            known += [*saying.UNITS, *units]
        elif self.task.kind == "list":
            known += ["list", "List"]
        by_label = value if isinstance(value, dict) else {"": value}
        if isinstance(value, dict):
            self.check_labels(field, value)
        return {
            str(label): [self.segments(field, text, known) for text in self.texts(field, several)]
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

    def segments(self, field: str, text: _Text, known: Sequence[str]) -> Segments:
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


def _is_binary(answers: dict[str, list[Segments]]) -> bool:
    return all(
        _YES_NO.match(segments[0][0]) for several in answers.values() for segments in several if segments
    )
