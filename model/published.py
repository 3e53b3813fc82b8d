"""The checkpoint of the published CryFish (arXiv 2508.12666), read into our model."""

from pathlib import Path
from typing import Any

import torch

from .modeling import CryfishForConditionalGeneration
from .weights import load_strict, read_tensors

# What their names begin with, and ours.
RENAMED = (
    ("connector_model.frontend_model.", "encoder.model."),
    ("connector_model.connector_model.emb_proj.0.", "connector.input."),
    ("connector_model.connector_model.queries.", "connector.queries."),
    ("connector_model.connector_model.encoder.layers.", "connector.before."),
    ("connector_model.connector_model.decoder.layers.", "connector.after."),
    ("connector_model.connector_model.head.", "connector.output."),
    ("llm_model.base_model.model.", "llm."),
)


def load_cryfish_checkpoint(
    path: str | Path, encoder: str, llm: str, dtype: torch.dtype = torch.float32, **options: Any
) -> CryfishForConditionalGeneration:
    """The model of a checkpoint (safetensors) that the original CryFish trainer wrote, in eval mode.

    `encoder` and `llm`: the base models it was trained on (for the published one `microsoft/wavlm-large` and
    `Qwen/Qwen2.5-7B-Instruct`). `options`: fields of `CryfishConfig` in which it differs from the published one.
    Raises InputError if the checkpoint is of another architecture.
    """
    path = Path(path)
    theirs = read_tensors(path)
    model = CryfishForConditionalGeneration.from_parts(encoder, llm, dtype, **options)
    model.unfreeze_encoder()
    model.freeze_encoder()
    tensors = {_renamed(name, RENAMED): tensor for name, tensor in theirs.items()}
    tensors.pop("encoder.model.masked_spec_embed", None)  # SpecAugment's, which is off
    fix = "give the encoder, the LLM and the sizes that it was trained with"
    back = tuple((ours, original) for original, ours in RENAMED)
    # The original takes frames as they are, which is what these two buffers begin with.
    names = [name for name in model.trained_names() if not name.startswith("connector.frame_")]
    load_strict(model, names, tensors, path, fix, shown=lambda name: _renamed(name, back))
    model.eval()
    return model


def _renamed(name: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name
