"""MLS: German as FLAC, English as Opus, with a line that isn't one."""

from collections.abc import Callable

CLIPS = {
    "4800_10003_000000": (
        "train",
        {"text": "hello there", "speaker": "4800", "gender": "male", "language": "en"},
    ),
    "252_211_000000": (
        "train",
        {"text": "der schöne tag", "speaker": "252", "gender": "female", "language": "de"},
    ),
    "1724_212_000003": ("test", {"text": "ja", "speaker": "1724", "gender": "male", "language": "de"}),
}
BAD = {"mls_german-test-2": "line 2 of mls_german/test/transcripts.txt isn't SPEAKER_BOOK_NUMBER, text"}

_HEADER = " SPEAKER   |   GENDER   | PARTITION  |  MINUTES   |  BOOK ID  |  TITLE  |  CHAPTER"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "mls_german/metainfo.txt",
        _HEADER,
        " 252       |   F        | train      |  10.1  | 211 | Faust | 1 ",
        " 1724      |   M        | test       |  10.1  | 212 | Faust | 2 ",
    )
    text("mls_german/train/transcripts.txt", "252_211_000000\tder schöne tag")
    text("mls_german/test/transcripts.txt", "1724_212_000003\tja", "../../1\tnein")
    audio("mls_german/train/audio/252/211/252_211_000000.flac")
    audio("mls_german/test/audio/1724/212/1724_212_000003.flac")
    text(
        "mls_english_opus/metainfo.txt",
        _HEADER,
        " 4800      |   M        | train      |  3.1 | 10003 | Emma | 2 ",
    )
    text("mls_english_opus/train/transcripts.txt", "4800_10003_000000\thello there")
    audio("mls_english_opus/train/audio/4800/10003/4800_10003_000000.opus")
