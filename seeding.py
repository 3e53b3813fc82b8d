"""Draws that depend on (seed, id, purpose) alone: not on the process, the order or the Python version.

For millions of small choices there are `rank`, which decides who is chosen, and `Draw`, which decides how it is worded.
Both come straight from a sha256: setting up a numpy generator takes some 20 us; an instruction needs one each, and at
that price it would be half of its cost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

_SHORT = 1 << 64


def digest(*parts: object) -> bytes:
    """The sha256 of some parts, kept apart by a character that no id holds."""
    return hashlib.sha256(
        "\x1f".join([f"{part}" for part in parts]).encode("utf-8", "surrogatepass")
    ).digest()


def rank(*parts: object) -> int:
    """A number of 64 bits that orders things as if shuffled, whatever order they come in."""
    return int.from_bytes(digest(*parts)[:8], "big")


def generator(*parts: object) -> np.random.Generator:
    """A numpy generator of its own for these parts."""
    return np.random.default_rng(int.from_bytes(digest(*parts), "big"))


class Draw:
    """Uniform draws from the bits of a sha256, read as a number in mixed radix; more bits come when they run short.

    An instruction uses some 40 of 256 bits; at least 64 are always left over, so that a draw's bias is below 2^-40.
    """

    def __init__(self, *parts: object) -> None:
        self._state = digest(*parts)
        self._bits = int.from_bytes(self._state, "big")

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` - 1, for counts up to 2^24."""
        if self._bits < _SHORT:
            self._state = hashlib.sha256(self._state).digest()
            self._bits = int.from_bytes(self._state, "big")
        self._bits, value = divmod(self._bits, count)
        return value

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]
