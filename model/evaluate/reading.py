"""What answers say: the labels, numbers and items that a text names, in any script and language."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

from ...errors import InputError

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_NUMBER = re.compile(r"(?:(?<![\w.,])[-+])?(?:\d+(?:[.,]\d+)*|\.\d+)")
_GROUPED = re.compile(r"(?<=\d)[\u00a0\u202f\u2009](?=\d{3}(?!\d))")


def words(text: str) -> tuple[str, ...]:
    """The words of a text in any script: case, punctuation and compatibility forms don't count.

    Scripts that write no spaces (Han, Kana, Thai, Lao, Khmer, Burmese) give one word per character, so that a label
    is found inside a sentence.
    """
    found: list[str] = []
    open_word = False
    for character in unicodedata.normalize("NFKC", text).casefold():
        category = unicodedata.category(character)[0]
        if category == "M" and found and open_word:
            found[-1] += character
        elif category not in "LN":
            open_word = False
        elif _UNSPACED.match(character):
            found.append(character)
            open_word = False
        elif open_word:
            found[-1] += character
        else:
            found.append(character)
            open_word = True
    return tuple(found)


class LabelNames:
    """What names each label of a task in a text, longest wording first.

    Args:
        labels: the label set of the task.
        wordings: label -> the ways in which answers to this question word it (`label_wordings`).
        elsewhere: the same of the task's other questions; counts where `wordings` says nothing else, for "yes" means
            one label after one question and another after the next.

    A label without any wording is worded as itself. A wording that two labels share names neither.
    """

    def __init__(
        self,
        labels: Iterable[str],
        wordings: Mapping[str, Sequence[str]] | None = None,
        elsewhere: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._labels = {words(label): label for label in labels}
        owners = _owners(self._labels.values(), wordings or {})
        for wording, names in _owners(self._labels.values(), elsewhere or {}).items():
            owners.setdefault(wording, names)
        worded = {label for names in owners.values() for label in names}
        for bare, label in self._labels.items():
            if label not in worded:
                owners.setdefault(bare, {label})
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for wording in sorted(owners, key=lambda wording: (-len(wording), wording)):
            if wording and len(owners[wording]) == 1:
                self._by_first[wording[0]].append((wording, next(iter(owners[wording]))))

    def named(self, text: str) -> frozenset[str]:
        """The labels that a text names; at each place the longest wording wins ("new york" over "york")."""
        text_words = words(text)
        if text_words and text_words in self._labels:
            return frozenset({self._labels[text_words]})
        found = set()
        place = 0
        while place < len(text_words):
            step = 1
            for wording, label in self._by_first.get(text_words[place], ()):
                if text_words[place : place + len(wording)] == wording:
                    found.add(label)
                    step = len(wording)
                    break
            place += step
        return frozenset(found)


def label_wordings(answers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """How the answers to one question word each label: "A woman is speaking." words `female` as "woman".

    A whole answer is always a wording. One that holds the bare label also words it so. Another is compared with the
    answers of other labels: the words between what the two begin and end with are a wording, too.

    Args:
        answers: (label, answer) of instructions that ask the same question.
    """
    pairs = sorted({(label, words(answer)) for label, answer in answers})
    found: dict[str, set[str]] = defaultdict(set)
    for label, text in pairs:
        bare = words(label)
        wording = (
            bare if _contains(text, bare) else _slot(text, [other for name, other in pairs if name != label])
        )
        found[label] |= {" ".join(text), " ".join(wording)}
    return {label: sorted(found[label]) for label in sorted(found)}


def first_number(text: str, language: str = "") -> float | None:
    """The first number written in digits (any script); None without one.

    A single sign between digits is a decimal one, in every language, since models don't keep to their own: "3.9 Meter"
    is 3.9. Only before exactly three digits ("1.234", "1,234") it may group them; there the language decides (English,
    where none is given). Blanks that don't break a line group digits in every language.
    """
    joined = _GROUPED.sub("", text)
    match = _NUMBER.search(unicodedata.normalize("NFKC", joined).replace("\u2212", "-"))
    if match is None:
        return None
    number = match.group()
    decimal, group = _signs(language)
    if re.fullmatch(rf"[-+]?[1-9]\d{{0,2}}({re.escape(group)}\d{{3}})+({re.escape(decimal)}\d+)?", number):
        number = number.replace(group, "")
    sign_and_whole, *rest = re.split(r"[.,]", number)
    return float(f"{sign_and_whole}.{rest[0]}" if rest else sign_and_whole)


@cache
def _signs(language: str) -> tuple[str, str]:
    """The decimal and the grouping sign of a language (Unicode CLDR); those of English where it isn't known."""
    try:
        locale = Locale.parse(language.partition("-")[0] or "en")
    except (UnknownLocaleError, ValueError):
        return ".", ","
    return get_decimal_symbol(locale), get_group_symbol(locale)


