"""What works on audio works on one thread: the processes are the parallelism, and threads that wait spin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from lhotse import Recording
from numpy.typing import NDArray
from torch.utils._python_dispatch import TorchDispatchMode

from cryfish.pipeline.audio.levels import active_level, active_power, band_power
from cryfish.pipeline.audio.load import load_samples
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.prepare.contamination.peaks import Ear

Samples = NDArray[np.float32]


class Operations(TorchDispatchMode):
    """Notes what torch is asked for while it may use more than one thread."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen = 0
        self.on_several: set[str] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.seen += 1
        if torch.get_num_threads() > 1 and not func.is_view:
            self.on_several.add(str(func))
        return func(*args, **(kwargs or {}))


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def hear(samples: Samples, rate: int) -> None:
    ear = Ear(rate)
    ear.hear(samples)
    ear.peaks()


def in_a_room(samples: Samples, rate: int, folder: Path) -> None:
    soundfile.write(folder / "clip.wav", samples, rate)
    soundfile.write(folder / "response.wav", np.exp(-np.arange(8_000) / 1_000), rate)
    clip, response = (Recording.from_file(folder / f"{name}.wav") for name in ("clip", "response"))
    load_samples(clip.to_cut().reverb_rir(response))


@pytest.mark.parametrize(
    "work",
    [
        lambda samples, _: active_level(samples, 44_100),
        lambda samples, _: active_power(samples),
        lambda samples, _: band_power(samples),
        lambda samples, _: hear(samples, 16_000),
        lambda samples, folder: in_a_room(samples, 16_000, folder),
    ],
    ids=["level with notes", "level", "power", "fingerprint", "room"],
)
def test_audio_is_heard_and_rendered_on_one_thread(
    work: Callable[[Samples, Path], Any], tmp_path: Path, two_threads: None
) -> None:
    samples = np.random.default_rng(0).normal(0, 0.1, 20 * 16_000).astype(np.float32)
    with Operations() as operations:
        work(samples, tmp_path)
    assert operations.seen
    assert operations.on_several == set()
    assert torch.get_num_threads() == 2


def _threads_of_torch() -> int:
    return torch.get_num_threads()


def test_a_worker_works_on_one_thread() -> None:
    with Engine(2) as engine:
        assert engine.pool.submit(_threads_of_torch).result() == 1
