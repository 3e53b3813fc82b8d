"""Effects on samples as Lhotse transforms, so that a manifest holds them and replays them.

Lhotse finds a transform by its class name, so whoever loads a manifest with one of these imports this module first
(`import cryfish.pipeline.audio.transforms`). Effects that Lhotse has itself are taken from there.

All of them take and give float32 [channels, time]. Lhotse tells a transform the rate that the recording has in the end,
so an effect that depends on the rate is put on after the last resampling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from lhotse.augmentation import AudioTransform
from lhotse.augmentation.torchaudio import Tempo
from lhotse.utils import perturb_num_samples
from numpy.typing import NDArray

from ...errors import InputError
from .codecs import CODECS, fitted, resampled, through_codec
from .levels import SILENT, active_power, band_power

Samples = NDArray[Any]

EFFECTS = ("BandPassFilter", "ClippingDistortion", "LowPassFilter", "PitchShift")
"""The audiomentations classes that `CryfishEffect` may name: none of them changes the length."""


class SilentPart(ValueError):
    """A part of a mix is silent, so that the SNR of the mix can't be as its manifest says."""


class _InPlace:
    """A part of an effect that leaves every sample at its place in time."""

    def reverse_timestamps(
        self, offset: float, duration: float | None, sampling_rate: int
    ) -> tuple[float, float | None]:
        return offset, duration


@dataclass
class CryfishFade(_InPlace, AudioTransform):
    """Equal-power fades at the ends of what is loaded, [channels, time]; lengths in seconds."""

    fade_in: float
    fade_out: float

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        faded = np.array(samples, dtype=np.float32)
        rise, fall = (round(seconds * sampling_rate) for seconds in (self.fade_in, self.fade_out))
        if rise:
            faded[:, :rise] *= _quarter_wave(rise)[: faded.shape[1]]
        if fall:
            faded[:, -fall:] *= _quarter_wave(fall)[::-1][max(0, fall - faded.shape[1]) :]
        return faded


@dataclass
class CryfishLevel(_InPlace, AudioTransform):
    """Scales what is loaded, [channels, time] at 16 kHz, to a level within the band that is heard (see levels.py).

    `db` is below full scale: the mean power, or with `active` that of the speech while it is active.

    Raises:
        SilentPart: nothing is heard of it, so that it can't be scaled.
    """

    db: float
    active: bool = False

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        given = np.asarray(samples, dtype=np.float32)
        one = given[0] if len(given) == 1 else given.mean(axis=0)
        power = active_power(one) if self.active else band_power(one)
        if power <= SILENT:
            raise SilentPart("speech or noise in it is silent, so the SNR of the mix can't be as labelled")
        # Rounded, so that the last bits of a sum aren't heard of.
        gain_db = round(self.db - 10 * float(np.log10(power)), 4)
        return given * np.float32(10 ** (gain_db / 20))


@dataclass
class CryfishEffect(_InPlace, AudioTransform):
    """An audiomentations effect with its parameters fixed (those that audiomentations calls frozen).

    Raises:
        InputError: the effect isn't in `EFFECTS`.
    """

    effect: str
    parameters: dict[str, Any]

    def __post_init__(self) -> None:
        if self.effect not in EFFECTS:
            raise InputError(
                f"CryfishEffect: field 'effect' is {self.effect!r}; use one of {', '.join(EFFECTS)}"
            )

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        import audiomentations

        effect = getattr(audiomentations, self.effect)(p=1.0)
        return _frozen(effect, self.parameters, samples, sampling_rate, np.shape(samples)[1])


@dataclass
class CryfishClip(_InPlace, AudioTransform):
    """Clips the loudest samples, so that `share` (0 to 1) of all that is loaded lies at the limit.

    What has more zeros than the rest of the share becomes silent.
    """

    share: float

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        given = np.asarray(samples, dtype=np.float32)
        clipped = round(self.share * given.size)
        if clipped == 0:
            return given
        limit = np.partition(np.abs(given), given.size - clipped, axis=None)[given.size - clipped]
        return np.clip(given, -limit, limit)


