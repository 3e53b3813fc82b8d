from collections.abc import Callable

import numpy as np
from lhotse import MonoCut

from cryfish.pipeline.augment.rirs import Bank
from cryfish.pipeline.augment.rooms import reverberate

MakeCut = Callable[..., MonoCut]


def test_length_id_and_power_stay(speech: list[MonoCut], bank: Bank) -> None:
    for cut in speech:
        far = reverberate(cut, bank.rirs[3])
        dry, wet = cut.resample(16_000).load_audio(), far.load_audio()
        assert (far.id, far.duration, far.recording.id) == (cut.id, cut.duration, cut.recording.id)
        assert wet.shape == dry.shape
        assert np.isclose(np.mean(wet**2), np.mean(dry**2), rtol=1e-3)


def test_onset_moves_by_less_than_a_millisecond(make_cut: MakeCut, bank: Bank) -> None:
    audio = np.zeros(16_000)
    audio[5_000] = 0.5
    cut = make_cut("click", audio, text="click")
    for rir in bank.rirs:
        wet = reverberate(cut, rir).load_audio()[0]
        assert abs(int(np.argmax(np.abs(wet))) - 5_000) < 16


def test_a_stretch_of_a_recording_is_reverberated_alone(make_cut: MakeCut, bank: Bank) -> None:
    rng = np.random.default_rng(0)
    audio = 0.1 * rng.standard_normal(48_000)
    whole = make_cut("whole", audio, text="hello")
    part = whole.truncate(offset=1.0, duration=0.5, preserve_id=True)
    alone = make_cut("alone", audio[16_000:24_000], text="hello")
    np.testing.assert_allclose(
        reverberate(part, bank.rirs[0]).load_audio(), reverberate(alone, bank.rirs[0]).load_audio(), atol=1e-6
    )
