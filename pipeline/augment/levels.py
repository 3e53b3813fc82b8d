"""How loud speech and noise are, within the band that is heard.

**The band** is 50 Hz to 7 kHz (band.py), put before the meter as P.56 (12/2011) asks for. What lies outside (a constant
offset, a lorry two streets away) has no level, neither in speech nor in noise. All is measured at 16 kHz, as it is
rendered.

**The speech level** is the active speech level of P.56, method B. Over a whole clip the pauses count, and a clip with
long pauses seems weak; P.56 follows the envelope of the signal and finds the threshold that lies 15.9 dB below the mean
power of all that exceeds it, a pause shorter than 200 ms being part of the speech. The SNR labels rest on this level,
as do those of most published noisy corpora.

**How sure it is**: where a noise floor lies about as far below the speech as P.56's margin, it depends on next to
nothing whether the pauses count, which moves the level by as much as the pauses are long. So the level is also taken
3 dB to either side of the margin, and 6 dB above the floor where the floor is near. The floor is the clip's own noise:
what its quietest twentieth holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import exp, log10
from typing import Any

import numpy as np
from lhotse.cut.data import DataCut
from lhotse.utils import fastcopy
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import lfilter

from ..listening import RATE, Resampled
from .band import Band

TIME_CONSTANT_S = 0.03
HANGOVER_S = 0.2
MARGIN_DB = 15.9

_STEP = 16  # samples: the envelope is followed in steps of 1 ms
_FRAME = 1600
FRAME_S = _FRAME / RATE
_AT_ONCE = 96 * _FRAME  # a whole number of the band filter's hops, too
_THRESHOLDS = 16
_SPREAD_DB = 3.0
_ABOVE_FLOOR_DB = 6.0

_FLOOR_POWER = 1e-8  # -80 dB below full scale: less doesn't sound
_RELATIVE_FLOOR = 1e-5  # -50 dB below the loudest frame
_NOTHING = 1e-11  # -110 dB below full scale: digital silence tells nothing of a clip's noise
SILENT = 1e-13
"""Powers that aren't above it are nobody's: what the filter leaves of a constant."""

_QUIET_FRAME = 400  # 25 ms: fits into the gap before a plosive
_QUIET = 0.05
_FEW_FRAMES = 40
_PLATEAU = 1.6
_OWN_ERROR = 1.5

Floats = NDArray[Any]


@dataclass(frozen=True)
class Heard:
    """What a meter heard of a clip, at 16 kHz and within the band; powers are mean squares of samples.

    `power` is that of the speech while it is active, `full_power` that over the whole clip, `unsure_db` how far the
    former may be off. `own` is the power of the clip's own noise, and where the clip hasn't a pause (`own_sure` is
    False) what it is at most. `sounds` are 0.1 s frames: how many pass before the first that sounds, how many sound,
    how many don't, how many do, and so on to the last that sounds; empty if none does.
    """

    power: float
    full_power: float
    unsure_db: float
    own: float
    own_sure: bool
    sounds: tuple[int, ...]

    @property
    def activity(self) -> float:
        """The share of the time in which there is speech, 0 to 1."""
        return self.full_power / self.power

    @property
    def offset_db(self) -> float:
        """By how much the active level exceeds the level over the whole clip; 0 for speech without a pause."""
        return float(10 * np.log10(self.power / self.full_power))

    def after(self, dry: Heard, change: float = 1.0) -> Heard:
        """What was heard of a clip behind something, with the own noise that it had before, relative to the speech.

        Reverberation fills the pauses, and what is heard there isn't noise any more. `change` is by how much the noise
        is favoured.
        """
        own = min(self.own, self.power * dry.own / dry.power * change)
        return replace(self, own=own, own_sure=dry.own_sure)

    @property
    def own_range(self) -> tuple[float, float]:
        """The least and the most power that the clip's own noise may have."""
        return (self.own / _OWN_ERROR, self.own * _OWN_ERROR) if self.own_sure else (0.0, self.own)


def active_level(samples: Floats, rate: int) -> Heard | None:
    """What is heard of speech, [time]; None if nothing is. A clip of 200 ms or less has no room for a pause."""
    meter = Meter(rate)
    meter.hear(samples)
    return meter.heard()


def active_power(samples: Floats) -> float:
    """The active speech level of [time] at 16 kHz, as a power; 0 if nothing is heard."""
    meter = Meter(RATE)
    meter.hear(samples)
    return meter.power()


