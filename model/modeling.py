"""The model: speech encoder -> connector -> language model with LoRA."""

import contextlib
import copy
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput
from transformers.utils import cached_file

from ..errors import InputError
from .config import CryfishConfig
from .connector import Connector, num_frames
from .encoders.encoders import (
    SpeechEncoder,
    build_encoder,
    check_encoder,
    frame_size,
    load_encoder,
    read_encoder_config,
)
from .llm import attach_lora, load_llm, read_llm_config, save_merged
from .weights import load_strict, read_tensors, write_tensors

WEIGHTS = "model.safetensors"
IGNORED = -100
# Bounds the encoder's memory, so that an hour of audio can be heard.
WINDOWS_AT_ONCE = 64


class CryfishForConditionalGeneration(PreTrainedModel):
    """An LLM that hears. Make one with `from_parts` (fresh) or `from_pretrained` (trained).

    A checkpoint holds only what was trained: connector, LoRA, and the encoder if it was ever unfrozen. The base
    models are found again by the names in the configuration. What is trained is kept in float32 whatever the dtype
    of the base models, which are frozen.
    """

    config_class = CryfishConfig
    base_model_prefix = ""
    main_input_name = "input_ids"
    supports_gradient_checkpointing = True
    accepts_loss_kwargs = True  # the Trainer then passes `num_items_in_batch`

    def __init__(
        self, config: CryfishConfig, encoder: SpeechEncoder | None = None, llm: PreTrainedModel | None = None
    ) -> None:
        """Without `encoder` and `llm`, they are made with random weights from the configuration."""
        super().__init__(config)
        check_encoder(config.encoder_config, config.encoder or "(given by its config)")
        self.encoder: SpeechEncoder = encoder or build_encoder(
            config.encoder_config, config.encoder_layer, config.encoder_options
        )
        self.connector = Connector(
            frame_size(config.encoder_config),
            config.connector_hidden_size,
            config.connector_ffn_size,
            config.llm_config.hidden_size,
            heads=config.connector_heads,
            num_queries=config.num_queries,
            layers_before=config.layers_before,
            layers_after=config.layers_after,
            pool=config.pool,
            dropout=config.connector_dropout,
        )
        self.llm = llm or AutoModelForCausalLM.from_config(copy.deepcopy(config.llm_config))
        self.connector.match_scale(self.llm.get_input_embeddings().weight)
        attach_lora(self.llm, config.lora_r, config.lora_alpha, config.lora_dropout, config.lora_targets)
        self.encoder_frozen = True
        self.freeze_encoder()
        self.post_init()

    def init_weights(self) -> None:
        """Nothing to do: the parts come initialised, and transformers must not draw them again."""

    def tie_weights(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to do: the LLM has tied its own embeddings."""

    @classmethod
    def from_parts(cls, encoder: str, llm: str, dtype: torch.dtype = torch.float32, **options: Any) -> Self:
        """Pretrained encoder and LLM (Hub names or folders, loaded in `dtype`), fresh connector and LoRA.

        `options` are fields of `CryfishConfig`. Raises InputError for a part that can't be loaded or doesn't fit,
        TypeError for an option that doesn't exist.
        """
        given = {"encoder", "encoder_config", "encoder_trained", "llm", "llm_config"}
        known = set(CryfishConfig.__annotations__) - given
        if unknown := set(options) - known:
            raise TypeError(f"no option {min(unknown)!r}; there are: {', '.join(sorted(known))}")
        config = CryfishConfig(
            encoder=_lasting(encoder),
            encoder_config=read_encoder_config(encoder),
            llm=_lasting(llm),
            llm_config=read_llm_config(llm),
            dtype=dtype,
            **options,
        )
        return cls._from_bases(config, dtype)

    @classmethod
    def from_pretrained(
        cls,
        pretrained_model_name_or_path: str | Path,
        *,
        config: CryfishConfig | None = None,
        encoder: str | None = None,
        llm: str | None = None,
        dtype: torch.dtype | None = None,
        **hub: Any,
    ) -> Self:
        """A trained model from a folder (or Hub name) that `save_pretrained` wrote, in eval mode.

        `encoder` and `llm` say where the base models are now, if they moved; `dtype` is theirs (default: as in
        training). `hub`: `revision`, `cache_dir`, `token`, ... for the checkpoint itself.
        Raises InputError if a base model isn't there, or a tensor is missing, unexpected or of another shape.
        """
        if config is None:
            config = CryfishConfig.from_pretrained(pretrained_model_name_or_path, **hub)
        if encoder is not None:
            config.encoder = _lasting(encoder)
        if llm is not None:
            config.llm = _lasting(llm)
        dtype = dtype or config.dtype or torch.float32
        config.dtype = dtype
        model = cls._from_bases(config, dtype)
        folder = Path(pretrained_model_name_or_path)
        if not folder.is_dir():
            folder = Path(cached_file(str(pretrained_model_name_or_path), WEIGHTS, **hub)).parent
        model.load_trained(folder)
        model.eval()
        return model

    @classmethod
    def _from_bases(cls, config: CryfishConfig, dtype: torch.dtype) -> Self:
        encoder, llm = _base("encoder", config.encoder), _base("llm", config.llm)
        encoder_dtype = torch.float32 if config.encoder_trained else dtype
        return cls(
            config,
            load_encoder(
                encoder,
                config.encoder_config,
                config.encoder_layer,
                encoder_dtype,
                config.encoder_options,
            ),
            load_llm(llm, config.llm_config, dtype),
        )

    def freeze_encoder(self) -> None:
        """Train the connector and LoRA only. The encoder runs in eval mode and without gradient."""
        self.encoder_frozen = True
        self.encoder.requires_grad_(False)
        self.encoder.eval()

    def unfreeze_encoder(self) -> None:
        """Train the encoder too, in float32. From now on checkpoints hold its weights."""
        self.encoder_frozen = False
        self.config.encoder_trained = True
        self.encoder.float().train(self.training)
        for name, parameter in self.encoder.named_parameters():
            parameter.requires_grad_(name not in self.encoder.never_trained)

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        if self.encoder_frozen:
            self.encoder.eval()
        return self

    def get_input_embeddings(self) -> nn.Module:
        embeddings: nn.Module = self.llm.get_input_embeddings()
        return embeddings

    def get_output_embeddings(self) -> nn.Module:
        head: nn.Module = self.llm.get_output_embeddings()
        return head

    def encode(self, audio: Tensor, lengths: Sequence[int]) -> Tensor:
        """Frames [W, F, D] of the windows `audio` [W, S] of clips of `lengths` samples."""
        size = self.config.window_samples
        filled = [min(length - start, size) for length in lengths for start in range(0, length, size)]
        if audio.shape != (len(filled), size):
            raise ValueError(
                f"audio is {list(audio.shape)}, but audio_lengths ask for {len(filled)} windows of {size} samples: "
                f"the processor was made for another model"
            )
        with torch.no_grad() if self.encoder_frozen else contextlib.nullcontext():
            parts = zip(
                audio.split(WINDOWS_AT_ONCE),
                torch.tensor(filled, device=audio.device).split(WINDOWS_AT_ONCE),
                strict=True,
            )
            return torch.cat([self.encoder(windows, num_samples) for windows, num_samples in parts])

    @torch.no_grad()
    def standardise_frames(self, batches: Iterable[Mapping[str, Tensor]]) -> None:
        """Lets the connector bring frames to the mean and the scale that they have in these batches of the processor.

        Only frames that carry audio count. Call it before training; checkpoints hold the result.
        """
        config = self.config
        found: list[Tensor] = []
        for batch in batches:
            lengths = batch["audio_lengths"].tolist()
            frames = self.encode(batch["audio"].to(self.device), lengths).float()
            clips = frames.split([-(-length // config.window_samples) for length in lengths])
            for clip, length in zip(clips, lengths, strict=True):
                valid = num_frames(length, config.window_samples, config.frames_per_window)
                found.append(clip.flatten(0, 1)[:valid].cpu())
        if found:
            self.connector.standardise(torch.cat(found))

    def embed_frames(self, frames: Tensor, lengths: Sequence[int]) -> list[Tensor]:
        """LLM embeddings [n_i, llm width] of each clip from the frames [W, F, D] of all windows, in order."""
        config = self.config
        size, per_window = config.window_samples, config.frames_per_window
        windows = [-(-length // size) for length in lengths]
        clips = frames.to(self.connector.input.weight.dtype).split(windows)
        padded = nn.utils.rnn.pad_sequence([clip.flatten(0, 1) for clip in clips], batch_first=True)
        extents = torch.tensor([count * per_window for count in windows], device=frames.device)
        valid = torch.tensor([num_frames(n, size, per_window) for n in lengths], device=frames.device)
        embeddings = self.connector(padded, extents, valid)
        return [clip[: config.num_embeddings(n)] for clip, n in zip(embeddings, lengths, strict=True)]

    def embed_audio(self, audio: Tensor, audio_lengths: Tensor) -> list[Tensor]:
        """LLM embeddings [n_i, llm width] of each clip, which don't depend on the other clips.

        `audio` [W, S]: the windows of all clips, in order, the last of each padded with zeros;
        `audio_lengths` [N]: samples of each clip.
        """
        lengths = audio_lengths.tolist()
        return self.embed_frames(self.encode(audio, lengths), lengths) if lengths else []

    def embed_prompt(
        self, input_ids: Tensor, audio_mask: Tensor | None, audio: Tensor | None, audio_lengths: Tensor | None
    ) -> Tensor:
        """Embeddings [B, T, llm width] of the tokens, with those of the clips at the positions of `audio_mask`."""
        embeddings: Tensor = self.get_input_embeddings()(input_ids)
        if audio is None or audio_lengths is None or audio_mask is None:
            return embeddings
        clips = self.embed_audio(audio, audio_lengths)
        if not clips:
            return embeddings
        heard = torch.cat(clips).to(embeddings.dtype)
        if (places := int(audio_mask.sum())) != len(heard):
            raise ValueError(
                f"the prompts keep {places} places for audio, the clips have {len(heard)} embeddings: the processor "
                f"was made for another model"
            )
        return embeddings.masked_scatter(audio_mask[..., None], heard)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        audio_mask: Tensor | None = None,
        audio: Tensor | None = None,
        audio_lengths: Tensor | None = None,
        labels: Tensor | None = None,
        num_items_in_batch: Tensor | int | None = None,
    ) -> CausalLMOutput:
        """One pass over prompts and answers, as `CryfishProcessor` lays them out.

        `input_ids`, `attention_mask`, `audio_mask`, `labels` are [B, T]; `audio` [W, S] and `audio_lengths` [N] as in
        `embed_audio`. Without labels, gives logits [B, T, V]. With labels, gives the loss (mean cross-entropy over
        the answers' tokens, or their sum over `num_items_in_batch`) and the logits [B, K, V] of only the K positions
        whose next token is an answer's in any row, in order: `answer_columns(labels)`.
        """
        embeddings = self.embed_prompt(input_ids, audio_mask, audio, audio_lengths)
        columns = None if labels is None else answer_columns(labels)
        logits = self.llm(
            inputs_embeds=embeddings,
            attention_mask=attention_mask,
            # Padding on the left must not shift a prompt's positions.
            position_ids=(attention_mask.cumsum(-1) - 1).clamp(min=0),
            use_cache=False,
            logits_to_keep=0 if columns is None else columns,
        ).logits
        if labels is None or columns is None:
            return CausalLMOutput(logits=logits)
        targets = labels[:, columns + 1]
        count = (targets != IGNORED).sum().clamp(min=1) if num_items_in_batch is None else num_items_in_batch
        loss = nn.functional.cross_entropy(
            logits.float().flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum"
        )
        return CausalLMOutput(loss=loss / count, logits=logits)

    @torch.no_grad()
    def generate(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        audio_mask: Tensor | None = None,
        audio: Tensor | None = None,
        audio_lengths: Tensor | None = None,
        **options: Any,
    ) -> Tensor:
        """The answers' token ids [B, at most max_new_tokens], padded on the right.

        The prompts must be padded on the left, as the processor does. `options` go to the
        LLM's `generate`; pass `eos_token_id=processor.end_token_id` to stop where the answers of training end.
        """
        if not bool(attention_mask[:, -1].all()):
            raise ValueError("generate needs prompts padded on the left, as the processor pads them")
        embeddings = self.embed_prompt(input_ids, audio_mask, audio, audio_lengths)
        written: Tensor = self.llm.generate(
            inputs_embeds=embeddings, attention_mask=attention_mask, **options
        )
        return written

    def trained_names(self) -> list[str]:
        """Names, in `state_dict`, of what belongs to a checkpoint."""
        wanted = ("connector.", "encoder.") if self.config.encoder_trained else ("connector.",)
        return [name for name in self.state_dict() if name.startswith(wanted) or ".lora_" in name]

    def save_pretrained(
        self,
        save_directory: str | Path,
        is_main_process: bool = True,
        state_dict: dict[str, Tensor] | None = None,
        push_to_hub: bool = False,
        **kwargs: Any,
    ) -> None:
        """Write `config.json` and one safetensors of what was trained; the base models are only named.

        `state_dict`: the gathered weights, where they are spread over processes. Further arguments of transformers'
        `save_pretrained` (shard sizes and the like) don't apply and are ignored.
        """
        if push_to_hub:
            raise ValueError("call model.push_to_hub(...) for that")
        if not is_main_process:
            return
        folder = Path(save_directory)
        folder.mkdir(parents=True, exist_ok=True)
        tensors = self.state_dict() if state_dict is None else state_dict
        write_tensors({name: tensors[name] for name in self.trained_names()}, folder / WEIGHTS)
        self.config.architectures = [type(self).__name__]
        self.config.save_pretrained(folder)

    def load_trained(self, folder: str | Path) -> None:
        """Load what `save_pretrained` wrote into this model, for example to go on training.

        Raises InputError if a tensor is missing, unexpected or of another shape.
        """
        path = Path(folder) / WEIGHTS
        fix = "it was saved from a model of another configuration, load it with the config.json beside it"
        load_strict(self, self.trained_names(), read_tensors(path), path, fix)

    def merge_and_save(self, folder: str | Path) -> None:
        """Write the LLM with LoRA merged in as an ordinary checkpoint. This model isn't changed."""
        save_merged(self.llm, Path(folder))


def answer_columns(labels: Tensor) -> Tensor:
    """Positions [K] of `labels` [B, T] whose next token is an answer's in any row."""
    return (labels[:, 1:] != IGNORED).any(0).nonzero().squeeze(1)


def _lasting(name: str) -> str:
    """A folder's absolute path, so that a checkpoint finds it from anywhere; a Hub name as it is."""
    return str(Path(name).resolve()) if Path(name).is_dir() else str(name)


def _base(part: str, name: str | None) -> str:
    """The name of a base model, or InputError if it can't be loaded from there."""
    if name is None:
        raise InputError(f"the configuration names no {part}: pass {part}= with a Hub name or a folder")
    if Path(name).is_absolute() and not Path(name).is_dir():
        raise InputError(
            f"the {part} this model was built on isn't at {name} any more: pass {part}= with its new place"
        )
    return name


AutoConfig.register(CryfishConfig.model_type, CryfishConfig)
AutoModel.register(CryfishConfig, CryfishForConditionalGeneration)
