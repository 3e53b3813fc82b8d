"""What a sentence claims about a clip: values of facts, degrees and sizes, each said to be so or not to be so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from . import lexicon
from .numbers import Quantity, quantities
from .pronouns import agrees_with_a_noun
from .vocabulary import HYPERNYMS, TABLES
from .words import CJK, concepts_in, fold, stop_words, words


@dataclass(frozen=True)
class Claim:
    """A value of a kind at [start, end) of the folded text; `denied`: it is said not to be so. `wide`: a hypernym."""

    kind: str
    value: str
    start: int
    end: int
    denied: bool
    wide: bool = False
    pronoun: bool = False


_NEGATORS = {
    "en": r"\b(?:no|not|never|without|neither|nor|none|nobody|nothing|absent|absence|lacks?|lacking|"
    r"free of|silent|"
    r"cannot|rather than|instead of|unlike|hardly|untrue|false)\b|n't\b",
    "de": r"\b(?:nicht|kein\w*|nie|niemals|ohne|weder|noch(?= )|niemand|nichts|statt|anstatt|fehlt|"
    r"fehlen)\b",
    "es": r"\b(?:no|nunca|sin|ni|ningun\w*|tampoco|nadie|nada|ausencia|en lugar de|en vez de)\b",
    "fr": r"\b(?:pas|ne|n'|aucun\w*|sans|ni|jamais|personne ne|rien|plutot que|au lieu)(?:\b|(?<='))|\bn'",
    "it": r"\b(?:non|nessun\w*|senza|ne|mai|niente|nulla|invece di|anziche)\b",
    "pt": r"\b(?:nao|nunca|sem|nem|nenhum\w*|ninguem|nada|em vez de)\b",
    "ru": r"\b(?:не|нет|ни|без|никто|ничего|никак\w*|никогда|отсутств\w+|вместо)\b",
    "zh": r"不是|没有|没|不|无|并非|非(?!常)|而不是",
}
_NEGATOR = {language: re.compile(pattern) for language, pattern in _NEGATORS.items()}
_NOT_NEGATIONS = re.compile(
    r"\b(?:not only|not just|not merely|no doubt|none other than|no longer than|no less than|"
    r"nothing but|not yet|"
    r"nicht nur|nicht zuletzt|noch nicht|nichts als|no solo|no solamente|non solo|non soltanto|nao so|"
    r"nao apenas|"
    r"pas seulement|ne \S+ que\b|не только|не менее|not sure)\b|不仅|不只|不但|无疑|不到|不太|不同|不过|不断|没错"
)
_CONCORD = frozenset(["es", "fr", "it", "pt", "ru"])
"""In these languages two negations are one: `no hay ningún perro`."""

_CLAUSE = re.compile(
    r"[.,;:!?,。;:!?、()—–]|\s-\s|\b(?:but|sondern|aber|sino|pero|mais|ma|bensi|mas|sim|а|но|however|yet|"
    r"though|"
    r"although|while|whereas|because|weil|porque|parce|perche|потому|mentre|während|wahrend)\b|而是|但|因为"
)
_COMMAS_BIND = re.compile(
    r"\b(?:neither|nor|weder|noch|ni|ne|nem|ни|without|ohne|sin|sans|senza|sem|"
    r"без)\b"
)


@lru_cache(maxsize=4096)
def claims_of(text: str, language: str | None) -> tuple[Claim, ...]:
    """The values of facts that a text names, in order; the longest name counts (a French horn isn't French)."""
    folded = fold(text)
    found: list[Claim] = []
    spans: list[tuple[str, str, int, int, bool]] = []
    for kind, table in TABLES.items():
        for value, places in concepts_in(table, text).items():
            spans += [(kind, value, start, end, False) for start, end in places]
    for value, places in concepts_in(HYPERNYMS, text).items():
        spans += [("sound", value, start, end, True) for start, end in places]
    for kind, value, start, end, wide in spans:
        if any(
            a <= start and end <= b and b - a > end - start and not (other == kind and wide)
            for other, _, a, b, _ in spans
        ):
            continue
        if _misread(kind, value, folded, start, end, language):
            continue
        found.append(Claim(kind, value, start, end, denied_at(folded, start, end, language), wide))
    found += _pronouns(text, language)
    return tuple(sorted(set(found), key=lambda c: (c.start, c.end, c.kind, c.value)))


_ONLY_IN = {
    "donne": ("it",), "dame": ("de", "fr"), "man": ("en", None), "tier": ("de",), "fond": (), "nana": ("es",),
    "car": ("en", None), "tor": ("de",), "alto": ("it", "es", "pt"), "alta": ("it", "es", "pt"),
}  # fmt: skip
"""Words that name a value in these languages and mean something else in another: `donne` are women, and `give`."""


_ONE = re.compile(
    r"\b(?:wurde|kann|konnte|soll|sollte|muss|darf|will|hort|erkennt|sieht|merkt|spurt|versteht|wie|was|wo|wenn|dass|ob|weil|ist|"
    r"hat|wird|wohin|womit|woran|wozu|warum|findet|nennt)\s+$"
)
"""Before German `man`, which is anybody."""


def _misread(kind: str, value: str, text: str, start: int, end: int, language: str | None) -> bool:
    """Whether the word means something else here."""
    said, before, after = text[start:end], text[max(0, start - 24) : start], text[end : end + 24]
    only_in = _ONLY_IN.get(said)
    if said in stop_words(language) or (only_in is not None and language not in only_in):
        return True  # `pas` are steps, and `not`
    if kind == "gender":
        if said == "man" and (language == "de" or _ONE.search(before)):
            return True
        if said.startswith("junge") and not re.search(r"\b(?:ein|der|kleiner|dieser)\s+$", before):
            return True
        if said == "говорящая" or (CJK.match(said) and re.match("儿|友|朋友|人心", after) is not None):
            return True
        return re.match(r"'?s?[\s-]made", after) is not None
    if kind == "sound":
        if said == "aircraft":
            return True  # a helicopter is one, too
        if said == "onde" and language != "it":
            return True
        if said == "clock" and re.search(r"o'\s*$", before):
            return True
        if said in (
            "speech",
            "talking",
            "speaks",
            "speaking",
            "conversation",
            "music",
            "musical",
        ) or said.startswith(("musik", "musica", "musique", "музык")):
            return said in ("speech", "talking", "speaks", "speaking", "conversation")
        if said in ("wind", "winds") and re.match(r"\s*instrument", after):
            return True
        if said in ("phone", "phones", "smartphone", "telephone", "camera", "mobile") and re.search(
            r"\b(?:over|on|through|by|via)\s+(?:the|a)\s+$", before
        ):
            return True
        return said in ("static", "cri", "tu", "moto") and not re.match(r"\W", after or " ")
    if kind == "emotion":
        if value == "neutral" and re.match(r"\W*(?:\w+\W+)?(?:accent|akzent|acento)", after):
            return True
        return said.startswith("cheer") and re.search(r"crowd|people|audience|applau", text) is not None
    if kind == "age":
        if re.search(r"(?:years?|jahre?|ans|anos|anni)[\s-]+$", before) or re.match(
            r"\s+(?:friend|song|time)", after
        ):
            return True
        return said.startswith(("стар", "alt")) and re.search(r"\bwie\s+$", before) is not None
    if kind == "language":
        return re.match(r"\W*(?:horn|fries|shepherd)", after) is not None
    if kind == "room":
        return (
            said in ("class", "classe", "outside", "hall")
            and re.match(r"\W*(?:of|effect)\b", after) is not None
        )
    return False


def _pronouns(text: str, language: str | None) -> Iterator[Claim]:
    if language != "en" and any(word.text in lexicon.NEUTRAL_ANTECEDENTS for word in words(text)):
        return  # also where it comes after the pronoun
    low = text.lower()
    for value, pronouns in lexicon.PRONOUNS.get(language or "en", {}).items():
        for pronoun in pronouns:
            pattern = rf"(?<![其吉]){pronoun}(?!们|人)" if CJK.match(pronoun) else rf"(?<!\w){pronoun}(?!\w)"
            for match in re.finditer(pattern, low):
                if pronoun in ("его", "ему") or agrees_with_a_noun(value, text[: match.start()], language):
                    continue
                if language in ("es", "it", "pt") and re.search(
                    r"\b(?:en|con|in|em|com|nel)\s+$", low[: match.start()]
                ):
                    continue  # `en él`, in that language
                yield Claim("gender", value, match.start(), match.end(), False, pronoun=True)


def denied_at(text: str, start: int, end: int, language: str | None) -> bool:
    """Whether the clause around [start, end) of a folded text says that it isn't so."""
    clause_start, clause_end = clause_at(text, start, end)
    lead = text[clause_start:start]
    rest = text[end:clause_end]
    pattern = _NEGATOR.get(language or "en", _NEGATOR["en"])
    clean = _NOT_NEGATIONS.sub(lambda m: "_" * len(m[0]), lead)
    if re.search(r"\b(?:neither|weder)\b", clean):
        clean = re.sub(r"\b(?:nor|noch)\b", "", clean)  # they are one negation
    count = len(pattern.findall(clean))
    if language == "de":
        count += len(re.findall(r"\bnicht\b(?! nur)", rest))
    elif language == "ru":
        count += len(re.findall(r"\b(?:не (?:слышн|звуч|видн|раздает)\w*|нет|отсутству\w+)", rest))
    elif language in ("es", "it", "pt"):
        count += len(re.findall(r"\bno se (?:oye|escucha)|\bnon si sente|\bnao se ouve", rest))
    elif language in ("en", None):
        count += len(
            re.findall(
                r"^\W*(?:\w+\W+){0,3}?(?:is|are|was|were|can|could|does|do|did)(?:n't| not)\b|"
                r"\bcannot be heard|"
                r"\b(?:absent|inaudible|missing|nowhere)\b",
                rest,
            )
        )
    elif language == "zh":
        count += len(re.findall(r"^[^,。]{0,3}(?:听不到|没有|不存在|不响)", rest))
    if language in _CONCORD:
        return count > 0
    return count % 2 == 1


def clause_at(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause that holds [start, end). A comma within `neither ..., nor ...` doesn't end one."""
    first, last = 0, len(text)
    for match in _CLAUSE.finditer(text):
        if match.end() <= start:
            if (
                match[0] in ",,"
                and _COMMAS_BIND.search(text[first : match.start()])
                and _COMMAS_BIND.match(text[match.end() :].lstrip())
            ):
                continue
            first = match.end()
        elif match.start() >= end:
            last = match.start()
            break
    return first, last


def sizes_of(text: str, language: str | None) -> list[tuple[Quantity, bool]]:
    """The quantities of a text with whether each is denied."""
    folded = fold(text)
    return [(q, denied_at(folded, q.start, q.end, language)) for q in quantities(text, language)]
