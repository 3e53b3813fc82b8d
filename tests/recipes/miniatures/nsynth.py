"""NSynth: two instruments in two splits, a name of another kind."""

from collections.abc import Callable

CLIPS = {
    "synth_lead_synthetic_033-060-127": (
        "train",
        {
            "instrument": "synthesizer lead",
            "pitch": "C4",
            "music_tags": ["synthetic"],
            "source": "synth_lead_synthetic_033",
        },
    ),
    "guitar_acoustic_010-070-025": (
        "test",
        {"instrument": "guitar", "pitch": "A#4", "music_tags": ["acoustic"], "source": "guitar_acoustic_010"},
    ),
}
BAD = {"test-guitar": "the name isn't FAMILY_SOURCE_NNN-PITCH-VELOCITY.wav"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text("nsynth-test/examples.json", "{}")
    audio("nsynth-train/audio/synth_lead_synthetic_033-060-127.wav")
    audio("nsynth-test/audio/guitar_acoustic_010-070-025.wav")
    audio("nsynth-test/audio/guitar.wav")
