"""LibriSpeech: a reader in the published layout, with a line that leads out of the corpus, and one loose utterance."""

from collections.abc import Callable

_ANN = {"speaker": "84", "gender": "female", "language": "en"}
CLIPS = {
    "84-121-0000": ("dev-clean", {"text": "GO ON", **_ANN}),
    "84-121-0001": ("dev-clean", {"text": "DO YOU", **_ANN}),
    "19-198-0000": ("train-clean-100", {"speaker": "19", "gender": "male", "language": "en"}),
}
BAD = {
    "84-121-0002": "84-121.trans.txt says nothing of 84-121-0002",
    "_________etc_passwd": "the name isn't READER-CHAPTER-NNNN",
    "7-1-0000": "SPEAKERS.TXT doesn't tell the split of reader 7",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "SPEAKERS.TXT",
        ";ID  |SEX| SUBSET           |MINUTES| NAME",
        "19   | M | train-clean-100  | 25.19 | A",
        "84   | F | dev-clean        |  8.02 | B | C",
    )
    chapter = "dev-clean/84/121"
    for number in range(3):
        audio(f"{chapter}/84-121-000{number}.flac")
    text(f"{chapter}/84-121.trans.txt", "84-121-0000 GO ON", "84-121-0001 DO  YOU", "../../../etc/passwd HA")
    audio("19-198-0000.flac")
    audio("7-1-0000.flac")
