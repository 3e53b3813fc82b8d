"""The samples of a lazy Lhotse cut, as `cut.load_audio()` gives them, without doing anything twice.

Lhotse opens an impulse response anew for every clip and transforms it whole, and pads every track of a mix to the
length of the longest. Here spectra of impulse responses and short noise recordings are kept, blocks are convolved
instead of clips, and tracks are added in place. What isn't known here is left to Lhotse. The samples are Lhotse's to
1e-4, but for the first and last 10 ms of a stretch of noise of another sampling rate: Lhotse resamples the stretch,
here it is taken from the resampled recording, where it begins at a whole sample of both (grid.py; noise does).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import soundfile
from lhotse import AudioSource, MonoCut, Recording
from lhotse.audio.recording import assert_and_maybe_fix_num_samples
from lhotse.augmentation import AudioTransform, Resample, ReverbWithImpulseResponse
from lhotse.cut import Cut, MixedCut, MixTrack
from lhotse.utils import compute_num_samples
from numpy.typing import NDArray

from ...recipes.kit.decoding import use_recipe_audio
from .coloured import CryfishColouredNoise
from .convolution import convolve, one_thread
from .grid import on_both
from .transforms import InPlace, SilentPart

Floats = NDArray[np.float32]

_READ_HERE = (".wav", ".flac")
_KEEP_S = 60.0
_KEEP_BYTES = 256 << 20


@dataclass(frozen=True)
class FileResponse:
    """A channel of an impulse response on disk."""

    path: str
    channel: int

    def load(self) -> Floats:
        samples, _ = soundfile.read(self.path, dtype="float32", always_2d=True)
        return np.ascontiguousarray(samples[:, self.channel])


def load_samples(cut: Cut) -> Floats:
    """[channels, time], at the cut's sampling rate.

    Raises:
        SilentPart: a part of a mix with an SNR is silent; Lhotse would pass over the SNR without a word.
    """
    use_recipe_audio()
    with one_thread():
        return _load(cut)


def load_tracks(cut: MixedCut) -> list[Floats]:
    """What is added up in a mix, in the order of its tracks: each [channels, time], scaled and in its place."""
    use_recipe_audio()
    parts: list[Floats] = []
    with one_thread():
        for offset, part in _scaled(cut):
            whole = np.zeros((1, cut.num_samples), np.float32)
            _add(whole, part, offset)
            parts.append(whole)
    return parts


def _load(cut: Cut) -> Floats:
    if isinstance(cut, MonoCut) and not cut.has_video:
        return _load_mono(cut)
    if isinstance(cut, MixedCut) and _is_plain(cut):
        return _load_mix(cut)
    return np.asarray(cut.load_audio(), dtype=np.float32)


def _is_plain(cut: MixedCut) -> bool:
    """Whether it is a mix as the augmenter makes it: single channels that begin with the clip, none of them muted."""
    first = cut.tracks[0]
    return (
        first.snr is None
        and first.offset == 0
        and all(
            (isinstance(track.cut, MonoCut) or (isinstance(track.cut, MixedCut) and _is_plain(track.cut)))
            and not track.mute
            for track in cut.tracks
        )
        and _reference(cut) is first
    )


def _reference(cut: MixedCut) -> MixTrack:
    marked = [track for track in cut.tracks if track.is_snr_reference]
    return marked[0] if marked else cut.tracks[0]


def _load_mix(cut: MixedCut) -> Floats:
    (_, mixed), *others = _scaled(cut)
    if mixed.shape[1] != cut.num_samples:
        first, mixed = mixed, np.zeros((1, cut.num_samples), np.float32)
        _add(mixed, first, 0)
    for offset, part in others:
        _add(mixed, part, offset)
    for transform in _transforms(cut.transforms):
        mixed = _apply(transform, mixed, cut.sampling_rate)
    return mixed


def _add(mixed: Floats, part: Floats, offset: int) -> None:
    end = min(mixed.shape[1], offset + part.shape[1])
    mixed[:, offset:end] += part[:, : end - offset]


def _scaled(cut: MixedCut) -> list[tuple[int, Floats]]:
    """The tracks with the sample at which each begins."""
    ratios = any(track.snr is not None for track in cut.tracks)
    reference = 0.0
    parts = []
    for number, track in enumerate(cut.tracks):
        part = _load(track.cut) if number == 0 else _load_part(track.cut)
        power = _power(part) if ratios else 0.0
        if ratios and power == 0:
            raise SilentPart(f"its part {track.cut.id} is silent, so the SNR of the mix can't be as labelled")
        if number == 0:
            reference = power
        elif track.snr is not None:
            part = part * np.float32(sqrt(reference * 10 ** (-track.snr / 10) / power))
        parts.append((compute_num_samples(track.offset, cut.sampling_rate), part))
    return parts


def _load_part(cut: Cut) -> Floats:
    """A part that is likely to be met again: noise."""
    if not isinstance(cut, MonoCut) or cut.recording.duration > _KEEP_S:
        return _load(cut)
    return _load_mono(cut, keep=True)


def _power(samples: Floats) -> float:
    return float(np.vdot(samples, samples)) / samples.size


def _transforms(given: Any) -> list[AudioTransform]:
    return [
        AudioTransform.from_dict(transform) if isinstance(transform, dict) else transform
        for transform in given or []
    ]


def _load_mono(cut: MonoCut, keep: bool = False) -> Floats:
    recording = cut.recording
    transforms = _transforms(recording.transforms)
    if len(recording.sources) != 1 or recording.sources[0].type != "file":
        return np.asarray(cut.load_audio(), dtype=np.float32)
    [source] = recording.sources
    channel = cut.channel if isinstance(cut.channel, int) else cut.channel[0]
    made = [place for place, one in enumerate(transforms) if isinstance(one, CryfishColouredNoise)]
    if made:
        # What lies under it isn't heard.
        samples = np.zeros((1, cut.num_samples), np.float32)
        for transform in transforms[made[-1] :]:
            samples = _apply(transform, samples, recording.sampling_rate)
        return samples
    resample = transforms[0] if transforms and isinstance(transforms[0], Resample) else None
    effects = transforms[1:] if resample else transforms
    original = resample.source_sampling_rate if resample else cut.sampling_rate
    if (
        keep
        and on_both(cut.start, original, cut.sampling_rate)
        and all(_stays_in_place(effect, cut) for effect in effects)
    ):
        samples = _kept.stretch(source, channel, resample, cut.start, cut.num_samples, cut.sampling_rate)
        transforms = effects
    else:
        samples = _read(recording, source, channel, cut.start, cut.duration, transforms)
    for transform in transforms:
        samples = _apply(transform, samples, recording.sampling_rate)
    fixed = assert_and_maybe_fix_num_samples(samples, cut.start, cut.duration, recording)
    return np.asarray(fixed, dtype=np.float32)


def _read(
    recording: Recording,
    source: AudioSource,
    channel: int,
    start: float,
    duration: float,
    transforms: list[AudioTransform],
) -> Floats:
    """The stretch of the file that, after the transforms, is the one that was asked for; [1, time]."""
    wanted: float | None = None if abs(duration - recording.duration) <= 1e-3 else duration
    for transform in reversed(transforms):
        start, wanted = transform.reverse_timestamps(start, wanted, recording.sampling_rate)
    place = source.channels.index(channel)
    if not str(source.source).lower().endswith(_READ_HERE):
        loaded = source.load_audio(start, wanted, force_opus_sampling_rate=recording.sampling_rate)
        return np.ascontiguousarray(np.atleast_2d(loaded)[place : place + 1])
    return _of_file(str(source.source), start, wanted, place)


def _of_file(path: str, start: float, wanted: float | None, place: int) -> Floats:
    """A stretch of a channel, [1, time], at the file's rate; to its end where `wanted` is None. Times in seconds."""
    with soundfile.SoundFile(path) as file:
        if start:
            file.seek(compute_num_samples(start, file.samplerate))
        frames = -1 if wanted is None else compute_num_samples(wanted, file.samplerate)
        if file.subtype == "PCM_16":
            # The same numbers, a tenth faster.
            samples = file.read(frames, dtype="int16", always_2d=True)[:, place] * np.float32(2**-15)
        else:
            samples = file.read(frames, dtype="float32", always_2d=True)[:, place]
    return np.ascontiguousarray(samples)[None]


