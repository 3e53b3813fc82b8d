"""Free Spoken Digits: one speaker on both sides of the official split, one who isn't in metadata.py."""

from collections.abc import Callable

_ANN = {"speaker": "ann", "gender": "female", "language": "en", "accent": "German"}
CLIPS = {
    "3_ann_0": ("test", {"text": "three", **_ANN}),
    "4_ann_12": ("train", {"text": "four", **_ANN}),
}
BAD = {
    "5_bob_1": "metadata.py has no speaker 'bob'",
    "five": "the name isn't {digit}_{speaker}_{index}.wav",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    for name in ("3_ann_0", "4_ann_12", "5_bob_1", "five"):
        audio(f"recordings/{name}.wav", rate=8000)
    text(
        "metadata.py",
        "metadata = {'ann': {'gender': 'female', 'accent': 'DEU/German', 'language': 'english'}}",
    )
