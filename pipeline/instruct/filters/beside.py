"""Answers beside the question: a fact that nobody asked for where a yes or no was wanted, no amount where one was.

An implied answer is one (`is it a cat?` `It's a lion.`), so a fact counts as beside the question only where nothing in
the question has to do with it: neither its name, nor its value, nor its kind, nor, for a number, any word of size.
"""

from __future__ import annotations

import re
from typing import Any

from . import lexicon
from .another_fact import is_asked, kinds_of, told_alone
from .case import Case, polarity, quotes
from .context import tells_manner_by
from .kin import cognate, kin
from .known import kind_of
from .leaves import leaves
from .numbers import quantities
from .truth import degrees_of
from .vocabulary import TABLES
from .words import CJK, concepts_in, content_words, fold, number_words, plain, texts, words

_CONTRASTS = re.compile(
    r"\b(?:not|n't|rather|instead|far from|opposite|contrary|only|just|hardly|barely|more like|but|quite|"
    r"actually|"
    r"nicht|kein\w*|eher|sondern|nur|gegenteil|sino|solo|contrario|plutot|contraire|seulement|mais|ne|pas|"
    r"invece|bensi|"
    r"скорее|напротив|не|только|наоборот|без|mas|apenas|pelo|somente)\b|n't\b"
)
"""An answer that sets one thing against another says no without the word."""

_OF_SIZE = re.compile(
    r"\b(?:big\w*|small\w*|larg\w+|huge|tiny|little|long\w*|short\w*|brief\w*|heav\w+|light\w*|old\w*|"
    r"young\w*|fast\w*|"
    r"slow\w*|quick\w*|high\w*|low\w*|loud\w*|quiet\w*|near\w*|close\w*|far\w*|dist\w+|many|few\w*|"
    r"several|alone|solo|single|"
    r"one|more|less|most|least|only|just|than|at least|enough|crowd\w*|adult\w*|child\w*|grown\w*|teen\w*|"
    r"elderly|retire\w*|"
    r"school\w*|monolog\w*|dialog\w*|conversation|interview|orchestra\w*|choir|chorus|bands?|ensemble|"
    r"duet|duo|trio|"
    r"quartet|team|gesprach\w*|chor|orchester|dialogo|conversaci\w*|coro|orquesta|choeur|orchestre|хор|"
    r"оркестр|диалог\w*|"
    r"монолог\w*|while|lasts?|go(?:es)? on|keeps?|warm\w*|cold\w*|hot\w*|deep\w*|shallow\w*|recent\w*|"
    r"early|late\w*|often|once|twice|whole|several|group|"
    r"together|much|rapid\w*|speed\w*|clear\w*|nois\w+|strong\w*|weak\w*|modern|new\w*|antique|ancient|"
    r"historic\w*|"
    r"gross\w*|klein\w*|lang\w*|kurz\w*|schwer\w*|leicht\w*|alt\w*|jung\w*|schnell\w*|hoch|hoh\w+|tief\w*|"
    r"niedrig\w*|laut\w*|"
    r"leise\w*|nah\w*|weit\w*|viel\w*|wenig\w*|mehr\w*|allein\w*|einzig\w*|als|warm\w*|kalt\w*|neu\w*|"
    r"fruh\w*|spat\w*|"
    r"grand\w*|pequen\w*|petit\w*|larg\w*|cort\w*|court\w*|pesad\w*|lourd\w*|viej\w*|vieu\w*|vieil\w*|"
    r"jov\w+|jeun\w*|"
    r"rapid\w*|vit\w+|lent\w*|alt[oa]s?|baj\w+|bas\w*|haut\w*|much\w*|poc\w+|beaucoup|peu|plus|mas|mais|"
    r"seul\w*|sol[oa]s?|"
    r"lej\w+|cerc\w+|loin|pres|proch\w*|piu|meno|vecchi\w*|giovan\w*|molt\w+|muit\w+|velh\w*|vari\w+|"
    r"plusieurs|"
    r"больш\w*|маленьк\w*|небольш\w*|долг\w*|длин\w*|корот\w*|тяж[её]л\w*|л[её]гк\w*|стар\w*|молод\w*|"
    r"быстр\w*|медлен\w*|"
    r"высок\w*|низк\w*|громк\w*|тих\w*|близк\w*|далек\w*|много|мало|нескольк\w*|один|одна|одно|боле\w*|"
    r"мене\w*|чем|взросл\w*)\b"
    r"|\d"
)

