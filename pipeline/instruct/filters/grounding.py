"""contradicts_facts and ungrounded: whether what an answer claims, and a question takes for granted, is so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .candidate import Candidate, a_filter
from .case import (
    CONTRADICTS,
    UNGROUNDED,
    Case,
    case_of,
    claims_in,
    considered,
    in_passing,
    is_an_answer,
    polarity,
    quotes,
    reason_against,
    state_in,
)
from .choices import other_code, two_so, wrong_option
from .claims import Claim, denied_at
from .courses import turned_course
from .figures import of_sizes
from .intervals import ASKS_FOR_INTERVAL, interval_sizes, is_so, names_middle_c, relations, without_middle_c
from .invention import invented_cause, invented_reason, other_transcript, other_words, swapped
from .names import another_of_its_kind
from .ordinals import other_ordinal
from .pitch import note_names
from .premises import of_premises
from .scales import off_the_scale
from .sequence import reversed_order
from .sides import other_place, other_side, wrong_way
from .truth import State, degree_state, degrees_of
from .turned import denied_in_a_text, lost_negation, opposite
from .vocabulary import LISTS
from .whereabouts import untold_place
from .words import fold
from .yesno import of_yes_or_no


@a_filter(
    keeps=Candidate("Who speaks?", "A woman.", {"gender": "female"}),
    drops=Candidate("Who speaks?", "A man.", {"gender": "female"}),
)
def contradicts_facts(candidate: Candidate) -> str | None:
    """The answer denies a fact, or gives another value of one."""
    return _first(CONTRADICTS, candidate)


@a_filter(
    keeps=Candidate("Who speaks?", "A woman.", {"gender": "female"}),
    drops=Candidate("Who speaks?", "A happy woman.", {"gender": "female"}),
)
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
    yield from of_sizes(case)
    yield from _of_notes(case)
    known, candidate = case.known, case.candidate
    if reason := invented_reason(candidate, known):
        yield UNGROUNDED, f"no fact tells why: '{reason}'"
    if cause := invented_cause(candidate, known):
        yield UNGROUNDED, f"no fact tells the cause '{cause}'"
    if other := other_side(candidate, case.language) or other_place(candidate, case.language):
        yield CONTRADICTS, f"'{other}' is of another fact than the one asked for"
    if wrong_way(candidate, case.language, polarity(case)):
        yield CONTRADICTS, "the facts go the other way"
    if course := turned_course(candidate, case.language, polarity(case)):
        yield CONTRADICTS, f"the facts have the opposite direction of '{course}'"
    if end := off_the_scale(candidate, case.language, polarity(case)):
        yield CONTRADICTS, f"'{end}' is the other end of the scale"
    if other_name := another_of_its_kind(candidate):
        yield CONTRADICTS, f"the facts say '{other_name[0]}', the answer '{other_name[1]}'"
    if place := untold_place(candidate):
        yield UNGROUNDED, f"no fact tells the place '{place}'"
    if ordinal := other_ordinal(candidate, known):
        yield CONTRADICTS, f"the clip's words say '{ordinal[0]}', the answer '{ordinal[1]}'"
    if option := wrong_option(candidate, known, case.language):
        yield CONTRADICTS, f"of the two options the facts have the other one, not '{option}'"
    if both := two_so(candidate):
        yield UNGROUNDED, f"the options '{both[0]}' and '{both[1]}' may both be so"
    if code := other_code(candidate):
        yield CONTRADICTS, f"'{code}' isn't what the facts say"
    if lost_negation(candidate, known):
        yield CONTRADICTS, "the clip's words and the answer differ by a negation"
    if order := reversed_order(candidate, known):
        yield CONTRADICTS, f"by the facts '{order[0]}' comes first, by the answer '{order[1]}'"
    if turned := opposite(candidate, known):
        yield CONTRADICTS, f"the facts say '{turned[0]}', the answer '{turned[1]}'"
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
        if claim.denied and state is State.TRUE and denied_in_a_text(claim.kind, claim.value, case.known):
            continue
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
    for scale, pole, start, end in degrees_of(text, case.language):
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
    if any(s == scale for s, _, _, _ in degrees_of(question, case.language)):
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


def _of_relations(case: Case, pitches: list[float]) -> Iterator[tuple[str, str]]:
    """Where a pitch lies from middle C, and how far two are apart."""
    answer = fold(case.candidate.answer)
    if len(pitches) == 1:
        of_it = names_middle_c(case.candidate.asked)
        for side, octaves, start, end in relations(answer, of_it=of_it):
            if not denied_at(answer, start, end, case.language) and not is_so(side, octaves, pitches[0]):
                yield CONTRADICTS, f"the pitch isn't '{answer[start:end]}'"
    if len(pitches) == 2 and ASKS_FOR_INTERVAL.search(case.candidate.asked):
        sizes = interval_sizes(answer)
        if sizes is not None and round(abs(pitches[0] - pitches[1])) not in sizes:
            yield CONTRADICTS, "the interval of the notes is another"


def _of_notes(case: Case) -> Iterator[tuple[str, str]]:
    """Notes and keys."""
    known = case.known
    key_values = known.values.get("key", ())
    pitches = known.pitches()
    if not key_values and not pitches:
        return
    romance = case.language in ("es", "fr", "it", "pt", "ru")
    yield from _of_relations(case, pitches)
    said = note_names(
        without_middle_c(case.candidate.answer), syllables=romance, german=case.language == "de"
    )
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


FILTER = (contradicts_facts, ungrounded)
