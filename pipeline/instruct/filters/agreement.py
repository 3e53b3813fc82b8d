"""When two answers say the same: their content compared, however it is worded and in whichever language."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from . import lexicon
from .binary import form_of
from .words import CJK, concepts_in, content_words, fold, language_of, number_words, stem, words

LEAST_IN_COMMON = 0.6
"""Dice's coefficient of the contents of two answers that say the same: one added detail is allowed, a list isn't."""

_TABLES = (
    lexicon.GENDER,
    lexicon.EMOTION,
    lexicon.LANGUAGE,
    lexicon.SOUND,
    lexicon.INSTRUMENT,
    lexicon.ROOM,
    lexicon.MODE,
)
_YES = re.compile(r"\W*(?:yes|yeah|yep|true|ja|doch|si|oui|sim|да)\b|\W*(?:是|有|对|会|可以)")
_NO = re.compile(r"\W*(?:no|nope|not|false|nein|non|nao|нет)\b|\W*(?:不|没|否)")


def says_yes(answer: str) -> bool | None:
    """Whether an answer begins with a yes or with a no; None where with neither."""
    folded = fold(answer)
    if _NO.match(folded):
        return False
    return True if _YES.match(folded) else None


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """What a text names: concepts of the lexicon, numbers as digits, other telling words as stems; for Chinese
    pairs of characters. Names of facts and the like (`speaker`, `emotion`) tell nothing.
    """
    language = language_of(text)
    found: set[str] = set()
    spans: list[tuple[int, int]] = []
    for table in _TABLES:
        for concept, places in concepts_in(table, text).items():
            found.add(f"={concept}")
            spans += places
    alone = len(words(text)) == 1
    for word in words(text) if alone else content_words(text, language):
        if CJK.search(word.text):
            found |= _pairs(word.text, [(start - word.start, end - word.start) for start, end in spans])
        elif not any(start <= word.start and word.end <= end for start, end in spans):
            number = numbers().get(word.text)
            if number is not None or word.text not in lexicon.GENERIC:
                found.add(number or stem(word.text))
    return frozenset(found)


def _pairs(run: str, named: list[tuple[int, int]]) -> set[str]:
    """The pairs of neighbouring characters in what is left of a Chinese text without concepts and generic words."""
    rest = "".join(
        " " if any(start <= i < end for start, end in named) else char for i, char in enumerate(run)
    )
    for generic in sorted(lexicon.GENERIC_CJK, key=len, reverse=True):
        rest = rest.replace(generic, " ")
    # A single character beside a concept is a part of its word: 女性 is 女.
    pieces = [piece for piece in rest.split() if len(piece) > 1 or not named]
    return {piece[i : i + 2] for piece in pieces for i in range(max(1, len(piece) - 1))}


@cache
def numbers() -> dict[str, str]:
    """Number words that are one word, as digits, in the languages whose number words are known."""
    return {way[0]: str(n) for n in range(100) for way in number_words(n) if len(way) == 1}


def agrees(reply: str, answer: str, question: str) -> bool:
    """Whether a reply to a question says what the reference answer says.

    For a yes/no question the same yes or no is enough. Otherwise what the question doesn't already say must be
    alike in both.
    """
    form = form_of(question)
    if form.binary and form.tests:
        expected = says_yes(answer)
        if expected is not None:
            return says_yes(reply) == expected
    asked = content(question)
    reference, found = content(answer), content(reply)
    if reference - asked:
        reference, found = reference - asked, found - asked
    if not reference:
        return fold(reply).strip(" .") == fold(answer).strip(" .")
    return 2 * len(reference & found) >= LEAST_IN_COMMON * (len(reference) + len(found))
