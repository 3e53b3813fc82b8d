import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording
from lhotse.augmentation import AudioTransform
from lhotse.cut import MixedCut, MixTrack
from lhotse.serialization import deserialize_item
from lhotse.utils import fastcopy

from cryfish.errors import InputError
from cryfish.pipeline.audio.transforms import AUDIOMENTATIONS, CryfishEffect, CryfishFade
from cryfish.pipeline.augment.effects.clipping import CryfishClip
from cryfish.pipeline.augment.effects.codec import CODECS, CryfishCodec
from cryfish.pipeline.augment.effects.padding import CryfishPad
from cryfish.pipeline.augment.effects.telephone import CryfishNarrow
from cryfish.pipeline.augment.effects.tempo import CryfishTempo

from ..conftest import speech_like

MakeCut = Callable[..., MonoCut]

CODED = [CryfishCodec(name, 24 if codec.chosen_kbps else None) for name, codec in CODECS.items()]
SAME_LENGTH = [
    *CODED,
    CryfishFade(0.01, 0.01),
    CryfishEffect("LowPassFilter", {"cutoff_freq": 2000, "rolloff": 48}),
    CryfishEffect("BandPassFilter", {"center_freq": 1850, "bandwidth": 3100, "rolloff": 48}),
    CryfishEffect("ClippingDistortion", {"percentile_threshold": 20}),
    CryfishEffect("PitchShift", {"num_semitones": 3.0}),
    CryfishClip(0.05),
    CryfishNarrow(8_000),
]

REPLAY = """
import hashlib, json, sys
from lhotse.serialization import deserialize_item
from cryfish.pipeline.audio.effects import know_transforms
know_transforms()
for line in sys.stdin:
    print(hashlib.sha256(deserialize_item(json.loads(line)).load_audio().tobytes()).hexdigest())
"""


def name_of(transform: AudioTransform) -> str:
    return getattr(transform, "codec", getattr(transform, "effect", type(transform).__name__))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("transform", SAME_LENGTH, ids=name_of)
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_any_clip_keeps_its_shape(transform: AudioTransform, rate: int) -> None:
    rng = np.random.default_rng(0)
    for channels in (1, 2, 3):
        for length in (0, 1, 7, rate // 10, rate + 13):
            loud = rng.standard_normal((channels, length)).astype(np.float32)
            for samples in (0.1 * loud, np.zeros_like(loud), loud):
                before = samples.copy()
                changed = transform(samples, rate)
                assert changed.shape == samples.shape
                assert changed.dtype == np.float32
                assert np.isfinite(changed).all()
                np.testing.assert_array_equal(samples, before)
                if not samples.any():
                    assert not changed.any()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("factor", [0.5, 0.83, 1.0, 1.07, 2.0])
def test_tempo_gives_the_length_that_lhotse_reckons(factor: float) -> None:
    rng = np.random.default_rng(0)
    for rate in (8_000, 16_000, 48_000):
        for length in (0, 1, 7, rate + 13):
            for samples in (rng.standard_normal((2, length)).astype(np.float32), np.zeros((1, length))):
                changed = CryfishTempo(factor)(samples, rate)
                assert abs(changed.shape[1] - length / factor) <= 0.5
                assert np.isfinite(changed).all()


@pytest.mark.parametrize("transform", CODED, ids=name_of)
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_a_codec_delays_nothing(transform: CryfishCodec, rate: int) -> None:
    clip = speech_like(np.random.default_rng(3), 2.0137, rate)
    clip = CryfishEffect("LowPassFilter", {"cutoff_freq": 3000, "rolloff": 24})(clip[None], rate)
    coded = transform(clip, rate)
    size = 2 * clip.shape[1]
    correlation = np.fft.irfft(np.fft.rfft(coded[0], size) * np.fft.rfft(clip[0], size).conj())
    lag = int(np.argmax(correlation))
    lag = lag - size if lag > size // 2 else lag
    assert abs(lag) < 0.001 * rate
    likeness = np.corrcoef(clip[0], coded[0])[0, 1]
    assert 0.4 < likeness < 0.99999


@pytest.mark.parametrize("transform", CODED, ids=name_of)
def test_speech_is_the_same_speech_behind_a_codec(transform: CryfishCodec, shared: Path) -> None:
    for path in sorted(shared.glob("corpora/LibriSpeech/**/*.flac"))[::20]:
        speech, rate = soundfile.read(path, dtype="float32")
        # Half of the codecs work at 8 kHz, so only what they can hold is compared.
        speech = CryfishNarrow(7_000)(speech[None], rate)[0]
        coded = transform(speech[None], rate)[0]
        likeness = {
            shift: np.corrcoef(speech[20:-20], np.roll(coded, shift)[20:-20])[0, 1] for shift in (-16, 0, 16)
        }
        assert likeness[0] > 0.9
        assert max(likeness, key=likeness.__getitem__) == 0


@pytest.mark.parametrize("transform", CODED, ids=name_of)
def test_clicks_stay_at_their_place(transform: CryfishCodec) -> None:
    rate = 16_000
    clicks = np.zeros((1, 2 * rate), np.float32)
    places = [3_001, 11_000, 19_777, 31_000]
    # A click of 1 ms: a codec at 8 kHz can't hold a single sample.
    for place in places:
        clicks[0, place - 8 : place + 8] = 0.8 * np.hanning(16)
    coded = transform(clicks, rate)
    for place in places:
        near = np.abs(coded[0, place - 800 : place + 800])
        assert abs(int(near.argmax()) - 800) < 16


def test_a_codec_clips_nothing() -> None:
    loud = 3 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000, dtype=np.float32)[None]
    for transform in CODED:
        middle = np.abs(transform(loud, 16_000)[0, 4_000:12_000])
        assert middle.max() > 2.7


