"""Evaluation: a checkpoint's answers to shards' questions, with the audio, without it, and with another's."""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch.utils.data import DataLoader
from tqdm import tqdm

from ..errors import InputError
from ..shards import Index, open_index, select
from .chat import answer_batch
from .checkpoint import checkpoint_folder, load_checkpoint
from .interruption import ignore_in_worker
from .questions import Asked, Question, QuestionBatches, batches, choose, questions, read_asked
from .results import AUDIO, NO_AUDIO, WRONG_AUDIO, Results, Scorer, score_task
from .run_folder import json_line, only_process, pin_settings, read_jsonl, write_json
from .training_data import fingerprint

ANSWERS = "answers.jsonl"
RESULTS = "results.json"
NEW_TOKENS = {"label": 16, "number": 16, "list": 48, "text": 96}
_TRAINING_SAMPLE = 5000  # of each task: enough for the most common label and for how answers are worded
_FREE = {"out", "checkpoint", "shards", "train_shards", "batch_size", "batch_seconds", "workers"}


class EvaluateSettings(BaseModel):
    """Everything that decides an evaluation.

    `train_shards` are what the model was trained on: the majority answer comes from there (without them, from the
    evaluated shards). `per_task` examples of each task are drawn by `seed`. `tolerance` says for number tasks how far
    off an answer may be; a task without it allows a tenth of the right value.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    checkpoint: Path
    shards: list[str] = Field(min_length=1)
    out: Path
    train_shards: list[str] = []
    tasks: list[str] | None = None
    probes: list[Literal["no_audio", "wrong_audio"]] = ["no_audio", "wrong_audio"]
    per_task: int | None = Field(default=500, ge=1)
    tolerance: dict[str, float] = {}
    seed: int = 0
    batch_size: int = Field(default=16, ge=1)
    batch_seconds: float = Field(default=320, gt=0)
    workers: int = Field(default=2, ge=0)


def evaluate(settings: EvaluateSettings) -> Results:
    """Asks, scores, and writes `answers.jsonl` (as it goes) and `results.json` into `out`.

    An interrupted evaluation goes on with the questions that have no answer yet. An example that can't be read is
    a line with its reason in `answers.jsonl`, and counted in `broken`.

    Raises:
        InputError: the checkpoint or the shards can't be read, no example is whole, a task is unknown, or `out`
            belongs to other settings or is in use.
    """
    folder = checkpoint_folder(settings.checkpoint)
    index = open_index(settings.shards)
    if settings.tasks is not None:
        index = select(index, settings.tasks)
    training = open_index(settings.train_shards) if settings.train_shards else None
    if unknown := sorted(set(settings.tolerance) - set(index.tasks)):
        raise InputError(f"the field 'tolerance' names the task '{unknown[0]}', which the shards don't hold")
    with only_process(settings.out):
        pinned = settings.model_dump(mode="json", exclude=_FREE)
        pinned["model_sha256"] = _digest(folder / "model.safetensors")
        pinned["data"] = fingerprint(index)
        pinned["training_data"] = None if training is None else fingerprint(training)
        pin_settings(settings.out, pinned)

        asked, broken = read_asked(index, choose(index, settings.per_task, settings.seed))
        if not asked:
            raise InputError(f"{settings.shards[0]}: none of the examples can be read; {broken[0][1]}" if broken else
                             f"{settings.shards[0]}: the shards hold no examples; choose others")
        known = _known(asked, training, settings)
        scorers = {
            group: Scorer(group[1], [(one.template, one.instruction.label, one.instruction.answer) for one in of_group],
                          settings.tolerance.get(group[0]))
            for group, of_group in known.items()
        }
        records = _ask(settings, folder, index, asked, scorers)
        results = _score(settings, folder, asked, broken, records, known, scorers)
        write_json(settings.out / RESULTS, results.to_json())
    return results
