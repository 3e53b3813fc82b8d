"""no_answer: the answer to another question."""

from __future__ import annotations

import re

from . import lexicon
from .agreement import says_yes
from .another_fact import tells_another_fact
from .beside import tells_beside
from .candidate import Candidate, a_filter
from .case import Case, case_of, claims_in, is_an_answer, polarity, quotes, within
from .claims import claims_of, sizes_of
from .invention import asks_for_the_words
from .pitch import note_names
from .truth import degrees_of
from .words import CJK, content_words, fold, words

_MEASURES_OF = {
    "age": {"years"}, "distance": {"m"}, "snr": {"dB"}, "bpm": {"bpm"}, "count": {"people"}, "rt60": {"s"},
    "duration": {"s"}, "pitch": {"Hz"},
}  # fmt: skip


_CLOSED_KINDS = (
    "gender", "age", "emotion", "language", "accent", "instrument", "genre", "key", "pitch", "bpm", "room", "distance",
    "count", "spoof",
)  # fmt: skip


_KIN = {
    "accent": {"language"}, "genre": {"gender"}, "key": {"mode"}, "room": {"sound"}, "spoof": {"spoof"},
    "bpm": {"genre"},
    "emotion": {"emotion", "age"}, "count": {"gender"}, "distance": {"room"}, "gender": {"age"}, "age": {"age"},
    "instrument": {"instrument", "sound"},
}  # fmt: skip


@a_filter(
    keeps=Candidate("Who speaks?", "A woman.", {"gender": "female"}),
    drops=Candidate("How old is the speaker?", "A woman.", {"gender": "female", "age": 30}),
)
def no_answer(candidate: Candidate) -> str | None:
    """The answer tells something else than was asked, or only yes where more was asked."""
    case = case_of(candidate)
    if not is_an_answer(candidate):
        return None
    if _only_yes(case):
        return "a yes or no answers another question"
    if other := tells_another_fact(case):
        return f"the answer tells the {other.replace('_', ' ')}, which isn't asked for"
    if beside := tells_beside(case):
        return beside
    kinds = [kind for kind in _CLOSED_KINDS if kind in case.asked]
    if (
        quotes(case)
        or _COMPARES.search(candidate.asked)
        or len(kinds) != 1
        or len(case.asked) != 1
        or polarity(case) is not None
        or "content" in case.asked
    ):
        return _not_the_words(case)
    asked = kinds[0]
    answer = candidate.answer
    told = {c.kind for c in claims_in(answer, case)} | {
        q.measure for q, _ in sizes_of(answer, case.language) if not q.article or q.measure in ("m", "s")
    }
    wanted = {asked} | _KIN.get(asked, set()) | _MEASURES_OF.get(asked, set())
    if "" in told or not told or told & wanted or _names_value(asked, case) or _names_value("other", case):
        return None
    if asked in ("key", "pitch") and note_names(answer, syllables=True, german=True):
        return None
    if any(degrees_of(fold(answer))) and asked in ("bpm", "distance", "pitch", "age"):
        return None
    spoken = (
        {"gender"} if asked == "age" and re.search(r"child|kind|nin|enfant|ребен|孩", fold(answer)) else set()
    )
    return (
        None if spoken & told else f"it asks for the {asked}, the answer tells the {', '.join(sorted(told))}"
    )


_COMPARES = re.compile(
    r"\b(?:differ\w*|distinguish\w*|compar\w*|unterscheid\w*|distingu\w*|отлича\w*)\b|区别|不同|違い"
)


def _names_value(asked: str, case: Case) -> bool:
    """Whether the answer names a word of a fact of the kind asked for."""
    answer = {word.stem for word in words(case.candidate.answer)}
    values = [w for text in case.known.values.get(asked, ()) for w in words(text)]
    low = fold(case.candidate.answer)
    return any(w.stem in answer or (CJK.search(w.text) and w.text in low) for w in values)


