import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.audio import AudioSource

from cryfish.errors import InputError
from cryfish.pipeline.instruct.backends import Completion, Messages, Sampling, open_backend
from cryfish.pipeline.instruct.generate import GenerateReport, generate_candidates, record_id

DESCRIPTIONS = {"demo": "Read speech."}


def make_cuts(count: int, first: int = 0) -> list[MonoCut]:
    return [make_cut(f"c{number}", f"the ferry leaves at {number}") for number in range(first, first + count)]


def make_cut(name: str, text: str | None, **facts: Any) -> MonoCut:
    recording = Recording(name, [AudioSource("file", [0], f"{name}.wav")], 16_000, 16_000, 1.0)
    supervision = SupervisionSegment(name, name, 0.0, 1.0, text=text, speaker="s1")
    custom = {"corpus": "demo", "facts": facts}
    return MonoCut(name, 0.0, 1.0, 0, [supervision], recording=recording, custom=custom)


class Writer:
    """An engine that answers at once; clips whose text holds a word of `fails` get that completion instead."""

    model = "writer"
    whole_batches = False

    def __init__(self, fails: Mapping[str, Completion] | None = None) -> None:
        self.fails = fails or {}
        self.asked = 0

    def generate(
        self, prompts: Sequence[Messages], seeds: Sequence[int], sampling: Sampling, schema: Mapping[str, Any]
    ) -> list[Completion]:
        self.asked += len(prompts)
        return [
            self._answer(prompt[-1]["content"], seed) for prompt, seed in zip(prompts, seeds, strict=True)
        ]

    def _answer(self, prompt: str, seed: int) -> Completion:
        for word, completion in self.fails.items():
            if word in prompt:
                return completion
        return Completion(json.dumps({"question": f"What {seed}?", "answer": "Nine."}), "stop")

    def close(self) -> None:
        pass


def write(out: Path, cuts: list[MonoCut], backend: Any, **options: Any) -> GenerateReport:
    options = {"batch_size": 2, "seed": 3, "descriptions": DESCRIPTIONS, "progress": False, **options}
    return generate_candidates(cuts, out, backend, **options)


