"""plan: what a run would do, told before it is done."""

from __future__ import annotations

from pathlib import Path

from ..recipes.registry import recipe
from .config import Config
from .files import read_json
from .partitions import Engine
from .run import Run


def overview(config: Config, base: Path) -> str:
    """A page of text: the corpora with hours and licences, the tasks, what is in the work folder already.

    Raises:
        InputError: an unknown corpus or task in the config. A corpus folder that is missing is told, not refused.
    """
    whole = Run(config, Engine(), base)
    whole.check(folders=False)
    lines = [f"{config.name}: works in {config.work_dir}", "", "corpora"]
    restricted = []
    for name, section in config.corpora.items():
        corpus = recipe(name).corpus
        summary = whole.manifests(name) / "summary.json"
        if summary.is_file():
            content = read_json(summary)
            state = f"prepared: {content['clips']:,} clips, {content['hours']:.2f} h"
        elif section.dir.is_dir():
            state = "on disk, not prepared"
        else:
            state = f"missing: no folder {section.dir}; get it from {corpus.homepage}"
        lines.append(f"  {name:<18} {corpus.hours:>9,.1f} h as published   {corpus.licence.name:<20} {state}")
        if not corpus.licence.commercial:
            restricted.append(name)
    if restricted:
        lines.append(f"  not for commercial use: {', '.join(restricted)}")
    template = config.instruct.template
    lines += ["", "instructions (train / test)"]
    for task in sorted({*template.tasks, *template.test}):
        lines.append(f"  {task:<24} {template.tasks.get(task, '-')!s:>9} / {template.test.get(task, '-')}")
    if config.instruct.generate is not None:
        generate = config.instruct.generate
        written = f"{generate.clips!s:>9} clips x {generate.per_clip}, by {generate.llm} ({generate.engine})"
        lines.append(f"  {'written by an LLM':<24} {written}")
    lines += ["", "stages"]
    for name, output in whole.outputs().items():
        lines.append(f"  {name:<10} {'has output in' if output.exists() else 'to do:':<14} {output}")
    return "\n".join(lines)
