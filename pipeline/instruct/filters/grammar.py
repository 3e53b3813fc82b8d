"""What the filters know of grammar: how eight languages ask, offer options, and leave a sentence "
"unfinished."""

from __future__ import annotations

from dataclasses import dataclass

from .lexicon import word_set


@dataclass(frozen=True)
class Grammar:
    """Regular expressions over lower-case text with its accents.

    `wh`: a question word, wherever it stands; `front_wh`: one that counts only near the front (elsewhere it may
    be a relative pronoun); `verb_first`: how a yes/no question must begin (None: every question without a
    question word is one); `either`, `whether`: the conjunctions; `ask`: "can you tell ..."; `tag` and `negative`:
    questions that suggest their answer; `definite`: articles and the like; `beside`: what makes the next noun known.
    """

    wh: str
    front_wh: str
    either: str
    whether: str
    ask: str
    tag: str
    negative: str
    definite: frozenset[str]
    indefinite: frozenset[str]
    beside: str
    imperative: str
    verb_first: str | None = None


_EN_AUX = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must"
    r"|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|can't|couldn't|won't|wouldn't)\b"
)
_DE_VERB = (
    r"(?!(?:laut|mit|seit|samt|jetzt|dort|nicht|fast|erst|selbst|zuletzt|oft)\b)(?:ist|sind|war|waren|"
    r"hat|haben|wird|werden|wurde|wurden|kann|kannst|können|könnte[nt]?|darf|soll|muss|"
    r"lässt|gibt|klingt|klingen|spricht|sprechen|hört|hören|handelt|stammt|scheint|wirkt|singt|spielt|"
    r"spielen|"
    r"sagt|redet|lacht|weint|bellt|befindet|liegt|steht|kommt|kommen|würde[nt]?|würdest|hast|bist|"
    r"enthält|wäre[nt]?|hätte[nt]?|sollte[nt]?|möchte[nt]?|müsste[nt]?|dürfte[nt]?|mag|will|[a-zäöüß]{3,}t"
    r"|(?!(?:neben|zwischen|wegen|gegen)\b)[a-zäöüß]{3,}en(?=\s+(?:die|zwei|drei|vier|mehrere|sie|hier|alle"
    r"|beide|einige|sich"
    r"|leute|menschen|im|in|vögel|hunde|kinder|frauen|männer)\b))\b"
)

