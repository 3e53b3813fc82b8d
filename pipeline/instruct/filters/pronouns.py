"""Which pronouns tell a gender: not those that agree with a noun before them (Russian он for дятел)."""

from __future__ import annotations

import re

from . import lexicon
from .words import fold, words

_ARTICLES = {
    ("es", "male"): "el del al un este ese aquel su", ("es", "female"): "la una esta esa aquella su",
    ("fr", "female"): "la une cette sa l", ("fr", "male"): "le un ce cet son l",
    ("it", "male"): "il lo un uno l del dello questo quel", ("it", "female"): "la una l della questa quella",
    ("pt", "male"): "o um do ao no este esse seu", ("pt", "female"): "a uma da na esta essa sua",
}  # fmt: skip
_FEMININE = re.compile(r"[а-я]{2,}(?<!л)(?<!с)[ая]|[а-я]{3,}ь")
_MASCULINE = re.compile(r"[а-я]{2,}[бвгджзклмнпрстфхцчшщ]|[а-я]{3,}[йь]")
_NO_NOUN = re.compile(
    r"[а-я]+(?:[еиую]т|[ая]т|[еи]м|ешь|ишь|ть|ой|ый|ий|ом|ем|ых|их|ов|ев|ей|ся|сь|гда|ко|ла|на|да)|как|кто|что|так|вот|там|это|"
    r"здесь|тут|нет|его|ему|она|они|для|над|под|при|без|или"
)


def agrees_with_a_noun(value: str, before: str, language: str | None) -> bool:
    """Whether a pronoun of a language with grammatical gender may stand for a noun in the text before it."""
    if language in (None, "en", "zh"):
        return False
    found = [word.text for word in words(before)]
    if any(word in lexicon.NEUTRAL_ANTECEDENTS for word in found):
        return True
    if language == "ru":
        noun = _FEMININE if value == "female" else _MASCULINE
        return any(noun.fullmatch(word) and not _NO_NOUN.fullmatch(word) for word in found)
    articles = _ARTICLES.get((language, value), "").split()
    return any(word in articles for word in re.findall(r"[^\W_]+", fold(before)))
