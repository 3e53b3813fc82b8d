from collections.abc import Callable

import numpy as np
import pytest
from lhotse import MonoCut
from lhotse.cut import MixedCut

from cryfish.pipeline.audio.coloured import SLOPES, CryfishColouredNoise
from cryfish.pipeline.audio.levels import band_power
from cryfish.pipeline.audio.load import load_samples
from cryfish.pipeline.augment.noise import NoisePool, add_noise
from cryfish.pipeline.augment.sources import Babble, Coloured, NoiseSource, Recorded, draw_noise
from cryfish.seeding import generator

MakeCut = Callable[..., MonoCut]


@pytest.fixture
def voices(make_cut: MakeCut) -> list[MonoCut]:
    """Eight clips of four speakers, each a tone of the speaker's own."""
    time = np.arange(32_000) / 16_000
    return [
        make_cut(f"voice-{number}", 0.1 * np.sin(2 * np.pi * 500 * (1 + number // 2) * time), text="hello")
        for number in range(8)
    ]


def of_speakers(cuts: list[MonoCut]) -> list[MonoCut]:
    for number, cut in enumerate(cuts):
        cut.supervisions[0].speaker = f"speaker-{number // 2}"
    return cuts


def tones(samples: np.ndarray) -> dict[int, float]:
    """The level of each speaker's tone."""
    spectrum = np.abs(np.fft.rfft(samples))
    return {speaker: float(spectrum[500 * (1 + speaker) * len(samples) // 16_000]) for speaker in range(4)}


def test_babble_is_of_so_many_other_speakers_equally_loud(voices: list[MonoCut]) -> None:
    cuts = of_speakers(voices)
    clip = cuts[0].truncate(duration=1.0)
    seen = set()
    for number in range(10):
        drawn = Babble(NoisePool(cuts), (2, 3)).draw(clip, generator("babble", number))
        assert drawn is not None
        noise, kinds = drawn
        assert kinds == ["babble"]
        levels = tones(load_samples(noise)[0])
        loud = {speaker: level for speaker, level in levels.items() if level > 0.5 * max(levels.values())}
        assert 0 not in loud, "the clip's own speaker"
        assert len(loud) in (2, 3)
        assert max(loud.values()) == pytest.approx(min(loud.values()), rel=0.05)
        seen.add(len(loud))
    assert seen == {2, 3}


def test_babble_needs_enough_speakers(voices: list[MonoCut]) -> None:
    cuts = of_speakers(voices)
    assert Babble(NoisePool(cuts), (5, 5)).draw(cuts[0], generator("few")) is None


@pytest.mark.parametrize("colour", SLOPES)
def test_the_spectrum_of_a_colour(colour: str) -> None:
    noise = CryfishColouredNoise(colour, 3)(np.zeros((1, 160_000), np.float32), 16_000)[0]
    power = np.abs(np.fft.rfft(noise)) ** 2
    frequencies = np.fft.rfftfreq(len(noise), 1 / 16_000)

    def level(low: float, high: float) -> float:
        return float(np.mean(power[(frequencies >= low) & (frequencies < high)]))

    octaves = [10 * np.log10(level(2 * f, 2.2 * f) / level(f, 1.1 * f)) for f in (200, 400, 800, 1600)]
    assert np.mean(octaves) == pytest.approx(10 * np.log10(2) * SLOPES[colour], abs=0.5)
    again = CryfishColouredNoise(colour, 3)(np.ones((1, 160_000), np.float32), 16_000)[0]
    np.testing.assert_array_equal(noise, again)
    assert not np.array_equal(
        noise, CryfishColouredNoise(colour, 4)(np.zeros((1, 160_000), np.float32), 16_000)[0]
    )


def test_coloured_noise_under_speech_of_any_rate(speech: list[MonoCut]) -> None:
    for cut in speech:
        noise, kinds = Coloured(("pink",)).draw(cut, generator(cut.id))
        assert kinds == ["pink noise"]
        mixed = add_noise(cut, noise, -36.0)
        [other] = mixed.load_audio(mixed=False)[1]
        assert 10 * np.log10(band_power(other)) == pytest.approx(-36.0, abs=1e-3)
        np.testing.assert_allclose(load_samples(mixed), mixed.load_audio(), atol=1e-5)


def test_several_at_once_are_equally_strong_and_all_named(
    speech: list[MonoCut], noises: list[MonoCut]
) -> None:
    sources: list[NoiseSource] = [Recorded(NoisePool(noises)), Coloured(("white",))]
    counts = set()
    for number in range(40):
        drawn = draw_noise(speech[0], sources, 3, generator("several", number))
        assert drawn is not None
        noise, kinds = drawn
        parts = noise.tracks if isinstance(noise, MixedCut) and noise.id.count("+") else [noise]
        counts.add(len(parts))
        assert set(kinds) <= {"rain", "dog barking", "white noise"}
        assert len(kinds) == len(set(kinds)) == len(parts)
        if len(parts) > 1:
            powers = [band_power(part[0]) for part in noise.load_audio(mixed=False)]
            assert max(powers) == pytest.approx(min(powers), rel=1e-3)
    assert counts == {1, 2, 3}


def test_music_without_named_sounds_is_music(make_cut: MakeCut, speech: list[MonoCut]) -> None:
    song = make_cut("song", 0.1 * np.random.default_rng(0).standard_normal(160_000), music_genre="jazz")
    drawn = Recorded(NoisePool([song])).draw(speech[0], generator(1))
    assert drawn is not None
    assert drawn[1] == ["music"]
