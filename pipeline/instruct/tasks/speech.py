"""Tasks about what is said, who says it, and how."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

from ....recipes.kit.languages import language_name
from ..saying import decimal_sign
from .task import Facts, Task, decimal, number_of, plain, value_of
from .written import form_of, normalised, written, written_alike

_TURN = re.compile(r"(\d+\.\d+)-(\d+\.\d+)(?: ([^:]+))?(?:: (.*))?", re.DOTALL)
_MOST_WORDS = 40
_COUNTS = tuple(str(count) for count in range(1, 7))
_SPEAKERS = re.compile(r"\b(?:Speaker \d+|First speaker|Second speaker): ")


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


def turns(facts: Facts) -> list[tuple[float, float, str, str]]:
    """Start and end in seconds, speaker, words, of each turn; of a fact in another form, none."""
    found = [_TURN.fullmatch(turn) for turn in facts["speaker_turns"]]
    if not all(found):
        return []
    return [(float(m[1]), float(m[2]), m[3] or "", plain(m[4] or "")) for m in found if m]


def _who_speaks_when(facts: Facts) -> str | None:
    """`0.0-3.2 1, 2.9-5.0 2`: speakers by number, in the order in which they are first heard."""
    known: dict[str, int] = {}
    spoken = turns(facts)
    said = [f"{start:.1f}-{end:.1f} {known.setdefault(who, len(known) + 1)}" for start, end, who, _ in spoken]
    return ", ".join(said) if 1 < len(said) <= 12 and all(who for _, _, who, _ in spoken) else None


def _turns_in_words(label: str, language: str) -> list[str]:
    """The turns of a label with the language's decimal sign."""
    return [turn.replace(".", decimal_sign(language)) for turn in label.split(", ")]


def _second_speaker_starts(facts: Facts) -> str | None:
    spoken = turns(facts)
    others = [start for start, _, who, _ in spoken if who != spoken[0][2]]
    return decimal(others[0], 1) if others and all(who for _, _, who, _ in spoken) else None


def _attributed(facts: Facts) -> str | None:
    """`Speaker 1: ... Speaker 2: ...`, in the order of the starts."""
    spoken = turns(facts)
    if not spoken or not all(who and words for _, _, who, words in spoken) or len({t[2] for t in spoken}) < 2:
        return None
    known: dict[str, int] = {}
    said = written_alike([words for *_, words in spoken], facts.get("language", ""))
    return " ".join(
        f"Speaker {known.setdefault(who, len(known) + 1)}: {words}"
        for (_, _, who, _), words in zip(spoken, said, strict=True)
    )


def _overlapped(facts: Facts) -> str | None:
    """What two people say at the same time: all that the first says, then all that the other says."""
    spoken = turns(facts)
    people = list(dict.fromkeys(who for _, _, who, _ in spoken))
    overlap = any(one[1] > other[0] for one, other in pairwise(spoken) if one[2] != other[2])
    if len(people) != 2 or not overlap or not all(words for *_, words in spoken):
        return None
    texts = written_alike(
        [" ".join(words for _, _, who, words in spoken if who == person) for person in people],
        facts.get("language", ""),
    )
    return f"First speaker: {texts[0]} Second speaker: {texts[1]}"


def _form_of_turns(label: str) -> str:
    """The form of what all speakers say."""
    return form_of(_SPEAKERS.sub("", label))


TASKS = (
    Task("asr", ("text",), "text", "wer", _as_published, written=form_of),
    Task("asr_normalised", ("text",), "text", "wer", _normalised),
    Task("asr_punctuated", ("text",), "text", "wer", _punctuated),
    Task("asr_other_languages", ("text", "language"), "text", "wer", _not_english, written=form_of),
    Task("overlapped_speech", ("speaker_turns",), "text", "wer", _overlapped, written=_form_of_turns),
    Task("speaker_transcript", ("speaker_turns",), "text", "wer", _attributed, written=_form_of_turns),
    Task(
        "translation",
        ("translation",),
        "text",
        "bleu",
        lambda facts: written(facts["translation"], "en") or None,
        written=form_of,
    ),
    Task("phones", ("phones",), "text", "wer", value_of("phones")),
    Task(
        "spoken_word",
        ("text", "language"),
        "label",
        "accuracy",
        _spoken_word,
        # A word of another language would be known by its looks.
        among="language",
        verbatim=True,
    ),
    Task(
        "word_count",
        ("text", "language"),
        "number",
        "mae",
        _word_count,
        bins=(5.0, 10.0, 15.0, 20.0, 30.0),
        tolerance=1.0,
    ),
    Task("keyword", ("keyword",), "label", "accuracy", value_of("keyword")),
    Task("intent", ("intent",), "label", "accuracy", value_of("intent")),
    Task("topic", ("topic",), "label", "accuracy", value_of("topic")),
    Task("language", ("language",), "label", "accuracy", lambda facts: language_name(facts["language"])),
    Task(
        "gender",
        ("gender",),
        "label",
        "accuracy",
        # Neither the wordings nor a voice can tell what `other` is.
        lambda facts: facts["gender"] if facts["gender"] != "other" else None,
        options=("female", "male"),
    ),
    Task(
        "speaker_verification",
        ("speaker",),
        "label",
        "accuracy",
        value_of("speaker"),
        clips=2,
        form="same",
        options=("different", "same"),
        alike=("gender", "language"),
        apart=("source", "text"),
    ),
    Task(
        "speaker_identification",
        ("speaker",),
        "label",
        "accuracy",
        value_of("speaker"),
        clips=4,
        form="which",
        options=("1", "2", "3"),
        alike=("gender", "language"),
        apart=("source", "text"),
    ),
    Task(
        "age", ("age",), "number", "mae", number_of("age"), bins=(20.0, 30.0, 40.0, 50.0, 60.0), tolerance=5.0
    ),
    Task("age_group", ("age_group", "language"), "label", "accuracy", value_of("age_group")),
    Task("accent", ("accent",), "label", "accuracy", value_of("accent")),
    Task(
        "native_language",
        ("native_language",),
        "label",
        "accuracy",
        lambda facts: language_name(facts["native_language"]),
    ),
    Task("nationality", ("nationality",), "label", "accuracy", value_of("nationality")),
    Task("emotion", ("emotion",), "label", "accuracy", value_of("emotion")),
    Task(
        "sentiment",
        ("sentiment",),
        "label",
        "accuracy",
        value_of("sentiment"),
        options=("negative", "neutral", "positive"),
    ),
    Task(
        "pronunciation",
        ("pronunciation_score",),
        "number",
        "mae",
        number_of("pronunciation_score"),
        digits=0,
        bins=(3.0, 5.0, 7.0, 9.0),
        tolerance=1.0,
    ),
    Task(
        "fluency",
        ("fluency_score",),
        "number",
        "mae",
        number_of("fluency_score"),
        digits=0,
        bins=(3.0, 5.0, 7.0, 9.0),
        tolerance=1.0,
    ),
    Task(
        "speaker_count",
        ("speaker_count",),
        "label",
        "accuracy",
        lambda facts: str(facts["speaker_count"]) if str(facts["speaker_count"]) in _COUNTS else None,
    ),
    Task("speaker_turns", ("speaker_turns",), "list", "f1", _who_speaks_when, items=_turns_in_words),
    Task(
        "turn_start",
        ("speaker_turns",),
        "number",
        "mae",
        _second_speaker_starts,
        digits=1,
        bins=(2.0, 5.0, 10.0, 20.0),
        tolerance=0.5,
    ),
    Task("spoof", ("spoof",), "label", "accuracy", value_of("spoof"), options=("bona fide", "spoofed")),
)
