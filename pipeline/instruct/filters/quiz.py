"""Quiz questions: what one can answer from knowledge of the world, in eight languages.

A question is one where nothing in it points to the clip (`here`, `the speaker`, `can be heard`, a pronoun) and it has
the form of one about things in general: a definition, what something is known for, what a dog usually does, what is
spoken in a country. Both are needed, so that a short question about the clip (`Is a dog barking?`) isn't taken for one.
"""

from __future__ import annotations

import re

from . import lexicon, patterns
from .binary import form_of
from .candidate import Candidate
from .general import general_form
from .grammar import first_grammar
from .kin import cognate, kin
from .words import CJK, concepts_in, content_words, fold

_ANCHORS = {
    "en": r"this|these|those|here|hear\w*|audible|listen\w*|record\w*|clips?|audio|sample|excerpt|track|piece|songs?"
    r"|passage|utterance\w*|speaker\w*|talker\w*|voices?|speech|microphone|background|foreground|mood|it|its"
    r"|he|she|they"
    r"|his|her|hers|him|their|them|being|person|user|caller|customer|singer|narrator|reader|actor|announcer"
    r"|message"
    r"|sentences?|phrase|words?|statement|text|poem|story|lyrics|conversation|dialogue|scene|someone|anyone"
    r"|somebody"
    r"|the (?:man|woman|child|boy|girl|people|sounds?|noises?|music|melody|emotion|language|accent|tempo"
    r"|instruments?)",
    "de": r"dies\w*|hier|hor\w*|aufnahme\w*|clip\w*|audio\w*|sprecher\w*|sprechende\w*|redner\w*|stimmen?|mikro\w*"
    r"|hintergrund\w*|er|sie|ihr\w*|seine\w*|person|stuck\w*|lied\w*|ausschnitt\w*|gesagt\w*|klingt|erklingt"
    r"|jemand|personen"
    r"|satz\w*|nachricht\w*",
    "es": r"est[aeo]s?|aqui|oy[eo]\w*|oir\w*|escuch\w*|grabacion\w*|clip|audio|hablantes?|locutora?|voz|voces|microfono"
    r"|fondo|suenan?|pieza|cancion|fragmento|ella|persona|frase|mensaje|alguien",
    "fr": r"cette|cet|ces|ici|enten\w*|ecout\w*|enregistr\w*|extrait|clip|audio|locut\w*|orat\w*|voix|micro\w*|fond"
    r"|arriere-plan|morceau|chanson|personne|phrase|message|quelqu'un|(?<!-)(?:ils?|elles?)",
    "it": r"quest[oaie]|qui|sent\w*|ascolt\w*|registra\w*|clip|audio|parlante|voce|voci|microfono|sottofondo|sfondo"
    r"|brano|canzone|lui|lei|persona|frase|messaggio|qualcuno",
    "pt": r"n?est[ea]s?|n?ess[ea]s?|isto|isso|aqui|ouv\w*|escut\w*|grava\w*|clipe?|audio|falante|locutora?|voz|vozes"
    r"|microfone|fundo|trecho|ele|ela|pessoa|frase|mensagem|alguem|cancao",
    "ru": r"эт\w+|здесь|тут|слыш\w*|слуша\w*|звуч\w*|запис\w*|клип\w*|аудио\w*|диктор\w*|говорящ\w*|голос\w*"
    r"|микрофон\w*|фон|фоне|он|она|они|его|ее|их|человек\w*|фрагмент\w*|отрыв\w*|песн\w*|фраз\w*|сообщен\w*"
    r"|кто-то",
    "ja": r"この|その|ここ|聞こえ|聞い|聞き|話者|話し手|話し|声|録音|音声|背景|発話|誰か|何人",
    "zh": r"这|那|此|录音|音频|片段|听|说话|讲话|背景|前景|语音|歌曲|他|她|它|麦克风|里面|某",
}

