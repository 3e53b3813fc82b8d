"""Numbers in a sentence, in digits or words of eight languages, as quantities: an interval and what it measures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from .fractions import shares, vague
from .numerals import Numeral, in_han, in_words
from .units import A_LITTLE, ABOUT, MEASURES, OVER, UNDER
from .words import fold, language_of


@dataclass(frozen=True)
class Quantity:
    """What a text says of a size, at [start, end) of the folded text.

    `low` and `high` are in the unit of `measure`: m, s, km/h, dB, Hz, bpm, years, %, kbit/s, celsius, people or times;
    `clock`,
    `degrees` and `area` are known as such, and an empty one is a bare number. `value` is the number as
    said, in that
    unit; `bound` tells that it is a limit (`over thirty`); `article` that it may be the word `a` (un,
    eine); `vague` that it is `several`.
    """

    value: float
    low: float
    high: float
    measure: str
    start: int
    end: int
    bound: bool = False
    article: bool = False
    vague: bool = False

    def covers(self, low: float, high: float) -> bool:
        """Whether a true value, or a true range, is what was said, rounding allowed."""
        return self.low <= high and low <= self.high

    def holds(self, low: float, high: float) -> bool | None:
        """Whether it is so for a true range; None where only part of the range agrees."""
        if self.low <= low and high <= self.high:
            return True
        return None if self.covers(low, high) else False


_BETWEEN = re.compile(r"(?:between|zwischen|entre|tra|fra|между|from|von|de|от|с)\s*$")
_TO = re.compile(r"\s*(?:-|–|—|to|or|bis|oder|a|o|ou|до|или|到|至|或|~)\s*$")
_AND = re.compile(r"\s*(?:and|und|y|et|e|и|a|to|bis|до|и)\s*$")
_HALF_AFTER = re.compile(
    r"\s*(?:and a half|einhalb|y medi[oa]|et demie?|e mezz[oa]|e mei[oa]|с половиной|半)(?!\w)"
)
_PARTS = re.compile(
    r"(?<!\by )(?<!\be )(?<!\bet )\b(three quarters of an?|a quarter of an?|half an?|drei ?viertel|"
    r"ein(?:en?|em)? halbe[nrms]?|medio|media|"
    r"un demi|une demi|mezzo|meio|пол(?=метр|минут|секунд|час)|полтора|полторы|полутора|anderthalb\w*|"
    r"eineinhalb)\b"
    r"|半(?=米|秒|分钟|小时)"
)
_ONE_AND_A_HALF = re.compile(
    r"(?:^|\b(?:un[ao]?|um|de|a|circa|di) )(metr[oe]|segundo|seconde|secondo)\b (?:y medi[oa]|et demie?|"
    r"e mezz[oa]|e mei[oa])\b"
)
_PART = {"three": 0.75, "drei": 0.75, "a qu": 0.25, "полт": 1.5, "полу": 1.5, "ande": 1.5, "eine": 1.5}

_DIGITS = re.compile(
    r"(?<![\w.,])(?:(minus|(?<!al )(?<!lo )(?<!elo )(?<!a )menos|(?<!au )(?<!du )moins|(?<!al )meno|"
    r"минус)\s+|([-−]))?(\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?)(?![\d])"
    r"|(?<=[^\x00-\x7f])(负)?(\d+(?:\.\d+)?)"
)
_DECADE = re.compile(
    r"\b(\d0)[’']?(?:s\b|er\b|-something)|\b(twent|thirt|fou?rt|fift|sixt|sevent|eight|ninet)(?:ies|"
    r"y-something)\b|"
    r"\b(zwanzig|dreissig|vierzig|funfzig|sechzig|siebzig|achtzig)ern?\b|"
    r"\b(vingt|trent|quarant|cinquant|soixant)aine|"
    r"\b(veint|treint|cuarent|cincuent|sesent|setent|octog|vent|trent|quarant|cinquant|sessant|"
    r"settant)(?:an?[eo]r?[ao]s?|on[ao]?|enn[ei])\b|"
    r"([二三四五六七八])十(?:多|几|来)岁|\b(тридцати|двадцати|сорока|пятидесяти|шестидесяти|семидесяти)летн"
)
_DECADE_NAMES = (
    (20, ("twent", "zwanz", "vingt", "veint", "vent", "二", "двадц")),
    (30, ("thirt", "dreis", "trent", "treint", "三", "тридц")),
    (40, ("fort", "fourt", "vierz", "quarant", "cuarent", "四", "сорок")),
    (50, ("fift", "funfz", "cinquant", "cincuent", "五", "пятид")),
    (60, ("sixt", "sechz", "soixant", "sesent", "sessant", "六", "шест")),
    (70, ("sevent", "siebz", "setent", "settant", "七", "семид")),
    (80, ("eight", "achtz", "octog", "八")),
    (90, ("ninet",)),
)
_EARLY = re.compile(
    r"(?:early|anfang|principios|debut|inizio|начал\w*)\s+(?:de\s+)?(?:(?:his|her|their|the|den|los|la|"
    r"der)\s+)?$"
)
_LATE = re.compile(
    r"(?:late|ende|finales|fin|fine|конц\w*)\s+(?:de\s+)?(?:(?:his|her|their|the|den|los|la|der)\s+)?$"
)
_MID = re.compile(
    r"(?:mid|middle|mitte|mediados|milieu|meta|середин\w*)[\s-]+(?:of\s+|de\s+)?(?:(?:his|her|their|the|"
    r"den|los|la|der)\s+)?$"
)


@lru_cache(maxsize=4096)
def quantities(text: str, language: str | None = None) -> tuple[Quantity, ...]:
    """The quantities that a text names, in their order.

    Whole-word numbers are read in the text's language (or the one given, where the text is too short to
    tell).
    """
    folded = fold(text)
    language = language_of(text) if language is None else language
    found = sorted(
        [
            *_decades(folded),
            *_in_digits(folded),
            *_in_parts(folded),
            *_in_shares(folded),
            *_vaguely(folded),
            *_spelled_out(folded, language or "en"),
        ],
        key=lambda q: (q.start, -q.end),
    )
    kept: list[Quantity] = []
    for quantity in found:
        if kept and quantity.start < kept[-1].end:
            continue
        kept.append(quantity)
    measured = [_measured(q, folded) for q in kept]
    told = [
        q
        for q in measured
        if (q.measure in ("m", "s") or not _is_a(q, folded)) and (q.measure or not q.vague)
    ]
    return tuple(_ranges(told, folded))


def _is_a(quantity: Quantity, text: str) -> bool:
    """Whether it is the article `a`, which counts only with a unit: `about a minute`."""
    return quantity.article and re.match(r"an?\b", text[quantity.start :]) is not None


def _decades(text: str) -> Iterator[Quantity]:
    for match in _DECADE.finditer(text):
        name = next(group for group in match.groups() if group)
        decade = (
            float(name) if name.isdigit() else next((d for d, n in _DECADE_NAMES if name.startswith(n)), 0)
        )
        if 20 <= decade <= 90:
            before = text[: match.start()]
            low, high = (
                (decade - 1, decade + 4) if _EARLY.search(before)
                else (decade + 6, decade + 10) if _LATE.search(before)
                else (decade + 3, decade + 7) if _MID.search(before)
                else (decade - 0.5, decade + 9.99)
            )  # fmt: skip
            yield Quantity(decade, low, high, "years", match.start(), match.end())
    for match in re.finditer(r"\b(?:teens|teenag\w*|подрост\w*|adolescent\w*)\b", text):
        yield Quantity(15, 12, 19.99, "years", match.start(), match.end())


def _in_digits(text: str) -> Iterator[Quantity]:
    for match in _DIGITS.finditer(text):
        written = match[3] or match[5]
        written = (
            written.replace(",", "")
            if re.fullmatch(r"\d{1,3}(,\d{3})+", written)
            else written.replace(",", ".")
        )
        sign = (
            -1
            if match[1] or (match[2] and not re.search(r"\w\s*$", text[: match.start()])) or match[4]
            else 1
        )
        decimals = len(written.partition(".")[2])
        yield _rounded(sign * float(written), 10.0**-decimals, match.start(), match.end())


def _spelled_out(text: str, language: str) -> Iterator[Quantity]:
    found: Iterator[Numeral] = chain(in_words(text, language), in_han(text))
    for value, step, start, end, article in found:
        yield replace(_rounded(value, step, start, end), article=article)


def _in_parts(text: str) -> Iterator[Quantity]:
    """Halves and quarters: `half a metre`, `metro y medio`, `半米`."""
    for match in _ONE_AND_A_HALF.finditer(text):
        yield Quantity(1.5, 1.25, 1.75, "s" if match[1].startswith("s") else "m", match.start(), match.end())
    for match in _PARTS.finditer(text):
        part = _PART.get(match[0][:4], 0.5)
        yield Quantity(part, part * 0.7, part * 1.3, "", match.start(), match.end())


def _in_shares(text: str) -> Iterator[Quantity]:
    """`a tenth of the packets` is a share; `a tenth of a second` a number of seconds."""
    for value, low, high, _, start, end in shares(text):
        of = re.match(
            r"(?:\s+of)?\s+(?:an?|eine[rs]?|de|di|d')\s+(?=sec|sek|seg|met|min|mil|hour|stund|hora|heure|ora\b)",
            text[end:],
        )
        if of:
            yield Quantity(value / 100, low / 100, high / 100, "", start, end + of.end())
        else:
            yield Quantity(value, low, high, "%", start, end)


def _vaguely(text: str) -> Iterator[Quantity]:
    for value, low, high, _, start, end in vague(text):
        yield Quantity(value, low, high, "", start, end, vague=True)


def _rounded(value: float, step: float, start: int, end: int) -> Quantity:
    """A number stands for what rounds to it: to its last digit, and tens to the nearest five."""
    slack = step / 2
    if step == 1 and abs(value) >= 20 and value % 10 == 0:
        slack = (
            100 / 2
            if abs(value) >= 1000 and value % 100 == 0
            else 5
            if abs(value) < 100
            else abs(value) * 0.05
        )
    slack = max(slack, abs(value) * 0.06)
    return Quantity(value, value - slack, value + slack, "", start, end)


def _measured(quantity: Quantity, text: str) -> Quantity:
    """With its unit, its half and its bound."""
    after = text[quantity.end : quantity.end + 40]
    before = text[max(0, quantity.start - 24) : quantity.start]
    end = quantity.end
    if (half := _HALF_AFTER.match(after)) and quantity.value == int(quantity.value):
        quantity = _with(quantity, quantity.value + 0.5, 0.25)
        after, end = after[half.end() :], end + half.end()
    measure, factor = quantity.measure, 1.0
    if not measure:
        for name, size, pattern in MEASURES:
            if match := pattern.match(after):
                measure, factor = name, size
                end += match.end()
                break
        if measure and (half := _HALF_AFTER.match(re.sub(r"^\w+", "", text[end : end + 20]))):
            quantity = _with(quantity, quantity.value + 0.5, 0.25)
        if not measure and _AGED.search(before):
            measure = "years"
            quantity = _of_decade(quantity, before)
        elif measure == "" and re.match(r"\s?-?(?:something)", after):
            measure = "years"
    low, high, bound = quantity.low, quantity.high, False
    near = max(1.0, abs(quantity.value) * 0.2)
    if under := UNDER.search(before):
        low, high, bound = -math.inf, quantity.value, True
        if A_LITTLE.search(before[: under.start()]):
            low, bound = quantity.value - near, False
    elif over := OVER.search(before):
        low, high, bound = quantity.value, math.inf, True
        if A_LITTLE.search(before[: over.start()]):
            high, bound = quantity.value + near, False
    elif ABOUT.search(before) and quantity.value:
        slack = abs(quantity.value) * (0.1 if measure != "people" else 0)
        low, high = min(low, quantity.value - slack), max(high, quantity.value + slack)
    if bound and measure == "people":  # `more than one`
        low, high = (quantity.value + 0.5, high) if high == math.inf else (low, quantity.value - 0.5)
    if quantity.vague and measure in ("people", "times", "clock"):
        measure = ""
    elif measure in ("people", "times") and not bound:
        low, high = quantity.value - 0.4, quantity.value + 0.4
    return Quantity(
        quantity.value * factor,
        low * factor,
        high * factor,
        measure,
        quantity.start,
        end,
        bound,
        quantity.article,
        quantity.vague,
    )


_AGED = re.compile(
    r"\b(?:aged?|mitte|anfang|ende)\s*(?:of\s*)?(?:about\s+|around\s+)?$"
    r"|\b(?:wom[ae]n|m[ae]n|person|lady|girl|boy|frau|mann|femme|homme|mujer|hombre|donna|uomo|mulher|homem)\s+"
    r"(?:of|in|von|de|d'|di|um die|mit)\s*(?:about|around|some|roughly|perhaps|maybe|etwa|rund|unos|"
    r"environ|circa|cerca de)?\s*$"
)


def _with(quantity: Quantity, value: float, slack: float) -> Quantity:
    return replace(quantity, value=value, low=value - slack, high=value + slack)


def _of_decade(quantity: Quantity, before: str) -> Quantity:
    """`Mitte sechzig`: in the middle of the decade."""
    value = quantity.value
    if value % 10:
        return quantity
    low, high = (
        (value - 1, value + 4) if "anfang" in before else (value + 6, value + 10) if "ende" in before
        else (value + 3, value + 7) if "mitte" in before else (quantity.low, quantity.high)
    )  # fmt: skip
    return replace(quantity, low=low, high=high)


def _ranges(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """`between sixty and seventy`, `60-70 years`: one quantity."""
    skip = False
    for this, following in zip(found, [*found[1:], None], strict=False):
        if skip:
            skip = False
            continue
        if following is not None and this.measure in ("", following.measure) and this.value < following.value:
            gap, before = text[this.end : following.start], text[max(0, this.start - 12) : this.start]
            if _TO.fullmatch(gap) or (_AND.fullmatch(gap) and _BETWEEN.search(before)):
                # What one could say of a range is true where part of it is.
                yield replace(following, low=this.low * _factor(text, following), start=this.start)
                skip = True
                continue
        yield this


def _factor(text: str, quantity: Quantity) -> float:
    """What the unit of a quantity is in that of its measure."""
    said = re.search(r"\d+(?:[.,]\d+)?", text[quantity.start : quantity.end])
    if quantity.measure not in ("m", "s", "Hz") or said is None:
        return 1.0
    written = float(said[0].replace(",", "."))
    return quantity.value / written if written else 1.0
