"""What the labels promise, over clips, noises and rooms drawn at random."""

from collections.abc import Callable

import numpy as np
import pytest
from lhotse import MonoCut
from lhotse.cut import Cut, MixedCut

from cryfish.pipeline.audio.levels import active_level, band_power
from cryfish.pipeline.audio.load import load_samples, load_tracks
from cryfish.pipeline.audio.render import render
from cryfish.pipeline.augment.labels import why_unlabelled
from cryfish.pipeline.augment.noise import NOISE_TAG
from cryfish.pipeline.augment.settings import read_steps
from cryfish.pipeline.augment.steps import Step, augment_cut, prepare_steps
from cryfish.pipeline.rirs.rirs import Bank
from cryfish.recipes.kit.facts import read_facts

RATE = 16_000
MakeCut = Callable[..., MonoCut]


@pytest.fixture
def clips(make_cut: MakeCut) -> list[MonoCut]:
    """Speech-like clips of random length, rate, level and pauses."""
    rng = np.random.default_rng(11)
    made = []
    for number in range(60):
        rate = int(rng.choice([8_000, 16_000, 22_050, 44_100, 48_000]))
        samples = int(rate * rng.uniform(0.6, 4))
        time = np.arange(samples) / rate
        syllables = np.clip(np.sin(2 * np.pi * rng.uniform(2, 6) * time), 0, None)
        speaking = (np.sin(2 * np.pi * rng.uniform(0.1, 1) * time + rng.uniform(0, 6)) > -0.5).astype(float)
        # A hiss 50 dB down: a gate wouldn't tell how noisy the clip is.
        voice, hiss = rng.standard_normal(samples) * syllables * speaking, rng.standard_normal(samples)
        audio = rng.uniform(0.005, 0.3) * (voice + 1e-3 * hiss)
        made.append(make_cut(f"clip-{number}", audio, rate, text="hello"))
    return made


@pytest.fixture
def steps(bank: Bank, noises: list[MonoCut]) -> Callable[..., list[Step]]:
    def prepare(room: float, level: str = "normalised") -> list[Step]:
        settings = read_steps(
            [
                {"room": {"share": room, "bank": str(bank.folder), "level": level}},
                {
                    "noise": {
                        "share": 1,
                        "from": ["esc50"],
                        "colours": ["pink", "brown", "white"],
                        "at_once": 2,
                        "snr_db": {"uniform": [-5, 25]},
                    }
                },
            ]
        )
        return prepare_steps(settings, "train", bank.folder, lambda _: noises)

    return prepare


def noisy(clips: list[MonoCut], steps: list[Step]) -> list[MixedCut]:
    made = [cut for clip in clips for cut in augment_cut(clip, steps, 5)]
    found = [cut for cut in made if isinstance(cut, MixedCut)]
    assert len(found) > 0.9 * len(clips)
    return found


@pytest.mark.parametrize(("room", "level"), [(0.0, "normalised"), (1.0, "normalised"), (1.0, "inverse")])
def test_the_snr_of_the_parts_is_the_label(
    clips: list[MonoCut], steps: Callable[..., list[Step]], room: float, level: str
) -> None:
    labelled = 0
    for cut in noisy(clips, steps(room, level)):
        facts = read_facts(cut)
        for parts in (load_tracks(cut), cut.load_audio(mixed=False)):
            voice, noise = (part[0].astype(np.float64) for part in parts)
            active = active_level(voice, RATE)
            assert active is not None
            if "snr_db" not in facts:
                assert why_unlabelled(cut)
                continue
            labelled += 1
            # These clips have no noise of their own, which a short clip can't tell: at most half a dB is at stake.
            assert 10 * np.log10(active.power / band_power(noise)) == pytest.approx(facts["snr_db"], abs=0.5)
            offset_db = facts["snr_db"] - facts["full_snr_db"]
            assert 10 * np.log10(active.power / band_power(voice)) == pytest.approx(offset_db, abs=0.02)
        assert facts.get("full_snr_db", -99) <= facts.get("snr_db", -99) + 0.01
    assert labelled > len(clips)


@pytest.mark.parametrize("room", [0.0, 1.0])
def test_without_the_noise_the_clean_clip_is_back(
    clips: list[MonoCut], steps: Callable[..., list[Step]], room: float
) -> None:
    for cut in noisy(clips, steps(room)):
        [speech] = [track.cut for track in cut.tracks if track.tag != NOISE_TAG]
        clean = load_samples(speech)
        rest = load_samples(cut) - load_tracks(cut)[1]
        np.testing.assert_allclose(rest, clean, atol=1e-4)
        if not room:
            original = next(clip for clip in clips if clip.id == cut.id)
            np.testing.assert_allclose(clean, load_samples(original.resample(RATE)), atol=1e-4)


def test_rendering_never_clips_and_tells_what_it_turned_down(
    clips: list[MonoCut], steps: Callable[..., list[Step]]
) -> None:
    turned = 0
    for cut in noisy(clips, steps(1.0, "inverse")):
        rendered = render(cut)
        peak = float(np.abs(load_samples(cut)).max())
        assert float(np.abs(rendered.samples).max()) <= 1
        assert ("peak_gain_db" in rendered.facts) == (peak > 1)
        if peak > 1:
            turned += 1
            assert rendered.facts["peak_gain_db"] == pytest.approx(20 * np.log10(0.99 / peak), abs=0.01)
    assert turned, "the louder draws must exceed full scale for this to say anything"


def test_the_onset_stays_where_it_was(make_cut: MakeCut, bank: Bank) -> None:
    """A click in a room is still within a millisecond of where it was."""
    settings = read_steps([{"room": {"share": 1, "bank": str(bank.folder)}}])
    steps = prepare_steps(settings, "train", bank.folder, lambda _: [])
    for number, rate in enumerate((8_000, 16_000, 44_100, 48_000) * 4):
        click = np.zeros(rate)
        click[rate // 2] = 0.5
        cut: Cut
        [cut] = augment_cut(make_cut(f"click-{number}", click, rate, text="x"), steps, number)
        heard = np.abs(load_samples(cut)[0])
        assert len(heard) == RATE
        # Of a click through a telephone's band reflections add up to more than the first sound: it counts, not they.
        direct = heard[RATE // 2 - 8 : RATE // 2 + 9].max()
        onset = int(np.argmax(heard > 0.6 * direct))
        assert abs(onset / RATE - 0.5) < 1e-3
        assert heard[: RATE // 2 - 48].max(initial=0) < 0.1 * direct


def test_order_and_company_change_nothing(clips: list[MonoCut], steps: Callable[..., list[Step]]) -> None:
    def rendered(order: list[MonoCut]) -> dict[str, bytes]:
        prepared = steps(0.5)
        cuts = [cut for clip in order for cut in augment_cut(clip, prepared, 5)]
        return {cut.id: render(cut).samples.tobytes() for cut in cuts}

    few = clips[:24]
    assert (
        rendered(few)
        == rendered(few[::-1])
        == {k: v for part in (few[::2], few[1::2]) for k, v in rendered(part).items()}
    )
