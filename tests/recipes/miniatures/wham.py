"""WHAM! noise: one file of each split, two channels."""

from collections.abc import Callable

_NOISE = {"sound_events": ["ambience of a public place"]}
CLIPS = {
    "tr-01dc0215_0_22439_01fc0207_-0_22439sp12": ("tr", _NOISE),
    "cv-40na010x_1_9857_01xo031a_-1_9857": ("cv", _NOISE),
    "tt-050a050a_0_032494_446o030v_-0_032494": ("tt", _NOISE),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("wham_noise/tr/01dc0215_0.22439_01fc0207_-0.22439sp12.wav", channels=2)
    audio("wham_noise/cv/40na010x_1.9857_01xo031a_-1.9857.wav", channels=2)
    audio("wham_noise/tt/050a050a_0.032494_446o030v_-0.032494.wav", channels=2)
