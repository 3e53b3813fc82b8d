"""The six recipes on real pieces of their corpora: counts, facts of chosen clips, and Lhotse as the oracle."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lhotse import MonoCut
from lhotse.recipes import prepare_librispeech

from cryfish.recipes.facts import read_facts
from cryfish.recipes.registry import corpora

Prepare = Callable[[str], Any]

COUNTS = {"asterisk": 100, "esc50": 40, "fsdd": 320, "librispeech": 60, "ravdess": 32, "tuxpaint": 444}


@pytest.mark.parametrize("name", COUNTS)
def test_every_clip_of_the_real_piece_is_there_with_promised_facts(real: Prepare, name: str) -> None:
    cuts, bad = real(name)
    assert len(cuts) == COUNTS[name]
    assert set(bad) == ({"animals_lizards_iguana"} if name == "tuxpaint" else set())
    corpus = corpora()[name].corpus
    known = [read_facts(cut) for cut in cuts.values()]
    assert set().union(*known) - {"instrument"} == set(corpus.facts) - {"instrument"}
    languages = {facts["language"] for facts in known if "language" in facts}
    assert languages == set(corpus.languages)
    for cut in cuts.values():
        assert cut.id.startswith(f"{name}-")
        assert cut.custom["split"] in corpus.splits


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
        "all",
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
        "all",
    ),
    (
        "tuxpaint-animals_birds_crow_desc",
        {"text": "A crow.", "language": "en", "source": "animals/birds/crow"},
        "all",
    ),
    (
        "tuxpaint-animals_birds_crow",
        {"sound_events": ["crow"], "source": "animals/birds/crow"},
        "all",
    ),
    (
        "tuxpaint-animals_mammals_echidna_desc_ca",
        {"language": "ca", "source": "animals/mammals/echidna"},
        "all",
    ),
    (
        "tuxpaint-household_toilet",
        {"sound_events": ["toilet"], "source": "household/toilet"},
        "all",
    ),
    (
        "tuxpaint-hobbies_music_percussion_drum_tomtom_floor",
        {
            "sound_events": ["floor tom drum"],
            "instrument": "floor tom drum",
            "source": "hobbies/music/percussion/drum_tomtom_floor",
        },
        "all",
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
