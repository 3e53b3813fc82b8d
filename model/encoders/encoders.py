"""Speech encoders behind one interface: windows of samples -> frames.

Windows are padded to one length, always, so a window's frames depend on nothing else in the batch. An adapter is a
module of this folder, of another package or a plugin that declares `ENCODER = EncoderAdapter(...)`
(docs/adding-an-encoder.md).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel

from ...errors import InputError
from ...mistakes import read_section
from ...seams import Seam
from ...section import NoOptions, Section

Options = Mapping[str, Any] | None
"""Those of an adapter, as `CryfishConfig.encoder_options` has them."""


class SpeechEncoder(nn.Module):
    """An encoder from transformers, `self.model`, that takes windows."""

    model: Any
    never_trained: tuple[str, ...] = ()
    """Parameters that stay as they are when the encoder is trained."""

    def forward(self, windows: Tensor, num_samples: Tensor) -> Tensor:
        """`windows` [W, S], `num_samples` [W] valid samples of each -> frames [W, F, D]."""
        raise NotImplementedError


@dataclass(frozen=True)
class EncoderMiniature:
    """`configs`: model type -> settings of a tiny configuration. `frames`: samples of a window -> its frames."""

    configs: Mapping[str, Mapping[str, Any]]
    frames: Mapping[int, int]


@dataclass(frozen=True)
class EncoderAdapter:
    """How encoders of one kind are used.

    `module(model, layer, options)` makes the encoder; `layer` is how many of the lowest layers it keeps, None all
    (`lowest`). `frames(config, samples, options)` is how many frames a window of so many samples has; it raises
    InputError for one that can't be. `size(config)` is their width. `part` names the attribute that holds the encoder,
    where transformers' model holds more; then `build` makes one with random weights. `may_lack` are weights that a
    published model needn't have.
    """

    name: str
    model_types: tuple[str, ...]
    module: Callable[[Any, int | None, Any], SpeechEncoder]
    frames: Callable[[PreTrainedConfig, int, Any], int]
    miniature: EncoderMiniature
    size: Callable[[PreTrainedConfig], int] = lambda config: int(config.hidden_size)
    part: str = ""
    build: Callable[[PreTrainedConfig], PreTrainedModel] = AutoModel.from_config
    may_lack: frozenset[str] = frozenset()
    options: type[Section] = NoOptions


ENCODERS: Seam[EncoderAdapter] = Seam(
    "encoder adapter", "model.encoders", "ENCODER", lambda one: one.name, None, "encoders", EncoderAdapter
)


def model_types() -> dict[str, EncoderAdapter]:
    """The `model_type`s that work, each with its adapter."""
    return {name: adapter for adapter in ENCODERS.all().values() for name in adapter.model_types}


def read_encoder_config(name: str, **hub: Any) -> PreTrainedConfig:
    """The configuration of the encoder `name` (Hub name or folder).

    Raises InputError where there is none, or of an architecture that isn't supported.
    """
    try:
        config = AutoConfig.from_pretrained(name, **hub)
    except (OSError, ValueError) as error:
        raise InputError(f"encoder '{name}' can't be read: give a Hub name or a folder ({error})") from error
    check_encoder(config, name)
    return config


def load_encoder(
    name: str,
    config: PreTrainedConfig,
    layer: int | None,
    dtype: torch.dtype,
    options: Options = None,
    **hub: Any,
) -> SpeechEncoder:
    """The pretrained encoder `name`. Of a model that holds more, such as a whole Whisper, only the encoder is kept."""
    adapter = model_types()[config.model_type]
    try:
        model, report = AutoModel.from_pretrained(
            name, config=copy.deepcopy(config), dtype=dtype, output_loading_info=True, **hub
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"encoder '{name}' can't be loaded: check its weights ({error})") from error
    missing = set(report["missing_keys"]) - adapter.may_lack
    if adapter.part:
        model = getattr(model, adapter.part)
        missing = {key for key in missing if key.startswith(f"{adapter.part}.")}
    if missing:
        raise InputError(
            f"encoder '{name}' lacks {len(missing)} weights, {min(missing)} first: its config.json and its weights "
            f"don't belong together, download it again"
        )
    return adapter.module(model, layer, _read(adapter, options))


def build_encoder(
    config: PreTrainedConfig, layer: int | None = None, options: Options = None
) -> SpeechEncoder:
    """An encoder with random weights."""
    adapter = model_types()[config.model_type]
    return adapter.module(adapter.build(copy.deepcopy(config)), layer, _read(adapter, options))


def check_encoder(config: PreTrainedConfig, name: str) -> None:
    """Raise InputError for an architecture that isn't supported."""
    if config.model_type not in (known := model_types()):
        raise InputError(f"encoder '{name}' is of type '{config.model_type}'; these work: {', '.join(known)}")


def frames_per_window(config: PreTrainedConfig, window_samples: int, options: Options = None) -> int:
    """Frames that an encoder gives for one window.

    Raises InputError for a window that the encoder can't take.
    """
    adapter = model_types()[config.model_type]
    return adapter.frames(config, window_samples, _read(adapter, options))


def frame_size(config: PreTrainedConfig) -> int:
    """Width of the encoder's frames."""
    return model_types()[config.model_type].size(config)


def lowest(layers: nn.ModuleList, count: int) -> nn.ModuleList:
    """The first layers of an encoder. Raises InputError where there aren't so many."""
    if not 1 <= count <= len(layers):
        raise InputError(
            f"encoder_layer {count} isn't there: choose 1 to {len(layers)}, or none for the last"
        )
    return nn.ModuleList(layers[:count])


def _read(adapter: EncoderAdapter, options: Options) -> Section:
    return read_section(adapter.options, options or {}, f"encoder_options of '{adapter.name}'")
