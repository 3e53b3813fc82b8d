"""trivial: an answer that tells nothing beyond the question, or one to a question that holds for every clip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import lexicon
from .asking import ASKED
from .binary import form_of
from .candidate import Candidate, a_filter
from .pitch import note_names
from .truisms import goes_without_saying
from .vocabulary import TABLES
from .words import (
    CJK,
    Word,
    concepts_in,
    content_words,
    fold,
    language_of,
    number_words,
    plain,
    stem,
    texts,
    words,
)

_YES = re.compile(r"^\W*(?:yes|yeah|ja|sí|si|oui|sì|sim|да)\b|^\W*(?:是|有|对|はい|能|可以)")
_NO = re.compile(r"^\W*(?:no|nope|not|none|nein|non|não|нет)\b|^\W*(?:不|没|无|いいえ)")

_VAGUE = frozenset(
    fold(word)
    for word in (
        "certain specific particular given own some sort kind type various typical usual such thing "
        "things one ones way "
        "manner quality nature characteristic characteristics called known be being is are was can could "
        "might exactly "
        "clip's speaker's person's its itself something someone somebody anything anybody anyone "
        "everybody thing whatever "
        "make makes made making do does doing done use uses used using have has having give gives given "
        "giving come comes "
        "coming go goes going take takes taken taking occur occurs occurring exist exists existing appear "
        "appears belong "
        "belongs belonging produce produces produced producing perform performs performed performing "
        "capture captured "
        "captures contain contains contained include includes included involve involves involved show shows shown "
        "showing describe describes described discuss discusses discussed discussing mention mentions "
        "mentioned address "
        "addresses addressed debate debated treat treated deal deals dealt concern concerns concerned "
        "consist consists "
        "refer refers talked about ask asked asks order ordered report reported state stated sing sings "
        "sung perceive "
        "perceived perceptible notice noticed recognise recognised recognize recognized identify "
        "identified determine "
        "easy easily obvious obviously actually apparent apparently "
        "determined question answer moment time clearly indeed simply just really kind-of "
        "gewisse gewisser gewisses gewissen gewissem bestimmte bestimmter bestimmtes bestimmten "
        "bestimmtem irgendein irgendeine "
        "irgendeinen irgendwas irgendetwas jemand jemanden art weise sorte typ eigene eigenen hat haben "
        "ist sind wird werden "
        "gesprochen gesagt gehört geht kommt macht gemacht zeigt drückt aus vorhanden zuhören thema "
        "stimmung emotion "
        "cierto cierta ciertos ciertas determinado determinada alguno alguna algún tipo clase manera modo "
        "forma alguien cosa "
        "tiene hay existe hace hecho trata dice dicho pertenece expresa emite produce presenta presente "
        "determinada concreto "
        "certain certaine certains certaines quelconque sorte type genre manière façon quelqu'un quelqu "
        "chose fait faite existe "
        "exprime émet produit produite présente présent s'agit agit appartient donné donnée précis précise "
        "certo certa certi certe qualche tipo specie modo maniera qualcuno qualcosa fatto tratta dice "
        "appartiene esprime emette "
        "alguém coisa jeito espécie tem existe feito feita pertence expressa emite "
        "некоторый некоторая некоторое некоторые некая некий некое определённый определённая определённое "
        "определенный "
        "определенная определенное какой-то какая-то какое-то кто-то что-то то вид вида тип типа род рода "
        "способ способом "
        "location took ort orte stelle platz aufgenommen lugar sitio grabó endroit lieu luogo posto local "
        "место месте каком "
        "образом является имеется есть присутствует выражает выражается относится принадлежит звучащий "
        "издает издаёт"
    ).split()
)
"""Words of which no answer can be made: indefinite ones, verbs of being, making, telling and noticing."""

_SPEAKING = frozenset(
    fold(word)
    for word in (
        "speak speaks speaking spoken talk talks talking say says said voice voices speech words word "
        "human person people "
        "anybody anyone somebody someone call recording clip audio excerpt during "
        "jemand spricht redet sprechen gesprochen stimme stimmen wird etwas gesagt alguien habla hablando "
        "voz voces persona "
        "quelqu quelqu'un parle voix personne qualcuno parla voce persona alguém fala falando voz pessoa "
        "кто-нибудь кто-то нибудь говорит голос речь человек слышен"
    ).split()
)
_OF_SPEECH = re.compile(
    r"\b(?:speech|speeches|forecasts?|announcements?|bulletins?|memos?|remarks|commentar\w+|speak\w*|"
    r"spoken|talk\w*|calls?|lectures?|meetings?|conversation\w*|voices?|read(?:ing|"
    r"ers?)?|sentences?|"
    r"interviews?|debates?|dialog\w*|utterances?|parliament\w*|news|podcasts?|audiobooks?|commands?|"
    r"voicemail\w*|messages?|"
    r"telephone|phone|accents?|dialects?|actors?|stor(?:y|ies)|tts|text-to-speech|narrat\w*|emotions?|"
    r"courtroom|sermons?)\b"
)
_MAY_BE_ABSENT = re.compile(
    r"sound|event|present|vad|activity|silence|detected|wake|trigger|contains|overlap_with|source"
)


@a_filter(
    keeps=Candidate("Who speaks?", "A woman.", {"gender": "female"}),
    drops=Candidate("What is this?", "An audio clip.", {"gender": "female"}),
)
def trivial(candidate: Candidate) -> str | None:
    """The answer tells nothing that the question doesn't, or what holds for every clip."""
    said = candidate.answer
    if (
        not texts(said)
        or _tells_a_fact(candidate)
        or note_names(said, syllables=len(texts(said)) < 3, german=True)
    ):
        return None
    form = form_of(candidate.question)
    if form.tests and form.binary:
        if _YES.match(plain(said)) and _asks_nothing(candidate):
            return "it asks what holds for every clip"
        return None
    if form.options or _NO.match(plain(said)):
        return None
    if CJK.search(said):
        return "the answer names nothing in particular" if _empty_in_cjk(candidate) else None
    if re.search(r"\d", said) or _PHRASAL.search(fold(said)) or _counts(said, candidate.asked):
        return None
    new = list(_new_words(candidate))
    if not new or (len(new) == 1 and _names_what_was_asked(candidate, new[0])):
        return "the answer tells nothing that the question doesn't"
    return None


