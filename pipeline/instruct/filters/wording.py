"""mentions_metadata, refusal, wrong_language and trivial: how a pair is worded."""

from __future__ import annotations

import re

from . import lexicon
from .binary import form_of
from .candidate import Candidate, a_filter
from .pitch import note_names
from .values import mentions
from .words import (
    CJK,
    concepts_in,
    content_words,
    evidence,
    fold,
    language_of,
    number_words,
    plain,
    script_of,
    stem,
    texts,
)

_IDENTIFIER = re.compile(r"\b(?:ID|IDs|id number|Id)\b")


@a_filter
def mentions_metadata(candidate: Candidate) -> str | None:
    """Question or answer speak of labels, files or identifiers, which aren't heard; such words in "
    "the clip are fine."""
    spoken = f"{candidate.spoken}\n{_sounds(candidate)}"
    for name, part in (("question", candidate.question), ("answer", candidate.answer)):
        for concept, spans in concepts_in(lexicon.METADATA, part).items():
            if concept not in concepts_in(lexicon.METADATA, spoken):
                return f"the {name} speaks of '{fold(part)[slice(*spans[0])]}'"
        if (match := _IDENTIFIER.search(part)) and not _IDENTIFIER.search(candidate.spoken):
            return f"the {name} speaks of an identifier: '{match[0]}'"
        for word in _unspeakable(candidate):
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", part, re.IGNORECASE):
                return f"the {name} holds '{word}', which is written in the facts and can't be heard"
    return None


def _sounds(candidate: Candidate) -> str:
    return "\n".join(
        str(item) for value in candidate.facts.values() if isinstance(value, list) for item in value
    )


def _unspeakable(candidate: Candidate) -> list[str]:
    """Identifiers, and names and values with an underscore."""
    found = [name for name in candidate.facts if "_" in name]
    for name, value in candidate.facts.items():
        if name in ("speaker", "source") and re.search(r"\d", str(value)) and len(str(value)) > 2:
            found.append(str(value))
        found += [
            item
            for item in (value if isinstance(value, list) else [value])
            if isinstance(item, str) and "_" in item
        ]
    return found


_REFUSAL = re.compile(
    r"\b(?:as an? (?:ai|artificial|language model|text-based|assistant)|language model|"
    r"i(?:'m| am) (?:sorry|unable|not able)|i (?:can't|cannot|can not|could not|couldn't|am unable to|"
    r"don't have|do not have|won't)\b|"
    r"(?:cannot|can't|could not|impossible to|not possible to|unable to) (?:be )?(?:determined?|tell|"
    r"say|answered?|identif\w+|known?|hear|listen)|"
    r"(?:not enough|insufficient|no) information|without (?:hearing|listening|access)|"
    r"als (?:ki|sprachmodell|künstliche)|ich kann (?:\w+ ){0,4}(?:nicht|keine)|es tut mir leid|tut mir leid|"
    r"como (?:una? )?(?:ia|modelo|inteligencia|asistente)|lo siento|no puedo|"
    r"en tant qu(?:e|'une?) (?:ia|modèle|intelligence|assistant)|je suis désolée?|je ne peux pas|"
    r"je ne suis pas en mesure|"
    r"come (?:ia|modello|intelligenza)|mi dispiace|non posso|como (?:um )?modelo de linguagem|"
    r"não posso|desculpe|"
    r"как (?:ии|искусственный|языковая)|я не могу|к сожалению, я|извините|простите, я)"
    r"|作为(?:一个|一名)?(?:ai|人工智能|语言模型)|我(?:无法|不能|听不到)|抱歉|对不起,我"
)


@a_filter
def refusal(candidate: Candidate) -> str | None:
    """The model excuses itself instead of answering; an apology in the clip is fine."""
    for name, part in (("answer", candidate.answer), ("question", candidate.question)):
        match = _REFUSAL.search(plain(part))
        if match and not _was_said(match[0], part, candidate):
            return f"the {name} excuses itself: '{match[0]}'"
    return None