def test_more_bits_sound_better() -> None:
    clip = speech_like(np.random.default_rng(5), 2, 16_000).astype(np.float32)[None]
    for codec in ("mp3", "opus"):
        errors = [np.mean((CryfishCodec(codec, kbps)(clip, 16_000) - clip) ** 2) for kbps in (16, 32, 64)]
        assert errors == sorted(errors, reverse=True)


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.01, 0.2, 1.0])
def test_the_drawn_share_is_clipped(share: float) -> None:
    rng = np.random.default_rng(4)
    for shape in ((1, 16_000), (2, 5_001)):
        samples = rng.standard_normal(shape).astype(np.float32)
        clipped = CryfishClip(share)(samples, 16_000)
        limit = np.abs(clipped).max()
        at_limit = np.count_nonzero(np.abs(samples) >= limit) if share else 0
        assert at_limit / samples.size == pytest.approx(share, abs=0.0001)
        inside = np.abs(samples) < limit
        np.testing.assert_array_equal(clipped[inside], samples[inside])


def test_nothing_is_left_above_half_the_rate() -> None:
    samples = np.random.default_rng(6).standard_normal((1, 48_000)).astype(np.float32)
    narrow = CryfishNarrow(8_000)(samples, 48_000)
    power = np.abs(np.fft.rfft(narrow[0] * np.hanning(48_000))) ** 2
    assert 10 * np.log10(power[4_200:].sum() / power.sum()) < -60
    np.testing.assert_array_equal(CryfishNarrow(8_000)(samples, 8_000), samples)


def test_a_manifest_replays_in_another_process(make_cut: MakeCut, shared: Path) -> None:
    [*_, path] = sorted(shared.glob("corpora/LibriSpeech/**/*.flac"))
    spoken = Recording.from_file(path, recording_id="spoken").to_cut().truncate(duration=2.5)
    stereo = make_cut("stereo", speech_like(np.random.default_rng(7), 1.3, 48_000), 48_000)
    cuts = []
    for transform in [*SAME_LENGTH, CryfishTempo(1.1)]:
        for cut in (spoken, stereo):
            if isinstance(transform, CryfishTempo):
                cut = cut.perturb_tempo(1.1)
                recording = fastcopy(cut.recording, transforms=[transform])
            else:
                recording = fastcopy(cut.recording, transforms=[transform])
                cuts.append(
                    MixedCut(cut.id, tracks=[MixTrack(cut), MixTrack(cut, snr=3.0)], transforms=[transform])
                )
            cuts.append(fastcopy(cut, recording=recording))
    lines = "".join(json.dumps(cut.to_dict()) + "\n" for cut in cuts)
    runs = [
        subprocess.run(
            [sys.executable, "-c", REPLAY], input=lines, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    assert len(runs[0].stdout.split()) == len(cuts)
    here = [hashlib.sha256(cut.load_audio().tobytes()).hexdigest() for cut in cuts]
    assert runs[0].stdout.split() == here
    again = [deserialize_item(json.loads(line)).load_audio() for line in lines.splitlines()]
    assert [hashlib.sha256(audio.tobytes()).hexdigest() for audio in again] == here


def test_what_a_manifest_may_not_ask_for() -> None:
    with pytest.raises(
        InputError, match=f"field 'effect' is 'Lambda'; use one of {', '.join(AUDIOMENTATIONS)}"
    ):
        AudioTransform.from_dict({"name": "CryfishEffect", "kwargs": {"effect": "Lambda", "parameters": {}}})
    with pytest.raises(InputError, match="field 'codec' is 'flac'; use one of mp3, opus"):
        CryfishCodec("flac")
    with pytest.raises(InputError, match="field 'kbps' of mp3: give the bit rate"):
        CryfishCodec("mp3")
    with pytest.raises(InputError, match="field 'kbps' of gsm: leave it out"):
        CryfishCodec("gsm", 13)
    with pytest.raises(InputError, match=r"keep it between 0\.5 and 2"):
        CryfishTempo(0.4)


def test_a_padded_recording_is_not_loaded_in_part() -> None:
    padded = CryfishPad(1.0, 2.0, 100, 50)
    assert padded.reverse_timestamps(0.0, None, 16_000) == (1.0, 2.0)
    assert padded(np.ones((2, 10)), 16_000).shape == (2, 160)
    with pytest.raises(ValueError, match="loaded whole"):
        padded.reverse_timestamps(0.5, 1.0, 16_000)


def test_the_module_is_cheap_to_import() -> None:
    heavy = "audiomentations", "librosa", "soxr", "av"
    code = (
        "import sys; from cryfish.pipeline.audio.effects import know_transforms; know_transforms(); "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
