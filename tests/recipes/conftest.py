"""What the tests of the recipes share: real pieces by name, and tiny audio files."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut

from cryfish.recipes.corpus import BadClip
from cryfish.recipes.cuts import check_audio, cut_from_clip
from cryfish.recipes.registry import recipe

FOLDERS = {
    "asterisk": "asterisk-core-sounds",
    "esc50": "ESC-50-master",
    "fsdd": "free-spoken-digit-dataset",
    "librispeech": "LibriSpeech",
    "ravdess": "RAVDESS",
    "tuxpaint": "tuxpaint-stamps",
}

Prepared = tuple[dict[str, MonoCut], dict[str, BadClip]]


def prepare(name: str, corpus_dir: Path) -> Prepared:
    """Cuts by id and bad clips by id, as the pipeline makes them."""
    found = recipe(name)
    cuts: dict[str, MonoCut] = {}
    bad: dict[str, BadClip] = {}
    for clip in found.clips(corpus_dir):
        try:
            if isinstance(clip, BadClip):
                raise clip
            cut = check_audio(cut_from_clip(clip, found.corpus, corpus_dir), corpus_dir)
            cuts[cut.id] = cut
        except BadClip as problem:
            bad[problem.clip_id] = problem
    return cuts, bad


@pytest.fixture(name="prepare")
def prepare_fixture() -> Callable[[str, Path], Prepared]:
    return prepare


@pytest.fixture(scope="session")
def real(shared: Path) -> Callable[[str], Prepared]:
    """The real piece of a corpus, prepared once."""
    ready: dict[str, Prepared] = {}

    def get(name: str) -> Prepared:
        if name not in ready:
            ready[name] = prepare(name, shared / "corpora" / FOLDERS[name])
        return ready[name]

    return get


@pytest.fixture
def write_audio() -> Callable[..., Path]:
    """Write a short tone: path, seconds, sampling rate, channels."""

    def write(path: Path, seconds: float = 0.5, rate: int = 8000, channels: int = 1) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        tone = 0.1 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
        soundfile.write(path, np.stack([tone] * channels, axis=1), rate)
        return path

    return write
