"""Whisper's encoder, of the whole model or alone."""

import torch
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel

from ...constants import SAMPLE_RATE
from ...errors import InputError
from .encoders import EncoderAdapter, EncoderMiniature, SpeechEncoder, lowest

_HOP = 160
_FFT = 400


class WhisperWindowEncoder(SpeechEncoder):
    """Whisper's encoder, fed windows of a few seconds with the first positions, not padded to 30 s.

    The log-mel spectrogram is Whisper's (Radford et al. 2022): 25 ms Hann windows every 10 ms, Slaney mel filters,
    log10, floored 8 below the maximum of the window, then (x + 4) / 4. What pads a window is silence to Whisper,
    which has no attention mask.
    """

    never_trained = ("model.embed_positions.weight",)  # fixed sinusoids

    def __init__(self, model: PreTrainedModel, layer: int | None, options: object = None) -> None:
        from transformers.audio_utils import mel_filter_bank

        super().__init__()
        self.model = model
        if layer is not None:
            model.layers = lowest(model.layers, layer)
            model.layer_norm = nn.Identity()
        filters = mel_filter_bank(
            num_frequency_bins=_FFT // 2 + 1,
            num_mel_filters=model.config.num_mel_bins,
            min_frequency=0.0,
            max_frequency=SAMPLE_RATE / 2,
            sampling_rate=SAMPLE_RATE,
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
                _FFT,
                _HOP,
                window=torch.hann_window(_FFT, device=windows.device),
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


def _frames(config: PreTrainedConfig, samples: int, options: object) -> int:
    step = 2 * _HOP
    most = step * config.max_source_positions
    if samples % step or samples > most:
        raise InputError(
            f"window_seconds {samples / SAMPLE_RATE:g} doesn't suit Whisper: choose a multiple of "
            f"0.02 s up to {most / SAMPLE_RATE:g} s"
        )
    return samples // step


def _build(config: PreTrainedConfig) -> PreTrainedModel:
    from transformers.models.whisper.modeling_whisper import WhisperEncoder

    return WhisperEncoder(config)


_TINY = {
    "d_model": 16,
    "encoder_layers": 2,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 24,
    "decoder_ffn_dim": 24,
    "vocab_size": 50,
    "num_mel_bins": 20,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 1,
}
ENCODER = EncoderAdapter(
    "whisper",
    ("whisper",),
    WhisperWindowEncoder,
    _frames,
    EncoderMiniature({"whisper": _TINY}, {320: 1, 8_000: 25, 80_000: 250}),
    lambda config: int(config.d_model),
    part="encoder",
    build=_build,
)
