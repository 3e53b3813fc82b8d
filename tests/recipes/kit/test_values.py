"""One value for one thing over all corpora, and what may not be offered beside it."""

import importlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from cryfish.recipes.kit.ages import age_span
from cryfish.recipes.kit.facts import FACTS, check_fact
from cryfish.recipes.kit.forms import form, head
from cryfish.recipes.kit.registry import corpora
from cryfish.recipes.kit.values import TABLES, alike, canonical, most_specific, vocabulary

VOCABULARIES = sorted(set(TABLES.values()))

CODED = {
    "_ACCENTS": "accent",
    "_DIALECTS": "accent",
    "_INSTRUMENTS": "instrument",
    "_FAMILIES": "instrument",
    "_GENRES": "music_genre",
    "_PLACES": "scene",
    "_ROOMS": "room",
    "_COUNTRIES": "nationality",
    "_SOUNDS": "sound_events",
    "_NOISES": "noise_type",
}
"""How recipes call their tables of values, and the fact that these are of."""


def values_in_code() -> Iterator[tuple[str, str, str]]:
    for name, found in corpora().items():
        module = importlib.import_module(f"cryfish.{found.home}")
        for table, fact in CODED.items():
            held = getattr(module, table, {})
            for value in held.values() if isinstance(held, dict) else ():
                for item in value if isinstance(value, list) else [value]:
                    if item is not None:
                        yield name, fact, item


@pytest.mark.parametrize("tables", VOCABULARIES, ids="+".join)
def test_a_table_names_each_thing_once_and_leads_to_the_top(tables: tuple[str, ...]) -> None:
    known = vocabulary(*tables)
    for value, names in known.listed.items():
        assert known.value(value) == value
        for other in names:
            assert known.value(other) == value, f"'{other}' stands for {known.value(other)} and {value}"
    above = {broader for broaders in known.above.values() for broader in broaders}
    assert above <= set(known.listed)
    assert not [value for value in known.listed if value in known.above[value]]


def test_tables_are_of_facts() -> None:
    assert TABLES.keys() <= FACTS.keys()


@pytest.mark.parametrize(
    ("fact", "names", "value"),
    [
        # ESC-50, UrbanSound8K, VGGSound, AudioSet, FSD50K, Donate-a-Cry.
        ("sound_events", ("crying baby", "Baby cry, infant cry", "baby crying", "baby cries"), "baby crying"),
        ("sound_events", ("dog bark", "Bark", "dog barking", "barking dog"), "dog barking"),
        ("noise_type", ("rain", "raining", "Rain"), "rain"),
        ("sound_events", ("chirping birds", "Chirp, tweet", "bird chirping, tweeting", "chirp and tweet"),
         "bird chirping"),
        ("sound_events", ("air conditioner", "air conditioning noise"), "air conditioning"),
        ("sound_events", ("playing violin, fiddle", "Violin, fiddle", "violin and fiddle"), "violin"),
        ("music_genre", ("hip-hop", "hiphop", "Hip hop music"), "hip hop"),
        ("music_genre", ("punkrock", "punk", "Punk rock"), "punk rock"),
        ("music_tags", ("no singer", "no voice", "no vocals"), "no vocals"),
        ("accent", ("american", "USA", "United States English"), "American"),
        ("accent", ("NorthernIrish", "Northern Ireland"), "Northern Irish"),
        ("nationality", ("USA", "US", "united states of america"), "United States"),
        ("scene", ("metro station", "Underground station"), "subway station"),
        ("age_group", ("20-29", "20s", "20 to 29", "Twenties"), "twenties"),
        ("age_group", ("22-40", "22 – 40"), "22 to 40"),
        ("pitch", ("Db4", "C#4", "D♭4"), "C#4"),
        ("pitch", ("Cb4",), "B3"),
        ("language", ("EN-us", "en_US"), "en-us"),
        ("native_language", ("German", "de", "DE"), "de"),
        ("language", ("Mandarin",), "zh"),
    ],
)  # fmt: skip
def test_names_become_one_value(fact: str, names: tuple[str, ...], value: str) -> None:
    for name in names:
        given = [name] if FACTS[fact].type is list else name
        made = check_fact(fact, given, "clip 1")
        assert made == ([value] if FACTS[fact].type is list else value), name


def test_a_list_holds_a_thing_once() -> None:
    assert check_fact("sound_events", ["bark", "dog bark", "rain"], "clip 1") == ["dog barking", "rain"]


def test_what_no_table_knows_stays_as_it_is() -> None:
    assert check_fact("sound_events", ["Quantum Fluctuation"], "clip 1") == ["Quantum Fluctuation"]
    assert check_fact("speaker", "rain", "clip 1") == "rain"


def test_every_value_in_a_recipe_is_known() -> None:
    found = list(values_in_code())
    assert len(found) > 150
    unknown = [
        (corpus, fact, value)
        for corpus, fact, value in found
        if fact != "accent" and vocabulary(*TABLES[fact]).value(value) is None
    ]
    assert not unknown


def test_no_two_values_of_all_corpora_are_one_thing(
    miniature_module: Callable[[str], ModuleType],
) -> None:
    """Over all miniatures and all tables in recipes: two values that differ don't have the same words."""
    values: dict[str, set[str]] = defaultdict(set)
    for name in corpora():
        for _, facts in miniature_module(name).CLIPS.values():
            for fact, value in facts.items():
                for item in value if isinstance(value, list) else [value]:
                    if fact in TABLES:
                        values[fact].add(item)
                        assert canonical(fact, item) == item, f"{name}: {item}"
    for _, fact, value in values_in_code():
        values[fact].add(canonical(fact, value))
    assert len(values["accent"]) > 100
    for fact, found in values.items():
        by_form = defaultdict(set)
        for value in found:
            by_form[form(value)].add(value)
        same = [sorted(several) for several in by_form.values() if len(several) > 1]
        # The genre of IRMAS that holds both, and the style between the two; they are never options together.
        assert [several for several in same if several != ["pop and rock", "pop rock"]] == [], fact


