"""leak: the question gives a fact away, as something asserted or taken for granted."""

from __future__ import annotations

import re

from . import lexicon, patterns
from .binary import Form, form_of
from .candidate import Candidate, a_filter
from .clauses import is_said, quoted_clause, says
from .grammar import Grammar, first_grammar
from .kin import kin
from .known import kind_of
from .leaves import leaves
from .quiz import quiz_form
from .values import Mention, mentions
from .words import CJK, content_words, fold, stop_words, words

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


@a_filter(
    keeps=Candidate("Is the speaker a woman?", "Yes, a woman.", {"gender": "female"}),
    drops=Candidate("How old does the lady sound?", "About thirty.", {"gender": "female"}),
)
def leak(candidate: Candidate) -> str | None:
    """A fact's value stands in the question, and isn't what a yes/no question tests or one of the options."""
    form = form_of(candidate.question)
    quiz = quiz_form(candidate) is not None
    found = [
        mention
        for mention in mentions(candidate)
        if not _is_target_language(mention, candidate) and not _means_something_else(mention, candidate)
    ]
    for mention in found:
        if quiz and not form.tests and not _is_own_word(mention, candidate):
            continue  # what is told of the world in general may hint at the value, but gives no fact away
        if (quiz and form.tests) or not _tested(mention, found, form, candidate):
            said = candidate.asked[mention.start : mention.end]
            return f"'{said}' in the question gives away {mention.fact} = {mention.value}"
    if form.suggests and (flag := _suggested_flag(candidate)):
        return f"the question suggests that {flag} is so"
    return _quoted(form, candidate)


def _suggested_flag(candidate: Candidate) -> str | None:
    """The fact that holds, of those that hold or don't, which a tag or negative question names."""
    for name, value in leaves(dict(candidate.facts)):
        parts = [part for part in re.split(r"[_\W]+", name) if len(part) > 3 and part not in lexicon.GENERIC]
        if value is True and any(kin(part, word.text) for part in parts for word in candidate.asked_words):
            return name
    return None


def _is_own_word(mention: Mention, candidate: Candidate) -> bool:
    said = candidate.asked[mention.start : mention.end]
    return any(kin(said, word.text) for word in words(mention.value))


def _quoted(form: Form, candidate: Candidate) -> str | None:
    for name, spoken in leaves(dict(candidate.facts)):
        if not isinstance(spoken, str) or not is_said(name):
            continue
        span = quoted_clause(spoken, candidate)
        if span is None or _in_options(span, form):
            continue
        tested = (
            form.tests
            and not form.suggests
            and span[0] >= form.start
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


def _means_something_else(mention: Mention, candidate: Candidate) -> bool:
    """Whether the word is the clip's own (`the polish` spoken of), or names what is asked for (`which tense`)."""
    said = candidate.asked[mention.start : mention.end]
    follows = patterns.match(r"[\s-]*([^\W_]+)", candidate.asked[mention.end :])
    after = follows[1] if follows else ""
    kind = kind_of(mention.fact)
    if patterns.search(_OF_WHO_LISTENS, candidate.asked[: mention.start]) or patterns.search(
        _IDIOM, candidate.asked[max(0, mention.start - 12) : mention.end + 8]
    ):
        return True
    if kind in ("accent", "language", "emotion") and after not in lexicon.GENERIC:
        told = "\n".join(
            value for name, value in leaves(dict(candidate.facts)) if isinstance(value, str) and is_said(name)
        )
        if says(said, told) and not said.endswith("ly"):
            return True
    return (
        kind == "emotion"
        and patterns.search(
            r"\b(?:which\s+|(?:what|which)\s+[^\W_]+(?:al|ic)\s+)$", candidate.asked[: mention.start]
        )
        is not None
        and (after in stop_words("en") or not after)
    )


_OF_WHO_LISTENS = r"\b(?:do|would|can|could|should|might|did|will) (?:you|we|one|i|anyone) (?:\w+ly )?$"
"""What whoever listens does isn't of the clip: `how do you read this mood?`"""
_IDIOM = (
    r"\bto (?:begin|start) with\b|\b(?:the|its|this|that|what|which|full|whole|main) contents?\b(?= of|"
    r"\W*$|,| (?:is|in))"
    r"|\bthe rest of\b|\bby (?:any|no) means\b|\bread as\b|\ba (?:fine|good|great) (?:deal|many)\b|\bof "
    r"course\b"
    r"|\bin (?:the )?light of\b|\bshed (?:some )?light\b|\bright (?:now|away|here|at the)\b|\bcome across\b"
    r"|\b(?:past|present|future|perfect|grammatical|verb) tense\b"
)
"""Phrases in which a word means nothing of its own."""


def _tested(mention: Mention, found: list[Mention], form: Form, candidate: Candidate) -> bool:
    if form.suggests:
        return False
    if mention.start < form.start:
        return _is_listed(candidate.asked[: form.start], candidate)
    if _in_options((mention.start, mention.end), form):
        if _is_an_option(mention, form, candidate):
            return True
        return not _taken_for_granted(mention, found, candidate, in_options=True)
    return form.tests and not _taken_for_granted(mention, found, candidate)


def _in_options(span: tuple[int, int], form: Form) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in form.options)


