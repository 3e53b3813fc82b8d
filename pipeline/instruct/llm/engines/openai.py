"""Any server that speaks OpenAI's chat protocol: vLLM's own, llama.cpp, Ollama, TGI, or a paid one."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Annotated, Any
from urllib.parse import urlsplit

import urllib3

from .....errors import InputError
from .....model.identity import identity
from .....section import Section, Within
from ..llm import Backend, BatchSize, Completion, EngineMiniature, LlmEngine, Request, Sampling, Usage

_BUSY = (408, 429, 500, 502, 503, 504)
_ANSWER_S = 3.0
_TOO_LONG = ("context length", "context_length", "too long", "maximum model length", "max_model_len")


class OpenAIOptions(Section):
    """`timeout` and the pause before a try are in seconds."""

    url: str | None = None
    batch_size: BatchSize = 32
    timeout: Annotated[float, Within(0.001, 86_400)] = 300.0
    retries: Annotated[int, Within(0, 1000)] = 5


class OpenAIBackend(Backend):
    """At most `batch_size` requests at a time; a busy server, one that fails or one that lets `timeout` seconds
    pass is asked again, up to `retries` times, after pauses that double (or as long as it says).

    The key, if the server wants one, is read from the environment variable OPENAI_API_KEY.
    """

    def __init__(
        self, llm: str, url: str, batch_size: int = 32, *, timeout: float = 300.0, retries: int = 5
    ) -> None:
        self.model = identity(llm)
        self._served = llm
        self._url = url.rstrip("/")
        self.batch_size = batch_size
        self._structured = threading.Event()
        self._structured.set()
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get("OPENAI_API_KEY"):
            headers["Authorization"] = f"Bearer {key}"
        self._pool = urllib3.PoolManager(
            maxsize=batch_size,
            headers=headers,
            timeout=urllib3.Timeout(connect=10.0, read=timeout),
            retries=urllib3.Retry(
                total=retries,
                redirect=0,
                status_forcelist=_BUSY,
                allowed_methods=None,
                backoff_factor=0.5,
                backoff_jitter=0.5,
                raise_on_status=False,
            ),
        )

    def write(
        self, requests: Iterable[Request], sampling: Sampling, schema: Mapping[str, Any]
    ) -> Iterator[tuple[Request, Completion]]:
        threads = ThreadPoolExecutor(self.batch_size)
        under_way: dict[Future[Completion], Request] = {}
        try:
            for request in requests:
                # One more for each thread, so that none waits until a reply has been taken up.
                while len(under_way) >= 2 * self.batch_size:
                    yield from _ended(under_way)
                body = self._body(request, sampling)
                under_way[threads.submit(self._ask, body, schema)] = request
            while under_way:
                yield from _ended(under_way)
        finally:
            threads.shutdown(cancel_futures=True)

    def _body(self, request: Request, sampling: Sampling) -> dict[str, Any]:
        return {
            "model": self._served,
            "messages": [dict(message) for message in request.messages],
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_tokens,
            "seed": request.seed,
        }

    def _ask(self, body: Mapping[str, Any], schema: Mapping[str, Any]) -> Completion:
        structured = bool(schema) and self._structured.is_set()
        if structured:
            json_schema = {"name": "reply", "strict": True, "schema": dict(schema)}
            body = {**body, "response_format": {"type": "json_schema", "json_schema": json_schema}}
        try:
            response = self._pool.request("POST", f"{self._url}/chat/completions", body=json.dumps(body))
        except urllib3.exceptions.LocationParseError as error:
            raise InputError(
                f"field 'url' is {self._url!r}, not an address such as http://host:8000/v1"
            ) from error
        except urllib3.exceptions.HTTPError as error:
            return Completion(error=f"{self._url} doesn't answer: {_reason(error)}", retry=True)
        if response.status in (401, 403, 404):
            raise InputError(
                f"{self._url} refuses model '{self._served}' (HTTP {response.status}: {_message(response.data)}); "
                "check fields 'url' and 'llm' and the environment variable OPENAI_API_KEY"
            )
        if response.status != 200:
            message = _message(response.data)
            final = response.status in (400, 413, 422) and any(mark in message.lower() for mark in _TOO_LONG)
            if final:
                return Completion(error=f"prompt too long: {message}")
            if structured and response.status in (400, 422) and _refuses_schema(message):
                self._structured.clear()  # once is enough to know this server
                return self._ask({k: v for k, v in body.items() if k != "response_format"}, {})
            return Completion(error=f"HTTP {response.status}: {message}", retry=True)
        try:
            reply = json.loads(response.data)
            choice = reply["choices"][0]
            text = choice["message"]["content"] or ""
            if not isinstance(text, str):
                raise TypeError(f"content is {type(text).__name__}, not a string")
            return Completion(text, str(choice.get("finish_reason") or "stop"), usage=_usage(reply))
        except (ValueError, KeyError, IndexError, TypeError) as error:
            return Completion(error=f"{self._url} gave an unexpected reply: {error!r}", retry=True)

    def close(self) -> None:
        self._pool.clear()


def _ended(under_way: dict[Future[Completion], Request]) -> Iterator[tuple[Request, Completion]]:
    """Waits for replies and takes them out of those under way."""
    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
    for future in done:
        yield under_way.pop(future), future.result()


def _refuses_schema(message: str) -> bool:
    return any(
        word in message.lower() for word in ("response_format", "json_schema", "structured", "grammar")
    )


def _usage(reply: Mapping[str, Any]) -> Usage:
    told = reply.get("usage")
    if not isinstance(told, dict):
        return Usage()
    cached = (told.get("prompt_tokens_details") or {}).get("cached_tokens")
    return Usage(told.get("prompt_tokens") or 0, cached or 0, told.get("completion_tokens") or 0)


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error)


def _message(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    try:
        content = json.loads(text)
        inner = content.get("error", content)
        text = inner.get("message", text) if isinstance(inner, dict) else str(inner)
    except (ValueError, AttributeError):
        pass
    return " ".join(str(text).split())[:300]


def _open(llm: str, options: OpenAIOptions) -> OpenAIBackend:
    if options.url is None:
        raise InputError(
            "engine 'openai' needs the server's address in field 'url', such as http://127.0.0.1:8000/v1"
        )
    return OpenAIBackend(
        llm, options.url, options.batch_size, timeout=options.timeout, retries=options.retries
    )


def _faults(llm: str, options: OpenAIOptions, where: str, made: bool) -> Iterator[str]:
    if options.url is None:
        yield f"{where}: engine 'openai' needs the server's address, such as http://127.0.0.1:8000/v1; give 'url'"
    elif not made:
        yield from _server_faults(options.url, where)


def _server_faults(url: str, field: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        port = 0
    if not port or parts.scheme not in ("http", "https") or not parts.hostname:
        yield f"{field}: 'url' is {url!r}, not an address such as http://127.0.0.1:8000/v1"
        return
    try:
        socket.create_connection((parts.hostname, port), _ANSWER_S).close()
    except OSError as error:
        yield f"{field}: no server answers at {url} ({error.strerror or error}); start it, or mend 'url'"


ENGINE = LlmEngine(
    "openai",
    _open,
    OpenAIOptions,
    EngineMiniature(
        "served", {"url": "SERVER", "retries": 0}, reply=r'\{"question": "Who speaks\?", "answer"'
    ),
    _faults,
)
