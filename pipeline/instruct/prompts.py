"""What the LLM is shown, and how its reply is read: a corpus description and a dictionary of facts go in, one
question and one answer about the clip come out (the second stage of CryFish, arXiv 2508.12666).

Every prompt begins with the same rules and examples, so that an engine computes them once (prefix caching).
Change PROMPT_VERSION with anything that changes a prompt: records made with another version are made again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...recipes.languages import language_name
from .backends import Messages
from .tasks import plain

PROMPT_VERSION = "1"

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"question": {"type": "string"}, "answer": {"type": "string"}},
    "required": ["question", "answer"],
    "additionalProperties": False,
}

NOT_HEARD = ("speaker", "source")
"""Facts that no listener can hear."""


@dataclass(frozen=True)
class Style:
    """A way to ask. `facts` are those it suits (None: any; none: the clip as a whole); `lists`: only facts with several
    values."""

    name: str
    request: str
    facts: tuple[str, ...] | None = None
    lists: bool = False
    binary: bool = False


_PERSON = ("gender", "age", "accent", "emotion", "language")
_CLOSED = ("gender", "emotion", "language", "accent", "music_genre", "instrument", "room", "noise_type")

STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("what", "Ask a question with what, which or how about {fact}."),
        Style("who", "Ask what the person who speaks is like, with regard to {fact}.", _PERSON),
        Style(
            "content", "Ask about one detail of what is said, without quoting it.", ("text", "translation")
        ),
        Style(
            "choice",
            "Ask which of three possibilities holds for {fact}; the right one is among them.",
            _CLOSED,
        ),
        Style("list", "Ask for a list of {fact}.", lists=True),
        Style("count", "Ask how many different {fact} there are.", ("sound_events",), lists=True),
        Style("describe", "Ask for a description of the clip; the answer says all that is known.", ()),
        Style("confirm", "Ask a yes/no question about {fact} whose right answer is yes.", binary=True),
        Style("deny", "Ask a yes/no question about {fact} whose right answer is no.", binary=True),
    )
}

_SPOKEN_NAMES = {
    "text": "the words spoken",
    "translation": "the meaning of what is said",
    "emotion_intensity": "how strongly the emotion is expressed",
    "sound_events": "the sounds",
    "caption": "what happens in the clip",
    "noise_type": "the background noise",
    "snr_db": "how loud the voice is compared to the noise",
    "distance_m": "the distance from the microphone",
    "rt60_s": "how reverberant the room is",
    "pitch": "the note played",
    "music_genre": "the genre of the music",
}

_RULES = """\
You write questions and answers that teach a model to listen. Each time you are told what is known of one \
audio clip: a description of the corpus it comes from, and a dictionary of facts. Write one question that a \
listener could ask about the clip, and its answer.
- The question must not give a fact away: it asks for it. A yes/no question may name what it tests, and a \
choice its possibilities.
- The answer says only what follows from the facts, in one natural sentence (several for a description).
- Question and answer speak of what is heard. They never mention facts, labels, data sets or files.
- One question only, in English.
- Reply with one line of JSON: {"question": "...", "answer": "..."}"""

_EXAMPLES: tuple[tuple[str, dict[str, Any], str, str, str, str], ...] = (
    (
        "Actors read short sentences in several emotions.",
        {"text": "The bus is late again.", "gender": "female", "emotion": "angry"},
        "what",
        "emotion",
        "How does the speaker seem to feel?",
        "The speaker sounds angry.",
    ),
    (
        "Short recordings of everyday sounds. All sounds that can be heard are named.",
        {"sound_events": ["dog barking", "rain"]},
        "deny",
        "sound_events",
        "Is there any music in the background?",
        "No, only rain and a barking dog can be heard.",
    ),
    (
        "Read speech mixed with background noise.",
        {"text": "We leave for Oslo at nine on Friday.", "language": "English", "snr_db": 4.0},
        "content",
        "text",
        "When does the journey begin?",
        "It begins at nine on Friday.",
    ),
    (
        "Crowdsourced sentences in many languages.",
        {"gender": "male", "age": 34, "language": "Polish"},
        "choice",
        "language",
        "Which language is spoken: Polish, Czech or Ukrainian?",
        "The language is Polish.",
    ),
    (
        "Read audio books.",
        {"text": "the snow fell all night", "gender": "male", "language": "English"},
        "confirm",
        "gender",
        "Is a man speaking?",
        "Yes, the speaker is a man.",
    ),
    (
        "Recordings of animals and machines.",
        {"sound_events": ["cow"]},
        "what",
        "sound_events",
        "Which animal can be heard?",
        "A cow can be heard.",
    ),
    (
        "Speech recorded in real rooms at measured distances.",
        {"gender": "male", "room": "small office", "distance_m": 2.1},
        "describe",
        "",
        "Describe the recording.",
        "A man speaks about two metres from the microphone in a small office.",
    ),
)


def facts_for_prompt(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that help to write about what is heard: no ids, languages by name, numbers to two digits.

    Transcripts in capitals become lower case: small models take capitals for names, or go on in capitals.
    """
    return {name: _readable(name, value) for name, value in facts.items() if name not in NOT_HEARD}


