"""The recipes on real pieces of their corpora: counts, facts of chosen clips, and Lhotse as the oracle."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lhotse import MonoCut
from lhotse.recipes import prepare_librispeech, prepare_ljspeech, prepare_yesno

from cryfish.recipes.kit.corpus import BadClip, Clip
from cryfish.recipes.kit.facts import read_facts
from cryfish.recipes.kit.registry import corpora, recipe

Prepare = Callable[[str], Any]

COUNTS = {
    "asterisk": 100,
    "clotho": 3,
    "donateacry": 20,
    "esc50": 40,
    "fsdd": 320,
    "librispeech": 60,
    "librosa_examples": 29,
    "ljspeech": 8,
    "philharmonia": 106,
    "ravdess": 32,
    "rir_files": 6,
    "speech_commands": 9,
    "tuxpaint": 444,
    "voicebank_demand": 12,
    "yesno": 60,
}


@pytest.mark.parametrize("name", COUNTS)
def test_every_clip_of_the_real_piece_is_there_with_promised_facts(real: Prepare, name: str) -> None:
    cuts, bad = real(name)
    assert len(cuts) == COUNTS[name]
    assert set(bad) == ({"animals_lizards_iguana"} if name == "tuxpaint" else set())
    corpus = corpora()[name].corpus
    known = [read_facts(cut) for cut in cuts.values()]
    assert all(known) or name == "asterisk"
    assert set().union(*known) <= set(corpus.facts)
    assert {facts["language"] for facts in known if "language" in facts} <= set(corpus.languages)
    for cut in cuts.values():
        assert cut.id.startswith(f"{name}-")
        assert cut.custom["split"] in corpus.splits


def test_loose_utterances_of_librispeech(shared: Path, prepare: Callable[..., Any]) -> None:
    folder = shared / "corpora/librispeech_train-clean-100_one-utt-per-speaker"
    cuts, bad = prepare("librispeech", folder)
    assert bad == {}
    assert len(cuts) == 20
    assert {cut.custom["split"] for cut in cuts.values()} == {"train-clean-100"}
    facts = [read_facts(cut) for cut in cuts.values()]
    assert len({known["speaker"] for known in facts}) == 20
    assert all(known["gender"] in ("female", "male") for known in facts)


def test_audiocaps_without_its_videos(shared: Path) -> None:
    """The real tables: every row is understood; the audio isn't published with them."""
    clips = list(recipe("audiocaps").clips(shared / "corpora/audiocaps"))
    assert not [clip for clip in clips if isinstance(clip, BadClip)]
    found = {clip.id: clip for clip in clips if isinstance(clip, Clip)}
    assert len(found) == 1470
    clip = found["vfY_TJq7n_U-130"]
    assert (clip.split, clip.facts["caption"][0]) == (
        "val",
        "Rustling occurs, ducks quack and water splashes, followed by an adult female and adult male speaking "
        "and duck calls being blown",
    )


SPOT_CHECKS: list[tuple[str, dict[str, Any], str]] = [
    (
        "librispeech-533-1066-0000",
        {
            "text": "WHEN CHURCHYARDS YAWN",
            "speaker": "533",
            "gender": "female",
            "language": "en",
        },
        "test-other",
    ),
    (
        "fsdd-7_nicolas_3",
        {"text": "seven", "speaker": "nicolas", "gender": "male", "language": "en", "accent": "French"},
        "test",
    ),
    (
        "fsdd-0_yweweler_5",
        {"text": "zero", "speaker": "yweweler", "gender": "male", "language": "en", "accent": "German"},
        "train",
    ),
    (
        "ravdess-03-01-06-01-01-01-02",
        {
            "text": "Kids are talking by the door",
            "speaker": "02",
            "gender": "female",
            "language": "en",
            "accent": "North American",
            "emotion": "fearful",
            "emotion_intensity": "normal",
        },
        "train",
    ),
    ("esc50-4-102844-A-49", {"sound_events": ["hand saw"], "source": "102844"}, "fold4"),
    (
        "asterisk-es_MX_f_Allison_digits_h-18",
        {"text": "decimo octavo", "speaker": "Allison", "gender": "female", "language": "es-mx"},
        "all",
    ),
    (
        "asterisk-en_US_f_Allison_dir-usingkeypad",
        {
            "text": "using your touchtone keypad. Use the 7 key for Q, and the 9 key for Z.",
            "speaker": "Allison",
            "gender": "female",
            "language": "en-us",
        },
        "all",
    ),
    (
        "asterisk-es_MX_f_Allison_vm-tempgreetactive",
        {"speaker": "Allison", "gender": "female", "language": "es-mx"},
        "all",
    ),
    (
        "tuxpaint-animals_birds_crow_desc_fr",
        {
            "text": "Un corbeau.",
            "language": "fr",
            "translation": "A crow.",
            "source": "animals/birds/crow",
        },
        "train",
    ),
    (
        "tuxpaint-animals_birds_crow_desc",
        {"text": "A crow.", "language": "en", "source": "animals/birds/crow"},
        "train",
    ),
    (
        "tuxpaint-animals_birds_crow",
        {"sound_events": ["crow"], "source": "animals/birds/crow"},
        "train",
    ),
    (
        "tuxpaint-animals_mammals_echidna_desc_ca",
        {"language": "ca", "source": "animals/mammals/echidna"},
        "train",
    ),
    (
        "tuxpaint-household_toilet",
        {"sound_events": ["toilet"], "source": "household/toilet"},
        "train",
    ),
    (
        "tuxpaint-hobbies_music_percussion_drum_tomtom_floor",
        {
            "sound_events": ["floor tom drum"],
            "instrument": "floor tom drum",
            "source": "hobbies/music/percussion/drum_tomtom_floor",
        },
        "train",
    ),
]


