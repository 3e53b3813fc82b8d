import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording

from cryfish.pipeline.audio.levels import Heard, Meter, active_level, active_power, band_power, note_of, noted
from cryfish.pipeline.audio.resampled import resampled

RATE = 16_000


def test_pauses_do_not_count() -> None:
    rng = np.random.default_rng(0)
    speech = 0.1 * rng.standard_normal(RATE * 8)
    for pause_s in (0, 1, 4, 16):
        level = active_level(np.concatenate([speech, np.zeros(RATE * pause_s)]), RATE)
        assert level is not None
        # A pause of up to 200 ms belongs to the speech; of white noise 50 Hz to 7 kHz are heard.
        assert 10 * np.log10(level.power / (0.01 * 6_950 / 8_000)) == pytest.approx(0, abs=0.3)
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
    one = active_level(np.sin(np.arange(500)), RATE)
    assert one is not None
    assert one.power == one.full_power == pytest.approx(0.5, rel=0.05)


def tone(hz: float, seconds: float = 4.0, rate: int = RATE) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def test_only_what_is_heard_has_a_level() -> None:
    """Within the band a tone has its own power, at its ends half of it, outside next to none."""
    for hz, level_db, within in (
        (10, -55, 5),
        (25, -36, 2),
        (40, -12, 1), (50, -3, 0.2), (100, 0, 0.1), (1_000, 0, 0.05), (6_000, 0, 0.1), (7_000, -3, 0.2)
    ):  # fmt: skip
        assert 10 * np.log10(2 * band_power(tone(hz, 8))) == pytest.approx(level_db, abs=within), hz
    assert band_power(np.full(RATE, 0.3)) < 1e-20


def clips(shared: Path, pattern: str, most: int) -> list[np.ndarray]:
    paths = sorted((shared / "corpora").glob(pattern))[:most]
    if not paths:
        pytest.skip(f"no {pattern} in {shared / 'corpora'}")
    return [soundfile.read(path, dtype="float32")[0] for path in paths]


@pytest.mark.parametrize("kind", ["offset", "rumble", "hum of 20 Hz"])
def test_what_nobody_hears_leaves_the_speech_level_as_it_was(shared: Path, kind: str) -> None:
    rng = np.random.default_rng(1)
    for speech in clips(shared, "LibriSpeech/**/*.flac", 8):
        below = (
            0.1 * tone(20, len(speech) / RATE)[: len(speech)]
            if kind == "hum of 20 Hz"
            else np.full(len(speech), 0.1)
        )
        if kind == "rumble":
            spectrum = np.fft.rfft(rng.standard_normal(len(speech)))
            spectrum[np.fft.rfftfreq(len(speech), 1 / RATE) > 15] = 0
            below = np.fft.irfft(spectrum, len(speech))
            below *= 0.1 / below.std()
        alone, both = active_level(speech, RATE), active_level(speech + below, RATE)
        assert alone is not None
        assert both is not None
        assert 10 * np.log10(both.power / alone.power) == pytest.approx(0, abs=0.05)


def test_the_level_is_that_of_the_clip_as_lhotse_resamples_it(shared: Path) -> None:
    """What `prepare` hears at the file's own rate is what is heard after Lhotse's resampler at 16 kHz."""
    files = [
        path
        for pattern in (
            "RAVDESS/**/*.wav",
            "ESC-50-master/audio/*.wav",
            "LJSpeech-1.1/wavs/*.wav",
            "waves_yesno/*.wav",
        )
        for path in sorted((shared / "corpora").glob(pattern))[:6]
    ]
    if not files:
        pytest.skip(f"no RAVDESS, ESC-50, LJSpeech or yesno in {shared / 'corpora'}")
    for path in files:
        recording = Recording.from_file(path)
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        meter = Meter(rate)
        for block in np.array_split(samples[:, 0], 7):
            meter.hear(block)
        here, there = meter.heard(), active_level(recording.resample(RATE).load_audio()[0], RATE)
        assert (here is None) == (there is None), path
        if here and there:
            for name in ("power", "full_power"):
                apart_db = 10 * np.log10(getattr(here, name) / getattr(there, name))
                assert apart_db == pytest.approx(0, abs=0.05), (path, name)
            assert here.unsure_db == pytest.approx(there.unsure_db, abs=0.1), path


@pytest.mark.parametrize("seconds", [0.1, 3.1, 9.6, 25.0])
def test_pieces_are_heard_as_the_whole(seconds: float) -> None:
    """Whatever their lengths (FFmpeg gives 1,024 samples at a time): the same to the last bit."""
    rng = np.random.default_rng(2)
    length = round(seconds * RATE) + 77
    speech = rng.standard_normal(length) * (tone(0.7, seconds + 1)[:length] > -0.5)
    whole = active_level(speech, RATE)
    for pieces in (np.split(speech, [5, 1_111, 20_000, 20_001]), np.split(speech, range(1024, length, 1024))):
        meter = Meter(RATE)
        for piece in pieces:
            meter.hear(piece)
        assert meter.heard() == whole


def test_the_level_alone_is_that_of_the_whole_hearing(shared: Path) -> None:
    short, silent = np.sin(np.arange(500)), np.zeros(RATE)
    for samples in (*clips(shared, "LibriSpeech/**/*.flac", 8), short, silent):
        heard = active_level(samples, RATE)
        assert active_power(samples) == (heard.power if heard else 0.0)


def noisy(speech: np.ndarray, floor_db: float, pause_s: float, seed: int = 3) -> np.ndarray:
    """A clip with a pause behind it and white noise this far under its speech."""
    level = active_level(speech, RATE)
    assert level is not None
    padded = np.concatenate([speech, np.zeros(round(pause_s * RATE))])
    floor = np.random.default_rng(seed).standard_normal(len(padded))
    return np.asarray(padded + floor * np.sqrt(level.power * 10 ** (-floor_db / 10) / band_power(floor)))


