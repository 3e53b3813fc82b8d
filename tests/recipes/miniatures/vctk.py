"""VCTK 0.92: three speakers, of whom one has no texts and one no line in the table."""

from collections.abc import Callable

_ACCENTED = {"speaker": "p292", "language": "en", "gender": "male", "age": 23, "accent": "Northern Irish"}
CLIPS = {
    "p225_001": (
        "train",
        {
            "text": "Please call Stella.",
            "speaker": "p225",
            "language": "en",
            "gender": "female",
            "age": 23,
            "accent": "English",
        },
    ),
    "p292_002": ("train", _ACCENTED),
    "s5_003": ("train", {"text": "Ask her.", "speaker": "s5", "language": "en"}),
}
BAD = {"p225x": "the name doesn't begin with the speaker p225 of the folder"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "speaker-info.txt",
        "ID  AGE  GENDER  ACCENTS  REGION COMMENTS ",
        "p225  23  F    English    Southern  England",
        "p292  23  M    NorthernIrish  Belfast ",
    )
    text("txt/p225/p225_001.txt", "Please call Stella. ")
    text("txt/s5/s5_003.txt", "Ask her.")
    for name in ("p225/p225_001", "p292/p292_002", "s5/s5_003", "p225/p225x"):
        audio(f"wav48_silence_trimmed/{name}_mic1.flac", rate=48000)
    audio("wav48_silence_trimmed/p225/p225_001_mic2.flac", rate=48000)
