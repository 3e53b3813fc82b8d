"""Real speech under other names, at other rates, through codecs: what a copy of a recording looks like elsewhere."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Copy = Callable[[Samples, int], tuple[Samples, int]]


def through(rate: int, form: str, subtype: str | None, **options: object) -> Copy:
    """A copy that was resampled and coded, and is decoded again."""

    def copy(samples: Samples, given: int) -> tuple[Samples, int]:
        coded = io.BytesIO()
        resampled = soxr.resample(samples, given, rate) if given != rate else samples
        soundfile.write(coded, np.clip(resampled, -1, 1), rate, format=form, subtype=subtype, **options)
        coded.seek(0)
        heard, heard_rate = soundfile.read(coded, dtype="float32")
        return heard, heard_rate

    return copy


def quieter(samples: Samples, rate: int) -> tuple[Samples, int]:
    return (0.03 * samples).astype(np.float32), rate


COPIES: dict[str, Copy] = {
    "the same bytes": lambda samples, rate: (samples, rate),
    "30 dB quieter": quieter,
    "resampled": through(11_025, "WAV", "PCM_16"),
    "mp3": through(16_000, "MP3", None, bitrate_mode="CONSTANT", compression_level=0.95),
    "opus": through(16_000, "OGG", "OPUS", compression_level=0.95),
    "a-law": through(8_000, "WAV", "ALAW"),
    "gsm": through(8_000, "WAV", "GSM610"),
}


@pytest.fixture(scope="session")
def utterances(shared: Path) -> dict[str, tuple[Samples, int]]:
    """Two utterances of each of six readers, of four seconds and more."""
    found: dict[str, tuple[Samples, int]] = {}
    for chapter in sorted((shared / "corpora" / "LibriSpeech" / "test-other").glob("*/*/")):
        for path in sorted(chapter.glob("*.flac"), key=lambda path: -path.stat().st_size)[:2]:
            samples, rate = soundfile.read(path, dtype="float32")
            found[path.stem] = samples, rate
    return found
