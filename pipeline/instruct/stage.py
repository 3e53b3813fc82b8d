"""instruct: the three ways to instructions (template, generate, filter) as partitions."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lhotse.cut import Cut

from ...recipes.facts import read_facts
from ..files import write_json
from ..manifests import read_cuts
from ..partitions import Counts, Partition
from .backends import model_name, open_backend
from .draws import digest
from .filters import filter_file, kept_instructions
from .generate import generate_candidates
from .jsonl import write_instructions
from .phrasings import FOLDER
from .prompts import PROMPT_VERSION, facts_for_prompt
from .tasks import task_named
from .templates import Count, template_instructions


def template_partition(
    manifests: list[Path], out: Path, *, tasks: Mapping[str, Count], seed: int, languages: Sequence[str]
) -> Partition:
    """The partition that writes the template instructions of one role's cuts, and `<out>.stats.json` beside them.

    Raises:
        InputError: there is no task of a name.
    """
    return Partition(
        name=f"instruct/template/{out.name}",
        output=out,
        work=_template,
        arguments=(manifests, out, dict(tasks), seed, tuple(languages)),
        inputs=(*manifests, *(FOLDER / f"{task_named(name).name}.yaml" for name in tasks)),
        params={"tasks": dict(tasks), "seed": seed, "languages": list(languages)},
    )


def stats_path(out: Path) -> Path:
    """Where the template stage says what it chose and why."""
    return out.with_name(f"{out.stem}.stats.json")


def _template(
    temporary: Path,
    manifests: list[Path],
    out: Path,
    tasks: dict[str, Count],
    seed: int,
    languages: tuple[str, ...],
) -> Counts:
    chosen = template_instructions(_all_cuts(manifests), tasks, seed, languages)
    written = write_instructions(temporary, chosen)
    write_json(stats_path(out), chosen.stats.to_json())
    return {"instructions": written, "warnings": chosen.stats.warnings}


def _all_cuts(manifests: Sequence[Path]) -> Iterator[Cut]:
    for path in manifests:
        yield from read_cuts(path)


def generate_partition(
    manifests: list[Path],
    out: Path,
    *,
    llm: str,
    engine: str,
    url: str | None,
    clips: Count,
    per_clip: int,
    batch_size: int,
    seed: int,
) -> Partition:
    """The partition in which an LLM writes candidates about `clips` of the cuts; resumes by itself."""
    return Partition(
        name=f"instruct/generate/{out.name}",
        output=out,
        work=_generate,
        arguments=(manifests, llm, engine, url, clips, per_clip, batch_size, seed),
        inputs=tuple(manifests),
        params={
            "llm": model_name(llm),
            "engine": engine,
            "clips": clips,
            "per_clip": per_clip,
            "batch_size": batch_size,
            "seed": seed,
            "prompt": PROMPT_VERSION,
        },
        in_place=True,
    )


def _generate(
    out: Path,
    manifests: list[Path],
    llm: str,
    engine: str,
    url: str | None,
    clips: Count,
    per_clip: int,
    batch_size: int,
    seed: int,
) -> Counts:
    cuts = choose_cuts(manifests, clips, seed)
    backend = open_backend(engine, llm, url)
    try:
        report = generate_candidates(cuts, out, backend, per_clip=per_clip, seed=seed, batch_size=batch_size)
    finally:
        backend.close()
    return {"candidates": report.records, "errors": report.errors, "clips without facts": report.silent_clips}


def choose_cuts(manifests: Sequence[Path], clips: Count, seed: int) -> list[Cut]:
    """So many of the cuts that an LLM can be told something about: those lowest by a hash of (seed, id)."""
    ranked = (
        (digest("generate", seed, cut.id), cut)
        for cut in _all_cuts(manifests)
        if facts_for_prompt(read_facts(cut))
    )
    if clips == "all":
        return [cut for _, cut in sorted(ranked, key=lambda pair: pair[0])]
    return [cut for _, cut in heapq.nsmallest(clips, ranked, key=lambda pair: pair[0])]


def filter_partition(candidates: Path, out: Path, *, filters: list[Any], seed: int) -> Partition:
    """The partition that filters candidates: kept.jsonl, dropped.jsonl and instructions.jsonl in the folder `out`."""
    return Partition(
        name=f"instruct/filter/{candidates.name}",
        output=out,
        work=_filter,
        arguments=(candidates, filters, seed),
        inputs=(candidates,),
        params={"filters": filters, "seed": seed},
    )


def _filter(temporary: Path, candidates: Path, filters: list[Any], seed: int) -> Counts:
    temporary.mkdir()
    kept, dropped = temporary / "kept.jsonl", temporary / "dropped.jsonl"
    report = filter_file(candidates, kept, dropped, filters, seed=seed)
    write_instructions(temporary / "instructions.jsonl", kept_instructions(kept))
    return report