_PERSON = (
    r"(?!(?:man|woman|person|child|boy|girl|baby|crowd|group|speaker|voice|mann|frau|kind|junge|madchen"
    r"|hombre"
    r"|mujer|nin[oa]|homme|femme|enfant|fille|uomo|donna|bambin[oa]|homem|mulher|crianca|menin[oa])\b)"
)
_ENDS = r"[\w'-]+(?: [\w'-]+)?\W*$"
_COUNTED = r"(?:\d+|two|three|four|five|six|seven|eight|ten|twelve)"

_IN_ORDER = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|\d+|monday|tuesday|wednesday|"
    r"thursday|friday"
    r"|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|spring"
    r"|summer|autumn|winter|[a-z](?= |\W*$)|eins|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|montag|"
    r"dienstag|mittwoch"
    r"|donnerstag|freitag|samstag|sonntag|januar|februar|marz|juni|juli|oktober|dezember)"
)
"""Members of an order that everybody knows."""

_FORMS = {
    "en": rf"\b(?:comes?|falls?|follows|precedes) (?:\w+ ){{0,2}}(?:before |after |between )?{_IN_ORDER}\b"
    r"|\bwhen (?:you|we|one) (?:count|mix|add|multipl|divid|subtract|combin|spell)\w*"
    r"|\bdo (?:you|we) get (?:when|if|from|by) (?:you |we )?(?:mix|add|multipl|divid|subtract|combin|"
    r"cross)\w*"
    r"|\bwhat (?:is|are) an? (?!(?:likely|possible|plausible|good|suitable|fitting|name|term|word|better)\b)"
    rf"{_ENDS}|\bwhat does ['\"]?\w+['\"]? mean\W*$"
    r"|\b(?:opposite|synonym|plural|definition|meaning|capital) of\b|\bhow do you say\b"
    r"|\b(?:medical|technical|scientific|latin|musical|proper|official|common|everyday)? ?(?:terms?|names?"
    r"|words?) (?:for|given to)"
    r" (?:an?|any|the (?:\w+ )?(?:fear|study|inflammation|art|loss)|someone|people)\b"
    r"|\b(?:do you|do we|do people|would you) call (?:an?|someone|people|it when)\b|\bis an? [\w ]+ called\b"
    r"|\b(?:what|which) (?:country|continent|region|city|culture) (?:does|do) (?!(?:the|this|that|these|it|he|she"
    r"|they)\b)[\w ]+ (?:come|originate|stem)\b"
    r"|\bhow many \w+ (?:are|is|fit|go|make up)(?: there)? (?:in|on|into) an? (?!bars?\b|measures?\b|rows?\b"
    r"|loops?\b|cycles?\b|phrases?\b)"
    r"|\b(?:famous|renowned|(?:best|well)[- ]known|known) (?:for|as)\b|\b(?:usually|typically|generally"
    r"|commonly"
    r"|normally|traditionally|in general)\b|\b(?:in the world|on earth|in the wild|in nature"
    r"|in the sky)\b|\bwho (?:wrote|invented|composed|discovered|painted|built)\b"
    rf"|\bdo(?:es)? (?:an? {_PERSON})?(?!(?:the|you|we|i|people)\b)[\w-]+(?: [\w-]+)? "
    r"(?:make|have|eat|drink|weigh|live|belong to|look like|consist of)\b"
    rf"|\b(?:what|which) [\w ]{{0,24}}\b(?:has|have) {_COUNTED}\b|^(?:is"
    rf"|are) an? (?![\w-]+ or\b)[\w-]+(?: [\w-]+)? "
    r"(?:an?|kinds? of|types? of) ",
    "de": rf"\b(?:kommt|folgt) (?:\w+ )?(?:vor|nach|auf) (?:de[mr] )?{_IN_ORDER}\b|\bwenn man (?:zahlt|"
    "mischt|addiert)\b"
    rf"|\bwas (?:ist|sind) eine? {_ENDS}|\bwas bedeutet \W?\w+\W*$|\b(?:gegenteil|hauptstadt|plural|"
    rf"bedeutung)"
    r" vo[nm]\b|\b(?:beruhmt|bekannt) (?:fur|als)\b|\b(?:wo)?(?:fur|durch)\b.*\bbekannt\b|\b(?:normalerweise"
    r"|typischerweise|gewohnlich|ublicherweise|im allgemeinen|meistens)\b|\b(?:auf der welt|in der natur"
    r"|am himmel)\b"
    rf"|\bfr(?:isst|essen)\b|\b(?:gerausche?|laute?|tone?) \w+ eine? {_PERSON}\w+"
    rf"|\bwie viele \w+ hat eine? {_PERSON}\w+|\bwie (?:nennt man|heisst|heissen) (?:eine?n?|menschen"
    rf"|jemanden)\b"
    r"|\bfach(?:begriff|wort|ausdruck) fur\b|\bmedizinische\w* (?:begriff|bezeichnung|name)"
    r"|\bwelche\w* (?:\w+ )?(?:tier|vogel"
    r"|insekt|instrument|saugetier|gefuhl|fahrzeug)\w* (?:gibt milch|legt|lebt|frisst|jagt|fangt"
    r"|halt winterschlaf|hat|besitzt|kann|gilt"
    r"|braucht|fahrt auf schienen|wird mit|lasst menschen)\b",
    "es": rf"\bque (?:es|son) un(?:a|os|as)? {_ENDS}|\bque significa \W?\w+\W*$|\b(?:lo contrario|opuesto|capital"
    r"|plural|significado) de\b|\b(?:famos|conocid)[oa]s? (?:por|como)\b|\b(?:normalmente|generalmente"
    r"|habitualmente|tipicamente|por lo general|suelen?)\b|\b(?:en el mundo|en la naturaleza|en el cielo)\b"
    rf"|\b(?:sonido|ruido)s? \w+ una? {_PERSON}\w+"
    rf"|\bcuant[oa]s \w+ tiene una? {_PERSON}\w+|\bcomo se (?:llama|denomina)n? (?:un|una|al|a la|a los"
    rf"|quien)\b"
    r"|\btermino (?:medico|tecnico)\b|\bque (?:\w+ )?(?:animal|ave|pajaro|insecto|instrumento|mamifero"
    r"|emocion|vehiculo)"
    r"(?: de (?:la )?\w+| \w+)? (?:da leche|pone|vive|come|caza|tiene|posee|puede|hiberna|necesita"
    r"|circula sobre|se toca con"
    r"|es (?:el|la|conocid\w)|hace)\b",
    "fr": rf"\bqu'est-ce qu'une? {_ENDS}|\bc'est quoi une? |\bque (?:signifie|veut dire) \W?\w+\W*$|\b(?:contraire"
    r"|capitale|pluriel|signification) d[eu']|\b(?:celebre|connue?|reputee?)s? (?:pour|comme)\b"
    r"|\b(?:generalement"
    r"|habituellement|d'habitude|normalement|typiquement|en general)\b|\b(?:au monde|dans la nature"
    r"|dans le ciel)\b"
    rf"|\b(?:bruit|son|cri)s? \w+(?:-t-il)? une? {_PERSON}\w+"
    rf"|\bcombien de \w+ (?:a|possede|compte) une? {_PERSON}\w+|\bcomment (?:appelle-t-on|s'appelle"
    rf"|nomme-t-on) (?:une?|les|celui)\b"
    r"|\bterme (?:medical|technique)\b|\bquel(?:le)? (?:\w+ )?(?:animal|oiseau|insecte|instrument|mammifere"
    r"|emotion|vehicule)"
    r"(?: de la \w+| \w+)? (?:donne du lait|pond|vit|mange|chasse|a|possede|peut|hiberne|roule sur"
    r"|se joue avec|est (?:le|la)"
    r"|fait (?:trembler|rougir|du))\b",
    "it": rf"\b(?:cos'e|cosa e|che cosa e) un[oa']? ?{_ENDS}|\bcosa significa \W?\w+\W*$|\b(?:contrario|capitale"
    r"|plurale|significato) d[ei]|\b(?:famos|conosciut|not)[oaie] (?:per|come)\b|\b(?:di solito|generalmente"
    r"|normalmente|tipicamente|in genere)\b|\b(?:al mondo|in natura|in cielo|nel cielo)\b"
    rf"|\b(?:suono|verso|rumore) \w+ un[oa']? ?{_PERSON}\w+|\bquant[ei] \w+ ha un[oa']? ?{_PERSON}\w+"
    r"|\bcome si chiama(?:no)? (?:un[oa']?|chi|gli|le)\b|\btermine (?:medico|tecnico)\b|\b(?:che|quale"
    r"|qual) (?:\w+ )?(?:animale"
    r"|uccello|insetto|strumento|mammifero|emozione|veicolo)(?: \w+ \w+| \w+)? (?:da il latte|da latte"
    r"|fa il latte|depone|vive|mangia"
    r"|caccia|ha|possiede|puo|va in letargo|e (?:il|la))\b",
    "pt": rf"\bo que (?:e|sao) (?:um|uma|uns|umas) {_ENDS}|\bo que significa \W?\w+\W*$|\b(?:contrario|capital|plural"
    r"|significado) d[aeo]|\b(?:famos|conhecid)[oa]s? (?:por|pel[oa]|como)\b|\b(?:normalmente|geralmente"
    r"|tipicamente"
    r"|habitualmente|em geral|costumam?)\b|\b(?:no mundo|na natureza|no ceu)\b"
    rf"|\b(?:som|barulho)s? \w+ uma? {_PERSON}\w+|\bquant[oa]s \w+ tem uma? {_PERSON}\w+"
    r"|\bcomo se chama(?:m)? (?:um|uma|quem|os|as)\b|\btermo (?:medico|tecnico)\b|\b(?:que"
    r"|qual) (?:\w+ )?(?:animal|ave|passaro|inseto"
    r"|instrumento|mamifero|emocao|veiculo)(?: d[aeo] \w+| \w+)? (?:da leite|poe|vive|come|caca|tem|possui"
    r"|pode|hiberna|e (?:o|a))\b",
    "ru": r"\b(?:что|кто) так(?:ое|ой|ая|ие)\b|\bчто (?:значит|означает)\b|\bизвест(?:ен|на|но|ны)\b|\bславится\b"
    r"|\b(?:обычно|как правило|чаще всего|вообще)\b|\bстолиц\w+|\bпротивоположн\w+|\b(?:в мире|в природе"
    r"|на небе)\b"
    r"|\bкакие? звуки? издают\b|\bкакой звук издает\b|\bсколько (?:струн|ног|лап|клавиш|колес|крыльев) (?:у"
    r"|имеет)\b"
    r"|\b(?:медицинск|научн|техническ)\w+ (?:термин|названи)\w*|\bкак (?:называют|называется) (?:человек|тот"
    r"|боязнь|болезнь|воспаление)"
    r"|\bкак\w+ (?:\w+ )?(?:животн\w+|птиц\w+|насеком\w+|инструмент\w*|зверь|чувств\w+"
    r"|транспорт\w*)(?: \w+)? (?:дает молоко|дают молоко"
    r"|нес[её]т яйца|жив[её]т|ест|питается|ловит|охотится|имеет|может|умеет|считается|называют|впадает"
    r"|ездит по рельсам|заставляет)\b",
    "zh": r"^什么是|是什么意思|以.+(?:闻名|著称)|而闻名|通常|一般来说|一般情况|平时|首都|反义词|同义词|世界上|大自然"
    r"|会?发出什么样?的?(?:声音|叫声)|怎么叫|有(?:几|多少)[根条个只](?:弦|腿|键|轮子|翅膀)"
    r"|(?:医学上|专业术语)|(?:什么|哪种|哪一种)(?:动物|乐器|鸟|昆虫|交通工具|情绪|感情|天气)(?:会(?!叫)|能"
    r"|有|生|吃|住|被称|可以|最|让人|产|给)",
    "ja": r"とは何|とはどんな|何と(?:呼ば|い[いう])|通常|普通は|一般に|世界で|の反対|首都|という意味"
    r"|(?:有名|知られ)|どの動物が.+(?:を出し|を産|に住|を食べ)|何本(?:の弦|の足|ありますか)|医学用語",
}

