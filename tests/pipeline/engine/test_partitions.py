"""Partitions: done once, stale when something changed, whole or absent, the same for any number of workers."""

import importlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from cryfish.errors import InputError
from cryfish.files import read_json
from cryfish.pipeline.engine.partitions import Partition
from cryfish.pipeline.engine.processes import Engine

STEPS = """
from cryfish.errors import InputError

def copy_upper(temporary, source, log):
    temporary.write_text(source.read_text().upper())
    with log.open("a") as lines:
        lines.write(source.name + "\\n")
    return {"letters": len(source.read_text())}

def fail(temporary):
    temporary.write_text("half")
    raise InputError("here: the field is wrong; mend it")
"""


@pytest.fixture(autouse=True)
def steps(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The work of these tests, in a module that worker processes can import."""
    folder = tmp_path_factory.mktemp("steps")
    (folder / "partition_steps.py").write_text(STEPS)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "partition_steps", raising=False)
    return importlib.import_module("partition_steps")


def parts(folder: Path, count: int) -> list[Partition]:
    made = []
    for number in range(count):
        source = folder / f"in-{number}"
        if not source.exists():
            source.write_text(f"text {number}")
        made.append(
            Partition(
                name=f"p{number}",
                output=folder / "out" / f"{number}.txt",
                work=importlib.import_module("partition_steps").copy_upper,
                arguments=(source, folder / "log"),
                inputs=(source,),
                params={"version": 1},
            )
        )
    return made


def test_finished_partitions_are_skipped(tmp_path: Path) -> None:
    with Engine() as engine:
        first = engine.run("copy", parts(tmp_path, 3))
        again = engine.run("copy", parts(tmp_path, 3))
    assert first == again == [{"letters": 6}] * 3
    assert (tmp_path / "out" / "2.txt").read_text() == "TEXT 2"
    assert (tmp_path / "log").read_text().splitlines() == ["in-0", "in-1", "in-2"]


def test_only_what_changed_is_done_again(tmp_path: Path) -> None:
    with Engine() as engine:
        engine.run("copy", parts(tmp_path, 3))
        (tmp_path / "in-1").write_text("other")
        engine.run("copy", parts(tmp_path, 3))
        changed = [replace(part, params={"version": 2}) for part in parts(tmp_path, 1)]
        engine.run("copy", changed)
    assert (tmp_path / "log").read_text().splitlines() == ["in-0", "in-1", "in-2", "in-1", "in-0"]
    assert (tmp_path / "out" / "1.txt").read_text() == "OTHER"


def test_a_lost_or_cut_output_is_made_again(tmp_path: Path) -> None:
    with Engine() as engine:
        engine.run("copy", parts(tmp_path, 2))
        (tmp_path / "out" / "0.txt").unlink()
        (tmp_path / "out" / "1.txt").write_text("T")
        engine.run("copy", parts(tmp_path, 2))
    assert [(tmp_path / "out" / f"{n}.txt").read_text() for n in range(2)] == ["TEXT 0", "TEXT 1"]


def test_a_failure_leaves_nothing_half_made(tmp_path: Path, steps: ModuleType) -> None:
    part = Partition(name="p", output=tmp_path / "out.txt", work=steps.fail, arguments=())
    with Engine() as engine, pytest.raises(InputError, match="the field is wrong"):
        engine.run("fail", [part])
    assert list(tmp_path.iterdir()) == []


def test_workers_make_the_same_as_one_process(tmp_path: Path) -> None:
    for jobs in (1, 2):
        folder = tmp_path / str(jobs)
        folder.mkdir()
        with Engine(jobs) as engine:
            assert engine.run("copy", parts(folder, 4)) == [{"letters": 6}] * 4
    for number in range(4):
        outputs = [tmp_path / str(jobs) / "out" / f"{number}.txt" for jobs in (1, 2)]
        assert outputs[0].read_bytes() == outputs[1].read_bytes()
        records = [read_json(output.with_name(output.name + ".done.json")) for output in outputs]
        assert records[0] == records[1]


def test_an_error_in_a_worker_reaches_the_user(tmp_path: Path, steps: ModuleType) -> None:
    bad = [Partition(f"p{n}", tmp_path / f"{n}.txt", steps.fail, ()) for n in range(2)]
    with Engine(2) as engine, pytest.raises(InputError, match="the field is wrong"):
        engine.run("fail", bad)


KILLED = """
import sys, time
from pathlib import Path
from cryfish.pipeline.engine.partitions import Partition
from cryfish.pipeline.engine.processes import Engine
def slow(temporary, number):
    temporary.mkdir()
    for step in range(20):
        (temporary / str(step)).write_text(f"{number} {step}")
        time.sleep(0.01)
    return {"steps": 20}
folder = Path(sys.argv[1])
Engine(1).run("slow", [Partition(name=str(n), output=folder / str(n), work=slow, arguments=(n,)) for n in range(4)])
"""


def test_a_killed_run_ends_in_the_same_bytes(tmp_path: Path) -> None:
    from cryfish.files import sha256_of

    undisturbed, disturbed = tmp_path / "a", tmp_path / "b"
    subprocess.run([sys.executable, "-c", KILLED, undisturbed], check=True, capture_output=True)
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-c", KILLED, disturbed], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while (
            not list(disturbed.glob(".cryfish-tmp-*"))
            and time.monotonic() < deadline
            and process.poll() is None
        ):
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run([sys.executable, "-c", KILLED, disturbed], check=True, capture_output=True)
    assert sha256_of(undisturbed) == sha256_of(disturbed)


PARENT = """
import os, sys, time
from cryfish.pipeline.engine.processes import Engine
if __name__ == "__main__":
    engine = Engine(2)
    numbers = {engine.pool.submit(os.getpid).result() for _ in range(20)}
    print(*numbers, flush=True)
    time.sleep(60)
"""


def test_the_workers_of_a_killed_run_end(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workers = [Path("/proc", number) for number in process.stdout.readline().split()]
        if not Path("/proc").is_dir():
            process.kill()
            pytest.skip("no /proc here to see processes in")
        assert workers
        assert all(worker.exists() for worker in workers)
        process.kill()
    deadline = time.monotonic() + 20
    while any(worker.exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [worker for worker in workers if worker.exists()]
