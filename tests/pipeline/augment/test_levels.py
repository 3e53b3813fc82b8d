from pathlib import Path

import numpy as np
import pytest
import soundfile

from cryfish.pipeline.augment.levels import active_level

RATE = 16_000


def test_pauses_do_not_count() -> None:
    rng = np.random.default_rng(0)
    speech = 0.1 * rng.standard_normal(RATE * 8)
    for pause_s in (0, 1, 4, 16):
        level = active_level(np.concatenate([speech, np.zeros(RATE * pause_s)]), RATE)
        assert level is not None
        # A pause of up to 200 ms belongs to the speech.
        assert 10 * np.log10(level.power / 0.01) == pytest.approx(0, abs=0.3)
        assert level.activity == pytest.approx(8 / (8 + pause_s), abs=0.05)
        assert level.offset_db == pytest.approx(-10 * np.log10(level.activity), abs=1e-6)


@pytest.mark.parametrize("gain", [1e-4, 1.0, 30.0])
@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
def test_the_level_follows_the_gain_at_any_rate(gain: float, rate: int) -> None:
    time = np.arange(rate * 4) / rate
    beat = np.sin(2 * np.pi * 300 * time) * (np.sin(2 * np.pi * 0.5 * time) > 0)
    level, louder = active_level(beat, rate), active_level(gain * beat, rate)
    assert level is not None
    assert louder is not None
    assert louder.power / level.power == pytest.approx(gain**2, rel=1e-4)
    # Half of the time a tone of power 0.5; some 250 ms after its end count as well.
    assert level.power == pytest.approx(0.5 / 1.25, rel=0.1)


def test_silence_and_the_very_short() -> None:
    assert active_level(np.zeros(RATE), RATE) is None
    assert active_level(np.zeros(0), RATE) is None
    one = active_level(np.ones(1), RATE)
    assert one is not None
    assert one.power == one.full_power == 1


def test_noisy_pairs_of_a_published_corpus_have_their_mixing_snrs(shared: Path) -> None:
    """VoiceBank-DEMAND was mixed at 15, 10, 5 and 0 dB in turn, with the speech level of ITU-T P.56."""
    folder = shared / "corpora" / "valentini-debug"
    pairs = sorted((folder / "clean").glob("*.wav"))
    if not pairs:
        pytest.skip(f"no noisy pairs in {folder}")
    measured = []
    for path in pairs:
        clean, rate = soundfile.read(path)
        noisy, _ = soundfile.read(folder / "noisy" / path.name)
        speech = clean * np.dot(clean, noisy) / np.dot(clean, clean)
        level = active_level(speech, rate)
        assert level is not None
        measured.append(10 * np.log10(level.power / np.mean((noisy - speech) ** 2)))
    np.testing.assert_allclose(measured, [15, 10, 5, 0, 15, 10], atol=0.5)
