"""run: every stage of a config file, in the order of the data's way; what is done is skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from lhotse.cut import Cut

from ..files import disk_errors
from ..locks import hold
from ..ownership import begin_folder
from ..progress import say
from ..recipes.kit.corpus import ROLES
from .audio.manifests import find_manifests
from .augment.augment import augment
from .check.check import check
from .config import Config
from .engine.partitions import Counts, Partition
from .engine.processes import Engine
from .layout import STAGES
from .prepare.contamination.stage import keep_apart
from .prepare.own.describe import told_of
from .prepare.prepare import prepare_corpus
from .rirs.bank import make_bank, progress_bar
from .rirs.recorded import prepared_cuts
from .rirs.specification import read_spec
from .shard.shard import shard
from .stages import Run

STAGE = "run"


def run(config: Config, base: Path, engine: Engine, until: str | None = None) -> dict[str, Counts]:
    """Runs the stages of a config, up to and including `until`, and returns each stage's counts.

    `base` is the config file's folder. What is finished is skipped; what was stopped goes on.

    Raises:
        InputError: the config or something it names is wrong, the work folder holds what isn't ours, or another run is
            at work there.
    """
    whole = Run(config, base)
    check(whole, until)
    work = whole.layout.work
    done: dict[str, Counts] = {}
    with disk_errors(work):
        begin_folder(work, STAGE)
    with hold(work, inside=True):
        for name in STAGES:
            counts = done[name] = _DO[name](whole, engine)
            if counts:
                say(f"{name}: " + ", ".join(f"{key} {value}" for key, value in counts.items()))
            if name == until:
                break
    return done


def _prepare(whole: Run, engine: Engine) -> Counts:
    total: Counts = {"clips": 0, "hours": 0.0, "quarantined": 0}
    for name in whole.config.corpora:
        if (own := whole.fetched(name)) is not None:
            for line in told_of(own):
                say(f"prepare, {name}: {line}")
        out, options = whole.layout.manifests(name), whole.prepare_options(name)
        summary = prepare_corpus(name, whole.home(name), out, engine=engine, **options)
        total["clips"] += summary["clips"]
        total["hours"] += summary["hours"]
        total["quarantined"] += sum(summary["quarantined"].values())
    return {**total, "hours": round(total["hours"], 3)}


def _hold_out(whole: Run, engine: Engine) -> Counts:
    return _one("hold-out", whole.hold_out_partition(), engine)


def _contamination(whole: Run, engine: Engine) -> Counts:
    out = whole.layout.contamination
    if out is None:
        return {}
    counts = keep_apart(engine, whole.apart(), out)
    return {f"dropped {name}": count for name, count in counts.items() if count}


def _rirs(whole: Run, engine: Engine) -> Counts:
    """Makes the bank that a `room` step names, if the config says how (`rirs:`)."""
    folder = whole.bank
    if folder is None:
        return {}
    spec = read_spec(whole.config.rirs)

    def recorded(corpus: str) -> Iterator[Cut]:
        return prepared_cuts(whole.layout.manifests(corpus))

    # On a cluster `jobs` counts its processors; the bank is made on this machine.
    jobs = min(engine.jobs, os.cpu_count() or 1)
    with progress_bar() as show:
        bank = make_bank(folder, spec, whole.config.seed, jobs=jobs, progress=show, recorded=recorded)
    return {"rirs": len(bank)}


def _augment(whole: Run, engine: Engine) -> Counts:
    return augment(
        engine,
        [
            (whole.augmentation(role), find_manifests(whole.layout.manifests(name)), out)
            for role in ROLES
            for name, out in zip(whole.config.corpora, whole.layout.augmented(role), strict=True)
        ],
        max_bad=whole.config.shard.max_bad,
    )


def _template(whole: Run, engine: Engine) -> Counts:
    roles = whole.config.instruct.template.roles
    counts = engine.run("template", [whole.template_partition(role) for role in roles])
    for role, count in zip(roles, counts, strict=True):
        for warning in count["warnings"]:
            say(f"template, {role}: {warning}")
    return {role: count["instructions"] for role, count in zip(roles, counts, strict=True)}


def _generate(whole: Run, engine: Engine) -> Counts:
    return _one("generate", whole.generate_partition(), engine)


def _filter(whole: Run, engine: Engine) -> Counts:
    return _one("filter", whole.filter_partition(), engine)


def _shard(whole: Run, engine: Engine) -> Counts:
    counts: Counts = {}
    for role in whole.config.instruct.template.roles:
        made = shard(
            engine,
            whole.layout.augmented(role),
            whole.layout.instructions(role),
            whole.layout.shards(role),
            whole.config.shard.target_size,
            max_bad=whole.config.shard.max_bad,
        )
        counts.update({f"{role} {name}": count for name, count in made.items()})
    return counts


def _train(whole: Run, engine: Engine) -> Counts:
    if whole.config.train is None:
        return {}
    from ..model.train.train import train

    made = train(whole.train_settings())
    if whole.config.instruct.template.stage2:
        made = train(whole.second_train_settings())
    return {"model": str(made)}


def _evaluate(whole: Run, engine: Engine) -> Counts:
    if whole.config.evaluate is None or whole.config.train is None:
        return {}
    from ..model.evaluate.evaluate import evaluate
    from ..model.evaluate.results import results_table
    from .instruct.tasks.tasks import label_named, metric_of

    results = evaluate(whole.evaluate_settings(), label_named, metric_of)
    say(results_table(results))
    return {"tasks": len(results.tasks), "answers": sum(task.n for task in results.tasks)}


def _one(stage: str, partition: Partition | None, engine: Engine) -> Counts:
    return {} if partition is None else engine.run(stage, [partition])[0]


_DO: dict[str, Callable[[Run, Engine], Counts]] = {
    "prepare": _prepare,
    "hold-out": _hold_out,
    "contamination": _contamination,
    "rirs": _rirs,
    "augment": _augment,
    "template": _template,
    "generate": _generate,
    "filter": _filter,
    "shard": _shard,
    "train": _train,
    "evaluate": _evaluate,
}
