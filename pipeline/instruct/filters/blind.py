"""blind: the question can be answered without listening. Here what rules can see; `guess` asks an LLM."""

from __future__ import annotations

import re

from . import lexicon
from .agreement import content
from .binary import form_of
from .candidate import Candidate, a_filter
from .grammar import first_grammar
from .quiz import quiz_form
from .values import mentions
from .words import plain

_QUOTED = re.compile(r"[\"“”„«「『]([^\"“”»」』]+)[\"“”»」』]|(?<!\w)['‘]([^'’‘]+)['’](?!\w)")
_WHICH_LANGUAGE = re.compile(
    r"\b(?:(?:what|which) language|welche[rn]? sprache|que idioma|que lengua|quelle langue|(?:che|quale) lingua"
    r"|(?:que|qual) (?:lingua|idioma)|как[ао]\w+ язык\w*|на каком языке)\b|(?:什么|哪种|何种)语言"
)


@a_filter(
    keeps=Candidate("Is it a man or a woman?", "A woman.", {"gender": "female"}),
    drops=Candidate("What is the capital of France?", "Paris.", {"gender": "female"}),
)
def blind(candidate: Candidate) -> str | None:
    """The question holds its own answer, or asks for knowledge of the world."""
    if (told := _holds_the_answer(candidate)) is not None:
        return f"the question already says '{told}'"
    if _WHICH_LANGUAGE.search(candidate.asked) and (quote := _quoted(candidate)) is not None:
        return f"the quotation '{quote}' shows the language"
    if (form := quiz_form(candidate)) is not None:
        return f"it asks about the world in general, not about the clip: '{form}'"
    return None


def _holds_the_answer(candidate: Candidate) -> str | None:
    """The answer's value, where an open question names all that the answer says of a fact.

    An answer that names no fact is `trivial`'s; where possibilities are offered the answer must be among them.
    """
    form = form_of(candidate.question)
    if form.binary or form.tests or form.options or _offers(candidate):
        return None
    answered = content(candidate.answer)
    if not answered or not answered <= content(candidate.question) | _pronoun_genders(candidate):
        return None
    named = mentions(Candidate(candidate.answer, "", candidate.facts))
    return named[0].value if named else None


def _offers(candidate: Candidate) -> bool:
    """Whether the question has an `or`, or names several values of one kind, as a list to choose from does."""
    if re.search(first_grammar(candidate.language or "en").either, candidate.asked):
        return True
    after = re.split(r"[::]", candidate.question, maxsplit=1)
    return len(after) > 1 and len(re.findall(r"[,、,;/]", after[1])) >= 1


def _pronoun_genders(candidate: Candidate) -> set[str]:
    """The genders that the question's pronouns tell."""
    # Not folded: Spanish `él` is a pronoun, `el` an article.
    found = set(re.findall(r"[^\W\d_]+", plain(candidate.question)))
    pronouns = lexicon.PRONOUNS.get(candidate.language or "en", {})
    return {f"={gender}" for gender, forms in pronouns.items() if found.intersection(forms)}


def _quoted(candidate: Candidate) -> str | None:
    match = _QUOTED.search(candidate.question)
    said = (match[1] or match[2]) if match else None
    return said if said and len(said.strip()) > 2 else None


FILTER = blind