@pytest.mark.parametrize(("cut_id", "facts", "split"), SPOT_CHECKS, ids=[check[0] for check in SPOT_CHECKS])
def test_facts_of_chosen_clips(real: Prepare, cut_id: str, facts: dict[str, Any], split: str) -> None:
    cut = real(cut_id.partition("-")[0])[0][cut_id]
    assert read_facts(cut) == facts
    assert cut.custom["split"] == split


def test_librispeech_agrees_with_lhotse(real: Prepare, shared: Path) -> None:
    parts = prepare_librispeech(shared / "corpora/LibriSpeech")
    expected = {
        segment.id: (segment.text, segment.speaker, segment.duration)
        for part in parts.values()
        for segment in part["supervisions"]
    }
    rates = {recording.sampling_rate for part in parts.values() for recording in part["recordings"]}

    def told(cut: MonoCut) -> tuple[str, str, float]:
        segment = cut.supervisions[0]
        return segment.text, segment.speaker, segment.duration

    cuts, _ = real("librispeech")
    assert {name.removeprefix("librispeech-"): told(cut) for name, cut in cuts.items()} == expected
    assert {cut.sampling_rate for cut in cuts.values()} == rates
    genders = {cut.supervisions[0].speaker: cut.supervisions[0].gender for cut in cuts.values()}
    assert sorted(genders.values()) == ["female"] * 3 + ["male"] * 3


def test_ljspeech_agrees_with_lhotse(real: Prepare, shared: Path) -> None:
    expected = {
        segment.id: segment for segment in prepare_ljspeech(shared / "corpora/LJSpeech-1.1")["supervisions"]
    }
    cuts, _ = real("ljspeech")
    assert {name.removeprefix("ljspeech-") for name in cuts} == set(expected)
    for name, cut in cuts.items():
        ours, theirs = cut.supervisions[0], expected[name.removeprefix("ljspeech-")]
        assert (ours.text, ours.gender) == (theirs.text, theirs.gender)
        # Lhotse trims a microsecond where a rounded time would pass the end of the recording.
        assert ours.duration == pytest.approx(theirs.duration, abs=1e-5)


def test_yesno_agrees_with_lhotse(real: Prepare, shared: Path) -> None:
    words = {"YES": "כן", "NO": "לא"}
    expected = {
        segment.id: (" ".join(words[word] for word in segment.text.split()), segment.duration)
        for part in prepare_yesno(shared / "corpora/waves_yesno").values()
        for segment in part["supervisions"]
    }
    told = {
        name.removeprefix("yesno-"): (cut.supervisions[0].text, cut.supervisions[0].duration)
        for name, cut in real("yesno")[0].items()
    }
    assert told == expected


def test_balance_and_oddities_of_the_real_pieces(real: Prepare) -> None:
    emotions = [read_facts(cut)["emotion"] for cut in real("ravdess")[0].values()]
    assert {emotions.count(emotion) for emotion in emotions} == {4}
    splits = [cut.custom["split"] for cut in real("fsdd")[0].values()]
    assert (splits.count("test"), splits.count("train")) == (200, 120)
    tuxpaint = real("tuxpaint")[0]
    # 21 French readings have an empty left channel.
    assert sum(cut.channel == 1 for cut in tuxpaint.values()) == 21
    assert tuxpaint["tuxpaint-animals_mammals_equines_horse_desc_da"].duration < 0.31
    assert sum("text" in read_facts(cut) for cut in tuxpaint.values()) == 395
    assert not any("speaker" in read_facts(cut) for cut in tuxpaint.values())
    speakers = {read_facts(cut)["speaker"] for cut in real("asterisk")[0].values()}
    assert speakers == {"Allison", "June", "Carlo", "IvrvoiceRU"}


def test_the_order_of_clips_is_stable(shared: Path) -> None:
    found = corpora()["tuxpaint"]
    folder = shared / "corpora/tuxpaint-stamps"
    assert list(found.clips(folder)) == list(found.clips(folder))
