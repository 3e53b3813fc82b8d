"""corpora, download, prepare: from a corpus on disk to cuts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ...local_path import local_path
from .options import FILE, FOLDER, engine_option, jobs_option, max_bad_option
from .own import OWN, own_options, propose_mapping, read_own


@click.command("corpora")
@click.option("--task", help="Only corpora that can serve this task.")
@click.option("--licence", help="Only corpora whose licence's name holds this (`CC BY`), or `commercial`.")
@click.option("--language", help="Only corpora with this language (a code such as `en`).")
@click.option("--json", "as_json", is_flag=True, help="Print everything that is declared, as JSON.")
@click.option("--page", "as_page", is_flag=True, help="Print a page of Markdown (docs/corpora.md is this).")
def corpora_command(
    task: str | None, licence: str | None, language: str | None, as_json: bool, as_page: bool
) -> None:
    """List the corpora that have a recipe.

    `--licence commercial` takes those that may be used commercially.
    """
    from dataclasses import asdict

    from ...recipes.kit.registry import corpora
    from ..prepare.catalogue import fits, page, table

    chosen = [found.corpus for found in corpora().values() if fits(found.corpus, task, licence, language)]
    if as_json:
        click.echo(json.dumps([asdict(corpus) for corpus in chosen], ensure_ascii=False, indent=2))
    elif as_page:
        click.echo(page(chosen), nl=False)
    elif chosen:
        click.echo(table(chosen))
    else:
        click.echo("no corpus fits; `cryfish corpora` lists all of them", err=True)


@click.command("download")
@click.argument("corpus")
@click.argument("corpus_dir", type=FOLDER)
@click.option("--only", help="Only the files whose URL holds this text (`dev-clean`).")
@click.option("--keep", is_flag=True, help="Keep the archives after unpacking them.")
@click.option(
    "--lock",
    type=FILE,
    help="A table of checksums: what it lists has to be the same, what it doesn't is added.",
)
def download_command(corpus: str, corpus_dir: Path, only: str | None, keep: bool, lock: Path | None) -> None:
    """Fetch a corpus that needs no form into a folder.

    Stopped, it goes on where it was. Every file is compared with its published checksum, where there is one, else with
    that of the first time (see --lock). Archives are unpacked only when none of their members lies outside the folder
    and none of their links leads there.
    """
    from ...recipes.kit.registry import recipe
    from ..prepare.download.download import download

    download(corpus, corpus_dir, only=only, keep=keep, lock=lock)
    if recipe(corpus).corpus.only_tables:
        click.echo(
            "these are the tables; the clips are cut from videos, which no publisher hands out", err=True
        )


@click.command("prepare")
@click.argument("places", nargs=-1, metavar="[CORPUS CORPUS_DIR] [OUT]")
@own_options
@click.option("--split", "splits", multiple=True, help="Only this published split; may be repeated.")
@click.option("--language", "languages", multiple=True, help="Only clips in this language; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many clips.")
@click.option(
    "--hours",
    type=click.FloatRange(0, min_open=True),
    help="Only about so many of the published hours (of these splits and languages), by a hash of the clips' ids.",
)
@max_bad_option
@click.option(
    "--headers-only",
    is_flag=True,
    help="Don't decode the audio: some 15 times faster, but silent and damaged clips aren't noticed here.",
)
@click.option(
    "--fingerprints",
    is_flag=True,
    help="Keep the clips' fingerprints beside the manifests, for `cryfish contamination`.",
)
@jobs_option
@engine_option
def prepare_command(places: tuple[str, ...], **given: Any) -> None:
    """Turn the folder of a corpus, or your own data, into Lhotse cut manifests.

    A corpus with a recipe is named: `cryfish prepare fsdd CORPUS_DIR OUT`. Own data is told by one of --folder,
    --manifest, --dataset, --kaldi and --nemo, and goes to OUT or manifests/NAME (docs/own-data.md).

    OUT gets one manifest for each split, quarantine.jsonl (the clips that can't be used, and why) and summary.json.
    Audio paths in the manifests are relative to CORPUS_DIR. Stopped, it goes on where it was.
    """
    from ..api.cuts import prepare

    own = {name: given.pop(name) for name in OWN}
    said = read_own(own, places)
    if said is not None and own["propose"]:
        propose_mapping(*said, own["mapping"])
        return
    corpus, corpus_dir, out = _named(places) if said is None else (said[0], None, said[1])
    summary = prepare(corpus, corpus_dir, out, **given).counts
    click.echo(
        f"{summary['corpus']}: {summary['clips']:,} clips, {summary['hours']:.2f} h, {summary['speakers']} speakers, "
        f"languages: {', '.join(summary['languages']) or 'none'}"
    )
    if summary["speakers_across_roles"]:
        click.echo(
            f"caution: {summary['speakers_across_roles']} speakers are in more than one of train, dev and test, as "
            "published; `hold_out` in a config divides anew"
        )
    for reason, count in summary["quarantined"].items():
        click.echo(f"quarantined: {count} x {reason} (see {out / 'quarantine.jsonl'})")
    for reason, left in summary["left_out"].items():
        length = "" if left["hours"] is None else f", {left['hours']:.2f} h"
        click.echo(f"left out: {left['stretches']:,} x {reason}{length}")


def _named(places: tuple[str, ...]) -> tuple[str, Path, Path]:
    """CORPUS CORPUS_DIR OUT. Raises InputError for a corpus that there is no recipe of."""
    if places:
        from ...recipes.kit.registry import recipe

        recipe(places[0])
    names = ("CORPUS", "CORPUS_DIR", "OUT")
    if len(places) < len(names):
        raise click.UsageError(f"Missing argument '{names[len(places)]}'.")
    if len(places) > len(names):
        raise click.UsageError(f"Got unexpected extra argument ({places[3]})")
    folder, out = (local_path(place, name) for place, name in zip(places[1:], names[1:], strict=True))
    return places[0], folder, out
