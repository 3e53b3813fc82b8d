"""Encoder, connector and language model; training, chat and evaluation.

The public names load on first use: importing the room costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .config import CryfishConfig as CryfishConfig
    from .modeling import CryfishForConditionalGeneration as CryfishForConditionalGeneration
    from .processor import CryfishProcessor as CryfishProcessor
    from .processor import Prompt as Prompt
    from .published import load_cryfish_checkpoint as load_cryfish_checkpoint

_HOMES = {
    "CryfishConfig": "config",
    "CryfishForConditionalGeneration": "modeling",
    "CryfishProcessor": "processor",
    "Prompt": "processor",
    "load_cryfish_checkpoint": "published",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
