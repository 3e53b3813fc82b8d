"""Tasks about what is said."""

from __future__ import annotations

import hashlib

from .task import Facts, Task, plain, told, value_of
from .written import form_of, normalised, written

_MOST_WORDS = 40


def _as_published(facts: Facts) -> str | None:
    return written(facts["text"], facts.get("language", "")) or None


def _normalised(facts: Facts) -> str | None:
    return normalised(facts["text"], facts.get("language", "")) or None


def _punctuated(facts: Facts) -> str | None:
    text = plain(facts["text"])
    return text if form_of(text) == "" else None


def _not_english(facts: Facts) -> str | None:
    return None if facts["language"].partition("-")[0] == "en" else _as_published(facts)


def spoken_words(text: str, language: str = "") -> list[str]:
    """The words of a text that can be asked for, each once: long enough to be told from others."""
    words = normalised(text, language).split()
    return list(dict.fromkeys(word for word in words if len(word) >= 5 and word.isalpha()))


def _spoken_word(facts: Facts) -> str | None:
    """One of the words, the same whenever this text is met."""
    words = spoken_words(facts["text"], facts["language"])
    return min(
        words,
        key=lambda word: hashlib.sha256(f"{facts['text']}/{word}".encode(errors="surrogatepass")).digest(),
        default=None,
    )


def _word_count(facts: Facts) -> str | None:
    """Where words are written apart, and few enough to be counted."""
    words = normalised(facts["text"]).split()
    apart = facts["language"].partition("-")[0] not in ("zh", "ja", "th", "yue", "km", "lo", "my")
    return str(len(words)) if apart and 1 <= len(words) <= _MOST_WORDS else None


TASK = (
    Task(
        "asr",
        ("text",),
        "text",
        _as_published,
        written=form_of,
        miniature=(
            ({"text": "Hello,  world"}, "Hello world"),
            ({"text": "Hello,  world."}, "Hello, world."),
            ({"text": '"'}, None),
        ),
    ),
    Task(
        "asr_normalised",
        ("text",),
        "text",
        _normalised,
        miniature=(({"text": "Hello, world."}, "hello world"),),
    ),
    Task(
        "asr_punctuated",
        ("text",),
        "text",
        _punctuated,
        miniature=(({"text": "Hello, world."}, "Hello, world."), ({"text": "HELLO WORLD"}, None)),
    ),
    Task(
        "asr_other_languages",
        ("text", "language"),
        "text",
        _not_english,
        written=form_of,
        miniature=(
            ({"text": "GUTEN TAG", "language": "de"}, "guten tag"),
            ({"text": "HELLO", "language": "en-us"}, None),
        ),
    ),
    Task(
        "translation",
        ("translation",),
        "text",
        lambda facts: written(facts["translation"], "en") or None,
        written=form_of,
        miniature=(({"translation": "GOOD MORNING"}, "good morning"),),
    ),
    Task(
        "phones",
        ("phones",),
        "text",
        value_of("phones"),
        miniature=(({"phones": "HH AH L OW"}, "HH AH L OW"),),
    ),
    Task(
        "spoken_word",
        ("text", "language"),
        "label",
        _spoken_word,
        # A word of another language would be known by its looks.
        options_share="language",
        label_is_transcript=True,
        miniature=(
            ({"text": "Seven men", "language": "en"}, "seven"),
            ({"text": "A great day!", "language": "en"}, "great"),
            ({"text": "We go on.", "language": "en"}, None),
        ),
    ),
    Task(
        "word_count",
        ("text", "language"),
        "number",
        _word_count,
        bins=(5.0, 10.0, 15.0, 20.0, 30.0),
        tolerance=1.0,
        miniature=(
            ({"text": "Seven good men.", "language": "en"}, "3"),
            ({"text": "你好", "language": "zh"}, None),
        ),
    ),
    told("keyword", "yes", "stop"),
    told("intent", "play music", "turn on the lights"),
    told("topic", "sports", "the weather"),
)
