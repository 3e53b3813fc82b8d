"""VocalSound: two speakers in two splits, an entry with another name."""

import json
from collections.abc import Callable

CLIPS = {
    "f0003_0_throatclearing": (
        "tr",
        {"speaker": "f0003", "gender": "female", "sound_events": ["throat clearing"]},
    ),
    "m0004_1_sneeze": ("te", {"speaker": "m0004", "gender": "male", "sound_events": ["sneezing"]}),
}
BAD = {"x": "entry 2 of te.json isn't a file gNNNN_TAKE_SOUND.wav"}


def _listing(*names: str) -> str:
    return json.dumps(
        {"data": [{"wav": f"/data/vs/audio_16k/{name}.wav", "labels": "/m/01j3sz"} for name in names]}
    )


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text("datafiles/tr.json", _listing("f0003_0_throatclearing"))
    text("datafiles/te.json", _listing("m0004_1_sneeze", "x"))
    for name in CLIPS:
        audio(f"audio_16k/{name}.wav")
