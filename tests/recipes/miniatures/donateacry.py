"""Donate-a-Cry: two infants, an age without a code, a name that says nothing."""

from collections.abc import Callable

_CRY = {"sound_events": ["baby crying"]}
_FIRST = "F3BAEDDA-CDC0-4A65-90EE-5C372CEE4F3B"
CLIPS = {
    f"{_FIRST}-1437012044-1_1-m-26-hu": (
        "train",
        {"speaker": _FIRST, "gender": "male", "age_group": "2 to 6 months", "cry_reason": "hungry", **_CRY},
    ),
    "02c3b725-26e4-4a2c-9336-04ddc58836d9-1430726196216-1_7-f-99-bp": (
        "train",
        {
            "speaker": "02C3B725-26E4-4A2C-9336-04DDC58836D9",
            "gender": "female",
            "cry_reason": "in belly pain",
            **_CRY,
        },
    ),
}
BAD = {"cry": "the name isn't INSTALLATION-TIME-VERSION-GENDER-AGE-RR"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    root = "donateacry_corpus_cleaned_and_updated_data"
    text("README.md", "Donate-a-Cry")
    audio(f"{root}/hungry/{_FIRST}-1437012044-1.1-m-26-hu.wav", rate=8000)
    audio(f"{root}/belly_pain/02c3b725-26e4-4a2c-9336-04ddc58836d9-1430726196216-1.7-f-99-bp.wav", rate=8000)
    audio(f"{root}/tired/cry.wav", rate=8000)
