"""CN-Celeb: both parts, two test speakers whose files also lie in `data`."""

from collections.abc import Callable


def _known(speaker: str, style: str, source: str) -> dict[str, str]:
    return {"speaker": speaker, "language": "zh", "speaking_style": style, "source": source}


CLIPS = {
    "id00000-singing-01-001": ("dev", _known("id00000", "singing", "id00000-singing-01")),
    "id10005-live_broadcast-02-010": (
        "dev",
        _known("id10005", "live broadcast", "id10005-live_broadcast-02"),
    ),
    "id00800-enroll": ("eval", {"speaker": "id00800", "language": "zh"}),
    "id00800-drama-01-001": ("eval", _known("id00800", "drama", "id00800-drama-01")),
    "id00805-vlog-01-003": ("eval", _known("id00805", "vlog", "id00805-vlog-01")),
}
BAD = {"id00000-clip": "the name isn't GENRE-VIDEO-NNN.flac"}
TRIALS = [
    ("trials", "id00800-enroll", "id00800-drama-01-001", True),
    ("trials", "id00800-enroll", "id00805-vlog-01-003", False),
]


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    for name in (
        "CN-Celeb_flac/data/id00000/singing-01-001",
        "CN-Celeb_flac/data/id00000/clip",
        "CN-Celeb_flac/data/id00800/drama-01-001",
        "CN-Celeb_flac/eval/enroll/id00800-enroll",
        "CN-Celeb_flac/eval/test/id00800-drama-01-001",
        "CN-Celeb_flac/eval/test/id00805-vlog-01-003",
        "CN-Celeb2_flac/data/id10005/live_broadcast-02-010",
    ):
        audio(f"{name}.flac")
    text(
        "CN-Celeb_flac/eval/lists/trials.lst",
        "id00800-enroll test/id00800-drama-01-001.wav 1",
        "id00800-enroll test/id00805-vlog-01-003.wav 0",
    )
