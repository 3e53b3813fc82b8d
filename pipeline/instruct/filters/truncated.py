"""truncated: the reply ran out of tokens, or a part stops where no sentence can end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from . import lexicon
from .candidate import Candidate, a_filter
from .clauses import is_said
from .grammar import DANGLING, VERBS
from .kin import kin
from .language import may_be, script_of
from .leaves import leaves
from .numbers import quantities
from .tongues import CYRILLIC, LATIN
from .traits import ANY_KIND
from .vocabulary import TABLES
from .words import concepts_in, fold, language_of, number_words, plain, stem, texts

_ENDS = "." + "!?…。!?؟।\"'”»’)]」』*"
_PREPOSITIONS = frozenset(
    ["to", "of", "at", "for", "by", "on", "in", "with", "from", "like", "about", "is", "are"]
)
"""With these an English question may end, even where its question mark is missing."""
_PARTICLES = {
    "en": frozenset("by on in through around about over within along past".split()),
    "de": frozenset("an auf aus zu mit um".split()),
    "nl": frozenset("aan op in uit".split()),
}
_MORE = {
    "ru": frozenset("будто словно чтобы если либо".split()),
    "de": frozenset("damit obwohl indem".split()),
}
_MOVES = re.compile(
    r"\b(?:pass|driv|drov|go|went|walk|run|ran|com|cam|fly|flew|turn|switch|mov|rid|rod|roll|rush|speed|"
    r"hurr|stroll|wander|step|"
    r"blow|blew|look|hang|carr|get|got|driftt?|zoom|log|put|tun|sign|tak|took|keep|kept|fly|liv)\w*\b|"
    r"\b(?:macht|geht|schaltet|steigt|kommt|gibt|fällt|zieht|steht|hört|sieht|läuft|hält|bricht|springt)\b|"
    r"\b(?:gaat|komt|zet|doet)\b"
)
_OPENS_A_CLAUSE = frozenset(
    "and but because when while as to in on at for from with by after before until if so that which who "
    "where or near over "
    "und aber weil während wenn als zu in auf mit nach vor bis dass oder y pero porque cuando mientras en "
    "con para que o "
    "et mais parce quand pendant dans avec pour qui ou e ma perché quando mentre con che и но потому "
    "когда пока в на с что или".split()
)
_UNITS = (
    "meter meters metres metros metri метров second seconds sekunden segundos secondes secondi секунд "
    "minute minutes minuten "
    "minutos minuti минут decibel decibels dezibel decibelios décibels years jahre años ans anni anos лет "
    "hertz kilometer kilometres "
    "kilómetros kilomètres hour hours centimetres percent prozent celsius degrees beats euro euros dollar "
    "dollars pounds grad grados degrés gradi kilos "
    "kilograms kilogramm gramm grams liter litros litres евро рублей градусов"
).split()


@a_filter(
    keeps=Candidate("Who speaks?", "A woman.", {"gender": "female"}),
    drops=Candidate("Who speaks?", "The speaker is a woman and", {"gender": "female"}),
)
def truncated(candidate: Candidate) -> str | None:
    """The reply ran out of tokens, or a part stops where a sentence can't end; speech that stops so
    itself is fine."""
    if candidate.finish_reason == "length":
        return "the reply reached its greatest length"
    for name, part in (("question", candidate.question), ("answer", candidate.answer)):
        text = part.rstrip()
        if not text or _ends_as_said(text, candidate):
            continue
        if text[-1] in _ENDS:
            continue
        if text[-1] in ",;:-–—(,、;:[{“„«「『":
            return f"the {name} ends with {text[-1]!r}"
        if wrong := _stops_early(name, text, candidate):
            return wrong
    return None


def _stops_early(name: str, text: str, candidate: Candidate) -> str | None:
    script = script_of(text)
    if script in ("zh", "ja", "ko"):
        pattern = _EASTERN_ENDS[script]
        return (
            f"the {name} ends with {text[-1]!r}"
            if name == "answer" and len(text) > 4 and pattern.search(text)
            else None
        )
    found = re.findall(r"[^\W_]+", plain(text))
    if not found:
        return None
    last = found[-1]
    language = language_of(text) or candidate.language or "en"
    if language not in DANGLING and candidate.language in DANGLING:
        language = candidate.language or "en"
    if last in DANGLING.get(language, frozenset()) | _MORE.get(language, frozenset()) and _dangles(
        name, last, found[:-1], language, text
    ):
        return f"the {name} ends with '{last}'"
    if name != "answer":
        return None
    for opening, closing in ("()", "“”", "„“", "«»", "[]"):
        if text.rfind(opening) > text.rfind(closing):
            return f"the answer opens {opening!r} and doesn't close it"
    if value := _inside_a_value(text, candidate):
        return f"the answer stops inside '{value}'"
    if len(found) > 1 and _is_cut(text, last, candidate):
        return f"the answer ends in the middle of a word: '{last}'"
    return "the answer stops where the words of the clip go on" if _breaks_off(text, candidate) else None


_EASTERN_ENDS = {
    "zh": re.compile(
        r"(?:的|和|在|因为|而且|而|与|或|但是|但|把|被|从|向|对|以及|并|并且|一个|一种|位于|所以|如果|由)$"
    ),
    "ja": re.compile(r"(?:[はがをへや]|という|ための|および|また|そして|しかし|との|による|からの|ので、?)$"),
    "ko": re.compile(r"(?:그리고|그러나|의|에서|와|과)$"),
}


def _dangles(name: str, last: str, before: list[str], language: str, text: str) -> bool:
    """Whether a function word ends a part that can't end so: `is driving by` can, and so can the note A."""
    if name == "question":
        return last not in _PREPOSITIONS
    if not before or (len(last) == 1 and text[-1].isupper()):
        return False
    return not (last in _PARTICLES.get(language, ()) and _MOVES.search(" ".join(before[-4:])))


