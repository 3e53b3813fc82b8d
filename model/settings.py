"""What decides a training and an evaluation. Checked long before either begins, so nothing heavy is imported here."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..local_path import LocalPath
from ..quarantine import MAX_BAD, MaxBad
from ..shards import Budget


class AlignSettings(BaseModel):
    """`steps` of the connector alone, on the frames of the first `batches` micro-batches, which are kept in memory.

    A step sees `batches_per_step` of them, drawn by the training's seed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: int = Field(ge=1)
    batches: int = Field(default=256, ge=1)
    batches_per_step: int = Field(default=4, ge=1)
    learning_rate: float = Field(default=1e-3, gt=0)


class TrainSettings(BaseModel):
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

    model_config = ConfigDict(extra="forbid", frozen=True)

    shards: list[str] = Field(min_length=1)
    out: LocalPath
    encoder: str | None = None
    llm: str | None = None
    checkpoint: LocalPath | None = None
    model: dict[str, Any] = {}
    system_prompt: str | None = None
    standardise_batches: int = Field(default=4, ge=0)
    align: AlignSettings | None = None
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


class EvaluateSettings(BaseModel):
    """Everything that decides an evaluation.

    `train_shards` are what the model was trained on: the majority answer comes from there, or, without them, from the
    evaluated shards. `per_task` examples of each task are drawn by `seed`. `tolerance` says for number tasks how far
    off an answer may be; for a task without it, a tenth of the right value. Of the questions a share of `max_bad` may
    be about examples that can't be read. `device` as for a training, or `cuda:1` and the like.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    checkpoint: LocalPath
    shards: list[str] = Field(min_length=1)
    out: LocalPath
    train_shards: list[str] = []
    tasks: list[str] | None = None
    probes: list[Literal["no_audio", "wrong_audio"]] = ["no_audio", "wrong_audio"]
    per_task: int | None = Field(default=500, ge=1)
    tolerance: dict[str, float] = {}
    seed: int = 0
    batch_size: int = Field(default=16, ge=1)
    batch_seconds: float = Field(default=320, gt=0)
    workers: int = Field(default=2, ge=0)
    max_bad: MaxBad = MAX_BAD
    device: str | None = None

    def reads(self) -> list[str]:
        """What is read: the model, and shards."""
        return [str(self.checkpoint), *self.shards, *self.train_shards]