GRAMMARS: dict[str, Grammar] = {
    "en": Grammar(
        wh=r"\b(?:what|which|how|why|whose|where)\b",
        front_wh=r"\b(?:who|whom|when)\b",
        verb_first=_EN_AUX,
        either=r"\bor\b",
        whether=r"\b(?:whether|if)\b",
        ask=r"\b(?:(?:can|could|would|will|are|do|might|may) (?:you|we|i|one|"
        r"anyone)(?: be)?(?: please| still| also)?"
        r"(?: able to| like to| care to| possible to)? (?:tell|say|know|identify|name|describe|"
        r"determine|explain|guess|recogni[sz]e|"
        r"hear|make out|work out|figure out|list|estimate|summari[sz]e|translate|transcribe|repeat|"
        r"give|share|specify|indicate|"
        r"detect|notice|discern|distinguish|paraphrase|provide|characteri[sz]e)\b"
        r"|is it (?:possible|clear|known|obvious|evident)|do you know"
        r"|any (?:idea|clue|guess|guesses|sense|hint|thoughts?|notion|inkling))",
        tag=r",?\s*(?:(?:is|are|was|were|do|does|did|has|have|can|could|will|would)(?:n't|"
        r" not)? (?:it|he|she|they|there|you|this|that|not)(?: not)?"
        r"|\bright|\bcorrect|, yes|, no|\btrue|\bhuh|\beh)\s*\?\s*$",
        negative=r"^\W*(?:isn|aren|wasn|weren|don|doesn|didn|hasn|haven|can|couldn|won|wouldn)'t\b"
        r"|^\W*(?:is|are|was|were|does|do|did|has|have) (?:it|this|that|the (?:speaker|voice|person)|"
        r"there|he|she) not\b",
        definite=word_set("the this that these those his her their its our"),
        indefinite=word_set("a an any some another no either one more"),
        beside=r"\b(?:besides|apart from|aside from|other than|in addition to|except(?: for)?|"
        r"along with|alongside|despite)\b",
        imperative=r"^(?:please\s+)?(?:describe|name|list|tell|identify|give|say|state|summari[sz]e|"
        r"translate|transcribe|repeat|"
        r"explain|estimate|guess|provide|write|classify|determine|indicate|specify|characteri[sz]e|"
        r"compare|count|choose|pick|"
        r"decide|judge|paraphrase|quote|report|mention|answer|complete|true or false|yes or no|listen|"
        r"note|assess|rate|select)\b",
    ),
    "de": Grammar(
        wh=r"\b(?:was|wie|warum|wieso|weshalb|welche[rsnm]?|wessen|wem|wen|worum|wovon|woraus|worüber|"
        r"womit|worauf|woran|wodurch|worin|wozu|wobei|"
        r"woher|wohin|wieviele?)\b",
        front_wh=r"\b(?:wer|wo|wann)\b",
        verb_first=_DE_VERB,
        either=r"\boder\b",
        whether=r"\bob\b",
        ask=r"\b(?:(?:kannst|könntest) du|(?:können|könnten) (?:sie|wir)|kann man|lässt sich|"
        r"ist (?:es )?(?:erkennbar|möglich|klar)|"
        r"weisst du|wissen sie|erkennst du|erkennt man|hörst du)\b",
        tag=r",\s*(?:oder(?: nicht)?|nicht(?: wahr)?|richtig|stimmt's|stimmt|gell|ja|nein)\s*\?\s*$",
        negative=r"^\W*(?:ist|sind|war|hat|handelt|klingt|spricht|hört|gibt)\b[^,?]*\bnicht\b",
        definite=word_set("der die das den dem des dieser diese dieses diesen diesem jener jene seine ihre"),
        indefinite=word_set("ein eine einen einem einer eines kein keine irgendein irgendeine mehr"),
        beside=r"\b(?:ausser|neben|abgesehen von|zusätzlich zu[rm]?|trotz)\b",
        imperative=r"^(?:bitte\s+)?(?:beschreiben?|nennen?|sag|sagen?|gib|geben|übersetzen?|fassen?|"
        r"fass|erklären?|erkläre|transkribieren?|"
        r"identifizieren?|zählen?|bestimmen?|schätzen?|geben sie|wiederholen?|entscheiden?|"
        r"ja oder nein|wähle)\b",
    ),
    "es": Grammar(
        wh=r"(?:\bqué\b|\ba?dónde\b|\bcuál(?:es)?\b|\bcuánt[oa]s?\b|\bcómo\b|\bdónde\b|\bcuándo\b"
        r"|\bquién(?:es)?\b)",
        front_wh=r"\b(?:que|quien|cual|donde)\b|(?<!\w\s)\bcomo\b",
        either=r"\b(?:o|u)\b",
        whether=r"\bsi\b",
        ask=r"\b(?:puedes?|podrías?|pueden|podemos|se puede|sabes?|es posible|crees) ?(?:decir\w*|"
        r"identificar|saber|distinguir|describir|"
        r"nombrar|reconocer|adivinar|oír|determinar|explicar|que|de)?\b",
        tag=r",\s*(?:¿\s*)?(?:verdad|no|cierto|no es (?:así|cierto|verdad)|sí|correcto)\s*\?\s*$",
        negative=r"^\W*(?:acaso\s+)?no\b",
        definite=word_set("el la los las este esta estos estas ese esa esos esas su sus del al"),
        indefinite=word_set("un una unos unas algún algun alguna algunos algo más mas ningún ningun ninguna"),
        beside=r"\b(?:además de|aparte de|excepto|salvo|junto con|a pesar de)\b",
        imperative=r"^(?:por favor,?\s+)?(?:describ[ea]|di|diga|dime|nombr[ae]|enumer[ae]|resum[ea]|"
        r"traduc[ea]|traduzca|identific[ae]|identifique|"
        r"indic[ae]|indique|explic[ae]|explique|transcrib[ae]|repit[ea]|cuent[ae]|estim[ae]|menciona|"
        r"decide|sí o no)\b",
    ),
    "fr": Grammar(
        wh=r"(?:\bquel(?:le)?s?\b|\bcomment\b|\bcombien\b|\bpourquoi\b|\blequel\b|\blaquelle\b|"
        r"\blesquel(?:le)?s\b|\bquoi\b|"
        r"\boù\b|qu'est-ce qu|qu'entend|que (?:dit|peut|fait|entend|demande|ressent|raconte|se passe)|"
        r"qui est-ce)",
        front_wh=r"\b(?:qui|que|quand|qu')\b",
        either=r"\bou\b",
        whether=r"\bsi\b|\bs'il\b",
        ask=r"\b(?:peux-tu|pouvez-vous|pourriez-vous|pourrais-tu|peut-on|sais-tu|savez-vous|"
        r"est-il possible|arrives-tu|"
        r"est-ce que (?:tu peux|vous pouvez|l'on peut|on peut))\b",
        tag=r",\s*(?:n'est-ce pas|non|pas vrai|hein|oui|c'est (?:ça|bien ça))\s*\?\s*$",
        negative=r"^\W*(?:n'est-ce pas|n'est-(?:il|elle)|ne \S+ pas|n'\S+ pas|n'y a-t-il pas|"
        r"est-ce que \S+ \S+ (?:n'est|ne))\b",
        definite=word_set("le la les l ce cet cette ces son sa ses du au des"),
        indefinite=word_set("un une quelque quelques plusieurs aucun aucune plus"),
        beside=r"\b(?:outre|à part|en plus d[eu']|hormis|sauf|malgré)",
        imperative=r"^(?:veuillez\s+)?(?:décri[st]\w*|décrivez|dites?|dis|nomme[zr]?|tradui\w+|"
        r"résume[zr]?|identifie[zr]?|indique[zr]?|"
        r"transcri\w+|explique[zr]?|énumère\w*|énumérez|liste[zr]?|donne[zr]?|répète\w*|répétez|"
        r"précise[zr]?|estime[zr]?|oui ou non)\b",
    ),
    "it": Grammar(
        wh=r"\b(?:cosa|quale|quali|qual|quant[oaie]|perché)\b|\b(?:cos|dov|com)'",
        front_wh=r"\b(?:chi|che|dove|quando)\b|(?<!\w\s)\bcome\b",
        either=r"\b(?:o|oppure)\b",
        whether=r"\bse\b",
        ask=r"\b(?:puoi|può|potresti|sai|riesci a|si può|è possibile)\b",
        tag=r",\s*(?:vero|no|giusto|non è (?:vero|così))\s*\?\s*$",
        negative=r"^\W*non\b",
        definite=word_set("il lo la i gli le l questo questa questi queste quel quella del della suo sua"),
        indefinite=word_set("un uno una qualche alcun alcuna più piu"),
        beside=r"\b(?:oltre a\w*|a parte|eccetto|tranne)\b",
        imperative=r"^(?:descrivi|descriva|dimmi|nomina|elenca|riassumi|traduci|identifica|indica|"
        r"spiega|trascrivi|ripeti)\b",
    ),
    "pt": Grammar(
        wh=r"(?:\bquê\b|\bqual\b|\bquais\b|\bquant[oa]s?\b|\bpor que\b|\bo que\b)",
        front_wh=r"\b(?:quem|que|a?onde|quando)\b|(?<!\w\s)\bcomo\b",
        either=r"\bou\b",
        whether=r"\bse\b",
        ask=r"\b(?:pode|podes|poderia|consegue|sabe|é possível)\b",
        tag=r",\s*(?:certo|não|não é|né|verdade|correto|não é verdade)\s*\?\s*$",
        negative=r"^\W*não\b",
        definite=word_set("o a os as este esta esse essa do da dos das no na seu sua"),
        indefinite=word_set("um uma uns umas algum alguma mais"),
        beside=r"\b(?:além d\w+|exceto|fora)\b",
        imperative=r"^(?:descrev[ae]|diga|nomeie|liste|resum[ae]|traduz[ae]?|identifique|indique|"
        r"explique|transcreva|repita)\b",
    ),
    "ru": Grammar(
        wh=r"\b(?:кто|кого|кому|кем|(?<!, )что|чего|чему|(?<!, )чем|чём|каков[аоы]?|как(?:ой|ая|ое|ие|ого|ую"
        r"|ому|ому|им|их|"
        r"ими|ом)|почему|зачем|сколько|"
        r"скольких|чей|чья|чьё|чьи|куда|откуда|насколько|(?<!, )котор(?:ый|ая|ое|ые|ого|ую|ой|ом|ых))\b(?!-)",
        front_wh=r"\b(?:как|когда|где|хто|що|як\w*|де|коли|чому|скільки)\b(?!-)",
        either=r"\bили\b",
        whether=r"\bли\b",
        ask=r"\b(?:(?:можешь|можете|могли|могла|мог|можно|сможете|удаётся) (?:бы )?(?:ли )?|"
        r"не могли бы вы |знаете ли |ясно ли|понятно ли)",
        tag=r",\s*(?:не так ли|верно|правда|да|так ведь|не правда ли|нет|разве нет)\s*\?\s*$",
        negative=r"^\W*(?:разве|неужели|не\b(?! могли))",
        definite=word_set("этот эта это эти этого этой тот та те данный данная"),
        indefinite=word_set("какой-то какая-то какие-нибудь хоть один одна"),
        beside=r"\b(?:кроме|помимо|за исключением|не считая)\b",
        imperative=r"^(?:пожалуйста,?\s+)?(?:опиши|назови|скажи|переведи|перечисли|перескажи|определи|"
        r"укажи|объясни|повтори|сосчитай|"
        r"расскажи|оцени|приведи|процитируй)(?:те)?\b",
    ),
    "ja": Grammar(
        wh=r"何(?!か)|なに(?!か)|なん(?=[のでとて歳人時])|誰(?!か)|だれ(?!か)|どこ(?!か)|どの|どれ|どんな"
        r"|どう|どのよう|いつ(?!か)|いく[つら]"
        r"|なぜ|どうして",
        front_wh=r"(?!)",
        either=r"それとも|または|あるいは",
        whether=r"かどうか",
        ask=r"(?:教えて|言って|答えて|説明して|述べて)|(?:分かり|わかり|聞き取れ|判断でき"
        r"|聞き分けられ)ますか",
        tag=r"(?:ですよね|ますよね|でしょう|だよね|ですね)\s*[??。]?\s*$",
        negative=r"(?:じゃ|では)?(?:ない(?:です)?|ありません)か\s*[??。]?\s*$",
        definite=word_set("この その あの"),
        indefinite=word_set("ある"),
        beside=r"以外|のほか|の他|に加えて",
        imperative=r"(?!)",
    ),
    "zh": Grammar(
        wh=r"什么|哪|谁|几(?!乎)|多少|怎么|怎样|如何|为何|多大|多远|多长|多快|多久|何种|啥",
        front_wh=r"(?!)",
        either=r"还是|或者|或",
        whether=r"是否|是不是",
        ask=r"(?:能否|能不能|可以|可否|能|请)(?:你)?(?:告诉|听出|说出|描述|判断|分辨|辨认|识别|听清|指出"
        r"|说说)",
        tag=r"(?:对吗|对吧|对不对|是吧|是吗|不是吗|没错吧|吧)\s*[??]?\s*$",
        negative=r"难道|不是.*吗|没有.*吗",
        definite=word_set("这位 那位 这个 那个 该 此 这名 那名 这只 那只 这把 这种"),
        indefinite=word_set("一个 一位 一只 一种"),
        beside=r"除了|除开|除",
        imperative=r"^(?:请|描述|说出|列出|翻译|总结|复述|指出|概括|转写|说说)",
    ),
}

