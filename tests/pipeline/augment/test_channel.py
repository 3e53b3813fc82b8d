from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from lhotse import MonoCut
from lhotse.augmentation import AudioTransform
from lhotse.utils import fastcopy
from pydantic import ValidationError

from cryfish.errors import InputError
from cryfish.pipeline.augment.channel import CHANNEL_FACTS
from cryfish.pipeline.augment.effects.telephone import telephone_line
from cryfish.pipeline.augment.settings import read_steps
from cryfish.pipeline.augment.shares import (
    EffectsSettings,
    draw_effects,
    facts_of,
    settings_of,
    transforms_of,
)
from cryfish.pipeline.augment.steps import ChannelStep
from cryfish.recipes.kit.facts import read_facts, with_facts
from cryfish.seeding import generator

RATE = 16_000
EVERYTHING: dict[str, Any] = {
    "share": 1,
    "low_pass": {"share": 0.3, "hz": {"uniform": [2000, 6000]}},
    "gain": {"share": 0.3, "db": {"uniform": [-20, 0]}},
    "clipping": {"share": 0.3, "clipped": {"uniform": [0.001, 0.05]}},
    "telephone": {"share": 0.3},
    "codec": {"share": 0.3, "of": ["mp3", "opus", "vorbis", "gsm", "ulaw", "alaw"]},
}


def settings(**effects: Any) -> EffectsSettings:
    return settings_of("channel").model_validate({"share": 1, **effects})


def draw_channel(
    given: EffectsSettings, rng: np.random.Generator
) -> tuple[list[AudioTransform], dict[str, Any]]:
    happening = draw_effects(given, rng)
    return transforms_of(happening), facts_of(happening)


def sent(transforms: list[AudioTransform], samples: np.ndarray, rate: int = RATE) -> np.ndarray:
    for transform in transforms:
        samples = transform(samples, rate)
    return samples


def noise(seed: int, seconds: float = 3.0, rate: int = RATE) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal((1, round(seconds * rate)))).astype(np.float32)


def share_db(samples: np.ndarray, rate: int, low: float, high: float) -> float:
    """The power between two frequencies, dB below that of the whole."""
    power = np.abs(np.fft.rfft(samples[0].astype(np.float64))) ** 2
    frequencies = np.fft.rfftfreq(samples.shape[1], 1 / rate)
    return float(10 * np.log10(power[(frequencies >= low) & (frequencies < high)].sum() / power.sum()))


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_a_telephone_lets_through_its_band(rate: int) -> None:
    heard = sent(telephone_line(), noise(0, rate=rate), rate)
    assert share_db(heard, rate, 0, 200) < -30
    assert share_db(heard, rate, 4_000, rate) < -30
    assert share_db(heard, rate, 300, 3_400) > -0.3


def test_the_facts_are_what_is_heard() -> None:
    everything = settings(**EVERYTHING)
    seen: set[str] = set()
    for number in range(60):
        transforms, facts = draw_channel(everything, generator("facts", number))
        assert transforms
        assert facts.keys() <= set(CHANNEL_FACTS)
        seen |= facts.keys()
        heard = sent(transforms, noise(number))
        assert heard.shape == (1, 3 * RATE)
        assert np.isfinite(heard).all()
        if "bandwidth_hz" in facts:
            assert share_db(heard, RATE, 1.25 * facts["bandwidth_hz"], RATE) < -15
            assert share_db(heard, RATE, 0.8 * facts["bandwidth_hz"], facts["bandwidth_hz"]) > -15
        if set(facts) == {"gain_db"}:
            gain_db = 20 * np.log10(np.std(heard) / np.std(noise(number)))
            assert gain_db == pytest.approx(facts["gain_db"], abs=0.01)
        if set(facts) <= {"clipped_share", "gain_db", "bandwidth_hz"} and "clipped_share" in facts:
            kinds = [type(transform).__name__ for transform in transforms]
            if kinds[-1] == "CryfishClip":
                at_limit = np.mean(np.abs(heard) == np.abs(heard).max())
                assert at_limit == pytest.approx(facts["clipped_share"], abs=0.001)
    assert seen == set(CHANNEL_FACTS)


