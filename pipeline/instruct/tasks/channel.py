"""Tasks about the way from the source to the file."""

from __future__ import annotations

from .task import Facts, Task, measured, single, told


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

    rows = (({name: middle + 0.5}, up), ({name: middle - 0.5}, down), ({name: middle}, None))
    return Task(name, (name,), "label", label, options=(up, down), miniature=rows)


TASK = (
    single("noise_class", "noise_type", "rain", "siren"),
    measured("snr", "snr_db", 0.0, 5.0, 10.0, 15.0, 20.0, digits=0, tolerance=3.0),
    measured("distance", "distance_m", 1.0, 2.0, 4.0, digits=1, tolerance=0.5),
    measured("reverberation", "rt60_s", 0.3, 0.5, 0.7, 0.9, digits=1, tolerance=0.15),
    told("codec", "MP3", "GSM"),
    Task(
        "bandwidth",
        ("bandwidth_hz",),
        "label",
        _bandwidth,
        options=("narrow", "telephone", "wide"),
        miniature=(
            ({"bandwidth_hz": 3400}, "telephone"),
            ({"bandwidth_hz": 8000}, "wide"),
            ({"bandwidth_hz": 6000}, None),
        ),
    ),
    Task(
        "quality",
        (),
        "label",
        _quality,
        options=("a narrow band", "clipping", "coding", "noise", "reverberation"),
        miniature=(
            ({"snr_db": 3.0, "noise_type": ["rain"]}, "noise"),
            ({"codec": "GSM", "bandwidth_hz": 4000}, "coding"),
            ({"clipped_share": 0.02}, "clipping"),
            ({"clipped_share": 0.02, "noise_type": ["rain"]}, None),
        ),
    ),
    _direction("speed", 1.0, "faster", "slower"),
    _direction("pitch_shift_semitones", 0.0, "raised", "lowered"),
)
