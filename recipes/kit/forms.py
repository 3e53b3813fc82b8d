"""The normal form of a name: which words it has, whatever their order, number and grammatical form.

`crying baby` and `baby cries` have one form, and so have `Chirp, tweet` and `Chirp_and_tweet`. The endings are those of
English nouns and verbs, cut off by rule; a stem needn't be a word, it only has to be the same for all forms of one.
"""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ALONE = [[word] for word in "a an the of and or etc with in on at to into for from by some its".split()]
_BEHIND = re.compile(r"\s(?:of|with|in|on|at|for|from|by)\s|[(,]")
"""What follows one of these says more about the thing named before it."""
_ENDINGS = (("ies", "y"), ("ings", ""), ("ing", ""), ("ed", ""), ("es", "e"), ("s", ""))
_VOWEL = re.compile(r"[aeiouy]")


@lru_cache(maxsize=1 << 16)
def form(name: str) -> frozenset[str]:
    """The stems of a name's words, without the little ones that stand alone (`a` of `A-law` doesn't).

    A name of little words only (`in`) keeps them; one without words (`+`) has none.
    """
    parts = [_words(part) for part in re.split(r"[\s_]+", name)]
    telling = [word for words in parts for word in words if words not in _ALONE]
    return frozenset(map(_stem, telling or _words(name)))


@lru_cache(maxsize=1 << 16)
def head(name: str) -> str:
    """The stem of the noun that a noun phrase is about: `horn` of `horn of a car` and of `car horn`."""
    words = _words(_BEHIND.split(name.strip(), maxsplit=1)[0]) or _words(name)
    return _stem(words[-1]) if words else ""


def _words(name: str) -> list[str]:
    return [word.replace("’", "'").removesuffix("'s") for word in _WORD.findall(name.casefold())]


def _stem(word: str) -> str:
    if not word.isascii():
        return word
    for ending, instead in _ENDINGS:
        rest = word.removesuffix(ending)
        enough = len(rest) > 1 if instead == "y" else len(rest) > 2 and _VOWEL.search(rest)
        if rest != word and enough and not word.endswith(("ss", "us", "is")):
            word = rest + instead
            break
    if len(word) > 3:
        word = word.removesuffix("e")
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
