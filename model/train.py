"""Training: a thin `transformers.Trainer` over planned micro-batches, resumable at any step."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator, PartialState
from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch.utils.data import DataLoader
from tqdm import tqdm
from transformers import (
    AutoTokenizer,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
    set_seed,
)

from ..errors import InputError
from ..shards import SAMPLE_RATE, Budget, Index, open_index
from .checkpoint import FINAL, STAGING, checkpoints, load_checkpoint, prune, publish, staging_folder, step_of
from .interruption import StopRequest, ignore_in_worker
from .modeling import CryfishForConditionalGeneration
from .processor import CryfishProcessor
from .run_folder import json_line, only_process, pin_settings, read_jsonl, write_json
from .training_data import Collate, Epochs, fingerprint, plan_epochs

LOG = "log.jsonl"
DONE = "done.json"
# What may change between a run and its continuation, because no weight depends on it.
_FREE = {"out", "shards", "cache_dir", "workers", "save_every", "keep", "log_every"}


class TrainSettings(BaseModel):
    """Everything that decides a training.

    The model starts from `encoder` and `llm` (names or folders; `model` holds other fields of `CryfishConfig`), or
    from `checkpoint`, the folder of an earlier training. The training lasts `epochs`, or `max_steps` optimizer steps;
    a step is `accumulation` micro-batches on each process, each filled to `budget`. `weights` say how often a task's
    examples are seen in an epoch. The encoder is frozen for its share of the steps, then trained. `cache_dir` keeps
    remote shards.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    shards: list[str] = Field(min_length=1)
    out: Path
    encoder: str | None = None
    llm: str | None = None
    checkpoint: Path | None = None
    model: dict[str, Any] = {}
    epochs: int | None = Field(default=None, ge=1)
    max_steps: int | None = Field(default=None, ge=1)
    learning_rate: float = Field(default=1e-4, gt=0)
    warmup_share: float = Field(default=0.03, ge=0, le=1)
    weight_decay: float = Field(default=0.01, ge=0)
    max_grad_norm: float = Field(default=1.0, gt=0)
    accumulation: int = Field(default=1, ge=1)
    budget: Budget = Budget(audio_seconds=160, tokens=2048)
    weights: dict[str, float] | None = None
    seed: int = 0
    encoder_frozen_share: float = Field(default=0.5, ge=0, le=1)
    bf16: bool = True
    gradient_checkpointing: bool = False
    save_every: int = Field(default=500, ge=1)
    keep: int = Field(default=2, ge=1)
    log_every: int = Field(default=1, ge=1)
    workers: int = Field(default=2, ge=0)
    cache_dir: Path | None = None

    @model_validator(mode="after")
    def _one_start_and_one_length(self) -> TrainSettings:
        names = self.encoder is not None and self.llm is not None
        if names == (self.checkpoint is not None) or (self.checkpoint and (self.encoder or self.llm)):
            raise ValueError("give either 'encoder' and 'llm', or 'checkpoint'")
        if (self.epochs is None) == (self.max_steps is None):
            raise ValueError("give either 'epochs' or 'max_steps'")
        return self


def train(settings: TrainSettings) -> Path:
    """Trains, or goes on where an interrupted run stopped, and returns the folder of the finished model.

    A finished training is not repeated. `out` then holds `model/` (what `load_checkpoint` reads), the newest
    checkpoints, `log.jsonl` and `settings.json`.

    Raises:
        InputError: `out` belongs to other settings or is in use; the shards or the start can't be read; the loss
            is no longer a number.
        SystemExit: stopped by SIGINT or SIGTERM, after saving a checkpoint.
    """
    processes = PartialState(cpu=not torch.accelerator.is_available())
    out = settings.out
    index = open_index(settings.shards)
    with only_process(out) if processes.is_main_process else nullcontext():
        if processes.is_main_process:
            pinned = settings.model_dump(mode="json", exclude=_FREE)
            pin_settings(
                out, {**pinned, "content of shards": fingerprint(index), "processes": processes.num_processes}
            )
        processes.wait_for_everyone()
        if not (out / DONE).exists():
            _train(settings, index, processes)
    return out / FINAL


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
        print(
            f"{refused} of {len(index)} examples are far above the budget and left out; raise 'budget' to keep them",
            file=sys.stderr,
        )
    found = checkpoints(out)
    start = step_of(found[-1]) if found else 0
    model, processor = _start(settings, found[-1] if found else None)
    if start < total:
        data = Epochs(index, plans, Collate(processor), settings.cache_dir)
        trainer = CryfishTrainer(model, processor, settings, data, start, total)
        with StopRequest() as stop:
            trainer.add_callback(_Stop(stop, trainer))
            trainer.train(resume_from_checkpoint=str(found[-1]) if found else None)
        if stop.signum is not None and trainer.state.global_step < total:
            _leave(stop.signum, trainer.state.global_step, total, out)
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
    dtype = torch.bfloat16 if _uses_bf16(settings) else torch.float32
    try:
        model = CryfishForConditionalGeneration.from_parts(
            str(settings.encoder), str(settings.llm), dtype, **settings.model
        )
    except TypeError as error:
        raise InputError(f"the field 'model' is wrong: {error}") from error
    tokenizer = AutoTokenizer.from_pretrained(model.config.llm)
    return model, CryfishProcessor.for_config(tokenizer, model.config)


