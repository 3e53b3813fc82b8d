"""The whole chain on tones: shards -> train -> evaluate, which says whether the model hears."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from cryfish.errors import InputError
from cryfish.model import evaluate as module
from cryfish.model.evaluate import EvaluateSettings, evaluate
from cryfish.model.results import results_table
from cryfish.model.train import TrainSettings, train
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
    audio = 0.3 * np.sin(2 * np.pi * (200, 2000)[number % 2] * times) + 0.02 * generator.normal(size=len(times))
    clip = ClipRecord(f"{name}{number}", seconds, "tones", {"speaker": f"{name}{number // 2}"})
    asked = Instruction(
        f"{name}-{number}", (clip.id,), task, "label", "Pitch?", label, label, "en", "template", {"template": "pitch/1"}
    )
    return EncodedSample(Sample(clip.id, (clip,), (asked,)), (encode_flac(audio.astype(np.float32)),))


@pytest.fixture(scope="module")
def folder(parts: Path, tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`train` and `test` shards, and `run`, a training on the former."""
    folder = tmp_path_factory.mktemp("chain")
    write_shard(folder / "train" / "clips1-000000.tar", [tone("train", number) for number in range(64)])
    write_shard(folder / "test" / "clips1-000000.tar", [tone("test", number) for number in range(100, 140)])
    shutil.copytree(parts / "qwen2", folder / "llm")
    tokenizer.save_pretrained(folder / "llm")
    train(
        TrainSettings(
            shards=[str(folder / "train")],
            out=folder / "run",
            encoder=str(parts / "whisper"),
            llm=str(folder / "llm"),
            model=CONNECTOR,
            max_steps=150,
            learning_rate=1e-2,
            budget=Budget(audio_seconds=8, tokens=5000),
            encoder_frozen_share=0.0,
            save_every=1000,
            workers=0,
        )
    )
    return folder


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> dict[str, Any]:
    return {
        "checkpoint": folder / "run",
        "shards": [str(folder / "test")],
        "train_shards": [str(folder / "train")],
        "out": tmp_path / "evaluation",
        "workers": 0,
    }


def test_a_model_that_learned_two_tones_hears(settings: dict[str, Any]) -> None:
    results = evaluate(EvaluateSettings(**settings))
    print(results)
    print(results_table(results))
    print((settings["out"].parent.parent))
    task = results.tasks[0]
    assert task.score > 0.9
    assert task.hears
