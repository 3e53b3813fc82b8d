"""The demo's own noises: one clip, and one row with a split that doesn't exist."""

from collections.abc import Callable

CLIPS = {"mains_hum-01": ("train", {"sound_events": ["mains hum"]})}
BAD = {
    "rain-01": "line 3 of noises.tsv isn't a path inside the corpus, a class and a split",
    "noises-line-4": "line 4 of noises.tsv has 2 columns, not 3",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("wav/mains_hum/01.wav", rate=22050)
    text(
        "noises.tsv",
        "path\tclass\tsplit",
        "wav/mains_hum/01.wav\tmains hum\ttrain",
        "wav/rain/01.wav\train\tnever",
        "wav/rain/02.wav\train",
    )
