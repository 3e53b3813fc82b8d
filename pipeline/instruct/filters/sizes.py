"""Where a question names the number of a fact, with its unit or the thing counted."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from . import lexicon, patterns
from .candidate import Candidate
from .kin import kin
from .leaves import leaves
from .numbers import quantities
from .words import fold, number_spans, words

_SECONDS = r"\s?-?(?:s\b|sec|sek|seg|секунд|сек\b|秒)"
_METRES = r"\s?(?:-?m\b|-?met|метр|米|メートル)"
_YEARS = 1 / 12  # of months; only full ones count
_UNITS: tuple[tuple[str, tuple[tuple[float, str], ...]], ...] = (
    (
        r"_months?$",
        (
            (1.0, r"(?:-|\s)?(?:month|monat|mes|mois|месяц|个月|か月|ヶ月)"),
            (_YEARS, r"(?:-|\s)?(?:year|jahr|anos?\b|ans\b|anni\b|лет|год|岁|歳|才)"),
        ),
    ),
    (r"(?:^|_)ages?(?:_|$)|_years?$",
     ((1.0, r"(?:-|\s)?(?:year|jahr|anos?\b|ans\b|anni\b|лет|год|岁|歳|才)|\baged?\b"),)),
    (r"_weeks?$", ((1.0, r"(?:-|\s)?(?:week|woche|seman|settiman|недел|周|星期)"),)),
    (r"_days?$", ((1.0, r"(?:-|\s)?(?:day|tag|dia|jour|giorn|день|дн|天)"),)),
    (r"_c$|temperature|_temp$", ((1.0, r"\s?(?:°|deg|grad|grados|градус|度|celsius)"),)),
    (r"_ms$|milliseconds$", ((1.0, r"\s?-?(?:ms\b|milli|милли|毫秒)"), (0.001, _SECONDS))),
    (r"_min(?:utes)?$", ((1.0, r"\s?-?(?:min|мин|分)"),)),
    (r"_s$|_secs?$|seconds$|duration|rt60|t60|reverb\w*_time", ((1.0, _SECONDS),)),
    (r"_cm$", ((1.0, r"\s?-?(?:cm\b|centi|zenti|санти|厘米|センチ)"), (0.01, _METRES))),
    (r"_km$", ((1.0, r"\s?-?(?:km\b|kilom|chilom|quilom|километр|公里|キロ)"),)),
    (r"_m$|met(?:er|re)s$|distance", ((1.0, _METRES),)),
    (r"kmh|km_h|speed|velocity",
     ((1.0, r"\s?-?(?:km|kilom|chilom|quilom|stundenkil|километр|км|公里|キロ|mph|miles|m/s)"),)),
    (r"_khz$", ((1.0, r"\s?-?(?:khz|kilohe|килогерц|千赫)"),)),
    (r"_hz$|frequency|f0", ((1.0, r"\s?-?(?:hz|hertz|герц|赫)"),)),
    (r"_db\w*$|snr|decibel", ((1.0, r"\s?-?(?:db\b|dba\b|deci|dezi|децибел|дб|分贝|デシベル)"),)),
    (r"bpm|tempo", ((1.0, r"\s?-?(?:bpm|\w*beat|schlag|schlage|pulsa|battement|battit|batid|удар|拍)"),)),
    (r"percent|_pct$|ratio|share", ((1.0, r"\s?(?:%|per ?cent|prozent|por ciento|pour cent|процент)"),
                                    (100.0, r"\s?(?:%|per ?cent|prozent|por ciento|pour cent|процент)"))),
    (r"year$", ((1.0, r"(?!\w)"),)),
)  # fmt: skip
_COUNT = re.compile(
    r"(?:^|_)(?:num|n|number|count|no)(?:_of)?_|_(?:count|number)$"
    r"|^(?:calling_)?(?:speakers?|talkers?|participants?|people|persons?|voices|singers?|players"
    r"|individuals)$|_individuals$"
)
_PEOPLE = re.compile(r"speaker|talker|people|person|participant|voice|singer|caller|individual|player|guest")
_PERSONS = (
    r"\s?(?:of (?:them|these|you)|von ihnen|d'entre|из них|di loro|de ell[oa]s|del[ae]s)\b"
    r"|\s?(?:[^\W\d]+\s){0,2}?(?:speaker|people|persons?\b|talker|voice|participant|singer|caller|guest"
    r"|men\b|women\b|children|friends|colleagues|stimme|sprecher|person|leute|teilnehm|hablante|voces|persona"
    r"|participante|voix|locuteur|persone|voci|parlanti|pessoa|vozes|falante|человек|голос|говорящ|собеседник"
    r"|участник|людей|люд|个?人|位|名|人)"
)


def number_places(name: str, value: float, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """Where the number of a fact stands, in its unit or one it converts to, or before what it counts."""
    if not math.isfinite(value) or name.endswith("midi") or name == "pitch_midi":
        return
    text = candidate.asked
    if _COUNT.search(name):
        yield from _counted(name, value, candidate)
        return
    if patterns.search(r"percent|_pct$|ratio|share|fraction", name) and value > 0:
        share = value * 100 if value < 1 and not patterns.search(r"percent|_pct$", name) else value
        yield from (
            (q.start, q.end)
            for q in quantities(candidate.question, candidate.language)
            if q.measure == "%"
            and not text[q.start : q.end].strip()[:1].isdigit()
            and q.covers(share, share)
            and not patterns.search(
                r"\b(?:first|second|other|last|latter|erste\w*|zweite\w*|letzte\w*)\s*$", text[: q.start]
            )
        )
    units = next((units for pattern, units in _UNITS if patterns.search(pattern, name)), None)
    if units is None:
        yield from _counted(name, value, candidate)
        return
    is_age = patterns.search(r"(?:^|_)age(?:_|$)", name) is not None
    for factor, unit in units:
        number = round(value * factor, 6) if factor != _YEARS else value // 12
        for start, end in number_spans(float(number), text):
            before = text[max(0, start - 12) : start]
            if patterns.match(unit, text[end : end + 24]) or (
                is_age and patterns.search(r"\b(?:aged?|is)\s*$", before) and value > 9
            ):
                yield start, end
    if is_age and value >= 20:
        yield from decade_places(f"{int(value) // 10 * 10}", candidate)


def _counted(name: str, value: float, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """A count before its noun: people, the word of the fact's name, or the thing that another fact names."""
    nouns = {part for part in name.split("_") if len(part) > 3 and part not in ("count", "number")}
    nouns |= {
        word.text
        for _, other in leaves(dict(candidate.facts))
        if isinstance(other, str) and len(other) < 40
        for word in words(other)
        if len(word.text) > 2 and word.text not in lexicon.GENERIC
    }
    for start, end in number_spans(value, candidate.asked):
        after = candidate.asked[end : end + 40]
        follows = [word.text for word in words(after)[:3]]
        if (_PEOPLE.search(name) and patterns.match(_PERSONS, after)) or any(
            kin(word, noun) or (len(noun) > 4 and word.endswith(noun)) for word in follows for noun in nouns
        ):
            yield start, end


