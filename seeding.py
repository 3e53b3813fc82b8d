"""Draws for millions of small choices: a rank decides who is chosen, a `Draw` decides how it is worded.

Both come straight from a sha256. Setting up a numpy generator takes some 20 us; an instruction needs one each, and
at that price it would be half of its cost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

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
