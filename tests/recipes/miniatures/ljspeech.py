"""LJ Speech: two lines, one with a quotation mark that never closes, and one without a text."""

from collections.abc import Callable

_READER = {"speaker": "LJ", "gender": "female", "language": "en", "accent": "American"}
CLIPS = {
    "LJ001-0001": ("all", {"text": '"Printing, he said', **_READER, "source": "LJ001"}),
    "LJ002-0030": ("all", {"text": "In 1465,", **_READER, "source": "LJ002"}),
}
BAD = {"metadata-line-3": "line 3 of metadata.csv has 1 columns, not 3"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "metadata.csv",
        'LJ001-0001|"Printing, he said|"Printing, he said',
        "LJ002-0030|In 1465,|In fourteen sixty-five,",
        "LJ002-0031",
    )
    audio("wavs/LJ001-0001.wav", rate=22050)
    audio("wavs/LJ002-0030.wav", rate=22050)
