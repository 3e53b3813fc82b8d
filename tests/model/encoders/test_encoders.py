"""Encoders: frames of windows, whatever they are batched with."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from cryfish.errors import InputError
from cryfish.model.encoders.encoders import (
    ENCODERS,
    frame_size,
    frames_per_window,
    load_encoder,
    model_types,
    read_encoder_config,
)

WAVEFORM = ENCODERS.get("wav2vec2").model_types
ALL = tuple(model_types())


def load(folder: Path, layer: int | None = None, dtype: torch.dtype = torch.float32) -> Any:
    return load_encoder(str(folder), read_encoder_config(str(folder)), layer, dtype).eval()


def global_numpy_state() -> np.ndarray:
    state: Any = np.random.get_state()  # noqa: NPY002
    return np.array(state[1])


def noise(*shape: int) -> torch.Tensor:
    return 0.1 * torch.randn(*shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", ALL)
@torch.no_grad()
def test_a_window_has_the_promised_frames_and_is_the_same_in_any_batch(parts: Path, name: str) -> None:
    # In float64, since silence makes the layer norms of tiny random encoders magnify rounding.
    encoder = load(parts / name, dtype=torch.float64)
    config = read_encoder_config(str(parts / name))
    windows, lengths = noise(3, 8000), torch.tensor([8000, 5000, 1])
    for row, length in enumerate(lengths.tolist()):
        windows[row, length:] = 0
    together = encoder(windows, lengths)
    assert together.shape == (3, frames_per_window(config, 8000), frame_size(config))
    assert together.isfinite().all()
    for row in range(3):
        alone = encoder(windows[row : row + 1], lengths[row : row + 1])[0]
        torch.testing.assert_close(together[row], alone, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ALL)
@torch.no_grad()
def test_a_window_of_any_length_has_the_frames_of_the_miniature(parts: Path, name: str) -> None:
    config, encoder = read_encoder_config(str(parts / name)), load(parts / name)
    for samples, frames in model_types()[name].miniature.frames.items():
        assert frames_per_window(config, samples) == frames
        assert encoder(noise(1, samples), torch.tensor([samples])).shape == (1, frames, frame_size(config))


def test_options_that_an_adapter_does_not_have_are_refused(parts: Path) -> None:
    config = read_encoder_config(str(parts / "wavlm"))
    with pytest.raises(InputError, match="encoder_options of 'wav2vec2': field 'stack' is unknown"):
        frames_per_window(config, 8000, {"stack": 2})


@pytest.mark.parametrize("name", WAVEFORM)
@pytest.mark.parametrize("layer", [1, 2])
@torch.no_grad()
def test_a_lower_layer_is_its_hidden_state(parts: Path, name: str, layer: int) -> None:
    whole = transformers.AutoModel.from_pretrained(parts / name).eval()
    windows = noise(1, 8000)
    kept = []
    whole.encoder.layers[layer - 1].register_forward_hook(
        lambda module, inputs, output: kept.append(output[0] if isinstance(output, tuple) else output)
    )
    whole(windows)
    frames = load(parts / name, layer)(windows, torch.tensor([8000]))
    torch.testing.assert_close(frames, kept[0])


@torch.no_grad()
def test_whisper_hears_what_transformers_whisper_hears(parts: Path) -> None:
    audio = noise(1, 30 * 16_000)
    extractor = transformers.WhisperFeatureExtractor(feature_size=20)
    features = extractor(audio.numpy(), sampling_rate=16_000, return_tensors="pt").input_features
    encoder = load(parts / "whisper")
    torch.testing.assert_close(encoder.log_mel(audio), features, rtol=1e-4, atol=1e-4)
    whole = transformers.WhisperModel.from_pretrained(parts / "whisper").eval()
    frames = encoder(audio, torch.tensor([audio.shape[1]]))
    torch.testing.assert_close(frames, whole.encoder(features).last_hidden_state, rtol=1e-3, atol=1e-3)


@torch.no_grad()
def test_whisper_needs_no_padding_to_30_seconds_and_keeps_its_mel_in_bfloat16(parts: Path) -> None:
    windows = noise(2, 80_000)
    windows[1] *= 1e-3
    encoder = load(parts / "whisper")
    assert encoder(windows, torch.tensor([80_000, 80_000])).shape == (2, 250, 16)
    quiet = encoder.log_mel(windows[1:])
    torch.testing.assert_close(encoder.log_mel(windows)[1:], quiet)
    halved = load(parts / "whisper", dtype=torch.bfloat16)
    assert torch.equal(halved.log_mel(windows)[1:], encoder.log_mel(windows)[1:])
    assert halved(windows, torch.tensor([80_000, 80_000])).dtype == torch.bfloat16


def test_a_whole_whisper_gives_only_its_encoder(parts: Path, tmp_path: Path) -> None:
    whole = transformers.WhisperForConditionalGeneration(
        transformers.AutoConfig.from_pretrained(parts / "whisper")
    )
    whole.save_pretrained(tmp_path)
    encoder = load(tmp_path)
    assert torch.equal(encoder.model.conv1.weight, whole.model.encoder.conv1.weight)
    assert not [name for name in encoder.state_dict() if "decoder" in name]


def test_another_architecture_is_refused_with_a_list_of_what_works(parts: Path) -> None:
    with pytest.raises(InputError, match=r"of type 'qwen2'; these work: wavlm, hubert.*whisper"):
        read_encoder_config(str(parts / "qwen2"))
    with pytest.raises(InputError, match="nowhere"):
        read_encoder_config(str(parts / "nowhere"))


def test_an_encoder_without_some_weights_is_refused(parts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "wavlm"
    shutil.copytree(parts / "wavlm", folder)
    tensors = load_file(folder / "model.safetensors")
    tensors.pop("feature_projection.projection.bias")
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(InputError, match=r"lacks 1 weights, feature_projection\.projection\.bias first"):
        load(folder)


def test_a_layer_or_a_window_that_cannot_be_is_refused(parts: Path) -> None:
    with pytest.raises(InputError, match="encoder_layer 3 isn't there: choose 1 to 2"):
        load(parts / "wavlm", layer=3)
    whisper = read_encoder_config(str(parts / "whisper"))
    for samples in (80_001, 31 * 16_000):
        with pytest.raises(InputError, match="doesn't suit Whisper"):
            frames_per_window(whisper, samples)
    with pytest.raises(InputError, match="less than one frame"):
        frames_per_window(read_encoder_config(str(parts / "wavlm")), 300)


def test_training_an_encoder_draws_from_no_global_numpy_generator(parts: Path) -> None:
    assert json.loads((parts / "wavlm" / "config.json").read_text())["apply_spec_augment"]
    encoder = load(parts / "wavlm").train()
    before = global_numpy_state()
    encoder(noise(1, 8000), torch.tensor([8000]))
    assert (global_numpy_state() == before).all()
