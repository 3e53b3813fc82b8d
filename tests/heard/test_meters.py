"""The meters themselves, on signals whose answer is known."""

import numpy as np
import pytest
from scipy import signal

from .meters import (
    NOTHING,
    RATE,
    active_level,
    active_power,
    decay,
    decibels,
    heard_band,
    loudness,
    mean_level,
    own_noise,
)


def tone(hertz: float, peak: float, seconds: float, rate: int = RATE) -> np.ndarray:
    return peak * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def talk(rng: np.random.Generator, bursts: int = 5, burst_s: float = 2.0, pause_s: float = 3.0) -> np.ndarray:
    """Noise of power 0.01 in stretches with digital silence between."""
    speech = 0.1 * rng.standard_normal((bursts, round(burst_s * RATE)))
    return np.concatenate([np.pad(one, (0, round(pause_s * RATE))) for one in speech])


def test_the_band_passes_speech_and_stops_what_nobody_hears() -> None:
    heard = {
        hertz: mean_level(heard_band(tone(hertz, 1, 4))) + 3.01 for hertz in (10, 25, 50, 200, 1000, 7000)
    }
    assert heard[1000] == pytest.approx(0, abs=0.01)
    assert heard[200] == pytest.approx(0, abs=0.05)
    assert heard[50] == pytest.approx(-3, abs=0.1)
    assert heard[7000] == pytest.approx(-3, abs=0.1)
    assert heard[25] < -22
    assert heard[10] < -45


def test_p56_counts_speech_and_the_200_ms_behind_it() -> None:
    """Recommendation P.56, clause 11: of a steady tone and of steady noise the active level is the level."""
    assert decibels(active_power(tone(1000, 0.1, 12))[0]) == pytest.approx(-23.01, abs=0.05)
    steady = 0.1 * np.random.default_rng(1).standard_normal(12 * RATE)
    assert decibels(active_power(steady)[0]) == pytest.approx(-20, abs=0.1)
    speech = talk(np.random.default_rng(2))
    power, share = active_power(speech)
    # Of 5 s, 2 s sound; the envelope needs 0.1 s to fall below the threshold, then come 0.2 s.
    assert share == pytest.approx(2.3 / 5, abs=0.01)
    assert decibels(power) == pytest.approx(decibels(0.01 * 2 / 2.3), abs=0.1)


def test_p56_doesnt_depend_on_the_level_or_on_silence_around() -> None:
    speech = talk(np.random.default_rng(3))
    level = active_level(speech)
    for gain in (1e-4, 0.01, 3):
        assert active_level(gain * speech) == pytest.approx(level + 20 * np.log10(gain), abs=0.02)
    assert active_level(np.pad(speech, RATE * 20)) == pytest.approx(level, abs=0.05)
    assert active_level(speech + 0.1) == pytest.approx(level, abs=0.05)
    assert active_level(np.zeros(RATE)) == NOTHING


def test_loudness_of_the_standards_tones() -> None:
    """BS.1770-4, annex 1: 997 Hz at 0 dBFS in one channel reads -3.01 LKFS; EBU Tech 3341: silence changes nothing."""
    assert loudness(tone(997, 1, 5, 48_000), 48_000) == pytest.approx(-3.01, abs=0.02)
    assert loudness(tone(997, 0.1, 5)) == pytest.approx(-23.01, abs=0.05)
    assert loudness(np.pad(tone(997, 0.1, 20), 10 * RATE)) == pytest.approx(-23.01, abs=0.15)
    assert loudness(np.zeros(RATE)) == NOTHING


@pytest.mark.parametrize("t60", [0.2, 0.5, 1.0])
@pytest.mark.parametrize("floor_db", [None, -50.0])
def test_decays_of_known_length(t60: float, floor_db: float | None) -> None:
    rng = np.random.default_rng(4)
    time = np.arange(2 * RATE) / RATE
    response = 0.05 * rng.standard_normal(len(time)) * 10 ** (-3 * time / t60)
    response[0] = 1.0
    if floor_db is not None:
        response += 0.05 * 10 ** (floor_db / 20) * rng.standard_normal(len(time))
    heard = decay(np.pad(response, (200, 0)))
    assert heard.t20_s == pytest.approx(t60, rel=0.1)
    if floor_db is None:
        assert heard.t30_s == pytest.approx(t60, rel=0.08)
    tail = 0.05**2 * RATE * t60 / (6 * np.log(10))
    late = tail * 10 ** (-6 * 0.0025 / t60)
    assert heard.drr_db == pytest.approx(decibels((1 + tail - late) / late), abs=0.6)


def test_noise_as_loud_as_the_decay_gives_no_time() -> None:
    rng = np.random.default_rng(5)
    time = np.arange(RATE) / RATE
    response = rng.standard_normal(len(time)) * (10 ** (-3 * time / 0.4) + 0.5)
    response[0] = 8.0
    assert decay(response).t30_s is None


def test_own_noise_is_found_in_the_pauses() -> None:
    rng = np.random.default_rng(6)
    hiss = 0.1 * 10 ** (-30 / 20) * rng.standard_normal(25 * RATE)
    found = own_noise(talk(rng) + hiss)
    truth = mean_level(heard_band(hiss))
    assert found.least == pytest.approx(truth, abs=1.0)
    assert found.most == pytest.approx(truth, abs=0.7)
    # Behind a gate the noise may go on: then nothing is known but that it is no louder than the speech.
    assert own_noise(talk(rng, pause_s=0.5)).most > -25


def test_against_the_kept_library_once() -> None:
    """pyloudnorm isn't installed with the toolkit; where it is, both read the same from speech-like sound."""
    library = pytest.importorskip(
        "pyloudnorm", reason="pyloudnorm isn't installed: no second opinion on loudness"
    )
    rng = np.random.default_rng(7)
    for rate in (16_000, 48_000):
        sound = signal.lfilter([1], [1, -0.9], talk(rng))[: 20 * rate]
        assert loudness(sound, rate) == pytest.approx(
            library.Meter(rate).integrated_loudness(sound), abs=0.15
        )
