"""SLURP: a sentence with two recordings, a synthetic one, a line without recordings."""

import json
from collections.abc import Callable

_ALARM = {
    "text": "wake me up at five",
    "language": "en",
    "intent": "alarm set",
    "slots": ["time: five"],
    "topic": "alarm",
}
CLIPS = {
    "audio-1-headset": (
        "train",
        {
            **_ALARM,
            "speaker": "FE-141",
            "gender": "female",
            "microphone": "headset",
            "spoof": "bona fide",
        },
    ),
    "audio-1": ("train", {**_ALARM, "spoof": "bona fide"}),
    "slurp_13-2": ("train_synthetic", {"text": "olly stop", "language": "en", "spoof": "spoofed"}),
    "audio-9": (
        "test",
        {
            "text": "play jazz",
            "language": "en",
            "intent": "play music",
            "topic": "play",
            "spoof": "bona fide",
        },
    ),
}
BAD = {"test-2": "line 2 of test.jsonl lacks sentence or recordings"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    words = _ALARM["text"].split() if isinstance(_ALARM["text"], str) else []
    alarm = {
        "slurp_id": 1,
        "sentence": _ALARM["text"],
        "intent": "alarm_set",
        "scenario": "alarm",
        "action": "set",
        "tokens": [{"surface": word, "id": place} for place, word in enumerate(words)],
        "recordings": [{"file": "audio-1-headset.flac", "wer": 0.0}, {"file": "audio-1.flac", "wer": 0.0}],
        "entities": [{"span": [4], "type": "time"}],
    }
    play = {
        "sentence": "play jazz",
        "intent": "play_music",
        "scenario": "play",
        "recordings": [{"file": "audio-9.flac"}],
    }
    text("dataset/slurp/train.jsonl", json.dumps(alarm))
    text(
        "dataset/slurp/train_synthetic.jsonl",
        json.dumps({"sentence": "olly stop", "recordings": [{"file": "slurp_13-2.flac"}]}),
    )
    text("dataset/slurp/test.jsonl", json.dumps(play), json.dumps({"sentence": "no"}))
    text(
        "dataset/slurp/metadata.json",
        json.dumps({"1": {"recordings": {"audio-1-headset.flac": {"usrid": "FE-141"}}}}),
    )
    for name in ("audio-1-headset", "audio-1", "audio-9"):
        audio(f"audio/slurp_real/{name}.flac")
    audio("audio/slurp_synth/slurp_13-2.flac")
