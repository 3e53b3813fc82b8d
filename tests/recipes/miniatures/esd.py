"""ESD: a Mandarin speaker with folders for the splits, an English one without."""

from collections.abc import Callable

_ACTED = {"speaking_style": "acted"}
CLIPS = {
    "0001_000021": (
        "test",
        {"text": "打远一看", "speaker": "0001", "language": "zh", "emotion": "neutral", **_ACTED},
    ),
    "0011_000355": (
        "evaluation",
        {"text": "The nine, the eggs.", "speaker": "0011", "language": "en", "emotion": "angry", **_ACTED},
    ),
    "0011_000060": (
        "train",
        {
            "text": "Clear than clear water!",
            "speaker": "0011",
            "language": "en",
            "emotion": "neutral",
            **_ACTED,
        },
    ),
}
BAD = {
    "0001_000391": "0001.txt says nothing of 0001_000391",
    "0011-0012_000061": "the name isn't 0011_NNNNNN.wav",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text("0001/0001.txt", "0001_000021\t打远一看\t中立")
    text(
        "0011/0011.txt",
        "0011_000060\tClear than clear water!\tNeutral",
        "0011_000355\tThe nine, the eggs.\tAngry",
    )
    for name in (
        "0001/Neutral/test/0001_000021",
        "0001/Angry/train/0001_000391",
        "0011/Angry/0011_000355",
        "0011/Neutral/0011_000060",
        "0011/Neutral/0012_000061",
    ):
        audio(f"{name}.wav")