def band_power(samples: Floats) -> float:
    """The mean power of [time] at 16 kHz within the band."""
    return _energy(Band().inside(samples)) / max(len(samples), 1)


def _energy(inside: Floats) -> float:
    # Not `vdot`: its last bits depend on the number of threads.
    return float(np.einsum("t,t->", inside, inside))


class Meter:
    """Hears a clip piece by piece and keeps of it what its level is made of: some 10 kB for a minute.

    It gathers what it is given, so that what it hears doesn't depend on how long the pieces are.
    """

    def __init__(self, rate: int) -> None:
        self._resampled = Resampled(rate)
        self._band = Band()
        self._waiting: list[Floats] = []
        self._held = 0
        self._steps: list[Floats] = []
        self._frames: list[Floats] = []
        self._energy = self._peak = 0.0
        self._samples = 0

    def hear(self, samples: Floats) -> None:
        """The next samples, [time]."""
        self._gather(self._resampled.of(samples))

    def _gather(self, samples: Floats) -> None:
        self._waiting.append(samples)
        self._held += len(samples)
        if self._held < _AT_ONCE:
            return
        gathered = np.concatenate(self._waiting)
        whole = self._held // _AT_ONCE * _AT_ONCE
        for start in range(0, whole, _AT_ONCE):
            self._hear(gathered[start : start + _AT_ONCE])
        self._waiting, self._held = [gathered[whole:]], self._held - whole

    def _hear(self, samples: Floats) -> None:
        inside = self._band.inside(samples)
        self._samples += len(inside)
        self._energy += _energy(inside)
        steps = np.abs(inside[: len(inside) // _STEP * _STEP]).reshape(-1, _STEP)
        self._steps.append(np.einsum("st->s", steps) / _STEP)
        self._peak = max(self._peak, float(steps.max(initial=0.0)))
        frames = inside[: len(inside) // _QUIET_FRAME * _QUIET_FRAME].reshape(-1, _QUIET_FRAME)
        self._frames.append(np.einsum("ft,ft->f", frames, frames) / _QUIET_FRAME)

    def heard(self) -> Heard | None:
        """All that was heard; None if nothing was. Ends the hearing."""
        full = self._full_power()
        if not full:
            return None
        frames = _joined(self._frames).astype(np.float64)
        own, sure = _own_noise(frames)
        own = min(own, full)
        if self._is_short:
            return Heard(full, full, 0.0, own, False, _sounding(frames))
        shares = self._shares()
        level = self._level(full, shares, MARGIN_DB)
        margins = [MARGIN_DB - _SPREAD_DB, MARGIN_DB + _SPREAD_DB]
        if own:
            above_floor = 10 * log10(level / own) - _ABOVE_FLOOR_DB
            margins.append(min(max(above_floor, 1.0), MARGIN_DB))
        moved = [self._level(full, shares, margin) / level for margin in margins]
        unsure_db = max(abs(10 * log10(ratio)) for ratio in moved)
        return Heard(level, full, unsure_db, own, sure, _sounding(frames))

    def power(self) -> float:
        """The active level alone, 0 if nothing was heard. Ends the hearing."""
        full = self._full_power()
        return self._level(full, self._shares(), MARGIN_DB) if full and not self._is_short else full

    @property
    def _is_short(self) -> bool:
        return self._samples <= HANGOVER_S * RATE

    def _full_power(self) -> float:
        """The mean power of all that there is to hear; 0 where that is silence."""
        self._gather(self._resampled.rest())
        self._hear(_joined(self._waiting))
        silent = self._energy <= SILENT * max(self._samples, 1)
        return 0.0 if silent else self._energy / self._samples

    def _shares(self) -> list[float]:
        return _shares(_joined(self._steps) / self._peak)

    def _level(self, full: float, shares: Sequence[float], margin_db: float) -> float:
        return _at_margin(full / self._peak**2, shares, margin_db) * self._peak**2


def _joined(parts: list[Floats]) -> Floats:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts or [np.zeros(0, np.float32)])


def _shares(steps: Floats) -> list[float]:
    """In how much of the time the envelope, held for 200 ms, reaches 1, 1/2, 1/4, ...; of steps of 1 ms."""
    decay = exp(-_STEP / (RATE * TIME_CONSTANT_S))
    # Twice the same filter.
    smooth = lfilter([(1 - decay) ** 2], [1, -2 * decay, decay**2], steps)
    hangover = round(HANGOVER_S * RATE / _STEP)
    # The filter looks at the step itself and those before it.
    held = maximum_filter1d(smooth, hangover + 1, origin=hangover // 2, mode="constant")
    # The exponent says which powers of two a number has passed.
    halvings = np.clip(1 - np.frexp(held)[1], 0, _THRESHOLDS)
    passed = np.cumsum(np.bincount(halvings, minlength=_THRESHOLDS + 1)[:_THRESHOLDS])
    return [count / len(held) for count in passed.tolist()]


def _at_margin(full: float, shares: Sequence[float], margin_db: float) -> float:
    """The mean power of the active time at the threshold that lies `margin_db` below it; thresholds fall by half."""
    before: tuple[float, float] | None = None
    level = 10 * log10(full)
    for halving, share in enumerate(shares):
        if share == 0:
            continue
        level = 10 * log10(full / share)
        distance = level + 20 * log10(2) * halving
        if distance >= margin_db:
            if before is not None:
                part = (margin_db - before[1]) / (distance - before[1])
                level = before[0] + part * (level - before[0])
            break
        before = (level, distance)
    return float(10 ** (level / 10))


def _own_noise(frames: Floats) -> tuple[float, bool]:
    """The power of what the quietest twentieth of the frames holds, and whether that is noise and not weak speech.

    Noise is level: where there is a pause, the second quietest twentieth is as loud.
    """
    audible = np.sort(frames[frames > _NOTHING])
    if not len(audible):
        return 0.0, False
    few = max(1, round(_QUIET * len(audible)))
    quiet = float(audible[:few].mean())
    level = bool(len(audible) >= _FEW_FRAMES and audible[few : 2 * few].mean() < _PLATEAU * quiet)
    return quiet, level


def _sounding(frames: Floats) -> tuple[int, ...]:
    """`Heard.sounds` of the powers of 25 ms frames."""
    each = _FRAME // _QUIET_FRAME
    frames = frames[: len(frames) // each * each].reshape(-1, each).mean(axis=1)
    if not len(frames):
        return ()
    active = frames > max(_FLOOR_POWER, _RELATIVE_FLOOR * float(frames.max()))
    if not active.any():
        return ()
    first, last = (int(place) for place in np.flatnonzero(active)[[0, -1]])
    return (first, *(len(list(run)) for _, run in groupby(active[first : last + 1])))


def frames_of(sounds: Sequence[int]) -> NDArray[np.bool_]:
    """Of each frame from the first that sounds to the last, whether it sounds."""
    lengths = list(sounds[1:])
    return np.repeat(np.arange(len(lengths)) % 2 == 0, lengths)


NOTE = "heard"
"""Where a cut's `custom` holds the notes of who decoded it."""


def note_of(heard: Heard, cut: DataCut) -> dict[str, Any]:
    """What is written into a manifest: levels in dB below full scale, rounded, so that they are the same anywhere.

    With it stands of what it is true: the start, the duration and the channel of the cut.
    """
    return {
        "of": [cut.start, cut.duration, cut.channel],
        "active_db": _db(heard.power),
        "full_db": _db(heard.full_power),
        "unsure_db": round(heard.unsure_db, 2),
        "own_db": _db(heard.own) if heard.own else None,
        "own_sure": heard.own_sure,
        "sounds": list(heard.sounds),
    }


def with_note(cut: DataCut, heard: Heard) -> DataCut:
    """The cut with the note."""
    return fastcopy(cut, custom={**(cut.custom or {}), NOTE: note_of(heard, cut)})


def noted(cut: DataCut) -> Heard | None:
    """What a cut's `custom` notes; None if it notes nothing, or not in this form, or of another stretch."""
    note: Any = (cut.custom or {}).get(NOTE)
    try:
        if note["of"] != [cut.start, cut.duration, cut.channel]:
            return None
        return Heard(
            power_of(note["active_db"]),
            power_of(note["full_db"]),
            float(note["unsure_db"]),
            0.0 if note["own_db"] is None else power_of(note["own_db"]),
            bool(note["own_sure"]),
            tuple(_lengths(note["sounds"])),
        )
    except (TypeError, KeyError, ValueError, OverflowError):
        return None


def _lengths(given: Iterable[Any]) -> Iterable[int]:
    for number, length in enumerate(given):
        if not isinstance(length, int) or length < (number > 0):
            raise ValueError
        yield length


def _db(power: float) -> float:
    return round(float(10 * np.log10(power)), 2)


def power_of(db: float) -> float:
    return float(10 ** (db / 10))
