"""Asking a trained model about recordings: once, or in a conversation at the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr
import torch

from ..constants import SAMPLE_RATE
from ..errors import InputError
from .processor import Prompt

if TYPE_CHECKING:
    from .modeling import CryfishForConditionalGeneration
    from .processor import CryfishProcessor

_HELP = "Type a question; `:audio FILE [FILE ...]` takes other recordings, an empty line or `:quit` ends."


def read_audio(path: Path) -> np.ndarray:
    """A recording in any format that soundfile reads, as float32 [T] at 16 kHz; channels are averaged.

    Raises:
        InputError: the file is missing, empty, or not audio.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such audio file; check the path")
    try:
        audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise InputError(f"{path}: not readable as audio ({error}); convert it to WAV or FLAC") from error
    mono = audio.mean(axis=1)
    if rate != SAMPLE_RATE:
        mono = soxr.resample(mono, rate, SAMPLE_RATE, quality="HQ")
    if len(mono) == 0:
        raise InputError(f"{path}: the recording is empty; give one with sound")
    if not np.isfinite(mono).all():
        raise InputError(f"{path}: the recording holds values that are not numbers; export it again")
    return np.asarray(mono, np.float32)


def answer_batch(
    model: CryfishForConditionalGeneration,
    processor: CryfishProcessor,
    batch: Mapping[str, torch.Tensor],
    max_new_tokens: int,
) -> list[str]:
    """The model's greedy answers to a batch of the processor's, one text a prompt.

    Many LLMs come with sampling and repetition penalties as defaults; an answer here depends on neither.
    """
    generated = model.generate(
        **{name: tensor.to(model.device) for name, tensor in batch.items()},
        max_new_tokens=max_new_tokens,
        do_sample=False,
        num_beams=1,
        repetition_penalty=1.0,
        temperature=None,
        top_p=None,
        top_k=None,
        eos_token_id=processor.end_token_id,
        pad_token_id=processor.pad_token_id,
    )
    return processor.answers(generated)


def answer(
    model: CryfishForConditionalGeneration,
    processor: CryfishProcessor,
    audio_paths: Sequence[Path],
    question: str,
    max_new_tokens: int = 256,
) -> str:
    """The model's answer to a question about recordings; `<audio>` in the question says where each goes.

    Raises:
        InputError: a recording can't be read, or the markers don't match the recordings.
    """
    prompt = Prompt(question, [read_audio(path) for path in audio_paths])
    return answer_batch(model, processor, processor([prompt]), max_new_tokens)[0]


def chat_loop(
    model: CryfishForConditionalGeneration,
    processor: CryfishProcessor,
    audio_paths: Sequence[Path],
    lines: Iterable[str],
    show: Callable[[str], None] = print,
) -> None:
    """Answers line after line; every question is about the current recordings and stands alone.

    The model was trained on single questions, so earlier turns are not put before it. A recording that can't be read
    is said so, and the conversation goes on.
    """
    paths = list(audio_paths)
    show(_HELP)
    for line in lines:
        question = line.strip()
        if not question or question == ":quit":
            return
        try:
            if question == ":audio" or question.startswith(":audio "):
                given = [Path(name) for name in question.split()[1:]]
                for path in given:
                    read_audio(path)
                paths = given
                show(f"listening to {', '.join(path.name for path in paths) or 'nothing'}")
            else:
                show(answer(model, processor, paths, question))
        except InputError as error:
            show(str(error))