_OF_PACE = re.compile(
    r"bpm|tempo|rate|speed|pace|[rw]pm|(?:^|_)db|snr|lufs|freq|hz$|temp|rt60|reverb|score|percent|pct|"
    r"(?<!du)ratio|share|rank|time$|hour"
)
"""Names of facts that tell how lively, loud or near something is: much is implied by them."""

_WHENCE = re.compile(
    r"\b(?:from|native|born|country|foreign\w*|local|orchestra\w*|bands?|ensemble|quartet|strings?|winds?|"
    r"brass|percussi\w*|"
    r"vocals?|voices?|sing\w*|acoustic|electr\w*|melod\w*|play(?:s|ed|ing)?|herkunft|kommt|auslan\w*|"
    r"orchester|kapelle|spiel\w*|"
    r"extranj\w*|orquesta|toca\w*|etrang\w*|orchestre|joue\w*|stranier\w*|suona\w*|estrang\w*|родом|"
    r"иностран\w*|оркестр\w*|"
    r"игра\w*)\b"
)
"""What speech or instruments imply."""

_HOW_MANY = re.compile(
    r"\bhow many\b|\bwie ?viele\b|\bcuant[oa]s\b|\bcombien d|\bquant[ie]\b(?= \w)|\bquante\b|"
    r"\bquant[oa]s\b|\bсколько\b"
)
_AMOUNTS = frozenset(
    "many few several some couple dozen dozens pair pairs both all every none no nobody nothing alone "
    "solo soloist duo duet"
    " trio quartet quintet sextet octet single only once twice lots lot most half hundreds thousands "
    "crowd group handful"
    " various numerous multiple countless each another singular more less fewer zero"
    " viele wenige mehrere einige paar beide alle keine keiner kein niemand allein einzige einziger "
    "einziges halb gruppe"
    " ein eine einen einem einer dutzend zahlreiche verschiedene"
    " muchos muchas pocos pocas varios varias algunos algunas par ambos ambas todos todas ninguno ninguna "
    "nadie solo sola"
    " un una uno docena grupo"
    " beaucoup plusieurs quelques deux paire tous toutes aucun aucune personne seul seule une douzaine groupe"
    " molti molte pochi poche alcuni alcune entrambi tutti nessuno gruppo vari varie"
    " muitos muitas poucos poucas alguns algumas ambos todos nenhum nenhuma ninguem um uma so sozinho "
    "sozinha duzia"
    " много мало несколько пара оба обе все всего никого никто один одна одно двое трое четверо пятеро "
    "шестеро семеро"
    " десяток дюжина группа дуэт трио квартет квинтет столько полтора половина ни".split()
)
_NUMBERS = frozenset(fold(word) for number in range(100) for way in number_words(number) for word in way)
_JOINED = re.compile(r"\b(?:and|und|y|et|e|ed|и)\b|,")
_A_NOUN = re.compile(r"\b(?:an?|kind|sort|type|eine?[nmr]?|une?|una|uno?|uma?)\b")
_SEVERAL = re.compile(r"\b(?:are|were|hear)\b.*\w[^s\W]s\W*$")
_IS_ONE = re.compile(r"\W*(?:it(?:'s| is| was)|that(?:'s| is)|das ist|es ist|c'est|es|e|это)\b")


def tells_beside(case: Case) -> str | None:
    """What an answer tells instead of what is asked; None where it may answer."""
    candidate = case.candidate
    if CJK.search(candidate.answer) or polarity(case) is not None or case.about_content or quotes(case):
        return None
    if _lacks_the_amount(case):
        return "it asks how many, the answer gives no amount"
    if _lacks_the_size(case):
        return "it asks for a size, the answer gives none"
    tests = case.form.tests or case.form.binary
    if (tests and _CONTRASTS.search(fold(candidate.answer))) or _takes_an_option(case):
        return None
    facts = list(leaves(candidate.facts))
    linked = {key for key, value in facts if _has_to_do(key, value, case)}
    apart = {key for key, _ in facts} - linked
    if not apart or len({key for key, _ in facts}) < 2 or not (tests or _asks_for_one(facts, case)):
        return None
    told = sorted(key for key, value in facts if key in apart and _tells_size(value, case))
    if told and any(key in linked and _may_tell(value, case) for key, value in facts):
        return None
    if tests and not told:
        told = [
            key
            for key in sorted(apart)
            if told_alone({key}, facts, case) and _is_said_of_it(key, facts, case)
        ]
    return f"the answer tells the {told[0].replace('_', ' ')}, which isn't asked for" if told else None


