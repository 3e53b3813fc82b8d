"""Whether a claim is so, as far as the facts tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from .claims import Claim
from .known import Known
from .vocabulary import LISTS, MEMBERS, TABLES, agree
from .words import concepts_in, fold


class State(Enum):
    """`TRUE`: a fact says so. `NEAR`: a fact may be put so. `FALSE`: a fact says otherwise. `MISSING`: not
    in a list
    that needn't be complete. `UNTOLD`: no fact is about it. `OPEN`: there is one, but it can't be
    compared."""

    TRUE = "true"
    NEAR = "near"
    FALSE = "false"
    MISSING = "missing"
    UNTOLD = "untold"
    OPEN = "open"


_ACCENT = re.compile(
    r"accent|akzent|acento|sotaque|акцент|口音|dialect|dialekt|\bfrom\b|\baus\b|\bde\b|nativ"
)
_COUNTRIES = frozenset(
    "Scottish British American Indian Mexican Australian Canadian Austrian Swiss Brazilian Argentinian "
    "Nigerian Kenyan "
    "South_African New_Zealand Irish Welsh Singaporean Jamaican Colombian Chilean Peruvian Cuban "
    "Venezuelan Bavarian "
    "Saxon Swabian Andalusian Quebec Belgian".split()
)
_SHOWN_BY = {
    "laughter": ("joy", "amusement", "excitement"), "applause": ("joy", "excitement"), "crowd": ("joy", "excitement"),
    "crying": ("sadness", "fear", "frustration"), "scream": ("fear", "anger", "joy", "excitement"),
    "music": ("joy", "calm"),
}  # fmt: skip
"""Feelings that one may hear in a sound: who laughs may be called cheerful."""
_AGES = {
    "child": (-1.0, 12.99, 17.99),
    "young": (-1.0, 34.99, 49.99),
    "old": (59.5, 200.0, 0.0),
    "adult": (18, 200, 0),
    "middle": (38, 62, 0),
}


def state_of(claim: Claim, known: Known, text: str) -> State:
    """The state of a claim in a folded text."""
    kind = claim.kind
    if claim.wide:
        if MEMBERS.get(claim.value, frozenset()) & known.named["sound"]:
            return State.TRUE
        if "sound" in known.unread or (not known.told.get("sound") and known.prose):
            return State.OPEN
        return _absent(known, "sound")
    if kind == "age":
        return _age_state(claim, known)
    named = known.named.get(kind, frozenset())
    told = known.told.get(kind, frozenset())
    if claim.value in told or (claim.value in named and (not told or kind in LISTS or kind == "language")):
        return State.TRUE
    if (
        kind == "emotion"
        and not told
        and any(claim.value in _SHOWN_BY.get(s, ()) for s in known.named["sound"])
    ):
        return State.OPEN
    if kind == "language" and claim.value in _COUNTRIES and known.tells("accent"):
        named = told = frozenset(
            c for text in known.values["accent"] for c in concepts_in(TABLES["language"], text)
        )
    if any(agree(kind, claim.value, other) for other in told | named):
        narrower = kind == "language" and claim.value in _COUNTRIES and not known.tells("accent")
        return State.UNTOLD if narrower else State.NEAR  # English speech needn't be British
    if kind == "mode" and not told:
        return State.OPEN
    if kind == "language":
        return _language_state(claim, known, text, told)
    if kind in known.unread:
        return State.OPEN
    if not told:
        return State.UNTOLD
    return _absent(known, kind)


def _absent(known: Known, kind: str) -> State:
    if not known.told.get(kind):
        return State.UNTOLD
    if kind in LISTS and kind in known.listed and not known.exhaustive:
        return State.MISSING
    return State.FALSE  # `noise_type: rain` is one value


def _language_state(claim: Claim, known: Known, text: str, told: frozenset[str]) -> State:
    near = text[max(0, claim.start - 20) : claim.start] + "|" + text[claim.end : claim.end + 16]
    kind = "accent" if claim.value in _COUNTRIES or _ACCENT.search(near) else "language"
    if kind not in known.values and not (kind == "language" and "Mandarin" in told):
        return State.UNTOLD
    return State.OPEN if "language" in known.unread else State.FALSE


def _age_state(claim: Claim, known: Known) -> State:
    ranges = known.measured("years")
    named = known.named.get("age", frozenset())
    if claim.value in named:
        return State.TRUE
    if not ranges:
        if known.tells("age"):
            return State.OPEN
        return State.UNTOLD
    low, high, doubt = _AGES[claim.value]
    for least, most in ranges:
        if low <= least and most <= high:
            return State.TRUE
    for least, most in ranges:
        if (claim.value == "old" and most >= 50) or (doubt and least <= doubt):
            return State.OPEN
    return State.FALSE


_POLES: tuple[tuple[str, str, str], ...] = (
    ("speed", r"\bfast\b|\bquick\w*|\brapid\w*|schnell|zugig|\brapid|\bveloc|быстр|快(?!乐|速度)",
     r"\bslow\w*|langsam|\blent[oae]?\w*|медлен|慢"),
    ("near", r"(?:\bclose(?:ly)?(?: to| by)?|\bnear(?:by)?|\bnahe?|\bcerca|\bpres)\b(?! (?:to |de |"
             r"d')?[\w-]+ (?:m\b|met|feet|cent|yards))|\bproche|"
     r"\bvicin[oa]|\bperto\b|близк|рядом|近",
     r"\bfar(?: away| off)?\b|\bdistant\b|weit (?:weg|entfernt)|\blejos\b|\bloin\b|\blontan\w*|"
     r"\blonge\b|далек|远"),
    ("height", r"\bhigh(?:er)?\b|\bhoh\w*|\bhoch\b|\balt[oa]s?\b|\baigu|\bacut|\bagud|высок|高",
     r"\blow(?:er)?\b|\btief\w*|\bbaj[oa]\b|\bgrave\b|\bbass[oa]\b|\bbaix[oa]\b|низк|低"),
    ("reverb", r"(?<!non-)(?<!un)\breverber(?:ant|ated|oso|osa|ante)\w*|\bechoey|\bechoing|hallig|"
               r"реверберир|混响很|"
     r"(?:\bmuch|\blots? of|\bplenty of|\bheavy|\bstrong|\blong|\bviel|\bstark\w*|\bmuch[oa]|\bbeaucoup "
     r"d\w*|\bmolt[oa]|"
     r"\bmuit[oa]|\bмного|\bсильн\w+)[\s'](?:reverb\w*|echo|eco|hall|nachhall|эх[оа]|реверберац\w+)\b",
     r"\bdry\b|\bdead\b|trocken|\bsec[oa]?\b|\bseches?\b|сух|干"),
)  # fmt: skip
"""The poles of scales. A noun such as `reverberation` is the scale's name, and a pole only with its amount."""
_DEGREES = tuple((scale, re.compile(upper), re.compile(lower)) for scale, upper, lower in _POLES)
_OF = {"speed": "bpm", "near": "m", "height": "midi", "reverb": "s"}
_SURE = {
    # high pole: surely so from, surely not to; low pole: surely so to, surely not from
    "speed": (130.0, 80.0, 75.0, 120.0),
    "height": (80.0, 52.0, 45.0, 74.0),
    "reverb": (1.0, 0.4, 0.25, 0.9),
}


