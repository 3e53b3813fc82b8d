"""Safetensors in and out: nothing pickled, nothing half-written, nothing loaded by half."""

from collections.abc import Callable, Collection
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ..errors import InputError
from ..files import write_whole


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
    """A safetensors file, whole or not at all: a reader never sees half of it."""
    plain = {name: tensors[name].detach().cpu().contiguous() for name in sorted(tensors)}
    write_whole(path, lambda temporary: save_file(plain, temporary, {"format": "pt"}))


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
