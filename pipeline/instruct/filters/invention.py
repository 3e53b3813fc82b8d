"""What an answer adds to the words of a clip, or changes in them: causes, scenes, weekdays, other words altogether."""

from __future__ import annotations

import re

from . import lexicon
from .binary import form_of
from .candidate import Candidate
from .claims import claims_of, denied_at
from .known import Known
from .vocabulary import EXCLUSIVE, TABLES
from .words import CJK, concepts_in, content_words, fold, language_of, stem, words

_BECAUSE = re.compile(
    r"\b(?:because(?: of)?|in order to|so as to|afin de|con el fin de|con l'intento di|due to|since (?=he|"
    r"she|they|the|it)|owing to|thanks to|weil|wegen|aufgrund|"
    r"denn|porque|debido a|"
    r"a causa de|por culpa de|parce qu[e']|a cause d\w*|car (?=il|elle|on|son|sa)|grace a|perche|poiche|"
    r"per via di|"
    r"a causa di|por causa d\w*|devido a\w*|потому что|из-за|так как|поскольку)|因为|由于"
)
_SO = re.compile(
    r"\b(?:so|since|as|therefore|that's why|thus|hence|after|until|if|too|enough|also|darum|deshalb|"
    r"daher|nachdem|wenn|zu|damit|"
    r"asi que|por eso|ya que|como|donc|puisque|comme|alors|quindi|siccome|perci\w|entao|portanto|pois|"
    r"поэтому|значит|ведь|чтобы)\b|"
    r"所以|因此"
)
"""What joins a cause and its effect without naming it a cause."""
_EVIDENCE = re.compile(
    r"\b(?:voice|tone|pitch|sound\w*|speak\w*|echo\w*|reverb\w*|decay\w*|distan\w*|far|close|loud\w*|"
    r"quiet\w*|slow\w*|fast|"
    r"tempo|rhythm|accent|stimme|ton|klingt|hall\w*|weit|laut|leise|voz|tono|suena|voix|ton|голос\w*|"
    r"тон|звуч\w+|noise|"
    r"background|music|instrument\w*)\b|声音|语气|回声|噪"
)


def _spoken_stems(known: Known) -> set[str]:
    return {word.stem for word in words(known.prose)}


def invented_cause(candidate: Candidate, known: Known) -> str | None:
    """The cause that an answer gives, where neither the words of the clip nor another fact has anything of it.

    Where these words tell a cause themselves, the answer may put it otherwise.
    """
    text, spoken = fold(candidate.answer), fold(candidate.spoken)
    if _tells_a_reason(candidate):
        return None
    match = None if _BECAUSE.search(spoken) or _SO.search(spoken) else _BECAUSE.search(text)
    return (
        None
        if match is None
        else _unsupported(re.split(r"[.;!?。;]", text[match.end() :])[0], candidate, known)
    )


_WHY = re.compile(
    r"^\W*(?:why|for what reason|what (?:lies behind|causes|caused|brought about|is the (?:cause|reason))|"
    r"warum|wieso|weshalb|(?:por|pour)\s?qu(?:e|oi)|perche|почему|отчего)\b|"
    r"为什么|为何"
)


def invented_reason(candidate: Candidate, known: Known) -> str | None:
    """The answer to `why?`, where nothing of the facts is in it and the words of the clip aren't known."""
    if known.prose or not _WHY.search(candidate.asked) or _tells_a_reason(candidate):
        return None
    return _unsupported(fold(candidate.answer), candidate, known)


def _tells_a_reason(candidate: Candidate) -> bool:
    """Whether a fact is named as a reason, whose value may be put in any words."""
    return any(_REASON.search(str(key).lower()) for key in candidate.facts)


_REASON = re.compile(
    r"reason|cause|why|trigger|motiv|purpose|occasion|context|situation|scenario|incident|fault|defect"
)


def _unsupported(cause: str, candidate: Candidate, known: Known) -> str | None:
    if known.prose and not _same_language(known.prose, candidate.answer):
        return None
    if _EVIDENCE.search(cause):
        return None
    told = {stem(w.text) for values in known.values.values() for text in values for w in words(text)}
    if CJK.search(cause):
        bare = re.sub(r"\W", "", cause)
        prose = fold("\n".join(v for values in known.values.values() for v in values))
        if any(bare[i : i + 2] in prose for i in range(len(bare) - 1)):
            return None
    if any(w.stem in told or _begins_alike(w.text, told) for w in content_words(cause, candidate.language)):
        return None
    for claim in claims_of(cause, candidate.language):
        if claim.value in known.named.get(claim.kind, ()) and not claim.denied:
            return None
    if re.search(r"\d", cause) or not cause.strip():
        return None
    return cause.strip()


