"""What a yes/no question tests, and what the answer's yes or no makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import lexicon
from .amounts import size_state
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
from .context import flags_of, in_family, parts_of_name
from .figures import of_same_name
from .intervals import is_so, names_middle_c, relations
from .known import kind_of
from .premises import is_premise, says_more
from .truth import State, degree_state, degrees_of
from .turned import denied_in_a_text
from .vocabulary import LISTS, TABLES
from .words import concepts_in, content_words, fold, language_of, words


def of_yes_or_no(case: Case) -> Iterator[tuple[str, str]]:
    """What a yes/no question tests, and what the answer's yes or no makes of it."""
    if not (case.form.tests or case.form.suggests) or case.about_content or case.form.options:
        return
    yes = polarity(case)
    if yes is None:
        return
    tested = list(_tested(case))
    if not tested:
        if not yes and _denies_the_unnoticed(case):
            yield UNGROUNDED, "a caption doesn't tell what isn't there"
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
    if all(held) and (
        all(kind in ("pitch", "count") for *_, kind in tested) or not says_more(case, question)
    ):
        yield CONTRADICTS, f"the answer says no to '{tested[0][2]}', which is so"
    elif (
        len(tested) == 1 and tested[0][0] in (State.UNTOLD, State.MISSING) and _is_an_absence(tested[0], case)
    ):
        yield UNGROUNDED, f"no fact tells that '{tested[0][2]}' isn't so"


def _is_a_sound_beside_speech(claim: Claim, case: Case) -> bool:
    """Whether a fact tells the sound: then `is there a siren?` isn't about the words that are spoken."""
    return (
        claim.kind == "sound"
        and claim.value in case.known.told.get("sound", ())
        and "content" not in case.asked
    )


def _tested(case: Case) -> Iterator[tuple[State, bool, str, str]]:
    """State, negation and words of each thing that the question tests."""
    question, known = case.candidate.asked, case.known
    lead = re.sub(r"^(\W*\w+)n't\b", r"\1   ", question)
    claims = [
        c for c in claims_of(case.candidate.question, case.language)
        if (considered(c.kind, case) or _is_a_sound_beside_speech(c, case))
        and not c.pronoun and not in_passing(c, question, case)
        and not within(c.start, c.end, case.form.options)
    ]  # fmt: skip
    flags = flags_of(case.candidate)
    named_here = claims_of(case.candidate.question, case.language)
    for claim in claims:
        if is_premise(claim, claims, case):
            continue
        if any(_names_value(key, claim) for key in flags):
            continue
        if claim.wide and _is_described(question[: claim.start], case.language):
            continue
        negated = denied_at(lead, claim.start, claim.end, case.language)
        state = state_in(claim, case, question)
        if state is State.TRUE and denied_in_a_text(claim.kind, claim.value, known):
            state = State.OPEN
        if (
            state is State.MISSING
            and _IDENTIFIES.search(question)
            and len(known.told.get(claim.kind, ())) == 1
        ):
            state = State.FALSE
        yield state, negated, question[claim.start : claim.end], claim.kind
    for size, negated in sizes_of(case.candidate.question, case.language):
        if (same := of_same_name(size, size.end, case)) is not None and not (size.article and not size.bound):
            yield same, negated and not size.bound, question[size.start : size.end], "count"
            continue
        if size.article and not (size.bound and size.measure == "people"):
            continue
        state = size_state(
            size,
            known,
            asked_size(case) or ("age" if not size.measure and known.measured("years") else None),
        )
        if _EXACTLY.search(question[: size.start]):
            state = State.OPEN
        yield state, negated and not size.bound, question[size.start : size.end], "size"
    for scale, pole, start, end in degrees_of(question, case.language):
        state = degree_state(scale, pole, known)
        if _ONLY.search(question) or (scale == "height" and names_middle_c(question)):
            state = State.OPEN
        if state is not State.UNTOLD and all(_is_context(claim, case, question) for claim in claims):
            yield state, denied_at(lead, start, end, case.language), question[start:end], scale
    pitches = known.pitches()
    if len(pitches) == 1:
        for side, octaves, start, end in relations(question):
            state = State.TRUE if is_so(side, octaves, pitches[0]) else State.FALSE
            yield state, denied_at(lead, start, end, case.language), question[start:end], "pitch"
    if (louder := _louder(question)) is not None and (ratios := known.measured("dB", "snr")):
        ratio = ratios[0][0]
        state = State.OPEN if ratio == 0 else State.TRUE if (ratio > 0) is louder else State.FALSE
        yield state, False, "louder", "snr"
    for key, value in flags.items():
        named = _names_key(key, question) or any(_names_value(key, claim) for claim in named_here)
        if named and not re.search("spoof|fake|synth", key):
            yield (State.TRUE if value else State.FALSE), False, key.replace("_", " "), "flag"


