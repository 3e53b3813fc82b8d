"""instruct template, generate, filter, audit: questions and answers about cuts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ...errors import InputError
from ..files import read_yaml
from .options import FILE, say_counts, seed_option


@click.group("instruct")
def instruct_group() -> None:
    """Write questions and answers about cuts: from templates, or by an LLM and then filtered."""


def _tasks(items: tuple[str, ...]) -> dict[str, int | Any]:
    tasks: dict[str, int | Any] = {}
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
@seed_option
def template_command(
    manifests: tuple[Path, ...], tasks: tuple[str, ...], out: Path, languages: tuple[str, ...], seed: int
) -> None:
    """Write template instructions (stage 1) about the cuts of MANIFESTS, balanced by answer."""
    from ..instruct.stage import template_partition
    from ..partitions import Engine

    partition = template_partition(list(manifests), out, tasks=_tasks(tasks), seed=seed, languages=languages)
    [counts] = Engine().run("template", [partition])
    for warning in counts["warnings"]:
        click.echo(warning, err=True)
    click.echo(f"{out}: {counts['instructions']:,} instructions")


@instruct_group.command("generate")
@click.argument("manifests", nargs=-1, required=True, type=FILE)
@click.option("--llm", required=True, help="Folder or name of the LLM that writes.")
@click.option(
    "--engine",
    type=click.Choice(["transformers", "vllm", "openai"]),
    default="transformers",
    show_default=True,
)
@click.option(
    "--url", help="Address of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1 (engine openai)."
)
@click.option(
    "--out", required=True, type=FILE, help="JSONL file of candidates; what it already has is kept."
)
@click.option("--clips", default="all", show_default=True, help="How many clips, chosen by the seed.")
@click.option(
    "--per-clip", type=click.IntRange(1), default=1, show_default=True, help="Candidates for each clip."
)
@click.option("--batch-size", type=click.IntRange(1), default=16, show_default=True)
@seed_option
def generate_command(
    manifests: tuple[Path, ...],
    llm: str,
    engine: str,
    url: str | None,
    out: Path,
    clips: str,
    per_clip: int,
    batch_size: int,
    seed: int,
) -> None:
    """Let an LLM write questions and answers (stage 2) from what is known about the cuts of MANIFESTS.

    docs/stage2.md says how to run it with vLLM on a GPU, on a CPU, and through a server.
    """
    from ..instruct.stage import generate_partition
    from ..partitions import Engine

    if clips != "all" and not clips.isdigit():
        raise InputError(f"--clips {clips}: must be a number or 'all'")
    partition = generate_partition(
        list(manifests),
        out,
        llm=llm,
        engine=engine,
        url=url,
        clips=int(clips) if clips.isdigit() else "all",
        per_clip=per_clip,
        batch_size=batch_size,
        seed=seed,
    )
    [counts] = Engine().run("generate", [partition])
    click.echo(f"{out}: {say_counts(counts)}")


@instruct_group.command("filter")
@click.argument("candidates", type=FILE)
@click.option("--kept", required=True, type=FILE, help="JSONL file for the candidates that pass.")
@click.option("--dropped", required=True, type=FILE, help="JSONL file for the others, with their reasons.")
@click.option(
    "--instructions", type=FILE, help="Also write what passed as instructions, for `cryfish shard`."
)
@click.option(
    "--filters", type=FILE, help="YAML list of filters; by default all, at most 20 % yes/no questions."
)
@seed_option
def filter_command(
    candidates: Path, kept: Path, dropped: Path, instructions: Path | None, filters: Path | None, seed: int
) -> None:
    """Divide candidates into kept and dropped, each drop with its reasons. Needs no LLM and may be done again."""
    from ..config import InstructSection
    from ..instruct.filters import filter_file, kept_instructions
    from ..instruct.jsonl import write_instructions

    settings = _read_yaml_list(filters) if filters else InstructSection.model_fields["filter"].default
    counts = filter_file(candidates, kept, dropped, settings, seed=seed)
    if instructions is not None:
        write_instructions(instructions, kept_instructions(kept))
    for name, count in counts.items():
        click.echo(f"{name}: {count:,}")


def _read_yaml_list(path: Path) -> list[Any]:
    content = read_yaml(path)
    if not isinstance(content, list):
        raise InputError(f"{path}: must be a YAML list of filters such as `- leak`")
    return content


@instruct_group.command("audit")
@click.argument("instructions", nargs=-1, required=True, type=FILE)
@click.option("--html", type=FILE, help="Write the audit as a page.")
@click.option("--json", "as_json", type=FILE, help="Write the audit as JSON.")
@seed_option
def audit_command(instructions: tuple[Path, ...], html: Path | None, as_json: Path | None, seed: int) -> None:
    """Tell what a set of instructions would teach: balance, best constant answers, duplicates, examples."""
    from ..files import write_atomically, write_json
    from ..instruct.audit import audit

    report = audit(list(instructions), seed=seed)
    if as_json is not None:
        write_json(as_json, report.to_json())
    if html is not None:
        page = report.to_html()
        write_atomically(html, lambda temporary: temporary.write_text(page, encoding="utf-8"))
    click.echo(
        str(report) if not (html or as_json) else json.dumps({"html": str(html), "json": str(as_json)})
    )
