"""The Ray engine against a real Ray cluster of two workers on this machine."""

import importlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

# Read when Ray is imported; without a token anyone on the network could use the test's cluster.
os.environ["RAY_AUTH_MODE"] = "token"
os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
pytest.importorskip("ray", reason="Ray isn't installed: pip install 'cryfish[ray]'")

from click.testing import CliRunner

from cryfish.errors import InputError
from cryfish.files import sha256_of
from cryfish.pipeline.cli.cli import cryfish
from cryfish.pipeline.engine import ray_engine
from cryfish.pipeline.engine.partitions import Partition
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.engine.ray_engine import RayEngine

STEPS = """
import os, signal, time
from cryfish.errors import InputError

def copy_upper(temporary, source):
    temporary.write_text(source.read_text().upper())
    return {"letters": len(source.read_text())}

def fail(temporary):
    temporary.write_text("half")
    raise InputError("here: the field is wrong; mend it")

def die(temporary, attempts, times):
    temporary.write_text("half")
    with attempts.open("a") as lines:
        lines.write(f"{os.getpid()}\\n")
    if len(attempts.read_text().splitlines()) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    temporary.write_text("whole")
    return {"attempts": len(attempts.read_text().splitlines())}

def go_on_and_on(temporary, started):
    temporary.write_text("half")
    started.write_text("")
    while True:
        time.sleep(0.01)

def never_listen(temporary, started):
    while True:
        try:
            go_on_and_on(temporary, started)
        except BaseException:
            pass
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Ray cluster as `ray start --head` makes it; its workers can import the module `ray_steps`."""
    steps = tmp_path_factory.mktemp("steps")
    (steps / "ray_steps.py").write_text(STEPS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"PYTHONPATH": str(steps), "RAY_USAGE_STATS_ENABLED": "0"}
    # A socket's path may have 107 bytes, too few for a folder of pytest's.
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as sessions:
        command = [
            *(sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", f"--port={port}"),
            *("--num-cpus=2", "--include-dashboard=false"),
            *("--object-store-memory=100000000", f"--temp-dir={sessions}"),
        ]
        with (steps / "log").open("w") as log:
            head = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + 50
            while "Ray runtime started" not in (steps / "log").read_text():
                if head.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"ray start --head failed:\n{(steps / 'log').read_text()}")
                time.sleep(0.1)
            with pytest.MonkeyPatch.context() as here:
                here.syspath_prepend(str(steps))
                yield f"127.0.0.1:{port}"
        finally:
            head.terminate()
            head.wait(timeout=120)


@pytest.fixture(scope="module")
def engine(cluster: str) -> Iterator[RayEngine]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_ADDRESS", cluster)
        with RayEngine() as engine:
            yield engine


@pytest.fixture
def steps(engine: RayEngine) -> ModuleType:
    return importlib.import_module("ray_steps")


def copies(folder: Path, steps: ModuleType, count: int = 5) -> list[Partition]:
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(count):
        source = folder / f"in-{number}"
        source.write_text(f"text {number}")
        made.append(
            Partition(f"p{number}", folder / "out" / f"{number}.txt", steps.copy_upper, (source,), (source,))
        )
    return made


def test_it_takes_all_cpus_of_the_cluster(engine: RayEngine) -> None:
    assert engine.jobs == 2


def test_ray_makes_the_same_bytes_as_local_processes(
    tmp_path: Path, engine: RayEngine, steps: ModuleType
) -> None:
    on_ray = engine.run("copy", copies(tmp_path / "ray", steps))
    with Engine() as local:
        assert local.run("copy", copies(tmp_path / "local", steps)) == on_ray == [{"letters": 6}] * 5
    assert sha256_of(tmp_path / "ray") == sha256_of(tmp_path / "local")


def test_what_one_engine_did_the_other_skips(tmp_path: Path, engine: RayEngine, steps: ModuleType) -> None:
    partitions = copies(tmp_path, steps)
    engine.run("copy", partitions)
    before = sha256_of(tmp_path), partitions[0].output.stat().st_mtime_ns
    Engine().run("copy", partitions)
    assert (sha256_of(tmp_path), partitions[0].output.stat().st_mtime_ns) == before