_ELSEWHERE = {
    "alto": ("es", "it", "pt"), "alta": ("es", "it", "pt"), "altos": ("es", "pt"), "altas": ("es", "pt"),
    "secco": ("it",),
    "seco": ("es", "pt"), "sec": ("fr",), "grave": ("es", "fr", "it", "pt"), "near": ("en",), "pres": ("fr",),
    "dead": (), "fast": ("en",),
    "dry": ("en",), "rapid": ("en",), "baja": ("es",), "hoch": ("de",), "longe": ("pt",), "loin": ("fr",),
    "secs": ("fr",),
}  # fmt: skip
"""Words of degrees that are others in other languages: altos sing."""


def degrees_of(text: str, language: str | None = None) -> Iterator[tuple[str, bool, int, int]]:
    """The degrees a folded text names: scale, whether it is the upper pole (fast, near, high, reverberant), place."""
    for scale, upper, lower in _DEGREES:
        for pole, pattern in ((True, upper), (False, lower)):
            for match in pattern.finditer(text):
                only_in = _ELSEWHERE.get(match[0])
                if only_in is None or language is None or language in only_in:
                    yield scale, pole, match.start(), match.end()


def degree_state(scale: str, pole: bool, known: Known) -> State:
    """The state of `fast`, `near` and the like; what lies between is open."""
    pattern = {"speed": "rate|speed|tempo|pace", "near": "distance|far_field|near",
               "height": "pitch|note|register|f0|midi",
               "reverb": "reverb|rt60|t60|decay"}[scale]  # fmt: skip
    poles = {
        p for key, text in known.texts if re.search(pattern, key)
        for s, p, _, _ in degrees_of(fold(text), "en") if s == scale
    }  # fmt: skip
    if len(poles) == 1:
        return State.TRUE if pole in poles else State.FALSE
    values = (
        known.pitches() if scale == "height"
        else [low for key, unit, low, _ in known.measures if unit == _OF[scale] and re.search(pattern, key)]
    )  # fmt: skip
    if not values:
        return State.UNTOLD
    value = values[0]
    if scale == "near":
        if pole:
            return State.TRUE if value <= 0.6 else State.FALSE if value >= 2.5 else State.OPEN
        return State.TRUE if value >= 4 else State.FALSE if value <= 1 else State.OPEN
    high, not_high, low, not_low = _SURE[scale]
    if pole:
        return State.TRUE if value >= high else State.FALSE if value <= not_high else State.OPEN
    return State.TRUE if value <= low else State.FALSE if value >= not_low else State.OPEN
