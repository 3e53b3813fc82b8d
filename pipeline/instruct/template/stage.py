"""instruct template as a partition: which tasks are asked about which cuts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from ....errors import InputError
from ....files import write_json
from ....recipes.kit.values import table_files
from ...engine.partitions import Counts, Partition
from ...prepare.contamination.dropped import without_files
from ..clips import read_clips
from ..jsonl import write_instructions
from ..tasks.tasks import TASKS, task_named
from .collect import Count
from .phrasings import REQUESTS, templates_of
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
    asked = [task_named(name) for name in tasks]
    templates = [templates_of(task) for task in asked]
    return Partition(
        name=f"instruct/template/{out.name}",
        output=out,
        work=_template,
        arguments=(manifests, out, dict(tasks), seed, tuple(languages), binary_share, without),
        inputs=(
            *manifests,
            *without_files(without),
            REQUESTS,
            *(path for path in templates if isinstance(path, Path)),
            *table_files(fact for task in asked for fact in task.facts),
        ),
        # They are found by listing a folder.
        roots=tuple(sorted({TASKS.home(name) for name in tasks})),
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
