"""VoxPopuli: German, and accented English; a mark that never closes, a speaker who isn't known, bad rows."""

from collections.abc import Callable

_GERMAN, _ENGLISH = (
    "20160119-0900-PLENARY-15-de_20160119-20:05:33",
    "20100210-0900-PLENARY-5-en_20100210-11:02:48",
)
CLIPS = {
    "de-20160119-0900-PLENARY-15-de_20160119-20_05_33_6": (
        "train",
        {
            "text": '"Frau Präsidentin!',
            "speaker": "124831",
            "gender": "female",
            "language": "de",
            "source": _GERMAN,
        },
    ),
    "en_accented-20100210-0900-PLENARY-5-en_20100210-11_02_48_0": (
        "test",
        {"text": "thank you", "language": "en", "accent": "Dutch", "source": _ENGLISH},
    ),
}
BAD = {
    "de-train-3": "line 3 of transcribed_data/de/asr_train.tsv isn't YEAR..., texts, speaker, split",
    "de-train-4": "line 4 of transcribed_data/de/asr_train.tsv isn't YEAR..., texts, speaker, split",
    "transcribed_data-de-asr_train-line-5": "line 5 of transcribed_data/de/asr_train.tsv has 2 columns, not 8",
}

_HEADER = "id\traw_text\tnormalized_text\tspeaker_id\tsplit\tgender\tis_gold_transcript\taccent"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "transcribed_data/de/asr_train.tsv",
        _HEADER,
        f'{_GERMAN}_6\t"Frau Präsidentin!\tfrau präsidentin\t124831\ttrain\tfemale\tFalse\tNone',
        "\t\t\t\t\t\t\t",
        "x\tJa\tja\t1\ttrain\tmale\tFalse\tNone",
        f"{_GERMAN}_7\tJa",
    )
    text(
        "transcribed_data/en_accented/asr_test.tsv",
        _HEADER,
        f"{_ENGLISH}_0\t\tthank you\tNone\ttest\tNone\tTrue\ten_nl",
    )
    audio(f"transcribed_data/de/2016/{_GERMAN}_6.ogg")
    audio(f"transcribed_data/en_accented/2010/{_ENGLISH}_0.ogg")