def _only_yes(case: Case) -> bool:
    """`Yes.`, `Yes, I can.`, where the question isn't one of yes or no."""
    if not (says_yes(case.candidate.answer) is not None or _assents(case.candidate.answer)) or (
        case.known.prose and case.about_content and case.form.tests
    ):
        return False
    open_question = not (case.form.tests or case.form.suggests or case.form.binary)
    either = bool(case.form.options) and case.form.binary and not case.form.suggests
    if not (open_question or (either and not _yes_fits(case))):
        return False
    answer = fold(case.candidate.answer)
    if CJK.search(answer):
        return (
            len(
                re.sub(
                    r"[\W是的有可以我能听出来吗对不没当然好行]|はい|いいえ|もちろん|わかります|できます|聞こえます|です",
                    "",
                    answer,
                )
            )
            == 0
        )
    rest = [w for w in words(answer) if w.text not in _YES_WORDS]
    spoken = {w.text for w in words(case.known.prose)}
    return not rest and not all(w.text in spoken for w in words(answer))


def _assents(answer: str) -> bool:
    return (
        re.match(
            r"\W*(?:certainly|sure|of course|definitely|absolutely|indeed|gladly|i (?:can|could|do)|naturlich|"
            r"sicher|gern|klar|claro|por supuesto|"
            r"desde luego|bien sur|certainement|certo|certamente|com certeza|конечно|могу|можно)\b|\W*(?:当然|"
            r"可以|能|もちろん)",
            fold(answer),
        )
        is not None
    )


def _yes_fits(case: Case) -> bool:
    """`Is it sad or angry?` may be meant as one thing; `male or female?` names two that exclude each other."""
    claims = [
        c
        for c in claims_of(case.candidate.question, case.language)
        if within(c.start, c.end, case.form.options)
    ]
    return len({(c.kind, c.value) for c in claims}) < 2 or len({c.kind for c in claims}) > 1


_YES_WORDS = frozenset(
    "que qu yes no yeah i can could it is they do does that this one we you possible sure not t cannot ja nein "
    "das kann ich man "
    "es ist moglich si no puedo se puede lo es oui non je peux on peut le c est possible posso sim nao sì "
    "consigo pode "
    "да нет могу можно я это так "
    "certainly sure surely of course definitely absolutely indeed clearly easily able to tell know hear gladly "
    "please very well right that's correct exactly ok okay so here "
    "have got ve a an pretty good fairly quite fair rough idea hunch guess notion sense think believe feeling had "
    "habe eine recht gute ahnung idee vermutung tengo una idea buena bastante ai une petite bonne idee "
    "ho un'idea un buona tenho uma boa ideia есть идея догадка представление меня у хорошая "
    "natürlich naturlich klar sicher gewiss gern gerne doch durchaus selbstverstandlich allerdings genau kann man "
    "claro por supuesto desde luego seguro ciertamente efectivamente puede "
    "bien sur tout a fait certainement absolument effectivement evidemment exactement "
    "certo certamente sicuramente naturalmente assolutamente esatto posso si puo "
    "com certeza claramente exatamente consegue consegue-se e "
    "конечно разумеется безусловно верно точно могу".split()
)


def _not_the_words(case: Case) -> str | None:
    """The words were asked for, and the answer tells of the speaker."""
    if (
        not case.about_content
        or case.form.binary
        or case.form.options
        or not asks_for_the_words(case.candidate)
    ):
        return None
    claims = claims_in(case.candidate.answer, case)
    if not claims or {c.kind for c in claims} - {"gender", "language", "emotion", "age"}:
        return None
    spoken = {w.stem for w in content_words(case.known.prose, None)}
    rest = [
        w for w in content_words(case.candidate.answer, case.language)
        if w.text not in lexicon.GENERIC and not any(c.start <= w.start < c.end for c in claims)
    ]  # fmt: skip
    said = {w.stem for w in words(case.candidate.answer)}
    if rest or spoken & said or CJK.search(case.candidate.answer):
        return None
    named = any(
        c.value in case.known.named.get(c.kind, ()) and c.value not in case.known.told.get(c.kind, ())
        for c in claims
    )
    return None if named else "it asks for what is said, the answer tells of the speaker"


FILTER = no_answer
