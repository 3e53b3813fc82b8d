"""MUSAN with one recording of music, one of speech that is longer than a piece, and two noises."""

from collections.abc import Callable
from pathlib import Path


def make(folder: Path, write_audio: Callable[..., Path]) -> None:
    for name, seconds in {
        "music/fma/music-fma-0000": 0.5,
        "music/fma/music-fma-0001": 0.5,
        "speech/librivox/speech-librivox-0000": 61.0,
        "noise/free-sound/noise-free-sound-0000": 0.4,
        "noise/sound-bible/noise-sound-bible-0001": 0.4,
    }.items():
        write_audio(folder / f"{name}.wav", seconds, rate=16000)
    (folder / "music/fma/ANNOTATIONS").write_text(
        "music-fma-0000 classical,romantic N Edward_Smith\nmusic-fma-0001 hiphop Y The Band\n"
    )
    (folder / "music/fma/LICENSE").write_text("music-fma-0000 CC-BY\n")
    (folder / "speech/librivox/ANNOTATIONS").write_text("speech-librivox-0000 m english\n")
    (folder / "noise/free-sound/ANNOTATIONS").write_text("noise-free-sound-0000\n")
