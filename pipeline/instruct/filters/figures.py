"""The sizes and counts that an answer gives, judged where a fact has the same measure or counts the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .amounts import size_state
from .case import CONTRADICTS, UNGROUNDED, Case, asked_size
from .claims import claims_of, sizes_of
from .context import in_family
from .derived import follows
from .numbers import Quantity, quantities
from .pitch import note_names
from .truth import State
from .units import MEASURES
from .words import CJK, content_words, fold, words

_HOW_MANY = re.compile(
    r"how (?:many|often)|wie ?viele?\b|wie oft|cuant[oa]s|combien|quant[ie]\b|quant[oa]s\b|сколько|"
    r"几[个只次位种声]|多少[个只次位种]?"
)
_HOW_OFTEN = re.compile(r"how often|wie oft")
_OF_WORDS = re.compile(r"\bwords?\b|wort|worter|palabra|\bmots?\b|\bparol[ae]\b|palavra|\bслов|词|字")
_TELLS_A = re.compile(
    r"(?:^\W*|[.,;:(]\s*|\b(?:about|around|roughly|almost|nearly|over|under|than|for|lasts?|takes?|only|"
    r"just|is|was|exactly|"
    r"precisely|at|within|least|most|after|etwa|ungefahr|rund|knapp|fast|ist|dauert|nur|als|circa|ca|"
    r"casi|dura|es|de|environ|"
    r"presque|dure|est|quasi|около|примерно|почти|длится|всего)\s+)$"
)
"""Before an article that counts: `about a minute`; not in `54 beats a minute`, `twice a second`."""

_IS_WORKED_OUT = re.compile(
    r"\b(?:by how|left|remain\w*|more|fewer|less|until|till|ago|since|altogether|in total|in all|"
    r"difference|older|younger|apart|"
    r"longer|shorter|um wie viele?|ubrig|bleib\w*|insgesamt|mehr|weniger|en total|au total|in totale|"
    r"quedan?|faltan?|reste\w*|"
    r"всего|осталось|больше|меньше)\b|还剩|相差"
)
"""What asks for a number that follows from those that are said."""

_SEVERAL_SPEAK = re.compile(
    r"conversation|dialog|interview|calls?\b|debate|meeting|duet|pairs?\b|two\b|talks\b|discussion|"
    r"panel|quarrel|negotiat|"
    r"interpret|lesson|consult|role.?play|chat|podcast|gesprach|conversaci|entretien"
)


def of_sizes(case: Case) -> Iterator[tuple[str, str]]:
    """The sizes that the answer gives, each with what is wrong with it."""
    asked = asked_size(case)
    answer = fold(case.candidate.answer)
    counting = _HOW_MANY.search(case.candidate.asked) is not None
    alone = len(content_words(case.candidate.answer, case.language)) <= 2
    of_question = quantities(case.candidate.question, case.language)
    found: list[tuple[Quantity, State]] = []
    for size, denied in sizes_of(case.candidate.answer, case.language):
        if denied and not size.bound:
            continue
        if size.article and not _is_counted(size, answer, alone and counting, case):
            continue
        if note_names(case.candidate.answer[max(0, size.start - 2) : size.end], syllables=False):
            continue
        size = _in_unit_asked(size, case)
        state = (
            _of_rate(size, answer, case)
            or _counted(size, case, of_question)
            or size_state(size, case.known, asked, of_question)
        )
        two = size.measure == "people" and size.value <= 2 and not counting
        if state is State.UNTOLD and two and _SEVERAL_SPEAK.search(fold(case.candidate.corpus_description)):
            state = State.OPEN
        found.append((size, state))
    if any(state is State.TRUE for _, state in found) and all(not size.measure for size, _ in found):
        return
    if _IS_WORKED_OUT.search(case.candidate.asked) and case.known.prose and not case.known.measures:
        return
    for size, state in found:
        said = answer[size.start : size.end]
        if any(other is State.TRUE for _, other in found) and not case.known.measured(size.measure, None):
            continue  # what is right is put in another measure, too: `flight level 240, about 24,000 feet`
        if state is State.FALSE:
            yield CONTRADICTS, f"the facts don't agree with '{said}'"
        elif state is State.UNTOLD:
            yield UNGROUNDED, f"no fact tells '{said}'"


def _is_counted(size: Quantity, answer: str, alone: bool, case: Case) -> bool:
    """Whether an article is meant as a number."""
    if size.measure in ("m", "s", "dB"):
        return _TELLS_A.search(answer[: size.start]) is not None
    return (size.measure == "people" and "count" in case.asked) or alone


def _in_unit_asked(size: Quantity, case: Case) -> Quantity:
    """A bare number in the unit that the question asks for: `how many seconds?`"""
    match = _HOW_MANY.search(case.candidate.asked)
    if size.measure or match is None:
        return size
    after = case.candidate.asked[match.end() :]
    for name, factor, pattern in MEASURES:
        if name in ("s", "m", "dB", "Hz", "km/h") and pattern.match(after):
            return replace(
                size, value=size.value * factor, low=size.low * factor, high=size.high * factor, measure=name
            )
    return size


def _counted(size: Quantity, case: Case, of_question: tuple[Quantity, ...]) -> State | None:
    """A number that answers `how many`: a fact with the same name, the length of a list, or a number said."""
    candidate, known = case.candidate, case.known
    match = _HOW_MANY.search(candidate.asked)
    text = candidate.facts.get("text")
    if _OF_WORDS.search(candidate.asked) and isinstance(text, str) and not size.measure:
        count = len(words(text))
        if CJK.search(text):
            return None
        near = abs(size.value - count) <= max(1, count / 10)  # one counts `o'clock` as one or two
        return State.TRUE if near else State.FALSE if match else None
    if size.measure not in ("", "times") or match is None or size.bound:
        return None
    if genders := candidate.facts.get("genders"):
        asked = {c.value for c in claims_of(candidate.question, case.language) if c.kind == "gender"}
        if asked and isinstance(genders, list):
            return State.TRUE if size.value == sum(gender in asked for gender in genders) else State.FALSE
    if "count" in case.asked or "snr" in case.asked or "age" in case.asked:
        return None
    often = _HOW_OFTEN.fullmatch(match[0]) is not None  # `how often does a blade pass?` counts no blades
    if not often and (same := of_same_name(size, match.end(), case)) is not None:
        return same
    numbers = [low for _, _, low, _ in known.measures]
    if size.value in numbers or size.value in known.lengths.values():
        return State.TRUE
    state = size_state(size, known, None, of_question)
    if state is State.TRUE or (state is State.FALSE and not known.lengths):
        return state
    if follows(size, "", known, of_question) or (known.prose and size.value == 1):
        return State.OPEN
    return State.UNTOLD if _counts_sources(match.end(), case) and not numbers else State.OPEN


_A_TIME = re.compile(
    r"\s*(?:[^\W\d]+\s+){0,1}([^\W\d]+)\s+(?:an?|per|each|every|pro|je|in der|por|par|a la|al|в)\s+"
    r"(minut|sec|sek|seg|hour|stunde|hora)"
)
_TURNS = (
    "turn",
    "turns",
    "revolution",
    "revolutions",
    "rotation",
    "rotations",
    "umdrehung",
    "umdrehungen",
    "tours",
    "vueltas",
)


def _of_rate(size: Quantity, answer: str, case: Case) -> State | None:
    """A number of words or turns a minute, compared with the fact that counts them."""
    match = _A_TIME.match(answer[size.end :])
    if match is None or size.measure or size.bound:
        return None
    for key, unit, low, _ in case.known.measures:
        minute = re.search(r"(?:per_|_p?|^r?p)m(?:in(?:ute)?)?$|_rpm$", key) is not None
        names = tuple(part for part in re.split(r"[_\W]+", key) if len(part) > 2)
        same = in_family(match[1], (*names, *(_TURNS if "rpm" in key else ())))
        if unit == "" and minute and same and match[2] == "minut":
            return State.TRUE if size.covers(low, low) else State.FALSE
    return None


def of_same_name(size: Quantity, start: int, case: Case) -> State | None:
    """The number compared with the fact whose name has the noun that is counted."""
    after = content_words(case.candidate.asked[start : start + 60], case.language)
    nouns = [w.text for w in after if w.text not in _NOT_COUNTED][:1]
    for key, unit, low, _ in case.known.measures:
        names = tuple(
            part for part in re.split(r"[_\W]+", key) if len(part) > 2 and part not in _PARTS_OF_NAMES
        )
        if unit in ("", "people", "times") and nouns and any(in_family(noun, names) for noun in nouns):
            if size.bound and size.value == low:
                return State.OPEN
            if size.covers(low, low):
                return State.TRUE
            return None if re.search(r"(?:^|_)per(?:_|$)", key) else State.FALSE  # so many in how long?
    return None


_NOT_COUNTED = frozenset(
    "different distinct separate individual single verschiedene distintos distintas differents разных".split()
)
_PARTS_OF_NAMES = frozenset(
    "num number count total mean rate per length max min speed size level index year".split()
)


def _counts_sources(start: int, case: Case) -> bool:
    """Whether what is counted makes the sounds: a number of dogs is known or not, beats may be inferred."""
    noun = case.candidate.asked[start : start + 40]
    found = [c for c in claims_of(noun, case.language) if c.kind in ("sound", "instrument", "gender", "age")]
    return bool(found) and not case.about_content
