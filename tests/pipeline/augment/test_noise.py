from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording
from lhotse.cut import MixedCut

from cryfish.errors import InputError
from cryfish.pipeline.augment.draws import generator
from cryfish.pipeline.augment.noise import CROSSFADE_S, NoisePool, add_noise
from cryfish.pipeline.augment.rirs import Bank
from cryfish.pipeline.augment.rooms import reverberate

MakeCut = Callable[..., MonoCut]


def snr_db(cut: MixedCut) -> float:
    """Measured from the two parts of the mix, over the whole clip."""
    speech, noise = (part.astype(np.float64) for part in cut.load_audio(mixed=False))
    assert speech.shape == noise.shape
    return float(10 * np.log10(np.mean(speech**2) / np.mean(noise**2)))


def draw(pool: NoisePool, cut: MonoCut, number: int = 0) -> tuple:
    drawn = pool.draw(cut.duration, generator(cut.id, number))
    assert drawn is not None
    return drawn


@pytest.mark.parametrize("label", [-5.0, 0.0, 12.34, 30.0])
def test_the_label_is_true_for_every_length_and_rate(
    speech: list[MonoCut], noises: list[MonoCut], label: float
) -> None:
    pool = NoisePool(noises)
    kinds = set()
    for cut in speech:
        for number in range(3):
            noise, clip = draw(pool, cut, number)
            kinds.add((clip.id, type(noise).__name__))
            mixed = add_noise(cut, noise, label)
            assert snr_db(mixed) == pytest.approx(label, abs=0.02)
            assert mixed.load_audio().shape == (1, round(cut.duration * 16_000))
    # Stretches of the rain, and the bark repeated.
    assert kinds >= {("rain", "MonoCut"), ("bark", "MixedCut")}


def test_the_label_is_true_of_reverberant_speech(
    speech: list[MonoCut], noises: list[MonoCut], bank: Bank
) -> None:
    pool = NoisePool(noises)
    for cut, rir in zip(speech, bank.rirs, strict=False):
        mixed = add_noise(reverberate(cut, rir), draw(pool, cut)[0], 7.0)
        assert snr_db(mixed) == pytest.approx(7.0, abs=0.02)
        part = mixed.load_audio(mixed=False)[0]
        np.testing.assert_array_equal(part, reverberate(cut, rir).load_audio())


def test_a_repeated_noise_has_no_gaps_and_one_level(make_cut: MakeCut, noises: list[MonoCut]) -> None:
    rng = np.random.default_rng(2)
    cut = make_cut("long", 0.1 * rng.standard_normal(16_000 * 3 + 7), text="hello")
    noise = draw(NoisePool(noises[1:]), cut)[0].load_audio()[0]
    assert len(noise) == 16_000 * 3 + 7
    power = np.mean(noise[: len(noise) // 800 * 800].reshape(-1, 800) ** 2, axis=1)
    sounding = power > 0.01 * power.max()
    assert sounding.mean() > 0.7
    fade = round(CROSSFADE_S * 16_000)
    period = 16_000 * 5 // 10 - fade
    similar = [
        np.corrcoef(noise[fade:4_000], noise[shift + fade : shift + 4_000])[0, 1]
        for shift in (period, 2 * period)
    ]
    assert min(similar) > 0.9
    # Fades of equal power: the level holds where two pieces meet.
    meeting = np.mean([np.mean(noise[k * period : k * period + fade] ** 2) for k in range(1, 6)])
    assert meeting == pytest.approx(np.mean(noise[fade:4_000] ** 2), rel=0.25)


def test_silent_stretches_are_not_drawn(make_cut: MakeCut) -> None:
    rng = np.random.default_rng(3)
    # Ten seconds with one second of sound: most one-second stretches are silent.
    audio = np.zeros(160_000)
    audio[:8_000] = 0.1 * rng.standard_normal(8_000)
    audio[150_000:158_000] = 0.1 * rng.standard_normal(8_000)
    pool = NoisePool([make_cut("knock", audio, sound_events=["door knock"])])
    for number in range(30):
        drawn = pool.draw(1.0, generator("silence", number))
        if drawn is not None:
            noise = drawn[0].load_audio()
            assert np.mean(np.abs(noise) > 1e-3) > 0.2


def test_other_channels_rates_and_facts_of_the_noise_stay_out(tmp_path: Path, speech: list[MonoCut]) -> None:
    rng = np.random.default_rng(4)
    soundfile.write(tmp_path / "stereo.wav", 0.1 * rng.standard_normal((96_000, 2)), 48_000)
    stereo = Recording.from_file(tmp_path / "stereo.wav").to_cut()
    noise, clip = draw(NoisePool([stereo]), speech[0])
    assert clip.id == stereo.id
    mixed = add_noise(speech[0], noise, 3.0)
    assert mixed.load_audio().shape == (1, 16_000)
    assert [said.text for said in mixed.supervisions] == ["hello"]


def test_broken_noise_is_passed_over_and_reported(
    tmp_path: Path, make_cut: MakeCut, noises: list[MonoCut], speech: list[MonoCut]
) -> None:
    silent = make_cut("a-silent", np.zeros(16_000))
    nan = make_cut("b-nan", np.full(16_000, np.nan))
    short = make_cut("c-short", np.ones(100))
    broken = make_cut("d-broken", np.ones(16_000))
    (tmp_path / "d-broken.wav").write_bytes(b"RIFF")
    gone = make_cut("e-gone", np.ones(16_000))
    (tmp_path / "e-gone.wav").unlink()
    bad = [silent, nan, short, broken, gone]
    pool = NoisePool([*bad, *noises])
    for number in range(20):
        assert draw(pool, speech[0], number)[1].id in ("rain", "bark")
    assert set(pool.unusable) == {cut.id for cut in bad}
    assert pool.unusable["a-silent"] == "is silent"
    with pytest.raises(
        InputError, match=r"esc50: none of its 5 clips can be used as noise \(the first: is silent\)"
    ):
        NoisePool(bad, "esc50")


def test_a_pool_wants_plain_clips(noises: list[MonoCut], speech: list[MonoCut]) -> None:
    with pytest.raises(InputError, match="holds no clips"):
        NoisePool([])
    mix = add_noise(speech[0], draw(NoisePool(noises), speech[0])[0], 0.0)
    with pytest.raises(InputError, match="is a mix"):
        NoisePool([mix])
