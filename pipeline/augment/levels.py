"""How loud speech and noise are, within the band that is heard.

**The band** is 50 Hz to 7 kHz, that of wideband speech (ITU-T G.722, P.341), put before the meter as P.56 (12/2011)
asks for: Butterworth filters, 3 dB down at their ends, falling by 36 dB an octave below and by 24 and more above. What
lies outside (a constant offset, a lorry two streets away) has no level, neither in speech nor in noise. All is measured
at 16 kHz, as it is rendered.

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
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from lhotse.cut.data import DataCut
from lhotse.utils import fastcopy
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, lfilter, sosfilt, sosfilt_zi

from .simulate import RATE

BAND_HZ = (50, 7000)
TIME_CONSTANT_S = 0.03
HANGOVER_S = 0.2
MARGIN_DB = 15.9

_ORDERS = (6, 4)
_STEP = 16  # samples: the envelope is followed in steps of 1 ms
_FRAME = 1600
FRAME_S = _FRAME / RATE
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


def band_power(samples: Floats) -> float:
    """The mean power of [time] at 16 kHz within the band."""
    inside = _in_band(samples, None)[0]
    # Not `vdot`: its last bits depend on the number of threads.
    return float(np.einsum("t,t->", inside, inside)) / max(len(inside), 1)


class Meter:
    """Hears a clip piece by piece and keeps of it what its level is made of: some 10 kB for a minute."""

    def __init__(self, rate: int) -> None:
        self._resampler: Any = None
        if rate != RATE:
            import soxr

            self._resampler = soxr.ResampleStream(rate, RATE, 1, dtype="float32")
        self._state: Floats | None = None
        self._rest: Floats = np.zeros(0)
        self._changes_rest: Floats = np.zeros(0)
        self._last: float | None = None
        self._steps: list[Floats] = []
        self._frames: list[Floats] = []
        self._changes: list[Floats] = []
        self._energy = self._peak = 0.0
        self._samples = 0

    def hear(self, samples: Floats) -> None:
        """The next samples, [time]."""
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(np.ascontiguousarray(samples, dtype=np.float32))
        self._hear(samples)

    def _hear(self, samples: Floats) -> None:
        if not len(samples):
            return
        inside, self._state = _in_band(samples, self._state)
        self._samples += len(inside)
        self._energy += float(np.einsum("t,t->", inside, inside))
        changes = np.abs(np.diff(samples, prepend=samples[0] if self._last is None else self._last))
        self._last = float(samples[-1])
        if len(self._rest):
            inside = np.concatenate([self._rest, inside])
            changes = np.concatenate([self._changes_rest, changes])
        whole = len(inside) // _FRAME * _FRAME
        self._rest, self._changes_rest = inside[whole:], changes[whole:]
        self._keep(inside[:whole], changes[:whole])

    def _keep(self, inside: Floats, changes: Floats) -> None:
        steps = np.abs(inside).reshape(-1, _STEP)
        self._steps.append(np.einsum("st->s", steps) / _STEP)
        self._peak = max(self._peak, float(steps.max(initial=0.0)))
        whole = len(inside) // _QUIET_FRAME * _QUIET_FRAME
        frames = inside[:whole].reshape(-1, _QUIET_FRAME)
        self._frames.append(np.einsum("ft,ft->f", frames, frames) / _QUIET_FRAME)
        # A frame is as changing as its stillest millisecond.
        changes = changes[:whole].reshape(-1, _QUIET_FRAME // _STEP, _STEP)
        self._changes.append(changes.max(axis=2).min(axis=1))

    def heard(self) -> Heard | None:
        """All that was heard; None if nothing was. Ends the hearing."""
        if self._resampler is not None:
            self._hear(self._resampler.resample_chunk(np.zeros(0, np.float32), last=True))
        whole = len(self._rest) // _STEP * _STEP
        self._keep(self._rest[:whole], self._changes_rest[:whole])
        if self._energy <= SILENT * max(self._samples, 1):
            return None
        full = self._energy / self._samples
        frames = np.concatenate(self._frames)
        changes = np.concatenate(self._changes)
        told = changes > _STILL * changes.max(initial=0.0)
        floor, least, most = (min(own, full) for own in _own_noise(frames, told))
        if self._samples <= HANGOVER_S * RATE:
            return Heard(full, full, 0.0, (least, most), _sounding(frames))
        counts = _counts(np.concatenate(self._steps) / self._peak)
        level = _at_margin(full / self._peak**2, counts, MARGIN_DB)
        margins = [MARGIN_DB - _SPREAD_DB, MARGIN_DB + _SPREAD_DB]
        if floor:
            above_floor = 10 * float(np.log10(level * self._peak**2 / floor)) - _ABOVE_FLOOR_DB
            margins.append(min(max(above_floor, 1.0), MARGIN_DB))
        moved = [_at_margin(full / self._peak**2, counts, margin) / level for margin in margins]
        unsure_db = max(abs(float(10 * np.log10(ratio))) for ratio in moved)
        return Heard(level * self._peak**2, full, unsure_db, (least, most), _sounding(frames))


@lru_cache(maxsize=1)
def _band() -> tuple[Floats, Floats]:
    sections = np.concatenate(
        [
            butter(order, hz, kind, fs=RATE, output="sos")
            for order, hz, kind in zip(_ORDERS, BAND_HZ, ("highpass", "lowpass"), strict=True)
        ]
    )
    return sections, sosfilt_zi(sections)


def _in_band(samples: Floats, state: Floats | None) -> tuple[Floats, Floats]:
    """[time] at 16 kHz within the band, and the filter's state; it starts as if the mean had always been there."""
    sections, settled = _band()
    samples = np.asarray(samples, dtype=np.float64)
    if state is None:
        mean = float(samples.mean()) if len(samples) else 0.0
        # NaN and infinity are found by who decodes.
        state = settled * (mean if np.isfinite(mean) else 0.0)
    inside, state = sosfilt(sections, samples, zi=state)
    return inside, state


def _counts(steps: Floats) -> NDArray[np.float64]:
    """In how much of the time the envelope, held for 200 ms, reaches 1, 0.84, 0.71, ...; steps of 1 ms, shares.

    P.56 halves the threshold and interpolates; in steps of 1.5 dB there is next to nothing to interpolate.
    """
    decay = float(np.exp(-_STEP / (RATE * TIME_CONSTANT_S)))
    for _ in range(2):
        steps = lfilter([1 - decay], [1, -decay], steps)
    hangover = round(HANGOVER_S * RATE / _STEP)
    # The filter looks at the step itself and those before it.
    held = maximum_filter1d(steps, hangover + 1, origin=hangover // 2, mode="constant")
    # The exponent says which powers of two a number has passed.
    reached = np.clip(1 - np.frexp(np.maximum(held, _UNHEARD) ** _PARTS)[1], 0, _THRESHOLDS)
    return np.cumsum(np.bincount(reached, minlength=_THRESHOLDS + 1)[:_THRESHOLDS]) / len(held)


def _at_margin(full: float, shares: NDArray[np.float64], margin_db: float) -> float:
    """The mean power of the active time at the threshold that lies `margin_db` below it."""
    reached = np.flatnonzero(shares)
    levels = 10 * np.log10(full / shares[reached])
    distances = levels + 20 * np.log10(2) / _PARTS * reached
    below = np.flatnonzero(distances >= margin_db)
    place = int(below[0]) if len(below) else len(levels) - 1
    level = levels[place]
    if len(below) and place:
        way = (margin_db - distances[place - 1]) / (distances[place] - distances[place - 1])
        level = levels[place - 1] + way * (level - levels[place - 1])
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
