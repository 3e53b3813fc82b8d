"""Two clips of ESC-50."""

from collections.abc import Callable

CLIPS = {
    "1-10-A-0": ("fold1", {"sound_events": ["dog"], "source": "10"}),
    "5-20-B-30": ("fold5", {"sound_events": ["door knock"], "source": "20"}),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("audio/1-10-A-0.wav", rate=44100)
    audio("audio/5-20-B-30.wav", rate=44100)
    text(
        "meta/esc50.csv",
        "filename,fold,target,category,esc10,src_file,take",
        "1-10-A-0.wav,1,0,dog,True,10,A",
        "5-20-B-30.wav,5,30,door_wood_knock,False,20,B",
    )
