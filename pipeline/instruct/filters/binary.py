"""Which questions are yes/no or either-or in meaning, and what kind: what they test isn't given "
"away by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .grammar import GRAMMARS, Grammar
from .words import CJK, language_of, plain, words

_QUOTED = re.compile(r"[\"“”„«][^\"“”»]*[\"“”»]|(?<![\w])['‘‚][^'’‘]+['’](?!\w)|[「『《][^」』》]*[」』》]")
_PIECES = re.compile(r"[,;:,;:、()()—–]|\s-\s")
_LONGEST_OPTION = 4  # words; longer stretches between commas are clauses


@dataclass(frozen=True)
class Form:
    """How a question asks. `binary`: in meaning; `suggests`: a tag or a negation that hints at the answer;
    `options`: the stretches (start, end) of the question that offer choices; `tests`: it asks whether
    something is so."""

    binary: bool
    suggests: bool
    tests: bool
    options: tuple[tuple[int, int], ...] = ()


@lru_cache(maxsize=4096)
def form_of(question: str) -> Form:
    """The form of a question in any of the languages with a grammar; an open one where nothing is known."""
    text = plain(question)
    language = language_of(question)
    grammar = GRAMMARS.get(language or "en")
    if grammar is None:
        return Form(False, False, False)
    bare = _QUOTED.sub(lambda match: "_" * len(match[0]), text)
    start, sentence = _question_sentence(bare)
    options = tuple((a + start, b + start) for a, b in _options(sentence, grammar))
    suggests = bool(re.search(grammar.tag, sentence) or re.search(grammar.negative, sentence))
    if grammar.verb_first is not None and language == "en" and re.search(r",\s*or not\s*\?", sentence):
        options = ()
    asks = _asks_whether(sentence, grammar, language or "en")
    binary = (asks and len(options) < 3) or (len(options) == 2 and _offers(sentence, grammar, options, start))
    if suggests and not asks:
        suggests = bool(re.search(grammar.tag, sentence)) and not _has_wh(sentence, grammar)
        binary = binary or suggests
    return Form(binary, suggests and binary, asks, options)


def is_binary(question: str) -> bool:
    """Whether a question is yes/no or either-or in meaning."""
    return form_of(question).binary


def _question_sentence(text: str) -> tuple[int, str]:
    """The last sentence of the text, with its place."""
    body = text.rstrip()
    cut = max(
        (match.end() for match in re.finditer(r"[.!?。!?]['\"]?\s+(?=\S)|[。!?](?=\S)", body)), default=0
    )
    return cut, body[cut:]


def _clauses(sentence: str) -> list[str]:
    """The sentence and what follows each comma: a question may begin after an adverbial."""
    starts = [0, *(match.end() for match in _PIECES.finditer(sentence))]
    return [sentence[start:].lstrip(" ¿'\"_") for start in starts]


def _has_wh(sentence: str, grammar: Grammar) -> bool:
    return re.search(grammar.wh, sentence) is not None or any(
        re.search(grammar.front_wh, " ".join(clause.split()[:3])) for clause in _clauses(sentence)[:2]
    )


def _asks_whether(sentence: str, grammar: Grammar, language: str) -> bool:
    asking = re.search(grammar.ask, sentence)
    clauses = _clauses(sentence)
    first = clauses[0]
    question_mark = "?" in sentence or "?" in sentence
    if re.match(r"(?:true or false|yes or no|ja oder nein|sí o no|oui ou non|да или нет)\b", first):
        return True
    if language == "zh":
        return _asks_whether_zh(sentence, grammar, asking)
    if asking:
        rest = sentence[asking.end() :]
        whether = re.search(grammar.whether, rest)
        wh = re.search(f"{grammar.wh}|{grammar.front_wh}", rest)
        if whether and (wh is None or whether.start() < wh.start()):
            return True
        if wh:
            return False
        return not _REQUEST.search(f"{asking[0]} {' '.join(rest.split()[:6])}")
    if re.match(grammar.imperative, first):
        lead = " ".join(first.split()[:5])
        direct = re.search(grammar.whether, lead) and not re.search(r"\bincluding\b|\band\b", lead)
        return bool(direct) or (language == "ru" and bool(re.search(r"\bли\b", sentence)))
    if grammar.verb_first is not None:
        if any(re.match(grammar.verb_first, clause) for clause in clauses[:2]) and not re.match(
            rf"(?:\S+\s+){{0,2}}(?:{grammar.wh})", first
        ):
            return question_mark or language == "en"
        return question_mark and not _has_wh(sentence, grammar) and _has_verb(sentence, language)
    if language == "ru" and re.search(r"\bли\b", sentence):
        return True
    if language == "fr" and re.match(r"est-ce qu|y a-t-il|s'agit-il|est-ce ", first):
        return True
    if not question_mark:
        return False
    if re.search(grammar.wh, sentence):
        return False
    return not any(re.match(rf"(?:\S+\s+)?(?:{grammar.front_wh})", clause) for clause in clauses[:2])


def _has_verb(sentence: str, language: str) -> bool:
    pattern = GRAMMARS[language].verb_first
    return pattern is not None and re.search(rf"\b{pattern}", sentence) is not None


_REQUEST = re.compile(
    r"\b(?:tell|say|identify|name|describe|determine|explain|guess|list|estimate|summari[sz]e|"
    r"translate|transcribe|repeat|give|share|"
    r"specify|indicate|paraphrase|provide|characteri[sz]e|recogni[sz]e|discern|know|any idea|nennen|"
    r"beschreiben|sagen|bestimmen|"
    r"übersetzen|erklären|describir|nombrar|identificar|decir\w*|traducir|décrire|nommer|identifier|"
    r"dire|traduire|descrivere|"
    r"nominare|descrever|dizer|описать|назвать|перечислить|перевести|пересказать|определить|объяснить|"
    r"сказать)\b"
)


def _asks_whether_zh(sentence: str, grammar: Grammar, asking: re.Match[str] | None) -> bool:
    wh = re.search(grammar.wh, sentence)
    if asking:
        return wh is None and re.search(r"是否|是不是|有没有", sentence) is not None
    if re.match(r"请|描述|说出|列出", sentence):
        return re.search(r"是否|是不是", sentence) is not None
    if re.search(r"是否|是不是|有没有|(.)不\1|对吗|吗\s*[??]?\s*$|吧\s*[??]?\s*$", sentence):
        return wh is None
    return wh is None and re.search(r"[??]", sentence) is not None and "还是" in sentence


def _options(sentence: str, grammar: Grammar) -> list[tuple[int, int]]:
    """The stretches of a sentence joined by `or`, with those before them in a list."""
    pieces: list[tuple[int, int]] = []
    joined: list[bool] = []  # whether an `or` stands before the piece
    start, is_joined = 0, False
    for match in re.finditer(f"{_PIECES.pattern}|{grammar.either}", sentence):
        is_or = re.fullmatch(grammar.either, match[0]) is not None
        if sentence[start : match.start()].strip():
            pieces.append((start, match.start()))
            joined.append(is_joined)
            is_joined = is_or
        else:
            is_joined = is_joined or is_or  # `a, b, or c`
        start = match.end()
    if words(sentence[start:]):
        pieces.append((start, len(sentence)))
        joined.append(is_joined)
    if not any(joined[1:]):
        return []
    first = joined.index(True, 1) - 1
    last = len(joined) - 1 - joined[::-1].index(True)
    colon = max(sentence.rfind(":"), sentence.rfind(":"))
    # Going left through the list: a piece that begins the clause holds the first option at its end.
    while (
        first > 0
        and _short(sentence[slice(*pieces[first])])
        and not _opens(sentence[slice(*pieces[first])], grammar)
    ):
        if pieces[first][0] - 1 <= colon < pieces[first][0] + 1:
            break
        if not _short(sentence[slice(*pieces[first - 1])]) and not _opens(
            sentence[slice(*pieces[first - 1])], grammar
        ):
            break
        if _has_wh(sentence[slice(*pieces[first - 1])], grammar):
            break
        first -= 1
    if re.fullmatch(rf"\W*(?:{grammar.wh})\W*", sentence[slice(*pieces[first])]):
        return []  # `which or what kind of ...`
    return [
        _tail(sentence, *pieces[i]) if i == first else _head(sentence, *pieces[i])
        for i in range(first, last + 1)
    ]


def _opens(piece: str, grammar: Grammar) -> bool:
    return grammar.verb_first is not None and re.match(rf"\W*{grammar.verb_first}", piece) is not None


def _short(piece: str) -> bool:
    return len(words(piece)) <= _LONGEST_OPTION and not (CJK.search(piece) and len(piece.strip()) > 8)


def _tail(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The last words of a stretch."""
    if CJK.search(sentence[start:end]):
        return max(start, end - 6), end
    spans = [match.span() for match in re.finditer(r"\S+", sentence[start:end])][-_LONGEST_OPTION:]
    return start + spans[0][0], end


def _head(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The first words of a stretch."""
    if CJK.search(sentence[start:end]):
        return start, min(end, start + 6)
    spans = [match.span() for match in re.finditer(r"\S+", sentence[start:end])][:_LONGEST_OPTION]
    return start, start + spans[-1][1]


def _offers(sentence: str, grammar: Grammar, options: tuple[tuple[int, int], ...], start: int) -> bool:
    """Whether two stretches around an `or` are what is to be chosen from, not part of an open question.

    They are where a list ends the question after a comma or colon (`which is louder, the voice or the noise?`).
    """
    first, last = options[0][0] - start, options[-1][1] - start
    before = sentence[:first].rstrip()
    at_end = not words(sentence[last:])
    requests = re.match(grammar.imperative, sentence) is not None and "including" in sentence
    if not at_end or requests:
        return False
    return not before or before[-1] in ",:;,:、—–-" or not _has_wh(sentence, grammar)
