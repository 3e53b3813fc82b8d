"""instruct filter as a partition: candidates -> kept and dropped, and instructions of what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ....errors import InputError
from ....files import replace
from ....ownership import note, remove
from ....recipes.kit.values import TABLES, table_files
from ...engine.partitions import Counts, Partition
from ..jsonl import write_instructions
from . import Llm, filter_file, kept_instructions, read_filters


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
