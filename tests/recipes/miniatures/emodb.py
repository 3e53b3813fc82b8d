"""EmoDB: two speakers, a name with an unknown sentence."""

from collections.abc import Callable

_ACTED = {"language": "de", "speaking_style": "acted"}
CLIPS = {
    "03a01Fa": (
        "train",
        {
            "text": "Der Lappen liegt auf dem Eisschrank.",
            "speaker": "03",
            "gender": "male",
            "age": 31,
            "emotion": "happy",
            **_ACTED,
        },
    ),
    "16b10Lb": (
        "train",
        {
            "text": "Die wird auf dem Platz sein, wo wir sie immer hinlegen.",
            "speaker": "16",
            "gender": "female",
            "age": 31,
            "emotion": "bored",
            **_ACTED,
        },
    ),
}
BAD = {"16b11Lb": "the name isn't speaker, sentence, emotion, version"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    for name in (*CLIPS, *BAD):
        audio(f"wav/{name}.wav")
    text("erkennung.txt", "Satz")
