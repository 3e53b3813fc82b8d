"""CoVoST 2: German into English, English into two languages; marks that open a text and never close, an escaped tab."""

from collections.abc import Callable

CLIPS = {
    "common_voice_en_9": (
        "test",
        {
            "text": '"Stop, he said.',
            "speaker": "e1",
            "language": "en",
            "translations": ['de: "Halt, sagte er.', "sv-se: Slutet."],
        },
    ),
    "common_voice_en_10": (
        "test",
        {
            "text": 'The "end".',
            "speaker": "e2",
            "language": "en",
            "translations": ['de: Das ""Ende"".', "sv-se: Änden."],
        },
    ),
    "common_voice_de_7": (
        "train",
        {"text": "Guten Tag", "speaker": "d1", "language": "de", "translation": "Good day"},
    ),
    "common_voice_de_9": (
        "train",
        {"text": "eins zwei", "speaker": "d1", "language": "de", "translation": "one\\two"},
    ),
}
BAD = {
    "covost_v2_de_en_train-3": "line 3 of de/covost_v2.de_en.train.tsv has no clip or no translation",
    "common_voice_en_11": "covost_v2.en_sv-SE.test.tsv doesn't name it, which tables of other languages do",
    "de-covost_v2_de_en_train-line-4": "line 4 of de/covost_v2.de_en.train.tsv has 3 columns, not 4",
}

_HEADER = "path\tsentence\ttranslation\tclient_id"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "de/covost_v2.de_en.train.tsv",
        _HEADER,
        "common_voice_de_7.mp3\tGuten Tag\tGood day\td1",
        "common_voice_de_8.mp3\tJa\t\td1",
        "common_voice_de_8.mp3\tJa\\\tYes\td1",
        "common_voice_de_9.mp3\teins\\\tzwei\tone\\\\two\td1",
    )
    text(
        "en/covost_v2.en_de.test.tsv",
        _HEADER,
        'common_voice_en_9.mp3\t"Stop, he said.\t"Halt, sagte er.\te1',
        'common_voice_en_10.mp3\tThe "end".\tDas ""Ende"".\te2',
        "common_voice_en_11.mp3\tNo.\tNein.\te2",
    )
    text(
        "en/covost_v2.en_sv-SE.test.tsv",
        _HEADER,
        'common_voice_en_10.mp3\tThe "end".\tÄnden.\te2',
        'common_voice_en_9.mp3\t"Stop, he said.\tSlutet.\te1',
    )
    audio("de/clips/common_voice_de_7.mp3", rate=48000)
    audio("de/clips/common_voice_de_9.mp3", rate=48000)
    audio("en/clips/common_voice_en_9.mp3", rate=48000)
    audio("en/clips/common_voice_en_10.mp3", rate=48000)
    audio("en/clips/common_voice_en_11.mp3", rate=48000)
