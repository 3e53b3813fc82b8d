"""Numbers in words of eight languages, and in Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from .words import CJK, Word, number_in, words


class Numeral(NamedTuple):
    """A number at [start, end) of a folded text, exact to `step`; `article`: it may be the word `a`."""

    value: float
    step: float
    start: int
    end: int
    article: bool = False


_ARTICLES = frozenset(
    "a an one ein eine einen einem einer un una uno une um uma один одна одно одного одной".split()
)


_EXTRA = {
    "en": {"a": 1, "an": 1, "a dozen": 12, "dozen": 12, "single": 1, "once": 1, "twice": 2, "thrice": 3},
    "de": {"ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zwo": 2, "einmal": 1, "zweimal": 2, "dreimal": 3,
           "dutzend": 12},
    "es": {"un": 1, "una": 1, "docena": 12},
    "fr": {"une": 1, "douzaine": 12},
    "it": {"un": 1, "una": 1, "dozzina": 12},
    "pt": {"uma": 1, "duas": 2, "duzia": 12, "catorze": 14, "dezasseis": 16, "dezassete": 17, "dezanove": 19},
    "ru": {"одна": 1, "одно": 1, "две": 2, "двое": 2, "трое": 3, "четверо": 4, "пятеро": 5, "дважды": 2, "трижды": 3},
}  # fmt: skip


_HUNDREDS = {"hundred": 100, "hundert": 100, "cien": 100, "ciento": 100, "cent": 100, "cents": 100, "cento": 100,
             "cem": 100, "сто": 100, "ста": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400,
             "quinientos": 500, "duecento": 200, "trecento": 300, "quattrocento": 400, "duzentos": 200,
             "trezentos": 300, "quatrocentos": 400, "двести": 200, "триста": 300, "четыреста": 400,
             "пятьсот": 500}  # fmt: skip
_THOUSANDS = frozenset("thousand tausend mil mille mila тысяча тысячи тысячу тысяч".split())


_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}


_HAN_NUMBER = re.compile(
    r"(负)?(?!一[共定旦时半])([零一二三四五六七八九两十百]+(?:点[零一二三四五六七八九]+)?)(?![些起样直般切])"
)


@cache
def _vocabulary(language: str) -> dict[tuple[str, ...], int]:
    """Number words of a language, folded; also of the others, but for short words, which mean other things here."""
    known: dict[tuple[str, ...], int] = {}
    for other in ("en", "de", "es", "fr", "ru", "it", "pt"):
        ways = {way: number for number in range(100) if (way := number_in(other, number))}
        known |= {way: number for way, number in ways.items() if len(way[0]) > 3 and way[0] != "once"}
    known |= {way: number for number in range(100) if (way := number_in(language, number))}
    return known | {tuple(text.split()): number for text, number in _EXTRA.get(language, {}).items()}


def in_words(text: str, language: str) -> Iterator[Numeral]:
    """The numbers that a folded text writes in words of a language."""
    known, found = _vocabulary(language), words(text)
    position = 0
    while position < len(found):
        value, size, article = _number_at(found, position, known, text, language)
        if size:
            start, end = found[position].start, found[position + size - 1].end
            before = re.search(
                r"\b(?:minus|(?<!al )(?<!lo )(?<!a )menos|(?<!au )(?<!du )moins|(?<!al )meno|минус)\s+$",
                text[:start],
            )
            yield Numeral(-value if before else value, 1.0, start, end, article)
            position += size
            continue
        position += 1


def _number_at(
    found: tuple[Word, ...], position: int, known: dict[tuple[str, ...], int], text: str, language: str
) -> tuple[float, int, bool]:
    """The number that begins at a word, how many words it takes, and whether it may be an article."""
    value, size, article = _below_thousand(found, position, known, text, language)
    after = position + size
    if after < len(found) and found[after].text in _THOUSANDS:
        rest, more, _ = (
            _below_thousand(found, after + 1, known, text, language)
            if after + 1 < len(found)
            else (0, 0, False)
        )
        return (value if size else 1) * 1000 + (rest if more else 0), after + 1 + more - position, False
    return value, size, article


def _below_thousand(
    found: tuple[Word, ...], position: int, known: dict[tuple[str, ...], int], text: str, language: str
) -> tuple[float, int, bool]:
    value, size = _below_hundred(found, position, known, language)
    article = size == 1 and found[position].text in _ARTICLES
    after = position + size
    if (
        after < len(found)
        and found[after].text in _HUNDREDS
        and (size == 0 or value < (100 if language == "en" else 10))
    ):
        hundreds = _HUNDREDS[found[after].text]
        value = (value or 1) * hundreds if size else float(hundreds)
        after += 1
        if after < len(found) and found[after].text in ("and", "und"):
            after += 1
        rest, more = _below_hundred(found, after, known, language)
        return value + (rest if more else 0), after + more - position, False
    if size and language == "en" and after + 1 < len(found) and found[after].text == "point":
        decimals = ""
        while after + 1 < len(found) and (digit := known.get((found[after + 1].text,), 10)) < 10:
            decimals += str(digit)
            after += 1
        if decimals:
            return value + float(f"0.{decimals}"), after + 1 - position, False
    if size == 0 and language == "de":
        compound = re.fullmatch(r"(\w*?)einhalb(?:fach|mal|jahrig\w*)?", found[position].text)
        if compound and (compound[1],) in known:
            return known[(compound[1],)] + 0.5, 1, False
        hundred = re.fullmatch(r"(ein|zwei|drei|vier|funf)?hundert(\w+)?", found[position].text)
        if hundred and (hundred[2] is None or (hundred[2],) in known):
            return (
                (known.get((hundred[1] or "eins",), 1)) * 100 + known.get((hundred[2] or "null",), 0),
                1,
                False,
            )
    return value, size, article


def _below_hundred(
    found: tuple[Word, ...], position: int, known: dict[tuple[str, ...], int], language: str
) -> tuple[float, int]:
    for size in (4, 3, 2, 1):
        window = tuple(word.text for word in found[position : position + size])
        if len(window) == size and window in known:
            return known[window], size
    if position < len(found) and language == "ru":
        return _russian(found, position, known)
    if (
        position < len(found)
        and language == "de"
        and (match := re.fullmatch(r"(\w{4,}?)(?:jahrig\w*|mal)", found[position].text))
    ):
        return float(known.get((match[1],), 0)), int((match[1],) in known)
    return 0, 0


_RUSSIAN_CASES = (
    (1, r"одн(?:ого|ому|ой|им|у)"), (2, r"дв(?:ух|ум|умя)"), (3, r"тр(?:ех|ем|емя)"), (4, r"четыр(?:ех|ем|ьмя)"),
    (5, "пяти"), (6, "шести"), (7, "семи"), (8, "восьми"), (9, "девяти"), (10, "десяти"), (40, "сорока"),
    (50, "пятидесяти"), (60, "шестидесяти"), (70, "семидесяти"), (80, "восьмидесяти"), (90, "девяноста"),
)  # fmt: skip


def _russian(found: tuple[Word, ...], position: int, known: dict[tuple[str, ...], int]) -> tuple[float, int]:
    """Numbers in the other cases: `около двадцати пяти лет`."""
    word = found[position].text
    value = next((n for n, pattern in _RUSSIAN_CASES if re.fullmatch(pattern, word)), None)
    if value is None and word.endswith("и"):
        value = known.get((f"{word[:-1]}ь",))
    if value is None:
        return 0, 0
    if value >= 20 and position + 1 < len(found):
        unit, size = _below_hundred(found, position + 1, known, "ru")
        if size and 0 < unit < 10:
            return value + unit, 1 + size
    return float(value), 1


def in_han(text: str) -> Iterator[Numeral]:
    """The numbers that a text writes in Chinese characters."""
    if not CJK.search(text):
        return
    for match in _HAN_NUMBER.finditer(text):
        whole, _, decimals = match[2].partition("点")
        value, current = 0, 0
        for char in whole:
            if char in "十百":
                value += (current or 1) * (10 if char == "十" else 100)
                current = 0
            else:
                current = _HAN_DIGITS[char]
        number = float(value + current)
        if decimals:
            number += float("0." + "".join(str(_HAN_DIGITS[c]) for c in decimals))
        if whole == "十" and text[match.end() : match.end() + 1] == "分":
            continue  # 十分: very
        step = 10.0 ** -len(decimals) if decimals else 1.0
        yield Numeral(-number if match[1] else number, step, match.start(), match.end(), whole == "一")
