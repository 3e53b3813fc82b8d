"""Where a question quotes or paraphrases what is said: a clause of it, not one topic word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import lexicon
from .candidate import Candidate
from .kin import kin
from .traits import ANY_KIND
from .vocabulary import EXCLUSIVE
from .words import CJK, Pattern, Word, concepts_in, content_words, fold, stem, stop_words, words

_SAID = re.compile(
    r"(?:^|_)(?:text|transcript\w*|transcription|translat\w+|lyrics?|sentences?|utterances?|words?|prompt"
    r"|phrases?|quote"
    r"|message|greeting|announcement|command|instruction|request|reply|line|verse|statement|spoken|said|says"
    r"|summary)"
    r"(?:_|$)"
)
_NO_TEXT = re.compile(
    r"(?:_|^)(?:count|number|num|n|id|length|language|lang|type|s|ms|role|gender|per_minute)$"
)
_WH_NOUN = re.compile(
    r"\b(?:what|which|how many|how much|welche\w*|wie viele?|que|cuant[oa]s|quelle?s?|combien de|che|quale"
    r"|quant[ie]|qual"
    r"|quant[oa]s|как\w+|сколько)\s+(times?|days?|dates?|hours?|years?|month|uhr|tag|heures?|jours?|horas?"
    r"|dias?|ore|ora|giorno"
    r"|час\w*|день|дня|год)\b"
)
_A_ROW = 3
_ALIKE = "\n".join((*EXCLUSIVE, ANY_KIND))


def is_said(name: str) -> bool:
    """Whether a fact of this name holds words that somebody says."""
    return _SAID.search(name) is not None and _NO_TEXT.search(name) is None


def quoted_clause(spoken: str, candidate: Candidate) -> tuple[int, int] | None:
    """Where the question has a clause of what is said.

    That is the whole text where it is short; or three words in a row with two content words; or two content words
    of a text of up to six, three of a longer one.
    """
    if CJK.search(spoken):
        return _common_characters(fold(spoken), candidate.asked)
    said = words(spoken)
    stops = stop_words(candidate.language)
    content = {
        word.text
        for word in content_words(spoken, candidate.language)
        if word.text not in lexicon.GENERIC and word.text not in stops
    }
    if len(content) < 2:
        if not content:
            return None
        return next(Pattern(tuple(word.text for word in said)).spans(candidate.asked_words), None)
    asked_for = _asked_for(candidate)
    asked = [word for word in candidate.asked_words if word.text not in stops and word.start not in asked_for]
    shared = {word: found for word in asked if (found := _like(word, content, spoken, candidate)) is not None}
    least = 2 if len(content) <= 6 else 3
    in_a_row = _run_in_common([w.text for w in said], candidate.asked_words, content)
    if in_a_row is not None:
        return in_a_row
    if len(set(shared.values())) < least:
        return None
    return min(word.start for word in shared), max(word.end for word in shared)


def _asked_for(candidate: Candidate) -> set[int]:
    """Where the nouns right after question words stand: `at what hour` doesn't tell that an hour is named."""
    return {match.start(1) for match in _WH_NOUN.finditer(candidate.asked)}


def _like(word: Word, content: set[str], spoken: str, candidate: Candidate) -> str | None:
    """The word of a text that a word of the question repeats, inflects or is a synonym of."""
    if word.text in content:
        return word.text
    found = next((one for one in sorted(content) if _inflected(word.text, one)), None)
    if found is not None:
        return found
    ours, theirs = concepts_in(_ALIKE, candidate.question), concepts_in(_ALIKE, spoken)
    for concept, spans in ours.items():
        if concept in theirs and any(start <= word.start < end for start, end in spans):
            start, end = theirs[concept][0]
            return fold(spoken)[start:end]
    return None


def _inflected(one: str, other: str) -> bool:
    """Whether two words are one, inflected: of one family, or for other languages a long common beginning."""
    if kin(one, other):
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 5 and not one.isascii() and longer.startswith(shorter[: max(4, len(shorter) - 2)])


def _run_in_common(said: list[str], asked: Sequence[Word], content: set[str]) -> tuple[int, int] | None:
    runs = {tuple(said[i : i + _A_ROW]) for i in range(len(said) - _A_ROW + 1)}
    for i in range(len(asked) - _A_ROW + 1):
        run = tuple(word.text for word in asked[i : i + _A_ROW])
        if run in runs and sum(word in content for word in run) >= 2:
            return asked[i].start, asked[i + _A_ROW - 1].end
    return None


_FUNCTION_CJK = re.compile(
    r"什么时候|为什么|什么|怎么样?|怎样|多少|几点|哪[里儿个天]?|谁|几|[ぁ-ゟ]|何|誰|いつ|どこ"
)


def _common_characters(said: str, asked: str) -> tuple[int, int] | None:
    """A stretch in common that says something: question words, particles and names of classes say nothing."""
    bare = re.sub(r"\W", "", said)
    length = max(2, min(4, len(bare)))
    for start in range(len(asked) - length + 1):
        piece = asked[start : start + length]
        if piece in bare and not re.search(r"\W", piece):
            telling = _FUNCTION_CJK.sub("", piece)
            for generic in lexicon.GENERIC_CJK:
                telling = telling.replace(generic, "")
            if len(telling) >= min(3, length):
                return start, start + length
    return None


def says(word: str, spoken: str) -> bool:
    """Whether a word is among those of what is said, so that a question with it may speak of that."""
    wanted = stem(word)
    return any(other.stem == wanted for other in words(spoken))
