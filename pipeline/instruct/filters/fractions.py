"""Parts of a whole (`a tenth`, `drei Viertel`, `三分之一`) and vague numbers (`several seconds`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Part(NamedTuple):
    """A number at [start, end) of a folded text, within [low, high]; `share`: a part of a whole, in percent."""

    value: float
    low: float
    high: float
    share: bool
    start: int
    end: int


_NAMES = (
    (2, r"half|halves|halfte|mitad|moitie|meta|metade|половин\w+"),
    (3, r"thirds?|drittel|tercios?|tiers|terz[oi]|tercos?|трет[ьи]\w*"),
    (4, r"quarters?|fourths?|viertel|cuart[oa]s?|quarts?|quart[oi]|quartos?|четверт[ьи]\w*"),
    (5, r"fifths?|funftel|quint[oa]s?|cinquiemes?|quint[oi]|пят(?:ая|ую|ой|ых)"),
    (6, r"sixths?|sechstel|sext[oa]s?|sixiemes?|sest[oi]"),
    (8, r"eighths?|achtel|octav[oa]s?|huitiemes?|ottav[oi]"),
    (10, r"tenths?|zehntel|decim[oa]s?|dixiemes?|decim[oi]|десят(?:ая|ую|ой|ых)"),
)  # fmt: skip
_COUNTS = (
    (1, r"an?|one|ein(?:e[mnr]?)?|die|der|una?|la|el|une|uno|il|um|uma|одн\w+"),
    (2, r"two|zwei|dos|deux|due|dois|две|двух|двумя"),
    (3, r"three|drei|tres|trois|tre|три|трех"),
    (4, r"four|vier|cuatro|quatre|quattro|quatro|четыре"),
)
_ANY_COUNT = "|".join(f"(?:{pattern})" for _, pattern in _COUNTS)
_ANY_NAME = "|".join(f"(?:{pattern})" for _, pattern in _NAMES)
_NAMED = re.compile(
    rf"\b(?:({_ANY_COUNT})[\s-]+)?({_ANY_NAME})\b(?P<of>\s+(?:of|von|der|des|de|del|du|della?|da|dos)\b)?"
)
_SHARE_NOUN = re.compile(r"\s+(?:част\w+|parte|partie)\b")
_ALONE = re.compile(r"halfte|mitad|moitie|metade|половин|трет[ьи]|четверт[ьи]")
_ENDS = re.compile(r"\s+the\b|[.,;!]|$")
_HAN = re.compile(r"([二三四五六八十百])分之([一二两三四五六七八九])|一半")
_HAN_VALUES = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "百": 100}

_VAGUE = (
    (1.6, 3.4, r"a couple(?: of)?|ein paar|un par de|un paio di|un couple de|пар[ау]"),
    (1.6, 20.0, r"several|(?:quite )?a few|a number of|mehrere[rn]?|einige[rn]?|plusieurs|quelques|"
                r"vari[oa]s|algun[oa]s|"
                r"unos cuantos|unas cuantas|parecchi[eo]?|alcun[ie]|divers[ie]|vari[os]s|alguns|algumas|"
                r"diversos|несколько|нескольких"),
    (9.0, 200.0, r"many|viele[nr]?|much[oa]s|molt[ie]|muit[oa]s|много"),
)  # fmt: skip
_VAGUE_HAN = re.compile(r"(?:好)?几(?=[秒分米])|数(?=[秒分米])")


def shares(text: str) -> Iterator[Part]:
    """The parts of a whole that a folded text names, in percent."""
    for match in _NAMED.finditer(text):
        count = next((n for n, pattern in _COUNTS if match[1] and re.fullmatch(pattern, match[1])), None)
        whole = next(n for n, pattern in _NAMES if re.fullmatch(pattern, match[2]))
        noun = _SHARE_NOUN.match(text[match.end(2) :])
        if (
            count is None
            and not _ALONE.match(match[2])
            and not (whole == 2 and (match["of"] or _ENDS.match(text[match.end() :])))
        ):
            continue
        if whole == 2 and count == 1 and not match["of"] and not _ALONE.match(match[2]):
            continue  # `five and a half`
        if re.search(r"\b(?:and|und|y|et|e|и|с)\s+$", text[: match.start()]) and not match["of"]:
            continue
        ordinal = (
            count == 1
            and whole > 2
            and not match["of"]
            and noun is None
            and not match[2].endswith(("tel", "tiers"))
        )
        if ordinal and not re.match(r"\W*$|[.,;]", text[match.end() :]):
            continue  # `a third voice`
        yield _share(100 * (count or 1) / whole, match.start(), match.end())
    for match in _HAN.finditer(text):
        share = 50.0 if not match[1] else 100 * _HAN_VALUES[match[2]] / _HAN_VALUES[match[1]]
        yield _share(share, match.start(), match.end())


def _share(value: float, start: int, end: int) -> Part:
    return Part(value, value * 0.75, value * 1.25, True, start, end)


def vague(text: str) -> Iterator[Part]:
    """The vague numbers of a folded text, which mean something only with a unit."""
    for low, high, pattern in _VAGUE:
        for match in re.finditer(rf"\b(?:{pattern})\b(?=\s)", text):
            yield Part(low, low, high, False, match.start(), match.end())
    for match in _VAGUE_HAN.finditer(text):
        yield Part(1.6, 1.6, 20.0, False, match.start(), match.end())
