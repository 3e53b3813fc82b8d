"""The embedded engine: any `AutoModelForCausalLM`, in batches. Needs nothing beyond the base install.

What all prompts of a batch begin with (rules and examples, most of every prompt) is computed once and its cache
kept, so that a batch costs little more than what differs in it.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .....errors import InputError
from .....model.bases import base_model_faults
from .....model.device import choose_device
from .....model.identity import identity
from .....section import Section
from ..forced_json import ObjectClosed, beginning, completed, drawing, in_batches, seed_of
from ..llm import (
    Backend,
    BatchSize,
    Completion,
    EngineMiniature,
    LlmEngine,
    Request,
    Sampling,
    Usage,
    too_long,
)
from ..render import render

if TYPE_CHECKING:
    import torch
    from transformers import DynamicCache

# The shared beginning is cut to a multiple of this, so that it is the same for batch after batch whatever else their
# prompts happen to have in common.
GRAIN = 64


class TransformersOptions(Section):
    batch_size: BatchSize = 16
    device: str | None = None


class TransformersBackend(Backend):
    """Replies are a function of the batch: its prompts, their order and their seeds."""

    whole_batches = True

    def __init__(self, llm: str, batch_size: int = 16, device: str | None = None) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.batch_size = batch_size
        self._device = str(choose_device(device))
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(llm)
            self._llm = AutoModelForCausalLM.from_pretrained(llm, dtype="auto").to(self._device).eval()
        except (OSError, ValueError) as error:
            raise InputError(
                f"field 'llm': can't load '{llm}' ({str(error).splitlines()[0]}); "
                "give a folder or a Hub name that AutoModelForCausalLM can load"
            ) from error
        # After it was fetched: before, only its name is known.
        self.model = identity(llm)
        end = self._llm.generation_config.eos_token_id
        self._ends = set(end) if isinstance(end, list) else {end} - {None}
        self._pad = next(
            (t for t in (self._tokenizer.pad_token_id, self._tokenizer.eos_token_id) if t is not None), 0
        )
        self._stop = ObjectClosed(self._tokenizer, self._device)
        self._context = int(getattr(self._llm.config, "max_position_embeddings", None) or 2**31)
        self._prefix: tuple[list[int], DynamicCache] | None = None

    def write(
        self, requests: Iterable[Request], sampling: Sampling, schema: Mapping[str, Any]
    ) -> Iterator[tuple[Request, Completion]]:
        begun = beginning(schema)
        for batch in in_batches(iter(requests), self.batch_size):
            fitting: list[tuple[Request, list[int]]] = []
            for request in batch:
                tokens = render(self._tokenizer, request.messages, begun)
                refused = too_long(len(tokens), sampling, self._context)
                if refused is None:
                    fitting.append((request, tokens))
                else:
                    yield request, refused
            yield from self._written(fitting, sampling, begun)

    def _written(
        self, batch: Sequence[tuple[Request, list[int]]], sampling: Sampling, begun: str
    ) -> Iterator[tuple[Request, Completion]]:
        """A batch's replies; where it fails as a whole (out of memory, say), those of each request alone."""
        if not batch:
            return
        failure = ""
        try:
            replies = self._batch([t for _, t in batch], [r.seed for r, _ in batch], sampling, begun)
        except RuntimeError as error:
            failure = str(error)  # not the error itself, which would hold the batch's memory
        if not failure:
            yield from zip((request for request, _ in batch), replies, strict=True)
        elif len(batch) == 1:
            yield batch[0][0], Completion(error=f"the engine fails on this prompt: {failure}", retry=True)
        else:
            for one in batch:
                yield from self._written([one], sampling, begun)

    def _batch(
        self, tokens: Sequence[list[int]], seeds: Sequence[int], sampling: Sampling, begun: str
    ) -> list[Completion]:
        import torch

        devices = [torch.device(self._device)] if self._device.startswith("cuda") else []
        with torch.inference_mode(), torch.random.fork_rng(devices):
            torch.manual_seed(seed_of(seeds))
            shared = _common_start(tokens) // GRAIN * GRAIN
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
                stopping_criteria=[self._stop] if begun else None,
                **drawing(sampling),
            )
        return [
            self._completion(row, begun, len(prompt), shared)
            for row, prompt in zip(output[:, ids.shape[1] :].tolist(), tokens, strict=True)
        ]

    def _layout(self, tokens: Sequence[list[int]], shared: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids and attention mask, (batch, longest): the shared start, then padding, then the rest."""
        import torch

        width = max(map(len, tokens))
        ids = torch.full((len(tokens), width), self._pad)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(tokens):
            rest = width - (len(prompt) - shared)
            ids[row, :shared], ids[row, rest:] = torch.tensor(prompt[:shared]), torch.tensor(prompt[shared:])
            mask[row, :shared] = mask[row, rest:] = 1
        return ids.to(self._device), mask.to(self._device)

    def _cache_of(self, start: list[int]) -> DynamicCache | None:
        """A copy of the cache of these tokens; None where there are none or the model has no plain attention cache."""
        if not start:
            return None
        import torch
        from transformers import DynamicCache
        from transformers.cache_utils import DynamicLayer

        if self._prefix is None or self._prefix[0] != start:
            cache = DynamicCache(config=self._llm.config)
            # Sliding windows and recurrent layers would see the padding that comes between start and rest.
            if any(type(layer) is not DynamicLayer for layer in cache.layers):
                return None
            self._llm(torch.tensor([start], device=self._device), past_key_values=cache, logits_to_keep=1)
            self._prefix = (start, cache)
        return copy.deepcopy(self._prefix[1])

    def _completion(self, ids: list[int], begun: str, prompt: int, cached: int) -> Completion:
        stops = self._ends | {self._pad}
        written = next((place for place, token in enumerate(ids) if token in stops), len(ids))
        text = self._tokenizer.decode(ids[:written], skip_special_tokens=True)
        ended = ids[written : written + 1] != [] and ids[written] in self._ends
        return completed(begun, text, ended, Usage(prompt, cached, written))

    def close(self) -> None:
        self._prefix = None
        del self._llm
        if self._device.startswith("cuda"):
            import torch

            torch.cuda.empty_cache()


def _common_start(tokens: Sequence[list[int]]) -> int:
    """How many tokens all prompts begin with; at least one of each prompt is left over."""
    columns = zip(*(prompt[:-1] for prompt in tokens), strict=False)
    return sum(1 for _ in itertools.takewhile(lambda column: len(set(column)) == 1, columns))


ENGINE = LlmEngine(
    "transformers",
    lambda llm, options: TransformersBackend(llm, options.batch_size, options.device),
    TransformersOptions,
    EngineMiniature("LLM", {"batch_size": 2, "device": "cpu"}, reply=r'\{"question": "'),
    lambda llm, options, where, made: base_model_faults(llm, "llm", where),
)
