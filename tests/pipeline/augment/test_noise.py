from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording
from lhotse.cut import MixedCut

from cryfish.errors import InputError
from cryfish.pipeline.audio.levels import active_level, band_power, note_of
from cryfish.pipeline.audio.load import load_tracks
from cryfish.pipeline.augment.noise import CROSSFADE_S, NoisePool, add_noise, louder
from cryfish.pipeline.augment.rooms import reverberate
from cryfish.pipeline.rirs.rirs import Bank
from cryfish.seeding import generator

MakeCut = Callable[..., MonoCut]


def noise_db(cut: MixedCut) -> float:
    """The level of the noise in a mix, over the whole clip and within the band that is heard."""
    speech, noise = cut.load_audio(mixed=False)
    assert speech.shape == noise.shape
    return float(10 * np.log10(band_power(noise[0])))


def draw(pool: NoisePool, cut: MonoCut, number: int = 0) -> tuple[Any, ...]:
    drawn = pool.draw(cut.duration, generator(cut.id, number))
    assert drawn is not None
    return drawn


@pytest.mark.parametrize("label", [-50.0, -12.34, 0.0])
def test_the_level_is_true_for_every_length_and_rate(
    speech: list[MonoCut], noises: list[MonoCut], label: float
) -> None:
    pool = NoisePool(noises)
    kinds = set()
    for cut in speech:
        for number in range(3):
            noise, clip = draw(pool, cut, number)
            kinds.add((clip.id, type(noise).__name__))
            mixed = add_noise(cut, noise, label)
            assert noise_db(mixed) == pytest.approx(label, abs=1e-3)
            np.testing.assert_allclose(load_tracks(mixed)[0], mixed.load_audio(mixed=False)[0], atol=1e-4)
            assert 10 * np.log10(band_power(load_tracks(mixed)[1][0])) == pytest.approx(label, abs=1e-3)
            assert mixed.load_audio().shape == (1, round(cut.duration * 16_000))
    # Stretches of the rain, and the bark repeated.
    assert kinds >= {("rain", "MonoCut"), ("bark", "MixedCut")}


def test_reverberant_speech_stays_or_is_set_to_a_level(
    speech: list[MonoCut], noises: list[MonoCut], bank: Bank
) -> None:
    pool = NoisePool(noises)
    for cut, rir in zip(speech, bank.rirs, strict=False):
        noise = draw(pool, cut)[0]
        part = add_noise(reverberate(cut, rir), noise, -40.0).load_audio(mixed=False)[0]
        np.testing.assert_array_equal(part, reverberate(cut, rir).load_audio())
        scaled = add_noise(reverberate(cut, rir), noise, -40.0, -26.0)
        heard = active_level(scaled.load_audio(mixed=False)[0][0], 16_000)
        assert heard is not None
        assert 10 * np.log10(heard.power) == pytest.approx(-26, abs=1e-3)


def test_what_is_not_heard_of_a_noise_does_not_count(make_cut: MakeCut, speech: list[MonoCut]) -> None:
    """A fan under a lorry's rumble, on top of a constant offset."""
    rng = np.random.default_rng(5)
    fan = 0.01 * rng.standard_normal(96_000)
    rumble = 0.3 * np.sin(2 * np.pi * 12 * np.arange(96_000) / 16_000) + 0.1
    mixes = [
        add_noise(
            speech[0], draw(NoisePool([make_cut(name, audio, sound_events=["fan"])]), speech[0])[0], -35.0
        )
        for name, audio in (("fan", fan), ("fan-and-lorry", fan + rumble))
    ]
    for mix in mixes:
        assert noise_db(mix) == pytest.approx(-35, abs=1e-3)


def test_a_noise_is_made_louder_and_weaker_in_its_place(speech: list[MonoCut], noises: list[MonoCut]) -> None:
    pool = NoisePool(noises)
    for number in range(6):
        mixed = add_noise(speech[-1], draw(pool, speech[-1], number)[0], -30.0)
        changed = louder(mixed, 4.5)
        assert noise_db(changed) == pytest.approx(-25.5, abs=1e-3)
        assert noise_db(mixed) == pytest.approx(-30, abs=1e-3)
        np.testing.assert_array_equal(changed.load_audio(mixed=False)[0], mixed.load_audio(mixed=False)[0])


def test_noise_that_was_heard_before_is_not_opened_again(make_cut: MakeCut) -> None:
    rng = np.random.default_rng(6)
    audio = np.concatenate([np.zeros(12_345), 0.1 * rng.standard_normal(70_000), np.zeros(40_000)])
    cut = make_cut("rain", audio, sound_events=["rain"])
    draws = []
    for note in (False, True):
        if note:
            heard = active_level(cut.load_audio()[0], 16_000)
            assert heard is not None
            cut.custom["heard"] = note_of(heard, cut)
            Path(cut.recording.sources[0].source).unlink()
        pool = NoisePool([cut])
        draws.append([pool.draw(3.0, generator(number))[0].start for number in range(20)])  # type: ignore[index]
        assert not pool.unusable
    assert draws[0] == draws[1]


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
