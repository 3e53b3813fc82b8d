"""librosa's examples: one that is listed, in pieces, and one that its text tells of."""

from collections.abc import Callable

_JAZZ = {
    "music_genre": "jazz",
    "title": "Vibe Ace",
    "artist": "Kevin MacLeod",
    "source": "Kevin_MacLeod_-_Vibe_Ace",
}
CLIPS = {
    "Kevin_MacLeod_-_Vibe_Ace-000": ("all", _JAZZ),
    "Kevin_MacLeod_-_Vibe_Ace-001": ("all", _JAZZ),
    "147793__setuniman__waltz": (
        "all",
        {"title": "Waltz", "artist": "S", "source": "147793__setuniman__waltz"},
    ),
    "pibble": ("all", {"title": "Who's a good girl?", "artist": "Brian", "source": "pibble"}),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("audio/Kevin_MacLeod_-_Vibe_Ace.ogg", 21.0, rate=22050)
    text("audio/Kevin_MacLeod_-_Vibe_Ace.txt", "Vibe Ace", "CC BY 3.0")
    audio("audio/147793__setuniman__waltz.ogg", rate=22050)
    text("audio/147793__setuniman__waltz.txt", "Waltz by S", "CC BY 3.0")
    audio("audio/pibble.ogg", rate=22050)
    text("audio/pibble.txt", "Who's a good girl? by Brian", "CC0")
    text("index/index.json", "{}")
