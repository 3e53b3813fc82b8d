from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.cut import MixedCut
from lhotse.serialization import deserialize_item

from cryfish.errors import InputError
from cryfish.pipeline.audio.effects import EFFECTS
from cryfish.pipeline.audio.load import load_samples
from cryfish.pipeline.augment.effects.padding import pad
from cryfish.pipeline.augment.rooms import reverberate
from cryfish.pipeline.augment.settings import read_steps
from cryfish.pipeline.augment.shares import EffectsSettings, settings_of
from cryfish.pipeline.augment.voice import VOICE_FACTS, change_voice
from cryfish.pipeline.rirs.rirs import Bank
from cryfish.recipes.kit.facts import FACTS, read_facts, with_facts
from cryfish.seeding import generator

RATE = 16_000
MakeCut = Callable[..., MonoCut]

SPEED = {"share": 1, "factor": {"uniform": [0.8, 1.25]}}
TEMPO = {"share": 1, "factor": {"uniform": [0.7, 1.4]}}
PITCH = {"share": 1, "semitones": {"uniform": [-6, 6]}}
PADDING = {"share": 1, "start_s": {"uniform": [0, 1]}, "end_s": {"uniform": [0, 1]}}
COMBINATIONS: list[dict[str, Any]] = [
    {"speed": SPEED},
    {"tempo": TEMPO},
    {"pitch": PITCH},
    {"padding": PADDING},
    {"speed": SPEED, "padding": PADDING},
    {"tempo": TEMPO, "padding": PADDING},
    {"pitch": PITCH, "padding": PADDING},
]


def settings(**effects: Any) -> EffectsSettings:
    return settings_of("voice").model_validate({"share": 1, **effects})


