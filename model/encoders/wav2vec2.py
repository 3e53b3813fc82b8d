"""WavLM, HuBERT, wav2vec 2.0 and their kin, which read raw samples. To add one of them, add its `model_type`."""

import math
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel

from ...constants import SAMPLE_RATE
from ...errors import InputError
from .encoders import EncoderAdapter, EncoderMiniature, SpeechEncoder, lowest


class WaveformEncoder(SpeechEncoder):
    """WavLM and its kin, which read raw samples. The audio isn't normalised."""

    def __init__(self, model: PreTrainedModel, layer: int | None, options: object = None) -> None:
        super().__init__()
        self.model = model
        # The fewest samples that make one frame: with less, the attention mask would be empty, which transformers
        # turns into an attention over all of the padding.
        self.shortest = _receptive_field(model.config)
        # SpecAugment draws from NumPy's global generator; LayerDrop leaves layers without gradient, which data
        # parallelism doesn't expect.
        model.config.apply_spec_augment = False
        model.config.layerdrop = 0.0
        if hasattr(model, "masked_spec_embed"):
            del model.masked_spec_embed
        if layer is not None:
            stack = model.encoder
            stack.layers = lowest(stack.layers, layer)
            last_norm_is_final = model.config.model_type == "wav2vec2-conformer"
            if last_norm_is_final or getattr(model.config, "do_stable_layer_norm", False):
                stack.layer_norm = nn.Identity()

    def forward(self, windows: Tensor, num_samples: Tensor) -> Tensor:
        """`windows` [W, S], `num_samples` [W] valid samples of each -> frames [W, F, D]."""
        positions = torch.arange(windows.shape[1], device=windows.device)
        mask = positions < num_samples.clamp(min=self.shortest)[:, None]
        windows = windows.to(next(self.model.parameters()).dtype)
        frames: Tensor = self.model(windows, attention_mask=mask.long()).last_hidden_state
        return frames


def _receptive_field(config: PreTrainedConfig) -> int:
    strides = [math.prod(config.conv_stride[:i]) for i in range(len(config.conv_stride))]
    return 1 + sum(
        int((kernel - 1) * stride) for kernel, stride in zip(config.conv_kernel, strides, strict=True)
    )


def _frames(config: PreTrainedConfig, samples: int, options: object) -> int:
    length = samples
    for kernel, stride in zip(config.conv_kernel, config.conv_stride, strict=True):
        length = (length - kernel) // stride + 1
    if getattr(config, "add_adapter", False):
        for _ in range(config.num_adapter_layers):
            length = (length - 1) // config.adapter_stride + 1
    if length < 1:
        raise InputError(
            f"window_seconds {samples / SAMPLE_RATE:g} is less than one frame of the encoder: make it longer"
        )
    return length


def _size(config: PreTrainedConfig) -> int:
    return int(config.output_hidden_size if getattr(config, "add_adapter", False) else config.hidden_size)


_TINY: dict[str, Any] = {
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "hidden_size": 16,
    "intermediate_size": 24,
    "conv_dim": [8] * 7,
    "num_conv_pos_embeddings": 8,
    "num_conv_pos_embedding_groups": 2,
    "mask_time_prob": 0.05,
}
_LAYER_NORM = {"do_stable_layer_norm": True, "feat_extract_norm": "layer", **_TINY}
_GROUP_NORM = {"do_stable_layer_norm": False, "feat_extract_norm": "group", **_TINY}
_CONFIGS = {
    "wavlm": _LAYER_NORM,
    "hubert": _GROUP_NORM,
    "wav2vec2": _GROUP_NORM,
    "wav2vec2-conformer": {**_TINY, "conv_depthwise_kernel_size": 3},
    "data2vec-audio": {**_TINY, "conv_pos_kernel_size": 3},
    "unispeech": _LAYER_NORM,
    "unispeech-sat": _GROUP_NORM,
}
ENCODER = EncoderAdapter(
    "wav2vec2",
    tuple(_CONFIGS),
    WaveformEncoder,
    _frames,
    EncoderMiniature(_CONFIGS, {400: 1, 8_000: 24, 80_000: 249}),
    _size,
    may_lack=frozenset({"masked_spec_embed"}),
)
