"""Bars and remarks: they tell of the work and can't end it."""

import ast
import io
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cryfish.progress import Bar, say, watched

from .pipeline.conftest import make_esc50, make_fsdd

ROOT = Path(__file__).resolve().parents[1]


def test_no_stage_has_a_bar_of_its_own() -> None:
    """Whoever imports tqdm can end work by it; and nothing is said by `print`."""
    for room in ("recipes", "shards", "model", "pipeline"):
        for path in (ROOT / room).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert "tqdm" not in [one.split(".")[0] for one in imported], name
                called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
                assert called != "print", name


@pytest.mark.parametrize("total", [None, 0, 3, 0.5, -1, math.nan, math.inf])
@pytest.mark.parametrize("steps", [0, 1, 5])
def test_any_total_will_do(total: float | None, steps: int, capsys: pytest.CaptureFixture[str]) -> None:
    bar_format = "{desc}: {n:.2f}/{total:.2f} h [{elapsed}<{remaining}, {rate_noinv_fmt}{postfix}]"
    for look in ({}, {"bar_format": bar_format}, {"unit_scale": True, "leave": False}):
        with Bar("work", total, mininterval=0, miniters=0, **look) as bar:
            for step in range(steps):
                bar.update()
                bar.note(f"{step} done")
                bar.note(loss="0.1")
        assert bar.done == steps
    assert list(watched(range(steps), "work", total)) == list(range(steps))


class Broken(io.StringIO):
    """A stream that fails in every way that a terminal or a pipe may."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def write(self, text: str) -> int:
        raise self.error

    def flush(self) -> None:
        raise self.error


ERRORS = (
    BrokenPipeError(),
    OSError(5, "I/O error"),
    ValueError("closed"),
    UnicodeEncodeError("ascii", "x", 0, 1, ""),
)


@pytest.mark.parametrize("stream", [None, *(Broken(error) for error in ERRORS)], ids=str)
def test_a_broken_stream_ends_no_work(stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(sys, "stdout", stream)
    with Bar("work", 3, mininterval=0) as bar:
        for _ in range(3):
            bar.update()
            say("a remark")
            bar.note("so far")
    assert bar.done == 3


def test_a_stream_that_breaks_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Bar("work", 3, mininterval=0, miniters=0) as bar:
        bar.update()
        stream.close()
        bar.update(2)
    assert bar.done == 3


def run(folder: Path, command: str) -> tuple[int, bytes]:
    """A command of the shell in a folder; its exit code and what is left of its output."""
    environment = {**os.environ, "CRYFISH": f"{sys.executable} -m cryfish"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


CONFIG = """
name: tiny
work: {work}
corpora:
  fsdd: {{dir: {corpora}/digits}}
  esc50: {{dir: {corpora}/sounds}}
rirs: {{rooms: 3, distances: 1, rt60_s: [0.15, 0.2]}}
augment:
  - room: {{share: 0.5, bank: rirs}}
  - noise: {{share: 0.7, from: [esc50], snr_db: {{uniform: [0, 20]}}}}
instruct:
  template: {{tasks: {{asr: 20, gender: 20, snr: all}}}}
"""
CLOSED = {
    "nobody reads stderr": "{} 2> >(exec 0<&-; sleep 9 & exit)",
    "all closed": "{} >&- 2>&- <&-",
    "nobody reads anything": "set -o pipefail; {} 2>&1 | true",
    "a full device": "{} 2>/dev/full",
}


@pytest.mark.parametrize("how", CLOSED)
def test_work_is_done_though_nobody_can_read_of_it(how: str, tmp_path: Path) -> None:
    """Real runs of the command, up to the shards, with real broken streams."""
    folder = tmp_path / "run"
    folder.mkdir()
    make_fsdd(tmp_path / "digits")
    make_esc50(tmp_path / "sounds")
    (folder / "tiny.yaml").write_text(CONFIG.format(work="work", corpora=tmp_path))
    code, said = run(folder, CLOSED[how].format("$CRYFISH run tiny.yaml --jobs 1"))
    assert code == 0, said
    assert list((folder / "work" / "shards" / "train").glob("*.tar")), said
    assert b"Traceback" not in said
