"""Which words are of one family: inflected, derived (complaint, complain) or borrowed (euphoric, eufórico)."""

from __future__ import annotations

import re
from functools import lru_cache

from .lexicon import word_set
from .words import CJK, stem

_ENDINGS = word_set(
    "s es e ed d ing ings er ers or ors ly y ie ies ness ion ions ation al ally ic ical ically ics ous ously"
    " ful"
    " fully ive ively ance ence ancy ency ment ments ist ists ian ians an ans ish ism ity able ible"
    " en n nt nts nce te tes ting ted tion tions"
)
_SHORTEST = 5
_ALIKE = 0.7  # of the longer of two words of different languages, so that `animal` isn't kin to `ánimo`

_COMPOUND = 7

_SOUNDS = (
    ("tion", "cion"), ("tien", "cien"), ("tia", "cia"), ("sch", "s"), ("ph", "f"), ("ch", "c"), ("ck", "c"),
    ("qu", "c"), ("k", "c"), ("y", "i"), ("j", "i"), ("w", "v"), ("h", ""),
)  # fmt: skip
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e z z i i c l m n o p r s t u f c c c s s _ i _ e iu ia".replace("_", "").split(" "),
        strict=True,
    )
)


@lru_cache(maxsize=65536)
def kin(one: str, other: str) -> bool:
    """Whether two folded words of one language have one root: equal stems, or a long common beginning and endings
    that derive words from each other."""
    if one == other:
        return True
    if CJK.search(one + other) or one.isdigit() or other.isdigit():
        return False
    if stem(one) == stem(other):
        return True
    one, other = re.sub("f$", "v", one), re.sub("f$", "v", other)  # grief, grieving
    length = _common(one, other)
    rests = one[length:], other[length:]
    if length >= 7 and "t" in rests and all(rest in _ENDINGS or rest in ("", "t") for rest in rests):
        return True  # complaint, complaining
    if length < _SHORTEST:
        return False
    doubled = one[length - 1]  # cancel, cancellation
    return all(
        not rest or rest in _ENDINGS or (rest[0] == doubled and rest[1:] in _ENDINGS) for rest in rests
    )


@lru_cache(maxsize=65536)
def cognate(one: str, other: str) -> bool:
    """Whether two folded words of different languages are one borrowed word, by its letters."""
    one, other = _sounded(one), _sounded(other)
    length = _common(one, other)
    if _COMPOUND <= length == min(len(one), len(other)):
        return True  # ceramic, Keramikgefäß
    return length >= _SHORTEST and length >= _ALIKE * max(len(one), len(other))


@lru_cache(maxsize=65536)
def _sounded(word: str) -> str:
    word = "".join(_CYRILLIC.get(letter, letter) for letter in word)
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return re.sub(r"(.)\1", r"\1", word)


def _common(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
