"""The `noise` step's effect: recorded noise under a clip, at a signal-to-noise ratio that holds.

The SNR is the power of the speech while it is active (ITU-T P.56, see levels.py; of reverberant speech, if it was put
into a room) divided by the mean power of the noise over the whole clip. Beside it stands the plain ratio of the mean
powers over the whole clip. That one is what Lhotse is told: it scales the noise when the audio is loaded, and its ratio
comes out as told because the noise is one track that covers the clip from its first to its last sample.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from lhotse import MonoCut
from lhotse.cut import Cut, MixedCut, MixTrack
from lhotse.cut.data import DataCut
from lhotse.utils import compute_num_samples, fastcopy

from ...errors import InputError
from ...recipes.decoding import use_recipe_audio
from ...recipes.facts import read_facts
from .grid import draw_start
from .simulate import RATE
from .transforms import CryfishFade

use_recipe_audio()

NOISE_TAG = "noise"

POOL_SIZE = 20_000
CROSSFADE_S = 0.05
_FRAME_S = 0.1
_FLOOR_POWER = 1e-8  # -80 dB below full scale
_RELATIVE_FLOOR = 1e-5  # -50 dB below the loudest frame
_MIN_ACTIVE = 0.3
_MAX_REPEATS = 50
_TRIES = 20


@dataclass(frozen=True)
class _Activity:
    """Where a noise clip sounds. `start` and `end` are samples at 16 kHz; `frames` says so for each 0.1 s between."""

    start: int
    end: int
    frames: np.ndarray


class NoisePool:
    """Noise clips to draw from; each is opened when it is first drawn, to learn where it isn't silent.

    Of more than `POOL_SIZE` clips so many are taken, chosen by a hash of their ids.

    Raises:
        InputError: there are no clips, none of them can be used, or one is a mix.
    """

    def __init__(self, cuts: Iterable[Cut], name: str = "noise") -> None:
        chosen = heapq.nsmallest(POOL_SIZE, cuts, key=lambda cut: (_hash(cut.id), cut.id))
        self._cuts = sorted(chosen, key=lambda cut: cut.id)
        self._activities: dict[int, _Activity | str] = {}
        for cut in self._cuts:
            if not isinstance(cut, DataCut):
                raise InputError(
                    f"{name}: noise clip {cut.id} is a mix; take noise from clips that weren't augmented"
                )
        if not self._cuts:
            raise InputError(
                f"{name}: holds no clips of this role to take noise from; name other corpora in 'from'"
            )
        if all(isinstance(self._activity(position), str) for position in range(len(self._cuts))):
            raise InputError(
                f"{name}: none of its {len(self._cuts)} clips can be used as noise (the first: {self._activities[0]})"
            )

    def draw(
        self, seconds: float, rng: np.random.Generator, avoid: Container[str] = ()
    ) -> tuple[Cut, DataCut] | None:
        """Noise of a clip's length and the clip that it comes from; None if no draw could be heard.

        Silence at a noise clip's ends is cut away. What is longer than the clip is cut at a drawn place, what is
        shorter is repeated, with cross-fades. A stretch that sounds for less than 30 % of its time is drawn again, and
        so is one of a speaker (or, if the speaker isn't known, a clip's id) that is in `avoid`.
        """
        samples = compute_num_samples(seconds, RATE)
        for _ in range(_TRIES):
            position = int(rng.integers(len(self._cuts)))
            activity = self._activity(position)
            if isinstance(activity, str) or voice_of(self._cuts[position]) in avoid:
                continue
            noise = self._cuts[position]
            sounds = (noise.start + activity.start / RATE, noise.start + activity.end / RATE)
            drawn = draw_start(*sounds, noise.recording.sampling_rate, samples, rng)
            if drawn is None:
                continue
            start, length = drawn
            begin = max(0, round((start - sounds[0]) * RATE))
            if length * _MAX_REPEATS < samples or _active_share(activity, begin, length) < _MIN_ACTIVE:
                continue
            return _stretch(noise, start, length, seconds), noise
        return None

    @property
    def unusable(self) -> dict[str, str]:
        """The noise clips found broken or silent so far, with the reason."""
        return {
            self._cuts[position].id: activity
            for position, activity in sorted(self._activities.items())
            if isinstance(activity, str)
        }

    def _activity(self, position: int) -> _Activity | str:
        if position not in self._activities:
            self._activities[position] = _listen(self._cuts[position])
        return self._activities[position]


def voice_of(cut: Cut) -> str:
    """Who speaks in a clip: the speaker; the clip's id where that isn't known."""
    return str(read_facts(cut).get("speaker", cut.id))


def together(noises: Sequence[Cut]) -> Cut:
    """Noises of one length at once, each as strong as the first."""
    first, *others = noises
    if not others:
        return first
    # Lhotse wants plain cuts in a mix of mixes to be told from each other by their ids.
    tracks = [
        MixTrack(cut=first, is_snr_reference=True),
        *(MixTrack(cut=noise, snr=0.0) for noise in others),
    ]
    return MixedCut(id="+".join(noise.id for noise in noises), tracks=tracks)


def add_noise(cut: MonoCut, noise: Cut, snr_db: float) -> MixedCut:
    """The cut, at 16 kHz, with noise of the same length mixed in; keeps the cut's id and facts.

    `snr_db` is the ratio of the mean powers over the whole clip.
    """
    speech = fastcopy(cut, recording=cut.recording.resample(RATE), features=None)
    return MixedCut(
        id=cut.id,
        tracks=[
            MixTrack(cut=speech, is_snr_reference=True),
            MixTrack(cut=noise, snr=snr_db, tag=NOISE_TAG),
        ],
    )


def _listen(noise: DataCut) -> _Activity | str:
    """Where the noise sounds, or why it can't be used."""
    try:
        audio = _mono(noise, noise.start, noise.duration, noise.id).load_audio()[0]
    except Exception as error:  # lhotse and its backends raise whatever they like on a broken file
        return f"can't be read ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
    if not np.isfinite(audio).all():
        return "holds NaN or infinity"
    frame = round(_FRAME_S * RATE)
    if len(audio) < frame:
        return f"is shorter than {_FRAME_S:g} s"
    power = np.mean(audio[: len(audio) // frame * frame].reshape(-1, frame) ** 2, axis=1)
    active = power > max(_FLOOR_POWER, _RELATIVE_FLOOR * float(power.max()))
    if not active.any():
        return "is silent"
    first, last = (int(position) for position in np.flatnonzero(active)[[0, -1]])
    return _Activity(first * frame, (last + 1) * frame, active[first : last + 1])


def _active_share(activity: _Activity, begin: int, length: int) -> float:
    frame = round(_FRAME_S * RATE)
    return float(activity.frames[begin // frame : -(-(begin + length) // frame)].mean())


def _stretch(noise: DataCut, start: float, length: int, seconds: float) -> Cut:
    """`seconds` of noise that begin at `start` of its recording; of `length` samples, repeated as often as needed."""
    samples = compute_num_samples(seconds, RATE)
    if length == samples:
        return _mono(noise, start, seconds, noise.id)
    fade = min(round(CROSSFADE_S * RATE), length // 4)
    tracks: list[MixTrack] = []
    offset = 0
    while offset == 0 or offset + fade < samples:
        last = offset + length >= samples
        # The last piece ends where the clip ends, be that between two samples.
        duration = round(seconds - offset / RATE, 8) if last else length / RATE
        piece = _mono(noise, start, duration, f"{noise.id}-{len(tracks)}")
        ends = CryfishFade(fade / RATE if offset else 0.0, 0.0 if last else fade / RATE)
        recording = piece.recording
        piece.recording = fastcopy(recording, transforms=[*(recording.transforms or []), ends])
        tracks.append(MixTrack(cut=piece, offset=offset / RATE))
        if last:
            break
        offset += length - fade
    return MixedCut(id=noise.id, tracks=tracks)


def _mono(noise: DataCut, start: float, seconds: float, name: str) -> MonoCut:
    """A stretch of the noise's first channel at 16 kHz, without what is known of it."""
    channel = noise.channel if isinstance(noise.channel, int) else noise.channel[0]
    return MonoCut(
        id=name,
        start=round(start, 8),
        duration=seconds,
        channel=channel,
        supervisions=[],
        recording=noise.recording.resample(RATE),
    )


def _hash(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()