def _ends_as_said(text: str, candidate: Candidate) -> bool:
    """Whether the text ends as a text of the clip ends, or with the same word where that one stops short, too."""
    end = texts(text)
    if not end:
        return False
    for line in candidate.spoken.splitlines():
        said = texts(line)
        if said and (said[-3:] == end[-3:] or (said[-1] == end[-1] and _is_function_word(said[-1]))):
            return True
        if said and re.search(r"[぀-ヿ㐀-鿿]", text) and said[-1][-4:] == end[-1][-4:]:
            return True
    return False


def _is_function_word(word: str) -> bool:
    return any(word in known for known in DANGLING.values())


def _is_cut(text: str, last: str, candidate: Candidate) -> bool:
    """Whether the last word is a beginning of one: nobody's word, but what a longer one at hand begins with."""
    if (
        text[-1].isdigit()
        or not text[-1].islower()
        or any(c.isdigit() for c in last)
        or last in _WHOLE | _ABBREVIATIONS
    ):
        return False
    before = texts(text)[-2:-1]
    counted = bool(before) and (before[0].isdigit() or before[0] in _NUMBERS)
    if counted and any(u.startswith(last) and u != last for u in _UNITS):
        return last not in _UNITS
    facts = set(texts(" ".join(map(str, candidate.facts.values()))))
    asked = set(texts(candidate.question))
    low = fold(last)
    if low in facts | asked | lexicon.GENERIC or (
        any(q.end == len(text) for q in quantities(text, candidate.language or "en")) and len(low) > 3
    ):
        return False
    alphabet = CYRILLIC if script_of(last) == "cyrillic" else LATIN
    languages = may_be(text) | may_be(candidate.question) | {"en"}
    if any(last in known for language, known in alphabet.items() if language in languages):
        return False
    at_hand = {word for word in facts | asked if len(word) > len(low)} | _LONGER
    if (
        len(low) > 1
        and low not in at_hand
        and any(w.startswith(low) and stem(w) != stem(low) for w in at_hand)
    ):
        return True
    if all(language in _NO_END and _NO_END[language].search(low) for language in languages):
        return len(texts(text)) > 3
    return (len(low) <= 2 and len(texts(text)) > 4) or _is_unknown(text, last, candidate)


_NO_END: Mapping[str, re.Pattern[str]] = {
    language: re.compile(pattern)
    for languages, pattern in (
        ("en es fr it pt", r"[bcdfgkpstvxz][lr]$|[^aeiouyw][jqv]$|[bcdfgptx]n$|qu$"),
        ("de", r"[bcfgkpsvxz]r$|[bcfgkpsvx]l$|[^aeiouyw][jqv]$|[bcdfgptx]n$|qu$"),
    )
    for language in languages.split()
}
"""Letters that no word of a language ends with, whatever it means."""