def _was_said(excuse: str, part: str, candidate: Candidate) -> bool:
    """Whether the clip holds the excuse, or most words of the part."""
    if excuse in plain(candidate.spoken) or _REFUSAL.search(plain(candidate.spoken)):
        return True
    spoken, found = set(texts(candidate.spoken)), texts(part)
    return bool(spoken) and sum(word in spoken for word in found) >= 0.8 * len(found)


_TARGETS = {
    "en": r"\b(?:(?:in|into) english|auf englisch|ins englische|(?:en|al) inglés|en anglais|"
    r"in inglese|em inglês)\b|(?:на|по-) ?английск\w+|英语|英文",
    "de": r"\b(?:(?:in|into) german|auf deutsch|ins deutsche|(?:en|al) alemán|en allemand|"
    r"in tedesco)\b|(?:на|по-) ?немецк\w+|德语",
    "es": r"\b(?:(?:in|into) spanish|auf spanisch|ins spanische|(?:en|al) español|en espagnol|"
    r"in spagnolo)\b|(?:на|по-) ?испанск\w+|西班牙语",
    "fr": r"\b(?:(?:in|into) french|auf französisch|ins französische|(?:en|al) francés|en français|"
    r"in francese)\b|(?:на|по-) ?французск\w+|法语",
    "ru": r"\b(?:(?:in|into) russian|auf russisch|ins russische|(?:en|al) ruso|en russe|in russo)\b|"
    r"(?:на|по-) ?русск\w+|俄语",
    "zh": r"\b(?:(?:in|into) (?:chinese|mandarin)|auf chinesisch|ins chinesische|(?:en|al) chino|"
    r"en chinois)\b|(?:на|по-) ?китайск\w+|中文|汉语",
}
_REWORD = re.compile(
    r"\b(?:translat|summari[sz]|answer|paraphras|render|what does .* mean|meaning|describe|explain|"
    r"tell me|repeat|say)|übersetz|zusammen|"
    r"beantwort|antwort|tradu|resum|respond|répond|résum|перевед|перевод|кратко|ответ|опиши|翻译|总结|概括|用"
)


@a_filter
def wrong_language(candidate: Candidate) -> str | None:
    """The answer isn't in the question's language, or in the one asked for; words of the clip may "
    "stay as they are."""
    asked = candidate.language
    wanted = _wanted(candidate)
    expected = wanted or asked
    if expected is None:
        return None
    answer = candidate.answer if wanted else _without_quotations(candidate)
    if not texts(answer):
        return None
    found = _language_against(answer, expected)
    if found is None or found == expected:
        return None
    return f"the answer is in '{found}', the {'language asked for' if wanted else 'question'} in '{expected}'"


def _wanted(candidate: Candidate) -> str | None:
    question = plain(candidate.question)
    if not _REWORD.search(question) or form_of(candidate.question).binary:
        return None
    return next((code for code, pattern in _TARGETS.items() if re.search(pattern, question)), None)


def _without_quotations(candidate: Candidate) -> str:
    """The answer without quotations, words of the clip and names in the facts, which keep their language."""
    quoted = re.sub(r"[\"“„«「][^\"“”»」]*[\"“”»」]", " ", candidate.answer)
    names = [
        item for value in candidate.facts.values() for item in (value if isinstance(value, list) else [value])
    ]
    known = set(texts(candidate.spoken)) | {
        w for n in names if isinstance(n, str) and n != n.lower() for w in texts(n)
    }
    bare = re.sub(r"\W", "", fold(candidate.spoken))
    for run in re.findall(r"[぀-ヿ㐀-鿿]{2,}", quoted):
        if fold(run) in bare:
            quoted = quoted.replace(run, " ")
    found = re.findall(r"[^\W_]+", quoted)
    rest = [word for word in found if fold(word) not in known]
    return " ".join(rest) if len(rest) < 0.4 * len(found) else quoted


