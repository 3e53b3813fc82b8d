"""MUSAN with two pieces of music, speech that is longer than a piece, and two noises."""

from collections.abc import Callable

_SPEECH = {"gender": "male", "language": "en", "source": "speech-librivox-0000"}
CLIPS = {
    "music-fma-0000": (
        "all",
        {
            "sound_events": ["music"],
            "music_genre": "classical",
            "music_tags": ["classical", "romantic", "instrumental"],
            "artist": "Edward Smith",
            "source": "music-fma-0000",
        },
    ),
    "music-fma-0001": (
        "all",
        {
            "sound_events": ["music"],
            "music_genre": "hip hop",
            "music_tags": ["hip hop", "voice"],
            "artist": "The Band",
            "source": "music-fma-0001",
        },
    ),
    "noise-free-sound-0000": ("all", {"sound_events": ["noise"], "source": "noise-free-sound-0000"}),
    "noise-sound-bible-0001": ("all", {"sound_events": ["noise"], "source": "noise-sound-bible-0001"}),
    "speech-librivox-0000-000": ("all", _SPEECH),
    "speech-librivox-0000-001": ("all", _SPEECH),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("music/fma/music-fma-0000.wav")
    audio("music/fma/music-fma-0001.wav")
    audio("speech/librivox/speech-librivox-0000.wav", 61)
    audio("noise/free-sound/noise-free-sound-0000.wav")
    audio("noise/sound-bible/noise-sound-bible-0001.wav")
    text(
        "music/fma/ANNOTATIONS",
        "music-fma-0000 classical,romantic N Edward_Smith",
        "music-fma-0001 hiphop Y The Band",
    )
    text("music/fma/LICENSE", "music-fma-0000 CC-BY")
    text("speech/librivox/ANNOTATIONS", "speech-librivox-0000 m english")
    text("noise/free-sound/ANNOTATIONS", "noise-free-sound-0000")
