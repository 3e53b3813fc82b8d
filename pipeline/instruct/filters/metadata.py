"""mentions_metadata: labels, fields, files, identifiers, which nobody hears; in a clip's own words they are fine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import lexicon
from .candidate import Candidate, a_filter
from .words import concepts_in, fold

_PARTICIPLES = (
    r"provided|supplied|given|available|above|accompanying|attached|underlying|included|stated|listed|known"
)
_SOURCES = (
    r"facts?|information|info|data|details?|context|description|transcript(?:ion)?s?|caption|text|notes?|input|"
    r"list|records?|documentation|attributes?|specifications?|annotations?|reference"
)
_OF_A_CLIP = (
    r"session|speaker|talker|clip|sample|utterance|recording|record|item|file|meeting|case|patient|subject|"
    r"participant|catalog(?:ue)?|index|serial|accession|inventory|segment|entry|call|track|annotator|database"
)
_NAMES = r"number|no\.|num|id|i\.?d\.?|code|identifier|index"

_WORDINGS: dict[str, str] = {
    "the facts": (
        rf"\b(?:{_PARTICIPLES})\s+(?:\w+\s+){{0,2}}?(?:facts?|information|info|data|details?|context|description|"
        r"transcript(?:ion)?|caption|annotations?|metadata|attributes?|specifications?)\b|"
        rf"\b(?:according to|based on|per|judging by|as per|going by) the (?:\w+ ){{0,2}}(?:{_SOURCES}|fields?|"
        rf"columns?|entry|labels?|tags?)\b(?! of the (?:voice|speaker))|"
        r"\bthe (?:caption|transcript(?:ion)?|annotation|annotator|metadata|description|documentation) "
        r"(?:\w+ )?(?:says?|states?|reads?|mentions?|gives?|describes?|tells?|lists?|indicates?|notes?|"
        r"puts?|shows?|has)\b|"
        r"\b(?:in|by) the (?:caption|transcript|facts|metadata|description)\b|"
        r"\b(?:the|a) (?:facts|metadata)\b(?= (?:say|state|give|tell|list|mention|indicate))"
    ),
    "a field or an entry": (
        r"\bentry (?:under|for|about|named)\b|\b(?:which|what) \w+ attribute\b|\battribute (?:value|does|"
        r"is|has|for)\b|"
        r"\b(?:in|of|under|from) (?:the|this|that|which|what|its) (?:[\w'-]+ ){0,4}(?:field|column|cell|"
        r"row|entry|attribute|slot)s? "
        r"(?:for|named|called|labell?ed|of this (?:clip|recording|sample|record))\b|"
        r"\b(?:value|entry|text|string|number|contents?|stored|written|listed|given|noted|filled|entered) "
        r"(?:\w+ ){0,3}"
        r"(?:in|of|under|into|for) (?:the|this|that|its|[\w']+'s) (?:[\w'\"“”-]+ ){0,4}"
        r"(?:field|column|cell|attribute|property|variable|parameter|slot)\b|[\"'”’»] field\b|"
        r"\bfield (?:for|says?|states?|gives?|contains?|holds?|reads?|show|value|name)\b|\b(?:which|what) "
        r"(?:\w+ )?field\b(?! record)|"
        r"\b(?:data|dataset|table|spreadsheet|csv|record|metadata|catalog(?:ue)?|database|index|log) "
        r"(?:field|row|entry|column|"
        r"line|cell|table|value|record|sheet)s?\b|"
        r"\b(?:row|column|line|cell)s? (?:\w+ )?(?:of|in) (?:the |this )?(?:\w+ )?(?:table|sheet|"
        r"spreadsheet|csv|data\w*|record)\b|"
        r"\bcatalog(?:ue|ued|s|ues)?\b(?! of (?:goods|songs))|"
        r"\bvalue (?:is |was |has been )?(?:recorded|stored|listed|assigned|entered|filled in|given|set|"
        r"noted) (?:for|in|under|to)\b|"
        r"\b(?:the|which|what) value of (?:the |its )?[\w-]+ (?:field|attribute|parameter|variable|column|"
        r"key|property|tag)\b"
    ),
    "a part of the data": (
        r"\b(?:train(?:ing)?|test(?:ing)?|dev(?:elopment)?|validation|eval(?:uation)?|held-?out)[ -]?"
        r"(?:split|set|partition|subset|fold|portion|data)s?\b|\b(?:data|which|what) (?:split|partition|"
        r"fold)\b|"
        r"\b(?:trainings|test|validierungs)(?:satz|daten|menge)\b|"
        r"\b(?:conjunto|ensemble|jeu|insieme|set|partición|partition) (?:de |d'|di )(?:entrenamiento|"
        r"prueba|test|"
        r"validación|entraînement|validation|treino|teste|addestramento)\b|\b(?:обучающ|тестов|"
        r"валидационн)\w+ "
        r"(?:выборк|набор|част)\w+"
    ),
    "an assigned class": (
        r"\b(?:class|category|categories|type|genre|emotion|scene|value|code|name|title|group|rating|"
        r"grade|score)\b[^?.]{0,30}?"
        r"\b(?:is|was|been|be|are|were|got|has) (?:\w+ )?assigned\b|\b(?:is|was|been|be|are|were) "
        r"assigned\b|\bassigned (?:to (?:this|the) (?:clip|recording|sample|audio|"
        r"excerpt|segment|file|record|track|utterance)|(?:\w+ )?(?:class|category|label|value|code|group))|"
        r"\b(?:is|was|are|were|been|be|it|this|clip|recording|sample) (?:\w+ )?(?:classified|"
        r"categori[sz]ed|catalogu?ed|tagged|"
        r"coded|indexed|registered|logged|recorded|marked|listed|filed|designated) as\b(?! (?:well|he|she|"
        r"they|if|part))|"
        r"\b(?:tagged|catalogu?ed|indexed|filed|listed|categori[sz]ed|classified) (?:under|with|in)\b|"
        r"\b(?:marked|listed|filed|classified|categori[sz]ed|logged) (?:as [\w ]+ )?in (?:the|this|that) "
        r"(?:corpus|collection|"
        r"database|archive|set|data|list|catalog\w*)\b|\bclass label|\b(?:sound|scene|audio|emotion|"
        r"event) class (?:is|was|has)\b|"
        r"\bannotat\w+|\blabell?(?:s|ed|ing|er|ers)?\b"
    ),
    "an identifier": (
        rf"\b(?:{_OF_A_CLIP})(?:'s)?[ -](?:{_NAMES})(?!\w)(?! (?:one|two|three|four|five|\d))|"
        rf"\b(?:number|code|identifier|index|id) (?:of|for|assigned to|given to) (?:this|the) "
        rf"(?:{_OF_A_CLIP})\b(?! of)|"
        r"\bfile ?names?\b|\bfile ?paths?\b|\bjson\b|\bcsv\b|\bspreadsheets?\b|\bdata ?(?:set|base|file|"
        r"point|entry|record)s?\b"
    ),
    "Felder oder Einträge": (
        r"\bdaten(?:feld|satz|sätze|bank|blatt|zeile|punkt|eintrag)\w*|\b(?:im|das|der|dem|den|"
        r"welche[smnr]?|des|ein|einem) (?:\S+ )?"
        r"(?:feld|attribut|eintrag)(?:es|s)?\b(?= (?:für|steht|enthält|nennt|gibt|vermerkt|[„\"'«]))|"
        r"\b\w+feld (?:steht|eingetragen|enthält)|\bwert\b[^?.]{0,25}\b(?:feld|attribut|spalte|eintrag|"
        r"zeile)\w*|\b(?:tabelle|spalte)n?\b|"
        r"\b(?:zu|ein|ver|hinter|bei|ge)(?:geordnet|gewiesen|getragen|zeichnet|merkt|legt|gestuft|"
        r"kennzeichnet)(?:e[rnsm]?)?\b"
        r"(?= ?(?:\?|als|unter|worden|wird|ist|wurde|hat|für|in den|im))|\bvergeben(?:e[rnsm]?)? "
        r"(?:klasse|kategorie|bezeichnung)|"
        r"\bklassifiziert\w*|\bkatalog\w*|\b(?:sitzungs|sprecher|aufnahme|kenn|patienten|datei|fall|"
        r"probanden|serien|inventar|"
        r"archiv)(?:nummer|kürzel|code|kennung|-id|id)\w*|\bnummer (?:der|dieser) (?:sitzung|aufnahme|datei)|"
        r"\b(?:laut|gemäss|nach) (?:\S+ )?(?:beschreibung|angaben?|daten|transkript\w*|fakten|"
        r"informationen|annotation|katalog|"
        r"beschriftung|eintrag|untertitel)\b|\b(?:angegeben|bereitgestellt|vorliegend|mitgeliefert|"
        r"beigefügt|gegeben)e[nrm]?"
        r" (?:\S+ )?(?:fakten|informationen|daten|angaben|beschreibung|transkripti?\w*|text|details)|"
        r"\b(?:angaben|daten|beschreibung|informationen) zufolge\b|"
        r"\bdie (?:beschreibung|annotation|beschriftung) (?:\S+ )?(?:besagt|sagt|nennt|gibt|lautet)"
    ),
    "campos, fichas, fields of Romance languages": (
        r"\b(?:valor|entrada|texto|contenido|valeur|contenu|valore|contenuto|"
        r"conteúdo)\b[^?.]{0,25}\b(?:campo|champ|colonne|columna|"
        r"colonna|coluna|ligne|fila|riga|linha|attribut\w*|atributo)\b|\b(?:campo|champ|rubrique) [\"«“'_]|"
        r"\b(?:en el|dans le|nel|no) (?:campo|champ) (?:relati|corres|dedica|para|per|pour|«|\")|"
        r"\b(?:figura|consta|contiene|contient|figure|inscrit|riporta|contém|guarda|indicado|"
        r"indiqué)\b[^?.]{0,20}\b(?:campo|champ)\b|"
        r"\b(?:catálogo|catalogue|catalogo|ficha técnica|scheda tecnica|fiche technique|registro de datos|"
        r"hoja de cálculo|tableur)\b|"
        r"\b(?:número|numéro|numero|código|code|codice|identifiant|clave) (?:de la|de|del|de l'|du|di|"
        r"della|dello|da|do|d')\s?"
        r"(?:sesión|sessão|session|sessione|seduta|registro|catálogo|catalogue|catalogo|archivo|fichero|"
        r"fichier|hablante|locuteur|"
        r"locutor|grabación|enregistrement|registrazione|gravação|paciente|patient|paziente|muestra|"
        r"échantillon|campione|amostra)\b|"
        r"\b(?:asignad[oa]s?|atribuid[oa]s?|atribuíd[oa]s?|attribuée?s?|assegnat[oaie]|attribuit[oaie]|"
        r"assignée?s?)\b(?= ?(?:\?|a |al |la |el |este |esta |l[ae] |il |"
        r"à |au |para|per|pour|en |nel|no |na |ao ))|"
        r"\b(?:está|fue|ha sido|est|a été|è|è stat[oa]|viene|foi|estás?) (?:\S+ )?(?:clasificad[oa]|"
        r"catalogad[oa]|etiquetad[oa]|"
        r"registrad[oa] como|marcad[oa] como|anotad[oa]|classée? (?:comme|dans)|classifiée?|répertoriée?|"
        r"étiquetée?|annotée?|"
        r"enregistrée? comme|classificat[oa]|catalogat[oa]|etichettat[oa]|annotat[oa]|registrat[oa] come|"
        r"classificad[oa]|rotulad[oa])|"
        r"\b(?:según|segun|selon|d'après|secondo|de acordo com|conforme|segundo) (?:a |o |l[aeo]s? |i |"
        r"gli |as |os )?(?:l')?"
        r"(?:\S+ )?(?:transcripción|descripción|datos|información|metadatos|ficha|anotación|hechos|"
        r"transcription|description|"
        r"données|informations?|légende|annotation|fiche|faits|trascrizione|descrizione|dati|informazioni|"
        r"didascalia|annotazione|"
        r"transcrição|descrição|dados|informação|informações|legenda|anotação|fatos)(?: \S+)?\b|"
        r"\b(?:transcripción|descripción|datos|información|transcription|description|données|"
        r"informations?|trascrizione|"
        r"descrizione|dati|informazioni|transcrição|descrição|dados|informações|faits|hechos|fatti|fatos) "
        r"(?:proporcionad|facilitad|dad|disponible|suministrad|fourni|donné|disponibl|fornit|dat[aoie]\b|"
        r"fornecid|dispon)\w*|"
        r"\b(?:classée?s?|répertoriée?s?|étiquetée?s?|annotée?s?|cataloguée?s?|clasificad[oa]s?|"
        r"classificat[oa]|classificad[oa]) ?\?|"
        r"\bl[ae] (?:ficha|fiche|scheda|anotación|transcripción|descripción|leyenda|annotation|"
        r"transcription|légende|description|didascalia|"
        r"trascrizione|descrizione) (?:dice|indica|dit|indique|précise|mentionne|señala|menciona|afferma|diz)\b"
    ),
    "поля и записи": (
        r"\b(?:значени\w+|содержимое|указан\w*|стоит|значит\w*|заполнен\w*|"
        r"вписан\w*)[^?.]{0,25}\b(?:пол[еяю]|столбц\w+|"
        r"ячейк\w+)\b|\b(?:столбц\w+|строк\w+|ячейк\w+|граф[аеы]) таблиц\w+|\bпол[еяю] [«\"]|"
        r"\b(?:присвоен|приписан|отнесен|отнесён|помечен|классифицирован|каталогизирован|обозначен|размечен|"
        r"проаннотирован)\w*|\bзнач(?:ится|атся)\b|\bзаписан\w* как\b|\bкаталог\w*|\bтаблиц\w*|"
        r"\b(?:номер|код|идентификатор|индекс|шифр) (?:\S+ )?(?:сессии|сеанса|записи|файла|диктора|"
        r"говорящего|каталога|пациента|"
        r"образца|сегмента|фрагмента|заседания|собрания)\b|\b(?:согласно|судя по|исходя из|по) (?:\S+ "
        r")?(?:описани\w+|данным|"
        r"транскрипци\w+|расшифровк\w+|аннотаци\w+|информации|факт\w*|субтитр\w*)\b|\b(?:предоставлен|"
        r"приведён|приведен|данн|имеющ|"
        r"прилож|указанн)\w* (?:\S+ )?(?:информаци|данны|факт|описани|расшифровк|транскрипци)\w*|"
        r"\b(?:аннотация|расшифровка|подпись) (?:гласит|говорит|сообщает|указывает)"
    ),
}
_HAN = re.compile(
    r"字段|条目|目录|编目|编号|表格|数据(?:集|库|表|项|中|里)|资料(?:库|中)|元数据|标注|标签|标记为|标为|"
    r"归类为|归为|(?:被|所)(?:分类|归类|分配|指定|赋予)|"
    r"分类为|列为|记录为|登记|(?:给定|提供|所给|已知|附带)的?(?:信息|事实|描述|文本|转写|数据|资料|文字)|"
    r"根据(?:描述|信息|资料|数据|转写|文字|字幕)|文件名|"
    r"标识|"
    r"ラベル|タグ付け|タグ(?:は|に|が|で)|メタデータ|データ(?:セット|ベース|項目)|ファイル|フィールド|"
    r"項目|アノテーション|注釈|カタログ|識別(?:子|番号)|"
    r"(?:セッション|話者|録音|会議|整理|管理|登録|患者)(?:の)?(?:番号|ID|コード)|"
    r"(?:分類|登録|記載|付与|割り当て)(?:さ|ら)れ(?:て|た)|(?:与え|提供さ|示さ)(?:ら)?れた(?:情報|事実|"
    r"データ|説明)|(?:情報|説明|記述|データ)によ(?:れば|ると)|"
    r"라벨|태그|메타데이터|데이터(?:셋|베이스|세트)|파일|필드|주석"
)
_PATTERNS = {name: re.compile(pattern) for name, pattern in _WORDINGS.items()}
_IDENTIFIER = re.compile(r"\b(?:ID|IDs|id number|Id)\b")
_NAMES_A_CLIP = re.compile(
    r"(?:^|_)(?:id|ids|uid|uuid|session|speaker|talker|source|clip|file\w*|path|segment|subject|patient|"
    r"participant|"
    r"catalog\w*|serial\w*|accession\w*|code|hash|index|idx|recording|record|utt\w*|annotator)(?:_(?:id|"
    r"no|number|code|name|key))?$"
)


@a_filter(
    keeps=Candidate("Who speaks?", "A woman.", {"gender": "female"}),
    drops=Candidate("What does the metadata say of the speaker?", "A woman.", {"gender": "female"}),
)
def mentions_metadata(candidate: Candidate) -> str | None:
    """Question or answer speak of labels, files or identifiers, which aren't heard; such words in
    the clip are fine."""
    heard = f"{candidate.spoken}\n{_sounds(candidate)}"
    for name, part in (("question", candidate.question), ("answer", candidate.answer)):
        for said in _metadata_in(part, heard):
            if name == "question" and _told_in_speech(said, candidate):
                continue
            return f"the {name} speaks of '{said}'"
        for word in _unspeakable(candidate):
            if (
                re.search(rf"(?<!\w){re.escape(word)}(?!\w)", part, re.IGNORECASE)
                and word not in candidate.spoken
            ):
                return f"the {name} holds '{word}', which is written in the facts and can't be heard"
    return None


def _metadata_in(part: str, heard: str) -> Iterator[str]:
    folded, low = fold(part), _low(part)
    spoken = concepts_in(lexicon.METADATA, heard)
    for concept, spans in concepts_in(lexicon.METADATA, part).items():
        if concept not in spoken and not (concept == "listing" and _TRANSCRIBES.search(low)):
            yield folded[slice(*spans[0])]
    if (match := _IDENTIFIER.search(part)) and not _IDENTIFIER.search(heard):
        yield match[0]
    told = _low(heard)
    for pattern in _PATTERNS.values():
        match = pattern.search(low)
        if match and not _shares(match[0], told) and not _TRANSCRIBES.search(low):
            yield match[0].strip()
    if (match := _HAN.search(part)) and match[0] not in heard:
        yield match[0]


def _low(text: str) -> str:
    return text.lower().replace("’", "'").replace("ß", "ss")


_TRANSCRIBES = re.compile(
    r"\b(?:provide|give|write|produce|create|type|make|prepare|what is|what's|supply|deliver)(?: \w+)? "
    r"(?:the|a|an) (?:\w+ )?"
    r"transcript(?:ion)?\b(?! (?:say|state|give|mention))"
)
"""To ask for a transcript is to ask for what is said."""


def _shares(said: str, heard: str) -> bool:
    """Whether the clip's words hold a telling word of the wording: who speaks of a catalogue may be asked about it."""
    told = {word[:4] for word in re.findall(r"[^\W_]{3,}", heard)}
    return any(word[:4] in told for word in re.findall(r"[^\W_]{3,}", said) if word not in _EMPTY)


