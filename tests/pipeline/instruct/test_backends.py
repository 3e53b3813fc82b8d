import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.instruct.backends import Completion, Sampling, open_backend, transformers_backend
from cryfish.pipeline.instruct.backends.isolate import run_isolated
from cryfish.pipeline.instruct.backends.openai_backend import OpenAIBackend
from cryfish.pipeline.instruct.prompts import SCHEMA

Reply = tuple[int, bytes, dict[str, str]]
GOOD = '{"question": "Who speaks?", "answer": "A woman."}'


def good(content: Any = GOOD, finish: str = "stop") -> Reply:
    return (
        200,
        json.dumps({"choices": [{"message": {"content": content}, "finish_reason": finish}]}).encode(),
        {},
    )


def refusal(status: int, message: str, **headers: str) -> Reply:
    return status, json.dumps({"error": {"message": message}}).encode(), headers


class Server(ThreadingHTTPServer):
    """Answers like the API. `answer(prompt, tries)` decides what the so-manieth try of a prompt gets."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Callable[[str, int], Reply] = lambda prompt, tries: good()
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.open = self.most_open = 0
        self.lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up waiting is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = body["messages"][-1]["content"]
        with self.server.lock:
            self.server.bodies.append(body)
            self.server.headers.append({"path": self.path, **dict(self.headers)})
            tries = sum(other["messages"][-1]["content"] == prompt for other in self.server.bodies)
            self.server.open += 1
            self.server.most_open = max(self.server.most_open, self.server.open)
        status, content, headers = self.server.answer(prompt, tries)
        with self.server.lock:
            self.server.open -= 1
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield running
        running.shutdown()


def ask(backend: Any, prompts: Sequence[str], **sampling: Any) -> list[Completion]:
    chats = [[{"role": "user", "content": prompt}] for prompt in prompts]
    completions: list[Completion] = backend.generate(chats, range(len(chats)), Sampling(**sampling), SCHEMA)
    return completions


def test_a_server_is_asked_for_json_by_schema(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    backend = open_backend("openai", "some/llm", server.url + "/")
    assert ask(backend, ["a"], max_tokens=50) == [Completion(GOOD, "stop")]
    [body], [headers] = server.bodies, server.headers
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert (body["model"], body["max_tokens"], body["seed"]) == ("some/llm", 50, 0)
    assert (headers["path"], headers["Authorization"]) == ("/v1/chat/completions", "Bearer secret")
    backend.close()


def test_a_busy_server_is_asked_again(server: Server) -> None:
    def answer(prompt: str, tries: int) -> Reply:
        if tries <= int(prompt):
            return refusal((503, 429, 500)[tries % 3], "busy", Retry_After="0")
        return good(prompt)

    server.answer = answer
    backend = OpenAIBackend("llm", server.url)
    assert [completion.text for completion in ask(backend, ["0", "1", "2"])] == ["0", "1", "2"]
    assert len(server.bodies) == 1 + 2 + 3


def test_a_server_is_given_time_as_it_asks(server: Server) -> None:
    server.answer = lambda prompt, tries: refusal(429, "slow down", Retry_After="1") if tries == 1 else good()
    began = time.monotonic()
    [completion] = ask(OpenAIBackend("llm", server.url), ["a"])
    assert completion.text == GOOD
    assert time.monotonic() - began >= 1.0


def test_failures_stay_with_their_prompt(server: Server) -> None:
    replies = {
        "good": good(),
        "busy": refusal(503, "busy for ever", Retry_After="0"),
        "long": refusal(400, "This model's maximum context length is 2048 tokens"),
        "odd": refusal(400, "no such thing as response_format"),
        "text": (200, b"<html>", {}),
        "empty": (200, b'{"choices": []}', {}),
        "list": (200, b"[]", {}),
        "parts": good(["a"]),
        "null": good(None),
        "cut": good('{"question": "Wh', "length"),
    }
    server.answer = lambda prompt, tries: replies[prompt]
    done = dict(zip(replies, ask(OpenAIBackend("llm", server.url, retries=1), list(replies)), strict=True))
    assert done["good"] == Completion(GOOD, "stop")
    assert done["busy"].error == "HTTP 503: busy for ever"
    assert "maximum context length" in str(done["long"].error)
    assert done["null"] == Completion("", "stop")
    assert done["cut"] == Completion('{"question": "Wh', "length")
    assert all("unexpected reply" in str(done[name].error) for name in ("text", "empty", "list", "parts"))
    assert [name for name in replies if done[name].retry] == ["busy", "odd", "text", "empty", "list", "parts"]


def test_requests_at_a_time_are_bounded(server: Server) -> None:
    def answer(prompt: str, tries: int) -> Reply:
        time.sleep(0.03)
        return good(prompt)

    server.answer = answer
    prompts = [str(number) for number in range(20)]
    done = ask(OpenAIBackend("llm", server.url, concurrency=4), prompts)
    assert [completion.text for completion in done] == prompts
    assert 2 <= server.most_open <= 4


def test_a_server_that_hangs_or_is_gone_is_an_error_that_may_pass(server: Server) -> None:
    def answer(prompt: str, tries: int) -> Reply:
        time.sleep(1.0 if prompt == "slow" else 0)
        return good()

    server.answer = answer
    slow, fast = ask(OpenAIBackend("llm", server.url, timeout=0.3, retries=0), ["slow", "fast"])
    assert (slow.retry, fast.text) == (True, GOOD)
    assert "doesn't answer" in str(slow.error)
    [gone] = ask(OpenAIBackend("llm", "http://127.0.0.1:1/v1", retries=0), ["a"])
    assert gone.retry
    assert "doesn't answer" in str(gone.error)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_wrong_key_or_model_ends_the_run(server: Server, status: int) -> None:
    server.answer = lambda prompt, tries: refusal(status, "nothing for you")
    with pytest.raises(InputError, match=f"HTTP {status}: nothing for you.*'url' and 'llm'"):
        ask(OpenAIBackend("llm", server.url), ["a"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("magic", "llm"), "field 'engine' is 'magic', not one of transformers, vllm, openai"),
        (("openai", "llm"), "needs the server's address in field 'url'"),
        (("vllm", "llm", "http://127.0.0.1:8000/v1"), "field 'url' is for engine 'openai'"),
    ],
)
def test_engines_that_cannot_be_opened(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        open_backend(*arguments)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="field 'llm': can't load"):
        open_backend("transformers", str(tmp_path))


PROMPTS = ["A common beginning: a dog.", "A common beginning: somebody sings.", "A common beginning: x"]


def test_an_over_long_prompt_fails_alone(tiny_llm: Path) -> None:
    backend = open_backend("transformers", str(tiny_llm), device="cpu")
    first, long, last = ask(backend, ["a dog", "word " * 1000, "a cat"], max_tokens=8)
    assert "prompt too long" in str(long.error)
    assert not long.retry
    assert first.error is None
    assert last.error is None
    backend.close()


def test_equal_batches_get_equal_replies(tiny_llm: Path) -> None:
    backend = open_backend("transformers", str(tiny_llm), device="cpu")
    once = ask(backend, PROMPTS, max_tokens=24)
    assert ask(backend, ["something else", "entirely"], max_tokens=24) != once[:2]
    assert ask(backend, PROMPTS, max_tokens=24) == once
    assert len({completion.text for completion in once}) == 3


def test_the_shared_beginning_changes_no_reply(tiny_llm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = open_backend("transformers", str(tiny_llm), device="cpu")
    shared = ask(backend, PROMPTS, max_tokens=24, temperature=0)
    monkeypatch.setattr(transformers_backend, "SHORTEST_PREFIX", 10**6)
    assert ask(backend, PROMPTS, max_tokens=24, temperature=0) == shared
    assert [ask(backend, [prompt], max_tokens=24, temperature=0)[0] for prompt in PROMPTS] == shared


def test_a_reply_ends_where_the_json_does(tiny_llm: Path) -> None:
    backend = open_backend("transformers", str(tiny_llm), device="cpu")
    done = ask(backend, [f"number {number}" for number in range(64)], max_tokens=120, temperature=1.0)
    closed = [completion.text for completion in done if "}" in completion.text]
    assert closed
    assert all(text.index("}") == len(text) - 1 for text in closed)
    assert all(completion.finish_reason in ("stop", "length") for completion in done)


class Engine:
    """Dies of every batch that holds one of `poison`, and stays dead until it is started again."""

    def __init__(self, *poison: int) -> None:
        self.poison = set(poison)
        self.alive = True
        self.restarts = 0

    def run(self, requests: Sequence[int]) -> list[str]:
        self.alive = self.alive and not self.poison & set(requests)
        if not self.alive:
            raise RuntimeError("engine core died")
        return [str(request) for request in requests]

    def restart(self) -> None:
        self.restarts += 1
        self.alive = True


@pytest.mark.parametrize("poison", [(), (0,), (15,), (3, 11), (6, 7)])
def test_only_the_prompts_that_kill_the_engine_are_lost(poison: tuple[int, ...]) -> None:
    engine = Engine(*poison)
    replies = run_isolated(engine.run, engine.restart, range(16))
    lost = [number for number, reply in enumerate(replies) if isinstance(reply, Exception)]
    assert lost == list(poison)
    assert [reply for reply in replies if isinstance(reply, str)] == [
        str(number) for number in range(16) if number not in poison
    ]
    assert engine.alive


def test_an_engine_that_always_dies_ends_the_run() -> None:
    engine = Engine(*range(64))
    with pytest.raises(InputError, match=r"failed \d+ times in a row .*engine core died"):
        run_isolated(engine.run, engine.restart, range(64))
    assert engine.restarts < 12
