"""WavCaps: two archives on disk, one that isn't, an entry without a caption."""

import json
from collections.abc import Callable

CLIPS = {
    "AudioSet_SL-Yb0RFKhbpFJA": ("AudioSet_SL", {"caption": ["Wind is blowing."]}),
    "SoundBible-2219": ("SoundBible", {"caption": ["A bell rings."]}),
}
BAD = {"SoundBible-2": "entry 2 of sb_final.json has no id or no caption"}


def _listing(*entries: dict[str, object]) -> str:
    return json.dumps({"num_captions_per_audio": 1, "data": list(entries)})


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    wind = {"id": "Yb0RFKhbpFJA.wav", "caption": "Wind is blowing.", "audio": "wav_path", "duration": 10.0}
    text("json_files/AudioSet_SL/as_final.json", _listing(wind))
    bell = {"title": "Bell", "id": "2219", "caption": "A bell rings.", "duration": 0.4}
    text("json_files/SoundBible/sb_final.json", _listing(bell, {"id": "2220", "caption": ""}))
    text("json_files/FreeSound/fsd_final.json", _listing({"id": "1", "caption": "A dog barks."}))
    text(
        "json_files/blacklist/blacklist_exclude_test_ac.json",
        json.dumps({"AudioSet": ["Yb0RFKhbpFJA.wav"], "FreeSound": ["17"]}),
    )
    audio("waveforms/AudioSet_SL_flac/Yb0RFKhbpFJA.flac", rate=32000)
    audio("waveforms/SoundBible_flac/2219.flac", rate=32000)
