"""Tasks about who speaks, and how."""

from __future__ import annotations

from ....recipes.kit.languages import language_name
from .task import Task, measured, told, value_of

_SPEAKERS = tuple(({"speaker": name}, name) for name in ("anna", "anna", "ben", "eve"))

TASK = (
    Task(
        "gender",
        ("gender",),
        "label",
        # Neither the wordings nor a voice can tell what `other` is.
        lambda facts: facts["gender"] if facts["gender"] != "other" else None,
        options=("female", "male"),
        miniature=(
            ({"gender": "female"}, "female"),
            ({"gender": "male"}, "male"),
            ({"gender": "other"}, None),
        ),
    ),
    measured("age", "age", 20, 30, 40, 50, 60, tolerance=5.0),
    told("age_group", "twenties", "sixties", facts=("age_group", "language")),
    Task(
        "language",
        ("language",),
        "label",
        lambda facts: language_name(facts["language"]),
        miniature=(({"language": "es-mx"}, "Spanish"), ({"language": "de"}, "German")),
    ),
    told("accent", "German", "Scottish"),
    Task(
        "native_language",
        ("native_language",),
        "label",
        lambda facts: language_name(facts["native_language"]),
        miniature=(({"native_language": "hi"}, "Hindi"), ({"native_language": "de"}, "German")),
    ),
    told("nationality", "Canada", "India"),
    told("emotion", "happy", "angry"),
    told("sentiment", options=("negative", "neutral", "positive")),
    measured("pronunciation", "pronunciation_score", 3.0, 5.0, 7.0, 9.0, digits=0, tolerance=1.0),
    measured("fluency", "fluency_score", 3.0, 5.0, 7.0, 9.0, digits=0, tolerance=1.0),
    told("spoof", options=("bona fide", "spoofed")),
    Task(
        "speaker_verification",
        ("speaker",),
        "label",
        value_of("speaker"),
        clips=2,
        form="same",
        options=("different", "same"),
        match_on=("gender", "language"),
        differ_on=("source", "text"),
        miniature=_SPEAKERS,
    ),
    Task(
        "speaker_identification",
        ("speaker",),
        "label",
        value_of("speaker"),
        clips=4,
        form="which",
        options=("1", "2", "3"),
        match_on=("gender", "language"),
        differ_on=("source", "text"),
        miniature=_SPEAKERS,
    ),
)