ALIKE: list[tuple[str, str, str]] = [
    ("accent", "American", "North American"),
    ("accent", "Canadian", "North American"),
    ("accent", "Southern American", "North American"),
    ("accent", "Northern Irish", "Irish"),
    ("accent", "Northern Irish", "British"),
    ("accent", "Scottish", "British"),
    ("accent", "Mandarin", "Chinese"),
    ("accent", "Hindi", "Indian"),
    ("accent", "Indian", "South Asian"),
    ("accent", "Brazilian", "Portuguese"),
    ("language", "Chinese", "Cantonese"),
    ("language", "zh", "zh-cn"),
    ("language", "no", "Norwegian Nynorsk"),
    ("language", "es", "es-mx"),
    ("sound_events", "speech", "male speech"),
    ("sound_events", "dog", "dog barking"),
    ("sound_events", "animal", "baby wolf of an animal"),
    ("sound_events", "snake", "hissing"),
    ("sound_events", "noise", "rain"),
    ("sound_events", "music", "electric guitar"),
    ("noise_type", "crowd", "speech babble"),
    ("instrument", "guitar", "electric guitar"),
    ("instrument", "drum kit", "percussion"),
    ("instrument", "bass", "double bass"),
    ("music_genre", "rock", "punk rock"),
    ("music_genre", "jazz", "jazz and blues"),
    ("age_group", "twenties", "20-29"),
    ("age_group", "twenties", "22 to 40"),
    ("age_group", "65+", "41 to 65"),
    ("age_group", "7 months to 2 years", "0 to 3 years"),
    ("nationality", "England", "UK"),
    ("scene", "office", "hallway of an office"),
    ("codec", "MP3", "MP3, then AAC"),
    ("text", "house", "houses,"),
    # Nobody's table knows these.
    ("sound_events", "tin kettle clinking", "clinking tin kettle"),
    ("sound_events", "fizzwidget", "red fizzwidget"),
    ("instrument", "hurdy-gurdy of Mull", "blue hurdy-gurdy"),
    ("microphone", "lapel microphone", "studio microphone"),
]
APART: list[tuple[str, str, str]] = [
    ("accent", "American", "Scottish"),
    ("accent", "Canadian", "American"),
    ("accent", "German", "French"),
    ("language", "German", "Dutch"),
    ("language", "es", "pt"),
    ("sound_events", "dog", "cat"),
    ("sound_events", "car horn", "train horn"),
    ("sound_events", "speech", "music"),
    ("sound_events", "noise", "speech"),
    ("sound_events", "rain", "train"),
    ("instrument", "oboe", "clarinet"),
    ("instrument", "violin", "viola"),
    ("music_genre", "rock", "jazz"),
    ("age_group", "twenties", "thirties"),
    ("age_group", "22 to 40", "41 to 65"),
    ("age_group", "0 to 4 weeks", "4 to 8 weeks"),
    ("dynamics", "forte", "mezzo forte"),
    ("emotion", "happy", "excited"),
    ("scene", "kitchen", "living room"),
    ("intent", "alarm set", "play music"),
    ("pitch", "C#4", "C4"),
    ("pitch", "C#1", "C-1"),
    ("codec", "A-law", "mu-law"),
    ("keyword", "+", "-"),
    ("sound_events", "♪", "rain"),
    ("text", "houses", "horses"),
]


@pytest.mark.parametrize(("fact", "one", "other"), ALIKE)
def test_what_may_both_be_so_is_alike(fact: str, one: str, other: str) -> None:
    assert alike(fact, one, other)
    assert alike(fact, other, one)


@pytest.mark.parametrize(("fact", "one", "other"), APART)
def test_what_excludes_each_other_is_not_alike(fact: str, one: str, other: str) -> None:
    assert not alike(fact, one, other)
    assert not alike(fact, other, one)


def test_all_that_is_above_a_value_is_alike() -> None:
    for fact, tables in TABLES.items():
        known = vocabulary(*tables)
        for value, above in known.above.items():
            assert all(alike(fact, value, broader) for broader in above), (fact, value)


def test_a_thing_and_what_it_is_a_kind_of_are_one_sound() -> None:
    said = ["electric guitar", "guitar", "plucked string instrument", "musical instrument", "music"]
    assert most_specific("sound_events", said) == ["electric guitar"]
    assert most_specific("sound_events", ["dog barking", "rain"]) == ["dog barking", "rain"]


@pytest.mark.parametrize(
    ("name", "stems", "about"),
    [
        ("Dishes, pots, and pans", {"dish", "pot", "pan"}, "dish"),
        ("horn of a car", {"horn", "car"}, "horn"),
        ("The babies' cries", {"baby", "cry"}, "cry"),
        ("dropping", {"drop"}, "drop"),
        ("ring", {"ring"}, "ring"),
        ("in", {"in"}, "in"),
        ("A-law", {"a", "law"}, "law"),
        ("Chirp_and_tweet", {"chirp", "tweet"}, "tweet"),
        ("+", set(), ""),
    ],
)
def test_forms(name: str, stems: set[str], about: str) -> None:
    assert form(name) == stems
    assert head(name) == about


@pytest.mark.parametrize(
    ("group", "span"),
    [
        ("teens", (13.0, 20.0)),
        ("more than 2 years", (2.0, float("inf"))),
        ("under 18", (0.0, 18.0)),
        ("30-39", (30.0, 40.0)),
        ("seasoned", None),
    ],
)
def test_ages(group: str, span: Any) -> None:
    assert age_span(group) == span
