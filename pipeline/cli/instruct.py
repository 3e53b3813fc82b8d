"""instruct template, generate, filter, audit: questions and answers about cuts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

import click

from ...errors import InputError, faults_of, refuse
from ...outputs import Output, begin_files, check_outputs, settled
from ...progress import say
from ...seams import Seam
from ..inputs import source_faults
from .options import (
    FILE,
    FOLDER,
    PATH,
    PartName,
    device_option,
    max_bad_option,
    read_named_options,
    say_counts,
    seed_option,
    without_option,
)


@click.group("instruct")
def instruct_group() -> None:
    """Write questions and answers about cuts: from templates, or by an LLM and then filtered."""


def _engines() -> Seam[Any]:
    from ..instruct.llm.llm import ENGINES

    return ENGINES


def _formats() -> Seam[Any]:
    from ..instruct.formats.formats import FORMATS

    return FORMATS


_engine_options = click.option(
    "--engine-option",
    "engine_options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the engine's own, such as retries=9; may be repeated.",
)
_format_options = click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the format's own; may be repeated.",
)


def _tasks(items: tuple[str, ...]) -> dict[str, int | Literal["all"]]:
    tasks: dict[str, int | Literal["all"]] = {}
    for item in items:
        name, _, count = item.partition("=")
        if count not in ("", "all") and not count.isdigit():
            raise InputError(f"--task {item}: must be NAME, NAME=all or NAME=NUMBER, such as asr=2000")
        tasks[name] = int(count) if count.isdigit() else "all"
    return tasks


@instruct_group.command("template")
@click.argument("manifests", nargs=-1, required=True, type=FILE)
@click.option(
    "--task",
    "tasks",
    multiple=True,
    required=True,
    metavar="NAME[=COUNT]",
    help="Task and how many; default all.",
)
@click.option("--out", required=True, type=FILE, help="JSONL file of instructions to write.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    default=("en",),
    show_default=True,
    help="Language of questions.",
)
@without_option
@seed_option
def template_command(
    manifests: tuple[Path, ...],
    tasks: tuple[str, ...],
    out: Path,
    languages: tuple[str, ...],
    without: Path | None,
    seed: int,
) -> None:
    """Write template instructions (stage 1) about the cuts of MANIFESTS, balanced by answer."""
    from ..api import write_instructions

    made = write_instructions(manifests, _tasks(tasks), out, languages=languages, seed=seed, without=without)
    for warning in made.counts["warnings"]:
        say(warning, sys.stderr)
    click.echo(f"{out}: {made.counts['instructions']:,} instructions")


@instruct_group.command("generate")
@click.argument("manifests", nargs=-1, required=True, type=FILE)
@click.option("--llm", required=True, help="Folder or name of the LLM that writes.")
@click.option(
    "--engine",
    type=PartName(_engines),
    default="transformers",
    show_default=True,
    help="What runs the LLM; `cryfish` is a model that this toolkit trained, which hears the clips.",
)
@click.option(
    "--url", help="Address of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1 (engine openai)."
)
@_engine_options
@click.option(
    "--out", required=True, type=FILE, help="JSONL file of candidates; what it already has is kept."
)
@click.option("--clips", default="all", show_default=True, help="How many clips, chosen by the seed.")
@click.option(
    "--per-clip", type=click.IntRange(1), default=1, show_default=True, help="Candidates for each clip."
)
@click.option(
    "--batch-size",
    type=click.IntRange(1),
    help="How many are written together, or asked of a server at a time; default 16, a server 32. vLLM fills itself.",
)
@click.option(
    "--binary-share",
    type=click.FloatRange(0, 1),
    default=0.15,
    show_default=True,
    help="Share of yes/no questions.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE[=WEIGHT]",
    help="Language of questions and answers; several are mixed by weight. Default en.",
)
@without_option
@device_option
@max_bad_option
@seed_option
def generate_command(
    *,
    manifests: tuple[Path, ...],
    llm: str,
    engine: str,
    url: str | None,
    engine_options: tuple[str, ...],
    out: Path,
    clips: str,
    per_clip: int,
    batch_size: int | None,
    binary_share: float,
    languages: tuple[str, ...],
    without: Path | None,
    device: str | None,
    max_bad: float,
    seed: int,
) -> None:
    """Let an LLM write questions and answers (stage 2) from what is known about the cuts of MANIFESTS.

    docs/stage2.md says how to run it with vLLM on a GPU, on a CPU, and through a server.
    """
    from ..api import generate

    if clips != "all" and not clips.isdigit():
        raise InputError(f"--clips {clips}: must be a number or 'all'")
    made = generate(
        manifests,
        out,
        llm=llm,
        engine=engine,
        url=url,
        options=read_named_options(engine_options, "--engine-option"),
        clips=int(clips) if clips.isdigit() else "all",
        per_clip=per_clip,
        batch_size=batch_size,
        binary_share=binary_share,
        languages=_weights(languages),
        device=device,
        max_bad=max_bad,
        seed=seed,
        without=without,
    )
    click.echo(f"{out}: {say_counts(made.counts)}")


def _weights(items: tuple[str, ...]) -> dict[str, float] | None:
    weights: dict[str, float] = {}
    for item in items:
        code, _, weight = item.partition("=")
        try:
            weights[code] = float(weight or 1)
        except ValueError:
            raise InputError(f"--language {item}: must be CODE or CODE=WEIGHT, such as de=0.2") from None
    return weights or None


@instruct_group.command("filter")
@click.argument("candidates", type=FILE)
@click.option("--kept", required=True, type=FILE, help="JSONL file for the candidates that pass.")
@click.option("--dropped", required=True, type=FILE, help="JSONL file for the others, with their reasons.")
@click.option(
    "--instructions", type=FILE, help="Also write what passed as instructions, for `cryfish shard`."
)
@click.option(
    "--filters",
    type=FILE,
    help="YAML list of filters, such as [leak, {binary: {max_share: 0.2}}]; by default all that need no LLM; yes/no "
    "questions are only marked.",
)
@click.option(
    "--llm",
    help="Folder or name of an LLM that `blind` has guess the answers without the clip, and that `judge` asks.",
)
@click.option(
    "--engine",
    type=PartName(_engines),
    default="transformers",
    show_default=True,
    help="What runs the LLM.",
)
@click.option("--url", help="Address of an OpenAI-compatible server (engine openai).")
@_engine_options
@click.option("--batch-size", type=click.IntRange(1), help="As for `instruct generate`.")
@device_option
@seed_option
def filter_command(
    *,
    candidates: Path,
    kept: Path,
    dropped: Path,
    instructions: Path | None,
    filters: Path | None,
    llm: str | None,
    engine: str,
    url: str | None,
    engine_options: tuple[str, ...],
    batch_size: int | None,
    device: str | None,
    seed: int,
) -> None:
    """Divide candidates into kept and dropped, each drop with its reasons.

    It may be done again at any time. Without --llm it needs no LLM. With one its replies stay beside KEPT
    (`NAME.replies.jsonl`), so that an interrupted run goes on and nothing is asked twice.
    """
    from ..api import filter_candidates

    made = filter_candidates(
        candidates,
        kept,
        dropped,
        instructions,
        filters=filters,
        llm=llm,
        engine=engine,
        url=url,
        options=read_named_options(engine_options, "--engine-option"),
        batch_size=batch_size,
        device=device,
        seed=seed,
    )
    for name, count in made.counts.items():
        click.echo(f"{name}: {count:,}")


@instruct_group.command("audit")
@click.argument("sources", nargs=-1, required=True, type=PATH)
@click.option("--html", type=FILE, help="Write the audit as a page.")
@click.option("--json", "as_json", type=FILE, help="Write the audit as JSON.")
@click.option(
    "--thresholds",
    "limits",
    type=FILE,
    help="YAML of thresholds such as `leak_share: 0.02`; null leaves one out.",
)
@seed_option
def audit_command(
    sources: tuple[Path, ...], html: Path | None, as_json: Path | None, limits: Path | None, seed: int
) -> None:
    """Tell what a set of instructions would teach: balance, cheap answers, leaks, duplicates, examples.

    SOURCES are files of instructions, folders of them, or folders of shards. Ends with exit code 1 where the set is
    beyond a threshold; each is named in one line.
    """
    from ...files import write_atomically, write_json
    from ..instruct.audit.audit import audit
    from ..instruct.audit.thresholds import Thresholds, read_thresholds

    given = {"--html": html, "--json": as_json}
    outputs = [Output(path, name, by="instruct audit") for name, path in given.items() if path is not None]
    read = [*sources, *([limits] if limits else [])]
    refuse(
        [
            *(fault for path in sources for fault in source_faults(path)),
            *faults_of(check_outputs, outputs, read),
        ]
    )
    report = audit(sources, seed, read_thresholds(limits) if limits else Thresholds())
    begin_files(outputs)
    if as_json is not None:
        write_json(settled(as_json), report.to_json())
    if html is not None:
        page = report.to_html()
        write_atomically(settled(html), lambda temporary: temporary.write_text(page, encoding="utf-8"))
    if html is None and as_json is None:
        click.echo(str(report))
    for written in filter(None, (html, as_json)):
        click.echo(f"{written}: {report.count:,} instructions about {report.clips:,} clips")
    for line in report.violations:
        say(line, sys.stderr)
    if report.violations:
        raise SystemExit(1)


@instruct_group.command("export")
@click.argument("sources", nargs=-1, required=True, type=PATH)
@click.option(
    "--format",
    "form",
    required=True,
    type=PartName(_formats),
    help="CryFish's annotation JSON, or chat JSONL as ms-swift or LLaMA-Factory reads it.",
)
@_format_options
@click.option("--out", required=True, type=FOLDER, help="Folder to write.")
@click.option(
    "--manifest",
    "manifests",
    multiple=True,
    type=FILE,
    help="Cut manifest that says where the audio lies (for files of instructions); may be repeated.",
)
@max_bad_option
def export_command(
    sources: tuple[Path, ...],
    form: str,
    options: tuple[str, ...],
    out: Path,
    manifests: tuple[Path, ...],
    max_bad: float,
) -> None:
    """Write instructions and their audio for another toolkit.

    SOURCES are folders of shards, whose FLACs are copied to OUT/audio, or files of instructions; these need
    --manifest, and clips that are whole recordings.
    """
    from ..api import export_instructions

    given = read_named_options(options, "--option")
    report = export_instructions(sources, form, out, manifests=manifests, options=given, max_bad=max_bad)
    click.echo(f"{report.path}: {report.instructions:,} instructions, {report.audio:,} audio files")
    if report.left_out:
        click.echo(f"left out: {report.left_out:,} instructions whose audio isn't there", err=True)


@instruct_group.command("import")
@click.argument("annotation", type=FILE)
@click.option(
    "--out",
    required=True,
    type=FILE,
    help="JSONL file of instructions; its cut manifest is written beside it, as NAME.cuts.jsonl.gz.",
)
@click.option(
    "--format",
    "form",
    default="cryfish",
    show_default=True,
    type=PartName(_formats),
    help="What it is written in.",
)
@click.option(
    "--audio-root", type=FOLDER, help="Where relative paths start; by default where the annotation lies."
)
@max_bad_option
def import_command(annotation: Path, out: Path, form: str, audio_root: Path | None, max_bad: float) -> None:
    """Read instructions of another toolkit, by default in CryFish's annotation format, and make a cut manifest of
    the audio they are about."""
    from ..api import import_instructions

    report = import_instructions(annotation, out, form=form, audio_root=audio_root, max_bad=max_bad)
    click.echo(f"{out}: {report.instructions:,} instructions; {report.manifest}: {report.clips:,} clips")
    if report.quarantined:
        click.echo(
            f"{report.quarantine}: {report.quarantined:,} audio files that can't be used, "
            f"{report.left_out:,} instructions left out",
            err=True,
        )