def test_relative_paths_mean_the_folder_of_the_command(
    tmp_path: Path, engine: RayEngine, steps: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine.run("copy", copies(Path("here"), steps))
    assert (tmp_path / "here" / "out" / "4.txt").read_text() == "TEXT 4"


def test_an_input_error_in_a_worker_reaches_the_user_as_one_sentence(
    tmp_path: Path, engine: RayEngine, steps: ModuleType
) -> None:
    bad = [Partition(f"p{number}", tmp_path / f"{number}.txt", steps.fail, ()) for number in range(2)]
    with pytest.raises(InputError) as raised:
        engine.run("fail", bad)
    assert str(raised.value) == "here: the field is wrong; mend it"
    assert list(tmp_path.glob("*.txt")) == []


def test_a_killed_worker_is_replaced(tmp_path: Path, engine: RayEngine, steps: ModuleType) -> None:
    killed = Partition("killed", tmp_path / "k.txt", steps.die, (tmp_path / "attempts", 1))
    other = copies(tmp_path, steps, 1)
    assert engine.run("die", [killed, *other]) == [{"attempts": 2}, {"letters": 6}]
    assert (tmp_path / "k.txt").read_text() == "whole"


def test_a_partition_that_always_kills_its_worker_is_named(
    tmp_path: Path, engine: RayEngine, steps: ModuleType
) -> None:
    killed = Partition("shard/clips1-000007", tmp_path / "k.txt", steps.die, (tmp_path / "attempts", 99))
    with pytest.raises(InputError, match=r"shard/clips1-000007: its Ray worker died again and again"):
        engine.run("die", [killed, *copies(tmp_path, steps, 1)])
    assert not (tmp_path / "k.txt").exists()


def test_an_output_that_this_machine_cannot_see_is_an_error(
    tmp_path: Path, engine: RayEngine, steps: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_engine, "VISIBLE_WITHIN_S", 0.0)
    # As on machines without a shared file system: what the workers wrote isn't here.
    monkeypatch.setattr(Path, "exists", lambda path: path.suffix != ".json")
    with pytest.raises(InputError, match="needs a file system that all machines share"):
        engine.run("copy", copies(tmp_path, steps, 2))


INTERRUPTED = """
import signal
import sys
from pathlib import Path
import ray_steps
from cryfish.pipeline.engine.partitions import Partition
from cryfish.pipeline.engine.ray_engine import RayEngine
# A test run in the background of a shell has Ctrl-C turned off.
signal.signal(signal.SIGINT, signal.default_int_handler)
folder = Path(sys.argv[1])
names = ("0", "1")
with RayEngine() as engine:
    engine.run(
        "go on",
        [Partition(n, folder / f"{n}.out", getattr(ray_steps, sys.argv[2]), (folder / f"{n}.on",)) for n in names],
    )
"""


@pytest.mark.parametrize("step", ["go_on_and_on", "never_listen"])
def test_an_interrupted_run_stops_its_workers_and_cleans_up(
    tmp_path: Path, cluster: str, steps: ModuleType, step: str
) -> None:
    environment = os.environ | {"RAY_ADDRESS": cluster, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path), step], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 120
        while len(list(tmp_path.glob("*.on"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        run.send_signal(2)
        assert run.wait(timeout=120) != 0
    finally:
        run.kill()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.on", "1.on"]


def test_prepare_on_ray_equals_prepare_here(
    tmp_path: Path, cluster: str, engine: RayEngine, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_ADDRESS", cluster)
    corpus = str(shared / "corpora" / "free-spoken-digit-dataset")
    for name, *jobs in (("ray",), ("local", "--jobs", "1")):
        result = CliRunner().invoke(
            cryfish,
            ["prepare", "fsdd", corpus, str(tmp_path / name), "--engine", name, *jobs],
            catch_exceptions=False,
        )
        assert result.exit_code == 0, result.output
    assert sha256_of(tmp_path / "ray") == sha256_of(tmp_path / "local")


OPEN = """
from cryfish.pipeline.api.engines import open_engine
from cryfish.errors import InputError
try:
    open_engine("ray", None)
except InputError as error:
    print(error)
"""


@pytest.mark.parametrize("address", ["127.0.0.1:9", "nonsense", "nowhere.invalid:6379"])
def test_no_cluster_is_one_sentence(address: str) -> None:
    environment = {**os.environ, "RAY_ADDRESS": address}
    said = subprocess.run([sys.executable, "-c", OPEN], env=environment, capture_output=True, text=True)
    assert "ray start --head" in said.stdout, said.stdout + said.stderr
    assert len(said.stdout.splitlines()) == 1


def test_a_wrong_token_is_one_sentence(cluster: str, steps: ModuleType) -> None:
    environment = {
        **os.environ,
        "RAY_ADDRESS": cluster,
        "RAY_AUTH_TOKEN": "0" * 64,
        "RAY_NUM_REDIS_GET_RETRIES": "2",
    }
    said = subprocess.run([sys.executable, "-c", OPEN], env=environment, capture_output=True, text=True)
    assert "asks for a token; set RAY_AUTH_MODE=token" in said.stdout, said.stdout + said.stderr
    assert len(said.stdout.splitlines()) == 1