def _readable(name: str, value: Any) -> Any:
    if name == "language":
        return language_name(value)
    if isinstance(value, float):
        return float(f"{value:.2g}")
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return plain(value.lower() if name == "text" and value.isupper() else value)
    return value


def draw_style(
    facts: Mapping[str, Any], turn: int, binary_share: float, rng: np.random.Generator
) -> tuple[str, str]:
    """The style of a clip's `turn`-th question and the fact it is about (empty for the whole clip).

    A share of the questions is yes/no, half of them with the answer no; the others go through all that suits
    the facts in a drawn order, so that the questions of one clip differ. `facts` isn't empty. `rng` must be
    the same for all turns of a clip.
    """
    fitting = [
        (style, fact) for style in STYLES.values() if not style.binary for fact in _topics(style, facts)
    ]
    order = rng.permutation(len(fitting))
    is_binary = rng.random(turn + 1)[turn] < binary_share
    if is_binary or not fitting:
        style = STYLES["confirm" if rng.random() < 0.5 else "deny"]
        testable = [name for name in facts if name not in ("text", "translation", "caption")] or list(facts)
        return style.name, testable[int(rng.integers(len(testable)))]
    style, fact = fitting[int(order[turn % len(order)])]
    return style.name, fact


def _topics(style: Style, facts: Mapping[str, Any]) -> list[str]:
    if style.facts == ():
        return [""] if len(facts) > 1 else []
    names = [name for name in facts if style.facts is None or name in style.facts]
    return (
        [name for name in names if isinstance(facts[name], list) and len(facts[name]) > 1]
        if style.lists
        else names
    )


def messages(description: str, facts: Mapping[str, Any], style: str, fact: str) -> Messages:
    """The chat that asks for one pair: rules and examples first, alike in every prompt; the clip last."""
    chat: list[dict[str, str]] = []
    for corpus, known, example_style, example_fact, question, answer in _EXAMPLES:
        reply = json.dumps({"question": question, "answer": answer}, ensure_ascii=False)
        chat.append({"role": "user", "content": _request(corpus, known, example_style, example_fact)})
        chat.append({"role": "assistant", "content": reply})
    chat.append({"role": "user", "content": _request(description, facts, style, fact)})
    # Not a system message: some chat templates refuse one.
    chat[0]["content"] = f"{_RULES}\n\n{chat[0]['content']}"
    return chat


def _request(description: str, facts: Mapping[str, Any], style: str, fact: str) -> str:
    known = json.dumps(facts, ensure_ascii=False)
    asked = STYLES[style].request.format(fact=_spoken(fact))
    return f"Corpus: {description}\nFacts: {known}\n{asked}"


def _spoken(fact: str) -> str:
    return _SPOKEN_NAMES.get(fact) or f"the {fact.replace('_', ' ')}"


def parse_reply(text: str) -> tuple[str, str] | None:
    """The question and the answer of a reply: its first JSON object that has both, whatever stands around it."""
    decoder = json.JSONDecoder(strict=False)
    start = text.find("{")
    while start >= 0:
        try:
            found, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            pair = {str(key).strip().lower(): value for key, value in found.items()}
            question, answer = pair.get("question"), pair.get("answer")
            if isinstance(question, str) and isinstance(answer, str):
                return plain(question), plain(answer)
        start = text.find("{", start + 1)
    return None
