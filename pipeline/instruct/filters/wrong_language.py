"""wrong_language: the answer is in another language than the question, or than the one asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .binary import form_of
from .candidate import Candidate, a_filter
from .language import differs, may_be
from .prose import without_quotations
from .words import plain, texts

_NAMES = {
    "en": "english|englische?|inglés|anglais|inglese|inglês|английск|英语|英文|英語",
    "de": "german|deutsche?|alemán|allemand|tedesco|alemão|немецк|德语|德文|ドイツ語",
    "es": "spanish|spanische?|español|castellano|espagnol|spagnolo|espanhol|испанск|西班牙语|西班牙文|スペイン語",
    "fr": "french|französische?|francés|français|francese|francês|французск|法语|法文|フランス語",
    "it": "italian|italienische?|italiano|italien|итальянск|意大利语|イタリア語",
    "pt": "portuguese|portugiesische?|portugués|portugais|portoghese|português|португальск|葡萄牙语|ポルトガル語",
    "ru": "russian|russische?|ruso|russe|russo|русск|俄语|俄文|ロシア語",
    "zh": "chinese|mandarin|chinesische?|chino|chinois|cinese|chinês|китайск|中文|汉语|中国語",
    "ja": "japanese|japanische?|japonés|japonais|giapponese|japonês|японск|日语|日文|日本語",
}
_TARGETS = {
    code: re.compile(
        rf"\b(?P<into>into|to|ins|al|para o|als?)\s+(?:{names})\b|\b(?:in|auf|en|em)\s+(?:\w+\s+)?(?:{names})\b|"
        rf"\b(?:на|по-)\s?(?:{names})\w*|(?P<turned>[成为])(?:{names})|(?P<used>用)(?:{names})|"
        rf"(?:{names})(?=[に的回答写で])"
    )
    for code, names in _NAMES.items()
}
_REWORDS = re.compile(
    r"\b(?:translat|summari[sz]|paraphras|render|re-?phrase|reword|restate|answer|reply|respond|"
    r"put (?:\w+ ){0,4}in|what does .* mean|what is the meaning|the gist|"
    r"how (?:would|do|does|can|could|might|should) (?:you|one|we|i|this|that|it|the)\b|"
    r"describe|explain|tell me|repeat|give|write|express|say (?:it|that|this)|übersetz|übertrag|zusammen|"
    r"beantwort|antwort|"
    r"wie (?:lautet|heisst|sagt|würde)|tradu|resum|respond|réponds?|résum|riassum|rispond|responda|"
    r"как (?:\w+ )?(?:будет|сказать|звучит)|перевед|перевод|передай|кратко|ответ|опиши|перескаж)|翻译|译|"
    r"总结|概括|用|回答|訳|要約|答え"
)
_TRANSLATES = re.compile(r"\b(?:translat|übersetz|traduc|tradui|traduz|traduc|перевод|перевед)|翻译|译成|訳")
_ORIGINAL = re.compile(
    r"\b(?:in|auf|en|nell?a?'?|na|im) (?:the |der |la |el |sa |l[a']?\s?)?(?:original|idioma original|"
    r"langue (?:d'origine|"
    r"originale)|lingua originale|língua original|originalsprache|originalwortlaut)|на языке оригинала|"
    r"原文|原语|原語"
)


@a_filter(
    keeps=Candidate("Who speaks?", "A woman.", {"gender": "female"}),
    drops=Candidate("Who speaks?", "Eine Frau spricht hier mit uns.", {"gender": "female"}),
)
def wrong_language(candidate: Candidate) -> str | None:
    """The answer isn't in the question's language, or in the one asked for; words of the clip may
    stay as they are."""
    asked = may_be(candidate.question)
    target = _target(candidate)
    if target:
        wanted, part = target, candidate.answer
    elif _ORIGINAL.search(plain(candidate.question)):
        return None
    elif _TRANSLATES.search(plain(candidate.question)) and not form_of(candidate.question).binary:
        wanted, part = asked, candidate.answer
    else:
        wanted, part = asked, _own_words(candidate)
    found = differs(part, wanted) if texts(part) else None
    if found is None and not target and _frames_in_english(candidate, asked):
        found = "en"
    if found is None and not target and _names_in_another(candidate, asked):
        found = "another language"
    if found is None:
        return None
    return (
        f"the answer is in '{found}', the {'language asked for is' if target else 'question is in'} "
        f"'{' or '.join(sorted(wanted))}'"
    )


def _target(candidate: Candidate) -> frozenset[str]:
    """The language that a question wants the answer in. `Repeat what is said in French` may name that of the clip."""
    question = plain(candidate.question)
    if not _REWORDS.search(question) or form_of(candidate.question).binary:
        return frozenset()
    for code, pattern in _TARGETS.items():
        if match := pattern.search(question):
            strict = any(match.groupdict().values())
            spoken = " ".join([candidate.spoken, *map(str, candidate.facts.values())])
            of_clip = code in may_be(candidate.spoken) or re.search(_NAMES[code], plain(spoken)) is not None
            return frozenset([code]) | (may_be(candidate.question) if of_clip and not strict else frozenset())
    return frozenset()


def _frames_in_english(candidate: Candidate, asked: frozenset[str]) -> bool:
    """Whether a short answer is an English article before words of the facts: `An alarm bell.` to a Spanish question.

    `A` is an article in Portuguese, too, and in a quotation or a name anything may stand.
    """
    answer = plain(candidate.answer).strip(" .!")
    match = _ENGLISH_ARTICLE.match(answer)
    if not match or not asked or asked & {"en"} or (match[0].strip() == "a" and asked & {"pt", "gl", "hu"}):
        return False
    told = {word for name in _values(candidate.facts) for word in texts(name) if name[:1].islower()}
    rest = texts(answer[match.end() :])
    return (
        bool(rest)
        and all(word in told or word in ("and", "or", "of", "the", "a", "an") for word in rest)
        and (answer not in plain("\n".join(_values(candidate.facts))))
    )


_ENGLISH_ARTICLE = re.compile(r"(?:(?:it(?:'s| is)|that(?:'s| is)|there(?:'s| is)) )?(?:a|an|the) (?=\w)")


def _names_in_another(candidate: Candidate, asked: frozenset[str]) -> bool:
    """Whether a short answer to an English question is a foreign article and a noun that the facts don't hold."""
    match = _FOREIGN_ARTICLE.fullmatch(candidate.answer.strip())
    if not match or "en" not in asked:
        return False
    noun = texts(match["noun"] or match["written_large"])
    told = set(texts("\n".join([candidate.spoken, *_values(candidate.facts)])))
    return len(noun) <= 3 and not told & set(noun)