def list_items(label: str) -> list[str]:
    """The items of a list label: a JSON array, or text separated by commas, semicolons or lines."""
    if label.lstrip().startswith("["):
        try:
            return [str(item) for item in json.loads(label)]
        except json.JSONDecodeError:
            pass
    return [item.strip() for item in re.split(r"[,;\n、，；]", label) if item.strip()]


def written_without_spaces(texts: Iterable[str]) -> bool:
    """Whether most letters belong to scripts without spaces, for which CER says more than WER."""
    letters = [character for text in texts for character in text if unicodedata.category(character)[0] == "L"]
    return 2 * sum(bool(_UNSPACED.match(character)) for character in letters) > len(letters)


_LONGEST = 5  # words of a name that is looked for in an answer


class KnownAnswers:
    """What is known of the answers of one task and kind: the labels that there are, and how they are worded.

    Args:
        said: (template, label, answer) of instructions of this task, to learn how answers word the labels.
        tolerance: how far off a number may be; None is a tenth of the reference.
        label_of: the label that a name stands for, or the name itself; asked where an answer names no label as it
            stands.

    Raises:
        InputError: a number task with a label that is no number.
    """

    def __init__(
        self,
        kind: str,
        said: Sequence[tuple[str, str, str]] = (),
        tolerance: float | None = None,
        label_of: Callable[[str], str] = str,
    ) -> None:
        self.kind = kind
        self.tolerance = tolerance
        self.labels = sorted({label for _, label, _ in said})
        if kind == "list":
            self.labels = sorted({item for label in self.labels for item in list_items(label)})
        elif kind == "number":
            for label in self.labels:
                _check_number(label)
        self._known = frozenset(self.labels)
        self._label_of = label_of
        self._names: dict[str, LabelNames] = {}
        self._any = LabelNames(self.labels)
        if kind == "label":
            self._learn_names(said)

    def _learn_names(self, said: Sequence[tuple[str, str, str]]) -> None:
        by_template: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for template, label, answer in said:
            by_template[template].add((label, answer))
        wordings = {template: label_wordings(pairs) for template, pairs in by_template.items()}
        elsewhere = {
            label: sorted({wording for one in wordings.values() for wording in one.get(label, ())})
            for label in self.labels
        }
        self._any = LabelNames(self.labels, elsewhere)
        self._names = {
            template: LabelNames(self.labels, own, elsewhere)
            for template, own in wordings.items()
            if template
        }

    def named(self, text: str, template: str) -> frozenset[str]:
        """The labels that an answer to this template's question names; where it names none, by their other names."""
        return self._names.get(template, self._any).named(text) or self._called_otherwise(text)

    def listed(self, text: str) -> frozenset[str]:
        """The items of lists that an answer names."""
        return self._any.named(text) | self._known.intersection(map(self._label_of, list_items(text)))

    def _called_otherwise(self, text: str) -> frozenset[str]:
        """The labels that a text names in other words (`a crying baby` for `baby crying`); the longest names first."""
        said, place = words(text), 0
        found = set()
        while place < len(said):
            step = 1
            for size in range(min(_LONGEST, len(said) - place), 0, -1):
                label = self._label_of(" ".join(said[place : place + size]))
                if label in self._known:
                    found.add(label)
                    step = size
                    break
            place += step
        return frozenset(found)


def _check_number(label: str) -> None:
    try:
        float(label)
    except ValueError as error:
        raise InputError(
            f"a shard has an instruction of kind 'number' whose label is '{label}'; write its decimal form"
        ) from error


def _contains(text: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(text[place : place + len(part)] == part for place in range(len(text) - len(part) + 1))


def _owners(labels: Iterable[str], wordings: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], set[str]]:
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for label in labels:
        for wording in wordings.get(label, ()):
            owners[words(wording)].add(label)
    return owners


def _slot(text: tuple[str, ...], others: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """What is left of a text without the beginning and end that it shares with the most similar other one."""
    shortest = text
    for other in others:
        start = _common_prefix(text, other)
        end = _common_prefix(text[start:][::-1], other[start:][::-1])
        slot = text[start : len(text) - end]
        if len(slot) < len(shortest) and slot and len(other) > start + end:
            shortest = slot
    return shortest


def _common_prefix(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return length
