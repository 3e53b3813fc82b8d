"""judge: an LLM that is told the facts rates how well they bear the answer out. Optional, and as good as the LLM."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .candidate import Verdict
from .llm import Ask, Llm, Replies, ask_key, dialogue, prompt_digest
from .whole import Whole

MIN_RATING = 3

_RULES = """\
You check questions and answers about audio clips against what is known of each clip: a description of its corpus and \
a dictionary of facts. Rate how well the facts bear the answer out:
5: every statement of the answer follows from the facts; rounding, other words and translation are fine.
4: it follows, with some good will.
3: it fits the facts, but they don't quite say so.
2: a part of it is invented or wrong.
1: it contradicts the facts, is invented, or doesn't answer the question.
- Reply with one line of JSON: {"rating": 5}"""

_KIND = {"type": "integer", "minimum": 1, "maximum": 5}


def _request(description: str, facts: Any, question: str, answer: str) -> str:
    known = json.dumps(facts, ensure_ascii=False)
    return f"Corpus: {description}\nFacts: {known}\nQuestion: {question}\nAnswer: {answer}"


_CASES = (
    (
        "Actors read sentences.", {"emotion": "anger", "gender": "female"},
        "How does the speaker sound?", "The speaker sounds furious.", 5,
    ),
    (
        "Speech in rooms.", {"text": "we leave at nine", "distance_m": 2.9},
        "How far away is the speaker?", "About seven metres.", 1,
    ),
    (
        "Everyday sounds.", {"sound_events": ["dog_bark"]},
        "What can be heard?", "A dog barks because a stranger comes.", 2,
    ),
    (
        "Crowdsourced speech.", {"text": "buenos días a todos", "language": "Spanish"},
        "What does the speaker wish?", "A good morning to everyone.", 5,
    ),
)  # fmt: skip

_EXAMPLES = tuple(
    (_request(description, facts, question, answer), {"rating": rating})
    for description, facts, question, answer, rating in _CASES
)


_PROMPT = prompt_digest(_RULES, _EXAMPLES, _KIND)


@dataclass(frozen=True)
class Judging:
    """The settings of `judge`: the LLM, and the least rating (1 to 5) that is kept."""

    llm: Llm
    min_rating: int = MIN_RATING


def drop_badly_rated(whole: Whole, settings: Judging, seed: int, replies_path: Path) -> int:
    """Adds the verdicts against candidates that the LLM rates too low; returns how many went without a rating."""
    replies = Replies(replies_path, "rating", _KIND)

    def request(record: dict[str, Any]) -> str:
        return _request(record["corpus_description"], record["facts"], record["question"], record["answer"])

    def asks() -> Iterator[Ask]:
        asked: set[bytes] = set()
        for _, record in whole.left():
            key = ask_key(settings.llm, _PROMPT, request(record), 1, seed)
            if key not in asked:
                asked.add(key)
                yield Ask(key, dialogue(_RULES, _EXAMPLES, request(record)), 1)

    replies.complete(asks, settings.llm, temperature=0.0, seed=seed)
    unrated = 0
    with replies.reading() as answers:
        for number, record in whole.left():
            found = answers(ask_key(settings.llm, _PROMPT, request(record), 1, seed))
            rating = read_rating(found[0]) if found else None
            unrated += rating is None
            if rating is not None and rating < settings.min_rating:
                whole.against[number] = Verdict(
                    "judge", False, f"{settings.llm.llm} rates how the facts bear it out as {rating} of 5"
                )
    return unrated


def read_rating(reply: str) -> int | None:
    """The rating in a reply, from 1 to 5; None where there isn't one."""
    match = re.match(r"\W*([1-5])(?!\d|[.,]\d)", reply)
    return int(match[1]) if match else None
