"""GigaSpeech: a podcast and a video with segments of several subsets."""

import json
from collections.abc import Callable
from typing import Any

_PODCAST = {"topic": "science and technology", "title": "Stars", "source": "POD0000000001"}
CLIPS = {
    "POD0000000001_S0000001": ("XS", {"text": "HELLO, AGAIN.", "language": "en", **_PODCAST}),
    "POD0000000001_S0000002": ("XL", {"sound_events": ["music"], **_PODCAST}),
    "YOU0000000002_S0000001": ("DEV", {"text": "OH!", "language": "en", "source": "YOU0000000002"}),
}
BAD = {
    "YOU0000000002-segment-1": "segment 1 of YOU0000000002 lacks sid, times, text or subsets",
    "BAD": "the entry has no aid, path within the corpus, segments",
}


def _segment(sid: str, begin: float, text: str, *subsets: str) -> dict[str, Any]:
    return {
        "sid": sid,
        "speaker": "N/A",
        "begin_time": begin,
        "end_time": begin + 0.2,
        "text_tn": text,
        "subsets": [f"{{{subset}}}" for subset in subsets],
    }


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    podcast = {
        "title": "Stars",
        "path": "audio/podcast/P0000/POD0000000001.opus",
        "aid": "POD0000000001",
        "url": "https://www.archive.org/download/stars_0001/stars.mp3",
        "category": "Science and Technology",
        "segments": [
            _segment(
                "POD0000000001_S0000001", 0.1, "HELLO <COMMA> AGAIN <PERIOD>", "XL", "L", "M", "S", "XS"
            ),
            _segment("POD0000000001_S0000002", 0.4, "<MUSIC>", "XL"),
            _segment("POD0000000001_S0000003", 0.6, "<SIL>", "XL"),
        ],
    }
    video = {
        "title": "N/A",
        "path": "audio/youtube/P0000/YOU0000000002.opus",
        "aid": "YOU0000000002",
        "url": "https://www.youtube.com/watch?v=a_B1cD2eF3g",
        "category": "N/A",
        "segments": [
            _segment("YOU0000000002_S0000001", 0.0, "OH <EXCLAMATIONPOINT>", "DEV"),
            {"sid": "YOU0000000002_S0000002"},
        ],
    }
    outside = {"aid": "BAD", "path": "../../etc/passwd", "segments": []}
    for entry in (podcast, video):
        audio(str(entry["path"]), 1.0)
    text(
        "GigaSpeech.json",
        json.dumps({"dataset": "GigaSpeech", "audios": [podcast, video, outside]}, indent=1),
    )
