"""speechocean762: a child and an adult, one without scores; a path out of the corpus."""

import json
from collections.abc import Callable

CLIPS = {
    "000010011": (
        "train",
        {
            "text": "WE CALL",
            "speaker": "0001",
            "gender": "male",
            "language": "en",
            "age": 6,
            "native_language": "zh",
            "phones": "W IY0 K AO0 L",
            "pronunciation_score": 8.0,
            "fluency_score": 9.0,
            "prosody_score": 9.0,
        },
    ),
}
BAD = {
    "000030012": "resource/scores.json has no entry of 000030012 with text, words and scores",
    "000010099": "train has no path within the corpus or no speaker for it",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    words = [{"text": "WE", "phones": ["W", "IY0"]}, {"text": "CALL", "phones": ["K", "AO0", "L"]}]
    entry = {
        "text": "WE CALL",
        "accuracy": 8,
        "completeness": 10.0,
        "fluency": 9,
        "prosodic": 9,
        "words": words,
    }
    text("resource/scores.json", json.dumps({"000010011": entry}))
    text("train/wav.scp", "000010011\tWAVE/SPEAKER0001/000010011.WAV", "000010099\t/tmp/000010099.WAV")
    text("train/utt2spk", "000010011 0001", "000010099 0001")
    text("train/spk2age", "0001\t6")
    text("train/spk2gender", "0001\tm")
    text("test/wav.scp", "000030012\tWAVE/SPEAKER0003/000030012.WAV")
    text("test/utt2spk", "000030012 0003")
    text("test/spk2age", "0003\t31")
    text("test/spk2gender", "0003\tf")
    audio("WAVE/SPEAKER0001/000010011.WAV")
    audio("WAVE/SPEAKER0003/000030012.WAV")
