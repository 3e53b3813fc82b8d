"""Places in an order that are said in a clip (`the fifteenth`, `third floor`) and others in the answer."""

from __future__ import annotations

import re
from functools import cache

from .candidate import Candidate
from .claims import denied_at
from .known import Known
from .numbers import quantities
from .words import fold, language_of, number_in, words

_ENGLISH = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
            "twelve": "twelfth"}  # fmt: skip
_GERMAN = {"eins": "erst", "drei": "dritt", "sieben": "siebt", "acht": "acht"}
_SPANISH = ("primer segund tercer cuart quint sext septim octav noven decim").split()
_FRENCH = {1: "premier", 2: "deuxieme"}
_RUSSIAN = "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат".split()
_MOST = 100
_DIGITS = re.compile(r"(?<![\d.,:])(\d{1,3})(?:st|nd|rd|th|e|er|eme|te[rns]?|°|º|ª)(?!\w)")
_PART = re.compile(r"(?:\b(?:an?|one|two|three|four|ein|zwei|drei|un|deux|trois)[\s-]+|\ben )$")
_NO_PLACE = re.compile(r"\s*(?:hand\b|of all\b|time round\b)")


@cache
def _names(language: str) -> dict[str, int]:
    """The last words of ordinals in a language, folded, by what they end: `first`, `fünfzehnte`."""
    found: dict[str, int] = {}
    for number in range(1, _MOST):
        way = number_in(language, number)
        if way is None:
            continue
        if language == "en":
            last = way[-1]
            ending = _ENGLISH.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
            found[" ".join([*way[:-1], ending])] = number
        elif language == "de":
            stem = _GERMAN.get(way[0], way[0] + ("t" if number < 20 else "st"))
            found |= {stem + ending: number for ending in ("e", "er", "es", "en", "em")}
        elif language == "fr" and number not in _FRENCH and len(way) == 1:
            found[re.sub("e$", "", way[0]).replace("neuf", "neuv").replace("cinq", "cinqu") + "ieme"] = number
    if language in ("es",):
        found |= {s + e: i for i, s in enumerate(_SPANISH, 1) for e in ("o", "a", "os", "as")} | {
            "primer": 1,
            "tercer": 3,
        }
    if language == "fr":
        found |= {"premier": 1, "premiere": 1, "deuxieme": 2, "seconde": 2}
    if language == "ru":
        endings = "ый ой ий ая ое ье ья ого ом ую ых ьего ьем ьей ым ье".split()
        found |= {s + e: i for i, s in enumerate(_RUSSIAN, 1) for e in endings}
    return found


def ordinals(text: str, language: str | None) -> dict[int, tuple[int, int]]:
    """The ordinals of a folded text with where they stand; fractions (`a third of`) are none."""
    names = _names(language or "en")
    found = {int(match[1]): match.span() for match in _DIGITS.finditer(text)}
    said = words(text)
    position = 0
    while position < len(said):
        for size in (2, 1):
            window = said[position : position + size]
            number = names.get(" ".join(word.text for word in window)) if len(window) == size else None
            if number is not None:
                start, end = window[0].start, window[-1].end
                if not _PART.search(text[:start]) and not _NO_PLACE.match(text[end:]):
                    found[number] = (start, end)
                position += size - 1
                break
        position += 1
    return found


_LEAST = 3  # `first` and `second` are also `to begin with` and a time


def other_ordinal(candidate: Candidate, known: Known) -> tuple[str, str] | None:
    """An ordinal of the clip's words, and the other one that the answer has in its place."""
    prose, answer = fold(known.prose), fold(candidate.answer)
    language = language_of(known.prose) or "en"
    if not prose or language_of(candidate.answer) not in (language, None):
        return None
    told = ordinals(prose, language)
    said = {n: place for n, place in ordinals(answer, language).items() if n >= _LEAST}
    if len(told) != 1 or len(said) != 1 or set(told) & set(said):
        return None
    number, place = next(iter(said.items()))
    numbers = [q.value for q in quantities(known.prose, language) if not q.article]
    if any(n == number or n // 100 + 1 == number for n in numbers):
        return None  # `march third` is the third of March
    other = f"{candidate.question}\n{candidate.corpus_description}"
    if number in ordinals(fold(other), language) or denied_at(answer, *place, language):
        return None
    relative = {match[0] for match in _DEPENDS.finditer(f"{candidate.asked}\n{answer}")}
    if any(word not in prose for word in relative):
        return None
    return prose[slice(*next(iter(told.values())))], answer[slice(*place)]


_DEPENDS = re.compile(
    r"\b(?:after|before|next|previous|following|later|earlier|century|quarter|from the (?:end|last)|"
    r"above|below|nach|vor|"
    r"nachste\w*|despues|antes|siguiente|apres|avant|suivant\w*|jahrhundert|siglo|siecle|века?|после|"
    r"следующ\w*)\b"
)
"""What makes another place of one: the floor above, the century of a year."""
