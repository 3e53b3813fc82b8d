"""unparseable and truncated: what isn't one whole question with one whole answer."""

from __future__ import annotations

import re

from . import lexicon
from .binary import is_binary
from .candidate import Candidate, a_filter
from .grammar import DANGLING, VERBS
from .words import CJK, concepts_in, fold, language_of, plain, texts

_ROLE = re.compile(
    r"(?:^|[\n.!?。!?]\s*)(?:\*\*|#+\s*)?(?:q|a|question|answer|user|assistant|human|system|model|"
    r"frage|antwort|pregunta|respuesta|"
    r"question|réponse|domanda|risposta|pergunta|resposta|вопрос|ответ|问题|问|答|答案|回答)\s*\d*(?:\*\*)?\s*[::]",
    re.IGNORECASE,
)
_LEFTOVERS = re.compile(
    r"[\"'](?:question|answer)[\"']\s*:|^\s*[{\[]\s*[\"']|[\"']\s*[}\]]\s*$|```|<\|?\w+\|?>|"
    r"\[/?INST\]|</s>|\\n"
)
_PREAMBLE = re.compile(
    r"^\W*(?:(?:sure|certainly|of course|okay|great)\b[!,.:]|(?:sure[,!]? )?here(?:'s| is| are) (?:a|"
    r"an|the|one|your|my)\b[^?]*\b(?:question|answer|pair)\b|"
    r"(?:natürlich|gerne|klar|claro|por supuesto|bien sûr|voici|certo|конечно|вот (?:вопрос|ответ)|当然|"
    r"好的)[!,.::,!。])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”„«][^\"“”»]*[\"“”»]|(?<!\w)['‘][^'’‘]+['’](?!\w)|[「『][^」』]*[」』]")
_STATEMENT = re.compile(
    r"^(?:the|this|that|it|he|she|there|these|those|a|an|i|der|die|das|es gibt|el|la|los|las|le|les|"
    r"es|это|этот|这是)\b",
    re.IGNORECASE,
)
_ENDS = "." + "!?…。!?؟।\"'”»’)」』*"


@a_filter
def unparseable(candidate: Candidate) -> str | None:
    """A part is empty, or holds what belongs to a chat or to JSON, or there are two questions, or none."""
    for name, part in (("question", candidate.question), ("answer", candidate.answer)):
        if not texts(part):
            return f"the {name} is empty"
        if _is_said(part, candidate):
            continue
        for kind, pattern in (
            ("a role marker", _ROLE),
            ("a leftover of JSON or of a chat", _LEFTOVERS),
            ("a preamble", _PREAMBLE),
        ):
            if match := pattern.search(part):
                return f"the {name} holds {kind}: {match[0].strip()!r}"
    asked = _questions(candidate.question)
    if len(asked) > 1:
        return f"there are {len(asked)} questions in the question"
    if _asks_again(candidate):
        return "the answer asks another question"
    bare = candidate.question.strip()
    if not asked and _STATEMENT.match(bare) and not is_binary(bare):
        return "the question asks nothing"
    return None


def _questions(text: str) -> list[str]:
    """The sentences that end in a question mark, quotations aside."""
    bare = _QUOTED.sub("_", text)
    return [part for part in re.findall(r"[^.!?。!?؟]*[??؟]+", bare) if texts(part)]


def _is_said(part: str, candidate: Candidate) -> bool:
    """Whether a part is nothing but words of the clip."""
    spoken = set(texts(candidate.spoken))
    found = texts(part)
    if CJK.search(part):
        return re.sub(r"\W", "", fold(part)) in re.sub(r"\W", "", fold(candidate.spoken))
    return bool(found) and bool(spoken) and sum(word in spoken for word in found) >= 0.8 * len(found)


def _asks_again(candidate: Candidate) -> bool:
    questions = [part for part in _questions(candidate.answer) if not _is_said(part, candidate)]
    rest = re.split(r"[??؟]", _QUOTED.sub("_", candidate.answer))[-1]
    return bool(questions) and bool(texts(rest))


@a_filter
def truncated(candidate: Candidate) -> str | None:
    """The reply ran out of tokens, or a part stops where a sentence can't end; speech that stops so "
    "itself is fine."""
    if candidate.finish_reason == "length":
        return "the reply reached its greatest length"
    for name, part in (("question", candidate.question), ("answer", candidate.answer)):
        text = part.rstrip()
        if not text or text[-1] in _ENDS or _ends_as_said(text, candidate):
            continue
        if text[-1] in ",;:-–—(,、;:":
            return f"the {name} ends with {text[-1]!r}"
        last = re.findall(r"[^\W_]+", plain(text))[-1:]
        if not last:
            continue
        language = language_of(text) or candidate.language
        if CJK.search(text):
            if (
                name == "answer"
                and re.search(r"(?:的|和|在|因为|而且|而|与|或|但是|但|把|被|从|向|对|以及)$", text)
                and len(text) > 3
            ):
                return f"the {name} ends with {text[-1]!r}"
            continue
        if last[0] in DANGLING.get(language or "en", DANGLING["en"]) and (
            name == "answer" or last[0] not in _PREPOSITIONS
        ):
            return f"the {name} ends with '{last[0]}'"
        if name == "answer" and _has_begun(text, last[0], candidate):
            return "the answer is a sentence without an end"
    return None


_PREPOSITIONS = frozenset(
    ["to", "of", "at", "for", "by", "on", "in", "with", "from", "like", "about", "is", "are"]
)
"""With these an English question may end, even where its question mark is missing."""


def _has_begun(text: str, last: str, candidate: Candidate) -> bool:
    """Whether a sentence began that ends in the middle of a word, for all one can tell."""
    found = re.findall(r"[^\W_]+", plain(text))
    if len(found) < 5 or not any(word in VERBS for word in found):
        return False
    known = set(texts(" ".join(map(str, candidate.facts.values())))) | set(texts(candidate.question))
    return fold(last) not in known | lexicon.GENERIC and not any(
        concepts_in(table, last) for table in _VOCABULARY
    )


_VOCABULARY = (
    lexicon.GENDER,
    lexicon.EMOTION,
    lexicon.LANGUAGE,
    lexicon.SOUND,
    lexicon.INSTRUMENT,
    lexicon.ROOM,
)


def _ends_as_said(text: str, candidate: Candidate) -> bool:
    """Whether the text ends as the words in the clip end."""
    end = texts(text)[-3:]
    return any(line and texts(line)[-3:] == end for line in candidate.spoken.splitlines())
