"""The engine on an existing Ray cluster: the same partitions, done by the workers of many machines.

The contract: every machine of the cluster sees the same files under the same paths (a shared file system) and has
the same version of cryfish installed. Both are checked, since the results would be silently lost or wrong.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

import ray
from ray.exceptions import NodeDiedError, OutOfMemoryError, RayError, RayTaskError, WorkerCrashedError

from ... import __version__
from ...errors import InputError
from ...ownership import remove, temporary_beside
from .code import package_digest
from .partitions import Counts, Partition
from .processes import Engine

RETRIES = 3
# NFS may remember for up to a minute that a file wasn't there.
VISIBLE_WITHIN_S = 60.0
STOP_WITHIN_S = 10.0
CONNECT_WITHIN_S = 10.0


class RayEngine(Engine):
    """Runs partitions on the Ray cluster of RAY_ADDRESS, or else on the one that runs on this machine.

    As the local engine does, it works in this process where there is nothing to share out.

    Args:
        jobs: how many tasks may run at once, each on one CPU; None for as many as the cluster has CPUs.

    Raises:
        InputError: no cluster answers.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self._disconnect = _connect()
        super().__init__(jobs or int(ray.cluster_resources().get("CPU", 1)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        if self._disconnect:
            ray.shutdown()

    def _open_pool(self) -> Executor:
        return RayExecutor(self.jobs)

    def run(self, stage: str, partitions: Sequence[Partition], unit: str = "part") -> list[Counts]:
        """As `Engine.run`; returns when this machine sees all outputs.

        Raises:
            InputError: from the first partition that raised it, or a worker wrote where this machine can't see it.
        """
        counts = super().run(stage, partitions, unit)
        _wait_for(
            [partition.record for partition in partitions], "was written by a Ray worker but isn't here"
        )
        return counts


class RayExecutor(Executor):
    """`concurrent.futures` over Ray tasks: one waiting thread for each task that may run at once.

    A task whose worker or machine dies is started again, up to three times. An exception of the task's function is
    raised as it was, and not wrapped in Ray's.
    """

    def __init__(self, jobs: int) -> None:
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="ray-task")
        self._remote = ray.remote(num_cpus=1, max_retries=RETRIES)(_call)
        self._lock = Lock()
        self._running: dict[ray.ObjectRef, tuple[Any, ...]] = {}
        self._closed = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._threads.submit(self._run, function, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._threads.shutdown(wait=False, cancel_futures=cancel_futures)
        if cancel_futures:
            with self._lock:
                self._closed = True
                stopped = dict(self._running)
            # Workers remove what is half-made; those that don't come to it in time are killed.
            _cancel(_cancel(list(stopped)), force=True)
            for arguments in stopped.values():
                for argument in arguments:
                    if isinstance(argument, Partition) and not argument.in_place:
                        with suppress(FileNotFoundError):
                            remove(argument.temporary)
                            # Its holder was killed.
                            remove(temporary_beside(argument.output, "lock"))
        self._threads.shutdown(wait=wait)

    def _run(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        needed = [path for path in _paths(args) if path.exists()]
        with self._lock:
            if self._closed:
                raise InputError("the run was stopped; run the same command again to go on from here")
            task = self._remote.remote(_version(), Path.cwd(), needed, function, args, kwargs)
            self._running[task] = args
        try:
            return ray.get(task)
        except RayTaskError as error:
            raise error.cause from None
        except (WorkerCrashedError, NodeDiedError, OutOfMemoryError) as error:
            name = args[0].name if args and isinstance(args[0], Partition) else function.__name__
            raise InputError(
                f"{name}: its Ray worker died again and again ({type(error).__name__}), most often for want of memory; "
                "run the same command again with a smaller --jobs, or look into Ray's logs on that machine"
            ) from error
        except RayError as error:
            raise InputError(
                f"--engine ray: the Ray cluster failed ({type(error).__name__}: {error}); look with `ray status`, then "
                "run the same command again to go on from here"
            ) from error
        finally:
            with self._lock:
                self._running.pop(task, None)


def _cancel(tasks: list[ray.ObjectRef], force: bool = False) -> list[ray.ObjectRef]:
    """Stops tasks; returns those that still run after a while."""
    for task in tasks:
        ray.cancel(task, force=force)
    return ray.wait(tasks, num_returns=len(tasks), timeout=STOP_WITHIN_S)[1] if tasks else []


def _connect() -> bool:
    """Connects to the cluster; False when this process already was connected."""
    if ray.is_initialized():
        return False
    address = os.environ.get("RAY_ADDRESS") or "auto"
    where = "on this machine" if address == "auto" else f"at RAY_ADDRESS={address}"
    host, colon, port = address.rpartition(":")
    try:
        if colon and "://" not in address:
            # Ray itself would try for minutes.
            socket.create_connection((host, int(port)), timeout=CONNECT_WITHIN_S).close()
        ray.init(address=address, logging_level=logging.ERROR)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        if "AuthenticationError" in str(error.__cause__):
            raise InputError(
                f"--engine ray: the Ray cluster {where} asks for a token; set RAY_AUTH_MODE=token, and RAY_AUTH_TOKEN "
                "or RAY_AUTH_TOKEN_PATH if it isn't the token of this machine"
            ) from error
        said = str(error).strip().splitlines()
        raise InputError(
            f"--engine ray: no Ray cluster answers {where} ({said[0] if said else type(error).__name__}); start one "
            "with `ray start --head`, set RAY_ADDRESS to one that runs, or use --engine local"
        ) from error
    return True


def _call(
    version: str,
    folder: Path,
    needed: list[Path],
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    """Runs in a worker: the function, in the folder where the command was given (paths may be relative)."""
    if version != _version():
        raise InputError(
            f"{socket.gethostname()}: has cryfish {_version()} but the command was given with {version}; install "
            "the same version on every machine of the Ray cluster"
        )
    _wait_for([folder], f"isn't on the Ray machine {socket.gethostname()}")
    os.chdir(folder)
    _wait_for(needed, f"isn't on the Ray machine {socket.gethostname()}")
    return function(*args, **kwargs)


def _version() -> str:
    """The version, and a digest of the source: the number alone doesn't tell two checkouts apart."""
    return f"{__version__} ({package_digest()})"


def _paths(args: Iterable[Any]) -> list[Path]:
    """The files and folders that a task is going to read, as far as its arguments tell."""
    paths: list[Path] = []
    for argument in args:
        if isinstance(argument, Path):
            paths.append(argument)
        elif isinstance(argument, Partition):
            paths += [*argument.inputs, *_paths(argument.arguments)]
    return paths


def _wait_for(paths: Iterable[Path], trouble: str) -> None:
    deadline = time.monotonic() + VISIBLE_WITHIN_S
    for path in paths:
        while not path.exists():
            if time.monotonic() > deadline:
                raise InputError(
                    f"{path.absolute()}: {trouble}; --engine ray needs a file system that all machines share, mounted "
                    "at the same path"
                )
            time.sleep(0.2)
