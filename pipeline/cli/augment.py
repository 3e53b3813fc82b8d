"""augment: cuts -> augmented cuts, or a page to look and listen first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ...errors import InputError, refuse
from ..inputs import named_folders
from .options import (
    FILE,
    audio_root_option,
    engine_option,
    jobs_option,
    max_bad_option,
    say_counts,
    seed_option,
    without_option,
)


@click.command("augment")
@click.argument("manifests", nargs=-1, required=True, type=FILE)
@click.option(
    "--steps",
    required=True,
    type=FILE,
    help="YAML file with a list of steps: `- voice:`, `- room:`, `- noise:`, `- channel:`, in this order.",
)
@click.option(
    "--noise",
    multiple=True,
    metavar="CORPUS=FOLDER",
    help="Prepared folder of a corpus that a step takes noise or babble from.",
)
@click.option("--out", required=True, type=FILE, help="Manifest of augmented cuts to write (.cuts.jsonl.gz).")
@click.option("--role", type=click.Choice(["train", "dev", "test"]), default="train", show_default=True)
@click.option(
    "--preview",
    type=click.IntRange(min=1),
    metavar="N",
    help="Only look and listen: --out is a page (.html) with N clips before and after, their pictures and facts.",
)
@without_option
@max_bad_option
@audio_root_option
@seed_option
@jobs_option
@engine_option
def augment_command(
    *,
    manifests: tuple[Path, ...],
    steps: Path,
    noise: tuple[str, ...],
    out: Path,
    preview: int | None,
    max_bad: float,
    jobs: int | None,
    engine: str,
    **given: Any,
) -> None:
    """Add noise, rooms, distance and channels to cuts, lazily, with labels.

    The steps are those of a config's `augment:` section; relative paths in them start at the steps file. All cuts of
    MANIFESTS are taken; the role tells which noise clips and rooms they may meet. Stopped, it goes on where it was.
    """
    from ..api.cuts import augment, preview_augmented

    if (preview is not None) != (out.suffix == ".html"):
        raise InputError(
            f"--out {out}: a page (.html) and --preview N go together; a manifest ends in .jsonl.gz"
        )
    folders, faults = named_folders("--noise", noise, "esc50=manifests/esc50")
    refuse(faults)
    given["noise"] = folders
    if preview is not None:
        shown = preview_augmented(manifests, steps, out, preview, **given)
        click.echo(f"{out}: {shown} clips before and after")
        return
    made = augment(manifests, steps, out, max_bad=max_bad, jobs=jobs, engine=engine, **given)
    click.echo(f"{out}: {say_counts(made.counts)}")