@dataclass
class CryfishNarrow(_InPlace, AudioTransform):
    """Resamples to `rate` (Hz) and back: what lies above half of it is gone. A lower sampling rate stays as it is."""

    rate: int

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        given = np.asarray(samples, dtype=np.float32)
        if self.rate >= sampling_rate:
            return given
        narrow = resampled(resampled(given, sampling_rate, self.rate), self.rate, sampling_rate)
        return fitted(narrow, given.shape[1])


@dataclass
class CryfishCodec(_InPlace, AudioTransform):
    """Lossy coding and decoding (see codecs.py); `kbps` is the bit rate in kbit/s of MP3 and Opus.

    Raises:
        InputError: there is no such codec, or the bit rate is missing or can't be chosen.
    """

    codec: str
    kbps: int | None = None

    def __post_init__(self) -> None:
        if self.codec not in CODECS:
            raise InputError(f"CryfishCodec: field 'codec' is {self.codec!r}; use one of {', '.join(CODECS)}")
        if CODECS[self.codec].chosen_kbps != (self.kbps is not None):
            fix = "give the bit rate in kbit/s" if self.kbps is None else "leave it out: it can't be chosen"
            raise InputError(f"CryfishCodec: field 'kbps' of {self.codec}: {fix}")

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        return through_codec(samples, sampling_rate, CODECS[self.codec], self.kbps)


@dataclass
class CryfishTempo(Tempo):
    """Plays faster (`factor` above 1) or slower at the same pitch, by the time stretch of audiomentations.

    The length is Lhotse's for this factor. Lhotse's own `Tempo` needs torchaudio and SoX. Below half the tempo the time
    stretch draws random numbers and wouldn't replay.

    Raises:
        InputError: the factor is below 0.5 or above 2.
    """

    def __post_init__(self) -> None:
        if not 0.5 <= self.factor <= 2:
            raise InputError(f"CryfishTempo: field 'factor' is {self.factor:g}; keep it between 0.5 and 2")

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        from audiomentations import TimeStretch

        effect = TimeStretch(leave_length_unchanged=False, p=1.0)
        length = perturb_num_samples(np.shape(samples)[1], self.factor)
        return _frozen(effect, {"rate": self.factor}, samples, sampling_rate, length)


@dataclass
class CryfishPad(AudioTransform):
    """Silence around one stretch of a recording: `before` and `after` in samples, the stretch in seconds.

    The stretch begins at `offset`; with `duration` None it goes to the end. Lhotse doesn't tell a transform which part
    is being loaded, so a padded recording can only be loaded whole.

    Raises:
        ValueError: a part of it is asked for.
    """

    offset: float
    duration: float | None
    before: int
    after: int

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        return np.pad(np.asarray(samples, dtype=np.float32), ((0, 0), (self.before, self.after)))

    def reverse_timestamps(
        self, offset: float, duration: float | None, sampling_rate: int
    ) -> tuple[float, float | None]:
        if offset or duration is not None:
            raise ValueError("a clip with padding is loaded whole; cut it into pieces before it is padded")
        return self.offset, self.duration


def _frozen(effect: Any, parameters: dict[str, Any], samples: Samples, rate: int, length: int) -> Samples:
    """What an audiomentations effect makes of the samples with these parameters, as [channels, length]."""
    given = np.ascontiguousarray(samples, dtype=np.float32)
    if not given.any():
        return np.zeros((len(given), length), np.float32)
    effect.parameters = {"should_apply": True, **parameters}
    effect.freeze_parameters()
    return fitted(np.asarray(effect(given, rate), dtype=np.float32), length)


def _quarter_wave(length: int) -> NDArray[np.float32]:
    return np.sin(np.pi / 2 * (np.arange(length, dtype=np.float32) + 0.5) / length).astype(np.float32)
