"""Two clips of ESC-50."""

from collections.abc import Callable
from pathlib import Path


def make(folder: Path, write_audio: Callable[..., Path]) -> None:
    write_audio(folder / "audio/1-10-A-0.wav", rate=44100)
    write_audio(folder / "audio/5-20-B-30.wav", rate=44100)
    (folder / "meta").mkdir()
    (folder / "meta/esc50.csv").write_text(
        "filename,fold,target,category,esc10,src_file,take\n"
        "1-10-A-0.wav,1,0,dog,True,10,A\n"
        "5-20-B-30.wav,5,30,door_wood_knock,False,20,B\n"
    )