STOP_WORDS: dict[str, frozenset[str]] = {
    "en": word_set(
        "the a an is are was were be been being am do does did has have had can could will would "
        "shall should may might must "
        "of to in on at by for from with without about into over under and or but if whether than "
        "then as so that this these those "
        "it its he she they we you i me him her his their them my your our who whom whose what which "
        "when where why how not no yes "
        "there here some any more most much many very only just also too both each every all one s t "
        "don doesn isn didn re ve ll m "
        "like seem seems sounds make makes made best fit fits while because during between probably "
        "roughly around give name tell "
        "describe exactly likely appear appears other another up out off down us let get got please"
    ),
    "de": word_set(
        "der die das den dem des ein eine einen einem einer eines ist sind war waren wird werden hat "
        "haben kann können konnen "
        "und oder aber nicht kein keine ja nein es er sie ich du wir ihr man sich in im an am auf "
        "aus bei mit nach von vom zu zum zur "
        "für fur über uber unter um als wie was wer wo wann warum welche welcher welches welchen "
        "welchem wessen dass ob hier da dieser "
        "diese dieses diesem diesen sehr nur auch noch etwa ungefähr ungefahr durch ohne gibt klingt "
        "wirkt so mehr spricht worum"
    ),
    "es": word_set(
        "el la los las un una unos unas es son era está esta están estan fue ser estar hay ha han "
        "tiene tienen puede de del a al en con "
        "sin por para sobre entre y e o u pero no sí si que qué quién quien cuál cual cómo como "
        "dónde donde cuándo cuánto cuantos "
        "se le lo les su sus este esto ese muy más mas menos también solo unos aproximadamente qué "
        "parece suena dice habla aquí"
    ),
    "fr": word_set(
        "le la les un une des du de d l est sont était a ont être avoir il elle on ils elles je tu "
        "nous vous y en et ou mais ne pas n "
        "non oui que qu qui quel quelle quels quelles quoi comment combien où quand pourquoi ce cet "
        "cette ces c s se sa son ses dans "
        "sur sous avec sans pour par au aux plus très environ peut entend parle dit est-ce t à"
    ),
    "it": word_set(
        "il lo la i gli le un uno una è sono era ha hanno di del della dei delle da dal in nel nella "
        "con su per tra e o ma non sì che chi "
        "cosa quale quali come dove quando perché quanto quanti si questo questa molto più circa c l "
        "si sente parla alla al"
    ),
    "pt": word_set(
        "o a os as um uma uns umas é são era está estão há tem têm de do da dos das em no na nos nas "
        "com sem por para sobre e ou mas não "
        "sim que quem qual quais como onde quando quanto quantos se este esta isso esse muito mais "
        "cerca pelo pela ao à"
    ),
    "nl": word_set(
        "de het een en of niet is zijn was wordt heeft van in op met voor aan bij wat wie hoe welke "
        "waar dit dat er ook geen naar"
    ),
    "ru": word_set(
        "и в во на с со к по из у о об от до за для при не ни да нет а но или ли что кто как какой "
        "какая какое какие какую каком где когда "
        "почему сколько это этот эта эти этом этой он она они его её ее их мы вы я есть был была "
        "было быть бы же только очень там здесь "
        "примерно около тут голос можно то потому"
    ),
}

