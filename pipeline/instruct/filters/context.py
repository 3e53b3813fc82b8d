"""What a clip's corpus and the names of its facts ground without being facts: a guitar in `Guitar riffs`.

Also what kind of clip it is, which decides whether a word of a mood or a noun is a claim about it at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from .candidate import Candidate
from .kin import cognate, kin
from .vocabulary import TABLES, agree
from .words import concepts_in, content_words, fold, words

_ONE_OF = frozenset(["gender", "age", "emotion", "language", "spoof", "mode"])
"""Kinds of which a clip has one value; a corpus that names several grounds none of them."""

_MANNERS = re.compile(
    r"arous|valence|energy|activation|tone|style|manner|quality|effort|intensity|vocali[sz]|call|behavio|state|activit"
    r"|delivery|expressi|attitude|character|level|loud|stress|rating|context|situation|incident|urgen|severity"
)
"""Names of facts from which a mood may be inferred: low arousal is calm, an alarm call isn't relaxed."""

_PERSONAL = re.compile(
    r"gender|(?:^|_)sex$|(?:^|_)age(?:_|$)|accent|dialect|emotion|speaker|lang|text|transcript|utterance|sentence|l1$"
)


@lru_cache(maxsize=512)
def _described(description: str) -> Mapping[str, frozenset[str]]:
    return {kind: frozenset(concepts_in(table, description)) for kind, table in TABLES.items()}


_NO = frozenset("absent none no false off never n/a missing".split())
_YES = frozenset("present yes true on".split())
_UNITS = frozenset(
    "num number count of n is has have percent pct ratio share total s ms db per mean contains with in".split()
)


def flags_of(candidate: Candidate) -> dict[str, bool]:
    """Facts that say whether something is there: booleans, `absent`, and how much of it where that is zero."""
    flags: dict[str, bool] = {}
    for key, value in candidate.facts.items():
        said = fold(value).strip() if isinstance(value, str) else None
        if isinstance(value, bool):
            flags[str(key).lower()] = value
        elif said in _NO or said in _YES:
            flags[str(key).lower()] = said in _YES
        elif isinstance(value, int | float) and value == 0 and not _SIGNED.search(str(key).lower()):
            flags[str(key).lower()] = False
    return flags


_SIGNED = re.compile(
    r"_db|snr|level|degrees|azimuth|elevation|temperature|id$|index|hour|time|delay|channel|speaker|year"
)


def parts_of_name(key: str) -> tuple[str, ...]:
    """The words of a fact's name but for units and the like."""
    return tuple(part for part in re.split(r"[_\W]+", key.lower()) if len(part) > 1 and part not in _UNITS)


def names_of_facts(candidate: Candidate) -> str:
    """The names of the facts, as words."""
    return " ".join(re.sub(r"[_\W]+", " ", str(key)) for key in candidate.facts)


def is_in_a_name(candidate: Candidate, kind: str, value: str) -> bool:
    """Whether the name of a fact has this value: a bell in `bell_note`."""
    return value in concepts_in(TABLES[kind], names_of_facts(candidate))


def in_context(candidate: Candidate, kind: str, value: str, said: str) -> bool:
    """Whether the corpus or a name of a fact has this value, or a word of its family."""
    told = _described(candidate.corpus_description).get(kind, frozenset())
    if kind in _ONE_OF:
        return told == {value}
    named = told | frozenset(concepts_in(TABLES[kind], names_of_facts(candidate))) if kind in TABLES else told
    if value in named or any(agree(kind, value, other) for other in named):
        return True
    return any(
        in_family(word.text, _context_words(candidate.corpus_description)) for word in words(said)
    ) or any(
        in_family(word.text, tuple(w.text for w in words(names_of_facts(candidate)))) for word in words(said)
    )


@lru_cache(maxsize=512)
def _context_words(description: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.text for word in content_words(description, "en")))


def in_family(word: str, others: tuple[str, ...]) -> bool:
    """Whether a word is kin to one of others, in the same language or borrowed."""
    return any(kin(word, other) or cognate(word, other) for other in others)


_GENDERED = re.compile(
    r"\b(?:(?:fe)?males?|(?:grand|step|god)?(?:father|mother|son|daughter)|dad|mum|mom|brother|sister|uncle|aunt|nephew|niece|husband|wife|king|"
    r"queen|prince|princess|duke|monks?|nuns?|priest|abbot|groom|bride\w*|widow\w*|waiter|waitress|actor|actress|\w*(?:men|man|woman|"
    r"women)|boys?|girls?|lad|lady|sopranos?|mezzo\w*|alto|contralto|countertenor|tenors?|baritones?|bass|gander|stallion|mare|bull|"
    r"cow|ram|ewe|rooster|cock|hen|drake|stag|doe|vixen|sow|boar|tomcat|queen bee|mr|mrs|ms|sir|madam)\b"
)
_NAMES_SOMEBODY = re.compile(
    r"composer|artist|author|poet|singer|performer|name$|character|role|conductor|musician|writer|politician|president"
)


def hints_at_gender(candidate: Candidate) -> bool:
    """Whether a fact names somebody, or with a word of one gender: a bride's father, a soprano, a mare."""
    return any(
        isinstance(value, str) and (_NAMES_SOMEBODY.search(str(key).lower()) or _GENDERED.search(fold(value)))
        for key, value in candidate.facts.items()
    )


_PLACES = re.compile(
    r"city|place|region|country|canton|state$|county|village|town|birth|origin|location|station|team|nation|dialect|province"
)


def names_a_place(candidate: Candidate) -> bool:
    """Whether a country may be inferred from a fact."""
    return any(
        isinstance(value, str) and _PLACES.search(str(key).lower()) for key, value in candidate.facts.items()
    )


def tells_manner(candidate: Candidate) -> bool:
    """Whether some fact is such that a mood may be inferred from it."""
    return any(_MANNERS.search(fold(str(key))) for key in candidate.facts)


def tells_manner_by(name: str) -> bool:
    """Whether a fact of this name tells how something is done or is, from which much may be inferred."""
    return _MANNERS.search(fold(name)) is not None


def is_of_a_person(candidate: Candidate) -> bool:
    """Whether the facts are those of somebody who speaks."""
    return any(_PERSONAL.search(fold(str(key))) for key in candidate.facts)
