"""The trainer: `transformers.Trainer` over planned micro-batches, with checkpoints that are whole or absent."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from accelerate import Accelerator
from torch.utils.data import DataLoader
from transformers import (
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from ...constants import SAMPLE_RATE
from ...errors import InputError
from ...progress import Bar
from ..checkpoint import STAGING, prune, publish, staging_folder
from ..device import choose_device
from ..interruption import StopRequest, ignore_in_worker
from ..run_folder import json_line, read_jsonl
from .training_data import Epochs

if TYPE_CHECKING:
    from ..modeling import CryfishForConditionalGeneration
    from ..processor import CryfishProcessor
    from .settings import TrainSettings

LOG = "log.jsonl"


def uses_bf16(settings: TrainSettings) -> bool:
    """Whether the settings ask for bfloat16 and the device has it."""
    on_cuda = settings.bf16 and choose_device(settings.device).type == "cuda"
    return on_cuda and torch.cuda.is_bf16_supported()


class CryfishTrainer(Trainer):
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
        stop: StopRequest,
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
        self.add_callback(_Stop(stop, self))

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
        else:
            trained = self.model.config.encoder_trained
            self.model.unfreeze_encoder()
            self.model.config.encoder_trained = trained  # until then checkpoints needn't hold it
        made: torch.optim.Optimizer = super().create_optimizer(model)
        return made

    def training_step(
        self, model: torch.nn.Module, inputs: dict[str, Any], num_items_in_batch: Any = None
    ) -> torch.Tensor:
        self.rate.add(int(inputs["attention_mask"].sum()), int(inputs["audio_lengths"].sum()) / SAMPLE_RATE)
        loss: torch.Tensor = super().training_step(model, inputs, num_items_in_batch)
        return loss

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
        self.callback_handler.on_log(self.args, self.state, self.control, logs)

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
        except OSError as error:
            raise InputError(
                f"{out}: cannot save step {self.state.global_step} ({error.strerror or error}); make room and run "
                "again, it goes on from the checkpoint before"
            ) from error
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
        bf16=uses_bf16(settings),
        use_cpu=choose_device(settings.device).type == "cpu",
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


class _Schedule(TrainerCallback):
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


class _Stop(TrainerCallback):
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


class _Bar(TrainerCallback):
    """A progress bar over steps that doesn't count the steps of an earlier run into its rate."""

    bar: Bar

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any
    ) -> None:
        self.bar = Bar(
            "train",
            state.max_steps,
            unit="step",
            done=state.global_step,
            shown=None if state.is_world_process_zero else False,
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
        self.bar.note(loss=f"{logs['loss']:.4f}")

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
        self.tokens, self.seconds, self.since = 0, 0.0, time.perf_counter()
        return float(seen[0]) / elapsed, float(seen[1]) / elapsed