_FOREIGN_ARTICLE = re.compile(
    r"(?:(?i:un|una|une|unos|el|los|las|les|il|gli|um|uma) (?P<noun>[a-zß-ÿ][\w ]+)|"
    r"(?i:der|das|ein|eine|einen) (?P<written_large>[\w ]+))[.!]?"
)


def _values(facts: Mapping[str, Any]) -> list[str]:
    return [
        item
        for value in facts.values()
        for item in (value if isinstance(value, list) else [value])
        if isinstance(item, str)
    ]


def _own_words(candidate: Candidate) -> str:
    """The answer without quotations and without names in the facts, which keep their language."""
    known = {
        word
        for name in _values(candidate.facts)
        if name not in candidate.spoken and _keeps_its_language(name)
        for word in texts(name)
    }
    rest = without_quotations(candidate.answer, candidate.spoken)
    if not known:
        return rest
    return re.sub(
        r"[^\W_]+",
        lambda match: "" if texts(match[0])[:1] and texts(match[0])[0] in known else match[0],
        rest,
    )


def _keeps_its_language(name: str) -> bool:
    """Whether a value is a name, or a term that isn't English: `Bella Ciao`, `adagio`, `son jarocho`."""
    return name != name.lower() or "en" not in may_be(name)


FILTER = wrong_language
