"""What a yes/no question tests, what it takes for granted, and what the answer's yes or no makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import lexicon
from .case import (
    CONTRADICTS,
    UNGROUNDED,
    Case,
    asked_size,
    considered,
    in_passing,
    polarity,
    reason_against,
    state_in,
    within,
)
from .claims import Claim, claims_of, denied_at, sizes_of
from .grammar import first_grammar
from .truth import State, degree_state, degrees_of, size_state
from .vocabulary import LISTS
from .words import CJK, content_words, fold, stem, words


def of_yes_or_no(case: Case) -> Iterator[tuple[str, str]]:
    """What a yes/no question tests, and what the answer's yes or no makes of it."""
    if not (case.form.tests or case.form.suggests) or case.about_content or case.form.options:
        return
    yes = polarity(case)
    if yes is None:
        return
    tested = list(_tested(case))
    if not tested:
        return
    question = case.candidate.asked
    for state, denied, said, _ in tested:
        if yes and (reason := reason_against(state, denied)):
            yield reason, f"the answer says yes to '{said}'"
    if yes:
        return
    held = [
        (state is State.TRUE) is not denied if state in (State.TRUE, State.FALSE) else None
        for state, denied, _, _ in tested
    ]
    if all(held) and not _says_more(case, question):
        yield CONTRADICTS, f"the answer says no to '{tested[0][2]}', which is so"
    elif len(tested) == 1 and tested[0][0] in (State.UNTOLD, State.MISSING):
        yield UNGROUNDED, f"no fact tells that '{tested[0][2]}' isn't so"


def _tested(case: Case) -> Iterator[tuple[State, bool, str, str]]:
    """State, negation and words of each thing that the question tests."""
    question, known = case.candidate.asked, case.known
    lead = re.sub(r"^(\W*\w+)n't\b", r"\1   ", question)
    claims = [
        c for c in claims_of(case.candidate.question, case.language)
        if considered(c.kind, case) and not c.pronoun and not in_passing(c, question, case)
        and not within(c.start, c.end, case.form.options)
    ]  # fmt: skip
    for claim in claims:
        if _is_premise(claim, claims, case):
            continue
        negated = denied_at(lead, claim.start, claim.end, case.language)
        state = state_in(claim, case, question)
        if (
            state is State.MISSING
            and _IDENTIFIES.search(question)
            and len(known.told.get(claim.kind, ())) == 1
        ):
            state = State.FALSE
        yield state, negated, question[claim.start : claim.end], claim.kind
    for size, negated in sizes_of(case.candidate.question, case.language):
        if size.article and not (size.bound and size.measure == "people"):
            continue
        state = size_state(
            size,
            known,
            asked_size(case) or ("age" if not size.measure and known.measured("years") else None),
        )
        yield state, negated and not size.bound, question[size.start : size.end], "size"
    for scale, pole, start, end in degrees_of(question):
        state = degree_state(scale, pole, known)
        if state is not State.UNTOLD and not claims:
            yield state, denied_at(lead, start, end, case.language), question[start:end], scale
    if (louder := _louder(question)) is not None and (ratios := known.measured("dB", "snr")):
        ratio = ratios[0][0]
        state = State.OPEN if ratio == 0 else State.TRUE if (ratio > 0) is louder else State.FALSE
        yield state, False, "louder", "snr"
    for key, value in known.flags.items():
        if _names_key(key, question) and not re.search("spoof|fake|synth", key):
            yield (State.TRUE if value else State.FALSE), False, key.replace("_", " "), "flag"


_IDENTIFIES = re.compile(
    r"^\W*(?:is (?:it|this|that) an?\b|ist (?:das|es|dies) ein|es (?:esto )?una?\b|est-ce une?\b|"
    r"c'est une?\b|e una?\b|e um\b|"
    r"это\b|(?:这|那)?是(?!否有))"
)
"""`Is it a clarinet?` asks what the one thing is, `is there a clarinet?` whether it is among others."""


_VOICE = r"(?:voice|speech|speaker|talker|stimme|sprache|voz|voix|voce|голос|речь)"


_NOISE = (
    r"(?:noise|background|rausch\w*|gerausch\w*|larm|hintergrund\w*|ruido|fondo|bruit|fond|rumore|шум|"
    r"фон\w*)"
)


_LOUDER = r"\b(?:louder|stronger|lauter|mas fuerte|mas alta|plus forte?|piu forte|mais alta|громче)\b"


def _louder(text: str) -> bool | None:
    """Whether a text is about the voice being louder than the noise (True), the other way round, or neither."""
    if not re.search(_LOUDER, text):
        return None
    first, second = re.search(_VOICE, text), re.search(_NOISE, text)
    return first.start() < second.start() if first and second else None


