"""The real vLLM: its offline engine and its server. Deselected by default; docs/stage2.md says how to run it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.audio import AudioSource

from cryfish.pipeline.instruct.backends import Backend, open_backend
from cryfish.pipeline.instruct.generate import generate_candidates

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
    backend = open_backend("vllm", llm, enforce_eager=True, max_model_len=CONTEXT)
    print(f"offline engine up in {time.monotonic() - began:.0f} s")
    try:
        _check(backend, tmp_path / "candidates.jsonl")
    finally:
        backend.close()


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
            cuts, out, backend, per_clip=2, seed=1, batch_size=9, descriptions=DESCRIPTIONS, progress=False
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
