"""Which questions are yes/no or either-or in meaning, and what kind: what they test isn't given away by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from . import patterns
from .binary_cjk import alternatives as alternatives_cjk
from .binary_cjk import asks_whether_ja, asks_whether_zh
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
    start: int = 0  # of the last sentence, which is the one that asks


_ASIDE = re.compile(
    r"\bs'il (?:te|vous) pla[iî]t\b"
    r"|\b(?:in|with|mit|en|con|em|com|dans|в) (?:\w+ )?(?:one|a|an?y|ein|einem|un[ao]?|uma?|одном) "
    r"(?:\w+ )?(?:or|oder|ou|o|или) (?:two|zwei|dos|deux|due|duas|двух|so)\b(?: \w+)?"
    r"|\b(?:in|with|en|con|in|mit|em|com) (?:one|two|ein|zwei|einem|un|une|una|dos|deux|due|duas|dois|um|"
    r"uma) "
    r"(?:or|oder|ou|o) (?:two|three|zwei|drei|dos|tres|deux|trois|due|tre|duas|tr[eê]s|dois)\b"
    r"|\b(?:in a|with a) (?:word|sentence|phrase|few words) or (?:so|two)\b"
)
"""Politeness and the length of an answer: an `or` in them offers nothing."""
_NEAR = {"gl": "pt", "ca": "es", "uk": "ru", "be": "ru", "nl": "de"}
"""Languages without a grammar, and the one that is asked in most alike."""


@lru_cache(maxsize=4096)
def form_of(question: str) -> Form:
    """The form of a question in any of the languages with a grammar; an open one where nothing is known."""
    text = _ASIDE.sub(lambda match: " " * len(match[0]), plain(question))
    language = language_of(question)
    language = _NEAR.get(language or "en", language)
    grammar = GRAMMARS.get(language or "en")
    if grammar is None:
        return Form(False, False, False)
    bare = _QUOTED.sub(lambda match: "_" * len(match[0]), text)
    start, sentence = _question_sentence(bare)
    options = tuple((a + start, b + start) for a, b in _options(sentence, grammar))
    suggests = bool(patterns.search(grammar.tag, sentence) or patterns.search(grammar.negative, sentence))
    if grammar.verb_first is not None and language == "en" and patterns.search(r",\s*or not\s*\?", sentence):
        options = ()
    alternatives = [] if options else alternatives_cjk(sentence, language)
    options = options or tuple((a + start, b + start) for a, b in alternatives)
    asks = _asks_whether(sentence, grammar, language or "en")
    binary = len(alternatives) == 2 or (asks and len(options) < 3)
    binary = binary or (len(options) == 2 and _offers(sentence, grammar, options, start))
    if suggests and not asks:
        suggests = bool(patterns.search(grammar.tag, sentence)) and not _has_wh(sentence, grammar)
        binary = binary or suggests
    offers_only = len(options) == 2 and not text[start : options[0][0]].strip()
    if start and not offers_only and any(not is_binary(before) for before in _questions(text[:start])):
        return Form(False, suggests and binary, asks, options, start)
    return Form(binary, suggests and binary, asks, options, start)


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


def _questions(text: str) -> list[str]:
    """The questions among the sentences of a text."""
    return re.findall(r"[^.!??。!]*[??]", text)


def _clauses(sentence: str) -> list[str]:
    """The sentence and what follows each comma: a question may begin after an adverbial."""
    starts = [0, *(match.end() for match in _PIECES.finditer(sentence))]
    return [sentence[start:].lstrip(" ¿'\"_") for start in starts]


def _has_wh(sentence: str, grammar: Grammar) -> bool:
    return patterns.search(grammar.wh, sentence) is not None or any(
        patterns.search(grammar.front_wh, " ".join(clause.split()[:3])) for clause in _clauses(sentence)[:2]
    )


def _asks_whether(sentence: str, grammar: Grammar, language: str) -> bool:
    asking = patterns.search(grammar.ask, sentence)
    clauses = _clauses(sentence)
    first = clauses[0]
    question_mark = "?" in sentence or "?" in sentence
    if patterns.match(r"(?:true or false|yes or no|ja oder nein|sí o no|oui ou non|да или нет)\b", first):
        return True
    if language == "zh":
        return asks_whether_zh(sentence, grammar, asking)
    if language == "ja":
        return asks_whether_ja(sentence, grammar)
    if patterns.match(_RECOGNISES_THIS, sentence):
        return False
    opinion = patterns.search(_OPINION, sentence)
    if opinion and not _has_wh(sentence[: opinion.start()], grammar):
        return not patterns.search(f"{grammar.wh}|{grammar.front_wh}", sentence[opinion.end() :])
    if asking and _has_wh(sentence[: asking.start()], grammar):
        return False
    plea = _PLEA.search(sentence)
    if (
        plea
        and not _PERCEIVES.search(sentence[plea.end() :])
        and not patterns.search(grammar.whether, sentence[plea.end() :])
    ):
        return False
    if asking:
        before, rest = sentence[: asking.start()], sentence[asking.end() :]
        if patterns.search(grammar.wh, before):
            return False  # `which bird can you make out?`
        if grammar.verb_first is not None and patterns.match(rf"\W*{grammar.verb_first}", before):
            return True  # `is it a wren, can you tell?`
        whether = patterns.search(grammar.whether, rest)
        wh = patterns.search(f"{grammar.wh}|{grammar.front_wh}", rest)
        if whether and (wh is None or whether.start() < wh.start()):
            return True
        if wh:
            return False
        if patterns.search(r"recogni[sz]e$", asking[0]) and patterns.match(r"\s*(?:an?|any)\b", rest):
            return True
        return not _REQUEST.search(f"{asking[0]} {' '.join(rest.split()[:6])}")
    if patterns.match(grammar.imperative, first):
        lead = " ".join(first.split()[:5])
        direct = patterns.search(grammar.whether, lead) and not patterns.search(
            r"\bincluding\b|\band\b", lead
        )
        return bool(direct) or (language == "ru" and bool(patterns.search(r"\bли\b", sentence)))
    if (
        language == "en"
        and patterns.match(r"any(?:one|body|thing)?\b|(?:sounds?|feels?|seems?|looks?)\b", first)
        and question_mark
    ):
        return True
    if patterns.match(r"(?:do not|don't)\b", first) and not question_mark:
        return False
    if patterns.match(r"(?:is|was|are|ist|war|hat),? (?:that |das,? )?(?:what|was)\b", sentence):
        return question_mark
    if grammar.verb_first is not None:
        if any(patterns.match(grammar.verb_first, clause) for clause in clauses[:2]) and not patterns.match(
            rf"(?:\S+\s+){{0,2}}(?:{grammar.wh})", first
        ):
            return question_mark or language == "en"
        return question_mark and not _has_wh(sentence, grammar) and _has_verb(sentence, language)
    if language == "ru" and patterns.search(r"\bли\b", sentence):
        return True
    if language == "fr" and patterns.match(r"ce qu.*-(?:t-)?(?:il|elle|on|ce|ils|elles)\b", first):
        return patterns.search(grammar.wh, sentence) is None
    if language == "fr" and patterns.match(r"est-ce qu|y a-t-il|s'agit-il|est-ce ", first):
        return True
    if not question_mark:
        return False
    if patterns.search(grammar.wh, sentence):
        return False
    after_colon = [clause.strip() for clause in sentence.split(":")[1:]]
    return not any(
        patterns.match(rf"(?:\S+\s+)?(?:{grammar.front_wh})", clause)
        for clause in [*clauses[:2], *after_colon]
    )


def _has_verb(sentence: str, language: str) -> bool:
    pattern = GRAMMARS[language].verb_first
    return pattern is not None and patterns.search(rf"\b{pattern}", sentence) is not None


_OPINION = (
    r"\b(?:(?:would|do|could|can) (?:you|we|one) (?:say|think|believe|reckon|agree|call (?:it|this|that|the)"
    r"|describe (?:it|this|that|the"
    r" [\w ]{1,30}?) as)\b(?! (?:what|which|how|who|where|when|why)\b)"
    r"(?= (?!(?:anything|something|the (?:name|language|emotion|accent|words?|sentence))\b)\w)"
    r"|würde(?:st du|n sie) sagen, dass|(?:glaub|denk|mein)(?:st du|en sie),? dass|dir[íi]as? que|crees? que"
    r"|piensas? que"
    r"|diriez-vous que|dirais-tu que|(?:penses-tu|pensez-vous|crois-tu|croyez-vous) que|direst[ie] che"
    r"|pens[ia] che"
    r"|(?:você )?diria que|(?:você )?acha que|можно (?:ли )?сказать, что|(?:как )?(?:ты думаешь"
    r"|вы думаете),(?= (?!к|что|где)))"
)
"""Asking whether somebody thinks so."""

_RECOGNISES_THIS = (
    r"\W*(?:(?:do|can|could|would) you |kannst du |können sie |(?:tu |vous |você |ты |вы )?)(?:puedes |"
    r"podrías |peux-tu "
    r"|pouvez-vous |puoi |pode |consegues? )?"
    r"(?:recogni[sz]e|identify|erkennst du|erkennen sie|reconoces?|reconocer|identificas?|identificar|"
    r"reconnais"
    r"|reconnaissez|reconnaître|reconnais-tu|reconnaissez-vous|riconosci|riconosce|riconoscere|reconheces?"
    r"|reconhecer|узна[её]шь|узна[её]те) "
    r"(?:this|these|diese[snm]?|est[aeo]s?|ces?|cet|cette|quest[aoei]|n?est[ae]s?|n?ess[ae]s?|эт[уои]т?|эти) "
    r"[\w'-]+(?: [\w'-]+)?\W*$"
)
"""Whether one recognises this instrument asks for its name, not for a yes."""

_PLEA = re.compile(
    r"^\W*(?:please |bitte )?(?:(?:can|could) you|(?:would|will) you (?:please|kindly|mind)|(?:kannst"
    r"|könntest) du|(?:können|könnten) sie"
    r"|¿?(?:puedes?|podrías?|podría usted)|(?:peux|pourrais)-tu|(?:pouvez|pourriez)-vous|(?:puoi|potresti"
    r"|può)"
    r"|(?:você )?(?:pode|poderia)|(?:не )?(?:могли? бы|мог бы|могла бы|можешь|можете)(?: (?:вы|ты))?)\s"
)
_PERCEIVES = re.compile(
    r"^(?:please |also |actually |still )?(?:hear|detect|notice|perceive|sense|make out|pick (?:out|up)"
    r"|discern|spot|agree|find|feel|see"
    r"|say that|say the|recogni[sz]e (?:a|any|an)|tell (?:that|the))\b"
    r"|\b(?:hören|heraushören|erkennen|wahrnehmen|ausmachen|raushören|bemerken"
    r"|oír|percibir|distinguir|notar|escuchar|entendre|percevoir|distinguer|remarquer|sentire|percepire"
    r"|distinguere|ouvir|perceber"
    r"|notar|слышать|услышать|различить|расслышать|уловить|заметить)\b"
)
"""A question of `can you` asks for what it names, unless the verb is one of hearing."""

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


def _options(sentence: str, grammar: Grammar) -> list[tuple[int, int]]:
    """The stretches of a sentence joined by `or`, with those before them in a list."""
    pieces: list[tuple[int, int]] = []
    joined: list[bool] = []  # whether an `or` stands before the piece
    start, is_joined = 0, False
    for match in re.finditer(f"{_PIECES.pattern}|{grammar.either}", sentence):
        is_or = patterns.fullmatch(grammar.either, match[0]) is not None
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
    if patterns.fullmatch(rf"\W*(?:{grammar.wh}|{grammar.front_wh})\W*", sentence[slice(*pieces[first])]):
        return []  # `which or what kind of ...`
    return [
        _tail(sentence, *pieces[i]) if i == first else _head(sentence, *pieces[i])
        for i in range(first, last + 1)
    ]


def _opens(piece: str, grammar: Grammar) -> bool:
    return grammar.verb_first is not None and patterns.match(rf"\W*{grammar.verb_first}", piece) is not None


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

    They are where a list ends the question after a comma or colon (`which is louder, the voice or the noise?`), or
    begins it (`voice or noise: which is louder?`).
    """
    first, last = options[0][0] - start, options[-1][1] - start
    before = sentence[:first].rstrip()
    at_end = not words(sentence[last:])
    begins = _WHEN.match(sentence[first:]) is not None
    if begins:
        return False
    if not words(sentence[:first]) and patterns.match(r"\s*[,:;—–,:-]", sentence[last:]):
        return _has_wh(sentence[last:], grammar) and not _has_wh(sentence[first:last], grammar)
    if (
        "?" not in sentence
        and "?" not in sentence
        and not patterns.search(
            r"[:,:]\s*$|\b(?:choose|pick|decide|select|either"
            r"|between|wähle|zwischen|elige|entre|choisis|выбери|между)\b",
            sentence[:first],
        )
    ):
        return False
    requests = patterns.match(grammar.imperative, sentence) is not None and "including" in sentence
    if not at_end or requests:
        return False
    if not before:
        return not _has_wh(sentence[slice(options[0][0] - start, options[0][1] - start)], grammar)
    return before[-1] in ",:;,:、—–-" or not _has_wh(sentence, grammar)


_WHEN = re.compile(
    r"\W*(?:if|when|whether|while|where|because|after|before|that|who|apart|aside|besides|except|other than"
    r"|such as|like|with or"
    r"|including|than|wenn|falls|weil|während|ausser|obwohl|si|cuando|aunque|como|además|quand|lorsque|comme"
    r"|hormis|se|quando"
    r"|oltre|além|если|когда|кроме|хотя|потому|как|котор\w+|如果|当|除了)\b(?! (?:it|this) )"
)
"""What begins a part that offers nothing."""
