"""Text as the filters see it: folded words and stems, concepts of the lexicon, numbers, the "
"language it is in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from .grammar import STOP_WORDS
from .language import language_of as language_of

CJK = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]")
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Lower case, straight apostrophes and quotes, one form for each character; ß becomes ss."""
    return unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("ß", "ss")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`plain` without accents on Latin letters, and with е for ё; every character stays in its place."""
    return "".join(_unaccented(char) for char in plain(text))


@lru_cache(maxsize=65536)
def _unaccented(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0]
    return "е" if char == "ё" else base if base.isascii() and base.isalpha() else char


@dataclass(frozen=True)
class Word:
    """One word of a folded text and where it stands there."""

    text: str
    start: int
    end: int

    @property
    def stem(self) -> str:
        return stem(self.text)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text, folded; a run of Chinese characters is one word."""
    return tuple(Word(match[0], match.start(), match.end()) for match in _WORD.finditer(fold(text)))


def texts(text: str) -> list[str]:
    return [word.text for word in words(text)]


_SUFFIXES = (
    ("ists", 4),
    ("ist", 4),
    ("ings", 3),
    ("ing", 3),
    ("ers", 4),
    ("er", 4),
    ("ed", 3),
    ("ly", 4),
    ("es", 4),
    ("s", 3),
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A light English stem: barking, barks, barked -> bark. Other scripts stay as they are."""
    if not word.isascii() or not word.isalpha() or len(word) <= 3:
        return word
    if word.endswith(("ies", "ied")) and len(word) > 4:
        word = word[:-3] + "y"
    for suffix, least in _SUFFIXES:
        rest = word[: -len(suffix)]
        if (
            word.endswith(suffix)
            and len(rest) >= least
            and re.search("[aeiouy]", rest)
            and not word.endswith("ss")
        ):
            word = rest
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    if len(word) > 3 and word[-1] in "ey":
        word = word[:-1]
    return word


@cache
def stop_words(language: str | None) -> frozenset[str]:
    """The folded function words of a language and of English."""
    known = STOP_WORDS["en"] | STOP_WORDS.get(language or "en", frozenset())
    return frozenset(fold(word) for word in known)


def content_words(text: str, language: str | None) -> list[Word]:
    """The words of a text that aren't function words or single letters."""
    stops = stop_words(language)
    return [
        word for word in words(text) if word.text not in stops and (len(word.text) > 1 or word.text.isdigit())
    ]


@dataclass(frozen=True)
class Pattern:
    """A line's pattern: words in a row, each whole (`rain`) or as a beginning (`rain*`); or Chinese "
    "characters."""

    parts: tuple[str, ...]

    def spans(self, found: Sequence[Word]) -> Iterator[tuple[int, int]]:
        """Where it stands among the words of a text, as (start, end)."""
        size = len(self.parts)
        for position in range(len(found) - size + 1):
            window = found[position : position + size]
            if all(_fits(part, word.text) for part, word in zip(self.parts, window, strict=True)):
                yield window[0].start, window[-1].end


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


@dataclass(frozen=True)
class Concepts:
    """A table of the lexicon, found by the first word of its patterns."""

    by_word: dict[str, list[tuple[str, Pattern]]]
    by_beginning: dict[str, list[tuple[str, Pattern]]]
    by_characters: list[tuple[str, Pattern]]

    def starting_with(self, word: str) -> Iterator[tuple[str, Pattern]]:
        yield from self.by_word.get(word, ())
        for length in range(1, len(word) + 1):
            yield from self.by_beginning.get(word[:length], ())


@cache
def _read(table: str) -> Concepts:
    read = Concepts({}, {}, [])
    name = ""
    for line in table.strip().splitlines():
        if not line.startswith(" "):
            name, _, line = line.partition(":")
        for entry in line.split():
            pattern = Pattern(tuple(fold(part) for part in entry.split("_")))
            first = pattern.parts[0]
            if CJK.match(first):
                read.by_characters.append((name, pattern))
            elif first.endswith("*"):
                read.by_beginning.setdefault(first[:-1], []).append((name, pattern))
            else:
                read.by_word.setdefault(first, []).append((name, pattern))
    return read


def _places(characters: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(characters)
    while start >= 0:
        yield start, start + len(characters)
        start = text.find(characters, start + len(characters))


@lru_cache(maxsize=8192)
def concepts_in(table: str, text: str) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """The concepts of a table that a text names, with the places (start, end) in the folded text "
    "where it does."""
    read, found = _read(table), words(text)
    named: dict[str, set[tuple[int, int]]] = {}
    for position, word in enumerate(found):
        for name, pattern in read.starting_with(word.text):
            for span in pattern.spans(found[position : position + len(pattern.parts)]):
                named.setdefault(name, set()).add(span)
    if CJK.search(text):
        folded = fold(text)
        for name, pattern in read.by_characters:
            for span in _places(pattern.parts[0], folded):
                named.setdefault(name, set()).add(span)
    return {name: tuple(sorted(named[name])) for name in sorted(named)}


_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen "
    "eighteen nineteen",
    "de": "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn "
    "funfzehn sechzehn siebzehn "
    "achtzehn neunzehn",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciseis diecisiete "
    "dieciocho diecinueve",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix_sept dix_huit "
    "dix_neuf",
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать "
    "тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici "
    "sedici diciassette diciotto diciannove",
    "pt": "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis "
    "dezessete dezoito dezenove",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "fr": "vingt trente quarante cinquante soixante soixante_dix quatre_vingts quatre_vingt_dix",
    "ru": "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
}
_HAN = "零一二三四五六七八九"


@lru_cache(maxsize=1024)
def number_in(language: str, number: int) -> tuple[str, ...] | None:
    """A whole number from 0 to 99 in words of a language, folded: ("sixty", "four"), ("vierundsechzig",).

    None for other numbers and for languages whose numbers aren't known here.
    """
    if not 0 <= number < 100 or language not in _UNITS:
        return None
    small = _UNITS[language].split()
    tens, unit = divmod(number, 10)
    if number < 20:
        return tuple(small[number].split("_"))
    ten = _TENS[language].split()[tens - 2]
    if language == "fr" and tens in (7, 9):
        way = f"{_TENS['fr'].split()[tens - 3].removesuffix('s')}_{small[10 + unit]}" if unit else ten
    elif not unit:
        way = ten
    elif language == "de":
        way = f"{small[unit].removesuffix('s') if unit == 1 else small[unit]}und{ten}"
    elif language == "es":
        way = f"veinti{small[unit]}" if tens == 2 else f"{ten}_y_{small[unit]}"
    elif language == "pt":
        way = f"{ten}_e_{small[unit]}"
    elif language == "it":
        way = (ten[:-1] if unit in (1, 8) else ten) + small[unit]
    else:
        way = f"{ten.removesuffix('s') if language == 'fr' else ten}_{small[unit]}"
    return tuple(way.split("_"))


@lru_cache(maxsize=256)
def number_words(number: int) -> tuple[tuple[str, ...], ...]:
    """The ways to write a whole number from 0 to 99 in words, folded, where no language is known.

    Without those of Italian and Portuguese, whose `sei` and `um` mean other things elsewhere.
    """
    if not 0 <= number < 100:
        return ()
    tens, unit = divmod(number, 10)
    ways = [way for language in ("en", "de", "es", "fr", "ru") if (way := number_in(language, number))]
    if number < 10:
        ways.append((_HAN[number],))
    else:
        ways.append(((_HAN[tens] if tens > 1 else "") + "十" + (_HAN[unit] if unit else ""),))
    return tuple(dict.fromkeys(ways))


def number_spans(value: float, text: str) -> Iterator[tuple[int, int]]:
    """Where a folded text names a number, in digits or (whole ones below 100) in words."""
    digits = f"{value:g}"
    for form in {digits, digits.replace(".", ",")}:
        for match in re.finditer(rf"(?<![\d.,]){re.escape(form)}(?:[.,]0+)?(?![\d]|[.,]\d)", text):
            yield match.span()
    if float(value).is_integer():
        for way in number_words(int(value)):
            if CJK.match(way[0]):
                yield from (
                    match.span() for match in re.finditer(f"(?<![十{_HAN}]){way[0]}(?![十{_HAN}])", text)
                )
            else:
                yield from Pattern(way).spans(words(text))