def _asks_for_one(facts: list[tuple[str, Any]], case: Case) -> bool:
    """Whether an open question asks for a fact by its name or kind."""
    return not _IN_GENERAL.search(case.candidate.asked) and any(
        is_asked(key, value, case) or kinds_of(key) & case.asked for key, value in facts
    )


_IN_GENERAL = re.compile(
    r"\b(?:describe|tell (?:me|us)|what can|what do you|what(?:'s| is) (?:happening|going on)|happen\w*|"
    r"beschreib\w*|erzahl\w*|"
    r"descri\w+|decri\w+|cuenta\w*|raconte\w*|опиши\w*|расскаж\w*|происходит)\b"
)


_LONGEST = 9  # words of an answer that tells no more than one size


def _tells_size(value: Any, case: Case) -> bool:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or len(texts(case.candidate.answer)) > _LONGEST
    ):
        return False
    if "," in case.candidate.answer:
        return False
    found = quantities(case.candidate.answer, case.language)
    return len(found) == 1 and not found[0].article and found[0].covers(float(value), float(value))


def _may_tell(value: Any, case: Case) -> bool:
    if not isinstance(value, str):
        return _tells_size(value, case)
    said, asked = words(case.candidate.answer), {word.text for word in case.candidate.asked_words}
    own = [word.text for word in content_words(value, None)]
    return any(
        kin(word.text, one) or cognate(word.text, one)
        for word in said
        if word.text not in asked
        for one in own
    )


def _lacks_the_amount(case: Case) -> bool:
    answer = case.candidate.answer
    said = set(texts(answer))
    return bool(
        _HOW_MANY.search(case.candidate.asked)
        and not case.form.options
        and not re.search(r"\d", answer)
        and not said
        & (_AMOUNTS | _NUMBERS | (frozenset(["a", "an"]) if case.language == "en" else frozenset()))
        and not any(word.startswith(tuple(_LONG_NUMBERS)) for word in said)
        and not _JOINED.search(plain(answer))
        and not any(degrees_of(fold(answer)))
        and len(said) > 2
    )


def _lacks_the_size(case: Case) -> bool:
    """Whether an answer to `how old`, `how fast` has no word of size at all, but a word of another fact."""
    candidate = case.candidate
    answer = fold(candidate.answer)
    facts = list(leaves(candidate.facts))
    if not _HOW_MUCH.search(candidate.asked) or all(isinstance(value, str) for _, value in facts):
        return False
    if (
        _OF_SIZE.search(answer)
        or _OF_MIDDLE_SIZE.search(answer)
        or any(degrees_of(answer))
        or set(texts(answer)) & (_AMOUNTS | _NUMBERS)
    ):
        return False
    asked = {word.stem for word in candidate.asked_words}
    told = {w.stem for _, value in facts if isinstance(value, str) for w in content_words(value, None)}
    return any(word.stem in told - asked for word in words(candidate.answer))


