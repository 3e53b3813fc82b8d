"""shard, train, evaluate: from cuts and instructions to a model and its score; and a whole config."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError, faults_of, refuse
from ...files import read_yaml
from ...outputs import Output, check_outputs
from ...quarantine import MAX_BAD
from ..inputs import existing_roots, lines_faults, manifest_faults, root_faults, shard_faults, without_faults
from .engines import open_engine
from .given import Place, Places, SomeCuts, Written, manifests_of, names_of, optional_path, path_of

if TYPE_CHECKING:
    from ...model.evaluate.results import Results
    from ...shards import Example, MicroBatches
    from ..config import Config


def write_shards(
    cuts: SomeCuts,
    instructions: Places,
    out: Place,
    *,
    target_size: str | int = "500MB",
    without: Place | None = None,
    audio_roots: Mapping[str, Place] | None = None,
    max_bad: float = MAX_BAD,
    jobs: int | None = 1,
    engine: str = "local",
) -> Written:
    """Rendered cuts with their instructions as WebDataset shards in the folder `out`, as `cryfish shard`.

    Args:
        target_size: about how large a shard should be.
        without, audio_roots: as of `augment`.
    """
    from ..config import read_size
    from ..shard.shard import STAGE, shard

    size = read_size(str(target_size))
    manifests, folder, dropped = (
        manifests_of(cuts),
        path_of(out, "--out"),
        optional_path(without, "--without"),
    )
    files = [Path(name) for name in names_of(instructions)]
    roots = existing_roots(audio_roots or {})
    refuse(
        [
            *root_faults(audio_roots or {}),
            *manifest_faults(manifests, roots, audio=True),
            *without_faults(dropped),
            *lines_faults(files, "a file of instructions that `cryfish instruct` wrote"),
            *faults_of(check_outputs, [Output(folder, "--out", STAGE)], [*manifests, *files]),
        ]
    )
    with open_engine(engine, jobs) as workers:
        counts = shard(
            workers, manifests, files, folder, size, audio_roots=roots, max_bad=max_bad, without=dropped
        )
    return Written(folder, counts)


def open_shards(
    shards: Places,
    collate: Callable[[list[Example]], Any] = list,
    *,
    audio_seconds: float = 160,
    tokens: int = 2048,
    seed: int = 0,
    epoch: int = 0,
    weights: Mapping[str, float] | None = None,
    world_size: int = 1,
    start: int = 0,
    cache_dir: Place | None = None,
) -> MicroBatches[Any]:
    """One epoch of shards as a torch dataset of micro-batches: `DataLoader(open_shards(...), batch_size=None)`.

    Args:
        collate: the examples of a micro-batch -> what a model takes; without it they come as a list.
        audio_seconds, tokens: what a micro-batch may hold, padding included (`cryfish.shards.Budget`).
        weights: how often a task's examples are seen.
        world_size: processes that share the micro-batches out; the number is a multiple of it.
        start: how many micro-batches were seen already.
        cache_dir: keeps whole remote shards.

    Raises:
        InputError: a folder without shards, a damaged index, or nothing to see.
    """
    from ...shards import Budget, MicroBatches, make_plan, open_index

    index = open_index(names_of(shards))
    plan = make_plan(index, Budget(audio_seconds, tokens), seed, epoch, weights, world_size)
    return MicroBatches(index, plan, collate, start=start, cache_dir=optional_path(cache_dir, "cache_dir"))


def train(
    shards: Places,
    out: Place,
    *,
    encoder: str | None = None,
    llm: str | None = None,
    checkpoint: Place | None = None,
    max_steps: int | None = None,
    epochs: int | None = None,
    device: str | None = None,
    settings: Place | Mapping[str, Any] | None = None,
) -> Path:
    """A model trained on shards, as `cryfish train`; returns its folder.

    Args:
        out: the folder for checkpoints, the log and the finished model.
        encoder, llm: names on the Hub, or folders; or `checkpoint`, an earlier training to go on from.
        max_steps, epochs: how long; one of them.
        settings: any other field of `TrainSettings` (a config's `train:`), or a YAML file of them.
    """
    from ...mistakes import checked
    from ...model.bases import base_model_faults, checkpoint_faults
    from ...model.device import device_faults
    from ...model.run_folder import TRAIN, check_folder
    from ...model.train.settings import TrainSettings

    fields = {
        "encoder": encoder,
        "llm": llm,
        "checkpoint": checkpoint,
        "max_steps": max_steps,
        "epochs": epochs,
        "device": device,
    }
    content, where = _settings(settings, "train", fields)
    asked = checked(TrainSettings, {**content, "shards": names_of(shards), "out": out}, where)
    if asked.checkpoint is not None:
        start = list(checkpoint_faults(asked.checkpoint, "--checkpoint"))
    else:
        start = [
            *base_model_faults(str(asked.encoder), "encoder", "--encoder"),
            *base_model_faults(str(asked.llm), "llm", "--llm"),
        ]
    refuse(
        [
            *shard_faults(asked.shards),
            *start,
            *device_faults(asked.device, "--device"),
            *faults_of(check_folder, asked.out, TRAIN, asked.reads()),
        ]
    )
    from ...model.train.train import train as run_training

    return run_training(asked)


def evaluate(
    model: Place,
    shards: Places,
    out: Place,
    *,
    train_shards: Places = (),
    tasks: Sequence[str] = (),
    per_task: int | None = None,
    device: str | None = None,
    max_bad: float = MAX_BAD,
    settings: Place | Mapping[str, Any] | None = None,
) -> Results:
    """A model's score on shards: beside the majority answer, and beside itself without audio, as `cryfish evaluate`.

    Args:
        model: a checkpoint or a training's folder.
        train_shards: what it was trained on: the majority answer is taken from there.
        tasks, per_task: only these, and at most so many examples of each.
        settings: any other field of `EvaluateSettings` (a config's `evaluate:`), or a YAML file of them.
    """
    from ...mistakes import checked
    from ...model.bases import checkpoint_faults
    from ...model.device import device_faults
    from ...model.run_folder import EVALUATE, check_folder
    from ...model.train.settings import EvaluateSettings
    from ...shards import open_index
    from ..check.models import scoring_faults

    fields = {
        "train_shards": names_of(train_shards) or None,
        "tasks": list(tasks) or None,
        "per_task": per_task,
        "device": device,
    }
    content, where = _settings(settings, "evaluate", fields)
    content.setdefault("max_bad", max_bad)
    ours = {"checkpoint": model, "shards": names_of(shards), "out": out}
    asked = checked(EvaluateSettings, {**content, **ours}, where)
    missing = list(shard_faults([*asked.shards, *asked.train_shards]))
    held = () if missing else asked.tasks or open_index(asked.shards).tasks
    refuse(
        [
            *missing,
            *checkpoint_faults(asked.checkpoint, "MODEL"),
            *scoring_faults(held, asked.metrics),
            *device_faults(asked.device, "--device"),
            *faults_of(check_folder, asked.out, EVALUATE, asked.reads()),
        ]
    )
    from ...model.evaluate.evaluate import evaluate as score
    from ..instruct.tasks.tasks import label_named, metric_of

    return score(asked, label_named, metric_of)


def run(
    config: Config | Mapping[str, Any] | Place,
    *,
    until: str | None = None,
    base: Place = ".",
    jobs: int | None = 1,
    engine: str = "local",
) -> dict[str, dict[str, Any]]:
    """Every stage of a config, as `cryfish run`; returns what each counted.

    Args:
        config: its file, or what stands in one; then relative paths start at `base`.
        until: the last stage to run.
    """
    from ..config import Config, load_config, parse_config
    from ..layout import STAGES
    from ..run import run as run_stages

    if until is not None and until not in STAGES:
        raise InputError(f"--until {until}: no such stage; the stages are {', '.join(STAGES)}")
    folder = Path(base).resolve()
    if isinstance(config, str | os.PathLike):
        file = Path(config)
        config, folder = load_config(file), file.resolve().parent
    elif not isinstance(config, Config):
        config = parse_config(config, folder / "config")
    with open_engine(engine, jobs) as workers:
        return run_stages(config, folder, workers, until)


def _settings(
    given: Place | Mapping[str, Any] | None, section: str, fields: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """The settings with those fields that are given, and how errors call them."""
    content: Any = given
    where = section
    if isinstance(given, str | os.PathLike):
        content, where = read_yaml(Path(given)), str(given)
        if not isinstance(content, Mapping):
            raise InputError(
                f"{where}: must hold `field: value` lines, such as those under `{section}:` in a config"
            )
    return {**(content or {}), **{name: value for name, value in fields.items() if value is not None}}, where
