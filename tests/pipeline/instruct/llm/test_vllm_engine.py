"""The real vLLM: its offline engine and its server. Deselected by default; docs/stage2.md says how to run it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3
from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.audio import AudioSource

from cryfish.pipeline.instruct.generate.generate import generate_candidates
from cryfish.pipeline.instruct.llm.engines.vllm import VllmBackend
from cryfish.pipeline.instruct.llm.llm import Backend, Completion, Request, Sampling, open_backend

pytestmark = pytest.mark.vllm

CONTEXT = 2048
DESCRIPTIONS = {"demo": "Short recordings of speech and of everyday sounds."}
KNOWN = (
    {"text": "The ferry leaves at nine.", "gender": "female", "language": "en", "emotion": "happy"},
    {"sound_events": ["dog barking", "rain"]},
    {"gender": "male", "language": "de", "age": 41, "room": "kitchen"},
    {"instrument": "violin", "pitch": "A4"},
    {"text": "word " * 5000 + "end", "language": "en"},
    {"text": "Buenos días a todos.", "language": "es", "accent": "Mexican"},
    {"caption": ["A man speaks while plates clatter."]},
    {"gender": "female", "emotion": "sad", "noise_type": ["traffic"], "snr_db": 5.2},
    {"music_genre": "jazz"},
)
TOO_LONG = 4


def _cut(number: int) -> MonoCut:
    facts = dict(KNOWN[number])
    spoken = {name: facts.pop(name) for name in ("text", "gender", "language") if name in facts}
    recording = Recording(f"r{number}", [AudioSource("file", [0], f"{number}.wav")], 16_000, 16_000, 1.0)
    supervision = SupervisionSegment(f"c{number}", recording.id, 0.0, 1.0, **spoken)
    custom = {"corpus": "demo", "facts": facts}
    return MonoCut(f"c{number}", 0.0, 1.0, 0, [supervision], recording=recording, custom=custom)


@pytest.fixture(scope="module")
def llm() -> str:
    pytest.importorskip("vllm")
    folder = os.environ.get("CRYFISH_TEST_LLM")
    if not folder:
        pytest.skip("set CRYFISH_TEST_LLM to the folder of a small chat model")
    return folder


@pytest.fixture(scope="module")
def server(llm: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of vLLM's own server, which ends with the tests."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [
        sys.executable,
        "-m",
        "vllm.entrypoints.openai.api_server",
        "--model",
        llm,
        "--host",
        "127.0.0.1",
    ]
    options = [
        "--port",
        str(port),
        "--enforce-eager",
        "--no-enable-chunked-prefill",
        "--max-model-len",
        str(CONTEXT),
    ]
    began = time.monotonic()
    with log.open("wb") as output:
        # A process group of its own, so that the engine goes with the server.
        process = subprocess.Popen([*command, *options], stdout=output, stderr=output, start_new_session=True)
        try:
            while not _is_up(port):
                assert process.poll() is None, log.read_text()[-3000:]
                assert time.monotonic() - began < 400, log.read_text()[-3000:]
                time.sleep(1)
            print(f"server up in {time.monotonic() - began:.0f} s")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            os.killpg(process.pid, 15)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()


def _is_up(port: int) -> bool:
    try:
        answer = urllib3.request("GET", f"http://127.0.0.1:{port}/health", retries=False, timeout=2.0)
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == 200


def test_offline_engine_writes_candidates(llm: str, tmp_path: Path) -> None:
    began = time.monotonic()
    backend = open_vllm(llm)
    print(f"offline engine up in {time.monotonic() - began:.0f} s")
    try:
        _check(backend, tmp_path / "candidates.jsonl")
    finally:
        backend.close()


def open_vllm(llm: str, at_a_time: int = 16) -> VllmBackend:
    backend = open_backend("vllm", llm, enforce_eager=True, max_model_len=CONTEXT, max_num_seqs=at_a_time)
    assert isinstance(backend, VllmBackend)
    return backend


def many_cuts(count: int) -> list[MonoCut]:
    return [replace(_cut(number % TOO_LONG), id=f"c{number}") for number in range(count)]


def group(leader: int) -> dict[int, str]:
    """The living processes of a process group, with their names."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text()
        except OSError:
            continue
        name, rest = (
            status[status.index("(") + 1 : status.rindex(")")],
            status[status.rindex(")") + 2 :].split(),
        )
        if int(rest[2]) == leader and rest[0] != "Z":
            found[int(folder.name)] = name
    return found


def ended(leader: int) -> bool:
    began = time.monotonic()
    while group(leader):
        if time.monotonic() - began > 20:
            return False
        time.sleep(0.1)
    return True


