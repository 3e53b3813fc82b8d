"""Philharmonia samples: a note, a phrase, a stroke, a name of another kind."""

from collections.abc import Callable

CLIPS = {
    "oboe_As4_15_fortissimo_normal": (
        "dev",
        {
            "instrument": "oboe",
            "pitch": "A#4",
            "dynamics": "fortissimo",
            "articulation": "normal",
            "source": "oboe, As4",
        },
    ),
    "bass-clarinet_C3_phrase_mezzo-forte_nonlegato": (
        "test",
        {
            "instrument": "bass clarinet",
            "pitch": "C3",
            "dynamics": "mezzo forte",
            "articulation": "nonlegato",
            "source": "bass clarinet, C3",
        },
    ),
    "cowbell__025_forte_undamped": (
        "train",
        {
            "instrument": "cowbell",
            "dynamics": "forte",
            "articulation": "undamped",
            "source": "cowbell__025_forte_undamped",
        },
    ),
}
BAD = {"oboe_solo": "the name isn't INSTRUMENT_PITCH_LENGTH_DYNAMIC_ARTICULATION"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    for folder, name in (
        ("OBOE", "oboe_As4_15_fortissimo_normal"),
        ("OBOE", "oboe_solo"),
        ("bass-clarinet", "bass-clarinet_C3_phrase_mezzo-forte_nonlegato"),
        ("percussion", "cowbell__025_forte_undamped"),
    ):
        audio(f"ORCHESTRA/{folder}/samples/{name}.mp3", rate=44100)
