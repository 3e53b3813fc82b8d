"""Tasks about sounds and music, and about the way from the source to the file."""

from __future__ import annotations

import math

from .task import Cue, Facts, Task, number_of, only, several, value_of
from .written import sentence

_MUSIC = ("music_genre", "music_tags", "instruments", "instrument")


def _caption(facts: Facts) -> str | None:
    return None if facts.keys() & set(_MUSIC) else sentence(facts["caption"][0]) or None


def _music_description(facts: Facts) -> str | None:
    return sentence(facts["caption"][0]) or None if facts.keys() & set(_MUSIC) else None


def _bandwidth(facts: Facts) -> str | None:
    """Three bands that are told apart by ear: the telephone's, up to 5 kHz, and nearly all of 8 kHz."""
    limit = facts["bandwidth_hz"]
    return "telephone" if limit <= 4000 else "narrow" if limit <= 5000 else "wide" if limit >= 6500 else None


def _quality(facts: Facts) -> str | None:
    """The one thing that spoils a recording, where it is one; weak flaws are neither here nor there.

    Noise of which nobody knows how loud it is may be such a flaw or not.
    """
    if "noise_type" in facts and "snr_db" not in facts:
        return None
    flaws = [
        name
        for name, there in (
            ("noise", facts.get("snr_db", 99.0) <= 10),
            ("reverberation", facts.get("rt60_s", 0.0) >= 0.5),
            ("clipping", facts.get("clipped_share", 0.0) >= 0.005),
            ("coding", "codec" in facts),
            ("a narrow band", facts.get("bandwidth_hz", 8000) <= 4000 and "codec" not in facts),
        )
        if there
    ]
    weak = (
        10 < facts.get("snr_db", 99.0) < 30
        or 0.3 < facts.get("rt60_s", 0.0) < 0.5
        or 0 < facts.get("clipped_share", 0.0) < 0.005
    )
    return flaws[0] if len(flaws) == 1 and not weak else None


def _direction(name: str, middle: float, up: str, down: str) -> Task:
    def label(facts: Facts) -> str | None:
        return None if facts[name] == middle else up if facts[name] > middle else down

    return Task(name, (name,), "label", "accuracy", label, options=(up, down))


# A clip that was put at several distances in one room (`room: {distances: 2}`).
_PAIR = ("original", "room_id")

# What is just noticed: 1 dB of the clarity (Bradley, Reich and Norcross 1999), 2 dB of the direct-to-reverberant ratio
# near 0 dB (Larsen et al. 2008).
_CLEARER_DB = 1.0
_MORE_DIRECT_DB = 2.0


def _level(facts: Facts) -> float:
    """That of the voice, where it falls with the distance; where it was evened out, it is no cue."""
    return float(facts.get("speech_level_db", math.nan)) if facts["distance_level"] == "inverse" else 0.0


def _comparison(name: str, facts: tuple[str, ...], *cues: Cue, alike: tuple[str, ...] = ()) -> Task:
    """Which of two clips has more of something, `1` or `2`."""

    def label(known: Facts) -> str | None:
        return str(cues[0].amount(known))

    return Task(
        name,
        facts,
        "label",
        "accuracy",
        label,
        clips=2,
        form="compare",
        options=("1", "2"),
        alike=alike,
        cues=cues,
    )


def _more(name: str, margin: float) -> Cue:
    return Cue(lambda facts: float(facts[name]), margin)


def _less(name: str, margin: float) -> Cue:
    return Cue(lambda facts: -float(facts[name]), margin)


TASKS = (
    Task("sound_event", ("sound_events",), "label", "accuracy", only("sound_events")),
    Task("sound_events", ("sound_events",), "list", "f1", several("sound_events")),
    Task("scene", ("scene",), "label", "accuracy", value_of("scene")),
    Task("cry_reason", ("cry_reason",), "label", "accuracy", value_of("cry_reason")),
    Task("caption", ("caption",), "text", "rouge", _caption),
    Task("story", ("story",), "text", "rouge", lambda facts: sentence(facts["story"]) or None),
    Task("instrument", ("instrument",), "label", "accuracy", value_of("instrument")),
    Task("instruments", ("instruments",), "list", "f1", several("instruments")),
    Task("pitch", ("pitch", "instrument"), "label", "accuracy", value_of("pitch")),
    Task("dynamics", ("dynamics",), "label", "accuracy", value_of("dynamics")),
    Task("articulation", ("articulation",), "label", "accuracy", value_of("articulation")),
    Task("music_genre", ("music_genre",), "label", "accuracy", value_of("music_genre")),
    Task("music_tags", ("music_tags",), "list", "f1", several("music_tags")),
    Task("music_description", ("caption",), "text", "rouge", _music_description),
    Task("noise_class", ("noise_type",), "label", "accuracy", only("noise_type")),
    Task(
        "snr",
        ("snr_db",),
        "number",
        "mae",
        number_of("snr_db"),
        digits=0,
        bins=(0.0, 5.0, 10.0, 15.0, 20.0),
        tolerance=3.0,
    ),
    Task(
        "distance",
        ("distance_m",),
        "number",
        "mae",
        number_of("distance_m"),
        digits=1,
        bins=(1.0, 2.0, 4.0),
        tolerance=0.5,
    ),
    Task(
        "reverberation",
        ("rt60_s",),
        "number",
        "mae",
        number_of("rt60_s"),
        digits=1,
        bins=(0.3, 0.5, 0.7, 0.9),
        tolerance=0.15,
    ),
    Task("codec", ("codec",), "label", "accuracy", value_of("codec")),
    Task(
        "bandwidth",
        ("bandwidth_hz",),
        "label",
        "accuracy",
        _bandwidth,
        options=("narrow", "telephone", "wide"),
    ),
    Task(
        "quality",
        (),
        "label",
        "accuracy",
        _quality,
        options=("a narrow band", "clipping", "coding", "noise", "reverberation"),
    ),
    _direction("speed", 1.0, "faster", "slower"),
    _direction("pitch_shift_semitones", 0.0, "raised", "lowered"),
    _comparison(
        "nearer",
        ("distance_m", "drr_db", "distance_level", *_PAIR),
        _less("distance_m", 0.5),
        _more("drr_db", _MORE_DIRECT_DB),
        Cue(_level, 0.0),
        alike=(*_PAIR, "distance_level"),
    ),
    _comparison("louder", ("speech_level_db", *_PAIR), _more("speech_level_db", 1.0), alike=_PAIR),
    _comparison("noisier", ("snr_db",), _less("snr_db", 5.0)),
    # A long decay may be weak: of random pairs a third has the longer one under the stronger direct sound.
    _comparison(
        "more_reverberant",
        ("rt60_s", "drr_db", "c50_db"),
        _more("rt60_s", 0.25),
        _less("drr_db", _MORE_DIRECT_DB),
        _less("c50_db", _CLEARER_DB),
    ),
)
