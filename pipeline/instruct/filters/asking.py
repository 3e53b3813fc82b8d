"""What a question can ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PATTERNS: Mapping[str, str] = {
    "gender": r"\bgender\b|"
    r"\bsex\b|geschlecht|\bsexo\b|\bsexe\b|\bgenere\b(?! musical)|\bgenero d\w+ (?:hablante|voz|voc)|"
    r"\bпол\b|пола\b|性别",
    "age": r"\bhow old\b|\bage\b|wie alt|\balter\b|\bedad\b|quel age|\bage\b|quanti anni|quantos anos|"
    r"\beta\b|\bidade\b|"
    r"сколько\b.*\bлет\b|возраст|多大(?:年纪|岁|年龄)?|年龄|几岁",
    "emotion": r"\bemotion|\bfeel|\bhow (?:does|do|is|would you describe) (?:the|this) (?:speaker|voice|"
    r"person|way|\w+ sound)|"
    r"wie klingt (?:die|der)|como suena|quelle impression|как звучит|听起来|\bmood\b|gefuhl|stimmung|emoci|"
    r"emozion|\bemoc|sentim|siente|sente\b|"
    r"ressent|humeur|"
    r"fuhlt|\bemotion|эмоци|чувств|настроени|情绪|情感|心情|感受|caracter|\bhumor\b",
    "language": r"\blanguage|\bsprache\b|\bidioma|\blengua|\blangue|\blingua|язык|语言|哪国话",
    "accent": r"\baccent|akzent|acento|sotaque|акцент|口音|dialect|dialekt|dialetto|диалект|方言",
    "instrument": r"\binstrument|strument|инструмент|乐器",
    "genre": r"\bgenre|\bgenero musical|\bgenere musicale|style of music|musical style|musikrichtung|"
    r"musikstil|жанр|"
    r"风格|流派|曲风|stilrichtung|estilo musical|style musical",
    "key": r"\bkey (?:is|of|does)|\b(?:which|what|musical) key\b|tonart|tonalid|tonalit|тональност|什么调",
    "pitch": r"\b(?:which|what) (?:note|pitch)|\bnote is\b|welche[rn]? (?:note|ton)|que nota|"
    r"quelle note|che nota|"
    r"что за нота|какая нота|什么音|哪个音|音高",
    "bpm": r"\btempo\b|\bbpm\b|beats per|темп\b|速度|how fast is the (?:piece|music|song|track)",
    "room": r"\broom\b|\bwelche\w* raum|\braum ist|\bhabitacion|quelle piece|\bstanza|помещени|комнат|"
    r"房间|\bambiente\b",
    "distance": r"how (?:far|close|distant)|distan|entfern|wie weit|lontan|longe\b|как далеко|расстояни|"
    r"多远|距离",
    "snr": r"decibel|\bdb\b|dezibel|decibelio|децибел|分贝|"
    r"\bsnr\b|signal-to-noise|how much louder|how much does the voice",
    "rt60": r"reverb|decay|nachhall|\becho|hallig|reverber|реверб|混响",
    "duration": r"how long (?:is|does|was) (?:the |this )?(?:recording|clip|audio|sample|excerpt|piece|"
    r"track|song|note)|"
    r"\bduration|wie lang\w* (?:ist|dauert) die aufnahme|duracion|\bduree|durata|длительност|длится|多长时间",
    "count": r"how many (?:\w+ )?(?:people|persons|speakers|talkers|voices|participants)|"
    r"wie viele (?:\w+ )?(?:personen|leute|"
    r"stimmen|menschen|sprecher|teilnehm)|cuantas (?:personas|voces)|cuantos hablantes|"
    r"combien de (?:personnes|voix|"
    r"locuteurs)|quante (?:persone|voci)|quantas (?:pessoas|vozes)|сколько (?:\w+ )?(?:человек|людей|"
    r"голос|говорящ)|"
    r"几个人|几位|多少人|几个说话人",
    "spoof": r"authentic|genuine|spoof|\bfaked?\b|synthetic|deepfake|(?:by a|by an?|machine|"
    r"computer)[ -](?:computer|machine|ai\b|generated|made)|echt\b|echte|kunstlich|synthetisch|"
    r"autentic|sintetic|synthetique|настоящ|синтез|поддел|подлин|искусствен|合成|真人|伪造|real (?:human |"
    r"voice|person|speech)",
    "content": r"transkri|diktat|\btext\b|\btexte\b|\btexto\b|\btesto\b|worter|\bparole|\bmots\b|"
    r"palabras|palavras|"
    r"\bслов|расшифр|текст|транскри|转写|文字|逐字|\bsay|\bsaid|\bwords?\b|transcri|utter|\bmention|"
    r"\bask(?:s|ed)? for|announce|request|"
    r"talk(?:s|ing)? about|"
    r"\bsagt\b|gesagt|worum|bitte[tn]|mochte|\bdice\b|dicho|dicen|\bdit\b|demande|\bчем говорит|"
    r"говорится|сказа|просит|"
    r"спраш|说(?!话)|讲(?!话)|内容|问什么|要求|想要|message|summar|translat|command|reminder|mean\b|happened|"
    r"zusammen|ubersetz|traduc|traduis|tradui|resum|перевед|перескаж|翻译|总结|概括|pide|pregunta|chiede|pede|"
    r"announc",
}
ASKED = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}
"""Regular expressions over a folded question: which kind of fact it asks for."""
