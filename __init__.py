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
        export_instructions,
        filter_candidates,
        generate,
        import_instructions,
        open_shards,
        own_data,
        prepare,
        preview_augmented,
        run,
        train,
        write_instructions,
        write_shards,
    )
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


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = {"InputError": ".errors", "use_plugins": ".seams"}.get(name, ".pipeline.api")
    return getattr(import_module(home, __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
