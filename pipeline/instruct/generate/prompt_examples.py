"""The examples an LLM is shown before it writes: one for most ways to ask, and one in each language of speech tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .styles import QuestionSpec


@dataclass(frozen=True)
class PromptExample:
    """What the LLM might be told, and a question and an answer as it should write them."""

    description: str
    facts: dict[str, Any]
    asked: QuestionSpec
    question: str
    answer: str


EXAMPLES: tuple[PromptExample, ...] = (
    PromptExample(
        "Actors read short sentences in several emotions.",
        {"text": "The bus is late again.", "gender": "female", "emotion": "angry"},
        QuestionSpec("how", ("emotion",)),
        "How does the speaker seem to feel?",
        "The speaker sounds angry.",
    ),
    PromptExample(
        "Short recordings of everyday sounds. All sounds that can be heard are named.",
        {"sound_events": ["dog barking", "rain"]},
        QuestionSpec("deny", ("sound_events",)),
        "Is there any music in the background?",
        "No, only rain and a barking dog can be heard.",
    ),
    PromptExample(
        "Read speech mixed with background noise.",
        {"text": "We leave for Oslo at nine on Friday.", "language": "English", "snr_db": 4.0},
        QuestionSpec("content", ("text",)),
        "When does the journey begin?",
        "It begins at nine on Friday.",
    ),
    PromptExample(
        "Crowdsourced sentences in many languages.",
        {"gender": "male", "age": 34, "language": "Polish"},
        QuestionSpec("choice", ("language",)),
        "Which language is spoken: Polish, Czech or Ukrainian?",
        "The language is Polish.",
    ),
    PromptExample(
        "Recordings of animals and machines.",
        {"sound_events": ["cow"]},
        QuestionSpec("what", ("sound_events",)),
        "Which animal can be heard?",
        "A cow can be heard.",
    ),
    PromptExample(
        "Messages left on an answering machine.",
        {"text": "I can't come tonight, my car broke down.", "language": "English", "gender": "female"},
        QuestionSpec("why", ("text",)),
        "Why is the visit called off?",
        "The speaker can't come because her car broke down.",
    ),
    PromptExample(
        "Read audio books.",
        {"text": "the snow fell all night", "gender": "male", "language": "English"},
        QuestionSpec("multi", ("gender", "language")),
        "What can you tell about the reader's voice and language?",
        "The reader is a man who speaks English.",
    ),
    PromptExample(
        "Speech recorded in real rooms at measured distances.",
        {"gender": "male", "room": "small office", "distance_m": 2.1},
        QuestionSpec("describe", ()),
        "Describe the recording.",
        "A man speaks about two metres from the microphone in a small office.",
    ),
)

IN_LANGUAGE: dict[str, tuple[PromptExample, ...]] = {
    "ru": (
        PromptExample(
            "Actors read short sentences in several emotions.",
            {"text": "It is snowing.", "gender": "male", "emotion": "sad"},
            QuestionSpec("how", ("emotion",), "ru"),
            "С каким настроением произнесена эта фраза?",
            "Она звучит грустно.",
        ),
    ),
    "zh": (
        PromptExample(
            "Actors read short sentences in several emotions.",
            {"text": "It is snowing.", "gender": "male", "emotion": "sad"},
            QuestionSpec("how", ("emotion",), "zh"),
            "说话人的情绪怎么样?",
            "他听起来很伤心。",
        ),
    ),
    "de": (
        PromptExample(
            "Actors read short sentences in several emotions.",
            {"text": "It is snowing.", "gender": "male", "emotion": "sad"},
            QuestionSpec("how", ("emotion",), "de"),
            "In welcher Stimmung ist die sprechende Person?",
            "Der Mann klingt traurig.",
        ),
    ),
    "es": (
        PromptExample(
            "Actors read short sentences in several emotions.",
            {"text": "It is snowing.", "gender": "male", "emotion": "sad"},
            QuestionSpec("how", ("emotion",), "es"),
            "¿Cómo parece sentirse la persona que habla?",
            "El hombre suena triste.",
        ),
    ),
    "fr": (
        PromptExample(
            "Actors read short sentences in several emotions.",
            {"text": "It is snowing.", "gender": "male", "emotion": "sad"},
            QuestionSpec("how", ("emotion",), "fr"),
            "Dans quel état d'esprit semble être la personne qui parle ?",
            "L'homme a l'air triste.",
        ),
    ),
}
"""Shown after the others, where a question is wanted in that language."""
