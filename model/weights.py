"""Safetensors in and out: nothing pickled, nothing half-written, nothing loaded by half."""

import os
from collections.abc import Callable, Collection
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ..errors import InputError


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file. Raises InputError for a file that is absent or broken."""
    try:
        return dict(load_file(path))
    except FileNotFoundError as error:
        raise InputError(f"{path} isn't there: give the path of a safetensors file") from error
    except (SafetensorError, OSError) as error:
        raise InputError(
            f"{path} is no whole safetensors file ({error}): copy or download it again"
        ) from error


def write_tensors(tensors: dict[str, Tensor], path: Path) -> None:
    """Write under a temporary name, then rename: a reader never sees half a file."""
    part = path.with_name(path.name + ".part")
    save_file(
        {name: tensors[name].detach().cpu().contiguous() for name in sorted(tensors)}, part, {"format": "pt"}
    )
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(path)


def load_strict(
    module: nn.Module,
    names: Collection[str],
    tensors: dict[str, Tensor],
    path: Path,
    fix: str,
    shown: Callable[[str], str] = str,
) -> None:
    """Load `tensors` into `module`, which must be exactly its `names`, in the same shapes.

    Raises InputError that names the file, the first tensor that doesn't fit (as `shown` names it) and the `fix`.
    """
    own = module.state_dict()
    for name in sorted({*names, *tensors}):
        if name not in tensors:
            raise InputError(f"{path} lacks the tensor '{shown(name)}': {fix}")
        if name not in names:
            raise InputError(f"{path} has a tensor '{shown(name)}' that this model doesn't have: {fix}")
        if tensors[name].shape != own[name].shape:
            raise InputError(
                f"{path}: the tensor '{shown(name)}' is {list(tensors[name].shape)}, this model's is "
                f"{list(own[name].shape)}: {fix}"
            )
    module.load_state_dict(tensors, strict=False)
