"""A tiny trained model."""

from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from cryfish.model import CryfishForConditionalGeneration, CryfishProcessor

ENCODER = {
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "hidden_size": 16,
    "intermediate_size": 24,
    "conv_dim": [8] * 7,
    "num_conv_pos_embeddings": 8,
    "num_conv_pos_embedding_groups": 2,
    "do_stable_layer_norm": True,
    "feat_extract_norm": "layer",
}
CONNECTOR: dict[str, Any] = {
    "window_seconds": 0.5,
    "pool": 4,
    "num_queries": 3,
    "connector_hidden_size": 16,
    "connector_ffn_size": 24,
    "connector_heads": 2,
    "lora_r": 2,
}


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory, tiny_llm: Path) -> Path:
    """A folder as training leaves it, of a model with random weights."""
    folder = tmp_path_factory.mktemp("trained")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        encoder = transformers.AutoModel.from_config(transformers.AutoConfig.for_model("wavlm", **ENCODER))
        encoder.save_pretrained(folder / "encoder")
        model = CryfishForConditionalGeneration.from_parts(
            str(folder / "encoder"), str(tiny_llm), **CONNECTOR
        )
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_llm)
    model.save_pretrained(folder / "model")
    CryfishProcessor.for_config(tokenizer, model.config).save_pretrained(folder / "model")
    return folder
