"""A small model that learned two tones, and their shards."""

from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from transformers import PreTrainedTokenizerFast

from cryfish.model.train.settings import TrainSettings
from cryfish.model.train.train import train
from cryfish.shards import Budget, ClipRecord, EncodedSample, Instruction, Sample, encode_flac, write_shard

CONNECTOR = {
    "window_seconds": 0.5,
    "pool": 5,
    "num_queries": 2,
    "connector_hidden_size": 32,
    "connector_ffn_size": 32,
    "connector_heads": 2,
    "connector_dropout": 0.0,
    "lora_r": 8,
    "lora_dropout": 0.0,
}


def tone(name: str, number: int, task: str = "pitch") -> EncodedSample:
    label = ("low", "high")[number % 2]
    generator = np.random.default_rng(number)
    seconds = round(generator.uniform(0.25, 0.45), 2)
    times = np.arange(round(16_000 * seconds)) / 16_000
    audio = 0.3 * np.sin(2 * np.pi * (200, 2000)[number % 2] * times) + 0.02 * generator.normal(
        size=len(times)
    )
    clip = ClipRecord(f"{name}{number}", seconds, "tones", {"speaker": f"{name}{number // 2}"})
    asked = Instruction(
        f"{name}-{number}",
        (clip.id,),
        task,
        "label",
        "Pitch?",
        label,
        label,
        "en",
        "template",
        {"template": "pitch/1"},
    )
    return EncodedSample(Sample(clip.id, (clip,), (asked,)), (encode_flac(audio.astype(np.float32)),))


@pytest.fixture(scope="session")
def folder(parts: Path, tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`train` and `test` shards, and `run`, a training on the former."""
    folder = tmp_path_factory.mktemp("chain")
    write_shard(folder / "train" / "clips1-000000.tar", [tone("train", number) for number in range(64)])
    write_shard(folder / "test" / "clips1-000000.tar", [tone("test", number) for number in range(100, 140)])
    # Larger random weights than usual: with 0.02, a frozen LLM passes almost nothing on from what it hears.
    torch.manual_seed(0)
    heads = {"num_attention_heads": 2, "num_key_value_heads": 2, "num_hidden_layers": 1, "hidden_size": 32}
    qwen = transformers.AutoConfig.for_model(
        "qwen2", **heads, intermediate_size=48, vocab_size=len(tokenizer), initializer_range=0.2
    )
    transformers.AutoModelForCausalLM.from_config(qwen).save_pretrained(folder / "llm")
    tokenizer.save_pretrained(folder / "llm")
    whisper = transformers.AutoConfig.from_pretrained(parts / "whisper")
    whisper.init_std = 0.3
    transformers.AutoModel.from_config(whisper).save_pretrained(folder / "encoder")
    train(
        TrainSettings(
            shards=[str(folder / "train")],
            out=folder / "run",
            encoder=str(folder / "encoder"),
            llm=str(folder / "llm"),
            model=CONNECTOR,
            max_steps=50,
            learning_rate=5e-3,
            budget=Budget(audio_seconds=8, tokens=5000),
            encoder_frozen_share=0.0,
            save_every=1000,
            workers=0,
        )
    )
    return folder
