"""The embedded engine: any `AutoModelForCausalLM`, batched by left padding. Needs nothing beyond the base install."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from ....errors import InputError
from . import Completion, Messages, Sampling, model_name, too_long
from .render import render

# No schema is enforced here, so the reply is begun for the model: even small ones then go on with valid JSON.
BEGUN = '{"question": "'


class TransformersBackend:
    """Replies are a function of the batch: its prompts, their order and their seeds."""

    whole_batches = True

    def __init__(self, llm: str, device: str | None = None) -> None:
        self.model = model_name(llm)
        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(llm, padding_side="left")
            self._llm = AutoModelForCausalLM.from_pretrained(llm, dtype="auto").to(self._device).eval()
        except (OSError, ValueError) as error:
            raise InputError(
                f"field 'llm': can't load '{llm}' ({str(error).splitlines()[0]}); "
                "give a folder or a Hub name that AutoModelForCausalLM can load"
            ) from error
        if self._tokenizer.pad_token_id is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._context = int(getattr(self._llm.config, "max_position_embeddings", None) or 2**31)

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
        batch = self._tokenizer.pad({"input_ids": list(tokens)}, return_tensors="pt").to(self._device)
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
            output = self._llm.generate(
                input_ids=batch["input_ids"],
                attention_mask=batch["attention_mask"],
                max_new_tokens=sampling.max_tokens,
                pad_token_id=self._tokenizer.pad_token_id,
                # The JSON ends here; a model without a chat template would go on for ever.
                stop_strings=["}"],
                tokenizer=self._tokenizer,
                **drawing,
            )
        return [self._completion(row) for row in output[:, batch["input_ids"].shape[1] :].tolist()]

    def _completion(self, ids: list[int]) -> Completion:
        text = self._tokenizer.decode(ids, skip_special_tokens=True)
        ended = "}" in text or any(token in self._ends() for token in ids)
        return Completion(BEGUN + text, "stop" if ended else "length")

    def _ends(self) -> set[int]:
        end = self._llm.generation_config.eos_token_id
        return set(end) if isinstance(end, list) else {end}

    def close(self) -> None:
        del self._llm
        if self._device.startswith("cuda"):
            torch.cuda.empty_cache()


def _seed_of(seeds: Sequence[int]) -> int:
    digest = hashlib.sha256(",".join(map(str, seeds)).encode()).digest()
    return int.from_bytes(digest[:4], "big")
