"""The engine that does partitions: in this process, or in worker processes of this machine."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from multiprocessing import forkserver
from types import TracebackType
from typing import Any, Self

from ...ownership import refuse_foreign
from ...progress import Bar
from .partitions import Counts, Partition, check_partitions, run_partition


def _start_worker() -> None:
    # One thread each: the processes are the parallelism, and results don't depend on how many there are.
    os.environ["OMP_NUM_THREADS"] = "1"
    # Lhotse brought torch into the server already: it has read that variable.
    import torch

    torch.set_num_threads(1)
    # Ctrl-C reaches the whole process group; the parent says it once and ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # What was imported before the fork stays shared memory: the collector's marks would copy every page of it.
    gc.freeze()


def _end_with_parent() -> None:
    """A parent that was killed can't end its workers: they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class _Workers(ProcessPoolExecutor):
    """Ctrl-C waits while a worker is started: one that is half started can't be ended, and complains."""

    def submit(self, *work: Any, **more: Any) -> Future[Any]:
        if threading.current_thread() is not threading.main_thread():
            return super().submit(*work, **more)
        # The server is to pass it over from its first moment on, and so will the workers.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        forkserver.ensure_running()
        met: list[int] = []
        signal.signal(signal.SIGINT, lambda number, _: met.append(number))
        try:
            return super().submit(*work, **more)
        finally:
            signal.signal(signal.SIGINT, before)
            if met:
                signal.raise_signal(signal.SIGINT)


class Engine:
    """Runs partitions: in this process when `jobs` is 1, else in a pool of worker processes."""

    def __init__(self, jobs: int = 1) -> None:
        self.jobs = max(1, jobs)
        self._pool: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            if error is not None:
                # What they were making is begun again by the next run.
                for worker in multiprocessing.active_children():
                    worker.terminate()
                    worker.join(1)
            self._pool.shutdown(wait=error is None, cancel_futures=True)
            self._pool = None

    @property
    def pool(self) -> Executor:
        """The workers, started when first needed."""
        if self._pool is None:
            self._pool = self._open_pool()
        return self._pool

    def _open_pool(self) -> Executor:
        # Not forked from here: beside torch's threads that may hang. The server that they are forked from imports
        # what they all need once.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["lhotse"])
        return _Workers(self.jobs, mp_context=context, initializer=_start_worker)

    def run(self, stage: str, partitions: Sequence[Partition], unit: str = "part") -> list[Counts]:
        """Runs what isn't done yet; returns each partition's counts, in order.

        Raises:
            InputError: from the first partition that raised it; those finished before stay done.
        """
        results: dict[int, Counts] = {}
        waiting: list[int] = []
        for number, partition in enumerate(partitions):
            counts = partition.done()
            if counts is None:
                waiting.append(number)
            else:
                results[number] = counts
        if not waiting:
            return [results[number] for number in range(len(partitions))]
        # All of them before the first is begun.
        folders = [partitions[number] for number in waiting if partitions[number].folder]
        check_partitions(folders)
        refuse_foreign(path for number in waiting for path in partitions[number].noted)
        total = sum(partition.weight for partition in partitions)
        finished = total - sum(partitions[number].weight for number in waiting)
        with Bar(stage, total, unit=unit, done=finished) as progress:
            if self.jobs == 1 or len(waiting) == 1:
                for number in waiting:
                    results[number] = run_partition(partitions[number])
                    progress.update(partitions[number].weight)
            else:
                futures: dict[Future[Counts], int] = {
                    self.pool.submit(run_partition, partitions[number]): number for number in waiting
                }
                pending = set(futures)
                try:
                    while pending:
                        ready, pending = wait(pending, return_when=FIRST_COMPLETED)
                        for future in ready:
                            results[futures[future]] = future.result()
                            progress.update(partitions[futures[future]].weight)
                except BaseException:
                    for future in pending:
                        future.cancel()
                    raise
        return [results[number] for number in range(len(partitions))]
