"""JSON out of an engine that enforces no schema: the reply is begun for the model, and ends where the object does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from .llm import Completion, Sampling, Usage

if TYPE_CHECKING:
    import torch

T = TypeVar("T")


def beginning(schema: Mapping[str, Any]) -> str:
    """How an object of this schema begins, nothing for an empty one; even small models then go on with valid JSON."""
    properties = schema.get("properties") or {}
    for name, kind in properties.items():
        return f'{{"{name}": "' if kind.get("type") == "string" else f'{{"{name}": '
    return ""


class ObjectClosed:
    """Ends each reply at its first `}`: a model without an end-of-turn token would go on for ever. For `generate`'s
    `stopping_criteria`."""

    def __init__(self, tokenizer: Any, device: str) -> None:
        import torch

        texts = tokenizer.batch_decode([[token] for token in range(len(tokenizer))])
        closing = [token for token, text in enumerate(texts) if "}" in text]
        self._closing = torch.tensor(closing, dtype=torch.long, device=device)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        import torch

        return torch.isin(input_ids[:, -1], self._closing)


def completed(begun: str, text: str, ended: bool, usage: Usage) -> Completion:
    """The completion of a reply that was begun; what stands behind its object is left out."""
    if begun:
        closed, brace, _ = text.partition("}")
        text, ended = begun + closed + brace, ended or bool(brace)
    return Completion(text, "stop" if ended else "length", usage=usage)


def drawing(sampling: Sampling) -> dict[str, Any]:
    """The arguments of `generate` that draw a reply so, whatever the model's own defaults."""
    if sampling.temperature <= 0:
        return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    return {"do_sample": True, "temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0}


def seed_of(seeds: Sequence[int]) -> int:
    """One seed for a batch."""
    digest = hashlib.sha256(",".join(map(str, seeds)).encode()).digest()
    return int.from_bytes(digest[:4], "big")


def in_batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items; the last may be shorter."""
    while batch := list(islice(items, size)):
        yield batch
