"""CREMA-D: two actors, one not in the table; a name with an unknown emotion."""

from collections.abc import Callable

CLIPS = {
    "1001_DFA_ANG_XX": (
        "train",
        {
            "text": "Don't forget a jacket.",
            "speaker": "1001",
            "language": "en",
            "speaking_style": "acted",
            "emotion": "angry",
            "gender": "male",
            "age": 51,
        },
    ),
    "1002_IEO_SAD_HI": (
        "train",
        {
            "text": "It's eleven o'clock.",
            "speaker": "1002",
            "language": "en",
            "speaking_style": "acted",
            "emotion": "sad",
            "emotion_intensity": "high",
            "gender": "female",
            "age": 21,
        },
    ),
}
BAD = {"1002_IEO_JOY_HI": "the name isn't ACTOR_SENTENCE_EMOTION_INTENSITY"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "VideoDemographics.csv",
        '"ActorID","Age","Sex","Race","Ethnicity"',
        '1001,51,"Male","Caucasian","Not Hispanic"',
        '1002,21,"Female","Caucasian","Not Hispanic"',
    )
    for name in (*CLIPS, *BAD):
        audio(f"AudioWAV/{name}.wav")
