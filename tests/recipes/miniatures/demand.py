"""DEMAND: a place in two pieces, a short one; other microphones aren't read."""

from collections.abc import Callable

_KITCHEN = {"sound_events": ["ambience of a kitchen"], "scene": "kitchen", "source": "DKITCHEN"}
_METRO = {"sound_events": ["ambience of a subway train"], "scene": "subway train", "source": "TMETRO"}
CLIPS = {
    "DKITCHEN-000": ("train", _KITCHEN),
    "DKITCHEN-001": ("train", _KITCHEN),
    "TMETRO": ("test", _METRO),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("DKITCHEN/ch01.wav", 21)
    audio("DKITCHEN/ch02.wav", 21)
    audio("TMETRO/ch01.wav", 1)