def _apply(transform: AudioTransform, samples: Floats, rate: int) -> Floats:
    if isinstance(transform, ReverbWithImpulseResponse):
        response = _file_response(transform)
        if response is not None and samples.size:
            return _reverberant(samples, response, transform.normalize_output)
    made = np.asarray(transform(samples, rate), dtype=np.float32)
    if isinstance(transform, InPlace) and made.shape != samples.shape:
        raise ValueError(f"{type(transform).__name__} made {made.shape} of {samples.shape}")
    return made


def _file_response(transform: ReverbWithImpulseResponse) -> FileResponse | None:
    rir = transform.rir
    if not isinstance(rir, Recording) or transform.early_only or len(transform.rir_channels) != 1:
        return None
    if rir.transforms or len(rir.sources) != 1 or rir.sources[0].type != "file":
        return None
    return FileResponse(str(rir.sources[0].source), rir.sources[0].channels.index(transform.rir_channels[0]))


def _reverberant(samples: Floats, response: FileResponse, normalised: bool) -> Floats:
    convolved = convolve(samples[0], response)[None]
    if not normalised:
        # As in Kaldi's wav-reverberate, Lhotse takes impulse responses for 16-bit numbers.
        convolved *= np.float32(ReverbWithImpulseResponse.RIR_SCALING_FACTOR)
        return convolved
    before, after = _power(samples), _power(convolved)
    if after > 0:
        convolved *= np.float32(sqrt(before / after))
    return convolved


