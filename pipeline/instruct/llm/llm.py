"""Engines that let an LLM write: what each takes and gives back, and how one is opened by name.

An engine is a module of `engines/`, of another package or a plugin that declares `ENGINE = LlmEngine(...)`
(docs/adding-an-engine.md). Importing one must be cheap: what it needs is imported when it is opened.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

from ....errors import InputError, faults_of
from ....mistakes import read_section
from ....seams import Seam
from ....section import Section, Within

if TYPE_CHECKING:
    from lhotse.cut import Cut

Message = Mapping[str, str]
Messages = Sequence[Message]
"""A chat: `{"role": "user" | "assistant", "content": ...}`, roles in turn, the last one the user's."""

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


BatchSize = Annotated[int, Within(1, 100_000)]


@dataclass(frozen=True)
class EngineMiniature:
    """What an engine is tried with. In `llm` and `options` three texts stand for what the trial has ready: `LLM` (the
    folder of a tiny random model), `CHECKPOINT` (that of a tiny trained one) and `SERVER` (the address of a server)."""

    llm: str
    options: Mapping[str, Any] = field(default_factory=dict)
    reply: str = r"\{"
    """A pattern that each reply's beginning must match."""


def _no_faults(llm: str, options: Any, where: str, made: bool) -> Iterator[str]:
    yield from ()


@dataclass(frozen=True)
class LlmEngine:
    """A way to run an LLM.

    `open` takes what `--llm` says and the options, and may raise InputError. `faults` tells beforehand what will keep
    it from working, each after `where`; it needn't look for what only writing takes if all is `made` already. Where
    `options` have the fields `url`, `batch_size` and `device`, it is told what the command line says of them.
    `hears`: it is given the clip. `package` is what must be installed, and `install` says how.
    """

    name: str
    open: Callable[[str, Any], Backend]
    options: type[Section]
    miniature: EngineMiniature
    faults: Callable[[str, Any, str, bool], Iterator[str]] = _no_faults
    hears: bool = False
    package: str = ""
    install: str = ""

    def missing(self) -> str:
        """Why it can't be used here, or nothing."""
        there = not self.package or find_spec(self.package) is not None
        return "" if there else f"engine '{self.name}' isn't installed here; {self.install}"


ENGINES: Seam[LlmEngine] = Seam(
    "LLM engine", "pipeline.instruct.llm.engines", "ENGINE", lambda one: one.name, None, "engines", LlmEngine
)


def engine_named(name: str) -> LlmEngine:
    """The engine of that name. Raises InputError."""
    if name not in ENGINES.all() and name not in ENGINES.parts().broken:
        raise InputError(f"field 'engine' is {name!r}, not one of {', '.join(ENGINES.all())}")
    return ENGINES.get(name)


def engines_with(option: str) -> list[str]:
    """The engines that have an option of that name."""
    return [name for name, engine in ENGINES.all().items() if option in engine.options.model_fields]


def open_backend(engine: str, llm: str, url: str | None = None, /, **options: Any) -> Backend:
    """Opens an engine: `transformers`, `vllm` (offline), `openai` for a server that speaks its protocol at `url`,
    `cryfish` for a model that this toolkit trained, which hears the clip, or one from elsewhere.

    `llm` is a folder or a name on the Hub; for a server the name it serves, for `cryfish` the folder of a checkpoint
    or of a finished training. `options` are those that the engine declares; vLLM takes the arguments of `vllm.LLM`.

    Raises:
        InputError: no such engine, it isn't installed, an option is wrong, or it can't load the model.
    """
    found = engine_named(engine)
    if why := _no_url(found, url):
        raise InputError(f"field {why}")
    checked = _options(found, url, options, f"engine '{engine}'")
    if missing := found.missing():
        raise InputError(missing)
    return found.open(llm, checked)


def _no_url(engine: LlmEngine, url: str | None) -> str:
    if url is None or "url" in engine.options.model_fields:
        return ""
    takers = " and ".join(f"'{name}'" for name in engines_with("url"))
    return f"'url' is for engine {takers}, but the engine is '{engine.name}'; remove one of them"


def _options(engine: LlmEngine, url: str | None, options: Mapping[str, Any], where: str) -> Section:
    given = {"url": url} if url is not None and "url" in engine.options.model_fields else {}
    return read_section(engine.options, {**options, **given}, where)


def engine_options(
    engine: str, batch_size: int | None, device: str | None, options: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What of these an engine is told: vLLM fills itself, and a device is this process's own."""
    fields = engine_named(engine).options.model_fields
    common = {"batch_size": batch_size, "device": device}
    told = {name: value for name, value in common.items() if value is not None and name in fields}
    return {**told, **(options or {})}


def engine_faults(
    engine: str, llm: str, url: str | None, options: Mapping[str, Any], where: str, made: bool = False
) -> Iterator[str]:
    """What keeps an engine from being opened and an LLM from being asked, each after `where`."""
    found = engine_named(engine)
    for why in filter(None, (_no_url(found, url), found.missing())):
        yield f"{where}: {why}"
    wrong = list(faults_of(_options, found, url, options, where))
    yield from wrong or found.faults(llm, _options(found, url, options, where), where, made)


def too_long(tokens: int, sampling: Sampling, context: int) -> Completion | None:
    """The error of a prompt of so many tokens whose reply may not fit into the model's context, else None."""
    if tokens + sampling.max_tokens <= context:
        return None
    return Completion(
        error=f"prompt too long: {tokens} tokens and {sampling.max_tokens} for the reply, the model takes {context}"
    )
