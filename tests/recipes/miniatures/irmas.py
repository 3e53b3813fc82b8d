"""IRMAS: a cello without drums, a piece of the test with two instruments, one without notes."""

from collections.abc import Callable

CLIPS = {
    "training-_cel__nod__cla_0089__1": (
        "training",
        {
            "instrument": "cello",
            "music_genre": "classical",
            "music_tags": ["no drums"],
            "source": "0089",
        },
    ),
    "testing-Part1-01_Blues-1": ("testing", {"instruments": ["electric guitar", "voice"]}),
}
BAD = {
    "testing-Part1-02_Song-1": "there is no 02 Song-1.txt with its text",
    "training-cello": "the name doesn't begin with [cel]",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("IRMAS-TrainingData/cel/[cel][nod][cla]0089__1.wav", rate=44100, channels=2)
    audio("IRMAS-TrainingData/cel/cello.wav", rate=44100, channels=2)
    part = "IRMAS-TestingData-Part1/Part1"
    audio(f"{part}/01 Blues-1.wav", rate=44100, channels=2)
    text(f"{part}/01 Blues-1.txt", "gel\t", "voi\t")
    audio(f"{part}/02 Song-1.wav", rate=44100, channels=2)
