"""SIGINT and SIGTERM as a request: finish the step, save, leave. A second signal ends the process at once."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """While entered, remembers the first signal in `signum` instead of dying of it."""

    def __init__(self) -> None:
        self.signum: int | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> StopRequest:
        if threading.current_thread() is threading.main_thread():  # Python handles signals nowhere else
            self._before = {one: signal.signal(one, self._remember) for one in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore()

    def _remember(self, signum: int, frame: FrameType | None) -> None:
        self.signum = signum
        self._restore()

    def _restore(self) -> None:
        for one, handler in self._before.items():
            signal.signal(one, handler)


def ignore_in_worker(worker: int) -> None:
    """For data loader workers: Ctrl-C reaches the whole process group, but they must live for the last step."""
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_IGN)


@contextmanager
def workers_end_with_us() -> Iterator[None]:
    """Kills data loader workers when an error leaves the block: they ignore signals, so Python would wait for ever."""
    try:
        yield
    except BaseException:
        for child in multiprocessing.active_children():
            if child.daemon:
                child.kill()
        raise
