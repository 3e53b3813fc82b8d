"""Bars and remarks for whoever looks on. Nothing here can end the work that it tells of.

A terminal goes, a pipe loses its reader, an error stream is closed, a total turns out wrong: whatever becomes of a
bar, it goes dark and the work goes on. All stages show their progress through this module.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO, Any, Self, TypeVar

from tqdm import tqdm

T = TypeVar("T")


class Bar:
    """A progress bar on stderr; counts even where nothing can be shown.

    `total` None, 0 or one that isn't a number means that the end isn't known; one that is exceeded grows.
    `look` is tqdm's (`unit_scale`, `leave`, `bar_format`, ...). `shown` False shows nothing; None only a terminal.
    """

    def __init__(
        self,
        what: str,
        total: float | None = None,
        *,
        unit: str = "it",
        done: float = 0,
        shown: bool | None = True,
        **look: Any,
    ) -> None:
        self.done = done
        self.total = total if total is not None and math.isfinite(total) and total > 0 else None
        self._bar: tqdm[Any] | None = None
        if shown is False or not _works(sys.stderr):
            return
        try:
            self._bar = tqdm(
                desc=what,
                total=self.total,
                initial=done,
                unit=unit,
                **{
                    "dynamic_ncols": True,
                    "file": sys.stderr,
                    "disable": None if shown is None else False,
                    **look,
                },
            )
        except Exception:  # whatever a broken stream or a strange terminal raises
            self._bar = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()

    def update(self, more: float = 1) -> None:
        """Goes on by so much."""
        self.done += more
        bar = self._bar
        if bar is None:
            return
        try:
            if bar.total is not None and self.done > bar.total:
                bar.total = self.done
            bar.update(more)
        except Exception:
            self._darken()

    def note(self, text: str = "", **values: object) -> None:
        """What stands behind the bar: a text, or names with values."""
        if self._bar is None:
            return
        try:
            if values:
                self._bar.set_postfix(values, refresh=False)
            else:
                self._bar.set_postfix_str(text, refresh=False)
        except Exception:
            self._darken()

    def close(self) -> None:
        """Takes the bar away, or leaves its last state, as its look says."""
        if self._bar is None:
            return
        try:
            self._bar.close()
        except Exception:
            self._darken()
        self._bar = None

    def _darken(self) -> None:
        # tqdm closes a bar that is forgotten, which would try the broken stream once more.
        if self._bar is not None:
            self._bar.disable = True
            self._bar = None


def watched(items: Iterable[T], what: str, total: float | None = None, **look: Any) -> Iterator[T]:
    """The items, with a bar that counts them."""
    with Bar(what, total, **look) as bar:
        for item in items:
            yield item
            bar.update()


def say(text: str, to: IO[str] | None = None) -> None:
    """A line for people, on stdout (or `to`), not into the middle of a bar; lost where nobody can read it."""
    stream = sys.stdout if to is None else to
    if not _works(stream):
        return
    try:
        with tqdm.external_write_mode(file=stream):
            stream.write(f"{text}\n")
            stream.flush()
    except Exception:
        _silence(stream)


def open_standard_streams() -> None:
    """Gives a process that was started with closed streams (`2>&-`) ones that lead nowhere.

    Else the next file that is opened gets the number of the closed one, and whoever writes "to stderr" writes into it.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, mode)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w", closefd=False))


def _works(stream: IO[str] | None) -> bool:
    return stream is not None and not stream.closed


def _silence(stream: IO[str]) -> None:
    """What is still in a broken stream's buffer would make Python fail when it ends: it goes nowhere instead."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
