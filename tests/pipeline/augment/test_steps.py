import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lhotse import CutSet, MonoCut, Recording, SupervisionSegment
from lhotse.cut import Cut, MixedCut

from cryfish.errors import InputError
from cryfish.pipeline.audio.levels import active_level, band_power, with_note
from cryfish.pipeline.augment.labels import OWN_NOISE, why_unlabelled
from cryfish.pipeline.augment.settings import read_steps
from cryfish.pipeline.augment.steps import Step, augment_cut, augment_cuts, prepare_steps
from cryfish.pipeline.rirs.rirs import Bank
from cryfish.recipes.kit.facts import read_facts

from ..conftest import speech_like

MakeCut = Callable[..., MonoCut]


def prepared(bank: Bank, noises: list[MonoCut], room: float = 1.0, noise: float = 1.0) -> list[Step]:
    settings = read_steps(
        [
            {"room": {"share": room, "bank": bank.folder.name}},
            {"noise": {"share": noise, "from": ["esc50"], "snr_db": {"uniform": [0, 20]}}},
        ]
    )
    return prepare_steps(settings, "train", bank.folder.parent, {"esc50": noises}.__getitem__)


def augment_one(cut: Cut, steps: list[Step], seed: int = 7) -> Cut:
    [augmented] = augment_cut(cut, steps, seed)
    return augmented


def active_snr_db(cut: MixedCut, clean: MonoCut) -> float:
    """Measured on the two parts of the mix: the voice while it is active over all noise, the clip's own as well."""
    voice, noise = cut.load_audio(mixed=False)
    level, dry = active_level(voice[0], 16_000), active_level(clean.resample(16_000).load_audio()[0], 16_000)
    assert level is not None
    assert dry is not None
    own = sum(level.after(dry).own) / 2
    heard = level.power * (1 - own / level.full_power)
    return float(10 * np.log10(heard / (band_power(noise[0]) + own + 2.0**-30 / 12)))


def as_json(cuts: list[Cut]) -> dict[str, str]:
    return {cut.id: json.dumps(cut.to_dict()) for cut in cuts}


def test_an_augmented_clip_tells_what_was_done_to_it(
    speech: list[MonoCut], noises: list[MonoCut], bank: Bank
) -> None:
    steps = prepared(bank, noises)
    train = {(rir.distance_m, rir.rt60_s) for rir in bank.for_role("train").rirs}
    for cut in speech:
        augmented = augment_one(cut, steps)
        facts = read_facts(augmented)
        assert isinstance(augmented, MixedCut)
        assert augmented.id == cut.id
        assert augmented.duration == pytest.approx(cut.duration, abs=1e-6)
        assert [said.text for said in augmented.supervisions] == ["hello"]
        assert facts["noise_type"] in (["rain"], ["dog barking"])
        assert (facts["distance_m"], facts["rt60_s"]) in train
        assert "snr_db" not in read_facts(cut)
        if "snr_db" in facts:
            assert active_snr_db(augmented, cut) == pytest.approx(facts["snr_db"], abs=0.05)
        else:
            assert why_unlabelled(augmented) == OWN_NOISE


def test_facts_and_bytes_depend_on_neither_order_nor_company(
    speech: list[MonoCut], noises: list[MonoCut], bank: Bank
) -> None:
    forwards = list(augment_cuts(speech, prepared(bank, noises, 0.5, 0.5), seed=7))
    backwards = list(augment_cuts(speech[::-1], prepared(bank, noises[::-1], 0.5, 0.5), seed=7))
    alone = [augment_one(cut, prepared(bank, noises, 0.5, 0.5)) for cut in speech]
    assert as_json(forwards) == as_json(backwards) == as_json(alone)
    for one, other in zip(forwards, backwards[::-1], strict=True):
        np.testing.assert_array_equal(one.load_audio(), other.load_audio())
    assert as_json(forwards) != as_json(list(augment_cuts(speech, prepared(bank, noises, 0.5, 0.5), seed=8)))