_SEASONAL = {
    "en": r"\bon an? \w+ (?:day|night|morning|evening)\b|\bin (?:spring|summer|autumn|winter)\b"
    r"|\bat (?:dawn|dusk|night|sunrise|sunset)\b",
    "de": r"\ban einem \w+ (?:tag|abend|morgen)\b|\bim (?:fruhling|sommer|herbst|winter)\b|\b(?:nachts"
    r"|bei (?:sonnenaufgang|sonnenuntergang))\b",
    "es": r"\ben un (?:dia|noche)\b|\ben (?:primavera|verano|otono|invierno)\b|\b(?:al amanecer|de noche)\b",
    "fr": r"\b(?:par|pendant) une? (?:journee|nuit|jour|temps)\b|\ben (?:ete|automne|hiver)\b|\ba l'aube\b",
    "it": r"\bin una? (?:giornata|notte|giorno)\b|\bin (?:primavera|estate|autunno|inverno)\b|\ball'alba\b",
    "pt": r"\bnum[a]? (?:dia|noite)\b|\bn[oa] (?:primavera|verao|outono|inverno)\b|\bao amanhecer\b",
    "ru": r"\b(?:весной|летом|осенью|зимой|на рассвете|по ночам)\b|\bв \w+(?:ую|ый) (?:погоду|день)\b",
    "zh": r"(?:春天|夏天|秋天|冬天|黎明|雨天|晴天|下雨天)(?:时|里)?",
}
"""Times that are none of the clip's; what is said may well be about them."""

