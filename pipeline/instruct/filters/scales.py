"""Scales whose ends are known by name: a whisper isn't loud, A1 isn't advanced, 1.5 of 7 isn't agitated.

A fact is read as an end of a scale by its word, its level, or its number within the range that the corpus
description gives. What lies between says nothing, and so does a scale that isn't asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .binary import form_of
from .candidate import Candidate
from .claims import denied_at
from .words import fold


@dataclass(frozen=True)
class Scale:
    """The names of its facts; the words of its ends; and how a question asks for it without one of these."""

    key: re.Pattern[str]
    high: re.Pattern[str]
    low: re.Pattern[str]
    asks: re.Pattern[str]
    told_high: re.Pattern[str]
    told_low: re.Pattern[str]
    range: tuple[float, float] | None = None


def _scale(
    key: str, high: str, low: str, asks: str, told: tuple[str, str] = ("(?!)", "(?!)"),
    span: tuple[float, float] | None = None,
) -> Scale:  # fmt: skip
    return Scale(
        re.compile(key), re.compile(high), re.compile(low), re.compile(asks),
        re.compile(f"{told[0]}|{high}"), re.compile(f"{told[1]}|{low}"), span,
    )  # fmt: skip


_SCALES = (
    _scale(
        r"effort|loudness|vocal_level|voice_level|speech_level|(?:^|_)volume$",
        r"\b(?:loud(?:ly)?|shout\w*|yell\w*|scream\w*|laut\w*|schrei\w*|fuerte|alt[oa] (?:volumen|voz)|"
        r"grit\w*|fort|cri(?:er|e|ent|ant)|"
        r"forte|url\w+|громк\w+|крич\w+)\b|大声|喊",
        r"\b(?:quiet(?:ly)?|soft(?:ly)?|whisper\w*|hushed|leise\w*|fluster\w*|gefluster\w*|suave|"
        r"baj[oa]|susurr\w*|doucement|"
        r"chuchot\w*|sussurr\w*|baix[oa]|тих\w+|шепот\w*|шепч\w+)\b|轻声|小声|低语",
        r"how (?:loud|soft|quiet)|loudness|wie laut|wie leise|vocal effort|how forceful|volume|"
        r"lautstark|громкост|音量",
    ),
    _scale(
        r"dynamic",
        r"\b(?:loud(?:ly)?|fortissimo|forte|laut\w*|fuerte|fort|громк\w+)\b|大声|很响",
        r"\b(?:quiet(?:ly)?|soft(?:ly)?|pianissimo|leise\w*|suave\w*|doucement|tout bas|sottovoce|baixinho|"
        r"тих\w+)\b|轻声|很轻",
        r"how (?:loud|soft|quiet)|loudness|wie laut|wie leise|dynami|volume|lautstark|громкост|音量|力度",
        (r"^(?:f{1,4}|forte|fortissimo)$", r"^(?:p{1,4}|piano|pianissimo)$"),
    ),
    _scale(
        r"(?:^|_)(?:condition|state|status|health)$|machine_(?:condition|state)",
        r"\b(?:normal\w*|healthy|intact|smooth\w*|flawless\w*|"
        r"in (?:good|perfect|working) (?:order|shape|condition)|in order|"
        r"in ordnung|einwandfrei\w*|en buen estado|en bon etat|in buono stato|исправ\w+|нормальн\w+)\b|正常|完好",
        r"\b(?:faulty|defective|broken|damaged|abnormal\w*|anomal\w+|malfunction\w*|defekt\w*|kaputt\w*|beschadigt\w*|"
        r"defectuos[oa]|averiad[oa]|estropead[oa]|defectueu\w+|en panne|difettos[oa]|guast[oa]|неисправн\w+|"
        r"сломан\w+)\b|故障|异常",
        r"condition|\bstate\b|in good order|\bzustand|estado|\betat\b|stato|состояни|状态|how is",
        (
            r"^(?:normal|healthy|ok|good|intact|new)\b",
            r"^(?:abnormal|anomal\w*|faulty|broken|defective|damaged|worn|bad)\b",
        ),
    ),
    _scale(
        r"cefr|proficien|(?:language|learner|skill|english)_level$|^level$",
        r"\b(?:advanced|fluent\w*|proficient|near-native|highly skilled|fortgeschritten\w*|fliessend\w*|"
        r"avanzad[oa]|fluid[oa]|"
        r"avancee?|courant|avanzat[oa]|avancad[oa]|fluente|продвинут\w+|свободно)\b|高级|流利",
        r"\b(?:beginners?|elementary|basic|novice|anfanger\w*|principiante|basic[oa]|debutante?|"
        r"elementaire|elementare|"
        r"iniciante|начинающ\w+|начальн\w+)\b|初学|初级",
        r"how (?:advanced|fluent|proficient|good|well)|level|proficien|niveau|nivel|livello|уровень|水平",
        (r"^c[12]\b", r"^a[12]\b"),
    ),
    _scale(
        r"arousal|activation",
        r"\b(?:excited|agitat\w+|worked up|energetic|lively|aroused|stirred|aufgeregt\w*|erregt\w*|"
        r"lebhaft\w*|agitad[oa]|agitacion|"
        r"alterad[oa]|excitad[oa]|energic[oa]|agitee?|excitee?|energique|agitat[oa]|eccitat[oa]|"
        r"взволнован\w*|возбужд\w+)\b|激动|兴奋",
        r"\b(?:calm(?:ly)?|relaxed|subdued|sleepy|drowsy|placid|serene|ruhig\w*|entspannt\w*|"
        r"gelassen\w*|tranquil[oa]|calmad[oa]|"
        r"relajad[oa]|calme|detendue?|calm[oa]|rilassat[oa]|relaxad[oa]|спокой\w+|расслаб\w+)\b|平静|放松|冷静",
        r"arousal|how (?:calm|excited|agitated|energetic|lively)|energy|erregung|activacion",
    ),
    _scale(
        r"valence|pleasantness",
        r"\b(?:happy|cheerful|positive|pleasant|joyful|upbeat|frohlich\w*|glucklich\w*|positiv\w*|"
        r"alegre|feliz|positiv[oa]|"
        r"joyeu\w+|heureu\w+|positi\w+|allegr\w+|felice|весел\w+|радост\w+|позитивн\w+)\b|快乐|开心|积极|高兴",
        r"\b(?:unhappy|sad|gloomy|negative|unpleasant|traurig\w*|negativ\w*|triste|desagradable|"
        r"negati[vf]\w*|desagreable|"
        r"грустн\w+|печальн\w+|негативн\w+)\b|悲伤|消极|难过",
        r"valence|how (?:positive|pleasant|happy)|mood|stimmung|humeur|настроени|情绪",
    ),
    _scale(
        r"(?:^|_)mos(?:_|$)|quality",
        r"\b(?:excellent|very good|good|great|high(?:-| )quality|crystal[- ]clear|pristine|"
        r"gut(?:e[rsnm]?)?|ausgezeichnet\w*|buen[oa]|"
        r"excelente|bonne?|ottim[oa]|buon[oa]|eccellente|boa|bom|хорош\w+|отличн\w+)\b|很好|优秀",
        r"\b(?:bad|poor|terrible|awful|dreadful|low(?:-| )quality|schlecht\w*|mies\w*|mal[oa]|pesim[oa]|"
        r"mauvaise?|pessim[oa]|"
        r"cattiv[oa]|scadente|ruim|плох\w+|ужасн\w+)\b|很差|糟糕",
        r"quality|qualitat|calidad|qualite|qualita|qualidade|качеств|质量|how (?:good|bad|clean|clear)",
        (r"^(?:excellent|good|high)\b", r"^(?:bad|poor|low)\b"),
        (1.0, 5.0),
    ),
    _scale(
        r"(?:^|_)load(?:_|$)|load_level",
        r"\b(?:(?:at |under |with )?(?:a )?(?:full|heavy|high|maximum|peak) load|working hard|flat out|"
        r"full power|volllast|"
        r"(?:plena|toda) (?:carga|potencia)|pleine charge|pieno carico|полн\w+ нагрузк\w+)\b|满载|满负荷",
        r"\b(?:idl\w+|no load|unloaded|light load|low load|leerlauf|sin carga|a vide|ralenti|a vuoto|"
        r"холост\w+|без нагрузки)\b|空载",
        r"\bload\b|\blast\b|carga|charge|carico|нагрузк|负载|how hard",
        (r"^(?:full|heavy|high|max\w*)\b", r"^(?:idle|none|no|zero|light|low|min\w*)\b"),
    ),
)  # fmt: skip
_RANGE = re.compile(
    r"(?:from|between|scale (?:of|from)|rated|\bvon|\bde)?\s*([-−]?\d+(?:\.\d+)?)\s*(?:to|and|-|–|"
    r"through|bis|a)\s*([-−+]?\d+(?:\.\d+)?)"
)
_END, _HIGH_END = 0.2, 0.8
_CODE = re.compile(r"^[abc][12]\b")
_HEDGED = re.compile(
    r"\b(?:not|n't|less|more|than|too|neither|nor|between|rather than|almost|medium|moderate\w*|mid\w*|"
    r"somewhat|fairly neutral|"
    r"nicht|kein\w*|weder|no|ni|pas|non|nao|не|ни)\b|n't\b|不|没"
)


def off_the_scale(candidate: Candidate, language: str | None, yes: bool | None) -> str | None:
    """The word of the wrong end of a scale that an answer asserts, or says yes to."""
    for name, value in candidate.facts.items():
        scale = next((s for s in _SCALES if s.key.search(str(name).lower())), None)
        end = None if scale is None else _end_of(value, scale, candidate)
        if scale is None or end is None:
            continue
        right, wrong = (scale.high, scale.low) if end else (scale.low, scale.high)
        asked, answer = candidate.asked, fold(candidate.answer)
        in_question = wrong.search(asked) or right.search(asked)
        if not (in_question or scale.asks.search(asked)):
            continue
        said = wrong.search(answer)
        if said and not right.search(answer) and not _is_hedged(answer, said.start(), said.end(), language):
            return said[0]
        form = form_of(candidate.question)
        tested = wrong.search(asked)
        if (
            yes and tested and form.tests and not form.options and not right.search(asked + answer)
            and not _HEDGED.search(asked)
        ):  # fmt: skip
            return tested[0]
    return None


def _is_hedged(text: str, start: int, end: int, language: str | None) -> bool:
    clause = re.split(r"[.,;:!?]", text[:start])[-1]
    return denied_at(text, start, end, language) or _HEDGED.search(clause) is not None


def _end_of(value: object, scale: Scale, candidate: Candidate) -> bool | None:
    """Whether a fact lies at the upper end of its scale (True), at the lower (False), or neither is known."""
    if isinstance(value, str):
        text = fold(value).strip()
        high, low = scale.told_high.search(text), scale.told_low.search(text)
        return None if bool(high) == bool(low) or len(text.split()) > _SHORT else bool(high)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    span = _range_of(candidate) or scale.range
    if span is None or not span[0] <= value <= span[1]:
        return None
    share = (value - span[0]) / (span[1] - span[0])
    return True if share >= _HIGH_END else False if share <= _END else None


_SHORT = 3  # words of a value that is a level and not a description


def _range_of(candidate: Candidate) -> tuple[float, float] | None:
    """The range of a scale as the corpus description gives it, where it gives one."""
    found = {
        (float(match[1].replace("−", "-")), float(match[2].replace("−", "-").lstrip("+")))
        for match in _RANGE.finditer(fold(candidate.corpus_description))
    }
    spans = [span for span in found if span[0] < span[1]]
    return spans[0] if len(spans) == 1 else None