_EMPTY = frozenset(
    "the and for its her his den der die das los las les des und est por para this that which what from "
    "with into under according based given provided available value the recording clip "
    "speaker voice has been was were according number text context description".split()
)


def _told_in_speech(said: str, candidate: Candidate) -> bool:
    """Whether a number that the question asks for is one that is spoken: `Which case number does the caller give?`"""
    answer = set(re.findall(r"[^\W_]+", fold(candidate.answer)))
    spoken = set(re.findall(r"[^\W_]+", fold(candidate.spoken)))
    return re.search(rf"\b(?:{_NAMES})$|nummer$", said) is not None and bool(answer) and answer <= spoken


def _sounds(candidate: Candidate) -> str:
    return "\n".join(
        str(item)
        for name, value in candidate.facts.items()
        if not _NAMES_A_CLIP.search(name.lower())
        for item in (value if isinstance(value, list) else [value])
        if isinstance(item, str)
    )


def _unspeakable(candidate: Candidate) -> list[str]:
    """Identifiers, and names and values with an underscore."""
    found = [name for name in candidate.facts if "_" in name]
    for name, value in candidate.facts.items():
        items = value if isinstance(value, list) else [value]
        if _NAMES_A_CLIP.search(name.lower()):
            found += [str(item) for item in items if re.search(r"\d", str(item)) and len(str(item)) > 2]
        found += [item for item in items if isinstance(item, str) and re.search(r"\w_\w", item)]
    return found


FILTER = mentions_metadata