_SUBJECTS = frozenset("they it you he she we i there".split())


def _inside_a_value(text: str, candidate: Candidate) -> str | None:
    """The value of several words that a sentence without a full stop leaves after the first ones: a double (bass).

    Not where these are a value themselves, and not in a mere phrase, which may be all that was asked for.
    """
    found = texts(text)
    if len(found) < _SENTENCE or not (
        found[0] in VERBS | _SUBJECTS or set(found) & VERBS or "," in text or "'s " in text
    ):
        return None
    values = [
        value for name, value in leaves(dict(candidate.facts)) if isinstance(value, str) and not is_said(name)
    ]
    for value in values:
        whole = texts(value)
        for length in range(1, len(whole)):
            if (
                len(whole) <= _LONGEST_NAME
                and found[-length:] == whole[:length]
                and not any(
                    texts(other) == whole[:length] or texts(other)[-1:] == found[-1:] for other in values
                )
                and not set(found) & set(whole[length:])
                and whole[length] not in _OPENS_A_CLAUSE
                and not _names_a_thing(" ".join(whole[:length]))
            ):
                return value
    return None


def _names_a_thing(begun: str) -> bool:
    """Whether the first words of a value end in one that means something by itself: a piano (trio)."""
    return any(
        end == len(begun)
        for table in (*TABLES.values(), ANY_KIND)
        for spans in concepts_in(table, begun).values()
        for _, end in spans
    )


def _is_unknown(text: str, last: str, candidate: Candidate) -> bool:
    """Whether a written sentence, with a capital, a verb early on and a comma, ends without its stop in a word that
    nothing vouches for: no fact, no question, no list of words."""
    low, found = fold(last), texts(text)
    if (
        len(found) <= _SENTENCE
        or "," not in text
        or not text.lstrip()[:1].isupper()
        or not text[-1].islower()
        or not (set(found[:4]) & VERBS or any(_RUSSIAN_VERB.search(word) for word in found[:3]))
    ):
        return False
    told = (
        " ".join(map(str, candidate.facts.values())) + f" {candidate.question} {candidate.corpus_description}"
    )
    vouched = set(texts(told)) | lexicon.GENERIC | _NUMBERS | _LONGER
    return (
        low not in vouched
        and not any(kin(low, word) for word in vouched)
        and not any(
            end == len(text)
            for table in TABLES.values()
            for spans in concepts_in(table, text).values()
            for _, end in spans
        )
    )


_RUSSIAN_VERB = re.compile(r"[а-я]{2}(?:[еиая]т|[ую]т)(?:ся)?$")
_SENTENCE = 5
_LONGEST_NAME = 4


_NUMBERS = frozenset(word for number in range(100) for way in number_words(number) for word in way)
_LONGER = frozenset({fold(unit) for unit in _UNITS} | {word for word in _NUMBERS if len(word) > 2})
_ABBREVIATIONS = frozenset("m s h g l a ms db hz km cm mm min sec kg khz bpm".split())
_WHOLE = frozenset(
    "ok hi oh ah ha uh um tv pc db hz ms km cm mm kg kb mb am pm us uk eu usa dj mc tts asr ii iv vi tea "
    "bus dog cat cow bee car "
    "van jet owl hen pig rat bat fan man men boy jazz rock pop folk funk rap duo trio solo alto bass oboe".split()
)


def _breaks_off(text: str, candidate: Candidate) -> bool:
    """Whether a sentence of some length follows the clip's words to its end and leaves them before theirs.

    Before a conjunction or a preposition an extract may end, elsewhere it is cut.
    """
    found = texts(text)
    if len(found) < 8 or not text.lstrip()[:1].isupper():
        return False
    for line in candidate.spoken.splitlines():
        said = texts(line)
        if found[-1] in _OPENS_A_CLAUSE and tuple(found[-2:]) in set(pairwise(said[:-1])):
            return True
        for i in range(len(said) - 3):
            if said[i : i + 3] == found[-3:] and said[i + 3] not in _OPENS_A_CLAUSE:
                gap = re.search(rf"{re.escape(found[-1])}\W*[,;.:!?]", fold(line))
                return gap is None
    return False


FILTER = truncated
