"""Which model it is: what it holds decides, not what its folder is called or where it lies."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from cryfish.model import identity as module
from cryfish.model.identity import content_of_model, identity


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Digests noted, and models of the Hub, under a cache folder of the test's own."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    for name in ("HF_HOME", "HF_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    module._digest.cache_clear()
    return cache


def make_model(folder: Path, seed: int = 0) -> Path:
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    weights = {f"layer.{n}": rng.standard_normal((64, 64)).astype(np.float32) for n in range(3)}
    save_file(weights, folder / "model.safetensors")
    config = {
        "model_type": "llama",
        "hidden_size": 64,
        "_name_or_path": str(folder),
        "transformers_version": "5",
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "generation_config.json").write_text('{"eos_token_id": 2}')
    (folder / "tokenizer.json").write_text('{"model": {"vocab": {"a": 0}}}')
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    (folder / "README.md").write_text("a model")
    return folder


def test_a_moved_model_is_the_same_and_its_name_is_readable(tmp_path: Path) -> None:
    first = identity(make_model(tmp_path / "a" / "writer"))
    assert first.startswith("writer@")
    shutil.move(tmp_path / "a", tmp_path / "b")
    assert identity(tmp_path / "b" / "writer") == first
    assert identity(str(tmp_path / "b" / "writer") + "/") == first
    shutil.copytree(tmp_path / "b" / "writer", tmp_path / "c" / "other")
    assert identity(tmp_path / "c" / "other") == first.replace("writer", "other")


def test_two_models_of_one_name_are_two(tmp_path: Path) -> None:
    assert identity(make_model(tmp_path / "a" / "writer")) != identity(
        make_model(tmp_path / "b" / "writer", seed=1)
    )


def test_every_part_that_decides_replies_counts_and_no_other(tmp_path: Path) -> None:
    model = make_model(tmp_path / "writer")
    before = content_of_model(model)
    for name in ("config.json", "generation_config.json", "tokenizer.json", "chat_template.jinja"):
        text = (model / name).read_text()
        (model / name).write_text(text.replace("2", "3").replace("64", "65").replace("a", "b"))
        assert content_of_model(model) != before, name
        (model / name).write_text(text)
        assert content_of_model(model) == before
    weights = (model / "model.safetensors").read_bytes()
    for place in (len(weights) - 1, len(weights) // 2):  # one bit of one weight
        changed = bytearray(weights)
        changed[place] ^= 1
        (model / "model.safetensors").write_bytes(changed)
        assert content_of_model(model) != before
    (model / "model.safetensors").write_bytes(weights)

    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(
        json.dumps({**config, "_name_or_path": "x", "transformers_version": "6"}, indent=1)
    )
    (model / "README.md").write_text("another text")
    (model / "optimizer.pt").write_bytes(b"of the training")
    assert content_of_model(model) == before


def test_large_files_are_read_once_and_again_when_they_change(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_NOTED_FROM", 1)
    model = make_model(tmp_path / "writer")
    before = content_of_model(model)
    read: list[str] = []
    real = module._sha256

    def noted(path: str) -> str:
        read.append(path)
        return real(path)

    monkeypatch.setattr(module, "_sha256", noted)
    module._digest.cache_clear()  # as in another process
    assert content_of_model(model) == before
    assert read == []
    make_model(tmp_path / "other", seed=1)
    shutil.copy(tmp_path / "other" / "model.safetensors", model)
    assert content_of_model(model) != before
    for note in (own_cache / "cryfish" / "digests").iterdir():
        note.write_text("damaged")
    module._digest.cache_clear()
    shutil.rmtree(tmp_path / "other")
    make_model(tmp_path / "writer2")
    assert content_of_model(tmp_path / "writer2") == before


def test_a_name_on_the_hub_has_the_revision_that_lies_here(own_cache: Path) -> None:
    assert identity("Qwen/Qwen2.5-0.5B") == "Qwen/Qwen2.5-0.5B"
    refs = own_cache / "huggingface" / "hub" / "models--Qwen--Qwen2.5-0.5B" / "refs"
    refs.mkdir(parents=True)
    (refs / "main").write_text("7ae557604adf67be50417f59c2c2f167def9a775")
    assert identity("Qwen/Qwen2.5-0.5B") == "Qwen/Qwen2.5-0.5B@7ae557604adf"


def test_the_base_models_of_a_trained_one_count_by_content(tmp_path: Path) -> None:
    make_model(tmp_path / "base" / "llm")
    trained = tmp_path / "training" / "model"
    make_model(trained, seed=2)
    config = {
        "model_type": "cryfish",
        "encoder": "openai/whisper-tiny",
        "llm": str(tmp_path / "base" / "llm"),
    }
    (trained / "config.json").write_text(json.dumps(config))
    before = content_of_model(trained)
    assert content_of_model(tmp_path / "training") == before
    shutil.move(tmp_path / "base", tmp_path / "moved")
    (trained / "config.json").write_text(json.dumps({**config, "llm": str(tmp_path / "moved" / "llm")}))
    assert content_of_model(trained) == before
    shutil.rmtree(tmp_path / "moved" / "llm")
    make_model(tmp_path / "moved" / "llm", seed=5)
    assert content_of_model(trained) != before
