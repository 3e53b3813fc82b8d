"""Cryfish: from public audio corpora to a language model that hears.

What the commands do is here as functions (docs/python.md); what they need is imported when one is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import InputError
    from .pipeline.api import (
        augment,
        evaluate,
        filter_candidates,
        generate,
        open_shards,
        own_data,
        prepare,
        preview_augmented,
        run,
        train,
        write_instructions,
        write_shards,
    )

__version__ = "0.2.0"

__all__ = [
    "InputError",
    "augment",
    "evaluate",
    "filter_candidates",
    "generate",
    "open_shards",
    "own_data",
    "prepare",
    "preview_augmented",
    "run",
    "train",
    "write_instructions",
    "write_shards",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(".errors" if name == "InputError" else ".pipeline.api", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
