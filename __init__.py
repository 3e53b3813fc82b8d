"""Cryfish: from public audio corpora to a language model that hears.

What the commands do is here as functions (docs/python.md); what they need is imported when one is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import InputError
    from .pipeline.api.cuts import augment, own_data, prepare, preview_augmented
    from .pipeline.api.instructions import (
        export_instructions,
        filter_candidates,
        generate,
        import_instructions,
        write_instructions,
    )
    from .pipeline.api.models import evaluate, open_shards, run, train, write_shards
    from .seams import use_plugins

__version__ = "0.2.0"

__all__ = [
    "InputError",
    "augment",
    "evaluate",
    "export_instructions",
    "filter_candidates",
    "generate",
    "import_instructions",
    "open_shards",
    "own_data",
    "prepare",
    "preview_augmented",
    "run",
    "train",
    "use_plugins",
    "write_instructions",
    "write_shards",
]


_HOMES = (".errors", ".seams", ".pipeline.api.cuts", ".pipeline.api.instructions", ".pipeline.api.models")


def __getattr__(name: str) -> Any:
    if name in __all__:
        for home in _HOMES:
            if hasattr(module := import_module(home, __name__), name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
