"""What the LLM is shown, and how its reply is read: a corpus description and a dictionary of facts go in, one
question and one answer about the clip come out (the second stage of CryFish, arXiv 2508.12666).

Every prompt begins with the same rules and examples, so that an engine computes them once (prefix caching); those of a
language come next, and what is known of the clip last. A record holds a digest of its prompt, and is made again when
that changes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from ....recipes.kit.languages import language_name
from ....seeding import digest
from ..llm.llm import Messages
from ..tasks.task import plain
from ..tasks.written import lowered
from .prompt_examples import EXAMPLES, IN_LANGUAGE
from .styles import QuestionSpec, in_words

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"question": {"type": "string"}, "answer": {"type": "string"}},
    "required": ["question", "answer"],
    "additionalProperties": False,
}

NOT_HEARD = (
    "speaker",
    "source",
    "original",
    "room_id",
    "title",
    "artist",
    "distance_level",
    "full_snr_db",
    "drr_db",
    "c50_db",
    "speech_level_db",
    "gain_db",
    "peak_gain_db",
)
"""Facts that no listener can hear, or that say in other numbers what another fact says."""

_RULES = """\
You write questions and answers that teach a model to listen. Each time you are told what is known of one \
audio clip: a description of the corpus it comes from, and a dictionary of facts. Write one question that a \
listener could ask about the clip, and its answer.
- The question must not give a fact away: it asks for it. A yes/no question may name what it tests, and a \
choice its possibilities.
- Nobody can answer the question without hearing the clip.
- The answer says only what follows from the facts, in one natural sentence (several for a description or a story).
- Question and answer speak of what is heard. They never mention facts, labels, data sets or files.
- One question only, in the language that is asked for, else in English.
- Reply with one line of JSON: {"question": "...", "answer": "..."}"""


def facts_for_prompt(facts: Mapping[str, Any], unhelpful: Collection[str] = ()) -> dict[str, Any]:
    """The facts that help to write about what is heard: no ids and none that the corpus calls unhelpful, languages by
    name, numbers to two digits.

    Transcripts in capitals become lower case: small models take capitals for names, or go on in capitals.
    """
    return {
        name: _readable(name, value, str(facts.get("language", "")))
        for name, value in facts.items()
        if name not in NOT_HEARD and name not in unhelpful
    }


def _readable(name: str, value: Any, language: str) -> Any:
    if name in ("language", "native_language"):
        return language_name(value)
    if isinstance(value, float):
        return float(f"{value:.2g}")
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return plain(lowered(value, language) if name == "text" and value.isupper() else value)
    return value


def messages(description: str, facts: Mapping[str, Any], asked: QuestionSpec) -> Messages:
    """The chat that asks for one pair: rules and examples first, alike in every prompt; the clip last."""
    chat = [dict(message) for message in _examples(asked.language)]
    chat.append({"role": "user", "content": _request(description, facts, asked)})
    return chat


def prompt_digest(description: str, facts: Mapping[str, Any], asked: QuestionSpec) -> str:
    """A digest (16 hex digits) of `messages`."""
    return digest(_digest_of_examples(asked.language), _request(description, facts, asked)).hex()[:16]


@cache
def _digest_of_examples(language: str) -> str:
    return digest(json.dumps(_examples(language))).hex()


@cache
def _examples(language: str) -> tuple[dict[str, str], ...]:
    chat: list[dict[str, str]] = []
    for example in (*EXAMPLES, *IN_LANGUAGE.get(language, ())):
        reply = json.dumps({"question": example.question, "answer": example.answer}, ensure_ascii=False)
        request = _request(example.description, example.facts, example.asked)
        chat.append({"role": "user", "content": request})
        chat.append({"role": "assistant", "content": reply})
    # Not a system message: some chat templates refuse one.
    chat[0]["content"] = f"{_RULES}\n\n{chat[0]['content']}"
    return tuple(chat)


def _request(description: str, facts: Mapping[str, Any], asked: QuestionSpec) -> str:
    known = json.dumps(facts, ensure_ascii=False)
    fractions = any(isinstance(value, float) for value in facts.values())
    return f"Corpus: {description}\nFacts: {known}\n{in_words(asked, fractions)}"


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
