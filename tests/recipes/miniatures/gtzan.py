"""GTZAN: two genres, a file of another name."""

from collections.abc import Callable

CLIPS = {
    "blues_00000": ("train", {"music_genre": "blues"}),
    "hiphop_00003": ("train", {"music_genre": "hip hop"}),
}
BAD = {"song": "the name isn't blues.NNNNN"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    for name in ("blues/blues.00000", "hiphop/hiphop.00003", "blues/song"):
        audio(f"genres_original/{name}.wav", rate=22050)
