"""SPGISpeech: two calls, a quotation mark that never closes, a row without a call, one without a transcript."""

from collections.abc import Callable

CLIPS = {
    "07a785e9_1": (
        "train",
        {"text": '"Our EPS rose by 3%, ""a record"".', "language": "en", "source": "07a785e9"},
    ),
    "51c4de88_20": ("val", {"text": "Thank you.", "language": "en", "source": "51c4de88"}),
}
BAD = {
    "train-3": "line 3 of train.csv isn't CALL/NUMBER.wav, size, transcript",
    "train-line-4": "line 4 of train.csv has 2 columns, not 3",
}

_HEADER = "wav_filename|wav_filesize|transcript"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "train.csv",
        _HEADER,
        '07a785e9/1.wav|12844|"Our EPS rose by 3%, ""a record"".',
        "2.wav|1|So.",
        "07a785e9/3.wav|1",
    )
    text("val.csv", _HEADER, "51c4de88/20.wav|12844|Thank you.")
    audio("train/07a785e9/1.wav")
    audio("val/51c4de88/20.wav")
