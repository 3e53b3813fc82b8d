"""A clip's text turned round in the answer: a negation lost or added, left for right, forward for reverse."""

from __future__ import annotations

import re

from .candidate import Candidate
from .claims import denied_at
from .known import Known
from .vocabulary import EXCLUSIVE, TABLES
from .words import CJK, concepts_in, content_words, fold, language_of, words

_NOT = {
    "en": r"\b(?:not|never|cannot|no longer)\b|n't\b", "de": r"\b(?:nicht|nie|niemals)\b",
    "es": r"\b(?:no|nunca|jamas)\b",
    "fr": r"\b(?:ne|jamais)\b|\bn'", "it": r"\b(?:non|mai)\b", "pt": r"\b(?:nao|nunca)\b", "ru": r"\b(?:не|никогда)\b",
}  # fmt: skip
ANY_NOT = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|without|neither|nor|cannot|avoid\w*|refus\w*|forb[ia]d\w*|prohibit\w*|stop\w*|"
    r"refrain\w*|warn\w*|against|instead|rather|unless|only|den(?:y|ies|ied)|fail\w*|lack\w*|prevent\w*|hardly|barely|except|"
    r"nicht|kein\w*|nie\w*|nichts|ohne|vermeid\w*|verbot\w*|verbiet\w*|nur|erst|sin|nada|nadie|evit\w*|prohib\w*|ningun\w*|"
    r"ni|solo|sans|pas|rien|aucun\w*|interdi\w*|jamais|ne|non|senza|nessun\w*|niente|mai|nao|sem|nem|нет|не|без|никто|"
    r"ничего|нельзя|запре\w*|избега\w*|отказ\w*|только|никогда)\b|n't\b|\bn'"
)
_OPPOSED = re.compile(r"\b(?:un|dis)\w{4,}")
_LEAST_COMMON, _MOST_COMMON = 0.6, 0.8
_FEW = 2
_LONGEST = 14  # words of a text; a longer one has clauses without the negation, too


def denied_in_a_text(kind: str, value: str, known: Known) -> bool:
    """Whether a text among the facts names a value and has some negation, so that a denial may repeat it."""
    return any(
        len(text.split()) > _FEW + 1
        and value in concepts_in(TABLES.get(kind, ""), text)
        and ANY_NOT.search(fold(text))
        for _, text in known.texts
    )


def lost_negation(candidate: Candidate, known: Known) -> bool:
    """Whether an answer repeats a short text that has one `not` without it, or one that has none with it.

    Only where the answer has most of the words of the text; one that puts it otherwise (`avoid`) is left alone.
    """
    prose = known.prose
    language = language_of(prose) or "en"
    if (
        language not in _NOT
        or CJK.search(prose)
        or "\n" in prose
        or candidate.language not in (language, None)
    ):
        return False
    pattern = re.compile(_NOT[language])
    text, answer = fold(prose), fold(candidate.answer)
    own = [match.end() for match in pattern.finditer(text)]
    more = [match for match in ANY_NOT.finditer(text) if not pattern.fullmatch(match[0])]
    if "?" in text or len(own) > 1 or more or len(text.split()) > _LONGEST or ANY_NOT.search(candidate.asked):
        return False
    said = {word.stem for word in content_words(answer, language)}
    if own:
        told = [word.stem for word in content_words(text[own[0] :], language)][:4]
        lost = not ANY_NOT.search(answer) and not _OPPOSED.search(answer)
        return lost and len(told) > 1 and told[0] in said and _share(told, said) >= _LEAST_COMMON
    negated = [match.end() for match in pattern.finditer(answer)]
    if len(negated) != 1:
        return False
    told = [word.stem for word in content_words(text, language)]
    after = [word.stem for word in content_words(answer[negated[0] :], language)]
    return bool(after) and after[0] in told and len(after) > 1 and _share(after, set(told)) >= _MOST_COMMON


def _share(wanted: list[str], found: set[str]) -> float:
    return sum(word in found for word in wanted) / len(wanted)


