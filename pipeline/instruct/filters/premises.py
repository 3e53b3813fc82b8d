"""What a question takes for granted of a clip, rather than tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import lexicon
from .case import UNGROUNDED, Case, considered, state_in, within
from .claims import Claim, claims_of, sizes_of
from .context import in_context
from .grammar import first_grammar
from .truth import State, degrees_of
from .vocabulary import LISTS
from .words import CJK, content_words, fold, stem


def says_more(case: Case, question: str) -> bool:
    """Whether a yes/no question says more than the values it tests and the act of listening."""
    spans = [(c.start, c.end) for c in claims_of(case.candidate.question, case.language)]
    spans += [(q.start, q.end) for q, _ in sizes_of(case.candidate.question, case.language)]
    spans += [(start, end) for _, _, start, end in degrees_of(question, case.language)]
    keys = {stem(part) for key in case.candidate.facts for part in key.lower().split("_")}
    if CJK.search(question):
        rest = "".join(c for i, c in enumerate(question) if not any(a <= i < b for a, b in spans))
        for generic in lexicon.GENERIC_CJK:
            rest = rest.replace(generic, "")
        return len(re.sub(r"[\W声音叫性人很]", "", rest)) > 2
    more = [
        word
        for word in content_words(case.candidate.question, case.language)
        if word.text not in lexicon.GENERIC
        and word.text not in lexicon.EXISTENCE
        and word.text not in _FILLERS
        and word.stem not in keys
        and not any(a <= word.start < b for a, b in spans)
    ]
    return bool(more)


_FILLERS = frozenset(
    "really actually indeed than louder more one running ringing belong belongs made real male single "
    "make makes itself "
    "machine microphone noise recording happening human wirklich gibt handelt es hier grabacion trata "
    "habla vraiment il y "
    "действительно это здесь есть слышны слышится раздается si c vi ci anybody anyone somebody someone overlap".split()
)


def is_premise(claim: Claim, claims: list[Claim], case: Case) -> bool:
    """Whether a yes/no question takes the value for granted: `is the woman happy?`"""
    if claim.pronoun:
        return True
    others = [c for c in claims if c.kind != claim.kind and not c.pronoun]
    question = case.candidate.asked
    more = bool(others) or says_more(case, question)
    if not more:
        return False
    before = re.findall(r"[^\W_]+|[.,;:?!]", question[: claim.start])[::-1]
    grammar = first_grammar(case.language)
    definite, indefinite = {fold(w) for w in grammar.definite}, {fold(w) for w in grammar.indefinite}
    if case.language == "zh":
        return (
            re.search(r"(?:这|那)(?:位|个|名|只|段|把)|该", question[max(0, claim.start - 4) : claim.start])
            is not None
        )
    adjective = claim.kind == "emotion" and case.language in ("en", "de", "ru", None)
    for word in before[: 1 if adjective else 2]:  # `is the actor calm` tests what `the calm actor` supposes
        if word in definite:
            return True
        if word in indefinite or not word.isalnum() or word in lexicon.GENERIC:
            return False
    return False


_WHY = re.compile(r"^\W*(?:why|warum|wieso|weshalb|por que|pourquoi|perche|почему|отчего)\b|为什么|为何")


def _is_supposed(claim: Claim, state: State, text: str, case: Case) -> bool:
    """Whether a question takes a value for granted of the clip, and doesn't say in passing how or where one speaks.

    A gender always; a feeling where its reason is asked for; a thing only as `the dog` or `the dog's`.
    """
    if claim.kind == "gender":
        return True
    if claim.kind not in LISTS:
        why = _WHY.search(text) is not None and not case.candidate.spoken
        return state is State.FALSE or (claim.kind == "emotion" and why)
    if claim.value == "singing":
        return True
    before = re.findall(r"[^\W_]+", text[: claim.start])[-2:]
    if case.language == "zh":
        return re.search(r"(?:这|那)[只条头辆架个]$", text[max(0, claim.start - 3) : claim.start]) is not None
    definite = {fold(word) for word in first_grammar(case.language).definite}
    return any(word in definite for word in before) and claim.value not in _WAYS


_WAYS = frozenset(
    "wind water fire music speech scream telephone footsteps breath whistle crowd babble vehicle".split()
)
"""What somebody does or speaks through, rather than another thing that sounds."""


_TERM = re.compile(
    r"\W*(?:terms?|words?|names?|notation|letters?|wort\w*|begriff\w*|termin\w*|слов\w*)\b|名|词|术语"
)
_SUPPOSES = re.compile(
    r"\b(?:if (?:this|it|that|the)|imagine|suppose|wenn|stell dir|imagina|если|представь\w*)\b|如果|假如"
)
_INTO = re.compile(r"\b(?:into|in|ins|auf|al|en|на|по-?)\s*$|(?:成|用)\s*$")


def of_premises(case: Case) -> Iterator[tuple[str, str]]:
    """What the question takes for granted."""
    text = case.candidate.asked
    claims = [c for c in claims_of(case.candidate.question, case.language) if considered(c.kind, case)]
    for claim in claims:
        if claim.wide or claim.denied or within(claim.start, claim.end, case.form.options):
            continue
        if (case.form.tests or case.form.suggests) and not is_premise(claim, claims, case):
            continue
        if case.form.options and claim.kind not in ("gender",):
            continue
        if claim.kind not in LISTS and any(
            c.kind == claim.kind and c.value != claim.value and not c.pronoun for c in claims
        ):
            continue  # several are named to choose from
        if claim.kind == "language" and (_INTO.search(text[: claim.start]) or _TERM.match(text[claim.end :])):
            continue
        if _SUPPOSES.search(text[: claim.start]):
            continue
        if claim.kind in ("age", "spoof", "mode"):
            continue
        state = state_in(claim, case, text)
        if not _is_supposed(claim, state, text, case):
            continue
        if claim.kind != "gender" and in_context(
            case.candidate, claim.kind, claim.value, text[claim.start : claim.end]
        ):
            continue
        overlapping = any(
            a.start <= claim.start < a.end and state_in(a, case, text) in (State.TRUE, State.NEAR)
            for a in claims
        )
        if state in (State.UNTOLD, State.FALSE, State.MISSING) and not overlapping:
            yield (
                UNGROUNDED,
                f"the question takes '{text[claim.start : claim.end]}' for granted, which no fact supports",
            )
