import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.instruct.generate.prompts import SCHEMA
from cryfish.pipeline.instruct.llm.engines import transformers as transformers_backend
from cryfish.pipeline.instruct.llm.engines.openai import OpenAIBackend
from cryfish.pipeline.instruct.llm.isolate import EngineDied, write_through_deaths
from cryfish.pipeline.instruct.llm.llm import Completion, Request, Sampling, Usage, open_backend

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


def test_a_server_without_schemas_is_asked_without(server: Server) -> None:
    def answer(prompt: str, tries: int) -> Reply:
        asked_for_json = "response_format" in server.bodies[-1]
        return refusal(400, "unknown field response_format") if asked_for_json else good()

    server.answer = answer
    backend = OpenAIBackend("llm", server.url, batch_size=1)
    assert ask(backend, ["a", "b"]) == [Completion(GOOD, "stop")] * 2
    assert ["response_format" in body for body in server.bodies] == [True, False, False]


def test_a_server_tells_what_it_took(server: Server) -> None:
    told = {"prompt_tokens": 90, "completion_tokens": 12, "prompt_tokens_details": {"cached_tokens": 80}}
    content = json.dumps({"choices": [{"message": {"content": GOOD}}], "usage": told}).encode()
    server.answer = lambda prompt, tries: (200, content, {})
    [completion] = ask(OpenAIBackend("llm", server.url), ["a"])
    assert completion.usage == Usage(prompt=90, cached=80, reply=12)


def test_replies_come_while_others_are_asked(server: Server) -> None:
    """A server that is slow with one prompt holds up none of the others."""
    free = threading.Event()

    def answer(prompt: str, tries: int) -> Reply:
        if prompt == "0":
            free.wait(20)
        return good(prompt)

    server.answer = answer
    chats = [Request(str(n), [{"role": "user", "content": str(n)}], n) for n in range(40)]
    order = []
    for request, _ in OpenAIBackend("llm", server.url, batch_size=4).write(chats, Sampling(), SCHEMA):
        order.append(int(request.key))
        if len(order) == 30:
            free.set()
    assert 0 not in order[:30]
    assert sorted(order) == list(range(40))


def test_requests_at_a_time_are_bounded(server: Server) -> None:
    def answer(prompt: str, tries: int) -> Reply:
        time.sleep(0.03)
        return good(prompt)

    server.answer = answer
    prompts = [str(number) for number in range(20)]
    done = ask(OpenAIBackend("llm", server.url, batch_size=4), prompts)
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
        (("magic", "llm"), "field 'engine' is 'magic', not one of cryfish, openai, transformers, vllm"),
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


PROMPTS = ["The same, " * 20 + end for end in ("a dog.", "somebody sings.", "x")]


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
    assert all(0 < completion.usage.cached < completion.usage.prompt for completion in shared)
    monkeypatch.setattr(transformers_backend, "GRAIN", 10**6)
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
    """Answers one request at a time, in order; dies when it comes to one of `poison`, or when it is `killed`."""

    capacity = 16

    def __init__(self, *poison: int, killed: Iterable[int] = ()) -> None:
        self.poison = set(poison)
        self.killed = set(killed)
        self.has: list[Request] = []
        self.restarts = self.answers = 0

    def submit(self, request: Request) -> None:
        self.has.append(request)

    def receive(self) -> list[tuple[str, Completion]]:
        request = self.has.pop(0)
        if int(request.key) in self.poison or self.answers in self.killed:
            self.killed.discard(self.answers)
            raise EngineDied("out of memory")
        self.answers += 1
        return [(request.key, Completion(request.key))]

    def restart(self) -> None:
        self.restarts += 1
        self.has = []


def requests(count: int) -> list[Request]:
    return [Request(str(number), [], 0) for number in range(count)]


@pytest.mark.parametrize("poison", [(), (0,), (59,), (3, 31), (6, 7), (15, 16, 17)])
def test_only_the_prompts_that_kill_the_engine_are_lost(poison: tuple[int, ...]) -> None:
    engine = Engine(*poison)
    done = list(write_through_deaths(engine, requests(60)))
    assert sorted(int(request.key) for request, _ in done) == list(range(60))
    assert sorted(int(request.key) for request, reply in done if reply.error) == list(poison)
    assert all(reply.text == request.key for request, reply in done if not reply.error)
    assert all("out of memory" in str(reply.error) and not reply.retry for _, reply in done if reply.error)


def test_an_engine_that_is_killed_now_and_then_loses_nothing_and_repeats_nothing() -> None:
    engine = Engine(killed=(5, 20, 21, 50))
    done = list(write_through_deaths(engine, requests(60)))
    assert sorted(int(request.key) for request, _ in done) == list(range(60))
    assert all(reply.error is None for _, reply in done)
    assert (engine.restarts, engine.answers) == (4, 60)


def test_an_engine_that_always_dies_ends_the_run() -> None:
    engine = Engine(*range(1000))
    with pytest.raises(InputError, match=r"dies whatever it is given \(out of memory\)"):
        list(write_through_deaths(engine, requests(1000)))
    assert engine.restarts < 16
