"""Relations of pitches: above or below middle C, an octave higher, the interval between two notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .words import fold

MIDDLE_C = 60
_MIDDLE_C = (
    r"(?:middle c\b|(?:dem )?(?:mittlere[nms]?|eingestrichene[nms]?) c\b|do central\b|do medio\b|"
    r"do centrale\b|do medium\b|"
    r"до первой октавы|中央\s?c)"
)
_ABOVE = (
    r"(?:above|over|higher than|up from|uber|oberhalb(?: von)?|hoher als|por encima del?|"
    r"mas agud[oa] que(?: el)?|mas alt[oa] que(?: el)?|"
    r"au-dessus du?|plus aigue? que(?: le)?|plus haute? que(?: le)?|sopra(?: il)?|piu acut[oa] del|"
    r"piu alt[oa] del|acima do|"
    r"mais agud[oa] (?:do )?que o|выше(?: чем)?|高于|比)"
)
_BELOW = (
    r"(?:below|under|beneath|lower than|down from|unter|unterhalb(?: von)?|tiefer als|por debajo del?|"
    r"mas grave que(?: el)?|"
    r"mas baj[oa] que(?: el)?|en dessous du?|au-dessous du?|plus grave que(?: le)?|"
    r"plus basse? que(?: le)?|sotto(?: il)?|"
    r"piu grave del|piu bass[oa] del|abaixo do|mais grave (?:do )?que o|ниже(?: чем)?|低于)"
)
_RELATION = re.compile(
    rf"(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))\s*(?:the |das |dem |el |le |il |o )?(?P<c>{_MIDDLE_C})"
)
_PRONOUN = re.compile(
    rf"(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))\s*(?:it|that|this|ihm|diesem|ella|ello|celui-ci|lui|esso|ele|него|нее|它)\b"
)
_OCTAVES = re.compile(
    r"\b(one|an?|two|three|eine|zwei|una|dos|une|deux|um|uma|due|duas|одну|на|две)\s+(?:oct|okt|ott|oit|окт)\w*"
)
_COUNT = {"two": 2, "zwei": 2, "dos": 2, "deux": 2, "due": 2, "duas": 2, "две": 2, "three": 3}


def relations(text: str, *, of_it: bool = False) -> Iterator[tuple[int, int | None, int, int]]:
    """What a folded text says of a pitch and middle C: 1 for above it and -1 for below, by how many octaves, place.

    `of_it`: middle C was named before, so that `it` is middle C.
    """
    for pattern in (_RELATION, _PRONOUN) if of_it else (_RELATION,):
        for match in pattern.finditer(text):
            octaves = _OCTAVES.search(text[max(0, match.start() - 30) : match.start()])
            count = _COUNT.get(octaves[1], 1) if octaves else None
            yield (1 if match["above"] else -1), count, match.start(), match.end()


def names_middle_c(text: str) -> bool:
    return re.search(_MIDDLE_C, text) is not None


def is_so(side: int, octaves: int | None, pitch: float) -> bool:
    """Whether a pitch lies on that side of middle C, so many octaves away."""
    if octaves is not None:
        return round(pitch - MIDDLE_C) == side * 12 * octaves
    return (pitch - MIDDLE_C) * side > 0


_NAMES: tuple[tuple[tuple[int, ...], str], ...] = (
    ((0,), r"unison|prime|einklang|unisono|unisson"),
    ((1, 2), r"(?:major |minor )?seconds?\b|sekunde|segunda|seconde|seconda|секунд[ау]"),
    ((3, 4), r"(?:major |minor )?thirds?\b|terz\b|tercera|tierce|terza|terca|терци"),
    ((5,), r"fourths?\b|quarte\b|cuarta|quarta\b|кварт"),
    ((6,), r"tritone|tritonus|tritono|triton|тритон"),
    ((7,), r"fifths?\b|quinte\b|quint\b|quinta\b|квинт"),
    ((8, 9), r"(?:major |minor )?sixths?\b|sexte\b|sexta|sixte|sesta|секст"),
    ((10, 11), r"(?:major |minor )?sevenths?\b|septime\b|septima|septieme|settima|setima|септим"),
    ((12,), r"octaves?\b|oktave|octava|ottava|oitava|октав"),
)  # fmt: skip
_EXACT = {"minor second": 1, "major second": 2, "minor third": 3, "major third": 4, "minor sixth": 8, "major sixth": 9,
          "minor seventh": 10, "major seventh": 11}  # fmt: skip
ASKS_FOR_INTERVAL = re.compile(
    r"\binterval|how (?:far apart|large is the (?:leap|step|jump))|intervall\b|intervalo|intervalle|"
    r"intervallo|интервал|音程"
)


def interval_sizes(text: str) -> set[int] | None:
    """The semitones of the one interval that a folded text names; None where it names none or several."""
    found = [sizes for sizes, pattern in _NAMES if re.search(rf"(?<!\w)(?:{pattern})", text)]
    if len(found) != 1:
        return None
    exact = next((size for name, size in _EXACT.items() if name in text), None)
    if re.search(r"augmented|diminished|ubermass|vermindert|aument|dimin|augment|увелич|уменьш", text):
        return None
    return set(found[0]) if exact is None else {exact}


def without_middle_c(text: str) -> str:
    """A text without the middle C that something is above or below of, which isn't the note itself."""
    spans = [(start, end) for _, _, start, end in relations(fold(text))]
    return "".join(" " if any(a <= i < b for a, b in spans) else char for i, char in enumerate(text))
