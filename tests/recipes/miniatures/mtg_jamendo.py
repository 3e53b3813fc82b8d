"""MTG-Jamendo: two splits, a track in a smaller archive, a line of another kind; CRLF."""

from collections.abc import Callable

CLIPS = {
    "track_0000214": (
        "train",
        {
            "music_genre": "punk rock",
            "instruments": ["electric guitar"],
            "music_tags": ["punk rock", "energetic"],
            "source": "artist_000014",
        },
    ),
    "track_0000382": ("test", {"music_tags": ["calm"], "source": "artist_000020"}),
}
BAD = {"test-line-3": "line 3 of autotagging-test.tsv isn't track, artist, album, path, seconds, tags"}

_HEADER = "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    first = "track_0000214\tartist_000014\talbum_000031\t14/214.mp3\t31.0\t"
    text(
        "data/splits/split-0/autotagging-train.tsv",
        _HEADER,
        f"{first}genre---punkrock\tinstrument---electricguitar\tmood/theme---energetic",
        end="\r\n",
    )
    text(
        "data/splits/split-0/autotagging-test.tsv",
        _HEADER,
        "track_0000382\tartist_000020\talbum_000046\t82/382.mp3\t0.4\tmood/theme---calm",
        "track_1\tartist_1",
        end="\r\n",
    )
    audio("audio/14/214.mp3", 31.0, rate=44100)
    audio("audio/82/382.low.mp3", rate=44100)
