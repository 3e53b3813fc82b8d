"""What decides a training and an evaluation. Checked long before either begins, so nothing heavy is imported here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ...local_path import LocalPath
from ...quarantine import MAX_BAD, MaxBad
from ...section import MOST, Count, Section, Seed, Share, Within
from ...shards import Budget

LearningRate = Annotated[float, Field(gt=0, le=1)]
Workers = Annotated[int, Within(0, 1024)]


class AlignSettings(Section):
    """`steps` of the connector alone, on the frames of the first `batches` micro-batches, which are kept in memory.

    A step sees `batches_per_step` of them, drawn by the training's seed.
    """

    steps: Count
    batches: Count = 256
    batches_per_step: Count = 4
    learning_rate: LearningRate = 1e-3


class TrainSettings(Section):
    """Everything that decides a training.

    The model starts from `encoder` and `llm` (names or folders; `model` holds other fields of `CryfishConfig`), or
    from `checkpoint`, the folder of an earlier training. `system_prompt` goes before every question; without it, what
    the LLM's chat template puts there. A fresh connector takes the mean and the scale of the encoder's frames from
    the first `standardise_batches` micro-batches (0: takes the frames as they are, like the original), and with `align`
    it first learns alone to name the labels in the LLM's words (`AlignSettings`).

    The training lasts `epochs`, or `max_steps` optimizer steps; a step is `accumulation` micro-batches on each
    process, each filled to `budget`. `weights` say how often a task's examples are seen in an epoch. The encoder is
    frozen for its share of the steps, then trained. `cache_dir` keeps remote shards. `device` is `cuda`, `mps` or
    `cpu`, without it the best there is; CUDA_VISIBLE_DEVICES says which of several GPUs.
    """

    shards: list[str] = Field(min_length=1)
    out: LocalPath
    encoder: str | None = None
    llm: str | None = None
    checkpoint: LocalPath | None = None
    model: dict[str, Any] = {}
    system_prompt: str | None = None
    standardise_batches: Annotated[int, Within(0, MOST)] = 4
    align: AlignSettings | None = None
    epochs: Count | None = None
    max_steps: Count | None = None
    learning_rate: LearningRate = 1e-4
    warmup_share: Share = 0.03
    weight_decay: float = Field(default=0.01, ge=0, le=10)
    max_grad_norm: float = Field(default=1.0, gt=0, le=1_000_000)
    accumulation: Count = 1
    budget: Budget = Budget(audio_seconds=160, tokens=2048)
    weights: Annotated[dict[str, float], Within(0, 1_000_000)] | None = None
    seed: Seed = 0
    encoder_frozen_share: Share = 0.5
    bf16: bool = True
    gradient_checkpointing: bool = False
    save_every: Count = 500
    keep: Count = 2
    log_every: Count = 1
    workers: Workers = 2
    cache_dir: LocalPath | None = None
    device: str | None = Field(default=None, pattern=r"^[a-z]+$")

    def reads(self) -> list[str]:
        """What is read: shards, and the folders or names of models."""
        return [*self.shards, *(str(start) for start in (self.checkpoint, self.encoder, self.llm) if start)]

    @model_validator(mode="after")
    def _one_start_and_one_length(self) -> TrainSettings:
        names = self.encoder is not None and self.llm is not None
        if names == (self.checkpoint is not None) or (self.checkpoint and (self.encoder or self.llm)):
            raise ValueError("give either 'encoder' and 'llm', or 'checkpoint'")
        if (self.epochs is None) == (self.max_steps is None):
            raise ValueError("give either 'epochs' or 'max_steps'")
        return self


class EvaluateSettings(Section):
    """Everything that decides an evaluation.

    `train_shards` are what the model was trained on: the majority answer comes from there, or, without them, from the
    evaluated shards. `per_task` examples of each task are drawn by `seed`. `tolerance` says for number tasks how far
    off an answer may be; for a task without it, a tenth of the right value. `metrics` names a task's metric, where it
    is another than its own or the usual one. Of the questions a share of `max_bad` may be about examples that can't be
    read. `device` as for a training, or `cuda:1` and the like.
    """

    checkpoint: LocalPath
    shards: list[str] = Field(min_length=1)
    out: LocalPath
    train_shards: list[str] = []
    tasks: list[str] | None = None
    probes: list[Literal["no_audio", "wrong_audio"]] = ["no_audio", "wrong_audio"]
    per_task: Count | None = 500
    tolerance: Annotated[dict[str, float], Within(0, 1_000_000)] = {}
    metrics: dict[str, str] = {}
    seed: Seed = 0
    batch_size: Annotated[int, Within(1, 100_000)] = 16
    batch_seconds: float = Field(default=320, gt=0, le=1_000_000)
    workers: Workers = 2
    max_bad: MaxBad = MAX_BAD
    device: str | None = None

    def reads(self) -> list[str]:
        """What is read: the model, and shards."""
        return [str(self.checkpoint), *self.shards, *self.train_shards]
