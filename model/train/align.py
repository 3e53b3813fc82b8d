"""Alignment: before training, a fresh connector learns to name what it hears in the LLM's own words.

Trained through the LLM from the first step, a fresh connector becomes a constant: the LLM soon knows the wording of
the answers and guesses the rest, and what reaches the connector is hardly about the audio. Here the connector is
trained alone. The mean of a clip's global embeddings is compared with the LLM's input embeddings of all its tokens,
and those of the label's words are to be the most alike: the LLM can then read them off as it reads words. It costs
no pass through the LLM, and the frames of the frozen encoder are computed once. Figures are in docs/results.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from transformers import get_cosine_schedule_with_warmup

from ...errors import InputError
from ...progress import Bar, watched
from ...shards import Example
from ..interruption import StopRequest
from ..processor import CryfishProcessor, Prompt
from ..run_folder import json_line, write_text
from ..weights import load_strict, read_tensors, write_tensors
from .settings import AlignSettings

if TYPE_CHECKING:
    from ..modeling import CryfishForConditionalGeneration

ALIGNED = "aligned.safetensors"
LOG = "align.jsonl"


@dataclass(frozen=True)
class AlignBatch:
    """Clips and, for each, the token ids of the words that name it.

    `audio` [W, S]: the windows of all clips, in order; `lengths`: samples of each clip.
    """

    audio: Tensor
    lengths: list[int]
    words: list[list[int]]


class CollateWords:
    """Examples of one clip -> AlignBatch: a label belongs to a single clip only where there is no other."""

    def __init__(self, processor: CryfishProcessor) -> None:
        self.processor = processor

    def __call__(self, examples: Sequence[Example]) -> AlignBatch | None:
        single = [example for example in examples if len(example.audio) == 1]
        if not single:
            return None
        batch = self.processor([Prompt("", example.audio) for example in single])
        words = [
            self.processor.words(example.instruction.label or example.instruction.answer)
            for example in single
        ]
        return AlignBatch(batch["audio"], batch["audio_lengths"].tolist(), words)


def word_loss(heard: Tensor, words: Sequence[Sequence[int]], vocabulary: Tensor) -> Tensor:
    """Mean cross-entropy of the clips' words given what was `heard` of each.

    `heard` [N, D]: one embedding per clip; `words`: token ids of each clip's words; `vocabulary` [V, D]: the LLM's
    input embeddings. `heard` is brought to mean 0 and variance 1, and the vocabulary to variance 1 / D, so that the
    scores of unrelated embeddings have variance 1 whatever the scale of either.
    """
    width = vocabulary.shape[1]
    heard = nn.functional.layer_norm(heard.float(), (width,))
    scale = vocabulary.float().std() * math.sqrt(width)
    likely = ((heard.to(vocabulary.dtype) @ vocabulary.T).float() / scale).log_softmax(-1)
    named = [likely[row, torch.tensor(ids, device=likely.device)].mean() for row, ids in enumerate(words)]
    return -torch.stack(named).mean()


def align(
    model: CryfishForConditionalGeneration,
    batches: Iterable[AlignBatch | None],
    settings: AlignSettings,
    seed: int,
    stop: StopRequest,
    show: bool,
) -> list[float]:
    """Trains the connector in place and returns the loss of each step; fewer than `steps` if `stop` was requested.

    The encoder must be frozen: each batch goes through it once.

    Raises:
        InputError: no batch has an example of a single clip.
    """
    device = model.device
    vocabulary = next(model.get_input_embeddings().parameters()).detach()
    held: list[tuple[Tensor, AlignBatch]] = []
    shown = None if show else False
    for batch in watched(batches, "encode", settings.batches, unit="batch", leave=False, shown=shown):
        if stop.signum is not None:
            return []
        if batch is not None:
            held.append((model.encode(batch.audio.to(device), batch.lengths).half().cpu(), batch))
    if not held:
        raise InputError(
            f"'align': none of the first {settings.batches} micro-batches has an example of a single clip; raise "
            "'batches' or leave 'align' out"
        )
    connector = model.connector.train()
    weights = list(connector.parameters())
    optimizer = torch.optim.AdamW(weights, lr=settings.learning_rate, weight_decay=0.01)
    schedule = get_cosine_schedule_with_warmup(optimizer, math.ceil(settings.steps / 15), settings.steps)
    draws = np.random.default_rng([seed, settings.batches])
    losses: list[float] = []
    bar = Bar("align", settings.steps, unit="step", shown=shown)
    for _ in range(settings.steps):
        if stop.signum is not None:
            break
        loss = 0.0
        for chosen in draws.integers(len(held), size=settings.batches_per_step):
            frames, batch = held[chosen]
            clips = model.embed_frames(frames.to(device).float(), batch.lengths)
            queries = model.config.num_queries or None
            heard = torch.stack([clip[:queries].mean(0) for clip in clips])
            part = word_loss(heard, batch.words, vocabulary) / settings.batches_per_step
            part.backward()
            loss += float(part.detach())
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        losses.append(loss)
        bar.note(loss=f"{loss:.3f}")
        bar.update()
    bar.close()
    return losses


def save_aligned(model: CryfishForConditionalGeneration, losses: Sequence[float], out: Path) -> None:
    """Writes the connector, and the loss of each step, into the training's folder."""
    lines = (json_line({"step": step, "loss": loss}) for step, loss in enumerate(losses, 1))
    write_text(out / LOG, "".join(lines))
    write_tensors(model.connector.state_dict(), out / ALIGNED)


def load_aligned(model: CryfishForConditionalGeneration, out: Path) -> bool:
    """Whether an earlier run of this training aligned the connector; then it is loaded.

    Raises:
        InputError: the file is damaged.
    """
    path = out / ALIGNED
    if not path.exists():
        return False
    names = model.connector.state_dict().keys()
    load_strict(model.connector, names, read_tensors(path), path, "remove it to align again")
    return True
