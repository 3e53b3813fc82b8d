from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from lhotse import MonoCut, Recording
from lhotse.cut import Cut, MixedCut, MixTrack, MultiCut

from cryfish.constants import SAMPLE_RATE
from cryfish.pipeline.audio.render import BadAudio, render


@pytest.fixture
def cut_of(tmp_path: Path) -> Callable[..., Cut]:
    """Writes audio, [time] or [time, channels], and returns its cut."""

    def make(audio: np.ndarray, rate: int = SAMPLE_RATE, name: str = "clip", subtype: str = "FLOAT") -> Cut:
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, audio, rate, subtype=subtype)
        return Recording.from_file(path, recording_id=name).to_cut()

    return make


def tone(seconds: float, rate: int, level: float = 0.5) -> np.ndarray:
    return level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)


@pytest.mark.parametrize(
    ("rate", "channels"), [(16_000, 1), (48_000, 2), (44_100, 2), (8_000, 1), (22_050, 1)]
)
def test_any_rate_comes_out_as_16_khz_mono(cut_of: Callable[..., Cut], rate: int, channels: int) -> None:
    rendered = render(cut_of(np.stack([tone(1.0, rate)] * channels, axis=1), rate))
    assert rendered.samples.shape == (SAMPLE_RATE,)
    assert rendered.samples.dtype == np.float32
    assert rendered.peak_gain == 1.0
    np.testing.assert_allclose(rendered.samples[800:-800], tone(1.0, SAMPLE_RATE)[800:-800], atol=0.01)


def test_channels_of_a_multicut_are_averaged_and_a_monocut_names_its_own(cut_of: Callable[..., Cut]) -> None:
    both = cut_of(np.stack([tone(0.5, SAMPLE_RATE, 0.2), tone(0.5, SAMPLE_RATE, 0.6)], axis=1))
    assert isinstance(both, MultiCut)
    np.testing.assert_allclose(render(both).samples, tone(0.5, SAMPLE_RATE, 0.4), atol=1e-6)
    second = MonoCut(id="second", start=0, duration=0.5, channel=1, recording=both.recording)
    np.testing.assert_allclose(render(second).samples, tone(0.5, SAMPLE_RATE, 0.6), atol=1e-6)


def test_what_exceeds_full_scale_is_scaled_not_clipped(cut_of: Callable[..., Cut]) -> None:
    rendered = render(cut_of(tone(0.5, SAMPLE_RATE, 2.0)))
    assert np.abs(rendered.samples).max() == pytest.approx(0.99, abs=1e-4)
    assert rendered.peak_gain == pytest.approx(0.495, abs=1e-3)
    np.testing.assert_allclose(rendered.samples, tone(0.5, SAMPLE_RATE, 0.99), atol=1e-4)


def test_full_scale_itself_is_left_alone(cut_of: Callable[..., Cut]) -> None:
    audio = np.zeros(1_600)
    audio[100], audio[200] = -1.0, 0.5
    assert render(cut_of(audio, subtype="PCM_16")).peak_gain == 1.0


@pytest.mark.parametrize(
    ("audio", "reason"),
    [
        (np.zeros(16_000), "is silent"),
        (np.ones(1), "too short: 1 samples"),
        (np.ones(399), "too short: 399 samples"),
        (np.where(np.arange(16_000) == 77, np.nan, 0.1), "NaN or infinity"),
        (np.where(np.arange(16_000) == 77, np.inf, 0.1), "NaN or infinity"),
    ],
)
def test_bad_audio_is_refused_with_a_reason(
    cut_of: Callable[..., Cut], audio: np.ndarray, reason: str
) -> None:
    with pytest.raises(BadAudio, match=reason):
        render(cut_of(audio))


def test_files_that_cannot_be_read(tmp_path: Path, cut_of: Callable[..., Cut]) -> None:
    missing = cut_of(tone(1.0, SAMPLE_RATE), name="missing")
    (tmp_path / "missing.wav").unlink()
    broken = cut_of(tone(1.0, SAMPLE_RATE), name="broken")
    (tmp_path / "broken.wav").write_bytes(b"not audio at all")
    half = cut_of(tone(1.0, SAMPLE_RATE), name="half")
    (tmp_path / "half.wav").write_bytes((tmp_path / "half.wav").read_bytes()[:20_000])
    for cut in (missing, broken, half):
        with pytest.raises(BadAudio, match="can't be read") as caught:
            render(cut)
        assert "\n" not in str(caught.value)
    with pytest.raises(BadAudio, match="no recording"):
        render(MonoCut(id="none", start=0, duration=1, channel=0))


def mixed(first: Cut, second: Cut, snr: float) -> MixedCut:
    return MixedCut("mix", [MixTrack(first, is_snr_reference=True), MixTrack(second, snr=snr)])


def test_a_mix_renders_as_lhotse_mixes_it(cut_of: Callable[..., Cut]) -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal(SAMPLE_RATE)
    mix = mixed(cut_of(tone(1.0, SAMPLE_RATE)), cut_of(noise, name="noise"), 10.0)
    np.testing.assert_array_equal(render(mix).samples, mix.load_audio()[0])


@pytest.mark.parametrize("silent", ["first", "second"])
def test_a_mix_with_a_silent_part_would_carry_a_false_snr(cut_of: Callable[..., Cut], silent: str) -> None:
    quiet, loud = cut_of(np.zeros(SAMPLE_RATE), name="quiet"), cut_of(tone(1.0, SAMPLE_RATE), name="loud")
    mix = mixed(quiet, loud, 5.0) if silent == "first" else mixed(loud, quiet, 5.0)
    with pytest.raises(BadAudio, match=r"its part quiet.* is silent"):
        render(mix)


def test_samples_do_not_depend_on_the_number_of_threads(cut_of: Callable[..., Cut]) -> None:
    rng = np.random.default_rng(0)
    decay = rng.standard_normal(SAMPLE_RATE // 2) * np.exp(-np.arange(SAMPLE_RATE // 2) / 1_000)
    decay[0] = 5
    rir = cut_of(decay, name="rir").recording
    cut = cut_of(0.1 * rng.standard_normal(10 * SAMPLE_RATE)).reverb_rir(rir, affix_id=False)
    before = torch.get_num_threads()
    results = []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            results.append(render(cut).samples)
            assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    np.testing.assert_array_equal(results[0], results[1])