def _language_against(text: str, expected: str) -> str | None:
    """The language of a text, or None where it may be the expected one."""
    script = script_of(text)
    if script is None or script == expected or {script, expected} <= {"zh", "ja"}:
        return None
    if expected in _OTHER_SCRIPTS:
        return None if script == "latin" and _is_name(text) else language_of(text) or "another language"
    if script != "latin":
        return script
    signs = evidence(text)
    best = max(signs, key=lambda language: signs[language])
    return best if signs[best] >= signs.get(expected, 0) + 2 else None


_OTHER_SCRIPTS = frozenset(["zh", "ja", "ko", "ru", "uk", "ar", "hi", "el", "he", "th"])


def _is_name(text: str) -> bool:
    """Whether a Latin text amid another script is a note, a number or an abbreviation: `VITS`, "
    "`C#4`, `10 dB`."""
    return all(
        word.isdigit()
        or (len(word) < 6 and word != word.lower() and word[1:] != word[1:].lower())
        or word in ("A", "B", "C", "D", "E", "F", "G")
        or any(c.isdigit() for c in word)
        or word in ("dB", "Hz", "m", "s")
        for word in re.findall(r"[^\W_]+", text)
    )


_YES = re.compile(r"^\W*(?:yes|yeah|ja|sí|si|oui|sì|sim|да)\b|^\W*(?:是|有|对)")
_NO = re.compile(r"^\W*(?:no|nope|not|nein|non|não|нет)\b|^\W*(?:不|没)")


@a_filter
def trivial(candidate: Candidate) -> str | None:
    """The answer tells nothing that the question doesn't, or what holds for every clip."""
    said = candidate.answer
    if _tells_a_fact(candidate) or note_names(said, syllables=len(texts(said)) < 3, german=True):
        return None
    form = form_of(candidate.question)
    if form.tests and form.binary:
        if _YES.match(plain(said)) and _asks_nothing(candidate):
            return "it asks what holds for every clip"
        return None
    if form.options or _NO.match(plain(said)):
        return None
    if CJK.search(said):
        rest = fold(said)
        for word in lexicon.GENERIC_CJK:
            rest = rest.replace(word, "")
        return None if re.sub(r"\W", "", rest) else "the answer names nothing in particular"
    asked = {stem(word) for word in texts(candidate.question)}
    new = [
        w
        for w in content_words(said, language_of(said) or candidate.language)
        if w.text not in lexicon.GENERIC and w.stem not in asked
    ]
    if new or re.search(r"\d", said) or _counts(said):
        return None
    return "the answer tells nothing that the question doesn't"


def _counts(said: str) -> bool:
    """Whether the answer is a number in words; `one` and its like are articles in a longer one."""
    found = texts(said)
    return any(word in _NUMBERS for word in found) or (len(found) == 1 and found[0] in _ONES)


_ONES = {way[0] for way in number_words(1)}
_NUMBERS = {word for number in range(100) for way in number_words(number) for word in way} - _ONES - {"y"}


def _asks_nothing(candidate: Candidate) -> bool:
    content = content_words(candidate.question, candidate.language)
    if CJK.search(candidate.question):
        return (
            re.fullmatch(
                r"(?:这段|录音|音频|里|中|有|没有|是否|声音|吗|任何|能|听到|\W)+", candidate.question
            )
            is not None
        )
    plainly = [
        word for word in content if word.text not in lexicon.NAMELESS and word.text not in lexicon.EXISTENCE
    ]
    return bool(content) and not plainly


def _tells_a_fact(candidate: Candidate) -> bool:
    """Whether the answer names a value of a fact, or gives the words of the clip."""
    swapped = Candidate(candidate.answer, "", candidate.facts)
    if any(mention.end > mention.start and mention.fact != "gender" for mention in mentions(swapped)):
        return True
    spoken, found = texts(candidate.spoken), texts(candidate.answer)
    if spoken and found and all(word in spoken for word in found):
        return True
    values = [
        item for value in candidate.facts.values() for item in (value if isinstance(value, list) else [value])
    ]
    return any(
        isinstance(item, str) and texts(item) == [w for w in found if w in texts(item)] != []
        for item in values
    )