_OF_MIDDLE_SIZE = re.compile(
    r"aged?\b|\b(?:middle|medium|moderate\w*|average|normal\w*|usual|steady|walking|pace|tempo|speed|size\w*|years?|"
    r"seconds?|minutes?|hours?|met(?:re|er)s?|baby|infant|toddler|pupil|minor|senior|pensioner|mittel\w*|massig\w*|normal\w*|"
    r"jahr\w*|media\w*|moderad\w*|anos?|moyen\w*|ans|medi[oa]|средн\w*|умеренн\w*|обычн\w*|лет|год\w*)\b"
)
_HOW_MUCH = re.compile(
    r"\bhow (?:old|fast|long|far|deep|heavy|quick\w*|large|big|high|tall)\b|"
    r"\bat what (?:speed|tempo|depth|age|height|distance)\b|\bwhat (?:share|percentage|proportion|fraction)\b|"
    r"\b(?:more|fewer|less|longer|older|younger|higher|lower|faster|slower) than\b|\b(?:mehr|weniger|alter|junger|"
    r"schneller) als\b|\b(?:mas|menos) de\b|\b(?:plus|moins) de\b|"
    r"\bwie (?:alt|schnell|lange?|weit|tief|schwer|gross|hoch)\b|"
    r"\bque edad\b|\ba que (?:velocidad|distancia|profundidad|altura)\b|\bcuanto (?:dura|tiempo|pesa|mide)\b|"
    r"\bquel age\b|\ba quelle (?:vitesse|distance|profondeur|hauteur)\b|\bcombien de temps\b|"
    r"\bquanti anni\b|\ba che (?:velocita|distanza|profondita)\b|\bque idade\b|"
    r"\bсколько (?:лет|времени|весит)\b|\bс какой скоростью\b|\bна какой (?:глубине|высоте)\b|"
    r"\bкак (?:быстро|долго|далеко)\b"
)


_LONG_NUMBERS = [word for word in _NUMBERS if len(word) > 3]


def _takes_an_option(case: Case) -> bool:
    asked = case.candidate.asked
    offered = [
        word for start, end in case.form.options for word in content_words(asked[start:end], case.language)
    ]
    said = words(case.candidate.answer)
    return any(kin(word.text, other.text) for word in offered for other in said)


def _has_to_do(key: str, value: Any, case: Case) -> bool:
    """Whether a question may be about a fact: it names it, its value or its kind, or a size where it is
    one."""
    candidate = case.candidate
    if tells_manner_by(key) or _OF_PACE.search(key) or isinstance(value, bool) or kinds_of(key) & case.asked:
        return True
    alike = (
        kin if case.language in ("en", None) else (lambda one, other: kin(one, other) or cognate(one, other))
    )
    asked = [word.text for word in content_words(candidate.question, case.language)]
    parts = [part for part in re.split(r"[_\W]+", key) if len(part) > 2 and part not in lexicon.GENERIC]
    if any(alike(part, word) for part in parts for word in asked):
        return True
    if (
        str(value)[:1].isupper()
        and re.search(r"\w\W+[A-ZÀ-ÞА-Я]\w", candidate.question)
        and case.language != "de"
    ):
        return True  # from London? He's from Leeds.
    if kind_of(key) in ("accent", "language", "instrument") and _WHENCE.search(candidate.asked):
        return True
    if isinstance(value, int | float):
        return _OF_SIZE.search(candidate.asked) is not None or bool(_NUMBERS & set(texts(candidate.asked)))
    own = [word.text for word in content_words(str(value), None) if word.text not in lexicon.GENERIC]
    if any(alike(one, word) for one in own for word in asked):
        return True
    return any(
        concepts_in(table, str(value))
        and any(
            not _DEFINITE.search(candidate.asked[:start])
            for spans in concepts_in(table, candidate.question).values()
            for start, _ in spans
        )
        for table in TABLES.values()
    )


_DEFINITE = re.compile(
    r"(?:\b(?:the|this|that|der|die|das|diese[rs]?|el|la|este|esta|le|cet|cette|il)\s+|l')$"
)
"""Before what a question takes for granted: `is the bird in flight?` doesn't ask which bird it is."""


def _is_said_of_it(key: str, facts: list[tuple[str, Any]], case: Case) -> bool:
    """Whether a fact in words is told in a sentence; by itself or after `it's` it may well imply what was asked, where
    the question holds a thing against another."""
    if any(isinstance(value, int | float) for name, value in facts if name == key):
        return True
    answer = fold(case.candidate.answer)
    if len(texts(answer)) < 3:
        return False
    if kind_of(key) == "other" and (
        _A_NOUN.search(case.candidate.asked) or _SEVERAL.search(case.candidate.asked)
    ):
        return False  # `is it a sailing boat?` `You hear an icebreaker.`
    if _IS_ONE.match(answer):
        return not case.form.options and not _A_NOUN.search(case.candidate.asked)
    return True
