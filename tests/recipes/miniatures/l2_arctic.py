"""L2-ARCTIC: two speakers, and a folder that is none."""

from collections.abc import Callable

_ABA = {"speaker": "ABA", "gender": "male", "language": "en", "native_language": "ar", "accent": "Arabic"}
CLIPS = {
    "ABA-arctic_a0001": ("train", {"text": "Author of the danger trail.", **_ABA}),
    "TLV-arctic_a0001": (
        "train",
        {
            "text": "Author of the danger trail.",
            "speaker": "TLV",
            "gender": "male",
            "language": "en",
            "native_language": "vi",
            "accent": "Vietnamese",
        },
    ),
}
BAD = {
    "ABA-arctic_b0002": "there is no arctic_b0002.txt with its text",
    "XYZ-arctic_a0001": "the corpus has no speaker XYZ",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    for name in (
        "ABA/wav/arctic_a0001",
        "ABA/wav/arctic_b0002",
        "TLV/wav/arctic_a0001",
        "XYZ/wav/arctic_a0001",
    ):
        audio(f"{name}.wav", rate=44100)
    for speaker in ("ABA", "TLV"):
        text(f"{speaker}/transcript/arctic_a0001.txt", "Author of the danger trail.")
    text("suitcase_corpus/transcript/aba.txt", "A man and a woman")
