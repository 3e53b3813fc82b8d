"""The share of wrong words, or characters: substitutions, deletions and insertions over the reference's length."""

from __future__ import annotations

from dataclasses import dataclass

from ....errors import InputError
from ..metric import Answer, Metric
from ..reading import words


@dataclass(frozen=True)
class TextErrors:
    """Edits between a text and its reference, counted in words and in characters."""

    word_errors: int
    words: int
    character_errors: int
    characters: int


def text_errors(generated: str, reference: str) -> TextErrors:
    """The edits that WER and CER count, after the normalisation of `words`.

    Raises:
        InputError: the package jiwer is missing.
    """
    try:
        import jiwer
    except ImportError as error:
        raise InputError(
            "word error rates need the package jiwer: run `pip install 'cryfish[eval]'`"
        ) from error
    hypothesis, target = " ".join(words(generated)), " ".join(words(reference))
    if not target:
        return TextErrors(len(hypothesis.split()), 0, len(hypothesis), 0)
    by_word, by_character = (
        jiwer.process_words(target, hypothesis),
        jiwer.process_characters(target, hypothesis),
    )
    return TextErrors(
        by_word.substitutions + by_word.deletions + by_word.insertions,
        len(target.split()),
        by_character.substitutions + by_character.deletions + by_character.insertions,
        len(target),
    )


def _words(answer: Answer) -> tuple[float, float]:
    errors = text_errors(answer.text, answer.label)
    return errors.word_errors, errors.words


def _characters(answer: Answer) -> tuple[float, float]:
    errors = text_errors(answer.text, answer.label)
    return errors.character_errors, errors.characters


METRIC = (
    Metric(
        "wer",
        ("text",),
        _words,
        higher_is_better=False,
        unspaced="cer",
        miniature=(
            ("text", "The cat sat.", "the cat sat", 0.0),
            ("text", "a cat sat", "the cat sat down", 0.5),
        ),
    ),
    Metric(
        "cer",
        ("text",),
        _characters,
        higher_is_better=False,
        miniature=(("text", "猫在这里。", "猫在这里", 0.0), ("text", "bat", "cats", 0.5)),
    ),
)
