"""augment: cuts -> augmented cuts, or a page to look and listen first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ...errors import InputError, faults_of, refuse
from ...outputs import Output, check_outputs
from .inputs import (
    audio_root_faults,
    manifest_faults,
    named_folders,
    prepared_faults,
    readable_roots,
    without_faults,
)
from .options import (
    FILE,
    audio_root_option,
    engine_option,
    jobs_option,
    max_bad_option,
    open_engine,
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
    role: Any,
    preview: int | None,
    without: Path | None,
    max_bad: float,
    audio_roots: tuple[str, ...],
    seed: int,
    jobs: int | None,
    engine_name: str,
) -> None:
    """Add noise, rooms, distance and channels to cuts, lazily, with labels.

    The steps are those of a config's `augment:` section; relative paths in them start at the steps file. All cuts of
    MANIFESTS are taken; the role tells which noise clips and rooms they may meet. Stopped, it goes on where it was.
    """
    from ..augment.augment import augment
    from ..augment.augmentation import Augmentation, read_steps_file, steps_faults
    from ..augment.preview import preview_page

    if (preview is not None) != (out.suffix == ".html"):
        raise InputError(
            f"--out {out}: a page (.html) and --preview N go together; a manifest ends in .jsonl.gz"
        )
    folders, faults = named_folders("--noise", noise, "esc50=manifests/esc50")
    roots = readable_roots(audio_roots)
    written = Output(out, "--out", by="augment" if preview is None else "augment --preview")
    refuse(
        [
            *faults,
            *audio_root_faults(audio_roots),
            *manifest_faults(manifests, roots, audio=True),
            *prepared_faults(folders, roots),
            *steps_faults(steps, folders, role),
            *without_faults(without),
            *faults_of(check_outputs, [written], [*manifests, steps, *folders.values()]),
        ]
    )
    asked = Augmentation(
        tuple(read_steps_file(steps)), folders, role, seed, steps.parent, audio_roots=roots, without=without
    )
    if preview is not None:
        shown = preview_page(asked, manifests, out, preview)
        click.echo(f"{out}: {shown} clips before and after")
        return
    with open_engine(engine_name, jobs) as engine:
        counts = augment(engine, [(asked, manifests, out)], max_bad=max_bad)
    click.echo(f"{out}: {say_counts(counts)}")
