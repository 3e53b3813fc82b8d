"""Base models, looked at before any work begins: whether the folder or the Hub has them. No weights are loaded."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from ..errors import faults_of
from .checkpoint import checkpoint_folder

Kind = Literal["encoder", "llm"]

CONFIG = "config.json"
_WEIGHTS = ("*.safetensors", "*.bin")
_TOKENIZERS = (
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "vocab.json",
    "vocab.txt",
    "spiece.model",
    "tekken.json",
)
_ADAPTER = "adapter_config.json"
_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
_PATIENCE_S = 5.0


def base_model_faults(name: str, kind: Kind, field: str) -> Iterator[str]:
    """What keeps a base model, a folder or a name on the Hub, from being loaded; `field` is where it is named.

    A folder must hold a configuration and weights, and an LLM's a tokenizer. A name must be in the Hub's cache or be
    there to be fetched.
    """
    if Path(name).is_dir():
        yield from (f"{field}: {fault}" for fault in _folder_faults(Path(name), kind))
    elif Path(name).is_file():
        yield f"{field}: {name} is a file; name the folder of the model, with its {CONFIG}"
    elif not _HUB_NAME.fullmatch(name) or name.startswith("."):
        yield f"{field}: {name}: no such folder; name the folder of the model, or the model on the Hub"
    else:
        yield from (f"{field}: {fault}" for fault in _hub_faults(name, kind))


def checkpoint_faults(folder: Path, field: str) -> Iterator[str]:
    """What keeps a trained model from being loaded: of the checkpoint itself, and of the base models that it names."""
    faults = list(faults_of(checkpoint_folder, folder))
    if faults:
        yield from (f"{field}: {fault}" for fault in faults)
        return
    found = checkpoint_folder(folder)
    config = _read_config(found)
    if config is None:
        yield f"{field}: {found / CONFIG} isn't valid JSON; copy the checkpoint again"
        return
    if not _some(found, _WEIGHTS):
        yield f"{field}: {found} has no weights (model.safetensors); copy the checkpoint again"
    kinds: tuple[Kind, ...] = ("encoder", "llm")
    for kind in kinds:
        # An encoder that was trained is in the checkpoint.
        if isinstance(config.get(kind), str) and not (kind == "encoder" and config.get("encoder_trained")):
            yield from base_model_faults(config[kind], kind, f"{field}: {found / CONFIG}, field '{kind}'")


def _folder_faults(folder: Path, kind: Kind) -> Iterator[str]:
    if (folder / _ADAPTER).is_file():
        return  # its base model is named in there, and peft finds it
    config = _read_config(folder)
    if not (folder / CONFIG).is_file():
        yield f"{folder} holds no {CONFIG}, so it is no model; name the folder of the model itself"
        return
    if config is None:
        yield f"{folder / CONFIG} isn't valid JSON; copy the model again"
        return
    if kind == "encoder":
        from .encoders.encoders import model_types

        if config.get("model_type") not in (works := model_types()):
            yield (
                f"{folder} is of type '{config.get('model_type')}', which is no encoder here; these work: "
                f"{', '.join(works)}"
            )
    missing = [name for name in _parts(folder) if not (folder / name).is_file()]
    if missing:
        yield f"{folder} lacks its weights {missing[0]} ({len(missing)} files); copy the model again"
    elif not _some(folder, _WEIGHTS):
        yield f"{folder} holds no weights ({' or '.join(_WEIGHTS)}); copy the model again"
    if kind == "llm" and not _some(folder, _TOKENIZERS):
        yield f"{folder} holds no tokenizer (tokenizer.json or the like); copy it beside the weights"


def _read_config(folder: Path) -> dict[str, Any] | None:
    try:
        content = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _parts(folder: Path) -> list[str]:
    """The files of weights that an index names."""
    for index in sorted(folder.glob("*.index.json")):
        try:
            return sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return [index.name]
    return []


def _some(folder: Path, patterns: tuple[str, ...]) -> bool:
    return any(path.stat().st_size > 0 for pattern in patterns for path in folder.glob(pattern))


def _hub_faults(name: str, kind: Kind) -> list[str]:
    from huggingface_hub import constants, try_to_load_from_cache

    cached = try_to_load_from_cache(name, CONFIG)
    in_cache = list(_folder_faults(Path(cached).parent, kind)) if isinstance(cached, str) else None
    if in_cache == []:
        return []
    part = "in the Hub's cache only in part" if in_cache else "neither a folder here nor in the Hub's cache"
    if constants.HF_HUB_OFFLINE or os.environ.get("TRANSFORMERS_OFFLINE", "0") not in ("", "0"):
        return [f"{name!r} is {part}, and HF_HUB_OFFLINE forbids to fetch it; name its folder"]
    refused = _on_the_hub(name)
    return [f"{name!r} is {part}, and {refused}"] if refused else []


def _on_the_hub(name: str) -> str:
    """Why a model can't be fetched, nothing where it can."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, RepositoryNotFoundError

    try:
        get_hf_file_metadata(hf_hub_url(name, CONFIG), timeout=_PATIENCE_S)
    except GatedRepoError:
        return "the Hub wants its terms accepted first; do so on its page and set HF_TOKEN"
    except RepositoryNotFoundError:
        return "the Hub has no such model (or it is private: set HF_TOKEN); check the name"
    except EntryNotFoundError:
        return f"on the Hub it has no {CONFIG}; name another"
    except Exception as error:  # whatever its HTTP library raises
        return f"the Hub doesn't answer ({_first_line(error)}); name its folder, or fetch it first"
    return ""


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
