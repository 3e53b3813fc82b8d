"""shard, verify: writing shards and checking them."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import click

from ...errors import InputError
from ...outputs import Output, check_outputs, settled
from .options import (
    FILE,
    FOLDER,
    PATH,
    audio_root_option,
    engine_option,
    jobs_option,
    max_bad_option,
    say_counts,
    without_option,
)


@click.command("shard")
@click.argument("manifests", nargs=-1, required=True, type=FILE)
@click.option(
    "--instructions", multiple=True, required=True, type=FILE, help="JSONL file; may be given several times."
)
@click.option("--out", required=True, type=FOLDER, help="Folder for the shards.")
@click.option("--target-size", default="500MB", show_default=True, help="About how large a shard should be.")
@without_option
@max_bad_option
@audio_root_option
@jobs_option
@engine_option
def shard_command(
    manifests: tuple[Path, ...], instructions: tuple[Path, ...], out: Path, **given: Any
) -> None:
    """Render cuts and write them with their instructions as WebDataset shards.

    Runs again where it was stopped. When only the instructions changed, the audio is copied from the shards that are
    there, not rendered again.
    """
    from ..api.models import write_shards

    made = write_shards(manifests, instructions, out, **given)
    click.echo(f"{out}: {say_counts(made.counts)}")


@click.command("verify")
@click.argument("folder", type=FOLDER)
@click.option(
    "--rebuild",
    type=PATH,
    metavar="TAR|FOLDER",
    help="Make the index of this shard anew, or of all shards of this folder.",
)
@click.option("--salvage", type=FILE, metavar="TAR", help="Save what is whole in this damaged shard.")
@click.option("--to", "new_tar", type=FILE, metavar="NEW.tar", help="Where --salvage writes the new shard.")
def verify_command(folder: Path, rebuild: Path | None, salvage: Path | None, new_tar: Path | None) -> None:
    """Check every byte of a folder of shards against the digests in the indexes and in the notes beside them, and
    the index, JSON, audio and names against each other. Exits with 1 when something is wrong.

    A sound shard whose index is lost, damaged or older than digests gets a new one with --rebuild; from a damaged
    shard --salvage TAR --to NEW.tar saves the samples that are whole, and leaves the damaged file as it is.
    """
    from ...shards.verify import rebuild_index, verify
    from ...shards.verify import salvage as save_whole
    from ..shard.notes import noted_shards

    if (salvage is None) != (new_tar is None):
        raise InputError(
            "--salvage and --to go together: the damaged shard, and where to write what is whole in it"
        )
    if salvage is not None and new_tar is not None:
        if new_tar.suffix != ".tar":
            raise InputError(f"--to {new_tar}: a shard's name ends in .tar; give it such a name")
        check_outputs([Output(new_tar, "--to", by="verify")], [salvage])
        new_tar = settled(new_tar)
    if rebuild is not None:
        for tar in sorted(rebuild.glob("[!.]*.tar")) if rebuild.is_dir() else [rebuild]:
            click.echo(f"wrote {rebuild_index(tar, noted_shards(tar.parent)[0].get(tar.name))}")
    if salvage is not None and new_tar is not None:
        summary, lost = save_whole(salvage, new_tar)
        for problem in lost:
            click.echo(f"lost: {problem}")
        click.echo(f"wrote {new_tar}: {summary.samples} samples, {summary.examples} examples")

    noted, unmade = noted_shards(folder)
    report = verify(folder, noted)
    report.problems.extend(unmade)
    for problem in chain(report.notes, report.problems):
        click.echo(problem)
    click.echo(f"{folder}: {report}")
    if report.problems:
        raise SystemExit(1)
