"""A candidate read for grounding: what it asks, what is known, and what a claim in it comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import lexicon
from .agreement import says_yes
from .asking import ASKED
from .binary import Form, form_of
from .candidate import FILTERS, Candidate
from .claims import Claim, claims_of
from .known import Known, known_of
from .truth import State, state_of
from .words import CJK, concepts_in, fold, language_of, stem, words

CONTRADICTS, UNGROUNDED = "contradicts_facts", "ungrounded"


@dataclass(frozen=True)
class Case:
    """A candidate with what all three filters need of it."""

    candidate: Candidate
    known: Known
    form: Form
    language: str | None
    asked: frozenset[str]

    @property
    def about_content(self) -> bool:
        """Whether it asks for what is said, and the clip's words are known."""
        told = any(
            self.known.tells(kind) for kind in self.asked & {"emotion", "gender", "age", "accent", "spoof"}
        )
        return bool(self.known.prose) and "content" in self.asked and not told and not self.form.options


_IN_A_WORD = re.compile(
    r"\b(?:(?:in|with|as) (?:a|one|a single|just one|few) words?|one word(?: only)?|only (?:one|the|"
    r"a) word|the words? that fits?|"
    r"mit (?:nur )?einem (?:einzigen )?wort|in einem (?:einzigen )?wort|(?:en|"
    r"con) una (?:sola )?palabra|en un (?:seul )?mot|"
    r"(?:in|con) una (?:sola )?parola|(?:em|com) uma (?:so )?palavra|одним словом|single word)\b|用一个词|一个词"
)


def case_of(candidate: Candidate) -> Case:
    question = _IN_A_WORD.sub(" ", candidate.asked)
    asked = frozenset(kind for kind, pattern in ASKED.items() if pattern.search(question))
    known = known_of(candidate.facts, candidate.corpus_description)
    return Case(candidate, known, form_of(candidate.question), candidate.language, asked)


def is_an_answer(candidate: Candidate) -> bool:
    """What is cut off, an excuse or in another language claims nothing: other filters drop it."""
    return all(FILTERS[name](candidate).keep for name in ("truncated", "refusal", "wrong_language"))


def considered(kind: str, case: Case) -> bool:
    """Whether words of this kind are claims about the clip here, and not topics of what is said."""
    known, asked = case.known, case.asked
    told = known.told
    music = bool(
        told.get("genre") or told.get("instrument") or known.measured("bpm") or "key" in known.values
        or "genre" in known.values or "instrument" in known.values or known.pitches()
    )  # fmt: skip
    spoken = any(name in case.candidate.facts for name in ("text", "transcript", "translation", "utterance"))
    if kind == "gender":
        return True
    if case.about_content or (spoken and not (asked - {"content"})):
        return False if kind not in ("emotion", "age") else not case.about_content
    if kind == "emotion" and not (known.tells("emotion") or "emotion" in asked):
        return not (music or known.tells("sound") or (known.prose and not spoken))
    if kind == "genre":
        return music or "genre" in asked
    if kind == "instrument":
        return music or "instrument" in asked or bool(known.prose and not spoken)
    if kind == "spoof":
        return known.tells("spoof") or "spoof" in asked
    if kind == "mode":
        return "key" in known.values
    if kind == "sound":
        return bool(told.get("sound")) or known.tells("sound") or not (music or spoken)
    if kind == "room":
        return known.tells("room") or "room" in asked or not (music or spoken)
    return True


_THIRD = re.compile(
    r"\b(?:he|she|him|her|his|hers|they|mother|father|mom|mum|dad|sister|brother|wife|husband|son|"
    r"daughter|aunt|uncle|"
    r"grand\w+|king|queen|mr|mrs|ms|miss|sir|er|sie|ihn|ihr|mutter|vater|schwester|bruder|tochter|sohn|"
    r"herr|onkel|"
    r"tante|oma|opa|kollegin|kollege|el|ella|madre|padre|hermana|hermano|hija|hijo|tia|tio|abuela|"
    r"abuelo|elle|mere|"
    r"pere|soeur|frere|fille|fils|lui|lei|sorella|fratello|figlia|figlio|ele|ela|mae|pai|irma|irmao|"
    r"filha|filho|она|"
    r"он|ее|его|ему|ей|мам\w+|пап\w+|мать|отец|сестр\w+|брат\w*|доч\w+|сын\w*|бабушк\w+|дедушк\w+|"
    r"муж\w*|жен\w+)\b"
    r"|[他她]|妈|爸|母亲|父亲|姐|妹|哥|弟|儿子|女儿|爷|奶"
)


