"""The samples are Lhotse's in mid-clip too, whatever rate a recording has and wherever its stretches begin."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.cut import Cut, MixedCut, MixTrack

from cryfish.constants import SAMPLE_RATE
from cryfish.pipeline.audio.grid import draw_start, on_both
from cryfish.pipeline.audio.load import load_samples
from cryfish.pipeline.augment.noise import NoisePool
from cryfish.pipeline.augment.shares import settings_of
from cryfish.pipeline.augment.voice import change_voice
from cryfish.seeding import generator

RATES = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
EDGE = SAMPLE_RATE // 100


def record(folder: Path, seconds: float, rate: int) -> Recording:
    """White noise, of which no two neighbouring samples are alike."""
    rng = np.random.default_rng(rate)
    path = folder / f"{rate}-{seconds:g}.wav"
    soundfile.write(path, 0.1 * rng.standard_normal(round(seconds * rate)), rate)
    return Recording.from_file(path, recording_id=path.stem)


def piece(recording: Recording, start: float, seconds: float) -> MonoCut:
    said = SupervisionSegment(recording.id, recording.id, 0, seconds, channel=0)
    return MonoCut(
        f"{recording.id}-{start:g}", start, seconds, 0, recording=recording, supervisions=[said], custom={}
    )


def under(speech: MonoCut, noise: Cut) -> MixedCut:
    """The noise under the speech, as loud as it is."""
    return MixedCut(speech.id, [MixTrack(speech, is_snr_reference=True), MixTrack(noise)])


def joints(mixed: MixedCut) -> list[int]:
    """The samples at which a piece of the noise begins or ends."""
    noise = mixed.tracks[1].cut
    if isinstance(noise, MonoCut):
        return [0, mixed.num_samples]
    ends = [(track.offset, track.offset + track.cut.duration) for track in noise.tracks]
    return [round(time * SAMPLE_RATE) for pair in ends for time in pair]


def the_same_but_at(joints: list[int], cut: Cut) -> None:
    difference = np.abs(load_samples(cut)[0] - cut.load_audio()[0])
    for joint in joints:
        difference[max(0, joint - EDGE) : joint + EDGE] = 0
    assert difference.max() < 1e-4, (cut.id, difference.max(), int(difference.argmax()))


@pytest.mark.parametrize("rate", RATES)
def test_noise_of_any_rate_begins_where_it_can_be_taken_out(tmp_path: Path, rate: int) -> None:
    speech = [piece(record(tmp_path, seconds, SAMPLE_RATE), 0, seconds) for seconds in (1.0, 2.3456, 3.2)]
    long, short = record(tmp_path, 20, rate), record(tmp_path, 0.7, rate)
    # Clips of a long recording begin anywhere.
    pool = NoisePool(
        [piece(long, 0, 5), piece(long, 6.54321, 2.1), piece(long, 11.0007, 8), piece(short, 0, 0.7)]
    )
    starts = set()
    for number in range(30):
        cut = speech[number % len(speech)]
        drawn = pool.draw(cut.duration, generator("grid", rate, number))
        assert drawn is not None
        noise, clip = drawn
        plain = [noise] if isinstance(noise, MonoCut) else [track.cut for track in noise.tracks]
        assert all(clip.start - 1e-6 <= part.start for part in plain)
        assert all(part.end <= clip.end + 1e-6 for part in plain)
        starts.add(plain[0].start)
        mixed = under(cut, noise)
        the_same_but_at([] if rate == SAMPLE_RATE else joints(mixed), mixed)
    assert len(starts) > 10


@pytest.mark.parametrize("rate", RATES)
def test_speech_of_any_rate_may_begin_anywhere(tmp_path: Path, rate: int) -> None:
    long = record(tmp_path, 12, rate)
    rng = np.random.default_rng(rate)
    for number in range(12):
        start, seconds = float(rng.uniform(0, 8)), float(rng.uniform(0.5, 3))
        cut = piece(long, start, seconds) if number % 2 else piece(long, round(start, 3), round(seconds, 2))
        effects: list[dict[str, Any]] = [
            {"speed": {"share": 1, "factor": 0.9}},
            {"padding": {"share": 1, "start_s": 0.33}},
        ]
        changed = [
            change_voice(cut, settings_of("voice").model_validate({"share": 1, **effect}), rng)[0]
            for effect in effects
        ]
        for one in (cut, cut.resample(SAMPLE_RATE), *changed):
            the_same_but_at([], one)


def test_a_start_between_two_samples_is_left_to_lhotse(tmp_path: Path) -> None:
    speech = piece(record(tmp_path, 2, SAMPLE_RATE), 0, 2)
    between = piece(record(tmp_path, 6, 44_100), 1.23456, 2).resample(SAMPLE_RATE)
    the_same_but_at([], under(speech, between))


def test_starts_at_real_and_at_odd_rates() -> None:
    rng = np.random.default_rng(0)
    for rate in (*RATES, 44_056, 96_000, 12_345):
        for _ in range(200):
            start = float(rng.uniform(0, 3))
            end = start + float(rng.uniform(0.1, 4))
            drawn = draw_start(start, end, rate, SAMPLE_RATE, rng)
            assert drawn is not None
            begin, length = drawn
            assert start - 1e-6 <= begin <= begin + length / SAMPLE_RATE <= end + 1e-6
            assert length == SAMPLE_RATE or end - begin - length / SAMPLE_RATE < 1 / SAMPLE_RATE + 1e-6
            assert rate in (44_056, 12_345) or on_both(round(begin, 8), rate, SAMPLE_RATE)
    assert draw_start(1.0001, 1.00012, 44_100, SAMPLE_RATE, rng) is None


def test_real_noises_of_many_rates(shared: Path) -> None:
    folder = shared / "corpora"
    paths = [
        *sorted((folder / "ESC-50-master" / "audio").glob("*.wav"))[:6],
        *sorted((folder / "clotho").rglob("*.wav"))[:1],
        *sorted((folder / "donateacry-corpus").rglob("*.wav"))[:3],
        *sorted((folder / "RAVDESS").rglob("*.wav"))[:3],
        *sorted((folder / "LJSpeech-1.1").rglob("*.wav"))[:3],
    ]
    recordings = [Recording.from_file(path) for path in paths]
    assert {recording.sampling_rate for recording in recordings} >= {8_000, 22_050, 44_100, 48_000}
    pool = NoisePool([piece(recording, 0, recording.duration) for recording in recordings])
    [voice] = sorted((folder / "LibriSpeech").rglob("*.flac"))[:1]
    speech = Recording.from_file(voice)
    for number in range(25):
        drawn = pool.draw(2.0, generator("real", number))
        assert drawn is not None
        mixed = under(piece(speech, 0.1 * number % 2, 2.0), drawn[0])
        the_same_but_at(joints(mixed), mixed)
