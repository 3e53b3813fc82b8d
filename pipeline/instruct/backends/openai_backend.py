"""Any server that speaks OpenAI's chat protocol: vLLM's own, llama.cpp, Ollama, TGI, or a paid one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import urllib3

from ....errors import InputError
from . import Completion, Messages, Sampling, model_name

_BUSY = (408, 429, 500, 502, 503, 504)
_TOO_LONG = ("context length", "context_length", "too long", "maximum model length", "max_model_len")


class OpenAIBackend:
    """At most `concurrency` requests at a time; a busy server, one that fails or one that lets `timeout` seconds
    pass is asked again, up to `retries` times, after pauses that double (or as long as it says).

    The key, if the server wants one, is read from the environment variable OPENAI_API_KEY.
    """

    whole_batches = False

    def __init__(
        self, llm: str, url: str, *, concurrency: int = 32, timeout: float = 300.0, retries: int = 5
    ) -> None:
        self.model = model_name(llm)
        self._served = llm
        self._url = url.rstrip("/")
        self._concurrency = concurrency
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get("OPENAI_API_KEY"):
            headers["Authorization"] = f"Bearer {key}"
        self._pool = urllib3.PoolManager(
            maxsize=concurrency,
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

    def generate(
        self, prompts: Sequence[Messages], seeds: Sequence[int], sampling: Sampling, schema: Mapping[str, Any]
    ) -> list[Completion]:
        bodies = [
            {
                "model": self._served,
                "messages": [dict(message) for message in prompt],
                "temperature": sampling.temperature,
                "top_p": sampling.top_p,
                "max_tokens": sampling.max_tokens,
                "seed": seed,
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "pair", "strict": True, "schema": dict(schema)},
                },
            }
            for prompt, seed in zip(prompts, seeds, strict=True)
        ]
        with ThreadPoolExecutor(self._concurrency) as threads:
            return list(threads.map(self._ask, bodies))

    def _ask(self, body: Mapping[str, Any]) -> Completion:
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
            return Completion(error=f"HTTP {response.status}: {message}", retry=True)
        try:
            choice = json.loads(response.data)["choices"][0]
            text = choice["message"]["content"] or ""
            if not isinstance(text, str):
                raise TypeError(f"content is {type(text).__name__}, not a string")
            return Completion(text, str(choice.get("finish_reason") or "stop"))
        except (ValueError, KeyError, IndexError, TypeError) as error:
            return Completion(error=f"{self._url} gave an unexpected reply: {error!r}", retry=True)

    def close(self) -> None:
        self._pool.clear()


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
