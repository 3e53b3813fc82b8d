"""Synthetic background sounds, one function a class: (generator, samples, sampling rate) -> float64 in -1..1.

Every draw (level, pitch, tempo, ...) comes from the generator, so no two clips of a class are alike.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Sound = Callable[[np.random.Generator, int, int], np.ndarray]


def white_noise(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    del rate
    return rng.standard_normal(count)


def rumble(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """Noise that falls by 12 dB an octave above some 60 Hz, as of a distant motorway."""
    return _coloured(rng, count, rate, slope=-2.0, lowest=rng.uniform(40, 80))


def wind(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """Pink noise in gusts."""
    gusts = _smooth(rng, count, rate, seconds=rng.uniform(0.3, 0.8))
    return _coloured(rng, count, rate, slope=-1.0, lowest=150) * (0.15 + gusts**2)


def mains_hum(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """50 or 60 Hz and its odd harmonics."""
    base = rng.choice([50.0, 60.0]) * rng.uniform(0.995, 1.005)
    time = np.arange(count) / rate
    tones = [
        rng.uniform(0.5, 1.0) / k * np.sin(2 * np.pi * (k * base * time + rng.random()))
        for k in (1, 2, 3, 5, 7, 9, 13)
    ]
    return np.asarray(np.sum(tones, axis=0) + 0.02 * rng.standard_normal(count))


def siren(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """A tone that glides up and down between about 500 and 1,500 Hz."""
    time = np.arange(count) / rate
    low, high = rng.uniform(400, 650), rng.uniform(1100, 1600)
    sweep = 0.5 - 0.5 * np.cos(2 * np.pi * (rng.uniform(0.25, 0.7) * time + rng.random()))
    phase = 2 * np.pi * np.cumsum(low + (high - low) * sweep) / rate
    return np.sin(phase) + 0.4 * np.sin(2 * phase) + 0.2 * np.sin(3 * phase)


def beeping(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """A pure tone, switched on and off evenly."""
    time = np.arange(count) / rate
    tone = np.sin(2 * np.pi * rng.uniform(900, 2400) * time)
    return np.asarray(tone * _gate(time, rng.uniform(0.35, 0.9), rng.uniform(0.3, 0.55), rng.random()))


def ticking(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """Two short clicks in turn, as of a clock."""
    sound = np.zeros(count)
    tick = _click(rng, rate, rng.uniform(1500, 3500), 0.006)
    tock = _click(rng, rate, rng.uniform(1000, 2000), 0.008)
    period = int(rate * rng.uniform(0.25, 0.6))
    for number, start in enumerate(range(int(rng.integers(period)), count - len(tock), period)):
        click = (tick, tock)[number % 2]
        sound[start : start + len(click)] += click[: count - start]
    return sound + 0.001 * rng.standard_normal(count)


def crackling(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """Clicks at random times with random strengths, as of a fire."""
    sound = 0.02 * _coloured(rng, count, rate, slope=-1.0, lowest=100)
    for _ in range(int(count / rate * rng.uniform(15, 40))):
        click = _click(rng, rate, rng.uniform(800, 5000), rng.uniform(0.001, 0.006))
        start = int(rng.integers(count - len(click)))
        sound[start : start + len(click)] += rng.exponential(0.5) * click
    return sound


def engine(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """A pulse train of 20 to 45 Hz, muffled, its pace wandering."""
    pace = rng.uniform(20, 45) * (1 + 0.15 * _smooth(rng, count, rate, seconds=0.6))
    phase = np.cumsum(pace) / rate
    pulses = np.exp(-6 * (phase % 1.0))
    noise = _coloured(rng, count, rate, slope=-1.0, lowest=80)
    return np.asarray(pulses * (1 + 0.7 * noise) - pulses.mean())


def birdsong(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """Short chirps between 2 and 5 kHz."""
    sound = np.zeros(count)
    start = int(rng.uniform(0.0, 0.3) * rate)
    length = int(rng.uniform(0.06, 0.16) * rate)
    while start + length < count:
        low, high = rng.uniform(2000, 3200), rng.uniform(3300, 5200)
        glide = np.linspace(low, high, length) if rng.random() < 0.5 else np.linspace(high, low, length)
        sound[start : start + length] = np.sin(2 * np.pi * np.cumsum(glide) / rate) * np.hanning(length)
        start += length + int(rng.uniform(0.02, 0.35) * rate)
    return sound + 0.003 * rng.standard_normal(count)


def rain(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """A hiss that rises with frequency, and drops on it."""
    sound = _coloured(rng, count, rate, slope=0.5, lowest=300)
    for _ in range(int(count / rate * rng.uniform(60, 150))):
        drop = _click(rng, rate, rng.uniform(2000, 7000), 0.002)
        start = int(rng.integers(count - len(drop)))
        sound[start : start + len(drop)] += rng.uniform(1, 4) * drop
    return sound


SOUNDS: dict[str, Sound] = {
    "beeping": beeping,
    "birdsong": birdsong,
    "crackling": crackling,
    "engine": engine,
    "mains hum": mains_hum,
    "rain": rain,
    "rumble": rumble,
    "siren": siren,
    "ticking": ticking,
    "white noise": white_noise,
    "wind": wind,
}
"""Class, as an English noun phrase -> its function."""


def make_sound(name: str, rng: np.random.Generator, seconds: float, rate: int) -> np.ndarray:
    """A clip of class `name`: int16, (samples,); its peak is drawn between -12 and -1 dB of full scale."""
    sound = SOUNDS[name](rng, round(seconds * rate), rate)
    peak = 10 ** (rng.uniform(-12, -1) / 20)
    return np.asarray(np.round(32767 * peak * sound / np.abs(sound).max()), np.int16)


def _coloured(rng: np.random.Generator, count: int, rate: int, slope: float, lowest: float) -> np.ndarray:
    """Noise of unit variance whose amplitude goes as (frequency / lowest) ** slope above `lowest` Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / rate)
    spectrum *= np.maximum(frequency / lowest, 1.0) ** slope
    sound = np.fft.irfft(spectrum, count)
    return np.asarray(sound / sound.std())


def _smooth(rng: np.random.Generator, count: int, rate: int, seconds: float) -> np.ndarray:
    """A slow random curve within 0..1 that turns about every `seconds`."""
    knots = rng.random(int(count / rate / seconds) + 2)
    return np.interp(np.arange(count) / rate / seconds, np.arange(len(knots)), knots)


def _gate(time: np.ndarray, period: float, share: float, start: float) -> np.ndarray:
    """1 during the first `share` of each period, else 0; a few ms of ramp against clicks."""
    phase = (time / period + start) % 1.0
    ramp = 0.004 / period
    return np.clip(np.minimum(phase / ramp, (share - phase) / ramp), 0.0, 1.0)


def _click(rng: np.random.Generator, rate: int, frequency: float, decay: float) -> np.ndarray:
    """One decaying ring at `frequency` Hz; `decay` is its time constant in seconds."""
    time = np.arange(int(6 * decay * rate)) / rate
    return np.exp(-time / decay) * np.sin(2 * np.pi * (frequency * time + rng.random()))
