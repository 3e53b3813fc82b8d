"""The language model: loaded, adapted with LoRA, and written out with the LoRA merged in."""

import copy
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.lora import LoraLayer
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedConfig, PreTrainedModel

from ..errors import InputError

ADAPTER = "default"


def read_llm_config(name: str, **hub: Any) -> PreTrainedConfig:
    """The configuration of the LLM `name` (Hub name or folder). Raises InputError where there is none."""
    try:
        return AutoConfig.from_pretrained(name, **hub)
    except (OSError, ValueError) as error:
        raise InputError(f"llm '{name}' can't be read: give a Hub name or a folder ({error})") from error


def load_llm(name: str, config: PreTrainedConfig, dtype: torch.dtype, **hub: Any) -> PreTrainedModel:
    """The pretrained LLM `name`. Raises InputError where it can't be loaded whole."""
    try:
        llm, report = AutoModelForCausalLM.from_pretrained(
            name, config=copy.deepcopy(config), dtype=dtype, output_loading_info=True, **hub
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"llm '{name}' can't be loaded: check its weights ({error})") from error
    if missing := report["missing_keys"]:
        raise InputError(
            f"llm '{name}' lacks {len(missing)} weights, {min(missing)} first: its config.json and its weights don't "
            f"belong together, download it again"
        )
    return llm


def attach_lora(llm: PreTrainedModel, r: int, alpha: float, dropout: float, targets: Sequence[str]) -> None:
    """Freeze the LLM and put trainable LoRA (float32) on the modules named in `targets`.

    Raises InputError if a target matches no module.
    """
    names = [name for name, _ in llm.named_modules()]
    for target in targets:
        if not any(name == target or name.endswith("." + target) for name in names):
            raise InputError(
                f"lora_targets: the LLM ({llm.config.model_type}) has no module '{target}': name modules that it has"
            )
    settings = LoraConfig(r=r, lora_alpha=alpha, lora_dropout=dropout, target_modules=list(targets))
    with warnings.catch_warnings():
        # PEFT warns that merging into tied embeddings changes both; `merged_weights` unties them.
        warnings.filterwarnings("ignore", message=".*tie.*")
        inject_adapter_in_model(settings, llm, adapter_name=ADAPTER)
    for name, parameter in llm.named_parameters():
        if "lora_" in name:
            parameter.data = parameter.data.float()


def save_merged(llm: PreTrainedModel, folder: Path) -> None:
    """Write the LLM with its LoRA merged in as an ordinary checkpoint; `llm` itself isn't changed.

    Input and output embeddings are untied if LoRA sits on one of them: the merged ones differ.
    """
    layers = {name: module for name, module in llm.named_modules() if isinstance(module, LoraLayer)}
    tensors = {}
    for name, tensor in llm.state_dict().items():
        if ".lora_" not in name:
            tensors[name.replace(".base_layer.", ".")] = tensor.cpu()
    for name, layer in layers.items():
        weight = layer.get_base_layer().weight
        merged = weight.float() + layer.get_delta_weight(ADAPTER).float()
        tensors[f"{name}.weight"] = merged.to(weight.dtype).cpu()

    config = copy.deepcopy(llm.config)
    if {llm.get_output_embeddings(), llm.get_input_embeddings()} & set(layers.values()):
        config.tie_word_embeddings = False
    with torch.device("meta"):
        plain = AutoModelForCausalLM.from_config(config)
    plain.load_state_dict(tensors, assign=True)
    plain.generation_config = llm.generation_config
    plain.save_pretrained(folder)
