"""Convolution of a clip with an impulse response, by overlapped blocks whose spectra are kept.

Overlap-save (Oppenheim and Schafer, Discrete-Time Signal Processing, 8.7) with the blocks of a clip as the rows of one
transform, float32 throughout. A block's length depends on the two lengths alone, so the samples that come out don't
depend on what was convolved before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

_SHORTEST = 9
_SPECTRA = 128

Floats = NDArray[np.float32]


class Response(Protocol):
    """An impulse response that can be told from others (hashable) and loaded, [time]."""

    def load(self) -> Floats: ...

    def __hash__(self) -> int: ...


def block_length(samples: int, response: int) -> int:
    """The length of the blocks: 5 times a power of two (fast to transform, small enough for a processor's cache)."""
    wanted = min(2 * response, samples + response - 1)
    return 5 << max(_SHORTEST, math.ceil(math.log2(wanted / 5)))


def convolve(samples: Floats, response: Response) -> Floats:
    """The convolution from the response's highest sample on, as long as the clip: nothing is delayed. Both [time].

    The last bits change with the number of torch's threads.
    """
    length, delay = _shape(response)
    block = block_length(len(samples), length)
    hop = block - length + 1
    count = -(-len(samples) // hop)
    # Memory of torch's own is aligned always in the same way, and the last bits depend on that, too.
    padded = torch.zeros(length - 1 + count * hop)
    # What comes out first is the sample that the response's highest one belongs to.
    start = length - 1 - delay
    fitting = samples[: len(padded) - start]
    padded[start : start + len(fitting)] = torch.from_numpy(fitting)
    return overlap_save(padded, _spectrum(response, block), block, length)[: len(samples)].numpy()


def overlap_save(padded: torch.Tensor, spectrum: torch.Tensor, block: int, length: int) -> torch.Tensor:
    """Convolves [time] with a response of `length` samples, whose spectrum over `block` is given.

    The first `length - 1` samples are those from before; behind them come whole hops of `block - length + 1`.
    """
    hop = block - length + 1
    count = (len(padded) - length + 1) // hop
    product = torch.fft.rfft(padded.as_strided((count, block), (hop, 1)))
    product *= spectrum
    blocks: torch.Tensor = torch.fft.irfft(product, n=block)
    return blocks[:, length - 1 :].reshape(-1)


@contextmanager
def one_thread() -> Iterator[None]:
    """The last bits of torch's FFT, and so of a reverberant clip, change with the number of threads.

    All that torch does belongs in here: once threads are at work, they spin while they wait, a core each.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


# Its shape is asked for first, then its spectrum.
@lru_cache(maxsize=1)
def _loaded(response: Response) -> Floats:
    return response.load()


@lru_cache(maxsize=4096)
def _shape(response: Response) -> tuple[int, int]:
    loaded = _loaded(response)
    return len(loaded), int(np.argmax(loaded))


@lru_cache(maxsize=_SPECTRA)
def _spectrum(response: Response, block: int) -> torch.Tensor:
    spectrum: torch.Tensor = torch.fft.rfft(torch.from_numpy(_loaded(response)), n=block)
    return spectrum
