"""Long recordings of one kind of sound, cut into pieces of one length."""

from collections.abc import Iterator
from pathlib import Path

import soundfile


def pieces(path: Path, seconds: float) -> Iterator[tuple[str, float, float | None]]:
    """What to add to the id, start and duration of each whole piece of `seconds`; what is left at the end is dropped.

    A shorter recording is one piece without an addition; so is a file that can't be read, for what is wrong with it is
    told when it is opened as a clip.
    """
    try:
        count = int(float(soundfile.info(str(path)).duration) // seconds)
    except (soundfile.SoundFileError, OSError):
        count = 0
    if count == 0:
        yield "", 0.0, None
    for number in range(count):
        yield f"-{number:03d}", number * seconds, seconds
