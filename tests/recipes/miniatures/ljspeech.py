"""LJ Speech: two lines, one with quotation marks, and one without a text."""

from collections.abc import Callable

_READER = {"speaker": "LJ", "gender": "female", "language": "en", "accent": "American"}
CLIPS = {
    "LJ001-0001": ("all", {"text": 'He said: "Printing', **_READER, "source": "LJ001"}),
    "LJ002-0030": ("all", {"text": "In 1465,", **_READER, "source": "LJ002"}),
}
BAD = {"LJ002-0031": "line 3 of metadata.csv isn't id, text, text"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "metadata.csv",
        'LJ001-0001|He said: "Printing|He said: "Printing',
        "LJ002-0030|In 1465,|In fourteen sixty-five,",
        "LJ002-0031",
    )
    audio("wavs/LJ001-0001.wav", rate=22050)
    audio("wavs/LJ002-0030.wav", rate=22050)
