"""What the tests of the recipes share: real pieces by name, and tiny audio files."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import av
import numpy as np
import pytest
import soundfile
from lhotse import MonoCut
from numpy.typing import NDArray

from cryfish.recipes.kit.corpus import BadClip
from cryfish.recipes.kit.cuts import check_audio, cut_from_clip
from cryfish.recipes.kit.registry import CORPORA, recipe

FOLDERS = {
    "asterisk": "asterisk-core-sounds",
    "clotho": "clotho",
    "donateacry": "donateacry-corpus",
    "esc50": "ESC-50-master",
    "fsdd": "free-spoken-digit-dataset",
    "librispeech": "LibriSpeech",
    "librosa_examples": "librosa-data",
    "ljspeech": "LJSpeech-1.1",
    "philharmonia": "philharmonia",
    "ravdess": "RAVDESS",
    "rir_files": "rirs",
    "speech_commands": "speech_commands_v0.02",
    "tuxpaint": "tuxpaint-stamps",
    "voicebank_demand": "valentini-debug",
    "yesno": "waves_yesno",
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


def write(
    path: Path, seconds: float = 0.5, rate: int = 8000, channels: int = 1, format: str | None = None
) -> Path:
    """A short tone in the format that the name ends with, or in `format` (`NIST` for sphere)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = 0.1 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    samples = np.stack([tone] * channels, axis=1)
    suffix = path.suffix.lower()
    if suffix in (".m4a", ".mp4"):
        _write_aac(path, samples, rate)
    elif suffix == ".opus":
        soundfile.write(path, samples, rate, format="OGG", subtype="OPUS")
    else:
        soundfile.write(path, samples, rate, format=format or ("NIST" if suffix == ".sph" else None))
    return path


def _write_aac(path: Path, samples: NDArray[np.float64], rate: int) -> None:
    layout = "mono" if samples.shape[1] == 1 else "stereo"
    with av.open(str(path), "w", format="ipod") as container:
        stream = container.add_stream("aac", rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples.T, np.float32), format="fltp", layout=layout
        )
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


@pytest.fixture
def write_audio() -> Callable[..., Path]:
    """Write a short tone: path, seconds, sampling rate, channels, format."""
    return write


def load_miniature(name: str) -> ModuleType:
    """`miniatures/<name>.py`, or the plugin itself: `make` writes the corpus, `CLIPS` and `BAD` say what it holds."""
    script = Path(__file__).parent / "miniatures" / f"{name}.py"
    if not script.exists():
        script = Path(CORPORA.home(name).removeprefix("file:"))
    spec = importlib.util.spec_from_file_location(f"miniature_{name}", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def miniature_module() -> Callable[[str], ModuleType]:
    return load_miniature


@pytest.fixture
def miniature(tmp_path: Path) -> Callable[[str], Path]:
    """The folder of a tiny corpus in its published layout."""

    def make(name: str) -> Path:
        in_folder(load_miniature(name).make, tmp_path / name)
        return tmp_path / name

    return make


def in_folder(make: Callable[..., None], folder: Path) -> None:
    """Lets a miniature write its corpus there."""

    def audio(path: str, seconds: float = 0.4, rate: int = 16000, **options: Any) -> None:
        write(folder / path, seconds, rate, **options)

    def text(path: str, *lines: str, end: str = "\n") -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes("".join(f"{line}{end}" for line in lines).encode())

    make(audio, text)
