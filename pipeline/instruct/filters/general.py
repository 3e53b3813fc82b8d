"""Questions about things in general, by what they leave out: nothing in them is of the clip, and they tell things that
no fact and no description of the corpus speaks of (`which amphibian starts out as a tadpole?`).

Only for English, whose words for what happens in clips are listed here; `quiz` has forms for other languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import lexicon, patterns
from .binary import form_of
from .candidate import Candidate
from .clauses import is_said
from .kin import kin
from .known import kind_of
from .leaves import leaves
from .lexicon import word_set
from .values import mentions
from .words import content_words, fold, stem, texts, words

_HAPPENS = word_set(
    "talked against such hit hits strike strikes tap taps touches touch scrapes"
    " start starts started begin begins end ends stop stops last lasts first second third final next twice"
    " once often again"
    " many much long short loud louder loudest quiet softer quieter fast faster slow slower high higher low"
    " lower big small"
    " pass passes passing drive drives driving come comes coming go goes going move moves moving approach"
    " approaches near far"
    " close closer left right side middle front behind above below melody rhythm beat beats bar bars chord"
    " chords lead leads"
    " accompany accompanies carry carries solo tune line part parts dominate dominates join joins enter"
    " enters ask asks want"
    " wants tell tells describe mention mentions discuss discussed call calls called appear appears belong"
    " belongs made make"
    " makes material object objects machine engine vehicle vehicles animal animals bird birds insect insects"
    " species region"
    " country city level quality strength speed rate size number share whole before after during between"
    " used use produce"
    " produces produced cause causes show shows shown suggest suggests give gives given addressed address"
    " subject topic point"
    " purpose reason action activity kind variety class style form state condition result signal effect"
    " impression given"
    " running working work works operate operates operating fade fades rise rises fall falls drop drops"
    " change"
    " changes sing sings sung ring rings ringing speaks laugh laughs cry cries occur occurs take takes place"
    " done happening"
    " time times moment order quickly slowly loudly quietly clearly strongly only alone together another"
    " different same two"
    " three four five name tested operated employed dominant prominent audibly possibly apparently share"
    " male female"
    " adult child man woman men women people group pair indoor outdoor urban rural season weather surface"
    " brand model make"
    " attitude state voiced sounding follow follows following precede precedes repeat repeats repeated"
    " simultaneously"
    " underlying overall ambient near nearby distant close-up nearest recorded captured perform performs"
    " performed"
    " performing composer composed written wrote section sections team user users"
)
"""What is asked of a clip: when, where, how often, how loud, who does it."""

_WORLD = r"(?:sky|clouds?|sun|moon|stars?|seas?|oceans?|world|wild|jungle|night|dark|desert|air|earth|woods)"
_DEFINITE = re.compile(rf"\b(the|this|that|these|those)\s+(?!{_WORLD}\b)(?:\w+)")
_OF_A_KIND = re.compile(
    r"^\W*(?:in |on |to |for |of |from |by |with )?(?:what|which)\s+(?:(?:kind|type|sort)s? of\s+)?(\w+)"
)
_VERB = re.compile(r"\b(?:is|are|was|were|does|do|did|can|might|may|could|will|would|has|have|had)\b")
_UNDER_WAY = re.compile(
    r"\b(?:is|are|was|were) (?:\w+ )?(?!during|nothing|morning|evening|king|string)\w{2,}ing\b"
)
_ANY_ONE = re.compile(
    r"(?:^\W*|\b(?:what|why|when|where|how(?: \w+){0,2}?|(?:what|which) \w+) )(?:do|does|can|must|should|will) "
    r"(an? (?:[\w-]+ )?)?([\w-]+) (?!be\b|get\b|sound\b)\w+"
)
_COMPARED = re.compile(r"^\W*(?:is|are) (?:an? )?[\w-]+ (?:more |less )?\w+ than (?:an? )?\w+\W*$")
_CAN = re.compile(
    r"^\W*can (?:an? )?(?!voices|words|sounds|speakers|people)[a-z-]+s? (?!be\b|i\b|we\b|you\b|one\b)[a-z]+\W*$"
)
_ARE = re.compile(r"^\W*are [a-z-]+s (?!heard)[a-z]+[^gd\W]s\W*$")
_PERSONS = word_set(
    "man woman person child boy girl baby crowd group speaker voice men women people children someone you we"
    " they i it he she"
    " anyone anybody the this that one"
)
_MANY = word_set("people humans children animals adults musicians singers doctors")
_LONGEST_KIND = 3  # words: large stringed instrument
_UNTOLD, _UNTOLD_BESIDE_A_TEXT = 2, 3


def general_form(candidate: Candidate) -> str | None:
    """The words of a question that is about things in general; None where it may be about the clip."""
    if candidate.language not in ("en", None):
        return None
    known = _known(candidate)
    asked = candidate.asked
    for match in _DEFINITE.finditer(asked):
        if not candidate.question[match.end(1) :].strip()[:1].isupper():  # the Four Seasons
            return None
    if _UNDER_WAY.search(asked):
        return None
    telling = [
        word.text
        for word in content_words(candidate.question, "en")
        if word.text not in lexicon.GENERIC and word.text not in _HAPPENS and not word.text.isdigit()
        and not any(kin(word.text, one) for one in known)
    ]  # fmt: skip
    least = _UNTOLD_BESIDE_A_TEXT if _said(candidate.facts) else _UNTOLD
    if _COMPARED.search(asked) and telling:
        return asked
    if (_CAN.search(asked) or _ARE.search(asked)) and telling:
        return asked
    anyone = _ANY_ONE.search(asked)
    if (
        anyone
        and _is_generic(anyone)
        and len(set(telling) - {anyone[2]}) >= (1 if anyone[2] in _MANY else least)
    ):
        return anyone[0].strip()
    offered = {
        word.text for start, end in form_of(candidate.question).options for word in words(asked[start:end])
    }
    telling = [word for word in telling if word not in offered]  # what is offered tells nothing of the world
    kind = _OF_A_KIND.match(asked)
    if kind and len(_without_its_kind(telling, kind, asked)) >= least and _names_a_class(candidate):
        return " ".join(telling)
    return None


def _without_its_kind(telling: list[str], kind: re.Match[str], asked: str) -> list[str]:
    """The words but for those that say what is asked for: up to a verb that can be told, else the first."""
    verb = _VERB.search(asked, kind.start(1))
    if verb is None or len(texts(asked[kind.start(1) : verb.start()])) > _LONGEST_KIND:
        return telling[1:] if telling and telling[0] in asked[: kind.end()] else telling
    before = texts(asked[: verb.start()])
    return [word for word in telling if word not in before]


def _is_generic(match: re.Match[str]) -> bool:
    """Whether any one of a kind is meant: `a tram`, `cows`, `people`."""
    subject = match[2]
    if match[1]:
        return subject not in _PERSONS
    return subject in _MANY or (
        subject.endswith("s") and subject not in _PERSONS and not subject.endswith("ss")
    )


def _names_a_class(candidate: Candidate) -> bool:
    """Whether the answer is a value in words, such as a quiz would ask for, and little else."""
    answer = candidate.answer
    if len(content_words(answer, "en")) > 4:
        return False
    named = mentions(Candidate(answer, "", candidate.facts))
    kinds = {
        kind_of(mention.fact)
        for mention in named
        if not patterns.fullmatch(r"[\d.]+|true|false", mention.value)
    }
    if kinds - {"gender", "age"}:
        return True
    heads = {
        texts(value)[-1] for name, value in leaves(dict(candidate.facts))
        if isinstance(value, str) and texts(value) and not is_said(name)
    }  # fmt: skip
    said = content_words(answer, "en")
    if any(stem(word.text) == stem(head) for word in said for head in heads):
        return True
    known = _known(candidate)
    return bool(said) and all(any(kin(word.text, one) for one in known) for word in said)


def _said(facts: Mapping[str, Any]) -> bool:
    return any(isinstance(value, str) and is_said(name) for name, value in leaves(dict(facts)))


def _known(candidate: Candidate) -> set[str]:
    """The words of facts, of their names and of the corpus description."""
    told = " ".join(f"{name.replace('_', ' ')} {value}" for name, value in leaves(dict(candidate.facts)))
    return {word.text for word in content_words(f"{fold(candidate.corpus_description)} {told}", "en")}
