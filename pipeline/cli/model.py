"""train, chat, evaluate: from shards to a model and its score."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from .options import FILE, FOLDER, PATH, device_option, max_bad_option


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
def train_command(shards: tuple[str, ...], out: Path, **given: Any) -> None:
    """Train on SHARDS (folders or URLs). Interrupted, it goes on with the very next micro-batch."""
    from ..api.models import train

    click.echo(train(shards, out, **given))


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
def evaluate_command(model: Path, shards: tuple[str, ...], out: Path, **given: Any) -> None:
    """Score MODEL on SHARDS: against the majority answer, and against itself without the audio."""
    from ...model.evaluate.results import results_table
    from ..api.models import evaluate

    click.echo(results_table(evaluate(model, shards, out, **given)))
