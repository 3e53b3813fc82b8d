"""blind, over the whole set: what a text-only LLM guesses without the clip, and what is the same for every clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....seeding import digest
from .agreement import agrees, content, says_yes
from .candidate import Verdict
from .duplicate import normal_form
from .llm import Ask, Llm, Replies, ask_key, dialogue, prompt_digest
from .whole import Whole

TRIES = 5
AGREE = 0.8
"""Four of five tries: a guess that varies from try to try isn't knowledge."""

SAME_ANSWER = 20
"""Clips with one answer from which on it is taken for the only one: an answer that is right for as many as four
clips in five comes twenty times in a row only once in a hundred (0.8 ** 20)."""

TEMPERATURE = 0.8

_RULES = """\
You can't hear anything. Each time there is an audio clip and a question about it, and you have only the question. \
Guess the answer all the same, as well as the question allows: what is most likely, in a few words, in the question's \
language. Never say that you can't know.
- Reply with one line of JSON: {"answer": "..."}"""

_EXAMPLES = tuple(
    (question, {"answer": answer})
    for question, answer in (
        ("What sound can be heard?", "Rain."),
        ("Is the speaker a woman?", "Yes."),
        ("Which animal barks in the clip?", "A dog."),
        ("¿Cuántas personas hablan?", "Dos."),
        ("How does the speaker feel: calm, angry or sad?", "Calm."),
        ("What does the speaker ask for?", "A glass of water."),
    )
)


_KIND = {"type": "string"}
_PROMPT = prompt_digest(_RULES, _EXAMPLES, _KIND, TEMPERATURE)


@dataclass(frozen=True)
class Guessing:
    """The settings of `blind`. Without `llm` only the answers of the set are compared."""

    llm: Llm | None = None
    tries: int = TRIES
    agree: float = AGREE
    same_answer: int = SAME_ANSWER


def drop_constant_answers(whole: Whole, settings: Guessing) -> None:
    """Adds the verdicts against questions whose answer never varies, though at least `same_answer` clips were asked.

    Questions and answers are compared by what they say, over the whole set: one that all clips of one corpus answer
    alike is fine where those of another don't. Memory holds some 200 bytes for each different question.
    """
    seen: dict[bytes, tuple[bytes | None, bytes, int]] = {}
    for _, record in whole.left():
        group, answer, clip = _group(record), _said(record), _clip(record)
        constant, last, clips = seen.get(group, (answer, b"", 0))
        # The candidates about one clip stand together.
        seen[group] = (constant if constant == answer else None, clip, clips + (clip != last))
    blind = {
        group: clips
        for group, (constant, _, clips) in seen.items()
        if constant is not None and clips >= settings.same_answer
    }
    if not blind:
        return
    for number, record in whole.left():
        if (asked := blind.get(_group(record))) is not None:
            whole.against[number] = Verdict(
                "blind", False, f"all {asked} clips that were asked this have the same answer"
            )


def _group(record: dict[str, Any]) -> bytes:
    return digest(normal_form(record["question"]))[:16]


def _said(record: dict[str, Any]) -> bytes:
    answer = record["answer"]
    return digest(says_yes(answer), *sorted(content(answer)) or [normal_form(answer)])[:8]


def _clip(record: dict[str, Any]) -> bytes:
    return digest(record.get("clips") or record["id"])[:8]


def drop_guessed(whole: Whole, settings: Guessing, seed: int, replies_path: Path) -> int:
    """Adds the verdicts against questions that the LLM answers without the clip; returns how many went unanswered.

    A candidate is blind when at least `agree` of the tries say what its answer says, both for itself and on average
    over all candidates with this question. The average matters for questions that many clips are asked: a model that
    always guesses "English" is right for some of them by luck, and without these the question would only have
    unlikely answers left, which is a hint as well.
    """
    llm = settings.llm
    if llm is None:
        return 0
    replies = Replies(replies_path, "answer", _KIND)

    def key(record: dict[str, Any]) -> bytes:
        return ask_key(llm, _PROMPT, record["question"], settings.tries, seed)

    def asks() -> Iterator[Ask]:
        asked: set[bytes] = set()
        for _, record in whole.left():
            if (one := key(record)) not in asked:
                asked.add(one)
                yield Ask(one, dialogue(_RULES, _EXAMPLES, record["question"]), settings.tries)

    replies.complete(asks, llm, temperature=TEMPERATURE, seed=seed)
    unanswered = 0
    sums: dict[bytes, tuple[float, int]] = {}
    guessed: dict[int, tuple[bytes, str]] = {}
    with replies.reading() as answers:
        for number, record in whole.left():
            found = answers(key(record))
            if found is None:
                unanswered += 1
                continue
            agreeing = share_agreeing(found, record["question"], record["answer"])
            group = _group(record)
            total, count = sums.get(group, (0.0, 0))
            sums[group] = (total + agreeing, count + 1)
            if agreeing >= settings.agree:
                guessed[number] = (group, f"{round(agreeing * len(found))} of {len(found)}")
    for number, (group, tries) in guessed.items():
        total, count = sums[group]
        if total / count >= settings.agree:
            whole.against[number] = Verdict(
                "blind", False, f"{llm.llm} answers it without the clip in {tries} tries"
            )
    return unanswered


def share_agreeing(replies: list[str], question: str, answer: str) -> float:
    """The share of replies that say what the answer says."""
    return sum(agrees(reply, answer, question) for reply in replies) / len(replies)
