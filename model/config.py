"""What a Cryfish model is made of: the names of its parts, the connector's sizes and the LoRA settings."""

from collections.abc import Sequence
from typing import Any

from transformers import AutoConfig, PreTrainedConfig

from ..errors import InputError
from .connector import num_embeddings
from .encoders.encoders import frames_per_window

PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


class CryfishConfig(PreTrainedConfig):
    """The defaults are those of the published CryFish (arXiv 2508.12666): WavLM-large, Qwen2.5-7B-Instruct.

    `encoder` and `llm` are Hub names or folders. Their weights are not copied into a checkpoint, so they must
    still be there when it is loaded. `encoder_config` and `llm_config` are their configurations (or their dicts).

    `encoder_layer`: None takes the encoder's last hidden state; k takes the output of its k-th transformer layer
    (`hidden_states[k]`), and the layers above are dropped. Lower layers keep more of the voice.

    `encoder_trained` becomes true once the encoder was unfrozen: its weights then belong to the checkpoint.
    `encoder_options` are those that the encoder's adapter declares (model/encoders/).
    `pool` is the number of encoder frames averaged into one embedding.
    """

    model_type = "cryfish"

    encoder: str | None = None
    encoder_config: Any = None
    encoder_layer: int | None = None
    encoder_trained: bool = False
    encoder_options: dict[str, Any] | None = None

    llm: str | None = None
    llm_config: Any = None

    connector_hidden_size: int = 1024
    connector_ffn_size: int = 2048
    connector_heads: int = 16
    connector_dropout: float = 0.1
    num_queries: int = 5
    layers_before: int = 1
    layers_after: int = 2
    pool: int = 20

    window_seconds: float = 5.0
    sampling_rate: int = 16_000

    lora_r: int = 8
    lora_alpha: float = 32
    lora_dropout: float = 0.2
    lora_targets: Sequence[str] = (*PROJECTIONS, "lm_head")

    def __post_init__(self, **kwargs: Any) -> None:
        self.encoder_config = _as_config(self.encoder_config)
        self.llm_config = _as_config(self.llm_config)
        self.lora_targets = list(self.lora_targets)
        super().__post_init__(**kwargs)
        if self.connector_heads < 1 or self.connector_hidden_size % self.connector_heads:
            raise InputError(
                f"connector_hidden_size {self.connector_hidden_size} can't be split into connector_heads "
                f"{self.connector_heads}: choose a number of heads that divides it"
            )
        for field in ("pool", "lora_r", "sampling_rate", "window_seconds"):
            if getattr(self, field) <= 0:
                raise InputError(f"{field} is {getattr(self, field)}: it must be greater than 0")

    @property
    def window_samples(self) -> int:
        """Samples in one encoder window."""
        return round(self.window_seconds * self.sampling_rate)

    @property
    def frames_per_window(self) -> int:
        """Frames the encoder gives for one window."""
        return frames_per_window(self.encoder_config, self.window_samples, self.encoder_options)

    def num_embeddings(self, num_samples: int) -> int:
        """Embeddings that a clip of `num_samples` samples takes in the prompt."""
        return num_embeddings(
            num_samples, self.window_samples, self.frames_per_window, self.num_queries, self.pool
        )

    def get_text_config(self, *args: Any, **kwargs: Any) -> PreTrainedConfig:
        return self if self.llm_config is None else self.llm_config


def _as_config(value: dict[str, Any] | PreTrainedConfig | None) -> PreTrainedConfig | None:
    return AutoConfig.for_model(**value) if isinstance(value, dict) else value
