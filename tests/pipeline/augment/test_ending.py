"""What a clip's labels say is heard at the end of all steps."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.augmentation import Volume
from lhotse.cut import Cut, MixedCut, MixTrack
from lhotse.utils import fastcopy

from cryfish.pipeline.audio.levels import active_level, band_power
from cryfish.pipeline.audio.load import load_samples
from cryfish.pipeline.audio.render import render
from cryfish.pipeline.augment.labels import CHANNEL, EARLIER, OWN_NOISE, why_unlabelled
from cryfish.pipeline.augment.noise import NOISE_TAG
from cryfish.pipeline.augment.settings import read_steps
from cryfish.pipeline.augment.steps import Step, augment_cut, prepare_steps
from cryfish.pipeline.rirs.rirs import Bank
from cryfish.recipes.kit.facts import read_facts

RATE = 16_000
MakeCut = Callable[..., MonoCut]


@pytest.fixture(scope="module")
def speech(shared: Path) -> list[MonoCut]:
    cuts = []
    for path in sorted((shared / "corpora" / "LibriSpeech").rglob("*.flac"))[::9]:
        recording = Recording.from_file(path)
        said = SupervisionSegment(path.stem, recording.id, 0, recording.duration, text="x")
        cuts.append(MonoCut(path.stem, 0, recording.duration, 0, recording=recording, supervisions=[said]))
    return cuts or pytest.skip(f"no LibriSpeech in {shared / 'corpora'}")


def steps(*settings: dict[str, Any], noise: list[MonoCut] | None = None) -> list[Step]:
    return prepare_steps(read_steps(list(settings)), "train", Path(), lambda _: noise or [])


def upside_down(cut: Cut) -> Cut:
    """The cut with its noise upside down: half the sum of the two is speech, half their difference noise."""

    def turned(track: MixTrack) -> MixTrack:
        noise = track.cut
        if isinstance(noise, MixedCut):
            return fastcopy(track, cut=fastcopy(noise, transforms=[*noise.transforms, Volume(-1.0)]))
        recording = fastcopy(noise.recording, transforms=[*noise.recording.transforms, Volume(-1.0)])
        return fastcopy(track, cut=fastcopy(noise, recording=recording))

    return fastcopy(cut, tracks=[turned(track) if track.tag == NOISE_TAG else track for track in cut.tracks])


def heard(cut: Cut) -> tuple[np.ndarray, np.ndarray]:
    """The speech and the noise of a mix at its end."""
    one, other = load_samples(cut)[0].astype(float), load_samples(upside_down(cut))[0].astype(float)
    return (one + other) / 2, (one - other) / 2


def heard_snr_db(cut: Cut) -> float:
    voice, noise = heard(cut)
    level = active_level(voice, RATE)
    assert level is not None
    return float(10 * np.log10(level.power / band_power(noise)))


def noise(snr_db: Any = 8.0, **source: Any) -> dict[str, Any]:
    return {"noise": {"share": 1, "snr_db": snr_db, **(source or {"colours": ["brown"]})}}


def channel(**effects: dict[str, Any]) -> dict[str, Any]:
    return {"channel": {"share": 1, **{name: {"share": 1, **effect} for name, effect in effects.items()}}}


CHANNELS = {
    "telephone": channel(telephone={}),
    "low pass": channel(low_pass={"hz": {"uniform": [1000, 6000]}}),
    "gain": channel(gain={"db": {"uniform": [-30, 0]}}),
    "clipping": channel(clipping={"clipped": {"uniform": [0.001, 0.1]}}),
    "mp3": channel(codec={"of": ["mp3"], "kbps": 48}),
    "gsm": channel(codec={"of": ["gsm"]}),
    "mu-law": channel(codec={"of": ["ulaw"]}),
    "opus": channel(codec={"of": ["opus"], "kbps": 48}),
    "all": channel(gain={"db": -6}, clipping={"clipped": 0.01}, low_pass={"hz": 5000}, telephone={}),
}


@pytest.mark.parametrize("name", CHANNELS)
def test_the_snr_is_what_is_heard_behind_the_channel(speech: list[MonoCut], name: str) -> None:
    ready = steps(noise({"uniform": [-5, 20]}, colours=["brown", "white", "violet"]), CHANNELS[name])
    labelled = 0
    for cut in speech:
        [made] = augment_cut(cut, ready, 4)
        facts = read_facts(made)
        if "snr_db" not in facts:
            assert why_unlabelled(made)
            continue
        labelled += 1
        assert heard_snr_db(made) == pytest.approx(facts["snr_db"], abs=0.5)
        level = active_level(heard(made)[0], RATE)
        assert level is not None
        assert facts["full_snr_db"] == pytest.approx(facts["snr_db"] - level.offset_db, abs=0.4)
    # What a codec adds is neither speech nor noise: few clips keep their label.
    assert labelled >= {"gsm": 0, "mu-law": 1, "opus": 1}.get(name, 3)


def test_noise_that_a_telephone_takes_away_has_neither_ratio_nor_name(
    speech: list[MonoCut], make_cut: MakeCut
) -> None:
    whistle = 0.1 * np.sin(2 * np.pi * 6500 * np.arange(10 * RATE) / RATE)
    ready = steps(
        noise(**{"from": ["x"]}), CHANNELS["telephone"], noise=[make_cut("w", whistle, sound_events=["bird"])]
    )
    for cut in speech[:3]:
        [made] = augment_cut(cut, ready, 4)
        assert why_unlabelled(made) == CHANNEL
        assert not read_facts(made).keys() & {"snr_db", "full_snr_db", "noise_type"}


def test_a_published_snr_does_not_outlive_a_channel(speech: list[MonoCut]) -> None:
    published = fastcopy(speech[0], custom={"facts": {"snr_db": 5.0, "noise_type": ["cafe"]}})
    for name, setting in CHANNELS.items():
        [made] = augment_cut(published, steps(setting), 4)
        assert ("snr_db" in read_facts(made)) == (name == "gain"), name
        assert why_unlabelled(made) == (None if name == "gain" else EARLIER)


def own_noise(cut: MonoCut, folder: Path, snr_db: float, gain: float = 1.0) -> tuple[MonoCut, float]:
    """The cut with 2 s of pause and white noise of its own, and that noise's power."""
    samples = np.concatenate([cut.load_audio()[0], np.zeros(2 * RATE, np.float32)])
    level = active_level(samples, RATE)
    assert level is not None
    floor = np.random.default_rng(1).standard_normal(len(samples))
    power = level.power * 10 ** (-snr_db / 10)
    samples = gain * (samples + floor * np.sqrt(power / band_power(floor)))
    path = folder / f"{cut.id}-{snr_db}-{gain}.wav"
    soundfile.write(path, samples, RATE, subtype="FLOAT")
    recording = Recording.from_file(path)
    said = SupervisionSegment(cut.id, recording.id, 0, recording.duration, text="x")
    own = gain**2 * (power + sum(level.own) / 2)
    return MonoCut(cut.id, 0, recording.duration, 0, recording=recording, supervisions=[said]), own