_PHRASAL = re.compile(
    r"\b(?:tak|go|com|mak|giv|get|mov|let|worn|wear|fed|put|set|shut|turn|cut|run|ran|laid|h[eo]ld|stand|"
    r"stood|keep|kept)\w* (?:off|up|down|out|away|back|over|through|in|on|left|"
    r"right)\b(?! (?:the|a|this) (?:clip|recording))|\b\w{3,} (?:off|up|down|out|in|away|back|over)\W*$"
)


def _new_words(candidate: Candidate) -> Iterator[Word]:
    """The words of the answer that aren't in the question, in the names of facts, or empty."""
    asked = {word.stem for word in candidate.asked_words}
    vague = frozenset() if candidate.spoken and ASKED["content"].search(candidate.asked) else _VAGUE
    keys = {stem(part) for key in candidate.facts for part in re.split(r"[_\W]+", key.lower())}
    for word in content_words(candidate.answer, language_of(candidate.answer) or candidate.language):
        if word.text in lexicon.GENERIC or word.text in vague or word.stem in asked or word.stem in keys:
            continue
        if goes_without_saying(word, candidate) or any(
            _alike(word.text, other.text) for other in candidate.asked_words
        ):
            continue
        yield word


def _alike(one: str, other: str) -> bool:
    """Whether two words are forms of one: they begin alike and end in different endings."""
    least = min(len(one), len(other))
    same = next((i for i in range(least) if one[i] != other[i]), least)
    return same >= 5 and max(len(one), len(other)) - same <= 3


_RELATIVE = (
    r"(?:that|which|who|of|in which|being|die|der|das|den|que|qui|dont|che|котор\w+|on which|with which|"
    r"by which|from which|where)"
)
_FRAME = re.compile(
    rf"^\W*(?:(?:it|this|that|he|she) (?:is|was) |es ist |es |c'est |è |é |это )?(?:the|that|a|an|some|"
    rf"die|der|das|el|la|los|il|lo|le|les|o|un|una|"
    rf"une|ein|eine)?\s*(?:kind |sort |type |art |tipo |sorte |вид )?(?:of |von |de |di "
    rf")?(?P<noun>[\w-]+)\b.*?\b{_RELATIVE}\b"
)


def _names_what_was_asked(candidate: Candidate, new: Word) -> bool:
    """`The subject that is being debated.`: the noun of the question, and a clause that says what it's the noun of."""
    match = _FRAME.match(fold(candidate.answer))
    asked = {word.stem for word in candidate.asked_words}
    return match is not None and stem(match["noun"]) in asked and new.start > match.start("noun")


def _empty_in_cjk(candidate: Candidate) -> bool:
    said, asked = fold(candidate.answer), fold(candidate.question)
    if re.search(r"\d", said):
        return False
    if re.search(r"[぀-ヿ]", said):
        runs = re.findall(r"[㐀-鿿々]+|[゠-ヿー]+", said)
        if not runs or any(run not in asked and run not in _GENERIC_JA for run in runs):
            return False
        rest = re.sub(r"[㐀-鿿々゠-ヿー]+", " ", said)
        return all(_FUNCTION_JA.fullmatch(part) for part in re.findall(r"[぀-ゟ]+", rest))
    rest = said
    for length in range(min(len(said), 8), 1, -1):
        for i in range(len(said) - length + 1):
            piece = said[i : i + length]
            if piece in asked and re.fullmatch(r"[㐀-鿿]+", piece):
                rest = rest.replace(piece, "")
    for word in sorted([*lexicon.GENERIC_CJK, *_VAGUE_ZH], key=len, reverse=True):
        rest = rest.replace(word, "")
    return not re.sub(r"\W", "", rest)


