"""Parts whose own code goes wrong while it works: one sentence with the part's name, exit code 2, nothing lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TASK = """
from cryfish.pipeline.instruct.tasks.task import Task
def label(facts):
    {body}
TASK = Task(name="odd", facts=("seconds",), kind="label", label=label, options=("long", "short"),
    templates={{"en": {{"words": {{"long": "long", "short": "short"}},
        "forms": [{{"questions": ["Is it {{options}}?"], "answers": ["{{Answer}}."]}}]}}}},
    miniature=())
"""
FILTER = """
from cryfish.pipeline.instruct.filters import Candidate, a_filter
kept = Candidate("Who?", "A woman.", {{}})
@a_filter(keeps=kept, drops=kept)
def odd(candidate):
    {body}
FILTER = odd
"""
FORMAT = """
from cryfish.pipeline.instruct.formats.formats import ExportFormat
def write(path, items, options):
    with open(path, "w") as file:
        for one in items:
            file.write("half")
            {body}
    return 1
FORMAT = ExportFormat("odd", "instructions.odd", write, ())
"""


def cryfish(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cryfish", "--plugin", "odd.py", *words],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def told(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recording = {
        "id": "a",
        "sources": [{"type": "file", "channels": [0], "source": str(tmp_path / "a.wav")}],
        "sampling_rate": 16000,
        "num_samples": 32000,
        "duration": 2.0,
        "channel_ids": [0],
    }
    (tmp_path / "a.wav").write_bytes(b"")
    cut = {"id": "a", "start": 0.0, "duration": 2.0, "channel": 0, "supervisions": [], "recording": recording}
    custom = {"corpus": "esc50", "split": "fold1", "facts": {"sound_events": ["rain"]}}
    (tmp_path / "m.cuts.jsonl").write_text(json.dumps({**cut, "custom": custom, "type": "MonoCut"}) + "\n")
    return tmp_path


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("raise KeyError('hz')", "KeyError: 'hz'"),
        ("return 'medium'", "the label 'medium' isn't among its options"),
        ("return 3", "isn't among its options"),
    ],
)
def test_a_task(folder: Path, body: str, why: str) -> None:
    (folder / "odd.py").write_text(TASK.format(body=body))
    done = cryfish(folder, "instruct", "template", "m.cuts.jsonl", "--task", "odd", "--out", "o.jsonl")
    told(done, "task 'odd' (file:", why)
    assert not (folder / "o.jsonl").exists()


@pytest.mark.parametrize(
    ("body", "why"),
    [("raise OSError('gone')", "OSError: gone"), ("return True", "neither a reason nor None")],
)
def test_a_filter(folder: Path, body: str, why: str) -> None:
    (folder / "odd.py").write_text(FILTER.format(body=body))
    candidate = {"id": "1", "clips": ["a"], "corpus_description": "Speech.", "facts": {}}
    (folder / "c.jsonl").write_text(json.dumps({**candidate, "question": "Who?", "answer": "A man."}) + "\n")
    (folder / "f.yaml").write_text("- odd\n")
    words = (
        "instruct",
        "filter",
        "c.jsonl",
        "--filters",
        "f.yaml",
        "--kept",
        "k.jsonl",
        "--dropped",
        "d.jsonl",
    )
    told(cryfish(folder, *words), "filter 'odd' (file:", why)


def test_a_format_that_failed_half_way_is_run_again(folder: Path) -> None:
    asked = ("instruct", "template", "m.cuts.jsonl", "--task", "sound_event", "--out", "i.jsonl")
    (folder / "odd.py").write_text(FORMAT.format(body="raise RuntimeError('no more')"))
    assert cryfish(folder, *asked).returncode == 0
    words = ("instruct", "export", "i.jsonl", "--manifest", "m.cuts.jsonl", "--format", "odd", "--out", "out")
    told(cryfish(folder, *words), "export format 'odd' (file:", "RuntimeError: no more")
    (folder / "odd.py").write_text(FORMAT.format(body="pass"))
    done = cryfish(folder, *words)
    assert done.returncode == 0, done.stderr
    assert (folder / "out" / "instructions.odd").read_text() == "half"