@pytest.mark.parametrize(("own_db", "label"), [(15, 20), (15, 12), (25, 20), (25, 12), (30, 15), (18, 5)])
def test_the_noise_that_a_clip_brings_is_in_the_sum(
    tmp_path: Path, speech: list[MonoCut], own_db: float, label: float
) -> None:
    """A clip of 15 dB with noise of 20 dB is heard at 13.8: it gets no label of 20 dB."""
    labelled = 0
    for cut in speech[:5]:
        noisy, own = own_noise(cut, tmp_path, own_db)
        [made] = augment_cut(noisy, steps(noise(label, colours=["white"])), 4)
        facts = read_facts(made)
        assert facts["noise_type"] == ["white noise"]
        if "snr_db" not in facts:
            continue
        labelled += 1
        voice, added = made.load_audio(mixed=False)
        level = active_level(voice[0], RATE)
        assert level is not None
        assert 10 * np.log10(level.power / (band_power(added[0]) + own)) == pytest.approx(label, abs=0.5)
    if label > own_db - 6:
        assert labelled == 0
    elif own_db >= 25:
        assert labelled >= 3


@pytest.mark.parametrize(("gain_db", "label"), [(-55, 25.0), (-55, 8.0), (0, 8.0)])
def test_rounding_to_16_bits_is_noise_as_well(
    tmp_path: Path, speech: list[MonoCut], gain_db: float, label: float
) -> None:
    labelled = 0
    for cut in speech[:5]:
        quiet, _ = own_noise(cut, tmp_path, 60, 10 ** (gain_db / 20))
        [made] = augment_cut(quiet, steps(noise(label, colours=["white"])), 4)
        if why_unlabelled(made):
            assert why_unlabelled(made) == OWN_NOISE
            continue
        labelled += 1
        stored = np.rint(render(made).samples * 32768) / 32768
        voice = made.load_audio(mixed=False)[0][0]
        level = active_level(voice, RATE)
        assert level is not None
        assert 10 * np.log10(level.power / band_power(stored - voice)) == pytest.approx(label, abs=0.5)
    assert (labelled > 0) == (label < 20)