def test_a_floor_about_as_far_below_as_the_margin_makes_the_level_unsure(shared: Path) -> None:
    for speech in clips(shared, "LibriSpeech/**/*.flac", 8):
        seconds = len(speech) / RATE
        clean = active_level(noisy(speech, 45, 3 * seconds), RATE)
        assert clean is not None
        assert clean.unsure_db < 0.8
        for floor_db in (10, 13, 15, 17):
            heard = active_level(noisy(speech, floor_db, 3 * seconds), RATE)
            assert heard is not None
            assert heard.unsure_db > 1, floor_db


def test_a_clip_with_a_pause_tells_its_own_noise(shared: Path) -> None:
    for speech in clips(shared, "LibriSpeech/**/*.flac", 8):
        level = active_level(speech, RATE)
        assert level is not None
        for floor_db in (15, 20, 25):
            heard = active_level(noisy(speech, floor_db, 2.0), RATE)
            assert heard is not None
            least, most = heard.own
            floor = level.power * 10 ** (-floor_db / 10)
            assert 0 < least < floor + level.own[0]
            assert floor < most < 2 * (floor + level.own[1])


def test_a_clip_without_a_pause_tells_the_most_that_its_own_noise_may_be() -> None:
    waves = 1 + 0.9 * tone(5, 0.6)
    heard = active_level(0.1 * tone(300, 0.6) * waves, RATE)
    assert heard is not None
    assert heard.own[0] == 0
    assert 0.01 * heard.power < heard.own[1] < 0.3 * heard.power
    heard = active_level(0.1 * tone(300, 0.09), RATE)
    assert heard is not None
    assert heard.own == pytest.approx((0.0, heard.full_power), rel=0.05)


def test_a_short_pause_is_enough_and_a_gap_is_no_pause() -> None:
    """0.3 s of noise in a row tell of it; what is shorter may be weak speech."""
    rng = np.random.default_rng(5)
    voice = rng.standard_normal(RATE // 2) * np.hanning(RATE // 2)
    for pause_s, known in ((0.35, True), (0.1, False)):
        heard = active_level(noisy(voice, 30, pause_s), RATE)
        assert heard is not None
        least, most = (10 * np.log10(max(own, 1e-20) / heard.power) for own in heard.own)
        assert (least > -40) == known, pause_s
        assert most > -31


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100])
@pytest.mark.parametrize("constant", [0.0, 0.01])
def test_padding_and_gates_tell_nothing_of_the_noise(shared: Path, rate: int, constant: float) -> None:
    """Before a clip, behind it, and within; the noise is that of the rest, as it was without them."""
    for speech in clips(shared, "LibriSpeech/**/*.flac", 4):
        given = resampled(noisy(speech, 25, 1.0)[None].astype(np.float32), RATE, rate)[0] + constant
        for silence_s in (0.0, 0.05, 0.7):
            silence = np.full(round(silence_s * rate), constant)
            gated = [silence, given[: len(given) // 2], silence, given[len(given) // 2 :], silence]
            before, after = active_level(given, rate), active_level(np.concatenate(gated), rate)
            assert before is not None
            assert after is not None
            for own, still in zip(before.own, after.own, strict=True):
                assert own > 0
                assert 10 * np.log10(still / own) == pytest.approx(0, abs=0.5), silence_s


def test_notes_come_back_and_are_only_true_of_their_stretch(shared: Path) -> None:
    path = next(iter(sorted((shared / "corpora" / "LibriSpeech").rglob("*.flac"))), None)
    if path is None:
        pytest.skip("no LibriSpeech")
    cut = Recording.from_file(path).to_cut()
    heard = active_level(cut.load_audio()[0], RATE)
    assert heard is not None
    cut.custom = {"heard": note_of(heard, cut)}
    back = noted(MonoCut.from_dict(json.loads(json.dumps(cut.to_dict()))))
    assert isinstance(back, Heard)
    assert 10 * np.log10(back.power / heard.power) == pytest.approx(0, abs=0.006)
    assert back.sounds == heard.sounds
    assert noted(cut.truncate(duration=1.0)) is None
    for broken in (None, 7, {}, {"of": [0, 1, 0]}, {**note_of(heard, cut), "sounds": [0, -3]}):
        cut.custom = {"heard": broken}
        assert noted(cut) is None


def test_noisy_pairs_of_a_published_corpus_have_their_mixing_snrs(shared: Path) -> None:
    """VoiceBank-DEMAND was mixed at 15, 10, 5 and 0 dB in turn, with the speech level of ITU-T P.56 and no filter."""
    folder = shared / "corpora" / "valentini-debug"
    pairs = sorted((folder / "clean").glob("*.wav"))
    if not pairs:
        pytest.skip(f"no noisy pairs in {folder}")
    measured, unheard = [], []
    for path in pairs:
        clean, rate = soundfile.read(path)
        noisy, _ = soundfile.read(folder / "noisy" / path.name)
        speech = clean * np.dot(clean, noisy) / np.dot(clean, clean)
        level, noise = active_level(speech, rate), active_level(noisy - speech, rate)
        assert level is not None
        assert noise is not None
        measured.append(10 * np.log10(level.power / noise.full_power))
        unheard.append(10 * np.log10(np.mean((noisy - speech) ** 2) / noise.full_power))
    np.testing.assert_allclose(np.array(measured) - unheard, [15, 10, 5, 0, 15, 10], atol=0.5)
    # The noise of the last two holds more than a decibel that nobody hears.
    np.testing.assert_allclose(measured[:4], [15, 10, 5, 0], atol=0.5)
    assert min(unheard[4:]) > 1
