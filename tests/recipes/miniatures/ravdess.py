"""RAVDESS: two actors, an emotion that doesn't exist, an actor in another's folder."""

from collections.abc import Callable

_KNOWN = {"language": "en", "accent": "North American"}
CLIPS = {
    "03-01-04-02-02-01-01": (
        "test",
        {
            "text": "Dogs are sitting by the door",
            "speaker": "01",
            "gender": "male",
            "emotion": "sad",
            "emotion_intensity": "strong",
            **_KNOWN,
        },
    ),
    "03-01-08-01-01-02-02": (
        "train",
        {
            "text": "Kids are talking by the door",
            "speaker": "02",
            "gender": "female",
            "emotion": "surprised",
            "emotion_intensity": "normal",
            **_KNOWN,
        },
    ),
}
BAD = {
    "03-01-09-01-01-01-02": "the name isn't the seven numbers of a spoken recording",
    "03-01-01-01-01-01-01": "the name says actor 01, the folder Actor_02",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("Actor_01/03-01-04-02-02-01-01.wav", rate=48000)
    for name in ("03-01-08-01-01-02-02", "03-01-09-01-01-01-02", "03-01-01-01-01-01-01"):
        audio(f"Actor_02/{name}.wav", rate=48000)
