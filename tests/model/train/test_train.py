"""Training on tones: interrupted anywhere and continued, it is the training that was never interrupted."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerFast

from cryfish.errors import InputError
from cryfish.model.checkpoint import checkpoint_folder, checkpoints, publish
from cryfish.model.load import load_checkpoint
from cryfish.model.train.settings import TrainSettings
from cryfish.model.train.train import train
from cryfish.shards import Budget, ClipRecord, EncodedSample, Instruction, Sample, encode_flac, write_shard

CONNECTOR = {
    "window_seconds": 0.5,
    "pool": 5,
    "num_queries": 2,
    "connector_hidden_size": 16,
    "connector_ffn_size": 16,
    "connector_heads": 2,
    "lora_r": 2,
}


def tone(number: int) -> EncodedSample:
    label = ("low", "high")[number % 2]
    seconds = 0.3 + 0.02 * (number % 7)
    times = np.arange(round(16_000 * seconds)) / 16_000
    audio = (0.3 * np.sin(2 * np.pi * (200, 2000)[number % 2] * times)).astype(np.float32)
    clip = ClipRecord(f"tone{number}", seconds, "tones", {"speaker": f"s{number}"})
    asked = Instruction(
        f"{number:016x}",
        (clip.id,),
        "pitch",
        "label",
        "Low or high?",
        f"It is {label}.",
        label,
        "en",
        "template",
    )
    return EncodedSample(Sample(clip.id, (clip,), (asked,)), (encode_flac(audio),))


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    write_shard(folder / "clips1-000000.tar", [tone(number) for number in range(24)])
    return folder


@pytest.fixture(scope="module")
def llm(parts: Path, tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("llm") / "qwen2"
    shutil.copytree(parts / "qwen2", folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def settings(shards: Path, parts: Path, llm: Path, tmp_path: Path) -> dict[str, Any]:
    return {
        "shards": [str(shards)],
        "out": tmp_path / "out",
        "encoder": str(parts / "whisper"),
        "llm": str(llm),
        "model": CONNECTOR,
        "max_steps": 9,
        "learning_rate": 1e-3,
        "budget": Budget(audio_seconds=2.5, tokens=1000),
        "accumulation": 2,
        "save_every": 3,
        "workers": 0,
        "seed": 3,
    }


def log(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def course(out: Path) -> list[tuple[Any, ...]]:
    return [
        (line["step"], line["epoch"], line["loss"], line["grad_norm"], line["learning_rate"])
        for line in log(out)
    ]


def test_a_finished_training_leaves_a_model_and_is_not_repeated(settings: dict[str, Any]) -> None:
    folder = train(TrainSettings(**settings))
    out = settings["out"]
    assert [line["step"] for line in log(out)] == list(range(1, 10))
    assert log(out)[-1]["audio_s_per_s"] > 0
    assert log(out)[-1]["tokens_per_s"] > 0
    model, processor = load_checkpoint(out)
    assert checkpoint_folder(out) == folder
    assert processor.window_samples == model.config.window_samples
    assert [path.name for path in checkpoints(out)] == ["checkpoint-6", "checkpoint-9"]
    assert not list(out.rglob("training_args.bin"))
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert train(TrainSettings(**settings)) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before


def test_the_encoder_is_trained_after_its_frozen_share(settings: dict[str, Any]) -> None:
    folder = train(TrainSettings(**settings))
    names = set(load_file(folder / "model.safetensors"))
    assert any(name.startswith("encoder.") for name in names)
    early = load_file(settings["out"] / "checkpoint-6" / "model.safetensors")
    late = load_file(folder / "model.safetensors")
    changed = [name for name in late if not np.array_equal(early[name], late[name])]
    assert any(name.startswith("encoder.") for name in changed)
    frozen = train(
        TrainSettings(**{**settings, "out": settings["out"].with_name("frozen"), "encoder_frozen_share": 1.0})
    )
    assert not any(name.startswith("encoder.") for name in load_file(frozen / "model.safetensors"))


def test_killed_and_continued_gives_the_same_losses_to_the_bit(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    undisturbed = {**settings, "out": tmp_path / "undisturbed"}
    train(TrainSettings(**undisturbed))
    out = settings["out"]
    given = TrainSettings(**{**settings, "workers": 1})
    script = tmp_path / "run.py"
    script.write_text(
        "import os, sys\n"
        "from cryfish.model.train import train as t, trainer\n"
        "log = trainer.CryfishTrainer.log\n"
        "def killed(self, logs, start_time=None):\n"
        "    log(self, logs, start_time)\n"
        "    if self.state.global_step == 5: os.kill(os.getpid(), 9)\n"
        "trainer.CryfishTrainer.log = killed\n"
        "if __name__ == '__main__': t.train(t.TrainSettings.model_validate_json(sys.argv[1]))\n"
    )
    run = subprocess.run([sys.executable, script, given.model_dump_json()], capture_output=True, check=False)
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    assert [line["step"] for line in log(out)] == [1, 2, 3, 4, 5]
    with (out / "log.jsonl").open("a") as file:
        file.write('{"step": 6, "lo')
    train(given)
    assert course(out) == course(undisturbed["out"])
    one, other = (load_file(folder / "model" / "model.safetensors") for folder in (out, undisturbed["out"]))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_resuming_reads_nothing_that_was_seen(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryfish.model.train.training_data import Epochs

    seen: list[int] = []
    limit = 9
    read = Epochs.__getitem__

    def watched(self: Epochs, position: int) -> Any:
        if len(seen) == limit:
            raise KeyboardInterrupt
        seen.append(position)
        return read(self, position)

    monkeypatch.setattr(Epochs, "__getitem__", watched)
    settings["standardise_batches"] = 0  # it reads the first micro-batches before training
    with pytest.raises(KeyboardInterrupt):
        train(TrainSettings(**settings))
    assert seen == list(range(9))
    seen.clear()
    limit = 1000
    train(TrainSettings(**settings))
    assert seen == list(range(6, 18))


def test_killed_while_saving_falls_back_to_the_whole_checkpoint(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryfish.model.train import trainer as module

    def dies(written: Path, target: Path) -> None:
        if target.name == "checkpoint-6":
            raise KeyboardInterrupt
        publish(written, target)

    monkeypatch.setattr(module, "publish", dies)
    with pytest.raises(KeyboardInterrupt):
        train(TrainSettings(**settings))
    assert [path.name for path in checkpoints(settings["out"])] == ["checkpoint-3"]
    monkeypatch.setattr(module, "publish", publish)
    train(TrainSettings(**settings))
    assert [line["step"] for line in log(settings["out"])] == list(range(1, 10))


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_a_checkpoint_and_leaves(
    settings: dict[str, Any],
    signum: signal.Signals,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cryfish.model.train.trainer import CryfishTrainer

    step = CryfishTrainer.training_step
    sent: list[int] = []

    def signalled(self: CryfishTrainer, *rest: Any) -> Any:
        if self.state.global_step == 4 and not sent:
            sent.append(signum)
            os.kill(os.getpid(), signum)
        return step(self, *rest)

    monkeypatch.setattr(CryfishTrainer, "training_step", signalled)
    before = signal.getsignal(signum)
    with pytest.raises(SystemExit) as left:
        train(TrainSettings(**settings))
    assert left.value.code == 128 + signum
    assert signal.getsignal(signum) == before
    assert f"Stopped by {signum.name} after step 5 of 9" in capsys.readouterr().err
    assert checkpoints(settings["out"])[-1].name == "checkpoint-5"
    monkeypatch.setattr(CryfishTrainer, "training_step", step)
    train(TrainSettings(**settings))
    assert [line["step"] for line in log(settings["out"])] == list(range(1, 10))


def test_changed_settings_are_refused_by_name(settings: dict[str, Any]) -> None:
    train(TrainSettings(**{**settings, "max_steps": 1}))
    with pytest.raises(
        InputError, match=r"field 'learning_rate' was 0.001 .* now 0.002; choose another folder"
    ):
        train(TrainSettings(**{**settings, "max_steps": 1, "learning_rate": 2e-3}))
    train(TrainSettings(**{**settings, "max_steps": 1, "save_every": 50}))


def test_other_shards_are_refused(settings: dict[str, Any], tmp_path: Path) -> None:
    train(TrainSettings(**{**settings, "max_steps": 1}))
    write_shard(tmp_path / "others" / "clips1-000000.tar", [tone(number) for number in range(4)])
    with pytest.raises(InputError, match="content of shards"):
        train(TrainSettings(**{**settings, "max_steps": 1, "shards": [str(tmp_path / "others")]}))


def test_a_second_process_is_refused(settings: dict[str, Any]) -> None:
    from cryfish.model.run_folder import only_process

    with only_process(settings["out"], "train", []), pytest.raises(InputError, match="another cryfish"):
        train(TrainSettings(**settings))


def test_whole_epochs_and_a_start_from_a_checkpoint(settings: dict[str, Any], tmp_path: Path) -> None:
    first = train(TrainSettings(**{**settings, "max_steps": None, "epochs": 1}))
    assert log(settings["out"])[-1]["epoch"] == 1
    start = {name: value for name, value in settings.items() if name not in ("encoder", "llm", "model")}
    second = train(
        TrainSettings(**{**start, "checkpoint": first, "out": tmp_path / "second", "max_steps": 2})
    )
    assert (second / "model.safetensors").exists()


def test_accumulated_micro_batches_weigh_every_answer_token_alike(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    quiet = {"connector_dropout": 0.0, "lora_dropout": 0.0}
    common = {**settings, "model": {**CONNECTOR, **quiet}, "max_steps": 1, "encoder_frozen_share": 1.0}
    small = {
        **common,
        "accumulation": 12,
        "budget": Budget(audio_seconds=0.85, tokens=1000),
        "out": tmp_path / "small",
    }
    large = {
        **common,
        "accumulation": 1,
        "budget": Budget(audio_seconds=100, tokens=100_000),
        "out": tmp_path / "large",
    }
    train(TrainSettings(**large))
    train(TrainSettings(**small))
    assert log(tmp_path / "small")[0]["loss"] == pytest.approx(log(tmp_path / "large")[0]["loss"], rel=1e-4)


def test_settings_need_one_start_and_one_length() -> None:
    with pytest.raises(ValueError, match="either 'encoder' and 'llm', or 'checkpoint'"):
        TrainSettings(shards=["a"], out=Path("b"), max_steps=1)
    with pytest.raises(ValueError, match="either 'epochs' or 'max_steps'"):
        TrainSettings(shards=["a"], out=Path("b"), encoder="e", llm="l")


def test_a_model_field_that_does_not_exist(settings: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="field 'model'"):
        train(TrainSettings(**{**settings, "model": {"connector_width": 3}}))


def test_an_aligned_connector_is_kept_over_a_kill(
    settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryfish.model.train import train as module

    settings["align"] = {"steps": 4, "batches": 6}
    undisturbed = {**settings, "out": tmp_path / "undisturbed"}
    train(TrainSettings(**undisturbed))
    plain = {**settings, "out": tmp_path / "plain", "align": None}
    train(TrainSettings(**plain))
    assert course(undisturbed["out"]) != course(plain["out"])

    def dies(*rest: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "CryfishTrainer", dies)
    with pytest.raises(KeyboardInterrupt):
        train(TrainSettings(**settings))
    monkeypatch.undo()
    aligned = settings["out"] / "aligned.safetensors"
    assert aligned.read_bytes() == (undisturbed["out"] / "aligned.safetensors").read_bytes(), (
        "same settings and seed, same connector"
    )
    lines = (settings["out"] / "align.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == [1, 2, 3, 4]

    monkeypatch.setattr(module, "align", dies)
    train(TrainSettings(**settings))
    assert course(settings["out"]) == course(undisturbed["out"])


def test_a_signal_while_the_connector_is_aligned_leaves_in_one_sentence(
    settings: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryfish.model.train import align as module

    loss = module.word_loss
    sent: list[int] = []

    def signalled(*rest: Any) -> Any:
        if not sent:
            sent.append(signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
        return loss(*rest)

    settings["align"] = {"steps": 4, "batches": 2}
    monkeypatch.setattr(module, "word_loss", signalled)
    with pytest.raises(SystemExit) as left:
        train(TrainSettings(**settings))
    assert left.value.code == 130
    assert "Stopped by SIGINT while the connector was aligned" in capsys.readouterr().err
    assert not (settings["out"] / "aligned.safetensors").exists()
    train(TrainSettings(**settings))
    assert (settings["out"] / "aligned.safetensors").exists()