_INTRODUCES = re.compile(
    r"\b(?:my name is|i'm called|mein name ist|ich heisse|me llamo|mi nombre es|je m'appelle|"
    r"mon nom est|mi chiamo|meu nome e|"
    r"меня зовут)\b|我叫|我的名字"
)


def _about_others(case: Case) -> bool:
    """Whether the clip's words are about somebody, whom a gendered word may mean."""
    prose = case.known.prose
    spoken = case.candidate.spoken
    named = re.search(r"(?<=[a-zß-ÿ,] )[A-ZÀ-Þ][a-zß-ÿ]+", spoken)
    if _INTRODUCES.search(fold(spoken)):
        return True
    return bool(prose) and (
        _THIRD.search(fold(prose)) is not None or (named is not None and case.about_content)
    )


def state_in(claim: Claim, case: Case, text: str) -> State:
    if claim.kind == "gender" and not case.known.tells("gender") and _about_others(case):
        return State.OPEN
    state = state_of(claim, case.known, text)
    if state in (State.UNTOLD, State.MISSING) and claim.kind not in ("gender",):
        said = [stem(w.text) for w in words(text) if claim.start <= w.start < claim.end]
        spoken = {stem(w.text) for w in words(case.known.prose)}
        if said and all(word in spoken for word in said):
            return State.OPEN
    return state


def reason_against(state: State, denied: bool) -> str | None:
    """The reason against a claim in a state, None where it may be so."""
    if not denied:
        return {State.FALSE: CONTRADICTS, State.MISSING: UNGROUNDED, State.UNTOLD: UNGROUNDED}.get(state)
    if state is State.TRUE:
        return CONTRADICTS
    return UNGROUNDED if state in (State.MISSING, State.UNTOLD) else None


def in_passing(claim: Claim, text: str, case: Case) -> bool:
    """A word that may be said in passing (`gentle`, `outside`), where no mood or place is asked for or known."""
    if claim.value == "outdoors":
        return not (case.known.tells("room") or "room" in case.asked)
    if claim.kind != "emotion" or case.known.tells("emotion") or "emotion" in case.asked:
        return False
    return not concepts_in(lexicon.EMOTION, text[claim.start : claim.end])


def claims_in(text: str, case: Case) -> tuple[Claim, ...]:
    found = claims_of(text, language_of(text) or case.language)
    if case.language != "en" and any(
        word.text in lexicon.NEUTRAL_ANTECEDENTS for word in case.candidate.asked_words
    ):
        return tuple(claim for claim in found if not claim.pronoun)  # `elle` is the voice
    return found


def quotes(case: Case) -> bool:
    """Whether the answer is nothing but words of the clip."""
    spoken = fold(case.known.prose)
    if not spoken:
        return False
    if CJK.search(case.candidate.answer):
        return re.sub(r"\W", "", fold(case.candidate.answer)) in re.sub(r"\W", "", spoken)
    said = {word.text for word in words(spoken)}
    return all(word.text in said for word in words(case.candidate.answer))


def asked_size(case: Case) -> str | None:
    order = ("snr", "count", "age", "distance", "bpm", "rt60", "duration")
    return next((kind for kind in order if kind in case.asked), None)


def within(start: int, end: int, spans: tuple[tuple[int, int], ...]) -> bool:
    return any(a <= start and end <= b for a, b in spans)


_ECHO = re.compile(
    r"\W*(?:it|he|she|they|there|this|that|one|i|you)?\s*(?:is|are|does|do|was|were|has|have|"
    r"can)(?P<no>n't| not)?\W*$"
)


def polarity(case: Case) -> bool | None:
    answer = case.candidate.answer
    if (yes := says_yes(answer)) is not None:
        if case.language == "zh" and fold(answer).startswith(("不同", "有人")):
            return None
        return yes
    low = fold(answer)
    if echo := _ECHO.match(low):
        return echo["no"] is None
    if re.match(
        r"\W*(?:correct|exactly|indeed|certainly|definitely|absolutely|of course|claro|genau|richtig|"
        r"exact|верно|конечно|对)\b",
        low,
    ):
        return True
    return (
        False
        if re.match(r"\W*(?:not at all|never|keineswegs|en absoluto|pas du tout|вовсе нет|nope)\b", low)
        else None
    )
