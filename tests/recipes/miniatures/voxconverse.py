"""VoxConverse: a recording of two people with 40 s of music between, one of a single speaker, one without turns."""

from collections.abc import Callable

CLIPS = {
    "dev-abjxc-0000025-0000425": (
        "dev",
        {"speaker_count": 2, "speaker_turns": ["0.25-2.25 A", "1.75-3.75 B"], "source": "abjxc"},
    ),
    "dev-abjxc-0004425-0004550": (
        "dev",
        {"speaker_count": 1, "speaker_turns": ["0.25-1.25 A"], "source": "abjxc"},
    ),
    "test-aepyx-0000000-0000050": (
        "test",
        {"speaker_count": 1, "speaker_turns": ["0.00-0.50 A"], "source": "aepyx"},
    ),
}
BAD = {"test-empty": "empty.rttm says of nobody when they speak"}


def _line(name: str, start: float, duration: float, speaker: str) -> str:
    return f"SPEAKER {name} 1 {start:.6f} {duration:.6f} <NA> <NA> {speaker} <NA> <NA>"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "voxconverse-master/dev/abjxc.rttm",
        _line("abjxc", 0.5, 2.0, "spk00"),
        _line("abjxc", 2.0, 2.0, "spk01"),
        _line("abjxc", 44.5, 1.0, "spk00"),
    )
    text("voxconverse-master/test/aepyx.rttm", _line("aepyx", 0.0, 0.5, "spk03"))
    text("voxconverse-master/test/empty.rttm", "SPKR-INFO empty 1")
    audio("audio/abjxc.wav", 46.0)
    audio("voxconverse_test_wav/aepyx.wav", 0.6)
    audio("voxconverse_test_wav/empty.wav")
