"""Tasks that ask for sentences about a clip."""

from __future__ import annotations

from .task import Facts, Task
from .written import sentence

_MUSIC = ("music_genre", "music_tags", "instruments", "instrument")


def _caption(facts: Facts) -> str | None:
    return None if facts.keys() & set(_MUSIC) else sentence(facts["caption"][0]) or None


def _music_description(facts: Facts) -> str | None:
    return sentence(facts["caption"][0]) or None if facts.keys() & set(_MUSIC) else None


TASK = (
    Task(
        "caption",
        ("caption",),
        "text",
        _caption,
        miniature=(
            ({"caption": ["a dog barks"]}, "A dog barks."),
            ({"caption": ["drums"], "music_genre": "rock"}, None),
        ),
    ),
    Task(
        "music_description",
        ("caption",),
        "text",
        _music_description,
        miniature=(
            ({"caption": ["drums"], "music_genre": "rock"}, "Drums."),
            ({"caption": ["a dog barks"]}, None),
        ),
    ),
    Task(
        "story",
        ("story",),
        "text",
        lambda facts: sentence(facts["story"]) or None,
        miniature=(({"story": "a dog barks, and it rains"}, "A dog barks, and it rains."),),
    ),
)
