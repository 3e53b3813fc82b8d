"""Meters for judging from outside, written from the standards.

They share nothing with what the toolkit measures with: a fault there must not be measured away here. All take float
samples, [time], full scale at 1, and give decibels unless they say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal

RATE = 16_000
HEARD_HZ = (50.0, 7000.0)
"""The band of wideband telephony (ITU-T P.341, G.191's `P341` filter): what an encoder at 16 kHz is sure to hear."""

NOTHING = -200.0
"""The level of digital silence, so that levels can always be subtracted."""

Samples = NDArray[np.floating]


def decibels(power: float) -> float:
    return 10 * float(np.log10(power)) if power > 1e-20 else NOTHING


@cache
def _band(order: int, rate: int) -> Samples:
    return np.asarray(signal.butter(order, HEARD_HZ, "bandpass", fs=rate, output="sos"))


def heard_band(samples: Samples, rate: int = RATE, order: int = 4) -> Samples:
    """What lies within 50 to 7000 Hz: a Butterworth filter, 3 dB down at both ends."""
    return np.asarray(signal.sosfilt(_band(order, rate), np.asarray(samples, np.float64)))


def mean_level(samples: Samples) -> float:
    """The mean power, dB below full scale."""
    return decibels(float(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else NOTHING


def active_power(samples: Samples, rate: int = RATE, margin_db: float = 15.9) -> tuple[float, float]:
    """ITU-T P.56 (12/2011), clause 8, method B: the mean power while somebody speaks, and the share of that time.

    The envelope is the magnitude, smoothed twice with 30 ms; what exceeds a threshold and the 200 ms after it is
    active; the threshold sought lies `margin_db` below the level of what it makes active. The standard interpolates
    between thresholds 6 dB apart, here the threshold is found by halving an interval, to 0.01 dB; the envelope is
    looked at once a millisecond.
    """
    given = np.asarray(samples, np.float64)
    energy = float(np.sum(given**2))
    if energy <= 0:
        return 0.0, 0.0
    keep = np.exp(-1 / (rate * 0.03))
    envelope = np.abs(given)
    for _ in range(2):
        envelope = signal.lfilter([1 - keep], [1, -keep], envelope)
    step = max(1, rate // 1000)
    envelope = envelope[::step]
    places = np.arange(len(envelope))
    hangover = int(np.ceil(0.2 * rate / step))

    def active(threshold_db: float) -> int:
        last = np.maximum.accumulate(np.where(envelope >= 10 ** (threshold_db / 20), places, -hangover - 1))
        return int(np.count_nonzero(places - last <= hangover)) * step

    low, high = -130.0, 20 * float(np.log10(envelope.max()))
    while high - low > 0.01:
        middle = (low + high) / 2
        count = active(middle)
        if count and decibels(energy / count) - middle > margin_db:
            low = middle
        else:
            high = middle
    count = max(1, active(low))
    return energy / min(count, len(given)), min(1.0, count / len(given))


def active_level(samples: Samples, rate: int = RATE) -> float:
    """The active speech level within the heard band, dB below full scale."""
    return decibels(active_power(heard_band(samples, rate), rate)[0])


def loudness(samples: Samples, rate: int = RATE) -> float:
    """ITU-R BS.1770-4: the integrated loudness of one channel, LUFS; NOTHING where every block is gated away."""
    # The standard gives its two filters for 48 kHz only.
    given = signal.resample_poly(np.asarray(samples, np.float64), 48_000, rate)
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585]
    cut = [1.0, -2.0, 1.0], [1, -1.99004745483398, 0.99007225036621]
    weighted = signal.lfilter(*cut, signal.lfilter(*shelf, given))
    block, step = 19_200, 4_800  # 400 ms, three quarters of which overlap
    if len(weighted) < block:
        return NOTHING
    sums = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.arange(0, len(weighted) - block + 1, step)
    power = (sums[starts + block] - sums[starts]) / block
    levels = -0.691 + 10 * np.log10(np.maximum(power, 1e-20))
    gated = power[levels > -70]
    if not len(gated):
        return NOTHING
    relative = -0.691 + decibels(float(gated.mean())) - 10
    gated = power[(levels > -70) & (levels > relative)]
    return -0.691 + decibels(float(gated.mean()))


@dataclass(frozen=True)
class OwnNoise:
    """Between what levels the noise lies that a clip has of its own, dB below full scale within the heard band.

    `most` is the quieter fifth of all tenths of a second: the noise is no louder than that. `least` is the quietest of
    them, where 0.3 s in all are as quiet as it, so that it is steady noise in pauses; else nothing is known.
    """

    least: float
    most: float


def own_noise(samples: Samples, rate: int = RATE) -> OwnNoise:
    """From the quietest stretches. Exact zeros tell nothing: they may be a gate, behind which noise goes on."""
    window = rate // 10
    power = np.square(heard_band(samples, rate))
    count = max(1, len(power) // (window // 2) - 1)
    starts = np.arange(count) * (window // 2)
    ends = np.minimum(starts + window, len(power))
    sums, sounding = (
        np.concatenate([[0.0], np.cumsum(values)])
        for values in (power, (np.asarray(samples) != 0).astype(float))
    )
    frames = (sums[ends] - sums[starts]) / window
    kept = np.sort(frames[sounding[ends] - sounding[starts] > 0.9 * window])
    if not len(kept):
        return OwnNoise(NOTHING, NOTHING)
    steady = len(kept) >= 5 and kept[4] < 2 * kept[0]
    least = decibels(float(kept[0])) if steady else NOTHING
    return OwnNoise(least, decibels(float(kept[: max(1, len(kept) // 5)].mean())))


@dataclass(frozen=True)
class Decay:
    """Of an impulse response: reverberation times by two fits (s; None where noise hides the decay), DRR and C50."""

    t20_s: float | None
    t30_s: float | None
    drr_db: float
    c50_db: float


def decay(response: Samples, rate: int = RATE) -> Decay:
    """ISO 3382-1: Schroeder's backward integration, from the direct sound on.

    Where the response runs into noise (its last tenth) the integration stops and the part of an even decay that is
    missing is added (clause 5.3.3); a fit that reaches within 10 dB of the noise is none. Direct is what comes within
    2.5 ms of the highest sample.
    """
    given = np.asarray(response, np.float64)
    direct = int(np.argmax(np.abs(given)))
    energy = given[direct:] ** 2
    near = round(0.0025 * rate)
    before = float(np.sum(given[max(0, direct - near) : direct] ** 2))
    early = before + float(np.sum(energy[: near + 1]))
    late = float(np.sum(energy[near + 1 :]))
    clear = round(0.05 * rate)
    c50 = decibels(before + float(np.sum(energy[:clear]))) - decibels(float(np.sum(energy[clear:])))

    floor = float(np.mean(energy[-max(1, len(energy) // 10) :]))
    smooth = np.convolve(energy, np.ones(rate // 100) / (rate // 100), mode="same")
    below = np.flatnonzero(smooth < 2 * floor) if floor > 0 else np.zeros(0, int)
    end = int(below[0]) if len(below) else len(energy)
    curve = np.cumsum(energy[:end][::-1])[::-1]
    levels = 10 * np.log10(np.maximum(curve, 1e-30) / curve[0]) if end else np.zeros(0)
    room = levels[0] - 10 * np.log10(max(floor, 1e-30) / max(float(smooth.max()), 1e-30)) if end else 0.0

    def fit(low: float, high: float) -> float | None:
        if not end or room < -low + 10:
            return None
        missing = 0.0
        for _ in range(3):
            corrected = 10 * np.log10(np.maximum(curve + missing, 1e-30) / (curve[0] + missing))
            chosen = np.flatnonzero((corrected <= high) & (corrected >= low))
            if len(chosen) < 10:
                return None
            slope = float(np.polyfit(chosen / rate, corrected[chosen], 1)[0])
            if slope >= 0:
                return None
            if floor > 0 and end < len(energy):
                # What an even decay would still hold behind the end.
                missing = float(smooth[max(0, end - 1)]) * rate * 10 / (-slope * np.log(10))
        return -60 / slope

    return Decay(fit(-25, -5), fit(-35, -5), decibels(early) - decibels(late), c50)


def spectrum(samples: Samples, rate: int = RATE) -> tuple[Samples, Samples]:
    """Frequencies (Hz) and the mean power in each, 31 Hz apart."""
    hertz, power = signal.welch(np.asarray(samples, np.float64), rate, nperseg=512)
    return hertz, power


def share_between(samples: Samples, low: float, high: float, rate: int = RATE) -> float:
    """The power between two frequencies, dB below full scale."""
    hertz, power = signal.welch(np.asarray(samples, np.float64), rate, nperseg=1024)
    chosen = (hertz >= low) & (hertz < high)
    return decibels(float(np.sum(power[chosen]) * (hertz[1] - hertz[0])))