def _is_described(before: str, language: str | None) -> bool:
    """Whether an adjective stands before a hypernym, so that it is tested: `is it dry weather?`"""
    last = re.search(r"(\w+)\s*$", before)
    return language in ("en", None) and last is not None and last[1] not in _DETERMINERS


_DETERMINERS = frozenset("a an any some the this that of kind other another more no hear or and it".split())
_EXACTLY = re.compile(
    r"(?:exactly|precisely|genau|exactement|exactamente|esattamente|exatamente|ровно|точно)\s+\W*$|正好"
)
_ONLY = re.compile(
    r"\b(?:only|just|nur|solo|seulement|uniquement|apenas|somente|только|lediglich|solamente)\b|只"
)


def _is_context(claim: Claim, case: Case, question: str) -> bool:
    """Whether a value is that of the corpus, so that a degree is tested and not the value."""
    return state_in(claim, case, question) in (State.TRUE, State.OPEN)


def _is_an_absence(tested: tuple[State, bool, str, str], case: Case) -> bool:
    """Whether a no denies what may well be there; one value of a fact excludes the others of its kind."""
    state, _, _, kind = tested
    facts = case.candidate.facts
    if kind == "size":
        return False
    if kind not in LISTS or state is State.MISSING:
        return True
    return not any(
        isinstance(value, str) and kind_of(str(key).lower()) in ("other", "sound")
        for key, value in facts.items()
    )


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


def _names_key(key: str, question: str) -> bool:
    parts = parts_of_name(key)
    asked = tuple(word.text for word in words(question))
    if _ANY.search(question):
        return any(len(part) > 3 and in_family(part, asked) for part in parts)
    return bool(parts) and all(in_family(part, asked) for part in parts)


_ANY = re.compile(
    r"\b(?:any|anything|is there|are there|gibt es|irgendwelche|hay|algun\w*|y a-t-il|des|ci sono|c'e|ha|"
    r"есть ли|какие-то|"
    r"какие-нибудь)\b|有没有|有.*吗"
)


_AUDIBLE = re.compile(
    r"^\W*(?:is|are) (?:there (?:any|some|an?)\b|any\b|some\b)|^\W*(?:can|does|do) (?:you|one|we|"
    r"anyone) (?:also )?hear\b"
    r"|\b(?:audible|be heard|to be heard|present)\b|^\W*(?:gibt es|hort man|ist|sind) .*(?:horen|horbar)|"
    r"^\W*(?:gibt es|hort man)\b"
    r"|^\W*¿?(?:hay|se (?:oye|escucha)n?)\b|^\W*(?:y a-t-il|entend-on|est-ce qu'on entend|on entend)\b|"
    r"^\W*(?:c'e|ci sono|si sent)\w*"
    r"|^\W*(?:ha|ouve-se|ouvem-se)\b|^\W*(?:слышн\w*|есть) ли\b|(?:有没有|能听到|听得到|能听见).*"
)


def _denies_the_unnoticed(case: Case) -> bool:
    """Whether a no denies that something is heard, of a clip of which a caption is all that is known."""
    facts, caption = case.candidate.facts, case.candidate.spoken
    described = [
        key for key, value in facts.items() if isinstance(value, str) and _CAPTION.search(str(key).lower())
    ]
    others = [
        key for key, value in facts.items() if not isinstance(value, int | float) and key not in described
    ]
    if not described or others or case.known.exhaustive or not _AUDIBLE.search(case.candidate.asked):
        return False
    language = language_of(caption) or "en"
    if denied_at(fold(caption), len(caption), len(caption), language) or _SILENT.search(fold(caption)):
        return False
    said = tuple(word.text for word in content_words(caption, language))
    asked = content_words(case.candidate.question, case.language)
    return not any(in_family(word.text, said) for word in asked if word.text not in lexicon.GENERIC)


_CAPTION = re.compile(r"caption|description")
_SILENT = re.compile(
    r"\b(?:no|not|without|silen\w+|quiet\w*|only|alone|solo|nothing|empty|lone|ohne|still|sin|sans|без|тих\w+)\b"
)


def _names_value(key: str, claim: Claim) -> bool:
    """Whether a flag is about the value that a claim names: `vocals` and singing."""
    return claim.kind in LISTS and claim.value in concepts_in(
        TABLES[claim.kind], " ".join(parts_of_name(key))
    )
