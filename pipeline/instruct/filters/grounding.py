"""contradicts_facts and ungrounded: whether what an answer claims, and a question takes for granted, is so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .candidate import Candidate, a_filter
from .case import (
    CONTRADICTS,
    UNGROUNDED,
    Case,
    asked_size,
    case_of,
    claims_in,
    considered,
    in_passing,
    is_an_answer,
    quotes,
    reason_against,
    state_in,
)
from .claims import Claim, claims_of, denied_at, sizes_of
from .invention import invented_cause, invented_reason, invented_scene, other_transcript, other_words, swapped
from .numbers import Quantity
from .pitch import note_names
from .truth import State, degree_state, degrees_of, size_state
from .vocabulary import LISTS
from .words import CJK, content_words, fold, words
from .yesno import of_premises, of_yes_or_no


@a_filter
def contradicts_facts(candidate: Candidate) -> str | None:
    """The answer denies a fact, or gives another value of one."""
    return _first(CONTRADICTS, candidate)


@a_filter
def ungrounded(candidate: Candidate) -> str | None:
    """The answer, or what the question takes for granted, claims what no fact supports."""
    return _first(UNGROUNDED, candidate)


def _first(reason: str, candidate: Candidate) -> str | None:
    if not is_an_answer(candidate):
        return None
    return next((detail for found, detail in _findings(case_of(candidate)) if found == reason), None)


def _findings(case: Case) -> Iterator[tuple[str, str]]:
    yield from of_premises(case)
    if quotes(case):
        return
    yield from of_yes_or_no(case)
    yield from _of_answer(case)
    yield from _of_sizes(case)
    yield from _of_notes(case)
    known, candidate = case.known, case.candidate
    if reason := invented_reason(candidate, known):
        yield UNGROUNDED, f"no fact tells why: '{reason}'"
    if cause := invented_cause(candidate, known):
        yield UNGROUNDED, f"no fact tells the cause '{cause}'"
    if scene := invented_scene(candidate, known):
        yield UNGROUNDED, f"nothing in the clip's description supports '{scene}'"
    if swap := swapped(candidate, known):
        yield CONTRADICTS, f"the clip's words say '{swap[0]}', the answer '{swap[1]}'"
    if case.about_content and other_words(candidate, known):
        yield CONTRADICTS, "the answer shares no word with what is said"
    if other_transcript(candidate, known):
        yield CONTRADICTS, "the transcript in the answer is of other words"


def _of_answer(case: Case) -> Iterator[tuple[str, str]]:
    """The values that the answer names."""
    text = fold(case.candidate.answer)
    claims = [
        c for c in claims_in(case.candidate.answer, case)
        if considered(c.kind, case) and not in_passing(c, text, case)
    ]  # fmt: skip
    states = [(claim, state_in(claim, case, text)) for claim in claims]
    supported = [(c.start, c.end) for c, s in states if s in (State.TRUE, State.NEAR) and not c.denied]
    affirmed = {c.kind for c, s in states if s is State.TRUE and not c.denied}
    for claim, state in states:
        overlapping = any(a <= claim.start < b for a, b in supported)
        if overlapping and state is not State.TRUE:
            continue
        if claim.kind in LISTS and not claim.denied:
            state = _of_list(claim, state, claim.kind in affirmed, case)
        reason = reason_against(state, claim.denied)
        if (
            claim.denied
            and state in (State.UNTOLD, State.MISSING)
            and claim.wide
            and not case.known.told.get("sound")
        ):
            continue
        if reason:
            yield reason, _detail(claim, text, case, state)
    for scale, pole, start, end in degrees_of(text):
        if not _degree_counts(scale, case):
            continue
        state = degree_state(scale, pole, case.known)
        denied = denied_at(text, start, end, case.language)
        if (state is State.FALSE and not denied) or (state is State.TRUE and denied):
            yield CONTRADICTS, f"the facts don't agree with '{text[start:end]}' in the answer"


def _of_list(claim: Claim, state: State, beside_true: bool, case: Case) -> State:
    """One more than the list has is added; one instead of those it has contradicts them."""
    if beside_true:
        return State.MISSING if state is State.FALSE else state
    told = case.known.named.get(claim.kind)
    instead = state is State.MISSING or (state is State.UNTOLD and claim.kind == "sound" and not claim.wide)
    return State.FALSE if instead and told and not case.form.tests else state


def _degree_counts(scale: str, case: Case) -> bool:
    question = case.candidate.asked
    if (scale == "speed" and case.known.measured("bpm")) or (
        scale == "reverb" and case.known.measured("s", "rt60")
    ):
        return True
    if any(s == scale for s, _, _, _ in degrees_of(question)):
        return True
    asks = {"speed": "bpm", "near": "distance", "height": "pitch", "reverb": "rt60"}[scale]
    return asks in case.asked or (
        scale == "speed" and re.search(r"\bfast\b|schnell|rapid|velo|vite|быстр|快", question) is not None
    )


def _detail(claim: Claim, text: str, case: Case, state: State) -> str:
    said = text[claim.start : claim.end]
    if state is State.UNTOLD:
        return f"no fact tells the {claim.kind}, but '{said}' is {'denied' if claim.denied else 'claimed'}"
    told = ", ".join(case.known.values.get(claim.kind, ())) or ", ".join(
        sorted(case.known.told.get(claim.kind, ()))
    )
    return f"'{said}' is {'denied' if claim.denied else 'claimed'}, and the facts say {told or 'otherwise'}"


def _of_sizes(case: Case) -> Iterator[tuple[str, str]]:
    """The sizes that the answer gives."""
    asked = asked_size(case)
    answer = fold(case.candidate.answer)
    alone = len(content_words(case.candidate.answer, case.language)) <= 2
    sizes = sizes_of(case.candidate.answer, case.language)
    found = []
    for size, denied in sizes:
        if denied and not size.bound:
            continue
        counting = _HOW_MANY.search(case.candidate.asked) is not None
        if size.article and not (size.measure in ("m", "s", "dB", "people") or (alone and counting)):
            continue
        if size.article and size.measure == "people" and "count" not in case.asked:
            continue
        if note_names(case.candidate.answer[max(0, size.start - 2) : size.end], syllables=False):
            continue
        state = _counted(size, case) or size_state(size, case.known, asked)
        found.append((size, state))
    if any(state is State.TRUE for _, state in found) and all(not size.measure for size, _ in found):
        return
    for size, state in found:
        said = answer[size.start : size.end]
        if state is State.FALSE:
            yield CONTRADICTS, f"the facts don't agree with '{said}'"
        elif state is State.UNTOLD:
            yield UNGROUNDED, f"no fact tells '{said}'"


_HOW_MANY = re.compile(
    r"how (?:many|often)|wie ?viele?\b|wie oft|cuant[oa]s|combien|quant[ie]\b|quant[oa]s\b|сколько|"
    r"几[个只次位种声]|多少[个只次位种]"
)


_OF_WORDS = re.compile(r"\bwords?\b|wort|worter|palabra|\bmots?\b|\bparol[ae]\b|palavra|\bслов|词|字")


def _counted(size: Quantity, case: Case) -> State | None:
    """A number that answers `how many`: the length of a list, or a number of the facts or of the words."""
    text = case.candidate.facts.get("text")
    if _OF_WORDS.search(case.candidate.asked) and isinstance(text, str) and not size.measure:
        count = len(words(text))
        if CJK.search(text):
            return None
        near = abs(size.value - count) <= max(1, count / 10)  # one counts `o'clock` as one or two
        return State.TRUE if near else State.FALSE if _HOW_MANY.search(case.candidate.asked) else None
    if size.measure not in ("", "times") or not _HOW_MANY.search(case.candidate.asked) or size.bound:
        return None
    known = case.known
    numbers = [low for _, _, low, _ in known.measures]
    if genders := case.candidate.facts.get("genders"):
        asked = {c.value for c in claims_of(case.candidate.question, case.language) if c.kind == "gender"}
        if asked and isinstance(genders, list):
            return State.TRUE if size.value == sum(gender in asked for gender in genders) else State.FALSE
    if "count" in case.asked or "snr" in case.asked or "age" in case.asked:
        return None
    if size.value in numbers or size.value in known.lengths.values():
        return State.TRUE
    state = size_state(size, known, None)
    if state is State.TRUE or (state is State.FALSE and not known.lengths):
        return state
    counts = [low for key, unit, low, _ in known.measures if re.search(r"num|count|(?:^|_)n_", key)]
    if counts:
        return State.FALSE
    if known.prose and size.value == 1:
        return State.OPEN
    return State.UNTOLD if not case.about_content else state


def _of_notes(case: Case) -> Iterator[tuple[str, str]]:
    """Notes and keys."""
    known = case.known
    key_values = known.values.get("key", ())
    pitches = known.pitches()
    if not key_values and not pitches:
        return
    romance = case.language in ("es", "fr", "it", "pt", "ru")
    said = note_names(case.candidate.answer, syllables=romance, german=case.language == "de")
    if not said:
        return
    if pitches and not ("key" in case.asked and key_values):
        classes = {round(p) % 12 for p in pitches}
        octaves = {round(p) // 12 - 1 for p in pitches}
        if not any(c in classes and (o is None or o in octaves) for c, o in said):
            yield CONTRADICTS, "the note in the answer isn't the one that sounds"
        return
    tonics = {c for value in key_values for c, _ in note_names(value[:1].upper() + value[1:], syllables=True)}
    if tonics and not any(c in tonics for c, _ in said):
        yield CONTRADICTS, f"the key in the answer isn't {key_values[0]}"
