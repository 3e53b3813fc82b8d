import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording

from cryfish.pipeline.augment.rooms import Level, reverberate
from cryfish.pipeline.rirs.rirs import Bank, Rir

MakeCut = Callable[..., MonoCut]
LEVELS: tuple[Level, ...] = ("normalised", "inverse")


@pytest.fixture
def click(make_cut: MakeCut) -> MonoCut:
    audio = np.zeros(16_000)
    audio[5_000] = 0.1
    return make_cut("click", audio, text="click")


def metres(rir: Rir) -> float:
    assert rir.distance_m is not None
    return rir.distance_m


def direct_sound(cut: MonoCut) -> float:
    """The root of the energy of a click before any reflection of it."""
    return float(np.sqrt(np.sum(cut.load_audio()[0, 4_900:5_008] ** 2)))


def test_length_id_and_power_stay(speech: list[MonoCut], bank: Bank) -> None:
    for cut in speech:
        far = reverberate(cut, bank.rirs[3])
        dry, wet = cut.resample(16_000).load_audio(), far.load_audio()
        assert (far.id, far.duration, far.recording.id) == (cut.id, cut.duration, cut.recording.id)
        assert wet.shape == dry.shape
        assert np.isclose(np.mean(wet**2), np.mean(dry**2), rtol=1e-3)
        assert not np.allclose(wet, dry, atol=0.01)
        falling = reverberate(cut, bank.rirs[3], "inverse")
        assert (falling.id, falling.duration, falling.recording.id) == (
            cut.id,
            cut.duration,
            cut.recording.id,
        )
        assert falling.load_audio().shape == dry.shape


@pytest.mark.parametrize("level", LEVELS)
def test_onset_moves_by_less_than_a_millisecond(click: MonoCut, bank: Bank, level: Level) -> None:
    for rir in bank.rirs:
        wet = reverberate(click, rir, level).load_audio()[0]
        assert abs(int(np.argmax(np.abs(wet))) - 5_000) < 16
        assert np.abs(wet[:4_984]).max() < 0.1 * np.abs(wet).max()


def test_every_distance_of_a_room_is_heard_in_its_own_channel(click: MonoCut, bank: Bank) -> None:
    for rir in bank.rirs[:4]:
        wet = reverberate(click, rir, "inverse").load_audio()[0, 5_000:]
        response = rir.load()[np.argmax(rir.load()) :] * 0.1 / 0.9 / metres(rir)
        np.testing.assert_allclose(wet[: len(response)], response[: len(wet)], atol=1e-6)


def test_direct_sound_falls_with_the_distance_from_the_dry_level_at_a_metre(
    click: MonoCut, bank: Bank
) -> None:
    for rir in bank.rirs:
        ratio = direct_sound(reverberate(click, rir, "inverse")) / direct_sound(click)
        assert 20 * np.log10(ratio * metres(rir)) == pytest.approx(0, abs=0.5)
    near, far = (direct_sound(reverberate(click, rir, "inverse")) for rir in (bank.rirs[0], bank.rirs[3]))
    assert metres(bank.rirs[3]) > 2 * metres(bank.rirs[0])
    assert near / far == pytest.approx(metres(bank.rirs[3]) / metres(bank.rirs[0]), rel=0.06)


def test_far_speech_is_weaker_than_near_speech(speech: list[MonoCut], bank: Bank) -> None:
    for cut in speech:
        levels = [np.mean(reverberate(cut, rir, "inverse").load_audio() ** 2) for rir in bank.rirs[:4]]
        assert levels == sorted(levels, reverse=True)


def test_the_power_stays_where_the_distance_is_unknown(click: MonoCut, bank: Bank) -> None:
    unknown = replace(bank.rirs[0], distance_m=None)
    wet = reverberate(click, unknown, "inverse").load_audio()
    np.testing.assert_array_equal(wet, reverberate(click, unknown).load_audio())
    assert np.mean(wet**2) == pytest.approx(np.mean(click.load_audio() ** 2), rel=1e-3)


@pytest.mark.parametrize("level", LEVELS)
def test_the_channel_of_a_stereo_clip_is_heard(tmp_path: Path, bank: Bank, level: Level) -> None:
    rng = np.random.default_rng(0)
    both = 0.1 * rng.standard_normal((48_000, 2))
    soundfile.write(tmp_path / "both.wav", both, 48_000, subtype="FLOAT")
    soundfile.write(tmp_path / "right.wav", both[:, 1], 48_000, subtype="FLOAT")
    stereo = Recording.from_file(tmp_path / "both.wav")
    alone = Recording.from_file(tmp_path / "right.wav")
    right = MonoCut("right", start=0.25, duration=0.5, channel=1, recording=stereo)
    mono = MonoCut("mono", start=0.25, duration=0.5, channel=0, recording=alone)
    heard = reverberate(right, bank.rirs[1], level).load_audio()
    assert heard.shape == (1, 8_000)
    np.testing.assert_allclose(heard, reverberate(mono, bank.rirs[1], level).load_audio(), atol=1e-6)


@pytest.mark.parametrize("level", LEVELS)
def test_a_stretch_of_a_recording_is_reverberated_alone(make_cut: MakeCut, bank: Bank, level: Level) -> None:
    rng = np.random.default_rng(0)
    audio = 0.1 * rng.standard_normal(48_000)
    whole = make_cut("whole", audio, text="hello")
    part = whole.truncate(offset=1.0, duration=0.5, preserve_id=True)
    alone = make_cut("alone", audio[16_000:24_000], text="hello")
    np.testing.assert_allclose(
        reverberate(part, bank.rirs[0], level).load_audio(),
        reverberate(alone, bank.rirs[0], level).load_audio(),
        atol=1e-6,
    )


def test_plain_lhotse_replays_the_same_samples(speech: list[MonoCut], bank: Bank, tmp_path: Path) -> None:
    cuts = [reverberate(speech[1], bank.rirs[2], level) for level in LEVELS]
    (tmp_path / "cuts.jsonl").write_text("".join(json.dumps(cut.to_dict()) + "\n" for cut in cuts))
    program = (
        "import sys, numpy, lhotse\n"
        "cuts = lhotse.load_manifest(sys.argv[1])\n"
        "numpy.savez(sys.argv[2], *[cut.load_audio() for cut in cuts])\n"
        "assert not any(name.startswith('cryfish') for name in sys.modules)\n"
    )
    subprocess.run(
        [sys.executable, "-c", program, tmp_path / "cuts.jsonl", tmp_path / "audio.npz"],
        check=True,
        cwd=tmp_path,
    )
    replayed = np.load(tmp_path / "audio.npz")
    for cut, name in zip(cuts, replayed.files, strict=True):
        np.testing.assert_array_equal(replayed[name], cut.load_audio())
