"""How fast stage 2 writes beside the bare engine, and how much is written twice after a SIGKILL.

    python benchmarks/generate.py FOLDER [--clips 1000] [--at-a-time 16] [--rounds 2]

FOLDER holds a small chat model (SmolLM2-135M-Instruct, say); needs vLLM (docs/stage2.md). The bare engine is
`vllm.LLM.generate` with all prompts at once, tokenised beforehand, on the same prompts, seeds and JSON schema. The two
take turns, each in a fresh process; the start of the engine isn't counted. Ours is counted from the reading of the cuts
to the finished file, with every record on disk as it ends.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.audio import AudioSource

from cryfish.pipeline.instruct.generate.generate import generate_candidates
from cryfish.pipeline.instruct.generate.prompts import SCHEMA
from cryfish.pipeline.instruct.llm.engines.vllm import VllmBackend
from cryfish.pipeline.instruct.llm.llm import Backend, Completion, Request, Sampling
from cryfish.pipeline.instruct.llm.render import render
from cryfish.pipeline.instruct.llm.vllm_host import sampling_params

DESCRIPTIONS = {
    "speech": "Read sentences by many speakers. Nothing but the voice can be heard.",
    "sounds": "Short recordings of everyday sounds. All sounds that can be heard are named.",
}
PLACES = "Oslo Lima Cairo Delhi Perth Turin Basel Quito Lagos Minsk".split()
THINGS = (
    "the boat",
    "a letter",
    "our guide",
    "the doctor",
    "my brother",
    "the last train",
    "the new teacher",
)
SOUNDS = ("dog barking", "rain", "church bell", "engine", "footsteps", "wind", "applause", "door slam")
EMOTIONS = ("happy", "sad", "angry", "calm")


def cut(number: int) -> MonoCut:
    """A clip that has facts and no audio."""
    said: dict[str, str] = {}
    if number % 3:
        text = f"We waited for {THINGS[number % 7]} in {PLACES[number % 10]} until {number % 12 + 1} o'clock."
        said = {"text": text, "gender": ("female", "male")[number % 2], "language": "en"}
        facts: dict[str, Any] = {"emotion": EMOTIONS[number % 4], "snr_db": float(number % 23)}
    else:
        facts = {"sound_events": [SOUNDS[number % 8], SOUNDS[(number + 1 + number % 5) % 8]]}
    recording = Recording(f"r{number}", [AudioSource("file", [0], f"{number}.wav")], 16_000, 16_000, 1.0)
    supervision = SupervisionSegment(f"c{number}", recording.id, 0.0, 1.0, **said)
    custom = {"corpus": "speech" if said else "sounds", "facts": facts}
    return MonoCut(f"c{number}", 0.0, 1.0, 0, [supervision], recording=recording, custom=custom)


class Logged(Backend):
    """Another engine, of which every request and every reply is noted at once."""

    def __init__(self, engine: VllmBackend, log: Path) -> None:
        self.model, self._engine = engine.model, engine
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(
        self, requests: Iterable[Request], sampling: Sampling, schema: Mapping[str, Any]
    ) -> Iterator[tuple[Request, Completion]]:
        def noted() -> Iterator[Request]:
            for request in requests:
                os.write(self._log, f"asked {request.key}\n".encode())
                yield request

        for request, completion in self._engine.write(noted(), sampling, schema):
            os.write(self._log, f"done {request.key} {completion.usage.reply}\n".encode())
            yield request, completion

    def close(self) -> None:
        self._engine.close()


class Collected(Backend):
    """No engine: keeps what it is asked."""

    def __init__(self, model: str) -> None:
        self.model, self.requests = model, list[Request]()

    def write(
        self, requests: Iterable[Request], sampling: Sampling, schema: Mapping[str, Any]
    ) -> Iterator[tuple[Request, Completion]]:
        for request in requests:
            self.requests.append(request)
            yield request, Completion("", "stop")

    def close(self) -> None:
        pass


def engine_options(at_a_time: int) -> dict[str, Any]:
    return {"max_num_seqs": at_a_time, "max_model_len": 2048, "enforce_eager": True}


def ours(llm: str, clips: int, at_a_time: int, out: Path, log: Path) -> dict[str, float]:
    backend = Logged(VllmBackend(llm, **engine_options(at_a_time)), log)
    began = time.perf_counter()
    cuts = [cut(number) for number in range(clips)]
    report = generate_candidates(cuts, out, backend, descriptions=DESCRIPTIONS, progress=False)
    seconds = time.perf_counter() - began
    backend.close()
    used = report.usage
    return {"seconds": seconds, "tokens": used.reply, "cached": used.cached / max(1, used.prompt)}


def raw(llm: str, clips: int, at_a_time: int, out: Path) -> dict[str, float]:
    import vllm
    from transformers import AutoTokenizer

    asked = Collected(Path(llm).name)
    cuts = [cut(number) for number in range(clips)]
    generate_candidates(cuts, out, asked, descriptions=DESCRIPTIONS, progress=False)
    tokenizer = AutoTokenizer.from_pretrained(llm)
    tokens = [{"prompt_token_ids": render(tokenizer, request.messages)} for request in asked.requests]
    drawn = Sampling()
    params = [
        sampling_params(drawn.temperature, drawn.top_p, drawn.max_tokens, SCHEMA, request.seed)
        for request in asked.requests
    ]
    engine = vllm.LLM(
        model=llm, enable_prefix_caching=True, enable_chunked_prefill=False, **engine_options(at_a_time)
    )
    began = time.perf_counter()
    done = engine.generate(tokens, params, use_tqdm=False)
    seconds = time.perf_counter() - began
    prompt = sum(len(output.prompt_token_ids) for output in done)
    return {
        "seconds": seconds,
        "tokens": sum(len(output.outputs[0].token_ids) for output in done),
        "cached": sum(output.num_cached_tokens or 0 for output in done) / prompt,
    }


def command(kind: str, settings: argparse.Namespace, folder: Path) -> list[str]:
    sizes = ["--clips", str(settings.clips), "--at-a-time", str(settings.at_a_time)]
    return [sys.executable, __file__, settings.llm, *sizes, "--part", kind, "--folder", str(folder)]


def measure(kind: str, settings: argparse.Namespace, folder: Path) -> dict[str, float]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "engine.log").open("ab") as output:
        subprocess.run(command(kind, settings, folder), stdout=output, stderr=output, check=True)
    return dict(json.loads((folder / f"{kind}.json").read_text()))


def killed(settings: argparse.Namespace, folder: Path) -> dict[str, float]:
    """Kills a run at half of its records, and sees what the next one does again."""
    folder.mkdir()
    journal = folder / "c.partial.jsonl"
    with (folder / "engine.log").open("ab") as output:
        process = subprocess.Popen(command("ours", settings, folder), stdout=output, stderr=output)
        while not journal.exists() or journal.read_bytes().count(b"\n") < settings.clips // 2:
            if process.poll() is not None:
                raise RuntimeError(f"the run ended by itself; see {folder / 'engine.log'}")
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    first = lines(folder / "log")
    (folder / "log").rename(folder / "log.killed")
    kept = {json.loads(line)["id"] for line in journal.read_bytes().split(b"\n")[:-1]}
    measure("ours", settings, folder)
    second = lines(folder / "log")
    records = [json.loads(line)["id"] for line in (folder / "c.jsonl").open()]
    finished = {words[1] for words in first if words[0] == "done"}
    begun = {words[1] for words in first if words[0] == "asked"} - finished
    again = {words[1] for words in second if words[0] == "asked"}
    return {
        "kept": len(kept),
        "lost": settings.clips - len(set(records)),
        "twice": len(records) - len(set(records)),
        "repeated": len((finished | kept) & again),
        "cut off": min(len(begun & again), settings.at_a_time),
    }


def lines(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("llm")
    parser.add_argument("--clips", type=int, default=1000)
    parser.add_argument("--at-a-time", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--part", choices=("raw", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    settings = parser.parse_args()
    if settings.part:
        folder: Path = settings.folder
        size = (settings.llm, settings.clips, settings.at_a_time)
        made = (
            raw(*size, folder / "raw.jsonl")
            if settings.part == "raw"
            else ours(*size, folder / "c.jsonl", folder / "log")
        )
        (folder / f"{settings.part}.json").write_text(json.dumps(made))
        return
    with tempfile.TemporaryDirectory() as name:
        report(settings, Path(name))


def report(settings: argparse.Namespace, folder: Path) -> None:
    speeds: dict[str, list[float]] = {"raw": [], "ours": []}
    print(
        f"{'way':<8}{'round':>6}{'seconds':>9}{'tokens':>9}{'tokens/s':>10}{'prompt cached':>15}", flush=True
    )
    for number in range(settings.rounds):
        for kind, speed in speeds.items():
            made = measure(kind, settings, folder / f"{kind}{number}")
            speed.append(made["tokens"] / made["seconds"])
            row = f"{made['seconds']:>9.1f}{made['tokens']:>9,.0f}{speed[-1]:>10.1f}{made['cached']:>15.1%}"
            print(f"{kind:<8}{number:>6}{row}", flush=True)
    if settings.rounds:
        ratio = median(speeds["ours"]) / median(speeds["raw"])
        print(f"ours / raw, tokens/s: {ratio:.3f}", flush=True)
    found = killed(settings, folder / "killed")
    print(
        f"SIGKILL at {found['kept']} of {settings.clips} records: {found['lost']} lost, {found['twice']} there twice, "
        f"{found['repeated']} finished ones written again ({found['repeated'] / settings.clips:.1%}), "
        f"at most {found['cut off']} cut off while they were written ({found['cut off'] / settings.clips:.1%})"
    )


if __name__ == "__main__":
    main()
