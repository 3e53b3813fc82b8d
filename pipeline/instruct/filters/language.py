"""The language of a text, by its script, its letters and its commonest words; close languages stay undecided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from .tongues import CLOSE, CYRILLIC, LATIN, MARKS

_SCRIPTS = (
    ("ja", r"[぀-ヿ]"), ("ko", r"[가-힣]"), ("zh", r"[㐀-鿿]"), ("cyrillic", r"[Ѐ-ӿ]"), ("ar", r"[؀-ۿ]"),
    ("hi", r"[ऀ-ॿ]"), ("el", r"[α-ω]"), ("he", r"[א-ת]"), ("th", r"[ก-๙]"), ("bn", r"[ঀ-৿]"), ("ta", r"[஀-௿]"),
    ("te", r"[ఀ-౿]"), ("ka", r"[ა-ჰ]"), ("hy", r"[ա-և]"), ("am", r"[ሀ-፿]"),
)  # fmt: skip
_SCRIPT_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _SCRIPTS)
_LATIN_LETTERS = re.compile(r"[a-zß-ÿœāăąćčďđēęěğīıķļľłńňņőřśšşťţțūůűźżžșơưạ-ỹ]")
_SHARED = frozenset(["zh", "ja"])
_WORD = re.compile(r"[^\W\d_]+(?:·[^\W\d_]+)?")
_ELIDED = re.compile(r"(?<![\w'])(?:[dljnct]|qu)'[a-zà-ÿ]{2}", re.IGNORECASE)
_END_IN_ING = ("en", "nl", "sv", "da", "no")
_ELISION = re.compile(r"\b(?:o'clock|[dlcsjnmt]'|qu')", re.IGNORECASE)


@lru_cache(maxsize=4096)
def script_of(text: str) -> str | None:
    """`latin`, `cyrillic`, or the language whose script most letters are in; None without letters."""
    low = text.casefold()
    counts: dict[str, float] = {}
    latin = len(_LATIN_LETTERS.findall(low))
    if latin:
        counts["latin"] = latin / 2  # a Latin word has more letters than a Chinese one
    if not low.isascii():
        counts |= {name: n for name, pattern in _SCRIPT_PATTERNS if (n := len(pattern.findall(low)))}
    if "ja" in counts:
        counts["ja"] += counts.pop("zh", 0)
    return max(counts, key=lambda name: counts[name]) if counts else None


@cache
def _owners(script: str) -> Mapping[str, tuple[str, ...]]:
    """The languages that have a word."""
    owners: dict[str, list[str]] = {}
    for language, known in (CYRILLIC if script == "cyrillic" else LATIN).items():
        for word in known:
            owners.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in owners.items()}


@lru_cache(maxsize=4096)
def evidence(text: str) -> Mapping[str, int]:
    """How many signs of each language of its alphabet a text shows; names, which are written large, are none."""
    script = "cyrillic" if script_of(text) == "cyrillic" else "latin"
    languages = CYRILLIC if script == "cyrillic" else LATIN
    owners, signs = _owners(script), dict.fromkeys(languages, 0)
    plain = _ELISION.sub(lambda match: " " * len(match[0]), text.replace("’", "'"))
    if script == "latin" and _ELIDED.search(text.replace("’", "'")):
        signs |= {"fr": 2, "it": 1, "ca": 1}
    begins = True
    for match in _WORD.finditer(plain):
        word, low = match[0], match[0].lower()
        name = word[0].isupper() and not begins
        begins = re.match(r"\s*[.!?:»”\"]", plain[match.end() :]) is not None
        found = owners.get(low, ())
        if name and len(word) > 1:
            found = ("de",) if "de" in found and len(low) > 3 else ()
        weight = 2 if len(found) == 1 and len(low) > 1 else 1
        if not found and low.endswith("ing") and len(low) > 5 and script == "latin":
            found, weight = _END_IN_ING, 1
        for language in found:
            signs[language] += weight
        if not name and not word[0].isupper() and not low.isascii():
            for language, letters in MARKS.items():
                if language in signs and any(letter in low for letter in letters):
                    signs[language] += 1
    if re.search(r"[¿¡]", text):
        signs = {code: n + 2 * (code in ("es", "gl")) for code, n in signs.items()}
    return signs


@lru_cache(maxsize=4096)
def language_of(text: str) -> str | None:
    """The two-letter code of the language a text is in, None where nothing tells it."""
    script = script_of(text)
    if script not in ("latin", "cyrillic"):
        return script
    signs = evidence(text)
    best = max(signs, key=lambda language: signs[language])  # of equals the first: English, Russian
    return best if signs[best] else "ru" if script == "cyrillic" else None


def may_be(text: str) -> frozenset[str]:
    """The languages that a text may well be in: the likeliest one and those that nearly as much speaks for."""
    script = script_of(text)
    if script not in ("latin", "cyrillic"):
        return frozenset([script] if script else [])
    signs = evidence(text)
    most = max(signs.values())
    if not most:
        return frozenset(["ru"] if script == "cyrillic" else [])
    alphabet = CYRILLIC if script == "cyrillic" else LATIN
    best = max(signs, key=lambda language: signs[language])
    return frozenset(
        language for language, n in signs.items()
        if n >= 0.75 * most and (n == most or not _only(best, frozenset([language]), text, alphabet))
    )  # fmt: skip


def differs(text: str, expected: frozenset[str]) -> str | None:
    """The language of a text, where it is none of those expected for all one can tell; None where it may be one."""
    script = script_of(text)
    if script is None or not expected or script in expected:
        return _chinese_for_japanese(text) if script == "zh" and "ja" in expected else None
    if script in _SHARED and expected & _SHARED:
        if script == "zh":
            return _chinese_for_japanese(text)
        return "ja" if len(re.findall(r"[぀-ゟ]", text)) > 2 else None
    alphabet = CYRILLIC if script == "cyrillic" else LATIN if script == "latin" else {}
    told = language_of(text)
    if not expected & alphabet.keys():
        return told or "another language"
    signs = evidence(text)
    best = max(signs, key=lambda language: signs[language])
    if best in expected:
        return None
    ours = max(signs[language] for language in expected if language in signs)
    if any(best in group and expected & group for group in CLOSE):
        return best if _only(best, expected, text, alphabet) else None
    return best if signs[best] >= ours + 2 and signs[best] >= 1.5 * ours else None


_NOTES = frozenset(["do", "re", "mi", "fa", "sol", "la", "si"])


def _only(best: str, expected: frozenset[str], text: str, known: Mapping[str, frozenset[str]]) -> bool:
    """Whether a text has words that only the one of two close languages has, and none that only the other has."""
    found = {match[0] for match in _WORD.finditer(text.lower()) if len(match[0]) > 1} - _NOTES
    near = frozenset().union(*(known.get(language, frozenset()) for language in expected))
    theirs, ours = found & known[best] - near, found & near - known[best]
    marked = any(letter in word for word in found for letter in MARKS.get(best, ""))
    return len(theirs) + marked > 2 * len(ours) and (len(found) > 2 or (not ours and len(theirs) > 1))


def _chinese_for_japanese(text: str) -> str | None:
    """A Chinese text where Japanese is wanted: it has no kana, and words that Japanese doesn't write so."""
    chinese = re.search(r"[这们说吗呢么听为个话语气乐对觉给让从还过进谁]|是|的.*[了在是]", text)
    return "zh" if not re.search(r"[぀-ヿ]", text) and chinese else None
