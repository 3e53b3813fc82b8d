"""What is one recording is found through codecs, rates, levels and cuts; what isn't, is not."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cryfish.pipeline.prepare.contamination.matching import PrintIndex, is_same
from cryfish.pipeline.prepare.contamination.peaks import FRAMES_PER_S, Ear, Peaks, pack, unpack

from .conftest import COPIES, Samples

Utterances = dict[str, tuple[Samples, int]]


def peaks_of(samples: Samples, rate: int, piece: int = 1 << 20) -> Peaks:
    ear = Ear(rate)
    for start in range(0, len(samples), piece):
        ear.hear(samples[start : start + piece])
    return ear.peaks()


def index_of(clips: Iterable[tuple[Samples, int]]) -> PrintIndex:
    return PrintIndex.of(peaks_of(*clip) for clip in clips)


def same(index: PrintIndex, samples: Samples, rate: int) -> list[int]:
    return [found.clip for found in filter(is_same, index.find(peaks_of(samples, rate)))]


@pytest.mark.parametrize("kind", COPIES)
@pytest.mark.parametrize("seconds", [3.5, None])
def test_a_copy_is_found_whole_and_cut(kind: str, seconds: float | None, utterances: Utterances) -> None:
    index = index_of(utterances.values())
    missed = []
    for number, (name, clip) in enumerate(utterances.items()):
        samples, rate = COPIES[kind](*clip)
        if seconds is not None:
            # From a place that isn't on the grid of anything.
            first = round(0.3137 * rate)
            samples = samples[first : first + round(seconds * rate)]
        found = same(index, samples, rate)
        assert set(found) <= {number}
        if found != [number]:
            missed.append(name)
    assert len(missed) <= (1 if kind == "gsm" and seconds else 0), missed


def test_what_another_clip_holds_in_its_midst_is_told_with_its_place(utterances: Utterances) -> None:
    [(long, rate), (other, _), *_] = utterances.values()
    index = index_of([(np.concatenate([other, long, other]), rate)])
    [found] = filter(is_same, index.find(peaks_of(long, rate)))
    assert found.offset == pytest.approx(len(other) / rate, abs=2 / FRAMES_PER_S)
    assert found.seconds == pytest.approx(len(long) / rate, abs=1.0)


def test_the_same_words_by_the_same_and_by_other_voices_are_different_recordings(shared: Path) -> None:
    digits = sorted((shared / "corpora" / "free-spoken-digit-dataset" / "recordings").glob("*_[0-3].wav"))
    sentences = sorted((shared / "corpora" / "RAVDESS").rglob("*.wav"))
    prompts = sorted((shared / "corpora" / "waves_yesno").glob("*.wav"))
    clips = [soundfile.read(path, dtype="float32") for path in [*digits, *sentences, *prompts]]
    index = index_of(clips)
    for number, clip in enumerate(clips):
        assert set(same(index, *clip)) <= {number}


def test_notes_of_one_pitch_and_sounds_of_one_kind_are_different_recordings(shared: Path) -> None:
    notes = sorted((shared / "corpora" / "philharmonia").rglob("*.mp3"))
    sounds = sorted((shared / "corpora" / "ESC-50-master").rglob("*.wav"))
    clips = []
    for path in [*notes, *sounds]:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        clips.append((samples[:, 0], rate))
    index = index_of(clips)
    for number, clip in enumerate(clips):
        assert set(same(index, *clip)) <= {number}


def test_peaks_do_not_depend_on_how_the_audio_comes(utterances: Utterances) -> None:
    long = np.concatenate([samples for samples, _ in utterances.values()] * 2)  # minutes: several pieces
    whole = peaks_of(long, 16_000, piece=len(long))
    for piece in (4_096, 99_991):
        frames, bands = peaks_of(long, 16_000, piece)
        assert np.array_equal(frames, whole[0])
        assert np.array_equal(bands, whole[1])


def test_two_bytes_a_peak_come_back(utterances: Utterances) -> None:
    [(samples, rate), *_] = utterances.values()
    gap = np.zeros(10 * rate, np.float32)
    peaks = peaks_of(np.concatenate([gap, samples, gap, samples]), rate)
    packed = pack(peaks)
    assert 2 * len(peaks[0]) <= len(packed) < 2 * len(peaks[0]) + 20
    back = unpack(packed)
    assert np.array_equal(back[0], peaks[0])
    assert np.array_equal(back[1], peaks[1])


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(100), np.zeros(16_000), 0.1 * np.ones(16_000)])
def test_what_has_no_sound_is_like_nothing(samples: Samples, utterances: Utterances) -> None:
    silent = np.asarray(samples, np.float32)
    index = index_of([(silent, 16_000), *utterances.values()])
    assert same(index, silent, 16_000) == []
    assert len(unpack(pack(peaks_of(silent, 16_000)))[0]) < 20


def test_a_large_index_is_thinned_and_still_finds(utterances: Utterances, tmp_path: Path) -> None:
    whole = PrintIndex.of(peaks_of(*clip) for clip in utterances.values())
    assert whole.sampled == 1
    index = PrintIndex.of((peaks_of(*clip) for clip in utterances.values()), most=20_000)
    assert index.sampled < 1
    index.save(tmp_path)
    again = PrintIndex.open(tmp_path)
    assert len(again) == len(utterances)
    for number, clip in enumerate(utterances.values()):
        assert same(again, *clip) == [number]
