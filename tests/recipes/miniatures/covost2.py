"""CoVoST 2: German into English, English into two languages."""

from collections.abc import Callable

CLIPS = {
    "common_voice_en_9-de": (
        "test",
        {"text": 'The "end".', "speaker": "e1", "language": "en", "translations": ['de: Das "Ende".']},
    ),
    "common_voice_en_9-sv-SE": (
        "test",
        {"text": 'The "end".', "speaker": "e1", "language": "en", "translations": ["sv-se: Slutet."]},
    ),
    "common_voice_de_7": (
        "train",
        {"text": "Guten Tag", "speaker": "d1", "language": "de", "translation": "Good day"},
    ),
}
BAD = {"covost_v2_de_en_train-3": "line 3 of de/covost_v2.de_en.train.tsv has no clip or no translation"}

_HEADER = "path\tsentence\ttranslation\tclient_id"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "de/covost_v2.de_en.train.tsv",
        _HEADER,
        "common_voice_de_7.mp3\tGuten Tag\tGood day\td1",
        "common_voice_de_8.mp3\tJa\t\td1",
    )
    text("en/covost_v2.en_de.test.tsv", _HEADER, 'common_voice_en_9.mp3\t"The ""end""."\t"Das ""Ende""."\te1')
    text("en/covost_v2.en_sv-SE.test.tsv", _HEADER, 'common_voice_en_9.mp3\t"The ""end""."\tSlutet.\te1')
    audio("de/clips/common_voice_de_7.mp3", rate=48000)
    audio("en/clips/common_voice_en_9.mp3", rate=48000)