_OPPOSITES = (
    """
forward: forward forwards ahead vorwarts adelante avant avanti вперед 前进 向前
back: reverse reverses backward backwards ruckwarts atras arriere indietro назад 后退 倒车 向后
""",
    """
up: upstairs upward upwards raise raises hoch_fahren sube subir monter monte вверх повысь увеличь 调高 上楼
down: downstairs downward downwards lower lowers runter_fahren baja bajar baisser baisse вниз понизь уменьши 调低 下楼
""",
    """
north: north northern northbound norden nordlich norte nord север* 北
south: south southern southbound suden sudlich sud юг юга южн* 南
east: east eastern eastbound osten ostlich восток* 东
west: west western westbound westen westlich oeste ouest запад* 西
""",
    """
inside: inside indoors drinnen adentro dedans dentro внутри 里面
outside: outside outdoors draussen afuera dehors fuera fuori снаружи 外面
""",
    """
arrive: arrive arrives arrived arrival ankunft ankommt angekommen llega llegada arrivee прибыва* прибыт* 到达
depart: depart departs departed departure abfahrt salida отправл* отбыт* 出发
""",
    """
buy: buy buys bought kauft kaufen comprar compra achete* купить покупа* 买
sell: sell sells sold verkauf* vender vende vend* продать прода* 卖
""",
    """
hot: hot hotter heiss* caliente chaud* caldo quente горяч* 热
cold: cold colder kalt* frio fria froid* freddo холодн* 冷
""",
    """
increase: increase increases increased erhoh* aumenta* augmente* увелич* 增加
decrease: decrease decreases decreased verring* disminu* reduce* diminue* уменьш* 减少
""",
    """
systole: systol* систол* 收缩期
diastole: diastol* диастол* 舒张期
""",
    """
inhale: inhal* inspirator* einatm* inspir* вдох* 吸气
exhale: exhal* expirator* ausatm* espir* expir* выдох* 呼气
""",
    """
wet: wet nass nasse nassen mojad* mouille* bagnat* molhad* мокр* 湿
dry: dry trocken* seco seca secs seche* asciutt* сухой сухая сухое сухому сух 干燥
""",
    """
upstream: upstream stromaufwarts
downstream: downstream stromabwarts
""",
    """
takeoff: takeoff take_off takes_off taking_off startet despega* decolle* decollo взлет* 起飞
landing: lands landing landet aterriza* atterri* посадк* 降落
""",
    """
summer: summer sommer verano verao летом лето 夏
winter: winter invierno hiver inverno зимой зима 冬
spring: springtime fruhling primavera printemps весной весна 春
autumn: autumn herbst otono automne autunno outono осенью осень 秋
""",
    """
soprano: sopran* сопрано 女高音
alto: alto altos contralto* contralti alt altos alte альт альты контральто 女低音
tenor: tenor* tenore tenores tenori тенор* 男高音
baritone: bariton* baryton* баритон* 男中音
bass: bass basses bassi basso bajos basse basses baixo* бас басы 男低音
""",
)
"""Sets of which a text that names one doesn't mean another; `left` is a verb too and looked at with its neighbours."""


def opposite(candidate: Candidate, known: Known) -> tuple[str, str] | None:
    """A word of the clip's text, or of a fact, and its opposite in the answer."""
    facts = "\n".join(text for texts in known.values.values() for text in texts)
    answer = fold(candidate.answer)
    everything = f"{facts}\n{candidate.question}\n{candidate.corpus_description}"
    for table in (*_OPPOSITES, *(EXCLUSIVE if not known.prose else ())):
        told, said = concepts_in(table, facts), concepts_in(table, candidate.answer)
        added = set(said) - set(told)
        if (
            not told
            or not added
            or (set(said) & set(told) and len(told) < 2)
            or added & set(concepts_in(table, everything))
        ):
            continue
        value = sorted(added)[0]
        if len(set(said) & set(told)) == len(told) or denied_at(answer, *said[value][0], candidate.language):
            continue
        if _FROM_THERE.search(answer[: said[value][0][0]]) and not _FROM_THERE.search(fold(facts)):
            continue  # what goes east comes from the west
        if not _about_the_same(candidate, facts, table):
            continue
        own = next(iter(told.values()))[0]
        return fold(facts)[slice(*own)], answer[slice(*said[value][0])]
    return _left_for_right(known, candidate)


_FROM_THERE = re.compile(
    r"\b(?:from|aus|von|vom|desde|del|dal|dall|du|depuis|с|со)\W+(?:(?:the|dem|der|el|la|l)\W+)?$"
)


def _about_the_same(candidate: Candidate, facts: str, table: str) -> bool:
    """Whether the answer has another word of the facts, so that it speaks of the same thing; a list is one anyway."""
    if len(concepts_in(table, facts)) > 1 or (not CJK.search(facts) and len(words(facts)) < 3):
        return True
    if len(content_words(candidate.answer, candidate.language)) <= _FEW:
        return True
    told = {w.stem for w in content_words(facts, candidate.language)}
    return (
        any(w.stem in told for w in content_words(candidate.answer, candidate.language))
        or CJK.search(facts) is not None
    )


_SIDES = {
    "left": "right",
    "links": "rechts",
    "gauche": "droite",
    "izquierda": "derecha",
    "sinistra": "destra",
    "esquerda": "direita",
}


def _left_for_right(known: Known, candidate: Candidate) -> tuple[str, str] | None:
    """`runway three four right` where the text has `three four left`: the same word stands before both."""
    spoken, said = [w.text for w in words(known.prose)], [w.text for w in words(candidate.answer)]
    for one, other in [*_SIDES.items(), *((b, a) for a, b in _SIDES.items())]:
        if one in spoken and other in said and other not in spoken and one not in said:
            before, after = spoken.index(one) - 1, said.index(other) - 1
            if (
                before >= 0
                and after >= 0
                and spoken[before] == said[after]
                and spoken[before] not in ("has", "was", "just")
            ):
                return one, other
    return None
