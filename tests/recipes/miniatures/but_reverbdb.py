"""BUT ReverbDB: two rooms, one with a volume, an impulse response with a distance, a silence, a sweep to pass over."""

from collections.abc import Callable

_IR = "IR_sweep_15s_45Hzto22kHz_FS16kHz.v00"
CLIPS = {
    f"VUT_FIT_Q301-MicID01-SpkID01_20170906_S-01-RIR-{_IR.replace('.', '_')}": (
        "train",
        {
            "impulse_response": "measured",
            "distance_m": 2.41,
            "room": "office",
            "room_volume_m3": 192.0,
            "source": "VUT_FIT_Q301",
        },
    ),
    "VUT_FIT_Q301-MicID01-SpkID01_20170906_S-01-silence-silence_v00": (
        "train",
        {
            "sound_events": ["background noise of an empty room"],
            "room": "office",
            "room_volume_m3": 192.0,
            "source": "VUT_FIT_Q301",
        },
    ),
    f"VUT_FIT_C236-MicID01-SpkID02_20190503_S-31-RIR-{_IR.replace('.', '_')}": (
        "train",
        {"impulse_response": "measured", "room": "meeting room", "source": "VUT_FIT_C236"},
    ),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    first, second = "VUT_FIT_Q301/MicID01/SpkID01_20170906_S/01", "VUT_FIT_C236/MicID01/SpkID02_20190503_S/31"
    text("VUT_FIT_Q301/env_meta.txt", "$EnvName Q301", "$EnvVolume 192")
    text(f"{first}/mic_meta.txt", "$EnvMic1ID 1", "$EnvMic1RelDistance 2.4083")
    audio(f"{first}/RIR/{_IR}.wav")
    audio(f"{first}/silence/silence.v00.wav")
    audio(f"{first}/english/LibriSpeech/x.wav")
    audio(f"{second}/RIR/{_IR}.wav")