_COUNTRY = re.compile(
    r"\b(?:brazil|brasil\w*|bresil|brasile|бразили\w*|germany|deutschland|alemania|allemagne|germania"
    r"|alemanha|германи\w*"
    r"|france|frankreich|francia|franca|франци\w*|spain|spanien|espana|espagne|spagna|espanha|испани\w*"
    r"|italy|italien"
    r"|italia|italie|итали\w*|portugal|portogallo|португали\w*|russia|russland|rusia|russie|росси\w*|china"
    r"|chine|cina|кита[ея]"
    r"|japan|japon|japao|giappone|япони\w*|mexico|mexiko|mexique|messico|мексик\w*|austria|osterreich"
    r"|autriche|австри\w*"
    r"|england|inglaterra|angleterre|inghilterra|англи[ия]|america|amerika|америк\w*|argentina|argentinien"
    r"|argentine"
    r"|аргентин\w*|poland|polen|polonia|pologne|polska|польш\w*|turkey|turkei|turquia|turquie|turchia"
    r"|турци\w*|india|indien"
    r"|inde|инди[ия]|egypt|agypten|egipto|egypte|egitto|египт\w*|korea|corea|coree|коре[ея]|netherlands"
    r"|niederlande\w*"
    r"|sweden|schweden|suecia|suede|швеци\w*|greece|griechenland|grecia|grece|греци\w*|vienna|paris|berlin"
    r"|london|madrid"
    r"|rome|lisbon|moscow|beijing|tokyo)\b"
    r"|巴西|德国|法国|西班牙(?!语)|意大利(?!语)|葡萄牙(?!语)|俄罗斯|中国|日本|墨西哥|英国|美国|印度|埃及|韩国"
)
_SPEAKING = re.compile(
    r"\b(?:languages?|speak\w*|spoken|sprachen?|sprechen|spricht|gesprochen|idiomas?|lenguas?|hablan?"
    r"|langues?|parle\w*"
    r"|lingu[ae]s?|parla\w*|fala\w*|язык\w*|говор[яи]т\w*)\b|语言|说|讲|语"
)


