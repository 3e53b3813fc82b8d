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
3 dB to either side of the margin, and 6 dB above the floor where the floor is near.

**The clip's own noise** lies between two bounds. At the most it is what the quietest fifth of the clip holds (in frames
of 25 ms: a gap before a plosive is as short), and half as much again: there may be weak speech as well, but noise isn't
always as loud as in the quietest moments. (Rain, waves, aeroplanes and vacuum cleaners of ESC-50 under pieces of clean
speech of 0.4 to 3 s, 20 dB down: in one of eight pieces the noise is louder than that.) Where there is a pause it is
nearly as loud as the quietest twentieth at the least. In a pause the level is steady, as it never is in speech: the
second quietest twentieth is about as loud, or 0.3 s in a row are. A stretch of one and the same number tells nothing:
it is a gate's, or padding.
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

from ...constants import SAMPLE_RATE
from .band import Band
from .resampled import Resampled

TIME_CONSTANT_S = 0.03
HANGOVER_S = 0.2
MARGIN_DB = 15.9

_STEP = 16  # samples: the envelope is followed in steps of 1 ms
_FRAME = 1600
FRAME_S = _FRAME / SAMPLE_RATE
_AT_ONCE = 96 * _FRAME  # a whole number of the band filter's hops, too
_THRESHOLDS = 64
_PARTS = 4  # thresholds for each halving of the amplitude
_UNHEARD = 2.0 ** -(_THRESHOLDS // _PARTS + 1)  # of the peak: below all thresholds
_SPREAD_DB = 3.0
_ABOVE_FLOOR_DB = 6.0

_FLOOR_POWER = 1e-8  # -80 dB below full scale: less doesn't sound
_RELATIVE_FLOOR = 1e-5  # -50 dB below the loudest frame
_NOTHING = 1e-11  # -110 dB below full scale: digital silence tells nothing of a clip's noise
_STILL = 2e-6  # of the greatest change from one sample to the next: less is what a resampler makes of an end
SILENT = 1e-13
"""Powers that aren't above it are nobody's: what the filter leaves of a constant."""

_QUIET_FRAME = 400  # 25 ms: fits into the gap before a plosive
_QUIETEST = 0.05
_QUIET = 0.2
_FEW_FRAMES = 40
_PLATEAU = 1.6
_OWN_ERROR = 1.5
_PAUSE_FRAMES = 12

Floats = NDArray[Any]


@dataclass(frozen=True)
class Heard:
    """What a meter heard of a clip, at 16 kHz and within the band; powers are mean squares of samples.

    `power` is that of the speech while it is active, `full_power` that over the whole clip, both with the clip's own
    noise; `unsure_db` is how far the former may be off. `own` is the least and the most power that this noise may have:
    the least is 0 where the clip hasn't a pause. `sounds` are 0.1 s frames: how many pass before the first that sounds,
    how many sound, how many don't, how many do, and so on to the last that sounds; empty if none does.
    """

    power: float
    full_power: float
    unsure_db: float
    own: tuple[float, float]
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
        seems to be favoured; so it is, or it isn't.
        """
        least, most = (own * self.power / dry.power for own in dry.own)
        return replace(self, own=(least * min(change, 1.0), most * max(change, 1.0)))


def active_level(samples: Floats, rate: int) -> Heard | None:
    """What is heard of speech, [time]; None if nothing is. A clip of 200 ms or less has no room for a pause."""
    meter = Meter(rate)
    meter.hear(samples)
    return meter.heard()


def active_power(samples: Floats) -> float:
    """The active speech level of [time] at 16 kHz, as a power; 0 if nothing is heard."""
    meter = Meter(SAMPLE_RATE, level_only=True)
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

    It gathers what it is given, so that what it hears doesn't depend on how long the pieces are. With `level_only` it
    keeps what `power` needs, and no more.
    """

    def __init__(self, rate: int, level_only: bool = False) -> None:
        self._level_only = level_only
        self._resampled = Resampled(rate)
        self._band = Band()
        self._waiting: list[Floats] = []
        self._held = 0
        self._last: float | None = None
        self._steps: list[Floats] = []
        self._frames: list[Floats] = []
        self._changes: list[Floats] = []
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
        if self._level_only:
            return
        whole = len(inside) // _QUIET_FRAME * _QUIET_FRAME
        frames = inside[:whole].reshape(-1, _QUIET_FRAME)
        self._frames.append(np.einsum("ft,ft->f", frames, frames) / _QUIET_FRAME)
        if not whole:
            return
        # A frame is as changing as its stillest millisecond.
        changes = np.abs(np.diff(samples[:whole], prepend=samples[0] if self._last is None else self._last))
        self._last = float(samples[-1])
        for _ in range(_STEP.bit_length() - 1):
            # The largest of 16 by halves: numpy is slow along short rows.
            changes = np.maximum(changes[::2], changes[1::2])
        self._changes.append(changes.reshape(-1, _QUIET_FRAME // _STEP).min(axis=1))

    def heard(self) -> Heard | None:
        """All that was heard; None if nothing was. Ends the hearing."""
        full = self._full_power()
        if not full:
            return None
        frames = _joined(self._frames).astype(np.float64)
        changes = _joined(self._changes)
        told = changes > _STILL * changes.max(initial=0.0)
        floor, least, most = (min(own, full) for own in _own_noise(frames, told))
        if self._is_short:
            return Heard(full, full, 0.0, (least, most), _sounding(frames))
        shares = self._shares()
        level = self._level(full, shares, MARGIN_DB)
        margins = [MARGIN_DB - _SPREAD_DB, MARGIN_DB + _SPREAD_DB]
        if floor:
            above_floor = 10 * log10(level / floor) - _ABOVE_FLOOR_DB
            margins.append(min(max(above_floor, 1.0), MARGIN_DB))
        moved = [self._level(full, shares, margin) / level for margin in margins]
        unsure_db = max(abs(10 * log10(ratio)) for ratio in moved)
        return Heard(level, full, unsure_db, (least, most), _sounding(frames))

    def power(self) -> float:
        """The active level alone, 0 if nothing was heard. Ends the hearing."""
        full = self._full_power()
        return self._level(full, self._shares(), MARGIN_DB) if full and not self._is_short else full

    @property
    def _is_short(self) -> bool:
        return self._samples <= HANGOVER_S * SAMPLE_RATE

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
    """In how much of the time the envelope, held for 200 ms, reaches 1, 0.84, 0.71, ...; of steps of 1 ms.

    P.56 halves the threshold and interpolates; in steps of 1.5 dB there is next to nothing to interpolate.
    """
    # They take half a second and 60 MB to load, which who hears nothing is spared.
    from scipy.ndimage import maximum_filter1d
    from scipy.signal import lfilter

    decay = exp(-_STEP / (SAMPLE_RATE * TIME_CONSTANT_S))
    # Twice the same filter.
    smooth = lfilter([(1 - decay) ** 2], [1, -2 * decay, decay**2], steps)
    hangover = round(HANGOVER_S * SAMPLE_RATE / _STEP)
    # The filter looks at the step itself and those before it.
    held = maximum_filter1d(smooth, hangover + 1, origin=hangover // 2, mode="constant")
    # The exponent says which powers of two a number has passed.
    reached = np.clip(1 - np.frexp(np.maximum(held, _UNHEARD) ** _PARTS)[1], 0, _THRESHOLDS)
    passed = np.cumsum(np.bincount(reached, minlength=_THRESHOLDS + 1)[:_THRESHOLDS])
    return [count / len(held) for count in passed.tolist()]


def _at_margin(full: float, shares: Sequence[float], margin_db: float) -> float:
    """The mean power of the active time at the threshold that lies `margin_db` below it."""
    before: tuple[float, float] | None = None
    level = 10 * log10(full)
    for number, share in enumerate(shares):
        if share == 0:
            continue
        level = 10 * log10(full / share)
        distance = level + 20 * log10(2) / _PARTS * number
        if distance >= margin_db:
            if before is not None:
                way = (margin_db - before[1]) / (distance - before[1])
                level = before[0] + way * (level - before[0])
            break
        before = (level, distance)
    return float(10 ** (level / 10))


def _own_noise(frames: Floats, told: NDArray[np.bool_]) -> tuple[float, float, float]:
    """The power of the quietest moments, and the least and the most that noise may have.

    By the powers of 25 ms frames; `told` says which of them tell of noise.
    """
    told = told & (frames > _NOTHING)
    audible = np.sort(frames[told])
    if not len(audible):
        return 0.0, 0.0, 0.0
    few = max(1, round(_QUIETEST * len(audible)))
    quiet = float(audible[:few].mean())
    most = _OWN_ERROR * float(audible[: max(1, round(_QUIET * len(audible)))].mean())
    steady = len(audible) >= _FEW_FRAMES and audible[few : 2 * few].mean() < _PLATEAU * quiet
    return quiet, (quiet / _OWN_ERROR if steady or _pauses(frames, told, _PLATEAU * quiet) else 0.0), most


def _pauses(frames: Floats, told: NDArray[np.bool_], below: float) -> bool:
    """Whether a pause's length of frames in a row tell of noise of less than this power."""
    if len(frames) < _PAUSE_FRAMES:
        return False
    rows = np.ones(_PAUSE_FRAMES)
    whole = np.convolve(told, rows, "valid") > _PAUSE_FRAMES - 0.5
    power = np.convolve(np.where(told, frames, 0.0), rows, "valid") / _PAUSE_FRAMES
    return bool((whole & (power < below)).any())


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
        "own_db": [_db(own) if own else None for own in heard.own],
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
            _bounds(note["own_db"]),
            tuple(_lengths(note["sounds"])),
        )
    except (TypeError, KeyError, ValueError, OverflowError):
        return None


def _bounds(given: Iterable[Any]) -> tuple[float, float]:
    least, most = (0.0 if db is None else power_of(db) for db in given)
    return least, most


def _lengths(given: Iterable[Any]) -> Iterable[int]:
    for number, length in enumerate(given):
        if not isinstance(length, int) or length < (number > 0):
            raise ValueError
        yield length


def _db(power: float) -> float:
    return round(float(10 * np.log10(power)), 2)


def power_of(db: float) -> float:
    return float(10 ** (db / 10))
