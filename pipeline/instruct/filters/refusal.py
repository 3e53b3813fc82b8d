"""refusal: the model excuses itself instead of answering."""

from __future__ import annotations

import re

from .candidate import Candidate, a_filter
from .prose import repeats, without_quotations
from .words import plain, texts

_HEARD = (
    r"(?:the |this |that |any |your |an? |actual |such )*(?:audio|recording|clip|sound|file|sample|voice|"
    r"track|content|"
    r"speaker|it|that|this|question|request|anything|music|song|lyrics)"
)
_ANSWERING = (
    r"(?:answer|determin|identif|tell|say|know|provid|process|analy[sz]|access|listen|hear|perceive|play|"
    r"assess|judge|evaluat|"
    r"diagnos|help|assist|comply|respond|give|confirm|verif|recogni[sz]|discern|comment|reproduc|"
    r"transcrib|translat|"
    r"infer|describ|count|name|estimat|guess|fulfil|share|open|make out|speculat|decid|offer|detect)"
)
_EXCUSES = re.compile(
    # English
    r"\b(?:as an? (?:ai|artificial|(?:large )?language|text|virtual|assistant|machine|chat|llm|model)\b|"
    r"language model|"
    r"text[- ](?:based|only) (?:assistant|model|ai|system)|(?:just|only|merely) an? (?:ai|assistant|"
    r"language|text|model|program)\b|"
    r"i(?:'m| am) (?:(?:really |so |very |terribly )?sorry\b,?(?: but| i|,)|afraid (?:i|that i|there|it|"
    r"this|the|that)|"
    rf"(?:unable|not able|not in a position|not equipped|not allowed|not permitted|not qualified) to)|"
    r"(?:i|we) (?:apologi[sz]e|regret)\b|(?:my )?apologies,? (?:but|i)|"
    rf"i (?:really |simply |honestly )?(?:can't|cannot|can not|could not|couldn't|am unable to|won't|will "
    rf"not|would not|"
    rf"wouldn't be able to|must decline to|have to decline to|prefer not to|would rather not|'d rather not) "
    rf"(?:\w+ ){{0,2}}?{_ANSWERING}\w*|"
    r"i(?:'m| am) only able to|\b(?:beyond|outside) (?:my|the scope of my) (?:abilit|capabilit|scope|"
    r"reach|means|expertise)|"
    r"(?:isn't|is not|not) something (?:that )?i (?:can|could|am able)|i lack (?:the |any )?(?:\w+ "
    r")?(?:abilit|capabilit|means|access|information)|"
    r"inappropriate (?:for me )?to|i(?:'m| am)(?: not|n't) comfortable|i don't feel comfortable|no way "
    r"for (?:me|us) to|"
    r"(?:information|recording|audio|answer) (?:is|was) (?:not available|unavailable|inaccessible|missing)|"
    r"i(?:'d| would)? (?:rather not|must decline|have to decline|decline to)|"
    r"i (?:don't|do not|didn't|did not) (?:actually |currently |really )?(?:have (?:any |the |enough |"
    r"direct |sufficient |a )?"
    r"(?:access|ability|information|way|means|audio|capabilit|ears|context|possibility)|know\b|receive|"
    r"see any audio)|"
    r"i (?:have|had) (?:no|not) (?:access|way|means|information|ability|audio|ears|idea|possibility)|"
    r"(?:i|one) (?:would|'d|will|'ll) (?:need|have) to (?:hear|listen|access|have)|i need (?:the|to hear|"
    r"to listen|access|more)|"
    r"(?:cannot|can't|can not|could not|couldn't|impossible to|not possible to|unable to|no way to|no way "
    r"of|hard for me to|"
    r"not (?:something|a question) i can) (?:be )?(?:determin\w*|tell\w*|say\w*|know\w*|answer\w*|"
    r"identif\w*|hear\w*|listen\w*|"
    r"ascertain\w*|established|judg\w*|inferred|assess\w*|verif\w*)\b(?! (?:apart|them|him|her|you|us|me|"
    r"the difference))|"
    r"(?:not|\w+n't) (?:any |enough |sufficient )(?:information|context|data|evidence|detail)\b|"
    r"(?:not enough|insufficient|no) (?:information|context|data|evidence|audio)(?: (?:to|is|was|has|"
    r"about|on|for|available))|"
    r"without (?:hearing|listening|access|the audio|the recording|further|more)\b|"
    r"(?:please|kindly|could you|can you) (?:\w+ )?(?:provide|upload|share|attach|send|supply|rephrase|"
    r"clarify|consult|ask)\b|"
    r"no audio (?:file |clip )?(?:was|is|has been|were) (?:provided|attached|given|included|available|uploaded)|"
    r"(?:against|violat\w+) (?:\w+ ){0,3}(?:policy|policies|guidelines)|because of copyright|due to copyright|"
    r"(?:unfortunately|regrettably),? (?:i|we|the (?:question|answer|information)|this|it|there|"
    r"that)\b(?=[^.]*\b(?:not|no|can't|"
    r"cannot|unable|isn't|doesn't|don't)\b))|"
    # German
    r"\b(?:als (?:ki|sprachmodell|künstliche|textbasiert\w*|assistent)\b|sprachmodell|ich (?:bin|war) "
    r"(?:leider |ja )?(?:nur )?(?:eine? "
    r"(?:ki|künstliche|sprach|text|assistent)|nicht in der lage|ausserstande|nicht fähig)|(?:ich |leider "
    r")?kann ich (?:\w+ ){0,5}?"
    r"(?:nicht|keine?n?) (?:\w+ ){0,3}?(?:hören|anhören|beantworten|sagen|bestimmen|erkennen|feststellen|"
    r"beurteilen|helfen|verarbeiten|"
    r"abspielen|analysieren|wiedergeben|geben|machen|zugreifen|einschätzen|ermitteln|identifizieren|"
    r"treffen)|ich kann (?:\w+ ){0,6}?(?:nicht|keine?n?) (?:\w+ ){0,3}?"
    r"(?:hören|anhören|beantworten|bestimmen|feststellen|beurteilen|verarbeiten|abspielen|analysieren|"
    r"zugreifen|ermitteln|identifizieren)|"
    r"mir (?:\w+ ){0,4}nicht vor(?:liegt|liegen)?\b|"
    r"(?:es )?tut mir leid,? (?:aber|ich|das|dazu|die|diese)|ich habe (?:leider )?(?:keinen zugriff|keine "
    r"(?:möglichkeit|informationen|"
    r"audio\w*|angaben))|entschuldigung,? (?:aber |ich |das )|(?:lässt|kann) sich (?:leider )?(?:ohne|"
    r"nicht (?:sagen|bestimmen|"
    r"beantworten|feststellen|beurteilen|ermitteln))|(?:lässt|kann) sich (?:\w+ ){1,4}nicht (?:sagen|"
    r"bestimmen|beantworten|feststellen|"
    r"beurteilen|ermitteln)|ohne (?:die |den |das )?(?:aufnahme|audio\w*|ton\w*|clip) (?:zu|anzu|kann)|"
    r"das weiss ich nicht|"
    r"ich weiss (?:es |das )?nicht|darüber (?:liegen|habe ich) (?:mir )?keine|bitte (?:stellen|laden|"
    r"geben|senden|wenden) sie)|"
    # Spanish, Portuguese
    r"\b(?:como (?:una? |um |uma )?(?:ia\b|modelo|inteligencia|inteligência|asistente|assistente)|modelo "
    r"de (?:lenguaje|linguagem)|"
    r"lo siento,? (?:pero|no|como|mucho)|lamento,? (?:pero|no|mas|não|informar|que)|lamentablemente,? "
    r"(?:no|como|como)|"
    r"(?:desculpe|desculpa|sinto muito|lamentamos|perdón|disculpe|disculpa),? (?:pero|mas|no|não|como)|"
    r"infelizmente,? (?:não|como)|"
    r"(?:no|não) (?:puedo|podría|podemos|soy capaz de|posso|consigo|sou capaz de|me es posible|estoy en "
    r"condiciones de|dispongo de|"
    r"tengo (?:acceso|forma|manera|información|la capacidad|la posibilidad)|tenho (?:acesso|como|forma|"
    r"informaç\w+|capacidade))\b"
    r"(?! (?:ir|venir|quedar|esperar|llegar|salir|volver|dormir|creer|vir|ficar|chegar|sair|voltar))|"
    r"(?:no es|não é|resulta|es|é) (?:im)?(?:posible|possível) (?:determinar|saber|responder|decir|dizer|"
    r"identificar|afirmar|escuchar|"
    r"ouvir)\b(?<!es posible determinar)(?<!é possível determinar)|sin (?:escuchar|oír|acceso|tener "
    r"acceso)|sem (?:ouvir|escutar|acesso|ter acesso)|"
    r"no hay (?:suficiente )?información|não há informaç\w+|no (?:lo )?sé\b|não sei\b)|"
    # French, Italian
    r"\b(?:en tant qu(?:e |'une? |')(?:ia\b|modèle|intelligence|assistant)|modèle de langage|je suis "
    r"(?:vraiment )?désolée?,? (?:mais|je)|"
    r"désolée?,? (?:mais|je)|je (?:ne|n')\s?(?:peux|puis|pourrais|suis|dispose|ai|sais|parviens|"
    r"possède)(?: malheureusement)? "
    r"(?:pas|aucune?|guère)?\s?(?:pas |malheureusement )?(?:en mesure|capable|écouter|entendre|répondre|"
    r"dire|déterminer|accès|accéder|"
    r"identifier|d'information|de moyen|reproduire|fournir|analyser|traiter|moyen|la (?:possibilité|"
    r"capacité)|le savoir|vous)|"
    r"il (?:est|m'est|n'est pas) (?:im)?possible de (?:déterminer|savoir|dire|répondre|l'entendre|le "
    r"dire)(?<!il est possible de dire)"
    r"(?<!il est possible de déterminer)|sans (?:écouter|entendre|avoir accès|accès)|je ne sais pas\b|"
    r"malheureusement,? (?:je|il|cette|ce|l')|n'est pas (?:disponible|accessible)|me temo que no|no está "
    r"disponible|"
    r"come (?:ia\b|modello|intelligenza|assistente)|modello linguistico|mi dispiace,? (?:ma|non)|"
    r"(?:purtroppo|spiacente),? (?:ma |non |io )|"
    r"non (?:posso|sono in grado di|riesco a|ho (?:accesso|modo|informazioni|la possibilità)) "
    r"?(?:ascoltare|sentire|rispondere|dire|"
    r"determinare|identificare|stabilire|fornire|accedere|elaborare|analizzare|al|all'|di|sapere|"
    r"riprodurre|valutare|aiutar)?|"
    r"non è possibile (?:determinare|sapere|dire|rispondere|stabilire|ascoltare)|senza (?:ascoltare|"
    r"sentire|accesso|avere)|non lo so\b)|"
    # Russian
    r"\b(?:как (?:ии|искусственн\w+|языков\w+|текстов\w+|модель)\b|языков\w+ модел\w+|я (?:\w+ )?не "
    r"(?:могу|способ\w+|умею|имею|в состоянии|"
    r"располагаю|слышу|знаю)\b(?! (?:тебя|вас|его|её|ее|прийти|спать|ждать))|я (?:всего )?лишь \w+|не "
    r"(?:слышу|воспринимаю|обрабатываю) (?:звук|аудио|запис)\w*|не в состоянии|у меня нет (?:доступа|"
    r"возможности|информации|данных|аудио)|"
    r"к сожалению,? (?:я|у меня|невозможно|нет|мне|это|не )|(?:извините|простите|прошу прощения),? (?:но|я|мне)|"
    r"(?:невозможно|нельзя|не представляется возможным) (?:\w+ )?(?:определить|сказать|ответить|"
    r"установить|узнать|услышать|судить)|"
    r"не (?:могу|можем|удалось|удаётся) (?:\w+ ){0,2}(?:прослушать|послушать|ответить|определить|сказать|"
    r"услышать|обработать)|"
    r"без (?:прослушивания|доступа)|недостаточно (?:информации|данных))|"
    # Dutch, Polish, Turkish
    r"\b(?:als (?:taalmodel|ai)\b|ik kan (?:\w+ ){0,4}(?:niet|geen) (?:\w+ ){0,3}(?:horen|beluisteren|"
    r"beantwoorden|bepalen|zeggen|helpen)|"
    r"het spijt me|helaas kan ik|jako (?:model|ai|sztuczna)|nie mogę (?:\w+ ){0,2}(?:odsłuchać|usłyszeć|"
    r"odpowiedzieć|określić)|przykro mi,? (?:ale|nie)|"
    r"üzgünüm,?|maalesef)|"
    # Chinese, Japanese, Korean
    r"(?:听不见|听不到)(?:声音|音频|录音)|作为(?:一个|一名|一款)?(?:ai|人工智能|语言模型|文本|模型|助手)|"
    r"语言模型|我(?:无法|不能|没办法|没有办法|听不到|听不了|不知道|无从|没有(?:权限|能力|访问))|"
    r"抱歉|对不起,?我|很遗憾|(?:无法|不能|没法|难以)(?:直接)?(?:听到|收听|播放|处理|访问|回答|判断|确定|"
    r"获取|得知|分析)(?!的)|"
    r"没有(?:足够的?|任何)?(?:信息|音频)|请(?:提供|上传|咨询)|"
    r"(?:言語モデル|AI|人工知能)(?:として|な|で|です)|(?:申し訳|すみません|ごめんなさい|恐れ入り|"
    r"残念ながら)|(?:聞く|聴く|再生する|答える|お答えする|判断する|"
    r"特定する|回答する|アクセスする|確認する)ことは?(?:が)?(?:できません|できない|出来ません)|(?:お答え|"
    r"回答|判断|特定|再生|確認)(?:は|が)?でき(?:ません|ない|かねます)|"
    r"わかりません|分かりません|(?:죄송|유감)|할 수 없습니다|들을 수 없"
)
_INSTRUCTS = re.compile(
    r"\bwithout (?:further|more) (?:text|words?|ado|explanation\w*|comments?|punctuation)\b|"
    r"\b(?:please|kindly) (?:provide|share|give|supply|send) (?:me |us )?(?:with )?(?:a|an|your|one|its)\b(?! (?:clip|"
    r"recording|audio|file|sample))"
)
"""What a question that is put as a request may say, and an excuse doesn't."""
_OPEN_ENDED = re.compile(
    r"\b(?:unknown|unclear|undetermined|unintelligible|inaudible|undecided|uncertain|not (?:clear|known|"
    r"audible|specified)|n/?a|"
    r"unspecified|ambiguous|indistinct|indeterminate)\b"
)
_OF_A_YES_NO = re.compile(r"^\W*(?:no|nope|nein|non|não|нет|不|没)\b|^\W*(?:不|没|いいえ)")
_FIRST_PERSON_HEARS_NONE = re.compile(
    r"\bi (?:can't|cannot|can not|couldn't|don't|do not) (?:hear|make out|detect|discern|recogni[sz]e) "
    r"(?:any|a|an|one|it|"
    r"anything|anyone|no|music|speech|them|him|her)\b"
)