def test_plain_lhotse_replays_the_manifest(
    tmp_path: Path, speech: list[MonoCut], noises: list[MonoCut], bank: Bank
) -> None:
    """Making our transforms known is enough."""
    augmented = list(augment_cuts(speech, prepared(bank, noises), seed=7))
    path = tmp_path / "augmented.jsonl.gz"
    CutSet.from_cuts(augmented).to_file(path)
    code = (
        "import sys, numpy, torch; from lhotse import CutSet\n"
        "from cryfish.pipeline.audio.effects import know_transforms\n"
        "know_transforms()\n"
        "torch.set_num_threads(1)\n"
        "numpy.savez(sys.argv[2], **{c.id: c.load_audio() for c in CutSet.from_file(sys.argv[1])})\n"
        "assert 'cryfish.pipeline.audio.load' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, path, tmp_path / "audio.npz"], check=True)
    replayed = np.load(tmp_path / "audio.npz")
    for cut, again in zip(augmented, CutSet.from_file(path), strict=True):
        assert read_facts(again) == read_facts(cut)
        np.testing.assert_array_equal(again.load_audio(), cut.load_audio())
        np.testing.assert_allclose(replayed[cut.id], cut.load_audio(), atol=1e-6)


def test_shares_are_kept(make_cut: MakeCut, noises: list[MonoCut], bank: Bank) -> None:
    steps = prepared(bank, noises, room=0.3, noise=0.5)
    rng = np.random.default_rng(0)
    # A hiss 50 dB down: a gate wouldn't tell how noisy the clip is.
    cut = make_cut("one", speech_like(rng, 1.0, 16_000) + 1e-4 * rng.standard_normal(16_000), text="hello")
    facts = []
    for number in range(500):
        cut.id = f"clip-{number}"
        facts.append(read_facts(augment_one(cut, steps, seed=1)))
    rooms = [fact for fact in facts if "rt60_s" in fact]
    noisy = [fact for fact in facts if "noise_type" in fact]
    assert len(rooms) / 500 == pytest.approx(0.3, abs=0.07)
    assert len(noisy) / 500 == pytest.approx(0.5, abs=0.07)
    # The two draws are independent.
    both = [fact for fact in rooms if "noise_type" in fact]
    assert len(both) / len(rooms) == pytest.approx(0.5, abs=0.15)
    levels = [fact["snr_db"] for fact in noisy if "snr_db" in fact]
    assert 0 <= min(levels) < 2 < 18 < max(levels) <= 20


def test_clips_that_must_stay_as_they_are(make_cut: MakeCut, noises: list[MonoCut], bank: Bank) -> None:
    steps = prepared(bank, noises)
    audio = np.full(16_000, 0.1)
    sound = make_cut("sound", audio, sound_events=["rain"])
    spoken_sound = make_cut("crying", audio, text="ah", sound_events=["crying"])
    music = make_cut("music", audio, instrument="oboe")
    for cut in (sound, spoken_sound, music):
        assert augment_one(cut, steps) is cut


def test_a_known_label_is_never_made_false(make_cut: MakeCut, noises: list[MonoCut], bank: Bank) -> None:
    audio = speech_like(np.random.default_rng(0), 1.0, 16_000)
    noisy = make_cut("noisy", audio, text="hello", snr_db=5.0)
    facts = read_facts(augment_one(noisy, prepared(bank, noises, room=0.0)))
    assert facts["snr_db"] == 5.0
    assert "noise_type" not in facts
    # What a room makes of the two isn't known, and there is no second noise.
    facts = read_facts(augment_one(noisy, prepared(bank, noises)))
    assert not facts.keys() & {"snr_db", "noise_type"}
    assert "distance_m" in facts
    far = make_cut("far", audio, text="hello", distance_m=3.0)
    facts = read_facts(augment_one(far, prepared(bank, noises)))
    assert facts["distance_m"] == 3.0
    assert "rt60_s" not in facts


def test_a_clip_stays_clean_when_no_noise_can_be_heard(make_cut: MakeCut, bank: Bank) -> None:
    blip = make_cut("blip", 0.1 * np.random.default_rng(0).standard_normal(1_600), sound_events=["beep"])
    long = make_cut("long", np.full(16_000 * 10, 0.1), text="hello")
    assert augment_one(long, prepared(bank, [blip], room=0.0)) == long


def test_augmenting_twice_is_refused(speech: list[MonoCut], noises: list[MonoCut], bank: Bank) -> None:
    steps = prepared(bank, noises)
    with pytest.raises(InputError, match="cut speech-0 is a mix already"):
        augment_cut(augment_one(speech[0], steps), steps, 7)


def test_a_bank_or_noise_that_is_not_there(tmp_path: Path, bank: Bank) -> None:
    room = read_steps([{"room": {"share": 1, "bank": "rirs"}}])
    with pytest.raises(InputError, match="no RIR bank here"):
        prepare_steps(room, "train", tmp_path, lambda _: [])
    noise = read_steps([{"noise": {"share": 1, "from": ["esc50"], "snr_db": 5}}])
    with pytest.raises(InputError, match="corpora esc50, role 'test': holds no clips"):
        prepare_steps(noise, "test", tmp_path, lambda _: [])


def test_real_speech_in_real_noise(shared: Path, bank: Bank) -> None:
    corpora = shared / "corpora"
    noises = []
    for path in sorted((corpora / "ESC-50-master" / "audio").glob("*.wav"))[:12]:
        noise = Recording.from_file(path).to_cut()
        noise.id, noise.custom = path.stem, {"facts": {"sound_events": ["noise"]}}
        noises.append(noise)
    voices = (
        sorted((corpora / "LibriSpeech").rglob("*.flac"))[:4]
        + sorted((corpora / "RAVDESS").rglob("*.wav"))[:3]
    )
    voices += sorted((corpora / "waves_yesno").glob("*.wav"))[:3]
    if not noises or not voices:
        pytest.skip(f"no LibriSpeech, RAVDESS, yesno or ESC-50 under {corpora}")
    steps = prepared(bank, noises)
    labelled = 0
    for path in voices:
        recording = Recording.from_file(path)
        said = SupervisionSegment(path.stem, recording.id, 0, recording.duration, text="x")
        cut = MonoCut(path.stem, 0, recording.duration, 0, recording=recording, supervisions=[said])
        augmented = augment_one(cut, steps)
        if not why_unlabelled(augmented):
            assert active_snr_db(augmented, cut) == pytest.approx(read_facts(augmented)["snr_db"], abs=0.05)
            labelled += 1
    assert labelled > 5


def test_notes_of_prepare_make_the_labels_that_measuring_makes(shared: Path, bank: Bank) -> None:
    """A noted clip isn't decoded; its noise is as loud, and what is heard is what is said, in a room as well."""
    paths = sorted((shared / "corpora" / "LibriSpeech").rglob("*.flac"))[::8]
    if not paths:
        pytest.skip(f"no LibriSpeech under {shared / 'corpora'}")
    labelled = 0
    for number, path in enumerate(paths):
        recording = Recording.from_file(path)
        said = SupervisionSegment(path.stem, recording.id, 0, recording.duration, text="x")
        cut = MonoCut(path.stem, 0, recording.duration, 0, recording=recording, supervisions=[said])
        heard = active_level(cut.load_audio()[0], 16_000)
        assert heard is not None
        settings: list[dict[str, Any]] = [
            {"noise": {"share": 1, "colours": ["pink"], "snr_db": {"uniform": [0, 20]}}}
        ]
        if number % 2:
            settings.insert(0, {"room": {"share": 1, "bank": str(bank.folder)}})
        steps = prepare_steps(read_steps(settings), "train", Path(), lambda _: [])
        [made], [of_note] = (augment_cut(one, steps, 7) for one in (cut, with_note(cut, heard)))
        facts, noted = read_facts(made), read_facts(of_note)
        assert facts.get("snr_db") == noted.get("snr_db")
        assert "heard" not in of_note.tracks[0].cut.custom
        if "snr_db" not in facts:
            continue
        labelled += 1
        assert active_snr_db(of_note, cut) == pytest.approx(noted["snr_db"], abs=0.1)
        if not number % 2:
            assert noted["full_snr_db"] == pytest.approx(facts["full_snr_db"], abs=0.02)
    assert labelled >= 5
