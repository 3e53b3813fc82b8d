"""VoiceBank-DEMAND: a training and a test sentence, clean and noisy; a file with another name."""

from collections.abc import Callable

_FIRST = {"speaker": "p226", "language": "en", "text": "Please call Stella.", "source": "p226_001"}
_SECOND = {"speaker": "p232", "language": "en", "source": "p232_002"}
CLIPS = {
    "trainset_28spk-clean-p226_001": ("trainset_28spk", _FIRST),
    "trainset_28spk-noisy-p226_001": (
        "trainset_28spk",
        {**_FIRST, "noise_type": ["speech-shaped noise"], "snr_db": 5.0},
    ),
    "testset-clean-p232_002": ("testset", _SECOND),
    "testset-noisy-p232_002": (
        "testset",
        {**_SECOND, "noise_type": ["ambience of a living room"], "snr_db": 17.5},
    ),
}
BAD = {"testset-noisy-p232": "the name isn't SPEAKER_NUMBER.wav"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text("log_trainset_28spk.txt", "p226_001 ssn 5", "p226_002 cafe x")
    text("logfiles/log_testset.txt", "p232_002 living 17.5")
    text("trainset_28spk_txt/p226_001.txt", "Please call Stella.")
    for kind in ("clean", "noisy"):
        audio(f"{kind}_trainset_28spk_wav/p226_001.wav", rate=48000)
        audio(f"{kind}_testset_wav/p232_002.wav", rate=48000)
    audio("noisy_testset_wav/p232.wav", rate=48000)
