"""How a language writes numbers, amounts and lists: "3,9 Meter", "21 метр", "a, b y c".

Decimal signs, plural rules, units and list patterns are the Unicode CLDR's, through Babel. Blanks that don't break a
line are written as plain ones: on a keyboard nobody types the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, get_decimal_symbol
from babel.units import format_unit

from ...errors import InputError

UNITS: Mapping[str, str] = {
    "metres": "length-meter",
    "seconds": "duration-second",
    "years": "duration-year",
}
"""The units that are written out, by the placeholder that stands for number and unit, with CLDR's names of them."""

_WRITTEN = {"en": "en_GB"}  # as the templates are spelled
_KEPT = 1 << 14
"""So many numbers are kept as they are written: those of a task come again and again."""

_PLAIN_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})


def number(value: str, digits: int | None, language: str) -> str:
    """A number in decimal form as the language writes it: with `digits` decimals, or with those that it has."""
    return _number(_rounded(value, digits), digits, language)


def amount(value: str, digits: int | None, language: str, unit: str) -> str:
    """A number and one of `UNITS`, written out and in the number's plural form."""
    return _amount(_rounded(value, digits), digits, language, unit)


def counted(value: str, digits: int | None, language: str, forms: Mapping[str, str]) -> str:
    """The form that goes with a number, which stands for `#` in it; `forms` has one for each of `plurals`."""
    category = _plural(_rounded(value, digits), language)
    return forms.get(category, forms["other"]).replace("#", number(value, digits, language))


@cache
def plurals(language: str, digits: int | None) -> tuple[str, ...]:
    """The plural categories that numbers below 200, so written, have in a language; `other` is always one."""
    rule = locale_of(language).plural_form
    step = Decimal(1).scaleb(-(digits or 0))
    return tuple(sorted({"other"} | {rule(step * count) for count in range(200 * 10 ** (digits or 0))}))


@cache
def joints(language: str, style: Literal["or", "standard"]) -> tuple[str, str]:
    """What stands between the items of a list, and before its last one: `(", ", " or ")`."""
    patterns = locale_of(language).list_patterns[style]
    return tuple(patterns[part].removeprefix("{0}").removesuffix("{1}") for part in ("middle", "end"))


def listed(items: Sequence[str], between: str, last: str, language: str) -> str:
    """Items in a row. Spanish says `u` before an o and `e` before an i, as in `siete u ocho`."""
    if len(items) < 2:
        return "".join(items)
    if language == "es":
        last = _before(items[-1], last)
    return between.join(items[:-1]) + last + items[-1]


def apart(items: Sequence[str], language: str) -> str:
    """Items with nothing but a separator in between: "0.0-3.2 1, 2.9-5.0 2", "0,0-3,2 1; 2,9-5,0 2"."""
    sign = decimal_sign(language)
    mixed = sign == "," and any(sign in item for item in items)
    return ("; " if mixed else ", ").join(items)


def both(items: Sequence[str], language: str) -> str:
    """Items of which all hold: "a, b and c"."""
    return listed(items, *joints(language, "standard"), language)


def taken_apart(text: str, between: str, last: str) -> int:
    """How many items a text lists that `listed` wrote."""
    ways = [last, *(euphonic for plain, euphonic in _EUPHONIC.items() if plain == last)]
    head = max((text.rpartition(way)[0] for way in ways), key=len)
    return 1 + len(head.split(between)) if head else 1


def decimal_sign(language: str) -> str:
    """A point where the CLDR doesn't have the language."""
    try:
        return get_decimal_symbol(locale_of(language))
    except InputError:
        return "."


@cache
def locale_of(language: str) -> Locale:
    """
    Raises:
        InputError: the CLDR doesn't have the language.
    """
    try:
        return Locale.parse(_WRITTEN.get(language, language))
    except (UnknownLocaleError, ValueError):
        raise InputError(
            f"the language '{language}' isn't in the Unicode CLDR, which says how numbers are written; "
            "give a code such as 'en' or 'de'"
        ) from None


@lru_cache(maxsize=_KEPT)
def _number(said: str, digits: int | None, language: str) -> str:
    written = format_decimal(Decimal(said), format=_pattern(digits), locale=locale_of(language))
    return written.translate(_PLAIN_BLANKS)


@lru_cache(maxsize=_KEPT)
def _amount(said: str, digits: int | None, language: str, unit: str) -> str:
    shape, locale = _pattern(digits), locale_of(language)
    written = format_unit(Decimal(said), UNITS[unit], "long", format=shape, locale=locale)
    return written.translate(_PLAIN_BLANKS)


@lru_cache(maxsize=_KEPT)
def _plural(said: str, language: str) -> str:
    return locale_of(language).plural_form(Decimal(said))


@lru_cache(maxsize=_KEPT)
def _rounded(value: str, digits: int | None) -> str:
    """As it will be written, since plurals depend on it ("1 metre", "1.0 metres"); no minus before nothing."""
    exact = Decimal(value)
    if digits is not None:
        said = exact.quantize(Decimal(1).scaleb(-digits))
    else:
        said = exact.to_integral_value() if exact == exact.to_integral_value() else exact.normalize()
    return str(said if said else abs(said))


def _pattern(digits: int | None) -> str:
    """Without grouping: "1234" is right everywhere, and a group of digits would read as decimals elsewhere."""
    return "0.######" if digits is None else "0" if digits == 0 else f"0.{'0' * digits}"


def _before(word: str, last: str) -> str:
    """Real Academia Española, Ortografía (2010): before the sound, not the letter; `hielo` begins with another."""
    start = word.lower().removeprefix("¿").removeprefix("h")
    like = start.startswith(("o", "ó")) if last == " o " else _I_SOUND.match(start) is not None
    return _EUPHONIC.get(last, last) if like else last


_EUPHONIC = {" o ": " u ", " y ": " e "}
_I_SOUND = re.compile("[ií](?![aeo])")
