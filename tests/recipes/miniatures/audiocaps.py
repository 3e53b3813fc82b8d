"""AudioCaps: a clip with one caption, one with two, one taken down, a row without a caption, one cut short; CRLF."""

from collections.abc import Callable

CLIPS = {
    "r1nicOVtvkQ-130": (
        "train",
        {"caption": ["A woman talks nearby, as water pours"], "source": "r1nicOVtvkQ"},
    ),
    "vfY_TJq7n_U-130": (
        "val",
        {
            "caption": ["Ducks quack", "Birds and speech", "Bird 4", "Bird 5", "Bird 6"],
            "source": "vfY_TJq7n_U",
        },
    ),
}
BAD = {
    "val-line-5": "line 5 of val.csv isn't audiocap_id, youtube_id, start_time, caption",
    "dataset-val-line-9": "line 9 of dataset/val.csv has a quotation mark that is neither closed nor doubled",
    "gonegonegon-60": "val.csv has 1 captions of it, not 5",
}

_HEADER = "audiocap_id,youtube_id,start_time,caption"


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "dataset/train.csv",
        _HEADER,
        '91139,r1nicOVtvkQ,130,"A woman talks nearby, as water pours"',
        end="\r\n",
    )
    text(
        "dataset/val.csv",
        _HEADER,
        "97151,vfY_TJq7n_U,130,Ducks quack",
        "108945,gonegonegon,60,An audience gives applause",
        "97152,vfY_TJq7n_U,130,Birds and speech",
        "97153,vfY_TJq7n_U,130,",
        *(f"9715{number},vfY_TJq7n_U,130,Bird {number}" for number in (4, 5, 6)),
        '97157,vfY_TJq7n_U,130,"Ducks',
        end="\r\n",
    )
    audio("audio/train/r1nicOVtvkQ.wav", rate=44100)
    audio("audio/val/YvfY_TJq7n_U.flac", rate=44100)
