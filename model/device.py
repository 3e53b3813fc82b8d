"""Which device a model computes on: the one asked for, else the best that PyTorch sees here.

All that loads a model asks here (training, chat, evaluation, the engines of this process), so that none stays on the
CPU beside a GPU, and nobody waits on a CPU without knowing it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import InputError, faults_of
from ..progress import say

if TYPE_CHECKING:
    import torch

_told: set[str] = set()


def choose_device(asked: str | None = None) -> torch.device:
    """`cuda`, `mps`, `cpu` or another that PyTorch knows, where it is here; `cuda:1` is the second of them.

    Without `asked` it is the accelerator, or else the CPU; that is told on stderr, once in a process.

    Raises:
        InputError: no such device, or it isn't to be seen here.
    """
    import torch

    found, count = accelerator()
    if asked is None:
        if found is None:
            _tell(
                f"No GPU is to be seen here ({_why_none('cuda')}), so the model runs on the CPU, "
                f"{torch.get_num_threads()} cores of it. That suits small models; a large one takes a GPU. "
                "Device 'cpu' (--device cpu) says that it is meant."
            )
        return torch.device(found or "cpu")
    try:
        device = torch.device(asked)
    except RuntimeError:
        raise InputError(f"device '{asked}' isn't one; give cuda, cuda:1, mps or cpu") from None
    if device.type == "cpu":
        return device
    if device.type != found:
        raise InputError(
            f"device '{asked}' isn't to be seen here ({_why_none(device.type)}); give {found or 'cpu'}, or leave it out"
        )
    if device.index is not None and device.index >= count:
        raise InputError(f"device '{asked}' isn't to be seen here: there are {count}, counted from 0")
    return device


def device_faults(asked: str | None, field: str) -> Iterator[str]:
    """What is wrong with a device that is asked for, with the option or field it is given by."""
    if asked is not None:
        yield from (f"{field}: {fault}" for fault in faults_of(choose_device, asked))


def accelerator() -> tuple[str | None, int]:
    """The kind of accelerator that PyTorch sees (`cuda`, `mps`, `xpu`), if any, and how many."""
    import torch

    if not torch.accelerator.is_available():
        return None, 0
    current = torch.accelerator.current_accelerator()
    return (None, 0) if current is None else (current.type, torch.accelerator.device_count())


def _why_none(kind: str) -> str:
    import torch

    if kind == "cuda" and torch.version.cuda is None and torch.version.hip is None:
        return f"this PyTorch, {torch.__version__}, is a build without CUDA"
    if kind == "cuda":
        return "look at nvidia-smi and at CUDA_VISIBLE_DEVICES"
    return f"PyTorch {torch.__version__} finds none"


def _tell(text: str) -> None:
    if text not in _told and os.environ.get("RANK", "0") == "0":  # one of many processes speaks for all
        _told.add(text)
        say(text, sys.stderr)
