"""The People's Speech: a recording in two pieces, another split, a line that lacks its pieces."""

import json
from collections.abc import Callable

CLIPS = {
    "clean-talk-2010-06_00000": ("clean", {"text": "good evening", "language": "en", "source": "talk-2010"}),
    "clean-talk-2010-06_00001": ("clean", {"text": "thank you", "language": "en", "source": "talk-2010"}),
    "test-film_00000": ("test", {"text": "help", "language": "en", "source": "film"}),
}
BAD = {"clean-2": "line 2 of train/clean.json lacks identifier or training_data.name"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    names = ["talk-2010-06_00000.flac", "talk-2010-06_00001.flac"]
    pieces = {"duration_ms": [400, 400], "label": ["good evening", "thank you"], "name": names}
    text(
        "train/clean.json",
        json.dumps({"identifier": "talk-2010", "training_data": pieces}),
        json.dumps({"identifier": "talk-2011"}),
    )
    film = {"duration_ms": [400], "label": ["help"], "name": ["film_00000.flac"]}
    text("test/test.json", json.dumps({"identifier": "film", "training_data": film}))
    for name in names:
        audio(f"train/clean/{name}")
    audio("test/test/film_00000.flac")