def test_what_all_prompts_share_is_computed_once(llm: str, tmp_path: Path) -> None:
    backend = open_vllm(llm)
    try:
        report = generate_candidates(
            many_cuts(24), tmp_path / "c.jsonl", backend, descriptions=DESCRIPTIONS, progress=False
        )
    finally:
        backend.close()
    print(f"{report.usage.cached / report.usage.prompt:.0%} of the prompts' tokens came from the cache")
    assert report.usage.cached > 0.7 * report.usage.prompt


@pytest.mark.parametrize("victim", ["VLLM::EngineCor", "host"])
def test_an_engine_that_is_killed_is_started_again(llm: str, tmp_path: Path, victim: str) -> None:
    backend = open_vllm(llm, at_a_time=2)
    first = backend.pid

    class Killing(Backend):
        model = backend.model

        def write(
            self, requests: Iterable[Request], sampling: Sampling, schema: Mapping[str, Any]
        ) -> Iterator[tuple[Request, Completion]]:
            for number, answered in enumerate(backend.write(requests, sampling, schema)):
                if number == 3:
                    doomed = [pid for pid, name in group(first).items() if name == victim] or [first]
                    os.kill(doomed[0], signal.SIGKILL)
                yield answered

        def close(self) -> None:
            backend.close()

    out = tmp_path / "c.jsonl"
    try:
        report = generate_candidates(many_cuts(12), out, Killing(), descriptions=DESCRIPTIONS, progress=False)
        assert backend.pid != first
        assert ended(first)
    finally:
        backend.close()
    assert (report.records, report.new, report.errors) == (12, 12, 0)
    assert ended(backend.pid)


def run_until_killed(llm: str, out: Path) -> None:
    """What the killed process of the next test runs."""
    backend = open_vllm(llm, at_a_time=2)
    print(backend.pid, flush=True)
    generate_candidates(many_cuts(60), out, backend, descriptions=DESCRIPTIONS, progress=False)
    backend.close()


def test_killed_ten_times_no_record_is_lost_and_none_is_there_twice(llm: str, tmp_path: Path) -> None:
    out, journal = tmp_path / "c.jsonl", tmp_path / "c.partial.jsonl"
    script = (
        "import importlib.util, pathlib, sys\n"
        f"spec = importlib.util.spec_from_file_location('kill_test', {__file__!r})\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "module.run_until_killed(sys.argv[1], pathlib.Path(sys.argv[2]))\n"
    )
    done: list[bytes] = []
    for kill in range(10):
        command = [sys.executable, "-c", script, llm, str(out)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        host = int(process.stdout.readline())
        while (
            len(lines := journal.read_bytes().split(b"\n")[:-1] if journal.exists() else [])
            <= len(done) + kill % 3
        ):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
        process.wait()
        lines = journal.read_bytes().split(b"\n")[:-1]
        assert lines[: len(done)] == done
        assert len({json.loads(line)["id"] for line in lines}) == len(lines)
        done = lines
        assert ended(host), "the engine outlived the run that it wrote for"
    assert not out.exists()
    print(f"{len(done)} records after ten kills")
    run_until_killed(llm, out)
    records = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert [record["clips"] for record in records] == [[f"c{number}"] for number in range(60)]
    assert sum(line in done for line in out.read_bytes().splitlines()) == len(done)


def test_server_writes_candidates(llm: str, server: str, tmp_path: Path) -> None:
    backend = open_backend("openai", llm, server)
    try:
        _check(backend, tmp_path / "candidates.jsonl")
    finally:
        backend.close()


def _check(backend: Backend, out: Path) -> None:
    cuts = [_cut(number) for number in range(len(KNOWN))]

    def run() -> tuple[int, int, int]:
        report = generate_candidates(
            cuts, out, backend, per_clip=2, seed=1, descriptions=DESCRIPTIONS, progress=False
        )
        return report.records, report.new, report.errors

    began = time.monotonic()
    assert run() == (18, 18, 2)
    print(f"18 candidates in {time.monotonic() - began:.1f} s")
    written = out.read_bytes()
    records = [json.loads(line) for line in written.splitlines()]
    assert [record["clips"][0] for record in records if "error" in record] == [f"c{TOO_LONG}"] * 2
    answered = [record for record in records if "error" not in record]
    # A reply that ended by itself follows the schema; one cut off at max_tokens can't.
    for record in answered:
        if record["finish_reason"] == "stop":
            assert set(json.loads(record["raw"])) == {"question", "answer"}
    readable = [record for record in answered if record["question"] and record["answer"]]
    print(f"{len(readable)} of {len(answered)} readable")
    assert len(readable) >= 0.7 * len(answered)

    assert run() == (18, 0, 2)
    assert out.read_bytes() == written
