"""Where a question names the value of a fact: the same word, its kin, a synonym, a translation, a "
"number in words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ....recipes.languages import LANGUAGES
from . import lexicon
from .candidate import Candidate
from .words import CJK, Pattern, Word, concepts_in, content_words, fold, number_spans, stem, words

_TABLES = {
    "gender": lexicon.GENDER,
    "emotion": lexicon.EMOTION,
    "mood": lexicon.EMOTION,
    "language": lexicon.LANGUAGE,
    "accent": lexicon.LANGUAGE,
    "room": lexicon.ROOM,
    "key": lexicon.MODE,
    "instrument": lexicon.INSTRUMENT,
    "sound_events": lexicon.SOUND,
    "noise_type": lexicon.SOUND,
    "recording_device": lexicon.SOUND,
}
_ALIASES = {
    "instruments": "instrument",
    "sound_event": "sound_events",
    "noise": "noise_type",
    "nationality": "language",
}
_SOUNDS = ("sound_events", "noise_type")
_SENTENCES = ("text", "translation")
_UNTOLD = ("speaker", "source")
"""Facts that have a filter of their own: nobody can hear an identifier."""

_UNITS = {
    "age": r"(?:-|\s)?(?:year|jahr|anos?\b|ans\b|anni\b|лет|год|岁)|\baged?\b",
    "distance_m": r"\s?(?:-?m\b|-?met|метр|米)",
    "snr_db": r"\s?-?(?:db\b|deci|dezi|децибел|дб|分贝)",
    "rt60_s": r"\s?-?(?:s\b|sec|sek|seg|секунд|秒)",
    "tempo_bpm": r"\s?-?(?:bpm|beat|schlag|schlage|pulsa|battement|удар|拍)",
    "num_speakers": r"\s?(?:\w+\s){0,2}(?:speaker|people|person|talker|voice|men\b|women\b|stimme|"
    r"sprecher|hablante|voces|voix|locuteur|"
    r"человек|голос|говорящ|个?人|位)",
    "pitch_midi": r"(?=)",
}
_SCALES = lexicon.word_set(
    "strong normal high low medium long short loud quiet fast slow small large big tiny huge"
)
"""Degrees: `how strongly` asks for them and gives nothing away."""


@dataclass(frozen=True)
class Mention:
    """A value of a fact in the question, at [start, end) of the folded text. `noun`: it can stand "
    "for the speaker."""

    fact: str
    value: str
    start: int
    end: int
    noun: bool = False


def mentions(candidate: Candidate) -> list[Mention]:
    """Every place where the question names a value of a fact, transcripts aside (see `quoted_clause`)."""
    found: list[Mention] = []
    for name, value in candidate.facts.items():
        if name in _UNTOLD or name in _SENTENCES:
            continue
        for item in value if isinstance(value, list) else [value]:
            spans = _spans(_ALIASES.get(name, name), item, candidate)
            noun = name == "gender"
            found += [Mention(name, _shown(item), start, end, noun) for start, end in dict.fromkeys(spans)]
    return sorted(found, key=lambda mention: (mention.start, mention.end))


def _shown(item: Any) -> str:
    return item if isinstance(item, str) else f"{item:g}" if isinstance(item, float) else str(item).lower()


def _spans(name: str, value: Any, candidate: Candidate) -> Iterator[tuple[int, int]]:
    if isinstance(value, bool):
        if name == "spoofed":
            yield from _concept_spans(lexicon.SPOOFED, str(value).lower(), candidate)
    elif isinstance(value, int | float) and math.isfinite(value):
        yield from _number_spans(name, float(value), candidate)
    elif isinstance(value, str):
        yield from _text_spans(name, value, candidate)


