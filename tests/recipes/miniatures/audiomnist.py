"""AudioMNIST: two speakers, one with an age that nobody reaches."""

import json
from collections.abc import Callable

CLIPS = {
    "0_01_0": (
        "train",
        {
            "text": "zero",
            "speaker": "01",
            "gender": "male",
            "language": "en",
            "age": 30,
            "accent": "German",
            "nationality": "Germany",
        },
    ),
    "7_28_12": (
        "train",
        {"text": "seven", "speaker": "28", "gender": "female", "language": "en", "accent": "South Korean"},
    ),
}
BAD = {"28-7_01_0": "the name isn't DIGIT_28_INDEX.wav"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    first = {"accent": "german", "age": "30", "gender": "male", "origin": "Europe, Germany, Wuerzburg"}
    second = {"accent": "South Korean", "age": "1234", "gender": "female", "origin": "Asia"}
    text("data/audioMNIST_meta.txt", json.dumps({"01": first, "28": second}))
    for name in ("01/0_01_0", "28/7_28_12", "28/7_01_0"):
        audio(f"data/{name}.wav", rate=48000)
