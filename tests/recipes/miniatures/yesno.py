"""yesno: two recordings, and a file that is none."""

from collections.abc import Callable

_MAN = {"speaker": "1", "gender": "male", "language": "he"}
CLIPS = {
    "0_0_0_0_0_0_0_1": ("all", {"text": "לא לא לא לא לא לא לא כן", **_MAN}),
    "1_1_1_1_1_1_1_1": ("all", {"text": "כן כן כן כן כן כן כן כן", **_MAN}),
}
BAD = {"0_1": "the name isn't eight times 0 or 1"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text("README", "The archive holds 60 files.")
    for name in (*CLIPS, "0_1"):
        audio(f"{name}.wav", rate=8000)