def _is_listed(before: str, candidate: Candidate) -> bool:
    """Whether what stands before the question lists what to choose from (`Rain, wind or hail. Which is it?`)."""
    return patterns.search(first_grammar(candidate.language).either, before) is not None or (
        patterns.search(r"[::]", before) is not None and len(re.findall(r"[,、,;]", before)) > 1
    )


def _is_an_option(mention: Mention, form: Form, candidate: Candidate) -> bool:
    """Whether the value, with its article, is all that one of two or more options says (`the pilot or the tower`)."""
    asked = candidate.asked
    articles = first_grammar(candidate.language).definite | first_grammar(candidate.language).indefinite
    words_of = {
        word.start for word in candidate.asked_words if word.text not in {fold(one) for one in articles}
    }
    return len(form.options) > 1 and any(
        start <= mention.start
        and mention.end <= end
        and not asked[mention.end : end].strip(" ?.,!")
        and not any(start <= place < mention.start for place in words_of)
        for start, end in form.options
    )


def _taken_for_granted(
    mention: Mention, found: list[Mention], candidate: Candidate, *, in_options: bool = False
) -> bool:
    """Whether a yes/no question tests something else: the value stands in a definite noun phrase
    (`is the Italian speaker happy?`), after `besides`, or is a pronoun."""
    language = candidate.language or "en"
    grammar = first_grammar(language)
    text = candidate.asked
    before, after = text[: mention.start], text[mention.end :]
    said = text[mention.start : mention.end]
    pronouns = lexicon.PRONOUNS.get(language, {}).values()
    if mention.fact == "gender" and said in {fold(pronoun) for forms in pronouns for pronoun in forms}:
        return True
    beside = patterns.search(rf"(?:{grammar.beside})\s*(?:\w+\s+){{0,2}}$", before)
    if beside:
        return True
    if not _other_content(mention, found, candidate):
        return False
    if CJK.search(text):
        return patterns.search(
            r"(?:这|那)(?:位|个|名|只|段|把)|该|[こそあ]の", before[-6:]
        ) is not None and not patterns.match(r"\W*[吗呢]?\W*$", after)
    if in_options and patterns.search(rf"{grammar.either}\s*(?:\w+\s+)?$", before):
        return False
    return _definite(before, after, language) and not _is_predicate(before, after, grammar, language)


def _is_predicate(before: str, after: str, grammar: Grammar, language: str) -> bool:
    """Whether the value is what is said of a subject that is complete before it: `is the car window open (or shut)?`"""
    if grammar.verb_first is None:
        return False
    definite = "|".join(sorted(fold(word) for word in grammar.definite))
    subject = patterns.search(
        rf"(?:^|[,.:;]\s*){grammar.verb_first}\s+(?:{definite})\s+(?:[^\W_]+\s+){{1,2}}$", before
    )
    ends = patterns.match(rf"\W*$|\s*[,;]|\s+(?:{grammar.either}|{_PREPOSITION})", after)
    return (
        subject is not None and ends is not None and not patterns.search(rf"\b(?:{_QUALIFIER})\s+$", before)
    )


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
            return (
                postposed
                and len(lead) > 1
                and lead[1] in folded
                and patterns.match(r"\s*\w", after) is not None
            )
        if word in _LINKS:
            return False
    follows = patterns.match(r"\s*([^\W_]+)", after)
    return language == "ru" and follows is not None and follows[1] in lexicon.GENERIC


_PREPOSITION = r"(?:at|in|on|during|when|while|as|for|throughout|here|now|today|bei|im|am|wahrend|hier)\b"
_QUALIFIER = r"little|young|old|same|other|first|second|last|main|kleine|junge|alte|erste"


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


FILTER = leak