def _uses_bf16(settings: TrainSettings) -> bool:
    return settings.bf16 and torch.cuda.is_available() and torch.cuda.is_bf16_supported()


def _leave(signum: int, step: int, total: int, out: Path) -> None:
    print(
        f"Stopped by {signal.Signals(signum).name} after step {step} of {total}; everything is saved in {out}. "
        "Run the same command to go on.",
        file=sys.stderr,
    )
    raise SystemExit(128 + signum)


class CryfishTrainer(Trainer):  # type: ignore[misc]
    """`transformers.Trainer` over a list of micro-batches that was planned beforehand.

    The whole training is one epoch of the Trainer's, so that its position is one integer. Resuming starts the loader
    there, instead of reading what was seen; checkpoints appear whole or not at all.
    """

    def __init__(
        self,
        model: CryfishForConditionalGeneration,
        processor: CryfishProcessor,
        settings: TrainSettings,
        data: Epochs,
        start: int,
        total: int,
    ) -> None:
        self.settings = settings
        self.processor = processor
        self.start, self.total = start, total
        self.rate = _Rate()
        super().__init__(model=model, args=_arguments(settings, total), train_dataset=data)
        # Several GPUs in one process would mean DataParallel, which can't split our batches.
        self.args._n_gpu = min(self.args.n_gpu, 1)
        self.model_accepts_loss_kwargs = True  # the loss is a mean over the answers' tokens of the whole step
        self.remove_callback(PrinterCallback)
        self.add_callback(_Schedule(self))
        self.add_callback(_Bar())

    def get_train_dataloader(self) -> DataLoader[dict[str, torch.Tensor]]:
        """This process's micro-batches, from the step to start at."""
        world, rank = self.args.world_size, self.args.process_index
        limit = min(len(self.train_dataset), self.total * self.settings.accumulation * world)
        order = range(self.start * self.settings.accumulation * world + rank, limit, world)
        return DataLoader(
            self.train_dataset,
            batch_size=None,
            sampler=order,
            num_workers=self.settings.workers,
            pin_memory=self.args.device.type == "cuda",
            worker_init_fn=ignore_in_worker,
            # Its own, because making an iterator draws from the global one, which a resumed run must find untouched.
            generator=torch.Generator(),
        )

    def set_initial_training_values(
        self, args: TrainingArguments, dataloader: DataLoader[Any]
    ) -> tuple[int, int, int, int, int, int | None, int]:
        """One epoch of `total` steps, of which the loader holds what is left."""
        left = len(dataloader)
        return 1, self.total, left, left, args.gradient_accumulation_steps * args.world_size, left, self.total

    def create_optimizer(self, model: torch.nn.Module | None = None) -> torch.optim.Optimizer:
        """Also holds the encoder's weights if they are trained later; without gradients it leaves them alone."""
        if self.settings.encoder_frozen_share == 1:
            self.model.freeze_encoder()
            return super().create_optimizer(model)
        trained = self.model.config.encoder_trained
        self.model.unfreeze_encoder()
        self.model.config.encoder_trained = trained  # until then checkpoints needn't hold it
        return super().create_optimizer(model)

    def training_step(
        self, model: torch.nn.Module, inputs: dict[str, Any], num_items_in_batch: Any = None
    ) -> torch.Tensor:
        self.rate.add(int(inputs["attention_mask"].sum()), int(inputs["audio_lengths"].sum()) / SAMPLE_RATE)
        return super().training_step(model, inputs, num_items_in_batch)

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """One line of `log.jsonl`. Not kept in the Trainer's state, which is written whole at each checkpoint."""
        if "loss" not in logs:
            return
        tokens, seconds = self.rate.take(self.accelerator)
        if not math.isfinite(logs["loss"]):
            raise InputError(
                f"{self.settings.out}: the loss is {logs['loss']} at step {self.state.global_step}; lower "
                "'learning_rate' and train into another folder"
            )
        if self.is_world_process_zero():
            record = {
                "step": self.state.global_step,
                "epoch": round(self.state.epoch or 0, 4),
                "loss": logs["loss"],
                "grad_norm": logs["grad_norm"],
                "learning_rate": logs["learning_rate"],
                "tokens_per_s": round(tokens, 1),
                "audio_s_per_s": round(seconds, 2),
            }
            with (self.settings.out / LOG).open("a", encoding="utf-8") as file:
                file.write(json_line(record))
        self.control = self.callback_handler.on_log(self.args, self.state, self.control, logs)

    def _load_from_checkpoint(
        self, resume_from_checkpoint: str, model: torch.nn.Module | None = None
    ) -> None:
        """Nothing: `load_checkpoint` made the model from it."""

    def _save_checkpoint(self, model: torch.nn.Module, trial: Any) -> None:
        """Saves into a folder of another name, then renames it: a killed run leaves whole checkpoints only."""
        out = self.settings.out
        name = f"checkpoint-{self.state.global_step}"
        if self.is_world_process_zero():
            staging_folder(out)
        self.accelerator.wait_for_everyone()
        self.args.output_dir = str(out / STAGING)
        try:
            super()._save_checkpoint(model, trial)
        finally:
            self.args.output_dir = str(out)
        self.accelerator.wait_for_everyone()
        if self.is_world_process_zero():
            written = out / STAGING / name
            (written / "training_args.bin").unlink(missing_ok=True)  # pickled, and `settings.json` says more
            self.processor.save_pretrained(written)
            publish(written, out / name)
            prune(out, self.settings.keep)
        self.accelerator.wait_for_everyone()


