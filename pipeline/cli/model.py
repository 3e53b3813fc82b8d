"""train, chat, evaluate: from shards to a model and its score."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ...errors import InputError, faults_of, refuse
from ...files import read_yaml
from .inputs import shard_faults
from .options import FILE, FOLDER, PATH, device_option, max_bad_option


def _settings_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise InputError(f"{path}: must hold `field: value` lines, such as those under `train:` in a config")
    return content


@click.command("train")
@click.argument("shards", nargs=-1, required=True)
@click.option(
    "--out", required=True, type=FOLDER, help="Folder for checkpoints, the log and the finished model."
)
@click.option("--encoder", help="Speech encoder: a Hub name such as microsoft/wavlm-large, or a folder.")
@click.option("--llm", help="Language model: a Hub name such as Qwen/Qwen2.5-7B-Instruct, or a folder.")
@click.option("--checkpoint", type=PATH, help="Go on from this model instead (stage 2 from stage 1, say).")
@click.option("--max-steps", type=click.IntRange(1), help="Optimizer steps.")
@click.option("--epochs", type=click.IntRange(1), help="Epochs, instead of steps.")
@device_option
@click.option(
    "--settings", type=FILE, help="YAML with any other settings (those of a config's `train:` section)."
)
def train_command(shards: tuple[str, ...], out: Path, settings: Path | None, **given: Any) -> None:
    """Train on SHARDS (folders or URLs). Interrupted, it goes on with the very next micro-batch."""
    from ...mistakes import checked
    from ...model.bases import base_model_faults, checkpoint_faults
    from ...model.device import device_faults
    from ...model.run_folder import TRAIN, check_folder
    from ...model.train.settings import TrainSettings

    fields = {name: value for name, value in given.items() if value is not None}
    content = {**_settings_file(settings), **fields, "shards": list(shards), "out": out}
    asked = checked(TrainSettings, content, str(settings or "train"))
    if asked.checkpoint is not None:
        start = list(checkpoint_faults(asked.checkpoint, "--checkpoint"))
    else:
        start = [
            *base_model_faults(str(asked.encoder), "encoder", "--encoder"),
            *base_model_faults(str(asked.llm), "llm", "--llm"),
        ]
    refuse(
        [
            *shard_faults(asked.shards),
            *start,
            *device_faults(asked.device, "--device"),
            *faults_of(check_folder, asked.out, TRAIN, asked.reads()),
        ]
    )
    from ...model.train.train import train

    click.echo(train(asked))


@click.command("chat")
@click.argument("model", type=PATH)
@click.argument("audio", nargs=-1, type=FILE)
@click.option("-q", "--question", help="Ask this and leave; without it, a conversation begins.")
@device_option
def chat_command(model: Path, audio: tuple[Path, ...], question: str | None, device: str | None) -> None:
    """Ask MODEL (a checkpoint or a training's folder) about AUDIO files."""
    from ...model.chat import answer, chat_loop
    from ...model.device import choose_device
    from ...model.load import load_checkpoint

    chosen = choose_device(device)
    listener, processor = load_checkpoint(model)
    listener.to(chosen)
    if question is not None:
        click.echo(answer(listener, processor, audio, question))
    else:
        chat_loop(listener, processor, audio, iter(sys.stdin.readline, ""), show=click.echo)


@click.command("evaluate")
@click.argument("model", type=PATH)
@click.argument("shards", nargs=-1, required=True)
@click.option("--out", required=True, type=FOLDER, help="Folder for the answers and the results.")
@click.option(
    "--train-shards", multiple=True, help="What it was trained on: the majority answer is taken from there."
)
@click.option("--task", "tasks", multiple=True, help="Only these tasks.")
@click.option(
    "--per-task", type=click.IntRange(1), help="At most so many examples of each task, drawn by the seed."
)
@device_option
@max_bad_option
@click.option(
    "--settings", type=FILE, help="YAML with any other settings (those of a config's `evaluate:` section)."
)
def evaluate_command(
    *,
    model: Path,
    shards: tuple[str, ...],
    out: Path,
    train_shards: tuple[str, ...],
    tasks: tuple[str, ...],
    per_task: int | None,
    device: str | None,
    max_bad: float,
    settings: Path | None,
) -> None:
    """Score MODEL on SHARDS: against the majority answer, and against itself without the audio."""
    from ...mistakes import checked
    from ...model.bases import checkpoint_faults
    from ...model.device import device_faults
    from ...model.evaluate.results import results_table
    from ...model.run_folder import EVALUATE, check_folder
    from ...model.train.settings import EvaluateSettings
    from ...shards import open_index
    from ..check.models import scoring_faults

    content = {**_settings_file(settings), "checkpoint": model, "shards": list(shards), "out": out}
    content |= {"train_shards": list(train_shards)} if train_shards else {}
    content |= {"tasks": list(tasks)} if tasks else {}
    content |= {"per_task": per_task} if per_task else {}
    content |= {"device": device} if device else {}
    content.setdefault("max_bad", max_bad)
    asked = checked(EvaluateSettings, content, str(settings or "evaluate"))
    missing = list(shard_faults([*asked.shards, *asked.train_shards]))
    held = () if missing else asked.tasks or open_index(asked.shards).tasks
    refuse(
        [
            *missing,
            *checkpoint_faults(asked.checkpoint, "MODEL"),
            *scoring_faults(held, asked.metrics),
            *device_faults(asked.device, "--device"),
            *faults_of(check_folder, asked.out, EVALUATE, asked.reads()),
        ]
    )
    from ...model.evaluate.evaluate import evaluate
    from ..instruct.tasks.tasks import label_named, metric_of

    click.echo(results_table(evaluate(asked, label_named, metric_of)))
