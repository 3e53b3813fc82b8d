"""corpora, prepare, augment: from a corpus on disk to augmented cuts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ...errors import InputError
from .options import FILE, FOLDER, engine_option, jobs_option, open_engine, say_counts, seed_option


@click.command("corpora")
@click.option("--task", help="Only corpora that can serve this task.")
@click.option("--language", help="Only corpora with this language (a code such as `en`).")
@click.option("--commercial", is_flag=True, help="Only corpora whose licence allows commercial use.")
@click.option("--json", "as_json", is_flag=True, help="Print everything that is declared, as JSON.")
def corpora_command(task: str | None, language: str | None, commercial: bool, as_json: bool) -> None:
    """List the corpora that have a recipe."""
    from dataclasses import asdict

    from ...recipes.registry import corpora

    chosen = [
        found.corpus
        for found in corpora().values()
        if (task is None or task in found.corpus.tasks)
        and (language is None or language in found.corpus.languages)
        and (not commercial or found.corpus.licence.commercial)
    ]
    if as_json:
        click.echo(json.dumps([asdict(corpus) for corpus in chosen], ensure_ascii=False, indent=2))
        return
    for corpus in chosen:
        languages = ", ".join(corpus.languages[:8]) + (", ..." if len(corpus.languages) > 8 else "")
        click.echo(f"{corpus.name:<18} {corpus.hours:>8.1f} h  {corpus.licence.name:<18} {languages}")
        click.echo(f"{'':<18} tasks: {', '.join(corpus.tasks)}")
    if not chosen:
        click.echo("no corpus fits; `cryfish corpora` lists all of them", err=True)


@click.command("prepare")
@click.argument("corpus")
@click.argument("corpus_dir", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option(
    "--max-bad",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="Share of bad clips allowed.",
)
@jobs_option
@engine_option
def prepare_command(
    corpus: str, corpus_dir: Path, out: Path, max_bad: float, jobs: int | None, engine_name: str
) -> None:
    """Turn the folder of a corpus into Lhotse cut manifests.

    OUT gets one manifest for each published split, quarantine.jsonl (the clips that can't be used, and why) and
    summary.json. Audio paths in the manifests are relative to CORPUS_DIR.
    """
    from ..prepare import prepare_corpus

    with open_engine(engine_name, jobs) as engine:
        summary = prepare_corpus(corpus, corpus_dir, out, engine=engine, max_bad=max_bad)
    click.echo(
        f"{corpus}: {summary['clips']:,} clips, {summary['hours']:.2f} h, {summary['speakers']} speakers, "
        f"languages: {', '.join(summary['languages']) or 'none'}"
    )
    for reason, count in summary["quarantined"].items():
        click.echo(f"quarantined: {count} x {reason} (see {out / 'quarantine.jsonl'})")


@click.command("augment")
@click.argument("manifests", nargs=-1, required=True, type=FILE)
@click.option(
    "--steps",
    required=True,
    type=FILE,
    help="YAML file with a list of steps (`- noise: ...`, `- room: ...`).",
)
@click.option(
    "--noise",
    multiple=True,
    metavar="CORPUS=FOLDER",
    help="Prepared folder of a corpus that a step takes noise from.",
)
@click.option("--out", required=True, type=FILE, help="Manifest of augmented cuts to write (.cuts.jsonl.gz).")
@click.option("--role", type=click.Choice(["train", "dev", "test"]), default="train", show_default=True)
@seed_option
def augment_command(
    manifests: tuple[Path, ...], steps: Path, noise: tuple[str, ...], out: Path, role: Any, seed: int
) -> None:
    """Add noise, rooms and distance to cuts, lazily, with labels.

    The steps are those of a config's `augment:` section; relative paths in them start at the steps file. All cuts of
    MANIFESTS are taken; the role tells which noise clips and rooms they may meet.
    """
    from ..augment.stage import augment_partition, read_steps_file
    from ..partitions import Engine

    folders = {}
    for item in noise:
        corpus, equals, folder = item.partition("=")
        if not equals:
            raise InputError(f"--noise {item}: must be CORPUS=FOLDER, such as esc50=manifests/esc50")
        folders[corpus] = Path(folder)
    partition = augment_partition(
        list(manifests),
        out,
        steps=read_steps_file(steps),
        noise=folders,
        role=role,
        seed=seed,
        base=steps.parent,
    )
    [counts] = Engine().run("augment", [partition])
    click.echo(f"{out}: {say_counts(counts)}")
