"""Ctrl-C at any moment while workers are started, as a terminal sends it: to the whole group of processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import time
from cryfish.pipeline.engine.processes import Engine

if __name__ == "__main__":
    try:
        with Engine(2) as engine:
            print("ready", flush=True)
            for future in [engine.pool.submit(time.sleep, 30) for _ in range(4)]:
                future.result()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
"""


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.4, 4.0])
def test_an_interruption_is_never_answered_by_a_worker(seconds: float, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    process = subprocess.Popen(
        [sys.executable, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == ""
