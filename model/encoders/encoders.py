"""Speech encoders behind one interface: windows of samples -> frames.

Windows are padded to one length, always, so a window's frames depend on nothing else in the batch. To add an
architecture that reads raw samples as wav2vec 2.0 does, add its `model_type` to `WAVEFORM` in bases.py.
"""

import copy
import math
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel, WhisperModel
from transformers.audio_utils import mel_filter_bank
from transformers.models.whisper.modeling_whisper import WhisperEncoder

from ...errors import InputError
from ..bases import WAVEFORM as WAVEFORM

SAMPLING_RATE = 16_000
WHISPER_HOP = 160
WHISPER_FFT = 400


class WaveformEncoder(nn.Module):
    """WavLM and its kin, which read raw samples. The audio isn't normalised."""

    never_trained: tuple[str, ...] = ()

    def __init__(self, model: PreTrainedModel, layer: int | None = None) -> None:
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
            stack.layers = _lowest(stack.layers, layer)
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


class WhisperWindowEncoder(nn.Module):
    """Whisper's encoder, fed windows of a few seconds with the first positions, not padded to 30 s.

    The log-mel spectrogram is Whisper's (Radford et al. 2022): 25 ms Hann windows every 10 ms, Slaney mel filters,
    log10, floored 8 below the maximum of the window, then (x + 4) / 4. What pads a window is silence to Whisper,
    which has no attention mask.
    """

    never_trained: tuple[str, ...] = ("model.embed_positions.weight",)  # fixed sinusoids

    def __init__(self, model: WhisperEncoder, layer: int | None = None) -> None:
        super().__init__()
        self.model = model
        if layer is not None:
            model.layers = _lowest(model.layers, layer)
            model.layer_norm = nn.Identity()
        filters = mel_filter_bank(
            num_frequency_bins=WHISPER_FFT // 2 + 1,
            num_mel_filters=model.config.num_mel_bins,
            min_frequency=0.0,
            max_frequency=SAMPLING_RATE / 2,
            sampling_rate=SAMPLING_RATE,
            norm="slaney",
            mel_scale="slaney",
        )
        # Not a buffer: `.to(torch.bfloat16)` would round it.
        self._filters = torch.from_numpy(filters.T.copy()).float()

    def log_mel(self, windows: Tensor) -> Tensor:
        """[W, S] samples -> [W, mel bins, S / 160], float32."""
        with torch.autocast(windows.device.type, enabled=False):
            spectrum = torch.stft(
                windows.float(),
                WHISPER_FFT,
                WHISPER_HOP,
                window=torch.hann_window(WHISPER_FFT, device=windows.device),
                return_complex=True,
            )
            power = spectrum[..., :-1].abs() ** 2
            log = (self._filters.to(windows.device) @ power).clamp(min=1e-10).log10()
            floor = log.amax(dim=(1, 2), keepdim=True) - 8.0
            return (torch.maximum(log, floor) + 4.0) / 4.0

    def forward(self, windows: Tensor, num_samples: Tensor) -> Tensor:
        """`windows` [W, S], `num_samples` [W] (unused) -> frames [W, S / 320, D]."""
        model = self.model
        hidden = self.log_mel(windows).to(model.conv1.weight.dtype)
        hidden = nn.functional.gelu(model.conv1(hidden))
        hidden = nn.functional.gelu(model.conv2(hidden)).transpose(1, 2)
        hidden = hidden + model.embed_positions.weight[: hidden.shape[1]]
        hidden = nn.functional.dropout(hidden, p=model.dropout, training=self.training)
        for layer in model.layers:
            hidden = layer(hidden, None)
        frames: Tensor = model.layer_norm(hidden)
        return frames


SpeechEncoder = WaveformEncoder | WhisperWindowEncoder


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
    name: str, config: PreTrainedConfig, layer: int | None, dtype: torch.dtype, **hub: Any
) -> SpeechEncoder:
    """The pretrained encoder `name`. Of a whole Whisper only the encoder is kept."""
    loader = WhisperModel if config.model_type == "whisper" else AutoModel
    try:
        model, report = loader.from_pretrained(
            name, config=copy.deepcopy(config), dtype=dtype, output_loading_info=True, **hub
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"encoder '{name}' can't be loaded: check its weights ({error})") from error
    if loader is WhisperModel:
        model = model.encoder
        missing = {key for key in report["missing_keys"] if key.startswith("encoder.")}
    else:
        missing = set(report["missing_keys"]) - {"masked_spec_embed"}
    if missing:
        raise InputError(
            f"encoder '{name}' lacks {len(missing)} weights, {min(missing)} first: its config.json and its weights "
            f"don't belong together, download it again"
        )
    return _wrap(model, layer)


def build_encoder(config: PreTrainedConfig, layer: int | None = None) -> SpeechEncoder:
    """An encoder with random weights."""
    config = copy.deepcopy(config)
    return _wrap(
        WhisperEncoder(config) if config.model_type == "whisper" else AutoModel.from_config(config), layer
    )


def check_encoder(config: PreTrainedConfig, name: str) -> None:
    """Raise InputError for an architecture that isn't supported."""
    if config.model_type not in (*WAVEFORM, "whisper"):
        works = ", ".join((*WAVEFORM, "whisper"))
        raise InputError(f"encoder '{name}' is of type '{config.model_type}'; these work: {works}")


def frames_per_window(config: PreTrainedConfig, window_samples: int) -> int:
    """Frames that an encoder gives for one window.

    Raises InputError for a window that the encoder can't take.
    """
    if config.model_type == "whisper":
        step = 2 * WHISPER_HOP
        most = step * config.max_source_positions
        if window_samples % step or window_samples > most:
            raise InputError(
                f"window_seconds {window_samples / SAMPLING_RATE:g} doesn't suit Whisper: choose a multiple of "
                f"0.02 s up to {most / SAMPLING_RATE:g} s"
            )
        return window_samples // step
    length = window_samples
    for kernel, stride in zip(config.conv_kernel, config.conv_stride, strict=True):
        length = (length - kernel) // stride + 1
    if getattr(config, "add_adapter", False):
        for _ in range(config.num_adapter_layers):
            length = (length - 1) // config.adapter_stride + 1
    if length < 1:
        raise InputError(
            f"window_seconds {window_samples / SAMPLING_RATE:g} is less than one frame of the encoder: make it longer"
        )
    return length


def frame_size(config: PreTrainedConfig) -> int:
    """Width of the encoder's frames."""
    if getattr(config, "add_adapter", False):
        return int(config.output_hidden_size)
    return int(config.d_model if config.model_type == "whisper" else config.hidden_size)


def _wrap(model: PreTrainedModel, layer: int | None) -> SpeechEncoder:
    if model.config.model_type == "whisper":
        return WhisperWindowEncoder(model, layer)
    return WaveformEncoder(model, layer)


def _lowest(layers: nn.ModuleList, count: int) -> nn.ModuleList:
    if not 1 <= count <= len(layers):
        raise InputError(
            f"encoder_layer {count} isn't there: choose 1 to {len(layers)}, or none for the last"
        )
    return nn.ModuleList(layers[:count])


def _receptive_field(config: PreTrainedConfig) -> int:
    strides = [math.prod(config.conv_stride[:i]) for i in range(len(config.conv_stride))]
    return 1 + sum(
        int((kernel - 1) * stride) for kernel, stride in zip(config.conv_kernel, strides, strict=True)
    )
