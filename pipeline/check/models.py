"""The models, the engines that run them, and what these need; nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from ...errors import faults_of
from ...model.bases import base_model_faults, checkpoint_faults
from ..engine.partitions import record_of
from ..instruct.filters import Llm, read_filters
from ..instruct.llm.llm import engine_faults, engine_options, engines_with
from ..instruct.tasks.tasks import TASKS, metric_of
from ..stages import Run


def writer_faults(whole: Run) -> Iterator[str]:
    generate = whole.config.instruct.generate
    if generate is not None:
        named = whole.resolved(generate.llm)
        asked = Llm(named, generate.engine, generate.url, device=generate.device, options=generate.options)
        yield from llm_faults(asked, "instruct.generate: field 'llm'", _is_made(whole.layout.candidates))


def judge_faults(whole: Run) -> Iterator[str]:
    if whole.config.instruct.generate is not None:
        filters = read_filters(whole.filter_settings(), whole.generator())
        llms = [asker.llm for asker in (filters.guessing, filters.judging) if asker is not None]
        for llm in dict.fromkeys(llms):
            if llm is not None and llm != whole.generator():
                yield from llm_faults(llm, "instruct.filter: option 'llm'", _is_made(whole.layout.filtered))


def _is_made(output: Path | None) -> bool:
    return output is not None and record_of(output).is_file()


def llm_faults(llm: Llm, field: str, made: bool = False) -> Iterator[str]:
    """What keeps an LLM from being asked; a server isn't called where all is `made` already."""
    if llm.device is not None and llm.engine not in (own := engines_with("device")):
        yield (
            f"{field}: 'device' is for the engines {' and '.join(own)}, and '{llm.engine}' has its own; leave it out"
        )
    elif llm.device is not None:
        from ...model.device import device_faults

        yield from device_faults(llm.device, field)
    options = engine_options(llm.engine, llm.batch_size, llm.device, llm.options)
    yield from engine_faults(llm.engine, llm.llm, llm.url, options, field, made)


def _has_gpu() -> bool:
    from ...model.device import accelerator

    return accelerator()[0] == "cuda"


def training_faults(whole: Run) -> Iterator[str]:
    config = whole.config
    if config.train is None:
        return
    settings = whole.train_settings()
    if settings.checkpoint is not None:
        yield from checkpoint_faults(settings.checkpoint, "train: field 'checkpoint'")
    else:
        yield from base_model_faults(str(settings.encoder), "encoder", "train: field 'encoder'")
        yield from base_model_faults(str(settings.llm), "llm", "train: field 'llm'")
    if config.train.get("bf16") is True and not _has_gpu():
        yield "train: field 'bf16' is true, but no GPU is to be seen here; leave it out: it is used where it can be"
    from ...model.device import device_faults

    yield from device_faults(settings.device, "train: field 'device'")
    if config.evaluate is not None:
        yield from device_faults(whole.evaluate_settings().device, "evaluate: field 'device'")
        yield from scoring_faults(config.instruct.template.test, whole.evaluate_settings().metrics)


def scoring_faults(tasks: Iterable[str], metrics: Mapping[str, str]) -> Iterator[str]:
    """What keeps the answers of these tasks from being scored; `metrics` are those that are named for tasks."""
    from ...model.evaluate.metric import METRICS

    named = {name: metrics.get(name) or metric_of(name) for name in tasks}
    for name, metric in named.items():
        if metric:
            yield from faults_of(METRICS.get, metric, f"evaluate: the task '{name}'")
    found = TASKS.all()
    heard = [name for name in named if name in found and found[name].kind == "text" and not named[name]]
    if heard and find_spec("jiwer") is None:
        yield f"evaluate: the task '{heard[0]}' needs the package jiwer: pip install 'cryfish[eval]'"
