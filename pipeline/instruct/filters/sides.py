"""Facts that come in twos or in an order: source and target, caller and agent, the first chord and the last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from .binary import form_of
from .candidate import Candidate
from .claims import claims_of, denied_at
from .numbers import quantities
from .pitch import note_names
from .vocabulary import TABLES
from .words import concepts_in, content_words, fold, stem, words

_SAME_ROLE: Mapping[str, str] = {
    "source": r"source|original|out of|from",
    "target": r"target|into|rendered|rendering|translation",
    "from": r"from|start\w*|beg[iu]n\w*|first|initial\w*|outgoing",
    "to": r"end\w*|last|final\w*|incoming|up to",
    "start": r"start\w*|beg[iu]n\w*|first|initial\w*|opening",
    "end": r"end\w*|last|final\w*|clos\w+",
    "first": r"first|start\w*|beg[iu]n\w*|initial\w*",
    "last": r"last|end\w*|final\w*",
}
_RISING = (("from", "to"), ("start", "end"), ("first", "last"), ("initial", "final"),
           ("before", "after"), ("begin", "end"),
           ("onset", "offset"), ("entry", "exit"), ("old", "new"))  # fmt: skip
_UP = re.compile(
    r"\b(?:up(?:wards?)?|ris(?:es?|ing)|rose|increas\w+|higher|above|faster|accelerat\w+|louder|ascend\w*|"
    r"climb\w*|speeds? up|"
    r"steig\w+|zunimmt|nimmt zu|schneller|hoher|aufwarts|sub[ei]\w*|aument\w*|mas (?:rapid|alt|agud)\w+|"
    r"acelera|asciende|"
    r"monte\w*|augment\w*|accelere|plus (?:vite|rapide|aigu|haut)\w*|sale\b|accelera|piu (?:veloce|alt|acut)\w*|"
    r"раст[уе]т|повыша\w+|ускоря\w+|увеличива\w+|быстрее|выше|вверх)\b|上升|升高|变快|加快|变高|提高"
)
_DOWN = re.compile(
    r"\b(?:down(?:wards?)?|fall(?:s|ing)?|fell|drop(?:s|ping|ped)?|decreas\w+|lower|below|slower|slows?|decelerat\w+|quieter|descend\w*|"
    r"sink\w*|fallt|abnimmt|nimmt ab|langsamer|tiefer|abwarts|baj[ae]\w*|disminu\w+|mas (?:lent|baj|"
    r"grave)\w*|desciende|"
    r"baisse\w*|diminu\w+|ralenti\w*|plus (?:lent|grave|bas)\w*|scende|rallenta|diminuisce|piu (?:lent|"
    r"bass|grave)\w*|desce|"
    r"пада\w+|снижа\w+|понижа\w+|замедля\w+|уменьша\w+|медленнее|ниже|вниз)\b|下降|降低|变慢|减慢|变低"
)


@dataclass(frozen=True)
class Pair:
    """Two facts of one kind: the part of the name that tells them apart, and the value, of each."""

    roles: tuple[str, str]
    values: tuple[Any, Any]


def pairs_of(facts: Mapping[str, Any]) -> Iterator[Pair]:
    """The facts whose names differ in one part: `caller_gender` and `agent_gender`."""
    named = [(str(key).lower().split("_"), value) for key, value in facts.items()]
    for (one, first), (other, second) in combinations(named, 2):
        differ = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
        if (
            len(one) == len(other) > 1
            and len(differ) == 1
            and first != second
            and type(first) is type(second)
        ):
            yield Pair(differ[0], (first, second))


def of_its_role(candidate: Candidate, kind: str, value: str, text: str) -> bool | None:
    """Whether a value is that of the one of two whom a folded text is about; None where it is about both or none.

    `caller_gender` and `agent_gender` differ: `the caller is a man` is so or not, whatever the agent is.
    """
    if kind not in ("gender", "language", "emotion", "age"):
        return None
    for pair in pairs_of(candidate.facts):
        concepts = [set(concepts_in(TABLES[kind], str(v))) for v in pair.values]
        if not all(concepts) or concepts[0] == concepts[1]:
            continue
        named = [re.search(rf"\b{re.escape(role)}\b", text) is not None for role in pair.roles]
        if sum(named) == 1:
            return value in concepts[named.index(True)]
    return None


def other_side(candidate: Candidate, language: str | None) -> str | None:
    """The value that an answer gives of the wrong one of two: the source language as the target."""
    answer = fold(candidate.answer)
    for pair in pairs_of(candidate.facts):
        for own, other in ((0, 1), (1, 0)):
            mine, theirs = pair.values[own], pair.values[other]
            asked = _only_asks_for(pair.roles[own], pair.roles[other], candidate)
            if (
                asked
                and _names(candidate.answer, theirs, language)
                and not _names(candidate.answer, mine, language)
            ):
                return _shown(theirs)
            for start, end in _clauses_about(pair.roles[own], pair.roles[other], answer):
                if _states(answer[start:end], mine, theirs, language):
                    return _shown(theirs)
    return None


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


_ROOT = 5


def _role(role: str) -> str:
    root = stem(role) if len(stem(role)) >= _ROOT else role  # that of `caller` would be in `calm`
    pattern = _SAME_ROLE.get(role) or re.escape(root) + r"\w*"
    return rf"\b(?:{pattern})\b"


def _only_asks_for(own: str, other: str, candidate: Candidate) -> bool:
    form = form_of(candidate.question)
    if form.tests or form.options or form.binary or len(own) < 2:
        return False
    question = candidate.asked
    return re.search(_role(own), question) is not None and re.search(_role(other), question) is None


def _clauses_about(own: str, other: str, answer: str) -> Iterator[tuple[int, int]]:
    """The clauses of an answer whose subject is one of two roles."""
    start = 0
    for match in [*re.finditer(r"[.,;:]|\b(?:while|whereas|but|and|und|y|et|wahrend)\b", answer), None]:
        end = match.start() if match else len(answer)
        clause = answer[start:end]
        if own not in _SAME_ROLE and re.search(_role(own), clause) and not re.search(_role(other), clause):
            yield start, end
        start = match.end() if match else end


def _states(clause: str, mine: Any, theirs: Any, language: str | None) -> bool:
    """Whether a clause says another value of the same table than the one that is true of its subject."""
    if not isinstance(mine, str):
        return False
    for kind in ("gender", "language", "emotion", "age"):
        true, false = set(concepts_in(TABLES[kind], mine)), set(concepts_in(TABLES[kind], str(theirs)))
        if not true or not false or true & false:
            continue
        said = {c.value for c in claims_of(clause, language) if c.kind == kind and not c.denied}
        if said and said <= false:
            return True
    return False


def _names(text: str, value: Any, language: str | None) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return any(q.covers(float(value), float(value)) and not q.article for q in quantities(text, language))
    for kind in ("language", "gender", "emotion", "age", "instrument", "sound"):
        if found := set(concepts_in(TABLES[kind], str(value))):
            return bool(found & set(concepts_in(TABLES[kind], text)))
    said = {word.stem for word in words(text)}
    parts = [word.stem for word in words(str(value))]
    return bool(parts) and all(part in said for part in parts)


def wrong_way(candidate: Candidate, language: str | None, yes: bool | None) -> bool:
    """Whether an answer says that something goes down which goes up from one fact to the other, or the other way."""
    slopes = [slope for pair in pairs_of(candidate.facts) if (slope := _slope(pair))]
    slopes += [
        course for key, value in candidate.facts.items()
        if isinstance(value, str) and _COURSE.search(str(key).lower()) and (course := _direction(fold(value), "en"))
    ]  # fmt: skip
    if len(slopes) != 1:
        return False
    form = form_of(candidate.question)
    if form.tests and not form.options:
        asked = _direction(candidate.asked, language)
        return asked is not None and yes is not None and (asked == slopes[0]) is not yes
    said = _direction(fold(candidate.answer), language)
    about = (
        _UP.search(candidate.asked)
        or _DOWN.search(candidate.asked)
        or re.search(r"\bchange|develop|evolv", candidate.asked)
    )
    return about is not None and said is not None and said != slopes[0]


_COURSE = re.compile(r"direction|contour|trend|glide|slope|movement|intonation|course")


def _slope(pair: Pair) -> int:
    roles = pair.roles if pair.roles in _RISING else pair.roles[::-1]
    if roles not in _RISING:
        return 0
    numbers = [_number(value) for value in pair.values]
    if None in numbers or numbers[0] == numbers[1]:
        return 0
    up = 1 if (numbers[1] or 0.0) > (numbers[0] or 0.0) else -1
    return up if roles == pair.roles else -up


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    notes = note_names(value, syllables=False) if isinstance(value, str) and len(value) < 5 else []
    return 12.0 * notes[0][1] + notes[0][0] if len(notes) == 1 and notes[0][1] is not None else None


def _direction(text: str, language: str | None) -> int | None:
    up, down = _UP.search(text), _DOWN.search(text)
    match = up or down
    if match is None or (up and down) or denied_at(text, match.start(), match.end(), language):
        return None
    return 1 if up else -1


_PLACES = (
    (0, r"\b(?:first|open(?:s|ing)?|begins?|beginning|starts?|erste[rns]?|beginnt|primer[oa]?|empieza|"
        r"comienza|premiere?|commence|"
        r"prim[oa]|inizia|comeca|перв\w+|начина\w+)\b|第一|开头|开始"),
    (-1, r"\b(?:last|final|finally|ends?|clos(?:es|ing)|concludes?|letzte[rns]?|endet|zuletzt|ultim[oa]|"
         r"termina|acaba|derniere?|"
         r"finit|finisce|последн\w+|заканчива\w+|завершa\w+)\b|最后|结尾|结束"),
    (1, r"\b(?:second(?! half)|zweite[rns]?|segund[oa]|deuxieme|second[oa]|втор\w+)\b|第二"),
    (2, r"\b(?:third|dritte[rns]?|tercer[oa]?|troisieme|terz[oa]|terceir[oa]|трет\w+)\b|第三"),
    (3, r"\b(?:fourth|vierte[rns]?|cuart[oa]|quatrieme|quart[oa]|четверт\w+)\b|第四"),
)  # fmt: skip
_ORDERED = re.compile(
    r"chord|note|progression|order|sequence|event|sound|digit|tone|stages?|section|movement|instrument|item|word|song"
)


def other_place(candidate: Candidate, language: str | None) -> str | None:
    """The member of a list that an answer names, where the question asks for the one at another place."""
    form = form_of(candidate.question)
    if form.tests or form.binary:
        return None
    places = [place for place, pattern in _PLACES if re.search(pattern, candidate.asked)]
    lists = [
        (key, value) for key, value in candidate.facts.items() if isinstance(value, list) and len(value) > 1
    ]
    if len(places) != 1 or len(lists) != 1:
        return None
    key, members = lists[0]
    place = places[0]
    if not _ORDERED.search(str(key).lower()) or place >= len(members):
        return None
    named = [
        i
        for i, member in enumerate(members)
        if isinstance(member, str) and _mentions(candidate.answer, member, language)
    ]
    right = place % len(members)
    if named and not any(members[i] == members[right] for i in named):
        return str(members[named[0]])
    return None


def _mentions(text: str, member: str, language: str | None) -> bool:
    romance = language in ("es", "fr", "it", "pt", "ru")
    chord = re.fullmatch(r"([A-G][#b♯♭]?)(m(?!aj)|min|maj)?(\d*)\S*", member)
    if chord:
        wanted = [note for note, _ in note_names(member[: chord.end(1)], syllables=False)]
        return any(
            note in wanted
            for note, _ in note_names(
                re.sub(r"\b([A-G][#b]?)(?:m|maj|min|dim)?\d*\b", r"\1 ", text), syllables=romance
            )
        )
    parts = {word.stem for word in content_words(member.replace("_", " "), "en")}
    said = {word.stem for word in words(text)}
    return _names(text, member.replace("_", " "), language) or (bool(parts) and parts <= said)