def _stays_in_place(effect: AudioTransform, cut: MonoCut) -> bool:
    asked = (cut.start, cut.duration)
    return bool(effect.reverse_timestamps(*asked, cut.sampling_rate) == asked)


class _Kept:
    """Short recordings at the rate that they are wanted at, the latest `_KEEP_BYTES` of them.

    What needs no resampling is only kept when it is met again: of 20,000 noises most are heard once.
    """

    def __init__(self) -> None:
        self._met: set[tuple[str, int, int]] = set()
        self._recordings: OrderedDict[tuple[str, int, int], Floats] = OrderedDict()
        self._bytes = 0

    def stretch(
        self,
        source: AudioSource,
        channel: int,
        resample: Resample | None,
        start: float,
        length: int,
        rate: int,
    ) -> Floats:
        """[1, time], from `start` seconds on, at `rate`."""
        key = (str(source.source), channel, rate)
        whole = self._recordings.get(key)
        if (
            whole is None
            and resample is None
            and key not in self._met
            and key[0].lower().endswith(_READ_HERE)
        ):
            self._met.add(key)
            return _of_file(key[0], start, length / rate, source.channels.index(channel))
        if whole is None:
            whole = np.atleast_2d(source.load_audio())[source.channels.index(channel)][None]
            if resample is not None:
                whole = np.asarray(resample(whole, resample.source_sampling_rate), dtype=np.float32)
            self._recordings[key] = whole
            self._bytes += whole.nbytes
            while self._bytes > _KEEP_BYTES:
                self._bytes -= self._recordings.popitem(last=False)[1].nbytes
        else:
            self._recordings.move_to_end(key)
        first = compute_num_samples(start, rate) if start else 0
        return whole[:, first : first + length]


_kept = _Kept()