_VAGUE_ZH = (
    "地方",
    "录制",
    "录",
    "位置",
    "场所",
    "属于",
    "具有",
    "带有",
    "存在",
    "发出",
    "表现",
    "特定",
    "一定",
    "类型",
    "类",
    "人",
    "所",
    "正",
    "着",
    "会",
    "能",
)
_GENERIC_JA = frozenset(
    "声 音 音声 録音 話者 話 人 感情 言語 楽器 音楽 曲 種類 何 誰 特定 内容 聞 中 質 "
    "表現 存在 鳴 持 感 話題 場所 クリップ".split()
)
_FUNCTION_JA = re.compile(
    r"(?:されました|された|は|が|を|に|で|と|の|から|も|へ|には|では|ある|あります|ありました|いる|います|"
    r"いました|です|でした|だ|という|といった|する|して|した|します|しています|"
    r"している|されて|されています|される|こえます|こえる|こえてきます|きます|った|って|っています|ている|"
    r"ています|てい|ような|ように|ものです|もの|こと|ことです|"
    r"なにか|なんらかの|らかの|か|ある|その|この|それは|これは|し|す|く|き|り|る|れ|せ|き|え|い)+"
)


def _counts(said: str, asked: str) -> bool:
    """Whether the answer is a number in words; `one` and its like are articles where nothing is to be counted."""
    found = texts(said)
    if any(word in _NUMBERS for word in found) or (len(found) == 1 and found[0] in _ONES):
        return True
    return bool(_ONES & set(found)) and _HOW_MANY.search(asked) is not None


_HOW_MANY = re.compile(
    r"\bhow many\b|\bnumber of\b|\bwie ?viele?\b|\bcuant[oa]s\b|\bcombien\b|\bquant[ieoa]s?\b|сколько|几|"
    r"多少|何人|いくつ"
)


_ONES = {way[0] for way in number_words(1)}
_NUMBERS = {word for number in range(100) for way in number_words(number) for word in way} - _ONES - {"y"}


def _asks_nothing(candidate: Candidate) -> bool:
    """Whether a question asks after sound at all, or after speech where there is nothing else."""
    if CJK.search(candidate.question):
        words_of_it = r"(?:这段|录音|音频|里|中|有|没有|是否|声音|吗|任何|什么|能|听到|听见|可以|\W)+"
        speaking = rf"(?:{words_of_it}|说话|人|有人|在|话|语音|通话|对话)+"
        question = candidate.question
        return re.fullmatch(words_of_it, question) is not None or (
            _is_of_speech(candidate) and re.fullmatch(speaking, question) is not None
        )
    content = content_words(candidate.question, candidate.language)
    plainly = [w for w in content if w.text not in lexicon.NAMELESS | lexicon.EXISTENCE | _SOUNDING]
    if not plainly:
        return bool(content)
    asked = {word.text for word in candidate.asked_words}
    return _is_of_speech(candidate) and bool(asked & _SOMEBODY) and all(w.text in _SPEAKING for w in plainly)


_SOUNDING = frozenset(
    fold(w) for w in (
        "all überhaupt hören hörbar hört zu oye oír escucha escuchar entend entendre quelque chose слышно "
        "слышен слышны что-нибудь "
        "нибудь sente sentire qualcosa ouve ouvir algum alguma algún alguna audio ningún"
    ).split()
)  # fmt: skip
_SOMEBODY = frozenset(
    fold(w)
    for w in "anybody anyone somebody someone any jemand alguien quelqu qualcuno alguém нибудь кто-нибудь".split()
)


def _is_of_speech(candidate: Candidate) -> bool:
    """Whether somebody speaks in every clip of the corpus: that is what it is of, and no fact could tell otherwise."""
    facts = candidate.facts
    speaks = _OF_SPEECH.search(candidate.corpus_description.lower()) is not None or any(
        re.search(r"transcript|utterance|speaker|gender|accent|dialect|language|topic", key.lower())
        for key in facts
    )
    return speaks and not any(
        _MAY_BE_ABSENT.search(key.lower()) or isinstance(value, bool) for key, value in facts.items()
    )


def _tells_a_fact(candidate: Candidate) -> bool:
    """Whether the answer names a value of a fact that the question doesn't, or gives words of the clip."""
    spoken, found = set(texts(candidate.spoken)), texts(candidate.answer)
    if spoken and found and all(word in spoken for word in found):
        return True
    asked = {word.stem for word in candidate.asked_words}
    stops = lexicon.GENERIC | _VAGUE
    values = "\n".join(_values(candidate.facts))
    if not values:
        return False
    told = {word.stem for word in content_words(values, None) if word.text not in stops}
    told |= {word.stem for word in content_words(candidate.spoken, None) if word.text not in lexicon.GENERIC}
    told -= asked
    if any(word.stem in told for word in words(candidate.answer)):
        return True
    for table in TABLES.values():
        named = set(concepts_in(table, values)) & set(concepts_in(table, candidate.answer))
        if named - set(concepts_in(table, candidate.question)):
            return True
    return any(texts(item) == [w for w in found if w in texts(item)] != [] for item in values.splitlines())


def _values(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    elif isinstance(value, str):
        yield value.replace("_", " ")


FILTER = trivial