def _arguments(settings: TrainSettings, total: int) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(settings.out),
        max_steps=total,
        per_device_train_batch_size=1,
        gradient_accumulation_steps=settings.accumulation,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=math.ceil(settings.warmup_share * total),
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.max_grad_norm,
        seed=settings.seed,
        bf16=_uses_bf16(settings),
        use_cpu=not torch.accelerator.is_available(),
        activation_checkpointing=settings.gradient_checkpointing,
        # The encoder's weights have no gradients while it is frozen, and the processes must not wait for them.
        ddp_find_unused_parameters=0 < settings.encoder_frozen_share < 1,
        logging_steps=settings.log_every,
        logging_nan_inf_filter=False,
        save_strategy="steps",
        save_steps=settings.save_every,
        ignore_data_skip=True,
        label_names=["labels"],
        report_to="none",
        disable_tqdm=True,
    )


class _Schedule(TrainerCallback):  # type: ignore[misc]
    """Which part is trained when, and where in the data the training is."""

    def __init__(self, trainer: CryfishTrainer) -> None:
        self.trainer = trainer
        self.switch = math.ceil(trainer.settings.encoder_frozen_share * trainer.total)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any
    ) -> None:
        if self.trainer.is_world_process_zero():
            read_jsonl(
                self.trainer.settings.out / LOG, lambda record: record.get("step", 0) <= state.global_step
            )
        if state.global_step < self.switch:
            self.trainer.model.freeze_encoder()
        self.trainer.rate.take(self.trainer.accelerator)

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any
    ) -> None:
        if state.global_step == self.switch:
            self.trainer.model.unfreeze_encoder()

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any
    ) -> None:
        per_step = args.gradient_accumulation_steps * args.world_size
        data = self.trainer.train_dataset
        state.epoch = data.epoch_at(min(state.global_step * per_step, len(data)))


class _Stop(TrainerCallback):  # type: ignore[misc]
    """Saves and ends the training at the step after a signal; all processes at the same one."""

    def __init__(self, stop: StopRequest, trainer: CryfishTrainer) -> None:
        self.stop, self.trainer = stop, trainer

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any
    ) -> None:
        asked = torch.tensor(self.stop.signum or 0, device=args.device)
        if args.world_size > 1:
            asked = self.trainer.accelerator.gather(asked).max()
        if asked > 0:
            self.stop.signum = int(asked)
            control.should_save = control.should_training_stop = True


class _Bar(TrainerCallback):  # type: ignore[misc]
    """A progress bar over steps that doesn't count the steps of an earlier run into its rate."""

    bar: tqdm[Any]

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any
    ) -> None:
        self.bar = tqdm(
            total=state.max_steps,
            initial=state.global_step,
            desc="train",
            unit="step",
            disable=None if state.is_world_process_zero else True,
        )

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any
    ) -> None:
        self.bar.update()

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, float],
        **rest: Any,
    ) -> None:
        self.bar.set_postfix(loss=f"{logs['loss']:.4f}", refresh=False)

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any
    ) -> None:
        self.bar.close()


class _Rate:
    """Tokens and audio seconds per second since it was last asked, over all processes."""

    def __init__(self) -> None:
        self.tokens, self.seconds, self.since = 0, 0.0, time.perf_counter()

    def add(self, tokens: int, seconds: float) -> None:
        self.tokens += tokens
        self.seconds += seconds

    def take(self, accelerator: Accelerator) -> tuple[float, float]:
        seen = torch.tensor([self.tokens, self.seconds], device=accelerator.device)
        if accelerator.num_processes > 1:
            seen = accelerator.reduce(seen)
        elapsed = max(time.perf_counter() - self.since, 1e-9)
        self.__init__()  # type: ignore[misc]
        return float(seen[0]) / elapsed, float(seen[1]) / elapsed
