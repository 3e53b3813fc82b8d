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
    all_of,
    device_option,
    max_bad_option,
    read_named,
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


_engine = all_of(
    click.option(
        "--engine",
        type=PartName(_engines),
        default="transformers",
        show_default=True,
        help="What runs the LLM; `cryfish` is a model that this toolkit trained, which hears the clips.",
    ),
    click.option(
        "--url",
        help="Address of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1 (engine openai).",
    ),
    click.option(
        "--engine-option",
        "options",
        multiple=True,
        metavar="NAME=VALUE",
        callback=read_named,
        help="An option of the engine's own, such as retries=9; may be repeated.",
    ),
    click.option(
        "--batch-size",
        type=click.IntRange(1),
        help="How many are asked together, or of a server at a time; default 16, a server 32. vLLM fills itself.",
    ),
    device_option,
)


def _tasks(_: Any, __: Any, items: tuple[str, ...]) -> dict[str, int | Literal["all"]]:
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
    callback=_tasks,
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
def template_command(manifests: tuple[Path, ...], tasks: dict[str, Any], out: Path, **given: Any) -> None:
    """Write template instructions (stage 1) about the cuts of MANIFESTS, balanced by answer."""
    from ..api.instructions import write_instructions

    made = write_instructions(manifests, tasks, out, **given)
    for warning in made.counts["warnings"]:
        say(warning, sys.stderr)
    click.echo(f"{out}: {made.counts['instructions']:,} instructions")


def _weights(_: Any, __: Any, items: tuple[str, ...]) -> dict[str, float] | None:
    weights: dict[str, float] = {}
    for item in items:
        code, _, weight = item.partition("=")
        try:
            weights[code] = float(weight or 1)
        except ValueError:
            raise InputError(f"--language {item}: must be CODE or CODE=WEIGHT, such as de=0.2") from None
    return weights or None


def _clips(_: Any, __: Any, count: str) -> int | Literal["all"]:
    if count != "all" and not count.isdigit():
        raise InputError(f"--clips {count}: must be a number or 'all'")
    return int(count) if count.isdigit() else "all"


@instruct_group.command("generate")
@click.argument("manifests", nargs=-1, required=True, type=FILE)
@click.option("--llm", required=True, help="Folder or name of the LLM that writes.")
@_engine
@click.option(
    "--out", required=True, type=FILE, help="JSONL file of candidates; what it already has is kept."
)
@click.option(
    "--clips", default="all", show_default=True, callback=_clips, help="How many clips, chosen by the seed."
)
@click.option(
    "--per-clip", type=click.IntRange(1), default=1, show_default=True, help="Candidates for each clip."
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
    callback=_weights,
    help="Language of questions and answers; several are mixed by weight. Default en.",
)
@without_option
@max_bad_option
@seed_option
def generate_command(manifests: tuple[Path, ...], out: Path, **given: Any) -> None:
    """Let an LLM write questions and answers (stage 2) from what is known about the cuts of MANIFESTS.

    docs/stage2.md says how to run it with vLLM on a GPU, on a CPU, and through a server.
    """
    from ..api.instructions import generate

    made = generate(manifests, out, **given)
    click.echo(f"{out}: {say_counts(made.counts)}")


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
@_engine
@seed_option
def filter_command(
    candidates: Path, kept: Path, dropped: Path, instructions: Path | None, **given: Any
) -> None:
    """Divide candidates into kept and dropped, each drop with its reasons.

    It may be done again at any time. Without --llm it needs no LLM. With one its replies stay beside KEPT
    (`NAME.replies.jsonl`), so that an interrupted run goes on and nothing is asked twice.
    """
    from ..api.instructions import filter_candidates

    made = filter_candidates(candidates, kept, dropped, instructions, **given)
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
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    callback=read_named,
    help="An option of the format's own; may be repeated.",
)
@click.option("--out", required=True, type=FOLDER, help="Folder to write.")
@click.option(
    "--manifest",
    "manifests",
    multiple=True,
    type=FILE,
    help="Cut manifest that says where the audio lies (for files of instructions); may be repeated.",
)
@max_bad_option
def export_command(sources: tuple[Path, ...], form: str, out: Path, **given: Any) -> None:
    """Write instructions and their audio for another toolkit.

    SOURCES are folders of shards, whose FLACs are copied to OUT/audio, or files of instructions; these need
    --manifest, and clips that are whole recordings.
    """
    from ..api.instructions import export_instructions

    report = export_instructions(sources, form, out, **given)
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
def import_command(annotation: Path, out: Path, **given: Any) -> None:
    """Read instructions of another toolkit, by default in CryFish's annotation format, and make a cut manifest of
    the audio they are about."""
    from ..api.instructions import import_instructions

    report = import_instructions(annotation, out, **given)
    click.echo(f"{out}: {report.instructions:,} instructions; {report.manifest}: {report.clips:,} clips")
    if report.quarantined:
        click.echo(
            f"{report.quarantine}: {report.quarantined:,} audio files that can't be used, "
            f"{report.left_out:,} instructions left out",
            err=True,
        )