def test_a_codec_has_its_name_and_bit_rate() -> None:
    expected: dict[str, dict[str, Any]] = {
        "mp3": {"codec": "MP3", "codec_kbps": 32},
        "opus": {"codec": "Opus", "codec_kbps": 31},
        "vorbis": {"codec": "Vorbis"},
        "gsm": {"codec": "GSM", "codec_kbps": 13, "bandwidth_hz": 4_000},
        "ulaw": {"codec": "mu-law", "codec_kbps": 64, "bandwidth_hz": 4_000},
        "alaw": {"codec": "A-law", "codec_kbps": 64, "bandwidth_hz": 4_000},
    }
    for name, facts in expected.items():
        given = settings(codec={"share": 1, "of": [name], "kbps": 31})
        assert draw_channel(given, generator(name))[1] == facts


def test_a_bandwidth_that_a_codec_may_narrow_is_not_told() -> None:
    low_pass = {"share": 1, "hz": 6_000}
    mp3 = {"share": 1, "of": ["mp3"]}
    assert "bandwidth_hz" not in draw_channel(settings(low_pass=low_pass, codec=mp3), generator(0))[1]
    telephone = draw_channel(settings(low_pass=low_pass, telephone={"share": 1}, codec=mp3), generator(0))
    assert telephone[1]["bandwidth_hz"] == 3_400
    assert share_db(sent(telephone[0], noise(1)), RATE, 2_700, 3_400) > -10


def test_every_clip_gets_an_effect_and_the_shares_hold() -> None:
    given = settings(gain={"share": 0.02, "db": -6}, telephone={"share": 0.01})
    kinds = [len(draw_channel(given, generator(number))[1]) for number in range(300)]
    assert set(kinds) == {1}
    half = settings(gain={"share": 1, "db": -6}, telephone={"share": 0.5})
    called = sum("bandwidth_hz" in draw_channel(half, generator(number))[1] for number in range(600))
    assert 240 < called < 360


def test_a_channel_depends_on_the_seed_alone() -> None:
    everything = settings(**EVERYTHING)
    for number in range(20):
        drawn = [draw_channel(everything, generator("seed", number)) for _ in range(2)]
        assert drawn[0] == drawn[1]
        one, other = (sent(transforms, noise(number)) for transforms, _ in drawn)
        np.testing.assert_array_equal(one, other)


def test_a_clip_carries_the_facts(make_cut: Callable[..., MonoCut]) -> None:
    cut = make_cut("clip", noise(2)[0], RATE, text="hello", microphone="headset")
    for number in range(30):
        transforms, facts = draw_channel(settings(**EVERYTHING), generator(number))
        recording = fastcopy(cut.recording, transforms=transforms)
        channelled = with_facts(fastcopy(cut, recording=recording), **facts)
        assert facts.items() <= read_facts(channelled).items()
        assert channelled.load_audio().shape == (1, cut.num_samples)


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
def test_the_bandwidth_is_never_above_what_the_recording_holds(
    make_cut: Callable[..., MonoCut], rate: int
) -> None:
    cut = make_cut("clip", noise(3, rate=rate)[0], rate, text="hello")
    [sent_on] = ChannelStep(settings(low_pass={"share": 1, "hz": 6_000})).apply(cut, generator(0))
    told = read_facts(sent_on)["bandwidth_hz"]
    assert told == min(6_000, rate // 2)
    assert share_db(sent_on.load_audio(), RATE, 1.05 * told, RATE) < -15
    assert share_db(sent_on.load_audio(), RATE, 0.8 * told, told) > -15


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "asks for no effect; give one of low_pass, gain, clipping, telephone and codec a share above 0"),
        ({"telephone": {"share": 0}}, "asks for no effect"),
        ({"gain": {"share": 1, "db": 6}}, "field 'gain.db.*must be between -60 and 0, found 6"),
        (
            {"low_pass": {"share": 1, "hz": {"uniform": [100, 9000]}}},
            "must be between 500 and 7500, found 100",
        ),
        (
            {"clipping": {"share": 1, "clipped": {"choice": [0.1, 5]}}},
            "must be between 0.0001 and 0.5, found 5",
        ),
        ({"codec": {"share": 1, "of": ["flac"]}}, "field 'codec.of"),
        ({"codec": {"share": 1, "of": []}}, "field 'codec.of"),
        ({"telefone": {"share": 1}}, "field 'telefone' is unknown; did you mean 'telephone'?"),
    ],
)
def test_a_wrong_channel_is_one_sentence(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_steps([{"channel": {"share": 0.5, **given}}])
    with pytest.raises(ValidationError):
        settings(**given)