def tone(seconds: float, rate: int, hertz: float = 500.0) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def pitch_hz(samples: np.ndarray, rate: int = RATE) -> float:
    """The highest peak of the spectrum, to a fraction of a hertz."""
    middle = samples[len(samples) // 8 : -len(samples) // 8]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 16 * len(middle)))
    return float(spectrum.argmax() * rate / (16 * len(middle)))


def pieces(make_cut: MakeCut) -> list[MonoCut]:
    """Whole recordings and stretches of them, at many rates, several of which don't begin or end on a sample."""
    rng = np.random.default_rng(0)
    cuts = []
    for rate in (8_000, 16_000, 22_050, 44_100, 48_000):
        whole = make_cut(f"whole-{rate}", 0.1 * rng.standard_normal(round(4.0031 * rate)), rate, text="hello")
        cuts += [whole, whole.truncate(offset=1.00123, duration=1.7004), whole.truncate(offset=2.5)]
    return cuts


@pytest.mark.parametrize("effects", COMBINATIONS, ids=lambda effects: "+".join(effects))
def test_lengths_are_exact(effects: dict[str, Any], make_cut: MakeCut) -> None:
    for cut in pieces(make_cut):
        for number in range(3):
            changed, facts = change_voice(cut, settings(**effects), generator(cut.id, number))
            assert isinstance(changed, MonoCut)
            assert (changed.id, changed.sampling_rate) == (cut.id, RATE)
            audio = changed.load_audio()
            assert audio.shape == (1, changed.num_samples)
            factor = facts.get("speed", facts.get("tempo", 1.0))
            padding = facts.get("padding_start_s", 0) + facts.get("padding_end_s", 0)
            assert changed.duration == pytest.approx(cut.duration / factor + padding, abs=2 / RATE)
            [said] = changed.supervisions
            [before] = cut.supervisions
            start = before.start / factor + facts.get("padding_start_s", 0)
            assert said.start == pytest.approx(start, abs=2 / RATE)
            assert said.duration == pytest.approx(before.duration / factor, abs=2 / RATE)
            np.testing.assert_allclose(load_samples(changed), audio, atol=1e-6)
            again = deserialize_item(changed.to_dict())
            np.testing.assert_array_equal(again.load_audio(), audio)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_each_effect_moves_the_pitch_as_its_fact_says(rate: int, make_cut: MakeCut) -> None:
    cut = make_cut("tone", tone(3.0, rate), rate, text="aah")
    for number in range(4):
        rng = generator("pitch", number)
        faster, facts = change_voice(cut, settings(speed=SPEED), rng)
        assert pitch_hz(faster.load_audio()[0]) == pytest.approx(500 * facts["speed"], rel=0.002)
        stretched, _ = change_voice(cut, settings(tempo=TEMPO), rng)
        assert pitch_hz(stretched.load_audio()[0]) == pytest.approx(500, rel=0.004)
        shifted, facts = change_voice(cut, settings(pitch=PITCH), rng)
        expected = 500 * 2 ** (facts["pitch_shift_semitones"] / 12)
        assert pitch_hz(shifted.load_audio()[0]) == pytest.approx(expected, rel=0.004)
        assert shifted.duration == cut.duration


@pytest.mark.parametrize("effects", COMBINATIONS, ids=lambda effects: "+".join(effects))
def test_a_piece_holds_its_own_sound(effects: dict[str, Any], make_cut: MakeCut) -> None:
    # A recording of tones, one a second; the piece is the third of them.
    hertz = [300.0, 600.0, 1200.0, 2400.0]
    cut = make_cut("tones", np.concatenate([tone(1.0, RATE, high) for high in hertz]), text="aah")
    piece = cut.truncate(offset=2.0, duration=1.0)
    for number in range(3):
        changed, facts = change_voice(piece, settings(**effects), generator("piece", number))
        audio = changed.load_audio()[0]
        before = round(facts.get("padding_start_s", 0) * RATE)
        after = len(audio) - round(facts.get("padding_end_s", 0) * RATE)
        assert not audio[:before].any()
        assert not audio[after + 2 :].any()
        sounding = audio[before:after]
        expected = 1200 * facts.get("speed", 1) * 2 ** (facts.get("pitch_shift_semitones", 0) / 12)
        assert pitch_hz(sounding) == pytest.approx(expected, rel=0.005)
        # It is full of the tone: nothing of its neighbours, no silence.
        parts = np.array_split(sounding[400:-400], 5)
        assert all(np.std(part) == pytest.approx(0.3 / np.sqrt(2), rel=0.1) for part in parts)
        assert all(pitch_hz(part) == pytest.approx(expected, rel=0.02) for part in parts)


def test_padding_leaves_the_samples_as_they_are(make_cut: MakeCut) -> None:
    rng = np.random.default_rng(1)
    cut = make_cut("clip", 0.1 * rng.standard_normal(40_000), text="hello")
    for given in (cut, cut.truncate(offset=0.5, duration=1.25)):
        padded = pad(given, 0.25, 0.5)
        audio = padded.load_audio()
        np.testing.assert_array_equal(audio[:, 4_000:-8_000], given.load_audio())
        assert not audio[:, :4_000].any()
        assert not audio[:, -8_000:].any()
        assert padded.supervisions[0].start == given.supervisions[0].start + 0.25


@pytest.mark.parametrize("effects", COMBINATIONS, ids=lambda effects: "+".join(effects))
def test_room_and_noise_come_after_it(effects: dict[str, Any], make_cut: MakeCut, bank: Bank) -> None:
    for cut in pieces(make_cut)[:6]:
        changed, _ = change_voice(cut, settings(**effects), generator(cut.id))
        roomy = reverberate(changed, bank.rirs[0])
        assert roomy.load_audio().shape == (1, changed.num_samples)
        mixed = roomy.mix(changed, snr=10)
        assert isinstance(mixed, MixedCut)
        assert mixed.load_audio().shape == (1, changed.num_samples)


def test_one_channel_of_several_is_changed(tmp_path: Path) -> None:
    audio = np.stack([tone(1.5, 48_000, 400), tone(1.5, 48_000, 900)], axis=1)
    soundfile.write(tmp_path / "two.wav", audio, 48_000)
    recording = Recording.from_file(tmp_path / "two.wav")
    said = SupervisionSegment("two", "two", 0, 1.5, channel=1, text="aah")
    cut = MonoCut("two", 0, 1.5, channel=1, recording=recording, supervisions=[said])
    for effects in COMBINATIONS:
        changed, facts = change_voice(cut, settings(**effects), generator("two"))
        heard = changed.load_audio()
        assert heard.shape == (1, changed.num_samples)
        expected = 900 * facts.get("speed", 1) * 2 ** (facts.get("pitch_shift_semitones", 0) / 12)
        assert pitch_hz(heard[0]) == pytest.approx(expected, rel=0.005)


KNOWN: dict[str, Any] = {
    "age": 34,
    "emotion": "angry",
    "spoof": "bona fide",
    "accent": "Scottish",
    "speaker_turns": ["0.00-1.00 A: hello"],
    "microphone": "headset",
}


def test_what_is_untrue_after_an_effect_is_gone(make_cut: MakeCut) -> None:
    cut = make_cut("clip", tone(1.0, RATE), text="hello", **KNOWN)
    cut = with_facts(cut, speaker="ann", gender="female", language="en")
    before = read_facts(cut)
    gone = {
        "speed": {"speaker", "gender", "age", "emotion", "spoof", "speaker_turns"},
        "tempo": {"emotion", "spoof", "speaker_turns"},
        "pitch": {"speaker", "gender", "age", "emotion", "spoof"},
        "padding": {"speaker_turns"},
    }
    for name, effect in (("speed", SPEED), ("tempo", TEMPO), ("pitch", PITCH), ("padding", PADDING)):
        changed, facts = change_voice(cut, settings(**{name: effect}), generator(0))
        kept = {fact: value for fact, value in before.items() if fact not in gone[name]}
        assert read_facts(changed) == kept
        assert read_facts(with_facts(changed, **facts)) == {**kept, **facts}
        assert facts.keys() <= set(VOICE_FACTS)
    assert read_facts(cut) == before
    assert {fact for effect in EFFECTS.all().values() for fact in effect.untrue} <= FACTS.keys()


def test_at_most_one_of_speed_tempo_and_pitch_at_least_one_effect(make_cut: MakeCut) -> None:
    cut = make_cut("clip", tone(1.0, RATE), text="hello")
    given = settings(
        speed={**SPEED, "share": 0.4},
        tempo={**TEMPO, "share": 0.2},
        pitch={**PITCH, "share": 0.1},
        padding={**PADDING, "share": 0.3},
    )
    counts = dict.fromkeys(("speed", "tempo", "pitch_shift_semitones", "padding_start_s"), 0)
    for number in range(500):
        _, facts = change_voice(cut, given, generator("draws", number))
        assert facts
        assert len(facts.keys() & {"speed", "tempo", "pitch_shift_semitones"}) <= 1
        for name in counts:
            counts[name] += name in facts
        assert change_voice(cut, given, generator("draws", number))[1] == facts
    # Three in ten clips have none of the first three, seven in ten of these no padding: one of the four is then drawn.
    again = 500 * 0.3 * 0.7
    expected = {"speed": 0.4, "tempo": 0.2, "pitch_shift_semitones": 0.1, "padding_start_s": 0.3}
    for name, share in expected.items():
        assert counts[name] == pytest.approx(share * 500 + share * again, abs=50)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "asks for no effect; give one of speed, tempo, pitch and padding a share above 0"),
        (
            {"speed": SPEED, "tempo": TEMPO},
            "shares of speed, tempo and pitch are at most 1 together, found 2",
        ),
        ({"speed": {"share": 1, "factor": 3}}, "must be between 0.5 and 2, found 3"),
        ({"pitch": {"share": 1, "semitones": {"uniform": [-20, 0]}}}, "between -12 and 12, found -20"),
        ({"padding": {"share": 1, "start_s": -1}}, "between 0 and 30, found -1"),
        ({"tempo": {"share": 1}}, "field 'tempo.factor' is missing"),
    ],
)
def test_a_wrong_voice_is_one_sentence(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_steps([{"voice": {"share": 0.5, **given}}])
