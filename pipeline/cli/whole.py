"""plan, run, demo: all stages together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .options import FILE, FOLDER, engine_option, jobs_option


@click.command("plan")
@click.argument("config", type=FILE)
def plan_command(config: Path) -> None:
    """Tell what `cryfish run CONFIG` would do: corpora, licences, tasks, and which stages are done."""
    from ..config import load_config
    from ..plan import plan

    click.echo(plan(load_config(config), config.resolve().parent))


@click.command("run")
@click.argument("config", type=FILE)
@click.option(
    "--until", help="Stop after this stage (prepare, augment, template, generate, filter, shard, train)."
)
@jobs_option
@engine_option
def run_command(config: Path, **given: Any) -> None:
    """Run every stage of a config file. What is done is skipped; what was stopped goes on."""
    from ..api.models import run

    run(config, **given)


@click.command("demo")
@click.argument("out", type=FOLDER)
@click.option(
    "--corpora",
    type=FOLDER,
    help="Folder of real corpora in their published layouts; default: speech made here.",
)
@click.option(
    "--encoder", help="Speech encoder (Hub name or folder); default: Whisper tiny.en's, from a package."
)
@click.option("--llm", help="LLM (Hub name or folder); default: SmolLM2-135M, from a package.")
@jobs_option
@engine_option
def demo_command(out: Path, jobs: int | None, engine: str, **given: Any) -> None:
    """Go the whole way once: corpora, cuts, augmentation, instructions, shards, training, evaluation, a report."""
    from ..api.engines import open_engine
    from ..demo.whole_way import demo

    with open_engine(engine, jobs) as workers:
        demo(out, workers, **given)
