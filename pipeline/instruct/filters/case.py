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
from .context import (
    hints_at_gender,
    in_context,
    is_in_a_name,
    is_of_a_person,
    names_a_place,
    names_of_facts,
    tells_manner,
)
from .kinds import is_a_kind_of
from .known import Known, kind_of
from .pronouns import agrees_with_a_noun
from .prose import is_text
from .sides import of_its_role
from .truth import State, state_of
from .vocabulary import LISTS, TABLES
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
    return Case(candidate, candidate.known, form_of(candidate.question), candidate.language, asked)


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
    spoken = any(
        is_text(str(name).lower()) and not _DESCRIBES.search(str(name).lower())
        for name in case.candidate.facts
    )
    if kind == "gender":
        return True
    if case.about_content or (spoken and not (asked - {"content"})):
        return False if kind not in ("emotion", "age") else not case.about_content
    untold = kind == "emotion" and not known.tells("emotion") and not told.get("emotion")
    if untold and (tells_manner(case.candidate) or not is_of_a_person(case.candidate)):
        return False
    if kind == "age" and not (known.tells("age") or "age" in asked) and not is_of_a_person(case.candidate):
        return False  # a lullaby is for a child
    if kind == "emotion" and not (known.tells("emotion") or "emotion" in asked):
        described = any(_CAPTIONS.search(key) for key, _ in known.texts)
        return not (music or known.tells("sound") or (described and not spoken))
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


_CAPTIONS = re.compile(r"caption|descri|summary|story|title|lyric")
_DESCRIBES = re.compile(r"caption|descri|title|summary|story|topic")


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


_THINGS = (*LISTS, "room")


def _may_be_inferred(case: Case, text: str) -> bool:
    """Whether a fact that no table knows may be what a word of the answer stands for: typing for a typewriter.

    A caption in the language of the text is read as it stands.
    """
    known = case.known
    if any(
        value and not _DESCRIBES.search(key) and not is_text(key) and kind_of(key) == "other"
        for key, value in known.texts
    ):
        return True
    return (
        bool(known.prose)
        and text != case.candidate.asked
        and _differ(language_of(known.prose), language_of(text) or case.language)
    )


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _up_to(claim: Claim, text: str) -> str:
    """The clause of a claim, up to it."""
    return re.split(r"[.,;:]|\b(?:and|but|while|whereas|und|y|et)\b", text[: claim.start])[-1]


IMPLIED = {
    "thunder": ("rain", "wind"),
    "waves": ("water", "wind"),
    "boat": ("water", "waves"),
    "rain": ("water",),
}
"""What goes with a sound as a matter of course."""

_MATERIALS = frozenset(
    "water fire glass door plates engine hum static breath crowd vehicle footsteps babble speech wind car".split()
)
"""Things that go without saying with others: water in a kettle, a door in a hall, a crowd at a match."""


def state_in(claim: Claim, case: Case, text: str) -> State:
    if claim.kind == "gender" and not case.known.tells("gender") and _about_others(case):
        return State.OPEN
    if (
        not claim.pronoun
        and (own := of_its_role(case.candidate, claim.kind, claim.value, _up_to(claim, text))) is not None
    ):
        return State.TRUE if own else State.FALSE
    state = state_of(claim, case.known, text)
    if claim.value == "music" and case.known.named.get("instrument"):
        return State.TRUE
    if (
        claim.kind in LISTS
        and state is not State.TRUE
        and is_in_a_name(case.candidate, claim.kind, claim.value)
    ):
        return State.OPEN
    if (
        claim.kind == "language"
        and state is State.FALSE
        and in_context(case.candidate, "language", claim.value, "")
    ):
        return State.OPEN  # a Korean learner of English
    if claim.kind == "gender" and state is State.UNTOLD:
        counted = concepts_in(TABLES["gender"], names_of_facts(case.candidate))  # `female_speakers: 4`
        if counted or hints_at_gender(case.candidate):
            return State.OPEN
    if claim.kind == "language" and state is State.UNTOLD and names_a_place(case.candidate):
        return State.OPEN
    if state is not State.TRUE and any(
        claim.value in IMPLIED.get(value, ()) for value in case.known.named.get("sound", ())
    ):
        return State.OPEN
    if claim.kind in _THINGS and state is State.UNTOLD and _may_be_inferred(case, text):
        return State.OPEN
    if (
        claim.kind == "sound"
        and state not in (State.TRUE, State.NEAR)
        and any(is_a_kind_of(claim.value, told) for _, told in case.known.texts)
    ):
        return State.OPEN
    if claim.value in _MATERIALS and state in (State.UNTOLD, State.MISSING) and case.known.prose:
        return State.OPEN
    if state in (State.UNTOLD, State.MISSING) and not claim.pronoun:
        only = state is State.UNTOLD or len(case.known.told.get(claim.kind, ())) == 1
        if only and in_context(case.candidate, claim.kind, claim.value, text[claim.start : claim.end]):
            return State.OPEN
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


_LIKENS = re.compile(
    r"(?:unlike|anders als|a diferencia de|contrairement a|a differenza d\w+|в отличие от|"
    r"(?<!sounds )(?<!sound )(?<!seems )(?<!feels )\blike|similar to|related to|akin to|than|compared (?:to|with)|"
    r"family of|"
    r"verwandt mit|ahnlich|parecid[oa] (?:a|al)|similar al?|proche d[eu']|semblable au?|simile al?|чем|похож\w* на)"
    r"\s+(?:the|an?|der|die|das|dem|einer?|einem|el|la|le|un|una|une|l')?\s*$"
)
"""Before what something is compared with: a viola is like the violin."""


def in_passing(claim: Claim, text: str, case: Case) -> bool:
    """A word that may be said in passing (`gentle`, `outside`), where no mood or place is asked for or known."""
    if _LIKENS.search(text[: claim.start]):
        return True
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
    return tuple(
        claim for claim in found
        if not claim.pronoun or not agrees_with_a_noun(claim.value, case.candidate.question, case.language)
    )  # fmt: skip


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
    order = ("snr", "age", "count", "distance", "bpm", "rt60", "duration")
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
