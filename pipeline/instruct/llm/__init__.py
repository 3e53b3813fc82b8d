"""Engines that let an LLM write: what each takes and gives back, and how one is opened by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lhotse.cut import Cut

from ....errors import InputError

Message = Mapping[str, str]
Messages = Sequence[Message]
"""A chat: `{"role": "user" | "assistant", "content": ...}`, roles in turn, the last one the user's."""

ENGINES = ("transformers", "vllm", "openai", "cryfish")

IN_PROCESS = ("transformers", "cryfish")
"""Those whose model is on a device of this process."""

AUDIO = "<audio>"
"""Where an engine that hears puts the clip; no text that comes from data may hold it."""


@dataclass(frozen=True)
class Request:
    """One reply to be written. `key` is the asker's own name for it, unique in a call. `cut`, the clip that is spoken
    of, is for an engine that hears."""

    key: str
    messages: Messages
    seed: int
    cut: Cut | None = None


@dataclass(frozen=True)
class Sampling:
    """How replies are drawn. `max_tokens` bounds one reply; temperature 0 is greedy."""

    temperature: float = 0.6
    top_p: float = 0.95
    max_tokens: int = 96


@dataclass(frozen=True)
class Usage:
    """Tokens: of prompts, those of them that came from a cache of earlier prompts, and of replies."""

    prompt: int = 0
    cached: int = 0
    reply: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt + other.prompt, self.cached + other.cached, self.reply + other.reply)


@dataclass(frozen=True)
class Completion:
    """One reply, or why there is none.

    `finish_reason` is `stop`, or `length` for a reply cut off at `max_tokens`. `retry` tells errors that may
    pass (a busy server) from those that come again each time (a prompt longer than the model's context).
    """

    text: str = ""
    finish_reason: str = ""
    error: str | None = None
    retry: bool = False
    usage: Usage = field(default=Usage(), compare=False)


class Backend(ABC):
    """An engine with a model in it."""

    model: str
    """The model's identity (model/identity.py); part of the ids of what it writes."""

    whole_batches: bool = False
    """A reply depends on what it is batched with, so that a batch must be repeated as a whole."""

    batch_size: int = 1
    """How many requests are written together, or asked of a server at a time."""

    @abstractmethod
    def write(
        self, requests: Iterable[Request], sampling: Sampling, schema: Mapping[str, Any]
    ) -> Iterator[tuple[Request, Completion]]:
        """Each request with its completion, as soon as it is there, in any order. A request that fails has an error and
        harms no other.

        Takes requests only as fast as it can work on them, so there may be millions. Replies follow the JSON schema
        where the engine can enforce it; with an empty schema they are free text.

        Raises:
            InputError: no request could be answered for a reason that a user can mend.
        """

    @abstractmethod
    def close(self) -> None:
        """Frees the memory that the model takes."""

    def generate(
        self, prompts: Sequence[Messages], seeds: Sequence[int], sampling: Sampling, schema: Mapping[str, Any]
    ) -> list[Completion]:
        """One completion per prompt, in order; like `write`, and raises the same."""
        requests = [
            Request(str(number), prompt, seed)
            for number, (prompt, seed) in enumerate(zip(prompts, seeds, strict=True))
        ]
        done = {request.key: completion for request, completion in self.write(requests, sampling, schema)}
        return [done[request.key] for request in requests]


def open_backend(engine: str, llm: str, url: str | None = None, **options: Any) -> Backend:
    """Opens an engine: `transformers`, `vllm` (offline), `openai` for a server that speaks its protocol at `url`, or
    `cryfish` for a model that this toolkit trained, which hears the clip.

    `llm` is a folder or a name on the Hub; for a server the name it serves, for `cryfish` the folder of a checkpoint
    or of a finished training. `options` go to the engine: `batch_size` for all but vLLM, which fills itself and takes
    the arguments of `vllm.LLM`; `device` for `transformers` and `cryfish` (`choose_device`); `timeout` and `retries`
    for a server.

    Raises:
        InputError: no such engine, it isn't installed, or it can't load the model.
    """
    if engine not in ENGINES:
        raise InputError(f"field 'engine' is {engine!r}, not one of {', '.join(ENGINES)}")
    if engine == "openai":
        from .openai_engine import OpenAIBackend

        if url is None:
            raise InputError(
                "engine 'openai' needs the server's address in field 'url', such as http://127.0.0.1:8000/v1"
            )
        return OpenAIBackend(llm, url, **options)
    if url is not None:
        raise InputError(
            f"field 'url' is for engine 'openai', but the engine is '{engine}'; remove one of them"
        )
    if engine == "vllm":
        from .vllm_engine import VllmBackend

        return VllmBackend(llm, **options)
    if engine == "cryfish":
        from .cryfish_engine import CryfishBackend

        return CryfishBackend(llm, **options)
    from .transformers_engine import TransformersBackend

    return TransformersBackend(llm, **options)


def engine_options(engine: str, batch_size: int | None, device: str | None) -> dict[str, Any]:
    """What of these an engine is told: vLLM fills itself, and a device is this process's own."""
    options: dict[str, Any] = {}
    if batch_size is not None and engine != "vllm":
        options["batch_size"] = batch_size
    if engine in IN_PROCESS:
        options["device"] = device
    return options


def too_long(tokens: int, sampling: Sampling, context: int) -> Completion | None:
    """The error of a prompt of so many tokens whose reply may not fit into the model's context, else None."""
    if tokens + sampling.max_tokens <= context:
        return None
    return Completion(
        error=f"prompt too long: {tokens} tokens and {sampling.max_tokens} for the reply, the model takes {context}"
    )
