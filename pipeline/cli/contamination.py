"""contamination: which prepared training clips are too near to what is tested with."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from ...errors import faults_of, refuse
from ...outputs import Output, check_outputs
from .options import FILE, FOLDER, engine_option, jobs_option


@click.command("contamination")
@click.argument("prepared", nargs=-1, required=True, type=FOLDER)
@click.option("--out", required=True, type=FILE, help="JSONL file of dropped clips to write.")
@click.option(
    "--by",
    "kinds",
    multiple=True,
    type=click.Choice(["origin", "speaker", "blacklist", "fingerprint"]),
    help="Look only for this; may be repeated. Default: all of them.",
)
@jobs_option
@engine_option
def contamination_command(
    prepared: tuple[Path, ...], out: Path, kinds: tuple[str, ...], jobs: int | None, engine: str
) -> None:
    """Find the training clips of PREPARED corpora that a test of another one has, or that sound alike.

    PREPARED are folders that `cryfish prepare` wrote (with --fingerprints, for what sounds alike); their published
    splits say what is trained and tested on. Leave the clips out with `--without OUT` of augment, instruct and shard.
    """
    from ..api.engines import open_engine
    from ..prepare.contamination.keys import By
    from ..prepare.contamination.stage import KINDS, Apart, keep_apart, named

    folders, faults = named(prepared)
    written = [Output(out, "--out", by="contamination")]
    refuse([*faults, *faults_of(check_outputs, written, prepared)])
    by: tuple[By, ...] = tuple(kind for kind in get_args(By) if kind in (kinds or KINDS))
    apart = Apart(folders, by)
    if unheard := apart.unheard():
        click.echo(
            f"caution: {', '.join(unheard)} prepared without --fingerprints, so what sounds alike isn't found there",
            err=True,
        )
    with open_engine(engine, jobs) as workers:
        counts = keep_apart(workers, apart, out)
    how = ", ".join(f"{name} {count:,}" for name, count in counts.items() if name.startswith("by "))
    click.echo(
        f"{out}: {counts['clips']:,} clips, {counts['hours']:.2f} h dropped" + (f" ({how})" if how else "")
    )
