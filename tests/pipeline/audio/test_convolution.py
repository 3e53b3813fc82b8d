from dataclasses import dataclass

import numpy as np
import pytest

from cryfish.pipeline.audio.convolution import block_length, convolve


@dataclass(frozen=True)
class Made:
    """An impulse response whose highest sample is number `peak`."""

    length: int
    peak: int

    def load(self) -> np.ndarray:
        response = np.random.default_rng(self.length).uniform(-0.2, 0.2, self.length).astype(np.float32)
        response[self.peak] = 0.9
        return response


@pytest.mark.parametrize(
    ("samples", "length", "peak"),
    [
        (1, 1, 0),
        (5, 800, 40),
        (400, 1, 0),
        (16_000, 8_000, 40),
        (16_000, 8_000, 7_999),
        (100_003, 4_801, 40),
        (2_000, 90_000, 10),
    ],
)
def test_it_is_the_convolution_from_the_highest_sample_on(samples: int, length: int, peak: int) -> None:
    clip = np.random.default_rng(samples).standard_normal(samples).astype(np.float32)
    response = Made(length, peak)
    whole = np.convolve(clip.astype(float), response.load().astype(float))
    made = convolve(clip, response)
    assert made.dtype == np.float32
    np.testing.assert_allclose(made, whole[peak : peak + samples], atol=1e-5 * np.abs(whole).max())


def test_what_was_convolved_before_does_not_matter() -> None:
    clip = np.random.default_rng(0).standard_normal(50_000).astype(np.float32)
    first = convolve(clip, Made(8_000, 40))
    for other in range(300):
        convolve(clip[: 1_000 + other], Made(500 + other, 3))
    np.testing.assert_array_equal(convolve(clip, Made(8_000, 40)), first)
    # Neither does where in memory it lies.
    shifted = np.concatenate([np.zeros(3, np.float32), clip])[3:]
    np.testing.assert_array_equal(convolve(shifted, Made(8_000, 40)), first)


def test_blocks_are_longer_than_the_response() -> None:
    for response in (1, 2_560, 8_000, 16_000, 64_000):
        for samples in (1, 16_000, 1_000_000):
            assert block_length(samples, response) >= response
