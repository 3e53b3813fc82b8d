"""The samples are Lhotse's, whatever the cut."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording
from lhotse.cut import Cut, MixedCut, MixTrack

from cryfish.pipeline.audio.load import load_samples, load_tracks
from cryfish.pipeline.audio.transforms import SilentPart

RATE = 16_000
Record = Callable[..., Recording]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Writes noise of so many seconds and returns its recording."""

    def make(
        name: str, seconds: float, rate: int = RATE, channels: int = 1, suffix: str = "wav"
    ) -> Recording:
        rng = np.random.default_rng(len(name))
        path = tmp_path / f"{name}.{suffix}"
        soundfile.write(path, 0.1 * rng.standard_normal((round(seconds * rate), channels)), rate)
        return Recording.from_file(path, recording_id=name)

    return make


def response(tmp_path: Path, channels: int = 1) -> Recording:
    rng = np.random.default_rng(5)
    decay = np.exp(-np.arange(6_000) / 900)[:, None] * rng.uniform(-0.2, 0.2, (6_000, channels))
    decay[40] = 0.9
    soundfile.write(tmp_path / f"rir{channels}.wav", decay, RATE)
    return Recording.from_file(tmp_path / f"rir{channels}.wav")


def piece(recording: Recording, start: float, seconds: float, channel: int = 0) -> MonoCut:
    return MonoCut(f"{recording.id}-{start}", start, seconds, channel, recording=recording)


def same(cut: Cut, tolerance: float = 1e-5) -> None:
    np.testing.assert_allclose(load_samples(cut), cut.load_audio(), atol=tolerance)


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (48_000, 2), (8_000, 1)])
def test_plain_clips_and_pieces(record: Record, suffix: str, rate: int, channels: int) -> None:
    recording = record("clip", 2.5, rate, channels, suffix)
    for channel in range(channels):
        whole = piece(recording, 0, recording.duration, channel)
        same(whole)
        same(whole.resample(RATE))
        same(piece(recording, 0.7, 1.1, channel))
        same(piece(recording, 0.7, 1.1, channel).resample(RATE))
    same(recording.to_cut())


@pytest.mark.parametrize("normalised", [True, False])
def test_reverberant_clips(tmp_path: Path, record: Record, normalised: bool) -> None:
    three = response(tmp_path, 3)
    for recording in (record("mono", 3), record("piece", 5)):
        for channel in range(3):
            reverberant = recording.reverb_rir(three, normalised, rir_channels=[channel])
            same(piece(reverberant, 0, recording.duration))
            same(piece(reverberant.perturb_volume(2.0), 1.0, 1.5))
    # What isn't known here is left to Lhotse.
    same(piece(record("early", 2).reverb_rir(three, early_only=True), 0, 2))
    same(record("many", 2).reverb_rir(three, rir_channels=[0, 2]).to_cut())


def test_mixes(tmp_path: Path, record: Record) -> None:
    speech = piece(record("speech", 3).reverb_rir(response(tmp_path)), 0.5, 2)
    noise = piece(record("noise", 9, RATE), 4, 2)
    short = [
        MixTrack(piece(record("short", 4), 0, 1)),
        MixTrack(piece(record("shorter", 4), 1, 1.2), offset=0.8),
    ]
    for other in (
        noise,
        MixedCut("two", short),
        MixedCut("equal", [MixTrack(noise), MixTrack(speech, snr=0.0)]),
    ):
        for snr in (-3.0, 12.0, None):
            mix = MixedCut("mix", [MixTrack(speech, is_snr_reference=True), MixTrack(other, snr=snr)])
            same(mix)
            np.testing.assert_allclose(sum(load_tracks(mix)), mix.load_audio(), atol=1e-5)
    same(speech.pad(duration=3.0))
    same(speech.append(noise))


def test_resampled_noise_differs_at_its_ends_only(record: Record) -> None:
    speech = piece(record("voice", 2), 0, 2)
    noise = piece(record("rain", 6, 44_100), 1.5, 2).resample(RATE)
    mix = MixedCut("mix", [MixTrack(speech, is_snr_reference=True), MixTrack(noise, snr=3.0)])
    ours, lhotses = load_samples(mix)[0], mix.load_audio()[0]
    edge = RATE // 100
    np.testing.assert_allclose(ours[edge:-edge], lhotses[edge:-edge], atol=1e-4)
    np.testing.assert_allclose(ours, lhotses, atol=0.1)


def test_a_silent_part_is_told(tmp_path: Path, record: Record) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(RATE), RATE)
    silent = piece(Recording.from_file(tmp_path / "silent.wav"), 0, 1)
    loud = piece(record("loud", 1), 0, 1)
    for tracks in ([MixTrack(loud), MixTrack(silent, snr=3.0)], [MixTrack(silent), MixTrack(loud, snr=3.0)]):
        with pytest.raises(SilentPart, match="silent-0 is silent"):
            load_samples(MixedCut("mix", tracks))
    same(MixedCut("plain", [MixTrack(loud), MixTrack(silent)]))
