"""Engines that let an LLM write: what each takes and gives back, and how one is opened by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ....errors import InputError

Message = Mapping[str, str]
Messages = Sequence[Message]
"""A chat: `{"role": "user" | "assistant", "content": ...}`, roles in turn, the last one the user's."""

ENGINES = ("transformers", "vllm", "openai")


@dataclass(frozen=True)
class Sampling:
    """How replies are drawn. `max_tokens` bounds one reply; temperature 0 is greedy."""

    temperature: float = 0.6
    top_p: float = 0.95
    max_tokens: int = 96


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


class Backend(Protocol):
    """An engine with a model in it."""

    model: str
    """The model's name without its folder; part of the ids of what it writes."""

    whole_batches: bool
    """A reply depends on what it is batched with, so that a batch must be repeated as a whole."""

    def generate(
        self, prompts: Sequence[Messages], seeds: Sequence[int], sampling: Sampling, schema: Mapping[str, Any]
    ) -> list[Completion]:
        """One completion per prompt, in order. A prompt that fails has an error and harms no other.

        Replies follow the JSON schema where the engine can enforce it.

        Raises:
            InputError: no prompt could be answered for a reason that a user can mend.
        """
        ...

    def close(self) -> None:
        """Frees the memory that the model takes."""
        ...


def open_backend(engine: str, llm: str, url: str | None = None, **options: Any) -> Backend:
    """Opens an engine: `transformers`, `vllm` (offline), or `openai` for a server that speaks its protocol at `url`.

    `llm` is a folder or a name on the Hub; for a server the name it serves. `options` go to the engine: for
    vLLM the arguments of `vllm.LLM`, for a server `concurrency` and `timeout`.

    Raises:
        InputError: no such engine, it isn't installed, or it can't load the model.
    """
    if engine not in ENGINES:
        raise InputError(f"field 'engine' is {engine!r}, not one of {', '.join(ENGINES)}")
    if engine == "openai":
        from .openai_backend import OpenAIBackend

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
        from .vllm_backend import VllmBackend

        return VllmBackend(llm, **options)
    from .transformers_backend import TransformersBackend

    return TransformersBackend(llm, **options)


def model_name(llm: str) -> str:
    """A model's name: of a folder its last part, so that ids don't depend on where it lies."""
    return Path(llm).resolve().name if Path(llm).is_dir() else llm


def too_long(tokens: int, sampling: Sampling, context: int) -> Completion | None:
    """The error of a prompt of so many tokens whose reply may not fit into the model's context, else None."""
    if tokens + sampling.max_tokens <= context:
        return None
    return Completion(
        error=f"prompt too long: {tokens} tokens and {sampling.max_tokens} for the reply, the model takes {context}"
    )
