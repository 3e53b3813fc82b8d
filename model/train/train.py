"""Training: what decides it, and how it starts, goes on after an interruption, and ends."""

from __future__ import annotations

import math
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

import torch
from accelerate import PartialState
from transformers import AutoTokenizer, set_seed
from transformers.utils import cached_file

from ...errors import InputError
from ...progress import say
from ...shards import Index, Plan, open_index
from ..checkpoint import FINAL, checkpoints, publish, staging_folder, step_of
from ..device import choose_device
from ..identity import content
from ..interruption import StopRequest, workers_end_with_us
from ..load import load_checkpoint
from ..modeling import CryfishForConditionalGeneration
from ..processor import CryfishProcessor
from ..run_folder import TRAIN, only_process, pin_settings, write_json
from .align import CollateWords, align, load_aligned, save_aligned
from .settings import TrainSettings
from .trainer import CryfishTrainer, uses_bf16
from .training_data import Collate, Epochs, fingerprint, plan_epochs

DONE = "done.json"
# What may change between a run and its continuation: no weight depends on it, or a digest of its content stands for it.
_FREE = {
    "out",
    "shards",
    "encoder",
    "llm",
    "checkpoint",
    "cache_dir",
    "workers",
    "save_every",
    "keep",
    "log_every",
    "device",
}


def train(settings: TrainSettings) -> Path:
    """Trains, or goes on where an interrupted run stopped, and returns the folder of the finished model.

    A finished training is not repeated. `out` then holds `model/` (what `load_checkpoint` reads), the newest
    checkpoints, `log.jsonl` and `settings.json`.

    Raises:
        InputError: `out` belongs to other settings or is in use; the shards or the start can't be read; the loss
            is no longer a number.
        SystemExit: stopped by SIGINT or SIGTERM, after saving a checkpoint.
    """
    processes = PartialState(cpu=choose_device(settings.device).type == "cpu")
    out = settings.out
    index = open_index(settings.shards)
    with only_process(out, TRAIN, settings.reads()) if processes.is_main_process else nullcontext():
        if processes.is_main_process:
            pinned = settings.model_dump(mode="json", exclude=_FREE) | {
                **_models(settings),
                "content of shards": fingerprint(index),
                "processes": processes.num_processes,
            }
            pin_settings(out, pinned)
        processes.wait_for_everyone()
        if not ((out / DONE).exists() and (out / FINAL).is_dir()):
            with workers_end_with_us():
                _train(settings, index, processes)
    return out / FINAL


def _models(settings: TrainSettings) -> dict[str, str | None]:
    """Which models the training starts from: what they hold, not where they lie."""
    models = {"encoder": settings.encoder, "llm": settings.llm, "checkpoint": settings.checkpoint}
    for model in models.values():
        if isinstance(model, str) and not Path(model).is_dir():
            # From the Hub: its revision isn't known before something of it lies here. What fails fails again, aloud.
            with suppress(Exception):
                cached_file(model, "config.json")
    return {f"content of {name}": None if model is None else content(model) for name, model in models.items()}


def _train(settings: TrainSettings, index: Index, processes: PartialState) -> None:
    out = settings.out
    per_step = settings.accumulation * processes.num_processes
    plans = plan_epochs(
        index,
        settings.budget,
        settings.seed,
        settings.weights,
        processes.num_processes,
        settings.epochs,
        settings.max_steps and settings.max_steps * per_step,
    )
    total = settings.max_steps or math.ceil(sum(len(plan) for plan in plans) / per_step)
    if processes.is_main_process and (refused := len(plans[0].refused)):
        say(
            f"{refused} of {len(index)} examples are far above the budget and left out; raise 'budget' to keep them",
            sys.stderr,
        )
    found = checkpoints(out)
    start = step_of(found[-1]) if found else 0
    model, processor = _start(settings, found[-1] if found else None)
    if start < total:
        data = Epochs(index, plans, Collate(processor), settings.cache_dir)
        with StopRequest() as stop:
            if settings.checkpoint is None and not found:
                _prepare_connector(model, processor, settings, index, plans, stop, processes)
            trainer = CryfishTrainer(model, processor, settings, data, start, total, stop)
            trainer.train(resume_from_checkpoint=str(found[-1]) if found else None)
        if stop.signum is not None and trainer.state.global_step < total:
            done = f"after step {trainer.state.global_step} of {total}; everything is saved in {out}"
            _leave(stop.signum, done, processes)
    if processes.is_main_process:
        written = staging_folder(out)
        model.save_pretrained(written)
        processor.save_pretrained(written)
        publish(written, out / FINAL)
        write_json(out / DONE, {"steps": total, "model": FINAL})
    processes.wait_for_everyone()


def _start(
    settings: TrainSettings, newest: Path | None
) -> tuple[CryfishForConditionalGeneration, CryfishProcessor]:
    """The model to train: the newest checkpoint of this run, an earlier training's, or a fresh one."""
    if earlier := newest or settings.checkpoint:
        return load_checkpoint(earlier)
    set_seed(settings.seed)  # the connector and the LoRA start at random
    dtype = torch.bfloat16 if uses_bf16(settings) else torch.float32
    try:
        model = CryfishForConditionalGeneration.from_parts(
            str(settings.encoder), str(settings.llm), dtype, **settings.model
        )
    except TypeError as error:
        raise InputError(f"the field 'model' is wrong: {error}") from error
    tokenizer = AutoTokenizer.from_pretrained(model.config.llm)
    return model, CryfishProcessor.for_config(tokenizer, model.config, settings.system_prompt)


def _prepare_connector(
    model: CryfishForConditionalGeneration,
    processor: CryfishProcessor,
    settings: TrainSettings,
    index: Index,
    plans: Sequence[Plan],
    stop: StopRequest,
    processes: PartialState,
) -> None:
    """Standardises and aligns a fresh connector, or takes what an interrupted run has aligned.

    Every process does the same work on the same batches, so that none waits for another.
    """
    if not load_aligned(model, settings.out):
        model.to(processes.device)
        data = Epochs(index, plans, Collate(processor), settings.cache_dir)
        model.standardise_frames(data[n] for n in range(min(settings.standardise_batches, len(data))))
        if settings.align is not None:
            named = Epochs(index, plans, CollateWords(processor), settings.cache_dir)
            batches = (named[n] for n in range(min(settings.align.batches, len(named))))
            losses = align(model, batches, settings.align, settings.seed, stop, processes.is_main_process)
            if stop.signum is not None:
                _leave(stop.signum, "while the connector was aligned, which starts again", processes)
            processes.wait_for_everyone()
            if processes.is_main_process:
                save_aligned(model, losses, settings.out)
    set_seed(settings.seed)  # the training's draws must not depend on whether the alignment was repeated


def _leave(signum: int, when: str, processes: PartialState) -> None:
    if processes.is_main_process:
        say(f"Stopped by {signal.Signals(signum).name} {when}. Run the same command to go on.", sys.stderr)
    raise SystemExit(128 + signum)
