"""LibriTTS-R: two readers in two splits; one chapter has the older transcript."""

from collections.abc import Callable

_READER = {"speaker": "103", "gender": "female", "language": "en"}
CLIPS = {
    "103_1240_000000_000001": ("train-clean-100", {"text": "Mrs. Rachel Lynde lived here.", **_READER}),
    "84_121123_000001_000000": (
        "dev-clean",
        {"text": "Maximilian rushed to the bed.", "speaker": "84", "gender": "male", "language": "en"},
    ),
}
BAD = {
    "103_1240_000001_000000": "1240 says nothing of 103_1240_000001_000000",
    "84_1_000001_000000": "the name doesn't begin with the folder's reader and chapter",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "speakers.tsv",
        "READER\tGENDER\tSUBSET\tNAME",
        "84\tM\tdev-clean\tJohn",
        "103\tF\ttrain-clean-100\tKaren",
    )
    chapter = "train-clean-100/103/1240"
    audio(f"{chapter}/103_1240_000000_000001.wav", rate=24000)
    text(f"{chapter}/103_1240_000000_000001.normalized.txt", "Mrs. Rachel Lynde lived here.")
    text(f"{chapter}/103_1240_000000_000001.original.txt", "Mrs. Rachel Lynde lived here.")
    audio(f"{chapter}/103_1240_000001_000000.wav", rate=24000)
    chapter = "dev-clean/84/121123"
    audio(f"{chapter}/84_121123_000001_000000.wav", rate=24000)
    audio(f"{chapter}/84_1_000001_000000.wav", rate=24000)
    text(
        f"{chapter}/84_121123.trans.tsv",
        "84_121123_000001_000000\tMaximilian rushed to the bed--\tMaximilian rushed to the bed.",
    )
