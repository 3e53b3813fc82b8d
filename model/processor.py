"""Prompts -> tensors: text and the places of audio, tokenised, padded, with labels for training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from jinja2 import TemplateError
from torch import Tensor
from transformers import AutoProcessor, PreTrainedTokenizerBase, ProcessorMixin

from ..errors import InputError
from .config import CryfishConfig
from .connector import num_embeddings

MARKER = "<audio>"
IGNORED = -100
_AUDIO = -1
_QUESTION = "cryfish-question-goes-here"
_ANSWER = "cryfish-answer-goes-here"


@dataclass(frozen=True)
class Prompt:
    """A question about clips (float32, 16 kHz, mono), and its answer, which training needs.

    The marker `<audio>` in the question says where each clip goes, in order; without markers the clips stand before it.
    """

    question: str
    clips: Sequence[np.ndarray]
    answer: str | None = None


@dataclass(frozen=True)
class _Turn:
    """What stands around a question and behind an answer, as token ids."""

    before: list[int]
    after: list[int]
    end: list[int]


class CryfishProcessor(ProcessorMixin):
    """Lays prompts out for the model: make one with `for_config`.

    With a chat template, a prompt is the user's turn and the answer the assistant's, after an optional `system_prompt`;
    without one it is `Question: ...`, a new line, `Answer:`, a new line, the answer and the end token.
    Questions and answers are data: special tokens written in them are read as plain text.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        window_samples: int = 80_000,
        frames_per_window: int = 249,
        num_queries: int = 5,
        pool: int = 20,
        system_prompt: str | None = None,
        chat_template: str | None = None,
    ) -> None:
        self.window_samples = window_samples
        self.frames_per_window = frames_per_window
        self.num_queries = num_queries
        self.pool = pool
        self.system_prompt = system_prompt
        super().__init__(tokenizer, chat_template=chat_template)
        self._turn = _make_turn(tokenizer, system_prompt)

    @classmethod
    def for_config(
        cls, tokenizer: PreTrainedTokenizerBase, config: CryfishConfig, system_prompt: str | None = None
    ) -> Self:
        """The processor that fits a model of this configuration; `tokenizer` is the LLM's."""
        return cls(
            tokenizer,
            window_samples=config.window_samples,
            frames_per_window=config.frames_per_window,
            num_queries=config.num_queries,
            pool=config.pool,
            system_prompt=system_prompt,
        )

    @property
    def end_token_id(self) -> int:
        """The token that ends an answer."""
        return self._turn.end[-1]

    @property
    def pad_token_id(self) -> int:
        """The token that pads, and that stands where audio goes."""
        pad = self.tokenizer.pad_token_id
        return self.end_token_id if pad is None else pad

    def num_embeddings(self, num_samples: int) -> int:
        """Positions that a clip of `num_samples` samples takes in the prompt."""
        return num_embeddings(
            num_samples, self.window_samples, self.frames_per_window, self.num_queries, self.pool
        )

    def __call__(self, prompts: Sequence[Prompt], for_training: bool = False) -> dict[str, Tensor]:
        """A batch of prompts for `CryfishForConditionalGeneration`.

        `input_ids`, `attention_mask` int64 [B, T]; `audio_mask` bool [B, T], true where a clip's embeddings go;
        `audio` float32 [W, window samples], the windows of all clips in order, zero-padded; `audio_lengths` int64 [N]
        samples of each clip; for training also `labels` int64 [B, T], -100 outside the answer and its end token.
        Padded on the left: for generation, and so that answers end in the same columns and few logits are computed.

        Raises InputError for a clip that isn't one-dimensional, finite and longer than nothing, for markers that
        don't match the clips, and for a missing answer in training.
        """
        if not prompts:
            raise InputError("there is no prompt in the batch: give at least one")
        rows = [self._row(prompt, number, for_training) for number, prompt in enumerate(prompts)]
        width = max(len(ids) for ids, _ in rows)
        shape = (len(rows), width)
        batch = {
            "input_ids": torch.full(shape, self.pad_token_id),
            "attention_mask": torch.zeros(shape, dtype=torch.long),
            "audio_mask": torch.zeros(shape, dtype=torch.bool),
        }
        if for_training:
            batch["labels"] = torch.full(shape, IGNORED)
        for row, (ids, answer_length) in enumerate(rows):
            place = slice(width - len(ids), width)
            tokens = torch.tensor(ids)
            heard = tokens == _AUDIO
            batch["input_ids"][row, place] = tokens.masked_fill(heard, self.pad_token_id)
            batch["attention_mask"][row, place] = 1
            batch["audio_mask"][row, place] = heard
            if for_training:
                batch["labels"][row, -answer_length:] = tokens[-answer_length:]
        clips = [clip for prompt in prompts for clip in prompt.clips]
        batch["audio"] = self._windows(clips)
        batch["audio_lengths"] = torch.tensor([len(clip) for clip in clips], dtype=torch.long)
        return batch

    def answers(self, generated: Tensor) -> list[str]:
        """The texts of what the model generated, without special tokens and outer spaces."""
        texts = self.tokenizer.batch_decode(generated, skip_special_tokens=True)
        return [text.strip() for text in texts]

    def words(self, text: str) -> list[int]:
        """Token ids that occur in `text`, each once, read as words inside a sentence."""
        return sorted(set(self._plain(f" {text.strip()}")))

    def _row(self, prompt: Prompt, number: int, for_training: bool) -> tuple[list[int], int]:
        """Token ids of one prompt, `_AUDIO` where audio goes, and how many of the last are the answer's."""
        for clip in prompt.clips:
            _check_clip(clip, number)
        pieces = prompt.question.split(MARKER)
        if len(pieces) == 1:
            pieces = [""] * len(prompt.clips) + pieces
        if len(pieces) != len(prompt.clips) + 1:
            raise InputError(
                f"prompt {number}: its question has {len(pieces) - 1} {MARKER} markers for {len(prompt.clips)} clips: "
                f"give one marker for each clip, or none"
            )
        turn = self._turn
        ids = turn.before + self._plain(pieces[0])
        for clip, piece in zip(prompt.clips, pieces[1:], strict=True):
            ids += [_AUDIO] * self.num_embeddings(len(clip)) + self._plain(piece)
        ids += turn.after
        if not for_training:
            return ids, 0
        if prompt.answer is None:
            raise InputError(f"prompt {number}: it has no answer, which training needs: give one")
        answer = self._plain(prompt.answer) + turn.end
        return ids + answer, len(answer)

    def _plain(self, text: str) -> list[int]:
        """Token ids of text as data: what looks like a special token is text, too."""
        if not text:
            return []
        return list(self.tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True))

    def _windows(self, clips: Sequence[np.ndarray]) -> Tensor:
        size = self.window_samples
        counts = [-(-len(clip) // size) for clip in clips]
        windows = np.zeros((sum(counts), size), dtype=np.float32)
        first = 0
        for clip, count in zip(clips, counts, strict=True):
            windows[first : first + count].reshape(-1)[: len(clip)] = clip
            first += count
        return torch.from_numpy(windows)


def _make_turn(tokenizer: PreTrainedTokenizerBase, system_prompt: str | None) -> _Turn:
    """Render the chat template once, around stand-ins, so that no question or answer ever passes through it."""

    def ids(text: str) -> list[int]:
        return list(tokenizer.encode(text, add_special_tokens=False))

    if not tokenizer.chat_template:
        if tokenizer.eos_token_id is None:
            raise InputError(
                "the tokenizer has no eos_token: set tokenizer.eos_token, answers must end somewhere"
            )
        opening = [token for token in tokenizer.encode("") if token == tokenizer.bos_token_id]
        system = "" if system_prompt is None else f"{system_prompt}\n"
        return _Turn(opening + ids(f"{system}Question: "), ids("\nAnswer:\n"), [tokenizer.eos_token_id])

    system_turn = [] if system_prompt is None else [{"role": "system", "content": system_prompt}]
    asked = [*system_turn, {"role": "user", "content": _QUESTION}]
    try:
        prompt = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
        whole = tokenizer.apply_chat_template(
            [*asked, {"role": "assistant", "content": _ANSWER}], tokenize=False
        )
        before, after = prompt.split(_QUESTION)
        _, behind = whole.split(_ANSWER)
    except (TemplateError, ValueError) as error:
        raise InputError(
            f"the tokenizer's chat template can't be used, it must show each turn once ({error}): mend it, or set "
            f"tokenizer.chat_template to None for plain prompts"
        ) from error
    special = {token for token, added in tokenizer.added_tokens_decoder.items() if added.special}
    tail = ids(behind)
    ends = [place for place, token in enumerate(tail) if token in special]
    if not ends and tokenizer.eos_token_id is None:
        raise InputError(
            "neither the chat template nor the tokenizer has an end token: set tokenizer.eos_token"
        )
    return _Turn(ids(before), ids(after), tail[: ends[0] + 1] if ends else [tokenizer.eos_token_id])


def _check_clip(clip: np.ndarray, number: int) -> None:
    if clip.ndim != 1 or clip.dtype != np.float32:
        raise InputError(
            f"prompt {number}: a clip is {clip.dtype} of shape {clip.shape}: give float32 mono, of shape (samples,)"
        )
    if not len(clip):
        raise InputError(f"prompt {number}: a clip is empty: leave it out")
    if not np.isfinite(clip).all():
        raise InputError(
            f"prompt {number}: a clip has samples that aren't finite: mend or leave out that recording"
        )


AutoProcessor.register(CryfishConfig, CryfishProcessor)
