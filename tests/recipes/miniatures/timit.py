"""TIMIT: two speakers, sphere files named .WAV, a folder that is no speaker."""

from collections.abc import Callable

CLIPS = {
    "train-FCJF0-SA1": (
        "train",
        {
            "text": "She had your dark suit.",
            "speaker": "FCJF0",
            "gender": "female",
            "language": "en",
            "age": 25,
            "accent": "New England",
            "phones": "h# sh iy h#",
        },
    ),
    "test-MABW0-SX404": ("test", {"speaker": "MABW0", "gender": "male", "language": "en"}),
}
BAD = {"test-XXXX0-SA1": "the speaker's folder doesn't begin with F or M"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "DOC/SPKRINFO.TXT",
        ";ID   Sex DR Use  RecDate   BirthDate  Ht    Race Edu  Comments",
        "CJF0   F  1  TRN  01/14/86  05/22/60  5'6\"  WHT  MS",
        "ABW0   M  8  TST  02/04/86  ??/??/??  6'0\"  WHT  BS",
    )
    audio("TRAIN/DR1/FCJF0/SA1.WAV", format="NIST")
    text("TRAIN/DR1/FCJF0/SA1.TXT", "0 6400 She had your dark suit.")
    text("TRAIN/DR1/FCJF0/SA1.PHN", "0 100 h#", "100 200 sh", "200 300 iy", "300 6400 h#")
    audio("TRAIN/DR1/FCJF0/SA1.WAV.wav")
    audio("TEST/DR8/MABW0/SX404.WAV", format="NIST")
    audio("TEST/DR8/XXXX0/SA1.WAV", format="NIST")