DANGLING: dict[str, frozenset[str]] = {
    "en": word_set(
        "the a an of and or but because with from into to at by for in on as that which who whose is "
        "are was were has have had be "
        "than if when while although though since until my your his her their its our this these "
        "those very about between "
        "during including such like not also both either without within through towards around "
        "approximately roughly"
    ),
    "de": word_set(
        "der die das den dem des ein eine einen einem einer und oder aber weil mit von zu im am in "
        "an auf aus für dass ist sind sehr etwa wie sowie bei zur zum"
    ),
    "es": word_set(
        "el la los las un una unos unas de del y e o u pero porque con por para en al a que es son "
        "está muy su sus como sin sobre"
    ),
    "fr": word_set(
        "le la les un une des du de d l et ou mais parce que qu avec pour dans sur est sont très à "
        "au aux son sa ses ce cette comme sans"
    ),
    "it": word_set(
        "il lo la i gli le un uno una di del della e o ma perché con per in nel nella che è sono molto a al"
    ),
    "pt": word_set("o a os as um uma de do da e ou mas porque com por para em no na que é são muito ao"),
    "ru": word_set(
        "и в во на с со к по из у о об от до за для при не а но или что потому как который которая "
        "который это его её около очень"
    ),
    "nl": word_set("de het een en of maar omdat met van voor in op aan dat is"),
}

VERBS: frozenset[str] = word_set(
    "is are was were has have had says said speaks sounds seems asks wants talks plays barks can "
    "does feels expresses "
    "ist sind war hat haben spricht klingt sagt wirkt kann fragt "
    "está estan están es son tiene dice habla suena parece hay pide pregunta "
    "est sont a parle dit semble entend demande "
    "è sono parla dice suona é são está fala diz soa говорит звучит слышен слышна слышны просит"
)
"""Finite verbs: signs that an answer is a sentence, which wants an end."""


def first_grammar(language: str | None) -> Grammar:
    """The grammar of a language, English where it has none."""
    return GRAMMARS.get(language or "en", GRAMMARS["en"])
