"""leak: the question gives a fact away, as something asserted or taken for granted."""

from __future__ import annotations

import re

from . import lexicon
from .binary import Form, form_of
from .candidate import Candidate, a_filter
from .grammar import first_grammar
from .values import Mention, mentions, quoted_clause
from .words import CJK, content_words, fold

_INTO_LANGUAGE = re.compile(
    r"\b(?:into|ins|auf|al|en|in|на|по-)\s*$|(?:成|用)\s*$",
)
_TASK = re.compile(
    r"\b(?:translat|summari[sz]|answer|paraphras|render|repl(?:y|ies)|express in|ubersetz|fass|"
    r"zusammen|tradu[czi]|resum|перевед|перевод|кратко)|翻译|总结|概括"
)
_REPORT = re.compile(
    r"\b(?:say|says|said|mention|mentions|mentioned|utter|ask|asks|state|word|phrase|sagt|dice|dit|"
    r"говорит|сказа\w+|произн\w+)\b|说|提到"
)
_QUOTE = re.compile(r"[\"“”„«»「」『』]")


@a_filter
def leak(candidate: Candidate) -> str | None:
    """A fact's value stands in the question, and isn't what a yes/no question tests or one of the options."""
    form = form_of(candidate.question)
    found = [mention for mention in mentions(candidate) if not _is_target_language(mention, candidate)]
    for mention in found:
        if not _tested(mention, found, form, candidate):
            said = candidate.asked[mention.start : mention.end]
            return f"'{said}' in the question gives away {mention.fact} = {mention.value}"
    return _quoted(form, candidate)


def _quoted(form: Form, candidate: Candidate) -> str | None:
    for name in ("text", "translation"):
        spoken = candidate.facts.get(name)
        if not isinstance(spoken, str):
            continue
        span = quoted_clause(spoken, candidate)
        if span is None or _in_options(span, form):
            continue
        tested = (
            form.tests
            and not form.suggests
            and (_REPORT.search(candidate.asked) or not _QUOTE.search(candidate.question))
        )
        if not tested:
            return f"'{candidate.asked[slice(*span)]}' in the question gives away a clause of the {name}"
    return None


def _is_target_language(mention: Mention, candidate: Candidate) -> bool:
    """Whether the language named is the one to answer in: `summarise it in English`."""
    if mention.fact not in ("language", "accent"):
        return False
    before = candidate.asked[: mention.start]
    return _INTO_LANGUAGE.search(before) is not None and _TASK.search(candidate.asked) is not None


def _tested(mention: Mention, found: list[Mention], form: Form, candidate: Candidate) -> bool:
    if form.suggests:
        return False
    if _in_options((mention.start, mention.end), form):
        return not _taken_for_granted(mention, found, candidate, in_options=True)
    return form.tests and not _taken_for_granted(mention, found, candidate)


def _in_options(span: tuple[int, int], form: Form) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in form.options)


def _taken_for_granted(
    mention: Mention, found: list[Mention], candidate: Candidate, *, in_options: bool = False
) -> bool:
    """Whether a yes/no question tests something else: the value stands in a definite noun phrase "
    "(`is the Italian
    speaker happy?`), after `besides`, or is a pronoun."""
    language = candidate.language or "en"
    grammar = first_grammar(language)
    text = candidate.asked
    before, after = text[: mention.start], text[mention.end :]
    said = text[mention.start : mention.end]
    pronouns = lexicon.PRONOUNS.get(language, {}).values()
    if mention.fact == "gender" and said in {fold(pronoun) for forms in pronouns for pronoun in forms}:
        return True
    beside = re.search(rf"(?:{grammar.beside})\s*(?:\w+\s+){{0,2}}$", before)
    if beside:
        return True
    if not _other_content(mention, found, candidate):
        return False
    if CJK.search(text):
        return re.search(r"(?:这|那)(?:位|个|名|只|段|把)|该", before[-6:]) is not None and not re.match(
            r"\W*[吗呢]?\W*$", after
        )
    if in_options and re.search(rf"{grammar.either}\s*(?:\w+\s+)?$", before):
        return False
    return _definite(before, after, language)


def _definite(before: str, after: str, language: str) -> bool:
    """Whether a definite article leads to the value, within its noun phrase."""
    grammar = first_grammar(language)
    folded = {fold(word) for word in grammar.definite}
    indefinite = {fold(word) for word in grammar.indefinite}
    lead = re.findall(r"[^\W_]+|[.,;:?!]", before)[::-1]
    for distance, word in enumerate(lead[:3]):
        if word in folded:
            return True
        if word in indefinite or not word.isalnum():
            return False
        if word in lexicon.GENERIC:
            # `el hablante italiano`: the noun stands before its adjective.
            postposed = language in ("es", "fr", "it", "pt") and distance == 0
            return postposed and len(lead) > 1 and lead[1] in folded and re.match(r"\s*\w", after) is not None
        if word in _LINKS:
            return False
    follows = re.match(r"\s*([^\W_]+)", after)
    return language == "ru" and follows is not None and follows[1] in lexicon.GENERIC


_LINKS = lexicon.word_set(
    "is are was were be as like with in on at of from by and or ist sind mit von und es son con en de est "
    "sont avec dans"
)


def _other_content(mention: Mention, found: list[Mention], candidate: Candidate) -> bool:
    """Whether the question says more than the value, the act of listening and names of classes."""
    same = [(m.start, m.end) for m in found if m.fact == mention.fact and m.value == mention.value]
    if CJK.search(candidate.asked):
        rest = "".join(
            c for i, c in enumerate(candidate.asked) if not any(start <= i < end for start, end in same)
        )
        for generic in lexicon.GENERIC_CJK:
            rest = rest.replace(generic, "")
        return len(re.sub(r"\W", "", rest)) > 1
    return any(
        word.text not in lexicon.GENERIC
        and word.text not in lexicon.EXISTENCE
        and not any(start <= word.start < end for start, end in same)
        for word in content_words(candidate.question, candidate.language)
    )
