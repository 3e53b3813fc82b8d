"""Where a question names the value of a fact: the same word, its kin, a synonym, a translation, a number in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ....recipes.kit.languages import LANGUAGES
from . import lexicon
from .candidate import Candidate
from .clauses import is_said
from .grammar import STOP_WORDS
from .kin import cognate, kin
from .known import kind_of
from .leaves import leaves
from .sizes import age_places, number_places
from .traits import ANY_KIND, BROADER, DEGREE, NAMED
from .words import CJK, Pattern, Word, concepts_in, content_words, fold, stem, stop_words, words

_UNTOLD = re.compile(r"^(?:speaker|source)$|(?:^|_)(?:id|path|file\w*|uuid|session|url)$")
"""Facts that have a filter of their own: nobody can hear an identifier."""

_MODELS = frozenset(["tts_model", "pitch", "note", "chord", "chords", "key", "time_signature", "meter"])
"""Facts whose values are names: part of one is another."""

_KINDS_OF = re.compile(r"species|breed|(?:^|_)(?:sub)?genre|style|model|(?:^|_)type$")
"""Facts that tell which of a kind; the last word of a value is often that kind."""

_CLASSED = ("gender", "emotion", "spoof", "age")
"""Kinds of fact whose values are in one table."""

_THINGS = ("sound", "instrument", "room", "genre", "emotion")
_SCALES = lexicon.word_set(
    "strong normal high low medium long short loud quiet fast slow small large big tiny huge moderate mild"
    " light heavy"
    " good bad clear first second third single other true false yes no full part natural low-pitched left"
    " right soft"
)
"""Degrees: `how strongly` asks for them and gives nothing away."""

_ORDER = lexicon.word_set(
    "whole then begins starts ends begin start end begin finally several while entire something"
)
"""Words of any description."""

_DESCRIBES = re.compile(r"caption|description")

_BEFORE_A_NOUN = re.compile(
    r"\b(?:the|this|that|such an?|der|die|das|dem|den|dies\w+)\s+(?:very |so |sehr )?$"
)
_NOUN = re.compile(r"\s+(?!(?:of|in|on|at|to|or|and|is|are|was|oder|und|ist)\b)[^\W\d_]")

_OF_A_PLACE = ("n", "an", "ian", "ean", "ese", "nese", "er", "ner", "ish", "ic")

_SEXES = {"f": "female", "m": "male", "w": "female"}

_QUALITY = re.compile(
    r"authenticit|autenticid|authentizit|autenticita|echtheit|genuineness|подлинност|真实性"
)
"""The quality that is asked for, not a value of it."""

_LONG = 5  # words; a longer value describes


@dataclass(frozen=True)
class Mention:
    """A value of a fact in the question, at [start, end) of the folded text."""

    fact: str
    value: str
    start: int
    end: int


def mentions(candidate: Candidate) -> list[Mention]:
    """Every place where the question names a value of a fact, but for what is said in the clip (see `clauses`)."""
    found: list[Mention] = []
    told = list(leaves(dict(candidate.facts)))
    mixed = {
        name for name, _ in told if kind_of(name) == "gender" and len({v for n, v in told if n == name}) > 1
    }
    for name, value in told:
        if name in mixed or _UNTOLD.search(name) or (isinstance(value, str) and is_said(name)):
            continue
        spans = dict.fromkeys(_spans(name, value, candidate))
        found += [
            Mention(name, _shown(value), start, end)
            for start, end in spans
            if not candidate.asked.endswith("o'", 0, start)
        ]
    return sorted(found, key=lambda mention: (mention.start, mention.end))


def _shown(item: Any) -> str:
    return item if isinstance(item, str) else f"{item:g}" if isinstance(item, float) else str(item).lower()


def _spans(name: str, value: Any, candidate: Candidate) -> Iterator[tuple[int, int]]:
    if isinstance(value, bool):
        if kind_of(name) == "spoof":
            genuine = re.search(r"genuine|bona_?fide|authentic|is_real|is_human", name) is not None
            yield from _concept_spans(NAMED["spoof"], str(value != genuine).lower(), candidate)
        elif value and name.startswith("is_"):
            yield from _text_spans("flag", name.removeprefix("is_").replace("_", " "), candidate)
        elif not value:
            yield from _lacking_spans(name, candidate)
    elif isinstance(value, int | float):
        yield from number_places(name, float(value), candidate)
    elif isinstance(value, str):
        yield from _text_spans(name, value, candidate)


def _text_spans(name: str, value: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    kind = kind_of(name)
    if kind == "language" and value.partition("-")[0] in LANGUAGES:
        value = LANGUAGES[value.partition("-")[0]]
    tokens = [word.text for word in words(value)]
    if not tokens:
        return
    if value.lower() in ("male", "female"):
        kind = "gender"
    if kind == "gender" and value.lower() in _SEXES:
        value = _SEXES[value.lower()]
    for degree in concepts_in(DEGREE, value):
        yield from _attributive(degree, candidate)
    if kind == "age":
        yield from age_places(value, candidate)
    if name == "intent" and len(tokens) > 1:
        yield from _together_spans([stem(token) for token in tokens], candidate)
        return
    if kind == "key" or name in _MODELS:
        yield from _name_spans(kind, value, tokens, candidate)
        return
    covered = False
    for table in _tables(kind, value):
        for concept, inside in concepts_in(table, value).items():
            if _is_class_of(concept, value, inside) or _is_head_only(name, kind, value, inside):
                continue
            covered = True
            yield from _concept_spans(table, concept, candidate)
    if kind == "gender":
        male = "male" in concepts_in(NAMED["gender"], value)
        yield from _pronoun_spans("male" if male else "female", candidate)
        return
    if CJK.search(value):
        yield from (
            (match.start(), match.end()) for match in re.finditer(re.escape(fold(value)), candidate.asked)
        )
    elif kind == "room" and len(tokens) > 1:
        yield from Pattern(tuple(tokens)).spans(candidate.asked_words)
    elif len(tokens) > _LONG or _DESCRIBES.search(name):
        told = [word.text for word in content_words(value, None) if word.text not in _SCALES | _ORDER]
        yield from _kin_spans(told, candidate)
    elif kind in ("language", "accent"):
        if not covered:
            yield from _adjective_spans(tokens[0], candidate)
    else:
        if len(tokens) == 1 and value[:1].isupper():
            yield from _adjective_spans(tokens[0], candidate)
        yield from _kin_spans(_informative(name, kind, tokens), candidate)


@lru_cache(maxsize=256)
def _tables(kind: str, value: str) -> tuple[str, ...]:
    if kind in ("language", "accent"):
        return (NAMED["language"],)
    if kind in _CLASSED:
        return (NAMED[kind], ANY_KIND) if kind == "emotion" else (NAMED[kind],)
    named = tuple(NAMED[thing] for thing in ((kind,) if kind in NAMED else _THINGS))
    people = (NAMED["language"],) if any(word[:1].isupper() for word in value.split()) else ()
    if kind == "other":
        named = (*named, NAMED["age"])
    return (*named, *people, ANY_KIND)


def _name_spans(kind: str, value: str, tokens: list[str], candidate: Candidate) -> Iterator[tuple[int, int]]:
    if kind == "key":
        for concept in concepts_in(NAMED["mode"], value):
            yield from _concept_spans(NAMED["mode"], concept, candidate)
    if len(tokens) > 1 or (len(tokens[0]) > 2 and tokens[0] not in _SCALES):
        yield from Pattern(tuple(tokens)).spans(candidate.asked_words)


def _is_class_of(concept: str, value: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether the value is only one kind of what the concept stands for (bird: owl)."""
    broad = BROADER.get(concept)
    return broad is not None and not any(re.search(broad, fold(value)[start:end]) for start, end in spans)