_FLAG_STOPS = frozenset("is has have contains contain with the of a in are does do was n num".split())


def _names_key(key: str, question: str) -> bool:
    tokens = [stem(part) for part in re.split(r"[_\W]+", key) if part and part not in _FLAG_STOPS]
    asked = {stem(word.text) for word in words(question)}
    return bool(tokens) and all(token in asked for token in tokens)


def _says_more(case: Case, question: str) -> bool:
    """Whether a yes/no question says more than the values it tests and the act of listening."""
    spans = [(c.start, c.end) for c in claims_of(case.candidate.question, case.language)]
    spans += [(q.start, q.end) for q, _ in sizes_of(case.candidate.question, case.language)]
    spans += [(start, end) for _, _, start, end in degrees_of(question)]
    keys = {stem(part) for key in case.candidate.facts for part in key.lower().split("_")}
    if CJK.search(question):
        rest = "".join(c for i, c in enumerate(question) if not any(a <= i < b for a, b in spans))
        for generic in lexicon.GENERIC_CJK:
            rest = rest.replace(generic, "")
        return len(re.sub(r"[\W声音叫性人很]", "", rest)) > 2
    more = [
        word
        for word in content_words(case.candidate.question, case.language)
        if word.text not in lexicon.GENERIC
        and word.text not in lexicon.EXISTENCE
        and word.text not in _FILLERS
        and word.stem not in keys
        and not any(a <= word.start < b for a, b in spans)
    ]
    return bool(more)


_FILLERS = frozenset(
    "really actually indeed than louder more one running ringing belong belongs made real male single "
    "make makes itself "
    "machine microphone noise recording happening human wirklich gibt handelt es hier grabacion trata "
    "habla vraiment il y "
    "действительно это здесь есть слышны слышится раздается si c vi ci anybody anyone somebody someone overlap".split()
)


def _is_premise(claim: Claim, claims: list[Claim], case: Case) -> bool:
    """Whether a yes/no question takes the value for granted: `is the woman happy?`"""
    if claim.pronoun:
        return True
    others = [c for c in claims if c.kind != claim.kind and not c.pronoun]
    question = case.candidate.asked
    more = bool(others) or _says_more(case, question)
    if not more:
        return False
    before = re.findall(r"[^\W_]+|[.,;:?!]", question[: claim.start])[::-1]
    grammar = first_grammar(case.language)
    definite, indefinite = {fold(w) for w in grammar.definite}, {fold(w) for w in grammar.indefinite}
    if case.language == "zh":
        return (
            re.search(r"(?:这|那)(?:位|个|名|只|段|把)|该", question[max(0, claim.start - 4) : claim.start])
            is not None
        )
    for word in before[:2]:
        if word in definite:
            return True
        if word in indefinite or not word.isalnum() or word in lexicon.GENERIC:
            return False
    return False


_TERM = re.compile(
    r"\W*(?:terms?|words?|names?|notation|letters?|wort\w*|begriff\w*|termin\w*|слов\w*)\b|名|词|术语"
)
_SUPPOSES = re.compile(
    r"\b(?:if (?:this|it|that|the)|imagine|suppose|wenn|stell dir|imagina|если|представь\w*)\b|如果|假如"
)
_INTO = re.compile(r"\b(?:into|in|ins|auf|al|en|на|по-?)\s*$|(?:成|用)\s*$")


def of_premises(case: Case) -> Iterator[tuple[str, str]]:
    """What the question takes for granted."""
    text = case.candidate.asked
    claims = [c for c in claims_of(case.candidate.question, case.language) if considered(c.kind, case)]
    for claim in claims:
        if claim.wide or claim.denied or within(claim.start, claim.end, case.form.options):
            continue
        if (case.form.tests or case.form.suggests) and not _is_premise(claim, claims, case):
            continue
        if case.form.options and claim.kind not in ("gender",):
            continue
        if claim.kind not in LISTS and any(
            c.kind == claim.kind and c.value != claim.value and not c.pronoun for c in claims
        ):
            continue  # several are named to choose from
        if claim.kind == "language" and (_INTO.search(text[: claim.start]) or _TERM.match(text[claim.end :])):
            continue
        if _SUPPOSES.search(text[: claim.start]):
            continue
        if claim.kind in ("age", "spoof", "mode"):
            continue
        state = state_in(claim, case, text)
        overlapping = any(
            a.start <= claim.start < a.end and state_in(a, case, text) in (State.TRUE, State.NEAR)
            for a in claims
        )
        if state in (State.UNTOLD, State.FALSE, State.MISSING) and not overlapping:
            yield (
                UNGROUNDED,
                f"the question takes '{text[claim.start : claim.end]}' for granted, which no fact supports",
            )
