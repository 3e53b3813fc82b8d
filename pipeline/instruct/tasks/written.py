"""How words are written in answers, so that a question always gets the form that it asks for.

Corpora publish the same words as "HE SAID", "he said" and "He said." A text keeps its form where it is one of five
(`form_of`); others are brought to the nearest that loses least: capitals throughout become small letters, since they
say nothing, and punctuation that ends before the sentence does is left out, since nobody knows the rest. A question
whose answer isn't written as usual says how it is written (`with_request`, in the words of `written.yaml`).

What is never done is to invent: capitals and punctuation that weren't published aren't guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from .task import plain

QuestionForm = Literal["", "unpunctuated", "small", "small_unpunctuated", "caseless_unpunctuated"]
"""As usual, or otherwise."""

# Sentence-terminal characters (Unicode's property Sentence_Terminal, of the scripts of our corpora) and what may close
# a sentence after them.
_ENDS = frozenset(".!?…。！？．؟۔।॥։።᠃།៕။\u037e")
_CLOSES = "])}»\"'”’」』）》"
_BARE = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*(?: [^\W_]+(?:['’-][^\W_]+)*)*")
"""Words and single blanks, as most that are asked about."""
_KEPT = "%&@#+°"
_IN_NUMBERS = re.compile("[.,:/]")
_IN_WORDS = "'’-"
_DOTTED = {"tr": str.maketrans("Iİ", "ıi"), "az": str.maketrans("Iİ", "ıi")}
"""Languages in which the small letter of I has no dot (Unicode's SpecialCasing)."""


class _Stays(dict[int, str]):
    """For `str.translate`: each character that is a part of words, or a blank for it. (Letters' marks are, and signs
    of currencies.)"""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        stays = character.isalnum() or character in _IN_WORDS or character in _KEPT
        stays = stays or unicodedata.category(character) in ("Mn", "Mc", "Me", "Sc")
        return self.setdefault(code, character if stays else " ")


_STAYS = _Stays()


def lowered(text: str, language: str = "") -> str:
    """The text in small letters, by the rules of its language."""
    dotted = _DOTTED.get(language.partition("-")[0])
    return (text.translate(dotted) if dotted else text).lower()


def unpunctuated(text: str) -> str:
    """The words of a text, with single blanks.

    Apostrophes and hyphens within words stay, so do the signs within numbers (3.5, 10,000, 7:30) and those that are
    spoken (%, €).
    """
    bare = text.replace(" ", "").isalnum() and "  " not in text and " " not in (text[0], text[-1])
    if bare or _BARE.fullmatch(text):
        return text
    kept = text.translate(_STAYS)
    for sign in _IN_NUMBERS.finditer(text):
        place = sign.start()
        if text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit():
            kept = f"{kept[:place]}{text[place]}{kept[place + 1 :]}"
    words = [word.strip(_IN_WORDS) for word in kept.split()]
    return " ".join([word for word in words if word])


@lru_cache(maxsize=256)  # several tasks ask it of one clip
def normalised(text: str, language: str = "") -> str:
    """Words without case and punctuation, as many corpora publish them."""
    return unpunctuated(lowered(plain(text), language))


def form_of(text: str) -> QuestionForm:
    """The form that a text has; of one that has none (capitals throughout, a comma at its end) that which `written`
    gives it. (ß stands among capitals, having none.)"""
    even = text if text.isascii() else text.replace("ß", "")
    small, large = even != even.upper(), even != even.lower()
    ends = _ended(text)
    if not small and not large:
        return "" if ends else "caseless_unpunctuated"
    begins = text[0] if text[0].isalnum() else next(character for character in text if character.isalnum())
    if small and large and not begins.islower():
        return "" if ends else "unpunctuated"
    return "small" if ends else "small_unpunctuated"


def written(text: str, language: str = "") -> str:
    """The text of a corpus in one of the forms."""
    text = plain(text)
    return _brought(text, form_of(text), language)


def written_alike(texts: Sequence[str], language: str = "") -> list[str]:
    """Texts that one answer holds, all in one form: that of those which say least of case and punctuation."""
    forms = {form_of(plain(text)) for text in texts}
    ends = all(form in ("", "small") for form in forms)
    form: QuestionForm
    if forms <= {"", "caseless_unpunctuated"}:
        form = "" if ends else "caseless_unpunctuated"
    elif forms & {"small", "small_unpunctuated"}:
        form = "small" if ends else "small_unpunctuated"
    else:
        form = "" if ends else "unpunctuated"
    return [_brought(plain(text), form, language) for text in texts]


def sentence(text: str) -> str:
    """An English sentence about a clip with a capital at its start and a stop at its end."""
    text = re.sub(r"\s+([.,;:!?])", r"\1", plain(text)).rstrip(" ,;:-")
    text = lowered(text) if text.isupper() else text
    text = text[:1].upper() + text[1:]
    return text if _ended(text) or not text else f"{text}."


def with_request(question: str, request: str) -> str:
    """A question, and a sentence that says in which form the words are wanted: before it where a colon or the audio
    ends it."""
    first, second = (request, question) if question.endswith((":", "：", ">")) else (question, request)
    return first + ("" if first.endswith(("。", "？", "！", "：")) else " ") + second


def _ended(text: str) -> bool:
    return text.rstrip(_CLOSES)[-1:] in _ENDS


def _brought(text: str, form: QuestionForm, language: str) -> str:
    if form.startswith("small"):
        text = lowered(text, language)
    return unpunctuated(text) if form.endswith("unpunctuated") else text