def _is_head_only(name: str, kind: str, value: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a concept is only the head of a longer noun phrase, a hypernym (guitar: nylon-string guitar)."""
    if kind == "sound" and not _KINDS_OF.search(name):
        return False
    found = [word for word in words(value) if word.text not in lexicon.GENERIC | _SCALES]
    return len(found) > 1 and all(start == found[-1].start for start, end in spans)


def _informative(name: str, kind: str, tokens: list[str]) -> list[str]:
    """The words of a value that tell it from others: no names of classes, no heads of noun phrases, no degrees."""
    key = {stem(part) for part in name.split("_")}
    stops = stop_words("en")
    telling = [
        t
        for t in tokens
        if t not in lexicon.GENERIC and t not in stops and stem(t) not in key and t not in _SCALES
    ]
    if len(telling) > 1 and (kind != "sound" or _KINDS_OF.search(name)):
        telling = telling[:-1]
    return [token for token in telling if len(token) > 2]


def _kin_spans(values: list[str], candidate: Candidate) -> Iterator[tuple[int, int]]:
    """Words of the family of one of these; a function word of the question's language is none."""
    wanted = [value for value in values if value not in lexicon.GENERIC]
    if not wanted:
        return
    stops = stop_words(candidate.language)
    alike = kin if candidate.language in ("en", None) else _kin_or_cognate
    for word in candidate.asked_words:
        telling = word.text not in stops and word.text not in lexicon.GENERIC
        if telling and any(alike(word.text, value) for value in wanted):
            yield word.start, word.end


def _kin_or_cognate(one: str, other: str) -> bool:
    return kin(one, other) or cognate(one, other)


def _together_spans(wanted: list[str], candidate: Candidate) -> Iterator[tuple[int, int]]:
    """All of the words, in any order: half an intent is its topic."""
    places = {stemmed: [w for w in candidate.asked_words if w.stem == stemmed] for stemmed in wanted}
    if wanted and all(places.values()):
        found = [place[0] for place in places.values()]
        yield min(w.start for w in found), max(w.end for w in found)


def _attributive(degree: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """A degree that a definite noun has for its adjective; elsewhere it may be what is asked."""
    for start, end in concepts_in(DEGREE, candidate.question).get(degree, ()):
        if _BEFORE_A_NOUN.search(candidate.asked[:start]) and _NOUN.match(candidate.asked, end):
            yield start, end


def _lacking_spans(name: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """What a flag denies, as an adjective: queenless, non-overlapping."""
    for part in name.split("_"):
        if len(part) > 3:
            for match in re.finditer(
                rf"\b(?:{part}s?-?less|non-?{stem(part)}\w*|un{stem(part)}\w*)\b", candidate.asked
            ):
                yield match.span()


def _concept_spans(table: str, concept: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    asked, stops = candidate.asked, STOP_WORDS.get(candidate.language or "en", frozenset())
    for start, end in concepts_in(table, candidate.question).get(concept, ()):
        if (
            asked[start:end] not in lexicon.GENERIC
            and asked[start:end] not in stops
            and not _QUALITY.match(asked, start)
        ):
            yield start, end


def _pronoun_spans(value: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    language = candidate.language or "en"
    pronouns = lexicon.PRONOUNS.get(language, {}).get(value, ())
    if language != "en" and any(word.text in lexicon.NEUTRAL_ANTECEDENTS for word in candidate.asked_words):
        return
    text = candidate.question.lower()
    for pronoun in pronouns:
        pattern = rf"(?<![其吉]){pronoun}(?!们)" if CJK.match(pronoun) else rf"(?<!\w){pronoun}(?!\w)"
        yield from (match.span() for match in re.finditer(pattern, text))


def _adjective_spans(value: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """A nationality that the lexicon doesn't know: Nigerian, Nigeria, Nigerians."""
    derived = {value + ending for ending in _OF_A_PLACE}
    base = re.sub(r"(?:ians?|ans?|ese|ish|ic|i)$", "", value)
    for word in candidate.asked_words:
        if word.text == value or word.text in derived or _begins(word, base):
            yield word.start, word.end


def _begins(word: Word, base: str) -> bool:
    return len(base) >= 4 and word.text.startswith(base) and len(word.text) <= len(base) + 5
