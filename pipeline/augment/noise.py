"""The `noise` step's effect: recorded noise under a clip, at a level that holds.

The noise is scaled when it is loaded, by the last of its transforms, so that its mean power over the clip and within
the band that is heard (levels.py) is the one that the manifest names; the mix is a plain sum. So no noise is decoded to
know how loud it is, and plain Lhotse mixes the same. A clip in a room that wasn't decoded either is scaled in the same
way, to the active speech level that it had before the room.
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

from ...constants import SAMPLE_RATE
from ...errors import InputError
from ...recipes.kit.decoding import use_recipe_audio
from ...recipes.kit.facts import read_facts
from ..audio.grid import draw_start
from ..audio.levels import FRAME_S, active_level, frames_of, noted
from ..audio.transforms import CryfishFade, CryfishLevel

NOISE_TAG = "noise"

POOL_SIZE = 20_000
CROSSFADE_S = 0.05
_ALIKE_DB = -30.0
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
    """Noise clips to draw from. Where one isn't silent is in its notes, or learnt when it is first drawn.

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
        samples = compute_num_samples(seconds, SAMPLE_RATE)
        for _ in range(_TRIES):
            position = int(rng.integers(len(self._cuts)))
            activity = self._activity(position)
            if isinstance(activity, str) or voice_of(self._cuts[position]) in avoid:
                continue
            noise = self._cuts[position]
            sounds = (noise.start + activity.start / SAMPLE_RATE, noise.start + activity.end / SAMPLE_RATE)
            drawn = draw_start(*sounds, noise.recording.sampling_rate, samples, rng)
            if drawn is None:
                continue
            start, length = drawn
            begin = max(0, round((start - sounds[0]) * SAMPLE_RATE))
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
    """Noises of one length at once, each as strong as the others."""
    if len(noises) == 1:
        return noises[0]
    # Lhotse wants plain cuts in a mix of mixes to be told from each other by their ids.
    tracks = [MixTrack(cut=at_level(noise, _ALIKE_DB)) for noise in noises]
    return MixedCut(id="+".join(noise.id for noise in noises), tracks=tracks)


def at_level(cut: Cut, db: float, active: bool = False) -> Cut:
    """A cut at 16 kHz that is scaled to this level when it is loaded (`CryfishLevel`)."""
    level = CryfishLevel(db, active)
    if isinstance(cut, MixedCut):
        return fastcopy(cut, transforms=[*(cut.transforms or []), level])
    recording = fastcopy(cut.recording, transforms=[*(cut.recording.transforms or []), level])
    return fastcopy(cut, recording=recording)


def louder(cut: MixedCut, db: float) -> MixedCut:
    """A mix of `add_noise` whose noise is by so much louder."""

    def changed(track: MixTrack) -> MixTrack:
        holder = track.cut if isinstance(track.cut, MixedCut) else track.cut.recording
        *before, level = holder.transforms
        holder = fastcopy(holder, transforms=[*before, CryfishLevel(round(level.db + db, 3))])
        cut = holder if isinstance(track.cut, MixedCut) else fastcopy(track.cut, recording=holder)
        return fastcopy(track, cut=cut)

    tracks = [changed(track) if track.tag == NOISE_TAG else track for track in cut.tracks]
    return fastcopy(cut, tracks=tracks)


def add_noise(cut: MonoCut, noise: Cut, noise_db: float, speech_db: float | None = None) -> MixedCut:
    """The cut, at 16 kHz, with noise of the same length mixed in; keeps the cut's id and facts.

    `noise_db` is the mean power of the noise within the band, dB below full scale; with `speech_db` the cut is scaled
    to that active speech level.
    """
    speech: Cut = fastcopy(cut, recording=cut.recording.resample(SAMPLE_RATE), features=None)
    if speech_db is not None:
        speech = at_level(speech, speech_db, active=True)
    noise_track = MixTrack(cut=at_level(noise, noise_db), tag=NOISE_TAG)
    return MixedCut(id=cut.id, tracks=[MixTrack(cut=speech), noise_track])


def _listen(noise: DataCut) -> _Activity | str:
    """Where the noise sounds, or why it can't be used."""
    heard = noted(noise) if not noise.recording.transforms else None
    if heard is not None:
        return _activity_of(heard.sounds)
    use_recipe_audio()
    try:
        audio = _mono(noise, noise.start, noise.duration, noise.id).load_audio()[0]
    except Exception as error:  # lhotse and its backends raise whatever they like on a broken file
        return f"can't be read ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
    if not np.isfinite(audio).all():
        return "holds NaN or infinity"
    if len(audio) < FRAME_S * SAMPLE_RATE:
        return f"is shorter than {FRAME_S:g} s"
    heard = active_level(audio, SAMPLE_RATE)
    return _activity_of(heard.sounds if heard else ())


def _activity_of(sounds: Sequence[int]) -> _Activity | str:
    if not sounds:
        return "is silent"
    frames = frames_of(sounds)
    frame = round(FRAME_S * SAMPLE_RATE)
    return _Activity(sounds[0] * frame, (sounds[0] + len(frames)) * frame, frames)


def _active_share(activity: _Activity, begin: int, length: int) -> float:
    frame = round(FRAME_S * SAMPLE_RATE)
    return float(activity.frames[begin // frame : -(-(begin + length) // frame)].mean())


def _stretch(noise: DataCut, start: float, length: int, seconds: float) -> Cut:
    """`seconds` of noise that begin at `start` of its recording; of `length` samples, repeated as often as needed."""
    samples = compute_num_samples(seconds, SAMPLE_RATE)
    if length == samples:
        return _mono(noise, start, seconds, noise.id)
    fade = min(round(CROSSFADE_S * SAMPLE_RATE), length // 4)
    tracks: list[MixTrack] = []
    offset = 0
    while offset == 0 or offset + fade < samples:
        last = offset + length >= samples
        # The last piece ends where the clip ends, be that between two samples.
        duration = round(seconds - offset / SAMPLE_RATE, 8) if last else length / SAMPLE_RATE
        piece = _mono(noise, start, duration, f"{noise.id}-{len(tracks)}")
        ends = CryfishFade(fade / SAMPLE_RATE if offset else 0.0, 0.0 if last else fade / SAMPLE_RATE)
        recording = piece.recording
        piece.recording = fastcopy(recording, transforms=[*(recording.transforms or []), ends])
        tracks.append(MixTrack(cut=piece, offset=offset / SAMPLE_RATE))
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
        recording=noise.recording.resample(SAMPLE_RATE),
    )


def _hash(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()
