"""The embedded engine: any `AutoModelForCausalLM`, in batches. Needs nothing beyond the base install.

What all prompts of a batch begin with (rules and examples, most of every prompt) is computed once and its cache
kept, so that a batch costs little more than what differs in it.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache, StoppingCriteria
from transformers.cache_utils import DynamicLayer

from ....errors import InputError
from . import Completion, Messages, Sampling, model_name, too_long
from .render import render

# No schema is enforced here, so the reply is begun for the model: even small ones then go on with valid JSON.
BEGUN = '{"question": "'
# Below this a shared beginning isn't worth a cache of its own (base models without a common prompt).
SHORTEST_PREFIX = 16


class TransformersBackend:
    """Replies are a function of the batch: its prompts, their order and their seeds."""

    whole_batches = True

    def __init__(self, llm: str, device: str | None = None) -> None:
        self.model = model_name(llm)
        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(llm)
            self._llm = AutoModelForCausalLM.from_pretrained(llm, dtype="auto").to(self._device).eval()
        except (OSError, ValueError) as error:
            raise InputError(
                f"field 'llm': can't load '{llm}' ({str(error).splitlines()[0]}); "
                "give a folder or a Hub name that AutoModelForCausalLM can load"
            ) from error
        end = self._llm.generation_config.eos_token_id
        self._ends = set(end) if isinstance(end, list) else {end} - {None}
        self._pad = next(
            (t for t in (self._tokenizer.pad_token_id, self._tokenizer.eos_token_id) if t is not None), 0
        )
        self._stop = [_ObjectClosed(self._tokenizer, self._device)]
        self._context = int(getattr(self._llm.config, "max_position_embeddings", None) or 2**31)
        self._prefix: tuple[list[int], DynamicCache] | None = None

    def generate(
        self, prompts: Sequence[Messages], seeds: Sequence[int], sampling: Sampling, schema: Mapping[str, Any]
    ) -> list[Completion]:
        tokens = [render(self._tokenizer, prompt, BEGUN) for prompt in prompts]
        done: list[Completion | None] = [too_long(len(ids), sampling, self._context) for ids in tokens]
        fitting = [i for i, refused in enumerate(done) if refused is None]
        if fitting:
            replies = self._batch([tokens[i] for i in fitting], [seeds[i] for i in fitting], sampling)
            for i, reply in zip(fitting, replies, strict=True):
                done[i] = reply
        return [completion for completion in done if completion is not None]

    def _batch(
        self, tokens: Sequence[list[int]], seeds: Sequence[int], sampling: Sampling
    ) -> list[Completion]:
        drawing: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        if sampling.temperature > 0:
            drawing = {
                "do_sample": True,
                "temperature": sampling.temperature,
                "top_p": sampling.top_p,
                "top_k": 0,
            }
        devices = [torch.cuda.current_device()] if self._device.startswith("cuda") else []
        with torch.inference_mode(), torch.random.fork_rng(devices):
            torch.manual_seed(_seed_of(seeds))
            shared = _common_start(tokens)
            cache = self._cache_of(tokens[0][:shared])
            if cache is None:
                shared = 0
            else:
                cache.batch_repeat_interleave(len(tokens))
            ids, mask = self._layout(tokens, shared)
            output = self._llm.generate(
                input_ids=ids,
                attention_mask=mask,
                past_key_values=cache,
                max_new_tokens=sampling.max_tokens,
                pad_token_id=self._pad,
                stopping_criteria=self._stop,
                **drawing,
            )
        return [self._completion(row) for row in output[:, ids.shape[1] :].tolist()]

    def _layout(self, tokens: Sequence[list[int]], shared: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids and attention mask, (batch, longest): the shared start, then padding, then the rest."""
        width = max(map(len, tokens))
        ids = torch.full((len(tokens), width), self._pad)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(tokens):
            rest = width - (len(prompt) - shared)
            ids[row, :shared], ids[row, rest:] = torch.tensor(prompt[:shared]), torch.tensor(prompt[shared:])
            mask[row, :shared] = mask[row, rest:] = 1
        return ids.to(self._device), mask.to(self._device)

    def _cache_of(self, start: list[int]) -> DynamicCache | None:
        """A copy of the cache of these tokens; None where they are few or the model has no plain attention cache."""
        if len(start) < SHORTEST_PREFIX:
            return None
        if self._prefix is None or self._prefix[0] != start:
            cache = DynamicCache(config=self._llm.config)
            # Sliding windows and recurrent layers would see the padding that comes between start and rest.
            if any(type(layer) is not DynamicLayer for layer in cache.layers):
                return None
            self._llm(torch.tensor([start], device=self._device), past_key_values=cache, logits_to_keep=1)
            self._prefix = (start, cache)
        return copy.deepcopy(self._prefix[1])

    def _completion(self, ids: list[int]) -> Completion:
        text = self._tokenizer.decode(ids, skip_special_tokens=True)
        closed, brace, _ = text.partition("}")
        ended = bool(brace) or any(token in self._ends for token in ids)
        return Completion(BEGUN + closed + brace, "stop" if ended else "length")

    def close(self) -> None:
        self._prefix = None
        del self._llm
        if self._device.startswith("cuda"):
            torch.cuda.empty_cache()


class _ObjectClosed(StoppingCriteria):
    """Ends each reply at its first `}`: a model without an end-of-turn token would go on for ever."""

    def __init__(self, tokenizer: Any, device: str) -> None:
        texts = tokenizer.batch_decode([[token] for token in range(len(tokenizer))])
        closing = [token for token, text in enumerate(texts) if "}" in text]
        self._closing = torch.tensor(closing, dtype=torch.long, device=device)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        return torch.isin(input_ids[:, -1], self._closing)


def _common_start(tokens: Sequence[list[int]]) -> int:
    """How many tokens all prompts begin with; at least one of each prompt is left over."""
    columns = zip(*(prompt[:-1] for prompt in tokens), strict=False)
    return sum(1 for _ in itertools.takewhile(lambda column: len(set(column)) == 1, columns))


def _seed_of(seeds: Sequence[int]) -> int:
    digest = hashlib.sha256(",".join(map(str, seeds)).encode()).digest()
    return int.from_bytes(digest[:4], "big")
