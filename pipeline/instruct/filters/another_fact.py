"""Whether an answer tells another fact than the one the question asks for, and nothing of that one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from . import lexicon
from .asking import ASKED
from .case import Case, claims_in, polarity
from .leaves import leaves
from .pitch import note_names
from .truth import degrees_of
from .vocabulary import TABLES
from .words import CJK, concepts_in, content_words, fold, number_words, stem, words

_OF_MANY = frozenset(
    stem(word)
    for word in (
        "speaker voice sound audio recording music song clip speech person type class level value name id "
        "number num "
        "count of is has the main mean max min total per in at to by s ms m cm mm km hz khz db dba pct "
        "percent kmh year "
        "years second seconds quality style kind text label present"
    ).split()
)
"""Parts of names of facts that many facts have, or that are units: they don't tell which fact a question asks for."""

_PLAIN_VERBS = frozenset(
    "wearing wears worn moving moves move going goes coming comes called calls belongs using uses used "
    "made makes saying "
    "says tells states telling talking talks contains features has shows appears involves includes got "
    "gets driving runs "
    "trägt heisst nennt sagt gehört kommt geht fährt lleva dice pertenece viene porte vient dit "
    "appartient идет едет".split()
)


def tells_another_fact(case: Case) -> str | None:
    """The fact that the answer tells, where it is none that the question asks for; None where it may answer."""
    if CJK.search(case.candidate.answer) or polarity(case) is not None or case.about_content:
        return None
    facts = list(leaves(case.candidate.facts))
    asked = {key for key, value in facts if is_asked(key, value, case)}
    others = {key for key, _ in facts} - asked
    if not asked or not others or _tells_of(asked, facts, case):
        return None
    return told_alone(others, facts, case)


def is_asked(key: str, value: Any, case: Case) -> bool:
    """Whether a question asks for a fact: what follows its question word is the fact's name or a size of its kind, or
    its value is tested or offered."""
    question = case.candidate.asked
    if kinds_of(key) & case.asked & _SIZES:
        return True
    if not (case.form.tests or case.form.options):
        near = {w.stem for match in _WH.finditer(question) for w in words(match[1])}
        return any(
            stem(part) in near for part in re.split(r"[_\W]+", key) if part and stem(part) not in _OF_MANY
        )
    if not isinstance(value, str) or len(value.split()) > 3:
        return False
    asked = {word.stem for word in case.candidate.asked_words}
    named = any(
        set(concepts_in(table, value)) & set(concepts_in(table, case.candidate.question))
        for table in TABLES.values()
    )
    return named or any(word.stem in asked for word in content_words(value, None))


_SIZES = frozenset(["age", "bpm", "distance", "duration", "count", "snr", "rt60", "pitch"])
_WH = re.compile(
    r"\b(?:what(?!\W+(?:does|do|did|can|could|will|would|has|have|happen\w*|set|makes?|causes?)\b)|which|"
    r"how (?:many|much)|welche\w*|wie viele?|was(?!\W+(?:macht|tut|passiert|geschieht|hat|kann)\b)|"
    r"cual(?:es)?|que|cuant[oa]s?|"
    r"quel(?:le)?s?|combien de|qual[ei]?|"
    r"quais|quant[oaie]s?|как\w+|сколько)((?:\W+\w+){1,3})"
)


def kinds_of(key: str) -> set[str]:
    """The kinds of things asked for that the name of a fact stands for."""
    name = key.replace("_", " ")
    return {kind for kind, pattern in ASKED.items() if kind != "content" and pattern.search(name)}


def _tells_of(asked: set[str], facts: list[tuple[str, Any]], case: Case) -> bool:
    """Whether the answer may tell something of the facts asked for."""
    answer, question = case.candidate.answer, {word.stem for word in case.candidate.asked_words}
    said = {word.stem for word in words(answer)}
    values = [value for key, value in facts if key in asked]
    if any(not isinstance(value, str) for value in values) and (
        re.search(r"\d", answer) or any(degrees_of(fold(answer))) or said & _NUMBERS
    ):
        return True
    if any("note" in key or "pitch" in key for key in asked) and re.search(
        r"\d\s?(?:k?hz|hertz)\b", fold(answer)
    ):
        return True
    if note_names(answer, syllables=True, german=True) and any(
        kinds_of(key) & {"key", "pitch"} for key in asked
    ):
        return True
    told = {w.stem for v in values if isinstance(v, str) for w in words(v)}
    if (told - _STOPS) & (said - question):
        return True
    options = {w.stem for start, end in case.form.options for w in words(case.candidate.asked[start:end])}
    if (options & said) - _STOPS:
        return True
    kinds = {kind for key in asked for kind in kinds_of(key)}
    kinds |= {"accent", "language"} if kinds & {"accent", "language"} else set()
    return any(claim.kind in kinds and claim.kind != "gender" for claim in _new_claims(case))


def _new_claims(case: Case) -> Iterator[Any]:
    question = case.candidate.asked
    for claim in claims_in(case.candidate.answer, case):
        if fold(case.candidate.answer)[claim.start : claim.end] not in question:
            yield claim


def told_alone(others: set[str], facts: list[tuple[str, Any]], case: Case) -> str | None:
    """The other fact whose value the answer is, but for words that tell nothing."""
    known = {word.stem for word in case.candidate.asked_words} | {
        word.stem for word in words(case.candidate.corpus_description)
    }
    spans = [
        (claim.start, claim.end, claim.kind)
        for claim in _new_claims(case)
        if claim.value in case.known.told.get(claim.kind, ()) and not claim.denied
    ]
    answer = [word for word in words(case.candidate.answer) if word.text not in lexicon.GENERIC]
    sized = all(not isinstance(value, str) for key, value in facts if key not in others)
    for key in sorted(others):
        if not sized and any(len(str(value).split()) > 3 for name, value in facts if name == key):
            continue  # the words of a clip answer much, but no size
        values = [str(value) for name, value in facts if name == key and not isinstance(value, bool)]
        own = {word.stem for value in values for word in words(value)}
        names = {stem(part) for part in re.split(r"[_\W]+", key) if part}
        kinds = kinds_of(key)
        mine = [(start, end) for start, end, kind in spans if kind in kinds]
        told = [w for w in answer if (w.stem in own and w.stem not in _STOPS | known) or _inside(w, mine)]
        rest = [
            w for w in content_words(case.candidate.answer, case.language)
            if w.text not in lexicon.GENERIC and w.text not in _PLAIN_VERBS and w.stem not in _NUMBERS
            and w.stem not in own | names | known and not _inside(w, mine)
        ]  # fmt: skip
        particle = any(
            len(words(value)) == 1 and words(value)[0].stem in {w.stem for w in answer} for value in values
        )
        if (told or particle) and not rest:
            return key
    return None


def _inside(word: Any, spans: list[tuple[int, int]]) -> bool:
    return any(start <= word.start < end for start, end in spans)


_NUMBERS = {stem(word) for number in range(100) for way in number_words(number) for word in way} - {"y", "un"}
_STOPS = {
    stem(word.text) for word in words("the a an of in on to and or is it with for from at by no not as")
}