_UNSPACED = ("zh", "ja")
_TERM_FOR = re.compile(
    r"\b(?:terms?|words?|names?) (?:for|given to) an? (?!.*\b(?:this|that|here|speaker)\b).*"
)
_ASKED_OF_IT = re.compile(r"\b(?:do|does|did|is|are|was|were|can|will|has|have) (?:it|its|they|their)\b")
_BOUND = re.compile(r"\b(?:its|they|them|their|(?:when|while|before|after|because|if|as) it)\b")
_ANTECEDENT = re.compile(r"\W*(?:what|which) (?!is\b|are\b|does\b|do\b|did\b|was\b|can\b)\w+ ")
"""A noun that a later pronoun may stand for: `which animal starts its life ...`."""


def quiz_form(candidate: Candidate) -> str | None:
    """The words that make a question one about the world in general; None where it may be about the clip."""
    language = candidate.language if candidate.language in _FORMS else "en"
    if candidate.language not in (None, *_FORMS):
        return None
    asked = candidate.asked
    anchors = _ANCHORS[language]
    searched = _TERM_FOR.sub("_", asked)
    if _ANTECEDENT.match(asked) and not _ASKED_OF_IT.search(asked):
        searched = _BOUND.sub("_", searched)
    if patterns.search(
        anchors if language in _UNSPACED else rf"\b(?:{anchors})\b", searched
    ) or _speaks_of_the_clip(candidate):
        return None
    if _has_the_clips_own(candidate, language):
        return None
    if (match := patterns.search(_FORMS[language], asked)) and not _is_told_of_something(match, candidate):
        return match[0].strip()
    if (match := _COUNTRY.search(asked)) and _SPEAKING.search(asked):
        return match[0]
    if (
        not candidate.spoken
        and language in _SEASONAL
        and (match := patterns.search(_SEASONAL[language], asked))
    ):
        return match[0]
    return general_form(candidate)


