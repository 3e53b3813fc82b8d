"""Either-or questions whose chosen option isn't the fact's value, or of whose options two are so, and codes (CEFR
levels) of which another is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from ....recipes.kit.forms import form
from ....recipes.kit.values import TABLES, Vocabulary, alike, vocabulary
from .binary import form_of
from .candidate import Candidate
from .claims import denied_at
from .context import in_family
from .known import Known
from .numbers import quantities
from .words import content_words, fold, words


def wrong_option(candidate: Candidate, known: Known, language: str | None) -> str | None:
    """The option of an either-or question that the answer chooses, where only the other one is a fact's value."""
    options = form_of(candidate.question).options
    if len(options) != 2:
        return None
    one, other = (candidate.asked[start:end] for start, end in options)
    for right, wrong in ((one, other), (other, one)):
        told, chosen = _only_in(right, wrong, language), _only_in(wrong, right, language)
        if not told or not chosen:
            continue
        values = [
            w.text
            for texts in known.values.values()
            for t in texts
            if len(t.split()) <= _SHORT
            for w in words(t)
        ]
        said = [w.text for w in words(candidate.answer)]
        told = [
            word
            for word in told
            if not in_family(word, tuple(w.text for w in words(candidate.corpus_description)))
        ]
        holds = any(in_family(word, tuple(values)) for word in told)
        holds = holds and not any(in_family(word, tuple(values)) for word in chosen)
        if not holds or any(in_family(word, tuple(said)) for word in told):
            continue
        answer = fold(candidate.answer)
        place = next((w for w in words(candidate.answer) if in_family(w.text, tuple(chosen))), None)
        if place is not None and not denied_at(answer, place.start, place.end, language):
            return place.text
    return _wrong_number(candidate, known, language)


def two_so(candidate: Candidate) -> tuple[str, str] | None:
    """Two options of a question that are one thing or a kind of each other, where the clip has it: guitar, electric
    guitar. Only names that the tables of values know are compared."""
    spans = form_of(candidate.question).options
    offered = [candidate.asked[start:end] for start, end in spans]
    for name, told in candidate.facts.items():
        if name not in TABLES or len(offered) < 2:
            continue
        known = vocabulary(*TABLES[name])
        own = form(name.replace("_", " "))
        named = [_value_in(text, known, own) for text in offered]
        values = told if isinstance(told, list) else [told]
        for (one, first), (other, second) in combinations(zip(named, offered, strict=True), 2):
            if one and other and alike(name, one, other) and any(alike(name, one, str(v)) for v in values):
                return first.strip(), second.strip()
    return None


def _value_in(option: str, known: Vocabulary, own: frozenset[str]) -> str | None:
    """The value at the end of an option, the first of which has the question before it; `own` names the fact."""
    said = [word.text for word in words(option)]
    rests = (" ".join(said[place:]) for place in range(len(said)))
    found = (known.value(rest) or known.by_form.get(form(rest) - own) for rest in rests)
    return next((value for value in found if value), None)


_SHORT = 4  # words; a longer value tells more than which of two


def _only_in(option: str, other: str, language: str | None) -> list[str]:
    beside = {w.text for w in words(other)}
    return [w.text for w in content_words(option, language) if w.text not in beside and len(w.text) > 2]


_METER = re.compile(r"^\s*(\d{1,2})\s*/\s*(\d{1,2})\s*$")


def _wrong_number(candidate: Candidate, known: Known, language: str | None) -> str | None:
    """The number chosen of two offered, where only the other one is a fact's: `in two or in three`."""
    asked = [q for q in quantities(candidate.question, language) if not q.bound]
    said = [
        q for q in quantities(candidate.answer, language) if not q.article or len(words(candidate.answer)) < 4
    ]
    told = {low for _, _, low, _ in known.measures} | {float(length) for length in known.lengths.values()}
    told |= {float(m[1]) for texts in known.values.values() for t in texts if (m := _METER.match(t))}
    for one, other in pairwise(asked):
        if one.value == other.value or not re.search(
            r"\b(?:or|oder|o|u|ou|или)\b|还是", candidate.asked[one.end : other.start]
        ):
            continue
        right = [q.value for q in (one, other) if q.value in told]
        chosen = {q.value for q in said} & {one.value, other.value}
        if len(right) == 1 and len(chosen) == 1 and right[0] not in chosen:
            return f"{chosen.pop():g}"
    return None


_CODE = re.compile(r"(?<![\w.])[A-Z]{1,3}[-. ]?\d{1,4}(?:\.\d)?(?![\w])")
_CODED = re.compile(
    r"cefr|level|proficien|codec|model|variant|class|grade|line|gate|flight|route|platform|version"
)


def other_code(candidate: Candidate) -> str | None:
    """A code of the same form as a fact's that the answer gives instead of it: A2 for C1."""
    given = [_bare(match[0]) for match in _CODE.finditer(candidate.answer)]
    for code in _codes(candidate):
        alike = [other for other in given if _form(other) == _form(code)]
        if alike and code not in given:
            return alike[0]
    return None


def _codes(candidate: Candidate) -> Iterator[str]:
    for key, value in candidate.facts.items():
        if isinstance(value, str) and _CODED.search(str(key).lower()) and _CODE.fullmatch(value.strip()):
            yield _bare(value)


def _bare(code: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def _form(code: str) -> str:
    return re.sub(r"\d", "0", re.sub(r"[A-Z]", "A", code))
