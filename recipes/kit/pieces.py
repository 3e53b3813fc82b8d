"""Long recordings of one kind of sound, cut into pieces of one length."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import soundfile

from .corpus import Clip, LeftOut
from .spelling import on_disk


def pieces(whole: Clip, corpus_dir: Path, seconds: float) -> Iterator[Clip | LeftOut]:
    """Each whole piece of `seconds` of a recording as a clip; what is left at the end is left out.

    A shorter recording is one piece with its own id; so is a file that can't be read, for what is wrong with it is
    told when it is opened as a clip.
    """
    try:
        duration = float(soundfile.info(str(on_disk(corpus_dir / whole.audio))).duration)
    except (soundfile.SoundFileError, OSError):
        duration = 0.0
    count = int(duration // seconds)
    if count == 0:
        yield whole
        return
    for number in range(count):
        yield replace(whole, id=f"{whole.id}-{number:03d}", start=number * seconds, duration=seconds)
    if rest := round(duration - count * seconds, 6):
        yield LeftOut(f"{whole.id}-{count:03d}", whole.split, f"the end after the last {seconds:g} s", rest)