def _same_language(one: str, other: str) -> bool:
    first, second = language_of(one), language_of(other)
    return first is None or second is None or first == second


def _begins_alike(word: str, told: set[str]) -> bool:
    return len(word) >= 5 and any(other.startswith(word[:4]) for other in told if len(other) >= 4)


def swapped(candidate: Candidate, known: Known) -> tuple[str, str] | None:
    """A weekday, colour, room or the like of the clip's words, and the other one that the answer has in its place."""
    if not known.prose:
        return None
    prose, answer = fold(known.prose), fold(candidate.answer)
    everything = f"{known.prose}\n{candidate.question}"
    for table in (*EXCLUSIVE, TABLES["room"]):
        spoken, said = concepts_in(table, known.prose), concepts_in(table, candidate.answer)
        if not spoken or not said or set(spoken) & set(said):
            continue
        other, place = next((value, places[0]) for value, places in said.items())
        if other in concepts_in(table, everything) or denied_at(answer, *place, candidate.language):
            continue
        own = next(iter(spoken.values()))[0]
        negated = denied_at(prose, *own, language_of(known.prose)) and len(spoken) == 1 and len(said) == 1
        if not negated:
            return prose[slice(*own)], answer[slice(*place)]
    return None


_VERBATIM = re.compile(
    r"(?:what|which words?) (?:does|did|do|is|are|was).*\b(?:say|saying|said|utter\w*|spoken|words)\b|"
    r"transcri|exact words|word for word|"
    r"was (?:sagt|wird gesagt|sagen)|que (?:dice|se dice)|que dit|qu'est-ce qu\w*.*\bdit|cosa dice|"
    r"o que (?:diz|e dito)|что говорит|"
    r"что сказа|что произн|说了什么|在说什么"
)


def asks_for_the_words(candidate: Candidate) -> bool:
    """Whether a question asks for what is said as it is said, not for its topic or its manner."""
    question = candidate.asked
    manner = r"\babout\b|\bhow\b|uber\b|\bwie\b|sobre|\bcomo\b|comment|о чем|\bкак\b|关于|怎么"
    return _VERBATIM.search(question) is not None and re.search(manner, question) is None


_TRANSCRIBE = re.compile(
    r"transcri|transkri|exact words|word for word|verbatim|wortlich|wort fur wort|palabra por palabra|"
    r"mot (?:a|pour) mot|"
    r"texte exact|texto exacto|расшифр|дословно|слово в слово|逐字|转写|write (?:down|out) (?:what|the)|"
    r"schreib\w* (?:auf|wortlich)"
)
_REWORDED = re.compile(
    r"translat|ubersetz|traduc|traduis|tradui|перевед|перевод|翻译|summar|zusammenfass|resum"
)
_LEAST_SHARED = 0.3


def other_transcript(candidate: Candidate, known: Known) -> bool:
    """Whether a transcript was asked for, and less than a third of the words given are in the clip's text."""
    asked = candidate.asked
    if (
        form_of(candidate.question).options
        or not known.prose
        or not _TRANSCRIBE.search(asked)
        or _REWORDED.search(asked)
    ):
        return False
    answer, prose = fold(candidate.answer), fold(known.prose)
    if re.search(r"\d", answer + prose):
        return False  # digits for words
    if CJK.search(answer + prose):
        said = set(re.sub(r"\W", "", prose))
        given = [char in said for char in re.sub(r"\W", "", answer)]
    else:
        spoken = {word.text for word in words(prose)}
        given = [word.text in spoken for word in words(answer)]
    return bool(given) and sum(given) < _LEAST_SHARED * len(given)


def other_words(candidate: Candidate, known: Known) -> bool:
    """Whether an answer to `what is said?` has no word in common with what is said, in the same language."""
    if not asks_for_the_words(candidate):
        return False
    if not _same_language(known.prose, candidate.answer) or language_of(candidate.answer) is None:
        return False
    answer, prose = fold(candidate.answer), fold(known.prose)
    if CJK.search(answer) or CJK.search(prose):
        bare = re.sub(r"\W", "", answer)
        return len(bare) > 6 and not any(
            char in prose for char in bare if char not in "的说了在是一他她话人个这我你"
        )
    content = [
        w
        for w in content_words(answer, candidate.language)
        if w.text not in lexicon.GENERIC and len(w.text) > 2
    ]
    spoken = _spoken_stems(known)
    if len(content) < 4 or len(spoken) < 3:
        return False
    if any(w.stem in spoken or _begins_alike(w.text, spoken) for w in content):
        return False
    return not any(
        c.value in known.named.get(c.kind, ()) for c in claims_of(candidate.answer, candidate.language)
    )
