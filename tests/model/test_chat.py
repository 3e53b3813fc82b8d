"""Asking about recordings on disk."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from transformers import PreTrainedTokenizerFast

from cryfish.errors import InputError
from cryfish.model import CryfishForConditionalGeneration, CryfishProcessor
from cryfish.model.chat import answer, chat_loop, read_audio
from cryfish.model.load import load_checkpoint


def sine(rate: int, seconds: float = 0.5) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(rate * seconds)) / rate)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3"])
def test_any_format_comes_as_16_khz_mono(tmp_path: Path, name: str) -> None:
    stereo = np.stack([sine(44_100), sine(44_100)], axis=1)
    soundfile.write(tmp_path / name, stereo, 44_100)
    audio = read_audio(tmp_path / name)
    assert audio.dtype == np.float32
    assert audio.ndim == 1
    assert len(audio) == pytest.approx(8000, abs=1200)  # MP3 pads
    peak = np.abs(np.fft.rfft(audio)).argmax() * 16_000 / len(audio)
    assert peak == pytest.approx(440, abs=3)


def test_what_is_no_audio_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.wav: no such audio file"):
        read_audio(tmp_path / "absent.wav")
    (tmp_path / "text.wav").write_text("not audio")
    with pytest.raises(InputError, match=r"text\.wav: not readable as audio"):
        read_audio(tmp_path / "text.wav")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 16_000)
    with pytest.raises(InputError, match=r"empty\.wav: the recording is empty"):
        read_audio(tmp_path / "empty.wav")
    soundfile.write(tmp_path / "nan.wav", np.array([0.0, np.nan]), 16_000, subtype="FLOAT")
    with pytest.raises(InputError, match="not numbers"):
        read_audio(tmp_path / "nan.wav")


@pytest.fixture
def made(
    make_model: Callable[..., CryfishForConditionalGeneration],
    make_processor: Callable[[CryfishForConditionalGeneration], CryfishProcessor],
) -> tuple[CryfishForConditionalGeneration, CryfishProcessor]:
    model = make_model("whisper")
    return model, make_processor(model)


def test_answers_are_greedy_and_repeatable(
    made: tuple[CryfishForConditionalGeneration, CryfishProcessor], tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "a.wav", sine(8000), 8000)
    model, processor = made
    model.llm.generation_config.do_sample = True
    model.llm.generation_config.temperature = 5.0
    first = answer(model, processor, [tmp_path / "a.wav"], "What is heard?", max_new_tokens=8)
    assert answer(model, processor, [tmp_path / "a.wav"], "What is heard?", max_new_tokens=8) == first
    with pytest.raises(InputError, match="markers"):
        answer(model, processor, [tmp_path / "a.wav"], "<audio> or <audio>?")


def test_a_conversation_survives_a_mistake(
    made: tuple[CryfishForConditionalGeneration, CryfishProcessor], tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "a.wav", sine(16_000), 16_000)
    shown: list[str] = []
    lines = [
        f":audio {tmp_path / 'none.wav'}",
        f":audio {tmp_path / 'a.wav'}",
        "What?",
        ":quit",
        "never asked",
    ]
    chat_loop(*made, [], lines, shown.append)
    assert "no such audio file" in shown[1]
    assert shown[2] == "listening to a.wav"
    assert len(shown) == 4


def test_a_folder_that_is_no_checkpoint(tmp_path: Path, tokenizer: PreTrainedTokenizerFast) -> None:
    with pytest.raises(InputError, match="no such folder"):
        load_checkpoint(tmp_path / "absent")
    with pytest.raises(InputError, match=r"it has no config\.json"):
        load_checkpoint(tmp_path)
    (tmp_path / "checkpoint-7").mkdir()
    with pytest.raises(InputError, match=r"newest checkpoint is .*checkpoint-7"):
        load_checkpoint(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "cryfish"}')
    with pytest.raises(InputError, match=r"the configuration names no encoder|cannot load this checkpoint"):
        load_checkpoint(tmp_path)