@a_filter(
    keeps=Candidate("Who speaks?", "A woman.", {"gender": "female"}),
    drops=Candidate("Who speaks?", "I'm sorry, I can't listen to audio.", {"gender": "female"}),
)
def refusal(candidate: Candidate) -> str | None:
    """The model excuses itself instead of answering; an apology in the clip is fine."""
    spoken = candidate.spoken
    for name, part in (("answer", candidate.answer), ("question", candidate.question)):
        if (
            name == "question"
            and texts(part)[:1]
            and "?" in part
            and not re.search(r"\bas an ai\b", plain(part))
        ):
            continue
        if repeats(part, spoken):
            continue
        if name == "question":
            part = _INSTRUCTS.sub("", plain(part))
        match = _EXCUSES.search(plain(without_quotations(part, spoken)))
        if match and not _is_meant(match[0], part, candidate):
            return f"the {name} excuses itself: '{match[0].strip()}'"
    return None


def _is_meant(excuse: str, part: str, candidate: Candidate) -> bool:
    """Whether what looks like an excuse is the answer: the clip excuses itself, nothing can be told by the facts, or
    a question after a sound that isn't there is answered."""
    if _EXCUSES.search(plain(candidate.spoken)):
        return _EXCUSES.search(plain(_first_sentence(part))) is None or not _of_the_model(excuse)
    if _OF_A_YES_NO.search(plain(part)) and _FIRST_PERSON_HEARS_NONE.search(plain(part)):
        return True
    values = " ".join(map(str, candidate.facts.values())).lower()
    return _OPEN_ENDED.search(values) is not None and not _of_the_model(excuse)


def _first_sentence(part: str) -> str:
    return re.split(r"(?<=[.!?。])", part.strip())[0]


def _of_the_model(excuse: str) -> bool:
    return (
        re.search(
            r"\bai\b|model|assistant|audio|recording|modell?o\b|ki\b|ia\b|ии\b|модел|模型|人工|音频|モデル|"
            r"access|zugriff|acceso|доступ",
            excuse,
        )
        is not None
    )


FILTER = refusal