def _number_spans(name: str, value: float, candidate: Candidate) -> Iterator[tuple[int, int]]:
    unit = _UNITS.get(name, r"\s?-?" + re.escape(fold(name.split("_")[-1])))
    text = candidate.asked
    for start, end in number_spans(value, text):
        before = text[max(0, start - 12) : start]
        if re.match(unit, text[end : end + 24]) or (
            name == "age" and re.search(r"\b(?:aged?|is)\s*$", before) and value > 9
        ):
            yield start, end
    if name == "age" and value >= 20:
        yield from _decade_spans(f"{int(value) // 10 * 10}", candidate)


def _text_spans(name: str, value: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    if name == "language" and value.partition("-")[0] in LANGUAGES:
        value = LANGUAGES[value.partition("-")[0]]
    tokens = [word.text for word in words(value)]
    if not tokens:
        return
    if name == "age":
        yield from _age_spans(value, candidate)
        return
    if name == "intent":
        yield from _together_spans([stem(token) for token in tokens], candidate)
        return
    table = _TABLES.get(name)
    covered: set[str] = set()
    if table is not None:
        for concept, inside in concepts_in(table, value).items():
            if not _is_head_only(name, value, inside):
                covered |= {
                    w.text for w in words(value) for start, end in inside if start <= w.start and w.end <= end
                }
                yield from _concept_spans(table, concept, candidate)
    if name == "gender":
        yield from _pronoun_spans(value, candidate)
        return
    if len(tokens) > 5:
        yield from _stem_spans([t.text for t in content_words(value, None)], candidate)
        return
    if name in ("tts_model", "key", "pitch"):
        if name != "key" or len(tokens) > 1:
            yield from Pattern(tuple(tokens)).spans(candidate.asked_words)
        return
    if CJK.search(value):
        yield from (
            (match.start(), match.end()) for match in re.finditer(re.escape(fold(value)), candidate.asked)
        )
        return
    if name in ("language", "accent") and not covered:
        yield from _adjective_spans(tokens[0], candidate)
        return
    yield from _stem_spans(_informative(name, tokens, covered), candidate)


def _is_head_only(name: str, value: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a concept names only the head of a longer noun phrase, so that it is a hypernym "
    "(guitar: nylon-string guitar)."""
    if name in _SOUNDS:
        return False
    found = [word for word in words(value) if word.text not in lexicon.GENERIC | _SCALES]
    return len(found) > 1 and all(start == found[-1].start for start, end in spans)


def _informative(name: str, tokens: list[str], covered: set[str]) -> list[str]:
    """The words of a value that tell it from others: no names of classes, no heads of noun phrases, "
    "no degrees."""
    key = {stem(part) for part in name.split("_")}
    stops = {word.text for word in words(" ".join(tokens))} - {
        word.text for word in content_words(" ".join(tokens), "en")
    }
    telling = [
        t
        for t in tokens
        if t not in lexicon.GENERIC and t not in stops and stem(t) not in key and t not in _SCALES
    ]
    if len(telling) > 1 and name not in _SOUNDS:
        telling = telling[:-1]
    return [token for token in telling if token not in covered and len(token) > 2]


def _stem_spans(values: list[str], candidate: Candidate) -> Iterator[tuple[int, int]]:
    wanted = {stem(value) for value in values if value not in lexicon.GENERIC}
    for word in candidate.asked_words:
        if word.stem in wanted:
            yield word.start, word.end


def _together_spans(wanted: list[str], candidate: Candidate) -> Iterator[tuple[int, int]]:
    """All of the words, in any order: half an intent is its topic."""
    places = {stemmed: [w for w in candidate.asked_words if w.stem == stemmed] for stemmed in wanted}
    if wanted and all(places.values()):
        found = [place[0] for place in places.values()]
        yield min(w.start for w in found), max(w.end for w in found)


def _concept_spans(table: str, concept: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    yield from concepts_in(table, candidate.question).get(concept, ())


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
    base = re.sub(r"(?:ians?|ans?|ese|ish|ic|i)$", "", value)
    for word in candidate.asked_words:
        if word.text == value or (
            len(base) >= 4 and word.text.startswith(base) and len(word.text) <= len(base) + 5
        ):
            yield word.start, word.end


def _age_spans(value: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    decade = re.search(r"(\d)0s", value)
    names = [
        "tens",
        "twenties",
        "thirties",
        "forties",
        "fifties",
        "sixties",
        "seventies",
        "eighties",
        "nineties",
    ]
    folded = fold(value)
    number = f"{decade[1]}0" if decade else next((f"{i}0" for i, n in enumerate(names, 1) if n in folded), "")
    if number:
        yield from _decade_spans(number, candidate)
    else:
        telling = [
            word
            for word in (w.text for w in words(value))
            if word not in ("old", "aged", "years", "year", "age")
        ]
        yield from _stem_spans(telling, candidate)


_DECADES = {
    "20": r"twent(?:ies|y-something)|zwanziger|veintea|vingtaine|двадцатилетн|二十多岁",
    "30": r"thirt(?:ies|y-something)|dreissiger|treintan|trentaine|тридцатилетн|三十多岁",
    "40": r"fou?rt(?:ies|y-something)|vierziger|cuarent[oó]n|quarantaine|сорокалетн|四十多岁",
    "50": r"fift(?:ies|y-something)|funfziger|cincuent[oó]n|cinquantaine|пятидесятилетн|五十多岁",
    "60": r"sixt(?:ies|y-something)|sechziger|sesent[oó]n|soixantaine|шестидесятилетн|六十多岁",
    "70": r"sevent(?:ies|y-something)|siebziger|setent[oó]n|семидесятилетн|七十多岁",
    "80": r"eight(?:ies|y-something)|achtziger|octogenar|восьмидесятилетн|八十多岁",
}


def _decade_spans(number: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    named = rf"\b{number}s\b|\b{number}-something|{_DECADES.get(number, '(?!)')}"
    yield from (match.span() for match in re.finditer(named, candidate.asked))


def quoted_clause(spoken: str, candidate: Candidate) -> tuple[int, int] | None:
    """Where the question quotes or paraphrases what is said: a clause of it, not one topic word.

    That is the whole text where it is short; or three words in a row with two content words; or two content words
    of a text of up to six, three of a longer one.
    """
    if CJK.search(spoken):
        return _common_characters(fold(spoken), candidate.asked)
    said = words(spoken)
    content = {
        word.text for word in content_words(spoken, candidate.language) if word.text not in lexicon.GENERIC
    }
    if len(content) < 2:
        if not content:
            return None
        span = next(Pattern(tuple(word.text for word in said)).spans(candidate.asked_words), None)
        return span
    kin = {
        word: next((c for c in sorted(content) if _kin(word.text, c)), None) for word in candidate.asked_words
    }
    shared = [word for word in candidate.asked_words if kin[word]]
    count = len({kin[word] for word in shared})
    least = 2 if len(content) <= 6 else 3
    in_a_row = _run_in_common([w.text for w in said], candidate.asked_words, content)
    if in_a_row is not None:
        return in_a_row
    return (shared[0].start, shared[-1].end) if count >= least else None


def _kin(one: str, other: str) -> bool:
    """Whether two words are one, inflected: equal stems, or for other languages a long common beginning."""
    if one == other or stem(one) == stem(other):
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 5 and not one.isascii() and longer.startswith(shorter[: max(4, len(shorter) - 2)])


def _run_in_common(said: list[str], asked: Sequence[Word], content: set[str]) -> tuple[int, int] | None:
    runs = {tuple(said[i : i + 3]) for i in range(len(said) - 2)}
    for i in range(len(asked) - 2):
        run = tuple(word.text for word in asked[i : i + 3])
        if run in runs and sum(word in content for word in run) >= 2:
            return asked[i].start, asked[i + 2].end
    return None


def _common_characters(said: str, asked: str) -> tuple[int, int] | None:
    bare = re.sub(r"\W", "", said)
    length = max(2, min(4, len(bare)))
    for start in range(len(asked) - length + 1):
        piece = asked[start : start + length]
        if piece in bare and not re.search(r"\W", piece):
            return start, start + length
    return None
