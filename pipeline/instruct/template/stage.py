"""instruct: the three ways to instructions (template, generate, filter) as partitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ....errors import InputError
from ....files import replace, write_json
from ....ownership import note, remove
from ....recipes.kit.values import TABLES, table_files
from ...engine.partitions import Counts, Partition
from ...prepare.contamination.dropped import without_files
from ..clips import read_clips
from ..filters import Llm, filter_file, kept_instructions, read_filters
from ..jsonl import write_instructions
from ..tasks.tasks import task_named
from .collect import Count
from .phrasings import FOLDER, REQUESTS
from .template import BINARY_SHARE, template_instructions


def template_partition(
    manifests: list[Path],
    out: Path,
    *,
    tasks: Mapping[str, Count],
    seed: int,
    languages: Sequence[str],
    binary_share: float = BINARY_SHARE,
    without: Path | None = None,
) -> Partition:
    """The partition that writes the template instructions of one role's cuts, and `<out>.stats.json` beside them.

    Nothing is asked about the clips that `without` lists (`contamination.jsonl`).

    Raises:
        InputError: there is no task of a name.
    """
    return Partition(
        name=f"instruct/template/{out.name}",
        output=out,
        work=_template,
        arguments=(manifests, out, dict(tasks), seed, tuple(languages), binary_share, without),
        inputs=(
            *manifests,
            *without_files(without),
            REQUESTS,
            *(FOLDER / f"{task_named(name).name}.yaml" for name in tasks),
            *table_files(fact for name in tasks for fact in task_named(name).facts),
        ),
        params={
            "tasks": dict(tasks),
            "seed": seed,
            "languages": list(languages),
            "binary_share": binary_share,
        },
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
    binary_share: float,
    without: Path | None,
) -> Counts:
    read = partial(read_clips, manifests, without=without)
    chosen = template_instructions(read, tasks, seed, languages, binary_share)
    written = write_instructions(temporary, chosen)
    if not written:
        needed = "; ".join(f"{name} needs {', '.join(task_named(name).facts) or 'nothing'}" for name in tasks)
        raise InputError(
            f"{', '.join(map(str, manifests))}: no clip here that any of the tasks could be asked about ({needed}); "
            "ask for other tasks, or take other corpora"
        )
    write_json(stats_path(out), chosen.stats.to_json())
    return {"instructions": written, "warnings": chosen.stats.warnings}


def filter_partition(
    candidates: Path, out: Path, *, filters: list[Any], seed: int, llm: Llm | None = None
) -> Partition:
    """The partition that filters candidates: kept.jsonl, dropped.jsonl and instructions.jsonl in the folder `out`.

    `llm` is the one that filters ask which name none; what it says stays in `<out>.replies.jsonl` beside the folder.
    """
    read = read_filters(filters, llm)
    asking = {"blind": read.guessing, "judge": read.judging}
    asked = {
        f"llm of {name}": [options.llm.identity, options.llm.engine]
        for name, options in asking.items()
        if options is not None and options.llm is not None
    }
    return Partition(
        name=f"instruct/filter/{candidates.name}",
        output=out,
        work=_filter,
        arguments=(candidates, filters, seed, llm, out, out.with_name(f"{out.name}.replies.jsonl")),
        inputs=(candidates, *table_files(TABLES)),
        params={"filters": filters, "seed": seed, **asked},
        folder="instruct filter",
        # They are found by their names.
        roots=("pipeline.instruct.filters", *read.homes),
    )


def _filter(
    temporary: Path,
    candidates: Path,
    filters: list[Any],
    seed: int,
    llm: Llm | None,
    out: Path,
    replies: Path,
) -> Counts:
    kept, dropped = temporary / "kept.jsonl", temporary / "dropped.jsonl"
    report = filter_file(candidates, kept, dropped, filters, seed=seed, llm=llm, replies=replies)
    told = out.with_name(f"{out.name}.dropped.jsonl")
    if not report["kept"]:
        note([told])
        replace(dropped, told)
        raise InputError(none_kept(candidates, told, report))
    remove(told)
    write_instructions(temporary / "instructions.jsonl", kept_instructions(kept))
    return report


def none_kept(candidates: Path, dropped: Path, report: Mapping[str, int]) -> str:
    """Why the filters left nothing, as a sentence."""
    reasons = {
        name.removeprefix("dropped: "): n for name, n in report.items() if name.startswith("dropped: ")
    }
    if not reasons:
        return f"{candidates}: holds no candidate; write some with `cryfish instruct generate`"
    reason = max(reasons, key=lambda name: reasons[name])
    return (
        f"{candidates}: none of its {report['dropped']:,} candidates passes the filters, most often for '{reason}' "
        f"({reasons[reason]:,}); look at {dropped}, then change the filters or let another LLM write"
    )
