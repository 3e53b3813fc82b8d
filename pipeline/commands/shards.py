"""shard, verify, browse: writing shards and looking at them."""

from __future__ import annotations

from pathlib import Path

import click

from .options import FILE, FOLDER, jobs_option, say_counts


@click.command("shard")
@click.argument("manifests", nargs=-1, required=True, type=FILE)
@click.option(
    "--instructions", multiple=True, required=True, type=FILE, help="JSONL file; may be given several times."
)
@click.option("--out", required=True, type=FOLDER, help="Folder for the shards.")
@click.option("--target-size", default="500MB", show_default=True, help="About how large a shard should be.")
@jobs_option
def shard_command(
    manifests: tuple[Path, ...], instructions: tuple[Path, ...], out: Path, target_size: str, jobs: int
) -> None:
    """Render cuts and write them with their instructions as WebDataset shards.

    Runs again where it was stopped. When only the instructions changed, the audio is copied from the shards that are
    there, not rendered again.
    """
    from ..config import read_size
    from ..partitions import Engine
    from ..shard import shard

    with Engine(jobs) as engine:
        counts = shard(engine, list(manifests), list(instructions), out, read_size(target_size))
    click.echo(f"{out}: {say_counts(counts)}")


@click.command("verify")
@click.argument("folder", type=FOLDER)
def verify_command(folder: Path) -> None:
    """Check every byte of a folder of shards: index, JSON, audio, safe names. Exits with 1 when something is wrong."""
    from ...shards.verify import verify

    report = verify(folder)
    for problem in report.problems:
        click.echo(problem)
    click.echo(f"{folder}: {report}")
    if report.problems:
        raise SystemExit(1)
