"""How answers are scored: label, number, list and text metrics, baselines, and how sure the scores are."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol
from numpy.typing import ArrayLike

from ...errors import InputError

RELATIVE_TOLERANCE = 0.1
MIN_CLUSTERS = 5
_RESAMPLES = 1000
_CONFIDENCE = 0.95
_Z = 1.959963984540054  # the normal quantile at 0.975

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


def match_label(
    generated: str,
    label: str,
    labels: Iterable[str],
    wordings: Mapping[str, Sequence[str]] | None = None,
) -> bool:
    """Whether a text names `label` and no other label of the set (whole words, any script)."""
    return LabelNames({*labels, label}, wordings).named(generated) == {label}


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


def within_tolerance(value: float | None, reference: float, tolerance: float | None = None) -> bool:
    """Whether a number is near enough: within `tolerance`, or else within a tenth of the reference."""
    if value is None:
        return False
    allowed = RELATIVE_TOLERANCE * abs(reference) if tolerance is None else tolerance
    return abs(value - reference) <= allowed + 1e-9


def list_items(label: str) -> list[str]:
    """The items of a list label: a JSON array, or text separated by commas, semicolons or lines."""
    if label.lstrip().startswith("["):
        try:
            return [str(item) for item in json.loads(label)]
        except json.JSONDecodeError:
            pass
    return [item.strip() for item in re.split(r"[,;\n、，；]", label) if item.strip()]


def set_f1(found: Iterable[str], reference: Iterable[str]) -> float:
    """F1 of two sets; 1 when both are empty."""
    found, reference = set(found), set(reference)
    if not found and not reference:
        return 1.0
    return 2 * len(found & reference) / (len(found) + len(reference))


@dataclass(frozen=True)
class TextErrors:
    """Edits between a text and its reference, counted in words and in characters."""

    word_errors: int
    words: int
    character_errors: int
    characters: int


def text_errors(generated: str, reference: str) -> TextErrors:
    """The edits that WER and CER count, after the normalisation of `words`.

    Raises:
        InputError: the package jiwer is missing.
    """
    try:
        import jiwer
    except ImportError as error:
        raise InputError(
            "word error rates need the package jiwer: run `pip install 'cryfish[eval]'`"
        ) from error
    hypothesis, target = " ".join(words(generated)), " ".join(words(reference))
    if not target:
        return TextErrors(len(hypothesis.split()), 0, len(hypothesis), 0)
    by_word, by_character = (
        jiwer.process_words(target, hypothesis),
        jiwer.process_characters(target, hypothesis),
    )
    return TextErrors(
        by_word.substitutions + by_word.deletions + by_word.insertions,
        len(target.split()),
        by_character.substitutions + by_character.deletions + by_character.insertions,
        len(target),
    )


def written_without_spaces(texts: Iterable[str]) -> bool:
    """Whether most letters belong to scripts without spaces, for which CER says more than WER."""
    letters = [character for text in texts for character in text if unicodedata.category(character)[0] == "L"]
    return 2 * sum(bool(_UNSPACED.match(character)) for character in letters) > len(letters)


def majority(labels: Iterable[str]) -> str:
    """The most common label; of equally common ones the first in the alphabet."""
    counts = Counter(labels)
    return min(counts, key=lambda label: (-counts[label], label))


def wilson_interval(right: float, total: int) -> tuple[float, float]:
    """The 95 % interval of an accuracy (Wilson 1927): right even for few examples and for 0 and 100 %."""
    if total == 0:
        return 0.0, 1.0
    share = right / total
    centre = share + _Z**2 / (2 * total)
    half = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    scale = 1 + _Z**2 / total
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def bootstrap_ratio(
    points: ArrayLike, counts: ArrayLike, clusters: Sequence[str], seed: int
) -> tuple[float, float] | None:
    """The 95 % interval of `sum(points) / sum(counts)` when whole clusters (speakers) are drawn again.

    None with fewer than `MIN_CLUSTERS` clusters: so few speakers say nothing about others.
    Percentile bootstrap over clusters (Davison & Hinkley 1997, 3.8), 1000 draws.
    """
    names, cluster_of = np.unique(np.asarray(clusters, dtype=object).astype(str), return_inverse=True)
    if len(names) < MIN_CLUSTERS:
        return None
    tops = np.bincount(cluster_of, weights=np.asarray(points, dtype=float), minlength=len(names))
    bottoms = np.bincount(cluster_of, weights=np.asarray(counts, dtype=float), minlength=len(names))
    generator = np.random.default_rng(seed)
    even = np.full(len(names), 1 / len(names))
    # Drawn in rounds, so that 100,000 speakers need no matrix of 1000 x 100,000.
    rounds = [generator.multinomial(len(names), even, size=50) for _ in range(_RESAMPLES // 50)]
    ratios = np.concatenate([(draws @ tops) / np.maximum(draws @ bottoms, 1e-12) for draws in rounds])
    low, high = np.quantile(ratios, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return float(low), float(high)


def paired_difference(
    system: ArrayLike,
    other: ArrayLike,
    counts: ArrayLike,
    clusters: Sequence[str],
    seed: int,
) -> tuple[float, float] | None:
    """The 95 % interval of how much two systems' scores differ on the same examples (`bootstrap_ratio`)."""
    return bootstrap_ratio(np.subtract(system, other), counts, clusters, seed)


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
