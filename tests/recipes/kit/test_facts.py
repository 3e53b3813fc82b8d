"""The vocabulary, and facts in and out of plain and mixed cuts."""

import math
from typing import Any

import pytest
from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.audio import AudioSource
from lhotse.cut import PaddingCut
from lhotse.serialization import deserialize_item

from cryfish.errors import InputError
from cryfish.recipes.kit.facts import FACTS, check_fact, read_facts, with_facts
from cryfish.recipes.kit.languages import LANGUAGES, language_name


def make_cut(name: str = "corpus-1", facts: dict[str, Any] | None = None, **supervision: str) -> MonoCut:
    recording = Recording(
        id=name,
        sources=[AudioSource("file", [0], "a.wav")],
        sampling_rate=16000,
        num_samples=16000,
        duration=1.0,
    )
    supervisions = [SupervisionSegment(name, name, 0.0, 1.0, **supervision)] if supervision else []
    custom = {"corpus": "corpus", "split": "all", "facts": facts or {}}
    return MonoCut(name, 0.0, 1.0, 0, supervisions=supervisions, recording=recording, custom=custom)


def test_facts_of_the_supervision_and_of_custom_become_one_flat_dict() -> None:
    cut = make_cut(facts={"snr_db": 5.0}, text="Hi", speaker="7", gender="female", language="en")
    assert read_facts(cut) == {
        "text": "Hi",
        "speaker": "7",
        "gender": "female",
        "language": "en",
        "snr_db": 5.0,
    }


def test_new_facts_go_where_they_belong_and_the_old_cut_stays() -> None:
    old = make_cut(facts={"source": "x"}, text="Hi")
    before = old.to_dict()
    new = with_facts(old, gender="male", rt60_s=1, noise_type=["rain"])
    assert old.to_dict() == before
    assert new.supervisions[0].gender == "male"
    assert new.custom["facts"] == {"source": "x", "rt60_s": 1.0, "noise_type": ["rain"]}
    assert read_facts(new)["text"] == "Hi"


def test_a_cut_without_supervision_gets_one_with_its_first_spoken_fact() -> None:
    new = with_facts(make_cut(), language="fr")
    assert new.supervisions[0].duration == 1.0
    assert read_facts(new) == {"language": "fr"}


@pytest.mark.parametrize("padded", [False, True])
def test_facts_of_a_mix_are_those_of_its_first_real_cut(padded: bool) -> None:
    speech = make_cut("speech", text="Hi")
    noise = make_cut("noise", facts={"sound_events": ["rain"]})
    mixed = speech.mix(noise, snr=10, preserve_id="left")
    if padded:
        mixed = mixed.pad(duration=2.0, direction="left")
        assert isinstance(mixed.tracks[0].cut, PaddingCut)
    noisy = with_facts(mixed, snr_db=10.0, text="Ho")
    assert read_facts(mixed) == {"text": "Hi"}
    assert read_facts(noisy) == {"text": "Ho", "snr_db": 10.0}
    assert read_facts(speech) == {"text": "Hi"}
    assert read_facts(deserialize_item(noisy.to_dict())) == read_facts(noisy)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("langauge", "en", "did you mean 'language'"),
        ("snr_db", "5", "should be float, not str"),
        ("snr_db", True, "should be float, not bool"),
        ("snr_db", math.nan, "finite"),
        ("age", 31.5, "should be int"),
        ("gender", "F", "not one of male, female, other"),
        ("language", "Inglés", "lower-case code"),
        ("language", "en US", "lower-case code"),
        ("language", "xx", "recipes/kit/languages.py"),
        ("text", " hello", "strip"),
        ("text", "", "leave out"),
        ("sound_events", "dog", "a list of str"),
        ("sound_events", [], "empty list"),
        ("sound_events", ["dog", 3], "holds 3"),
    ],
)
def test_a_bad_fact_is_refused_by_recipe_clip_and_field(name: str, value: object, says: str) -> None:
    with pytest.raises(InputError, match=f"^recipe corpus, clip corpus-1: .*{name}.*") as problem:
        with_facts(make_cut(), **{name: value})
    assert says in str(problem.value)


def test_a_foreign_cut_with_a_bad_fact_is_refused_on_reading() -> None:
    with pytest.raises(InputError, match="'gender' is 'F'"):
        read_facts(make_cut(gender="F"))


def test_padding_and_several_supervisions_are_refused() -> None:
    with pytest.raises(InputError, match="padding"):
        read_facts(make_cut().pad(duration=2.0).tracks[1].cut)
    cut = make_cut(text="Hi")
    cut.supervisions.append(cut.supervisions[0])
    with pytest.raises(InputError, match="2 supervisions"):
        read_facts(cut)


def test_an_int_is_a_float_too() -> None:
    value = check_fact("distance_m", 2, "here")
    assert value == 2.0
    assert isinstance(value, float)


def test_every_fact_is_described() -> None:
    for name, fact in FACTS.items():
        assert fact.name == name
        assert fact.description.endswith(".")
        assert (fact.unit != "") == (fact.type in (int, float))


def test_languages() -> None:
    assert len(LANGUAGES) > 150
    assert language_name("es-mx") == "Spanish"
    for code in ("haw", "ceb", "sco", "war", "jv", "he", "yue", "ba", "ln", "nn", "tt", "ast"):
        assert LANGUAGES[code][0].isupper()
    # A name belongs to one code, or an answer couldn't be told apart.
    assert len(set(LANGUAGES.values())) == len(LANGUAGES)


def test_recipes_name_known_facts() -> None:
    from cryfish.recipes.kit.registry import corpora, recipe

    assert {"asterisk", "esc50", "fsdd", "librispeech", "ravdess", "tuxpaint"} <= set(corpora())
    assert list(corpora()) == sorted(corpora())
    for found in corpora().values():
        assert set(found.corpus.facts) <= set(FACTS)
        for language in found.corpus.languages:
            check_fact("language", language, found.corpus.name)
    with pytest.raises(InputError, match="no recipe 'librespeech' \\(did you mean 'librispeech'\\?\\)"):
        recipe("librespeech")
