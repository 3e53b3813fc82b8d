"""Speech-like clips, noise and a small RIR bank, made on the spot."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording, SupervisionSegment

from cryfish.pipeline.rirs.bank import RirBankSpec, make_bank
from cryfish.pipeline.rirs.rirs import Bank

SPEC = RirBankSpec(rooms=5, distances=4)


def speech_like(rng: np.random.Generator, seconds: float, rate: int) -> np.ndarray:
    """Noise in syllables of four a second, with pauses."""
    time = np.arange(round(seconds * rate)) / rate
    return 0.1 * rng.standard_normal(len(time)) * np.clip(np.sin(2 * np.pi * 4 * time), 0, None)


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return make_bank(tmp_path_factory.mktemp("rirs"), SPEC, seed=3)


@pytest.fixture
def make_cut(tmp_path: Path) -> Callable[..., MonoCut]:
    """Writes audio and returns its cut: `make_cut(id, audio, rate, **facts)`; with a text it counts as speech."""

    def make(
        name: str, audio: np.ndarray, rate: int = 16_000, text: str | None = None, **facts: object
    ) -> MonoCut:
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, audio, rate, subtype="FLOAT")
        recording = Recording.from_file(path, recording_id=name)
        said = SupervisionSegment(id=name, recording_id=name, start=0, duration=recording.duration, text=text)
        return MonoCut(
            id=name,
            start=0,
            duration=recording.duration,
            channel=0,
            recording=recording,
            supervisions=[said] if text is not None else [],
            custom={"facts": facts},
        )

    return make


@pytest.fixture
def speech(make_cut: Callable[..., MonoCut]) -> list[MonoCut]:
    """Clips of many lengths and rates, several of which don't end on a sample at 16 kHz."""
    rng = np.random.default_rng(0)
    kinds = [(1.0, 16_000), (2.503, 8_000), (0.777, 44_100), (3.21, 48_000), (1.3333, 22_050), (4.1, 16_000)]
    return [
        make_cut(f"speech-{number}", speech_like(rng, seconds, rate), rate, text="hello")
        for number, (seconds, rate) in enumerate(kinds)
    ]


@pytest.fixture
def noises(make_cut: Callable[..., MonoCut]) -> list[MonoCut]:
    """Rain that is long, a bark that is short, both at 44.1 kHz, the bark with silence around it."""
    rng = np.random.default_rng(1)
    bark = np.zeros(44_100)
    bark[10_000:30_000] = 0.5 * rng.standard_normal(20_000)
    return [
        make_cut("rain", 0.01 * rng.standard_normal(6 * 44_100), 44_100, sound_events=["rain"]),
        make_cut("bark", bark, 44_100, sound_events=["dog bark"]),
    ]
