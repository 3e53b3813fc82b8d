"""unparseable: what isn't one question with one answer, and nothing else."""

from __future__ import annotations

import re

from .binary import is_binary
from .candidate import Candidate, a_filter
from .prose import repeats
from .words import fold, texts

_ROLE = re.compile(
    r"(?:^|[\n.!?。!?]\s*)(?:\*\*|#+\s*|[-*]\s+|\d+[.)]\s*)?(?:q|a|question|answer|user|assistant|human|"
    r"system|model|"
    r"instruction|response|output|explanation|reasoning|correct answer|final answer|"
    r"frage|antwort|benutzer|nutzer|assistent|erklärung|pregunta|respuesta|usuario|asistente|"
    r"réponse|utilisateur|domanda|risposta|utente|pergunta|resposta|usuário|вопрос|ответ|пользователь|ассистент|"
    r"vraag|antwoord|pytanie|odpowiedź|soru|cevap|问题|问|答|答案|回答|用户|助手|質問|答え|ユーザー|"
    r"アシスタント|질문|답변|답)"
    r"\s*\d*(?:\*\*)?\s*[::]",
    re.IGNORECASE,
)
_LEFTOVERS = re.compile(
    r"[\"'](?:question|answer)[\"']\s*:|^\s*[{\[]\s*[\"']|[\"']\s*[}\]][\s,}\]]*$|```|"
    r"<\|?/?\w+\|?>|</?\w+ ?/?>|"
    r"\[/?INST\]|<<?/?SYS>>?|</s>|\\n|&(?:nbsp|amp|quot|lt|gt|#\d+);|^#{2,}\s"
)
_TEMPLATE = re.compile(
    r"\[(?!sic\b|\.)[^\W\d][\w '/|:-]{1,40}\]|\{\{?\s*[^\W\d][\w '/.-]{0,40}\}?\}|\$\{\w+\}|<[^\W\d][\w "
    r"'/-]{1,40}>|"
    r"[【〔][^】〕]{1,20}[】〕]|_{3,}|\bX{3,}\b|(?<!\w)%[sd]\b|\b(?:TBD|TODO|lorem ipsum|FIXME)\b|"
    r"\b(?:insert|your|fill in) (?:the )?(?:answer|value|question)\b(?: here)?"
)
"""What is to be filled in: `[value]`, `{emotion}`, `<instrument>`; `[laughter]` in a transcript is none."""
_NOTHING = re.compile(r"\W*(?:n/?\.?a\.?|null|undefined|nan|none provided|not applicable)\W*", re.IGNORECASE)
_PREAMBLE = re.compile(
    r"^\W*(?:(?:sure|certainly|absolutely|of course|okay|great)\b(?:!|,? (?:here|i can|i'd|let me|"
    r"let's)\b|[.:]\s*(?=here\b))|"
    r"(?:sure[,!]? )?here(?:'s| is| are|’s) (?:[\w-]+ ){0,6}?(?:questions?|answers?|pairs?|q&a|qa)\b|"
    r"(?:natürlich|gerne|klar|claro|por supuesto|bien sûr|certo|certamente|конечно)\s*!|当然[!!]|好的[!!,,]|"
    r"hier (?:ist|sind|kommt) (?:\w+ ){0,4}?(?:frage|antwort|paar)\w*|"
    r"(?:aquí (?:está|están|tienes|va)|aqui (?:está|estão|vai)) (?:\w+ ){0,4}?(?:pregunta|respuesta|"
    r"pergunta|resposta|par)\w*|"
    r"(?:voici|ecco) (?:\w+ ){0,4}?(?:questions?|réponses?|domand\w|rispost\w|paires?)|вот (?:\w+ "
    r"){0,3}?(?:вопрос|ответ|пар)\w*|"
    r"(?:以下|这)是(?:一个|一些|关于)?[^??]{0,12}(?:问题|答案|问答)[::。]|以下(?:は|に)[^??]{0,12}(?:質問|"
    r"回答)|はい、(?:こちら|以下))",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"\n\s*(?:\d+[.)]\s*)?[^\n]{3,}[??]\s*(?:\n|$)|(?:let me know|feel free to|hope (?:this|that) helps|"
    r"(?:would|do) you like (?:me|another|more))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”„«][^\"“”»]*[\"“”»]|(?<!\w)['‘][^'’‘]+['’](?!\w)|[「『][^」』]*[」』]")
_STATEMENT = re.compile(
    r"^(?:the|this|that|it|he|she|there|these|those|a|an|i|der|die|das|es gibt|el|la|los|las|le|les|"
    r"es|это|этот|这是)\b",
    re.IGNORECASE,
)


@a_filter(
    keeps=Candidate("Who speaks?", "A woman.", {"gender": "female"}),
    drops=Candidate("Who speaks? And how?", "A woman, calmly.", {"gender": "female"}),
)
def unparseable(candidate: Candidate) -> str | None:
    """A part is empty, or holds what belongs to a chat or to JSON, or there are two questions, or none."""
    for name, part in (("question", candidate.question), ("answer", candidate.answer)):
        if not texts(part):
            return f"the {name} is empty"
        if repeats(part, candidate.spoken):
            continue
        for kind, pattern in (
            ("a role marker", _ROLE),
            ("a leftover of JSON or of a chat", _LEFTOVERS),
            ("a preamble", _PREAMBLE),
        ):
            if match := pattern.search(part):
                if (
                    kind == "a preamble"
                    and name == "answer"
                    and is_binary(candidate.question)
                    and len(texts(part)) < 4
                ):
                    continue
                return f"the {name} holds {kind}: {match[0].strip()!r}"
        for match in _TEMPLATE.finditer(part):
            if fold(match[0]) not in fold(candidate.spoken) and not _MARKS_A_SOUND.match(match[0]):
                return f"the {name} holds a blank to be filled in: {match[0]!r}"
    if _NOTHING.fullmatch(candidate.answer) and not repeats(candidate.answer, candidate.spoken):
        return "the answer is empty"
    asked = _questions(candidate.question)
    if len(asked) > 1:
        return f"there are {len(asked)} questions in the question"
    if _asks_again(candidate) or (
        _ADDED.search(candidate.answer) and not repeats(candidate.answer, candidate.spoken)
    ):
        return "the answer asks another question"
    bare = candidate.question.strip()
    if not asked and _STATEMENT.match(bare) and not is_binary(bare):
        return "the question asks nothing"
    return None


_MARKS_A_SOUND = re.compile(
    r"\W(?:laugh\w*|cough\w*|noise|music|silence|pause|breath\w*|unintelligible|inaudible|applause|"
    r"sigh\w*|um|uh|unk)\W",
    re.IGNORECASE,
)


def _questions(text: str) -> list[str]:
    """The sentences that end in a question mark, quotations aside."""
    bare = _QUOTED.sub("_", text)
    return [part for part in re.findall(r"[^.!?。!?؟]*[??؟]+", bare) if texts(part)]


def _asks_again(candidate: Candidate) -> bool:
    questions = [part for part in _questions(candidate.answer) if not repeats(part, candidate.spoken)]
    rest = re.split(r"[??؟]", _QUOTED.sub("_", candidate.answer))[-1]
    return bool(questions) and bool(texts(rest))


FILTER = unparseable
