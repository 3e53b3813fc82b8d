"""Values as people write them -> values as facts have them: types, other words, names of languages."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from ....recipes.kit.facts import FACTS, FactError, check_fact
from ....recipes.kit.languages import LANGUAGES

NOT_KNOWN = frozenset(("", "na", "n/a", "nan", "none", "null", "nil", "unknown", "unk", "-", "--", "?"))
"""What stands in tables where nothing is known (in small letters)."""
_WORDS = ("text", "keyword", "title", "artist", "caption", "translation", "intent", "topic")
"""Facts that may well say `none` or `unknown`."""
_LANGUAGES = ("language", "native_language")
_BETWEEN = re.compile(r"\s*[;|]\s*")


class NotAValue(Exception):
    """A value that a fact can't have; the message says what it may be."""


def fact_value(fact: str, value: Any) -> Any:
    """What a value means as a fact, None where it says that nothing is known.

    Raises:
        NotAValue: it isn't one of this fact's.
    """
    kind = FACTS[fact].type
    inside = value if isinstance(value, list | tuple) else [value]
    if any(isinstance(item, Mapping | list | tuple) for item in inside):
        raise NotAValue("values within a value, but this is one or a plain list")
    if isinstance(value, list | tuple):
        items = [item for item in (plain(item) for item in value) if item]
        if kind is list:
            return _checked(fact, items) if items else None
        if len(items) > 1:
            raise NotAValue(f"several values ({', '.join(items[:3])}), but {fact} is one")
        value = items[0] if items else ""
    text = plain(value)
    if text == "" or (fact not in _WORDS and text.casefold() in NOT_KNOWN):
        return None
    if kind in (int, float):
        return _checked(fact, number(text, whole=kind is int))
    if kind is list:
        return _checked(fact, [item for item in _BETWEEN.split(text) if item])
    return _checked(fact, " ".join(translated(fact, text).split()))


def translated(fact: str, text: str) -> str:
    """Another word for a value of this fact as the word that stands for it here; what isn't known comes back."""
    if fact in _LANGUAGES:
        return language_code(text) or text
    return synonyms(fact).get(text.casefold(), text)


def translates(fact: str, text: str) -> bool:
    """Whether a text is a value of a fact of closed kind, or another word for one."""
    if fact in _LANGUAGES:
        return language_code(text) is not None
    return text.casefold() in synonyms(fact)


def is_closed(fact: str) -> bool:
    """Whether only some values are allowed for a fact."""
    return fact in _LANGUAGES or (fact in FACTS and FACTS[fact].values is not None)


def allowed(fact: str) -> str:
    """What a fact may be, for people."""
    if fact in _LANGUAGES:
        return "a language's English name, or its code as `en`"
    kinds = {int: "a whole number", float: "a number", list: "a list of texts", str: "a text"}
    return ", ".join(FACTS[fact].values or ()) or kinds[FACTS[fact].type]


def _checked(fact: str, value: Any) -> Any:
    try:
        return check_fact(fact, value, "")
    except FactError:
        listed = is_closed(fact) and fact not in _LANGUAGES
        known = f"not one of {allowed(fact)}" if listed else f"not {allowed(fact)}"
        raise NotAValue(known) from None


def number(text: str, whole: bool = False) -> int | float:
    """A number in figures, a decimal comma allowed. Raises NotAValue for what is none, infinite, or not `whole`."""
    try:
        value = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        raise NotAValue("not a number") from None
    if not math.isfinite(value):
        raise NotAValue("not a finite number")
    if not whole:
        return value
    if not value.is_integer():
        raise NotAValue("not a whole number")
    return int(value)


def plain(value: Any) -> str:
    """A value as text: NFC, blanks at its ends away, whole numbers without a point."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFC", str(value)).strip()


def table(name: str) -> Iterator[list[str]]:
    """The rows of one of this room's tables, remarks left out."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def synonyms(fact: str) -> dict[str, str]:
    """Another word (casefolded) -> the value that stands for it; the values themselves too."""
    known = {word.casefold(): word for word in (FACTS[fact].values or ())} if fact in FACTS else {}
    for about, value, *words in table("values.tsv"):
        if about == fact:
            known.update({word.casefold(): value for word in (value, *words)})
    return known


def language_code(text: str) -> str | None:
    """The code of a language by its code (of two or three letters, with or without a region) or by its name.

    Names are English or the language's own (`German`, `Deutsch`), after Unicode's CLDR; codes of ISO 639-2 and 639-3
    become those of two letters where there are any.
    """
    code = text.strip().replace("_", "-").casefold()
    first, dash, rest = code.partition("-")
    if first not in LANGUAGES:
        first = str(get_global("language_aliases").get(first, first)).casefold().partition("_")[0]
    if first in LANGUAGES and re.fullmatch(r"([a-z0-9]{2,8}(-[a-z0-9]{2,8})*)?", rest):
        return first + dash + rest if rest else first
    return _english_names().get(code) or _own_names().get(code)


@cache
def _english_names() -> dict[str, str]:
    return {name.casefold().replace("_", "-"): code for code, name in reversed(LANGUAGES.items())}


@cache
def _own_names() -> dict[str, str]:
    names = {}
    for code in reversed(LANGUAGES):
        try:
            named = Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue
        for name in (named.get_language_name(code), named.get_language_name("en")):
            if name:
                names[name.casefold()] = code
    return names
