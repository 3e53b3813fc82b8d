"""VGGSound: a video of each split, one that was taken down, a row of another kind."""

from collections.abc import Callable

CLIPS = {
    "---g-f_I2yQ-1": ("test", {"sound_events": ["marching"], "source": "---g-f_I2yQ"}),
    "--0PQM4-hqg-30": ("train", {"sound_events": ["female speech"], "source": "--0PQM4-hqg"}),
}
BAD = {
    "gonegonegon-4": "the file is missing",
    "line-4": "line 4 of vggsound.csv isn't video, start, label, train or test",
    "vggsound-line-5": "line 5 of vggsound.csv has a quotation mark that is neither closed nor doubled",
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "vggsound.csv",
        "---g-f_I2yQ,1,people marching,test",
        '--0PQM4-hqg,30,"female speech, woman speaking",train',
        'gonegonegon,4,"dog, barking",train',
        "id,start,label,split",
        'abcdefghijk,4,"dog, barking,train',
    )
    audio("video/---g-f_I2yQ_000001.mp4", rate=44100, channels=2)
    audio("video/--0PQM4-hqg_000030.mp4", rate=44100)