def _has_the_clips_own(candidate: Candidate, language: str) -> bool:
    """Whether a definite noun is one of the facts' names or of the corpus description (`the machine`), or in a question
    of yes or no what it begins with (`läuft die Maschine normal?`)."""
    definite = "|".join(
        sorted(fold(word) for word in first_grammar(language).definite if not CJK.search(word))
    )
    if not definite:
        return False
    if form_of(candidate.question).tests and patterns.match(
        rf"\W*(?:\w+\s+)?(?:{definite})\s", candidate.asked
    ):
        return True
    told = candidate.corpus_description + " " + " ".join(candidate.facts).replace("_", " ")
    known = [word.text for word in content_words(told, "en") if len(word.text) > 3]
    same = kin if language == "en" else cognate
    nouns = re.findall(rf"\b(?:{definite})\s+([^\W_]+)(?:\s+([^\W_]+))?", candidate.asked)
    return any(same(noun, one) for pair in nouns for noun in pair if noun for one in known)


def _is_told_of_something(match: re.Match[str], candidate: Candidate) -> bool:
    """Whether something is known from what is said: a definite noun (`what is the winner known for?`)."""
    if not candidate.spoken:
        return False
    definite = {fold(word) for word in first_grammar(candidate.language).definite}
    before = re.findall(r"[^\W_]+", candidate.asked[: match.start()])
    rest = [*before[:-1], *re.findall(r"[^\W_]+", candidate.asked[match.end() :])]
    return any(word in definite for word in rest)


def _speaks_of_the_clip(candidate: Candidate) -> bool:
    """Whether a word of the question is spoken in the clip, so that the question may be about what is said."""
    if CJK.search(candidate.asked):
        return any(
            candidate.asked[i : i + 2] in candidate.spoken
            and CJK.match(candidate.asked[i : i + 2]) is not None
            for i in range(len(candidate.asked) - 1)
        )
    spoken = {word.stem for word in content_words(candidate.spoken, candidate.language)}
    named = {
        start for spans in concepts_in(lexicon.LANGUAGE, candidate.question).values() for start, _ in spans
    }
    return any(
        word.stem in spoken and word.text not in lexicon.GENERIC and word.start not in named
        for word in content_words(candidate.question, candidate.language)
    )
