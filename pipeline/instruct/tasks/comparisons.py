"""Tasks that ask which of two clips has more of something."""

from __future__ import annotations

import math

from .task import Cue, Facts, Miniature, Task

# A clip that was put at several distances in one room (`room: {distances: 2}`).
_PAIR = ("original", "room_id")

# What is just noticed: 1 dB of the clarity (Bradley, Reich and Norcross 1999), 2 dB of the direct-to-reverberant ratio
# near 0 dB (Larsen et al. 2008).
_CLEARER_DB = 1.0
_MORE_DIRECT_DB = 2.0


def _level(facts: Facts) -> float:
    """That of the voice, where it falls with the distance; where it was evened out, it is no cue."""
    return float(facts.get("speech_level_db", math.nan)) if facts["distance_level"] == "inverse" else 0.0


def _comparison(
    name: str,
    facts: tuple[str, ...],
    *cues: Cue,
    match_on: tuple[str, ...] = (),
    miniature: Miniature,
) -> Task:
    """Which of two clips has more of something, `1` or `2`."""

    def label(known: Facts) -> str | None:
        return str(cues[0].amount(known))

    return Task(
        name,
        facts,
        "label",
        label,
        clips=2,
        form="compare",
        options=("1", "2"),
        match_on=match_on,
        cues=cues,
        miniature=miniature,
    )


def _more(name: str, margin: float) -> Cue:
    return Cue(lambda facts: float(facts[name]), margin)


def _less(name: str, margin: float) -> Cue:
    return Cue(lambda facts: -float(facts[name]), margin)


_HERE = {"original": "one", "room_id": "small", "distance_level": "inverse"}

TASK = (
    _comparison(
        "nearer",
        ("distance_m", "drr_db", "distance_level", *_PAIR),
        _less("distance_m", 0.5),
        _more("drr_db", _MORE_DIRECT_DB),
        Cue(_level, 0.0),
        match_on=(*_PAIR, "distance_level"),
        miniature=(
            ({**_HERE, "distance_m": 3.0, "drr_db": 0.0, "speech_level_db": -30.0}, "-3.0"),
            ({**_HERE, "distance_m": 1.0, "drr_db": 9.0, "speech_level_db": -20.0}, "-1.0"),
        ),
    ),
    _comparison(
        "louder",
        ("speech_level_db", *_PAIR),
        _more("speech_level_db", 1.0),
        match_on=_PAIR,
        miniature=(
            ({**_HERE, "speech_level_db": -30.0}, "-30.0"),
            ({**_HERE, "speech_level_db": -20.0}, "-20.0"),
        ),
    ),
    _comparison(
        "noisier",
        ("snr_db",),
        _less("snr_db", 5.0),
        miniature=(({"snr_db": 2.0}, "-2.0"), ({"snr_db": 20.0}, "-20.0")),
    ),
    # A long decay may be weak: of random pairs a third has the longer one under the stronger direct sound.
    _comparison(
        "more_reverberant",
        ("rt60_s", "drr_db", "c50_db"),
        _more("rt60_s", 0.25),
        _less("drr_db", _MORE_DIRECT_DB),
        _less("c50_db", _CLEARER_DB),
        miniature=(
            ({"rt60_s": 0.3, "drr_db": 5.0, "c50_db": 15.0}, "0.3"),
            ({"rt60_s": 0.9, "drr_db": -5.0, "c50_db": 3.0}, "0.9"),
        ),
    ),
)
