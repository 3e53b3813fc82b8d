"""The band by convolved blocks is the band by recursion, of whatever pieces the audio comes in."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from cryfish.pipeline.audio.band import BAND_HZ, Band

RATE = 16_000


def recursion(samples: np.ndarray) -> np.ndarray:
    sections = [
        butter(order, hz, kind, fs=RATE, output="sos")
        for order, hz, kind in zip((6, 4), BAND_HZ, ("highpass", "lowpass"), strict=True)
    ]
    return np.asarray(sosfilt(np.concatenate(sections), samples - samples[0]))


@pytest.mark.parametrize("length", [1, 300, 6_143, 6_144, 6_145, 50_000, 400_001])
def test_it_is_what_the_recursive_filter_passes(length: int) -> None:
    rng = np.random.default_rng(length)
    rumble = np.sin(2 * np.pi * 20 * np.arange(length) / RATE)
    samples = (0.1 * rng.standard_normal(length) + rumble + 0.3).astype(np.float32)
    inside, wanted = Band().inside(samples), recursion(samples.astype(np.float64))
    assert inside.dtype == np.float32
    # A rumble 20 dB above what is heard leaves 94 dB less than itself.
    assert np.abs(inside - wanted).max() <= 2e-5 * max(float(np.abs(samples).max()), 1e-9)


def test_a_later_piece_goes_on_where_the_first_ended() -> None:
    samples = np.random.default_rng(0).standard_normal(60_000).astype(np.float32)
    band = Band()
    pieces = [band.inside(piece) for piece in np.split(samples, [30_000, 30_007, 30_007, 41_000])]
    whole = Band().inside(samples)
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-5)


@pytest.mark.parametrize("constant", [0.3, -1.0, 1e-4])
def test_an_offset_alone_is_not_heard(constant: float) -> None:
    for kind in (np.float32, np.float64):
        inside = Band().inside(np.full(5 * RATE, constant, kind))
        assert float(np.square(inside, dtype=np.float64).mean()) < 1e-15 * constant**2


def test_a_rumble_that_is_cut_makes_no_click() -> None:
    for phase in (0.0, np.pi / 2, np.pi):
        inside = Band().inside(np.cos(2 * np.pi * 15 * np.arange(RATE) / RATE + phase).astype(np.float32))
        assert np.abs(inside[: RATE // 10]).max() < 0.2, phase


def test_nothing_and_what_is_no_number() -> None:
    assert len(Band().inside(np.zeros(0, np.float32))) == 0
    broken = np.ones(100, np.float32)
    broken[7] = np.inf
    assert not np.isfinite(Band().inside(broken)).all()