_DECADES = {
    "10": r"teenage|adolescen|jugendlich|подрост|十几岁|十代",
    "20": r"twent(?:ies|y-something)|zwanziger|veintea|vingtaine|ventenn|двадцатилетн|二十多岁|二十代",
    "30": r"thirt(?:ies|y-something)|dreissiger|treintan|trentaine|trentenn|тридцатилетн|三十多岁|三十代",
    "40": r"fou?rt(?:ies|y-something)|vierziger|cuarent[oó]n|quarantaine|quarantenn|сорокалетн|四十多岁|四十代",
    "50": r"fift(?:ies|y-something)|funfziger|cincuent[oó]n|cinquantaine|cinquantenn|пятидесятилетн|五十多岁|五十代",
    "60": r"sixt(?:ies|y-something)|sechziger|sesent[oó]n|soixantaine|sessantenn|шестидесятилетн|六十多岁|六十代",
    "70": r"sevent(?:ies|y-something)|siebziger|setent[oó]n|settantenn|семидесятилетн|七十多岁|七十代",
    "80": r"eight(?:ies|y-something)|achtziger|octogenar|ottantenn|восьмидесятилетн|八十多岁|八十代",
}
_TENS = ("teen", "twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")


def age_places(value: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """Where the decade that an age in words means is named; nothing for other words."""
    decade = patterns.search(r"(\d)0s", value)
    folded = fold(value)
    number = f"{decade[1]}0" if decade else ""
    if not number:
        number = next(
            (f"{i}0" for i, ten in enumerate(_TENS, 1) if patterns.search(rf"\b{ten}(?:ies|s\b)", folded)), ""
        )
    if number:
        yield from decade_places(number, candidate)


def decade_places(number: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """Where a decade of life is named: the thirties, 30s, a thirty-something."""
    named = rf"\b{number}s\b|\b{number}-something|\b{number}代|{_DECADES.get(number, '(?!)')}"
    yield from (match.span() for match in re.finditer(named, candidate.asked))
