"""docs/adding-an-encoder.md: an encoder from elsewhere in a small training, by the page alone."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
import transformers
from transformers import PreTrainedTokenizerFast

from cryfish.model.encoders.encoders import ENCODERS, build_encoder, frames_per_window
from cryfish.model.load import load_checkpoint
from cryfish.seams import PLUGINS, use_plugins
from cryfish.shards import ClipRecord, EncodedSample, Instruction, Sample, encode_flac, write_shard

from ...pages import follow


def tone(number: int) -> np.ndarray:
    wave: np.ndarray = 0.3 * np.sin(np.arange(12_800) * (0.1, 1.0)[number % 2])
    return wave.astype(np.float32)


def sample(number: int) -> EncodedSample:
    label = ("low", "high")[number % 2]
    clip = ClipRecord(f"tone{number}", 0.8, "tones", {"speaker": f"s{number}"})
    asked = Instruction(
        f"{number:016x}", (clip.id,), "pitch", "label", "Low or high?", label, label, "en", "template"
    )
    return EncodedSample(Sample(clip.id, (clip,), (asked,)), (encode_flac(tone(number)),))


def test_an_encoder_is_added_by_the_page_alone(
    parts: Path, tokenizer: PreTrainedTokenizerFast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_shard(tmp_path / "shards" / "clips1-000000.tar", [sample(number) for number in range(8)])
    soundfile.write(tmp_path / "tone.wav", tone(0), 16_000)
    llm = tmp_path / "models" / "SmolLM2-135M-Instruct"
    transformers.AutoModelForCausalLM.from_pretrained(parts / "llama").save_pretrained(llm)
    tokenizer.save_pretrained(llm)
    sizes = {f"{side}_num_{of}": 2 for side in ("encoder", "decoder") for of in ("hidden_layers",)}
    config = transformers.AutoConfig.for_model(
        "moonshine", hidden_size=288, intermediate_size=24, vocab_size=50, **sizes
    )
    transformers.AutoModel.from_config(config).save_pretrained(tmp_path / "models" / "moonshine-tiny")
    follow("adding-an-encoder.md", tmp_path)

    monkeypatch.setenv(PLUGINS, "")
    use_plugins([tmp_path / "moonshine.py"])
    trained, _ = load_checkpoint(tmp_path / "run")
    assert trained.config.encoder_options == {"masked": True}
    assert type(trained.encoder).__name__ == "Moonshine"

    adapter = ENCODERS.get("moonshine")
    tiny = transformers.AutoConfig.for_model("moonshine", **adapter.miniature.configs["moonshine"])
    windows = 0.1 * torch.randn(2, 8_000)
    for samples, frames in adapter.miniature.frames.items():
        assert frames_per_window(tiny, samples) == frames
    encoder = build_encoder(tiny, layer=1).eval()
    assert encoder(windows, torch.tensor([8_000, 5_000])).shape == (2, 19, 16)