def records_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_candidates_say_what_made_them(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "candidates.jsonl"
    report = write(out, [*make_cuts(3), make_cut("silent", None)], Writer(), per_clip=2)
    assert (report.records, report.new, report.errors, report.silent_clips) == (6, 6, 0, 1)
    records = records_of(out)
    assert [record["clips"] for record in records] == [[f"c{n}"] for n in (0, 0, 1, 1, 2, 2)]
    assert len({record["id"] for record in records}) == 6
    first = records[0]
    assert first["id"] == record_id(["c0"], first["prompt_version"], "writer", first["seed"])
    assert first["facts"] == {"text": "the ferry leaves at 0"}
    assert (first["corpus"], first["corpus_description"]) == ("demo", "Read speech.")
    assert (first["question"], first["answer"]) == (f"What {first['seed']}?", "Nine.")
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_an_id_depends_on_clips_prompt_model_and_seed() -> None:
    made = [
        (["a"], "1", "m", 1),
        (["b"], "1", "m", 1),
        (["a"], "2", "m", 1),
        (["a"], "1", "n", 1),
        (["a"], "1", "m", 2),
    ]
    assert len({record_id(*parts) for parts in made}) == 5
    assert record_id(["a"], "1", "m", 1) == record_id(["a"], "1", "m", 1)


def test_a_second_run_asks_only_for_what_is_missing(tmp_path: Path) -> None:
    out, backend = tmp_path / "c.jsonl", Writer()
    write(out, make_cuts(4), backend)
    before = out.read_bytes()
    assert write(out, make_cuts(4), backend).new == 0
    assert (out.read_bytes(), backend.asked) == (before, 4)
    assert write(out, make_cuts(6), backend).new == 2
    assert backend.asked == 6
    assert out.read_bytes().startswith(before)


def test_records_no_longer_wanted_come_back_without_being_made_again(tmp_path: Path) -> None:
    out, backend = tmp_path / "c.jsonl", Writer()
    write(out, make_cuts(4), backend)
    before = out.read_bytes()
    assert write(out, make_cuts(2), backend).records == 2
    assert write(out, make_cuts(4), backend).new == 0
    assert (out.read_bytes(), backend.asked) == (before, 4)


def test_a_changed_fact_is_asked_about_again(tmp_path: Path) -> None:
    out, backend = tmp_path / "c.jsonl", Writer()
    write(out, make_cuts(3), backend)
    changed = [*make_cuts(2), make_cut("c2", "no ferry today")]
    assert write(out, changed, backend).new == 1
    assert records_of(out)[2]["facts"]["text"] == "no ferry today"


def test_the_batch_size_changes_nothing_for_an_engine_with_seeds(tmp_path: Path) -> None:
    write(tmp_path / "one.jsonl", make_cuts(5), Writer(), batch_size=1)
    write(tmp_path / "all.jsonl", make_cuts(5), Writer(), batch_size=64)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()


def test_a_failed_prompt_is_a_record_with_its_error(tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"
    backend = Writer(
        {"at 1": Completion(error="prompt too long"), "at 2": Completion(error="HTTP 503", retry=True)}
    )
    assert write(out, make_cuts(4), backend).errors == 2
    assert [record.get("error") for record in records_of(out)] == [None, "prompt too long", "HTTP 503", None]
    backend.fails = {}
    assert write(out, make_cuts(4), backend).new == 1  # only what may pass is tried again
    assert [record.get("error") for record in records_of(out)] == [None, "prompt too long", None, None]


def test_a_reply_that_cannot_be_read_keeps_its_text(tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"
    write(out, make_cuts(2), Writer({"at 1": Completion("I'd rather not \ud83d.", "stop")}))
    record = records_of(out)[1]
    assert (record["question"], record["answer"], record["raw"]) == ("", "", "I'd rather not ?.")


def test_an_engine_that_is_down_ends_the_run_and_keeps_what_is_done(tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"
    down = Completion(error="no answer", retry=True)
    backend = Writer({"at 4": down, "at 5": down})
    with pytest.raises(InputError, match="all 2 requests of a batch failed: no answer"):
        write(out, make_cuts(8), backend)
    backend.fails, backend.asked = {}, 0
    assert write(out, make_cuts(8), backend).records == 8
    assert backend.asked == 4


@pytest.mark.parametrize(
    ("cuts", "message"),
    [
        ([make_cut("c0", "a"), make_cut("c0", "b")], "cut c0 occurs twice"),
        ([make_cut("c0", "a").with_custom("corpus", None)], "cut c0 doesn't say its corpus"),
    ],
)
def test_bad_cuts_are_named(tmp_path: Path, cuts: list[MonoCut], message: str) -> None:
    with pytest.raises(InputError, match=message):
        write(tmp_path / "c.jsonl", cuts, Writer())


def test_a_damaged_file_is_named_with_its_line(tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"
    out.write_text('{"id": "0123"}\nnot json\n')
    with pytest.raises(InputError, match=r"c\.jsonl: line 2 isn't a candidate"):
        write(out, make_cuts(2), Writer())


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    with (tmp_path / "c.partial.jsonl").open("ab") as journal:
        fcntl.flock(journal, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="another run is writing this file"):
            write(tmp_path / "c.jsonl", make_cuts(2), Writer())


def run_tiny(llm: Path, out: Path) -> None:
    """Writes the candidates of the kill test; also what the killed process runs."""
    backend = open_backend("transformers", str(llm), device="cpu")
    write(out, make_cuts(20), backend, sampling=Sampling(max_tokens=48))
    backend.close()


def test_killed_and_resumed_makes_the_same_bytes(tmp_path: Path, tiny_llm: Path) -> None:
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    run_tiny(tiny_llm, whole)

    script = (
        "import importlib.util, sys, pathlib\n"
        f"spec = importlib.util.spec_from_file_location('kill_test', {__file__!r})\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "module.run_tiny(*map(pathlib.Path, sys.argv[1:]))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tiny_llm), str(killed)])
    journal = tmp_path / "killed.partial.jsonl"
    deadline = time.monotonic() + 120
    while not journal.exists() or journal.read_bytes().count(b"\n") < 4:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not killed.exists(), "the run ended before it could be killed"
    with journal.open("ab") as stream:
        stream.write(b'{"id": "half a li')

    done = journal.read_bytes().count(b"\n")
    run_tiny(tiny_llm, killed)
    assert 4 <= done < 20
    assert killed.read_bytes() == whole.read_bytes()
    assert not journal.exists()