VOICES: dict[str, dict[str, Any] | None] = {
    "none": None,
    "speed": {"voice": {"share": 1, "speed": {"share": 1, "factor": 1.1}}},
    "padding": {"voice": {"share": 1, "padding": {"share": 1, "start_s": 0.5, "end_s": 0.5}}},
}
ROOMS: dict[str, dict[str, Any] | None] = {
    "none": None,
    "normalised": {"level": "normalised"},
    "inverse": {"level": "inverse"},
}
NOISES: dict[str, dict[str, Any] | None] = {"none": None, "pink": noise(10.0, colours=["pink"])}


def combinations() -> Iterator[tuple[str, str, str, str]]:
    yield from product(VOICES, ROOMS, NOISES, ["none", "low pass", "all", "opus"])


def test_no_label_is_made_false_by_a_later_step(speech: list[MonoCut], bank: Bank) -> None:
    """Every combination of steps over a clip: what can be measured of its labels is heard in the samples."""
    told: set[str] = set()
    for number, (voice, room, noisy, line) in enumerate(combinations()):
        settings: list[dict[str, Any]] = [
            *filter(None, [VOICES[voice]]),
            *(
                [{"room": {"share": 1, "bank": str(bank.folder), **(ROOMS[room] or {})}}]
                if room != "none"
                else []
            ),
            *filter(None, [NOISES[noisy]]),
            *([CHANNELS[line]] if line != "none" else []),
        ]
        cut = speech[number % 3].truncate(duration=6.0)
        [made] = augment_cut(cut, steps(*settings), number) if settings else [cut]
        facts, samples, place = read_facts(made), load_samples(made)[0], (voice, room, noisy, line)
        told |= facts.keys()
        if "snr_db" in facts:
            assert heard_snr_db(made) == pytest.approx(facts["snr_db"], abs=0.5), place
        elif noisy != "none":
            assert why_unlabelled(made), place
        if "full_snr_db" in facts:
            speech_part, noise_part = heard(made)
            full_db = 10 * np.log10(band_power(speech_part) / band_power(noise_part))
            assert full_db == pytest.approx(facts["full_snr_db"], abs=0.7), place
        if "padding_start_s" in facts:
            silent = samples[: round(facts["padding_start_s"] * RATE) - 800]
            assert np.abs(silent).max() < 1e-3 * np.abs(samples).max(), place
        if "padding_end_s" in facts:
            silent = samples[-round(facts["padding_end_s"] * RATE) + 800 :]
            assert np.abs(silent).max() < 1e-3 * np.abs(samples).max(), place
        if "bandwidth_hz" in facts:
            power = np.abs(np.fft.rfft(samples)) ** 2
            above = np.fft.rfftfreq(len(samples), 1 / RATE) > 1.15 * facts["bandwidth_hz"]
            assert power[above].sum() < 2e-3 * power.sum(), place
        if "gain_db" in facts:
            assert line == "gain", place
        plain = made.tracks[0].cut if isinstance(made, MixedCut) else made
        assert "heard" not in (plain.custom or {}), place
    assert told >= {"snr_db", "full_snr_db", "padding_start_s", "bandwidth_hz", "rt60_s", "speed"}
