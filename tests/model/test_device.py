"""Which device is chosen, and that everything that loads a model asks the one function that chooses."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import soundfile
import torch
from click.testing import CliRunner

from cryfish.errors import InputError
from cryfish.model import device
from cryfish.model.device import choose_device, device_faults
from cryfish.pipeline.cli.cli import cryfish, main

ROOT = Path(device.__file__).resolve().parents[1]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes PyTorch see so many accelerators of a kind: what this machine has can't be changed otherwise."""
    monkeypatch.setattr(device, "_told", set())

    def have(kind: str | None, count: int = 1) -> None:
        monkeypatch.setattr(device, "accelerator", lambda: (kind, count if kind else 0))

    return have


@pytest.mark.parametrize(
    ("kind", "asked", "chosen"),
    [
        ("cuda", None, "cuda"),
        ("mps", None, "mps"),
        (None, None, "cpu"),
        ("cuda", "cpu", "cpu"),
        ("cuda", "cuda", "cuda"),
        ("cuda", "cuda:1", "cuda:1"),
        (None, "cpu", "cpu"),
    ],
)
def test_the_one_asked_for_or_else_the_best(
    machine: Callable[..., None], kind: str | None, asked: str | None, chosen: str
) -> None:
    machine(kind, 2)
    assert choose_device(asked) == torch.device(chosen)
    assert list(device_faults(asked, "--device")) == []


@pytest.mark.parametrize(
    ("kind", "asked", "message"),
    [
        (None, "cuda", r"device 'cuda' isn't to be seen here \(.+\); give cpu, or leave it out"),
        ("mps", "cuda", "give mps, or leave it out"),
        ("cuda", "mps", r"device 'mps' isn't to be seen here \(PyTorch .+ finds none\); give cuda"),
        ("cuda", "cuda:2", "device 'cuda:2' isn't to be seen here: there are 2, counted from 0"),
        ("cuda", "gpu", "device 'gpu' isn't one; give cuda, cuda:1, mps or cpu"),
        ("cuda", "", "device '' isn't one"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(
    machine: Callable[..., None], kind: str | None, asked: str, message: str
) -> None:
    machine(kind, 2)
    with pytest.raises(InputError, match=message):
        choose_device(asked)
    (fault,) = device_faults(asked, "--device")
    assert re.match(f"--device: .*{message}", fault)


def test_the_cpu_is_told_once_and_only_to_those_who_did_not_ask(
    machine: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    machine("cuda")
    choose_device()
    choose_device("cpu")
    assert capsys.readouterr().err == ""
    machine(None)
    choose_device("cpu")
    assert capsys.readouterr().err == ""
    choose_device()
    choose_device()
    told = capsys.readouterr().err
    assert told.count("No GPU is to be seen here") == 1
    assert "--device cpu" in told


def test_of_many_processes_one_tells(
    machine: Callable[..., None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(None)
    monkeypatch.setenv("RANK", "3")
    choose_device()
    assert capsys.readouterr().err == ""


def test_nothing_else_chooses_a_device() -> None:
    """A second place that chooses is how a model stayed on the CPU beside a GPU."""
    chooses = re.compile(
        r"cuda\.is_available|accelerator\.is_available|\.to\([\"'](?:cuda|cpu|mps)|\.cuda\(\)"
    )
    found = {
        path.relative_to(ROOT).as_posix()
        for room in ("model", "pipeline", "shards")
        for path in (ROOT / room).rglob("*.py")
        if chooses.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"model/device.py"}


def test_every_command_that_loads_a_model_takes_a_device() -> None:
    for command in (["train"], ["chat"], ["evaluate"], ["instruct", "generate"], ["instruct", "filter"]):
        assert "--device" in CliRunner().invoke(cryfish, [*command, "--help"]).output, command


def test_chat_puts_its_model_on_the_device(
    machine: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On a machine whose only accelerator is PyTorch's device without memory."""
    from cryfish.model import chat, load

    machine("meta")
    module = torch.nn.Linear(2, 2)
    monkeypatch.setattr(load, "load_checkpoint", lambda path: (module, SimpleNamespace()))
    monkeypatch.setattr(chat, "answer", lambda listener, *rest: f"on {listener.weight.device}")
    soundfile.write(tmp_path / "a.wav", [0.0] * 100, 16000)
    result = CliRunner().invoke(cryfish, ["chat", str(tmp_path), str(tmp_path / "a.wav"), "-q", "Who?"])
    assert result.output == "on meta\n"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
@pytest.mark.parametrize(
    "command",
    [
        ["chat", "{folder}", "-q", "Who?"],
        [
            "train",
            "{folder}",
            "--out",
            "{out}",
            "--encoder",
            "{folder}",
            "--llm",
            "{folder}",
            "--max-steps",
            "1",
        ],
        ["evaluate", "{folder}", "{folder}", "--out", "{out}"],
        ["instruct", "generate", "{folder}/a.jsonl.gz", "--llm", "{folder}", "--out", "{out}"],
        [
            "instruct",
            "filter",
            "{folder}/a.jsonl",
            "--llm",
            "{folder}",
            "--kept",
            "{out}",
            "--dropped",
            "{out}2",
        ],
    ],
)
def test_a_gpu_that_is_not_there_ends_in_a_sentence(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {"folder": tmp_path / "folder", "out": tmp_path / "out"}
    places["folder"].mkdir()
    given = [word.format(**places) for word in command]
    monkeypatch.setattr("sys.argv", ["cryfish", *given, "--device", "cuda"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "device 'cuda' isn't to be seen here" in told
    assert "Traceback" not in told
    assert not places["out"].exists()
