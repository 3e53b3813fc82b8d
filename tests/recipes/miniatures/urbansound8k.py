"""UrbanSound8K: two folds, a row with a fold that isn't, and one cut short."""

from collections.abc import Callable

CLIPS = {
    "100032-3-0-0": ("fold5", {"sound_events": ["dog barking"], "source": "100032"}),
    "100263-2-0-117": ("fold10", {"sound_events": ["children playing"], "source": "100263"}),
}
BAD = {
    "1-1-1-1_wav": "line 4 of metadata/UrbanSound8K.csv isn't file, fsID, fold 1 to 10, class",
    "metadata-UrbanSound8K-line-5": "line 5 of metadata/UrbanSound8K.csv has 6 columns, not 8",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "metadata/UrbanSound8K.csv",
        "slice_file_name,fsID,start,end,salience,fold,classID,class",
        "100032-3-0-0.wav,100032,0.0,0.317551,1,5,3,dog_bark",
        "100263-2-0-117.wav,100263,58.5,62.5,1,10,2,children_playing",
        "1-1-1-1.wav,1,0,4,1,11,2,children_playing",
        "1-1-1-2.wav,1,0,4,1,1",
    )
    audio("audio/fold5/100032-3-0-0.wav", rate=44100)
    audio("audio/fold10/100263-2-0-117.wav", rate=44100, channels=2)
