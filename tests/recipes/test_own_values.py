"""What values of own data mean, and what a column of which name and values is taken for."""

from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.prepare.own.mapping import (
    PLACES,
    Column,
    ColumnMap,
    parse_columns,
    parse_mapping,
    read_always,
    read_map,
)
from cryfish.pipeline.prepare.own.proposal import as_given, as_yaml, propose
from cryfish.pipeline.prepare.own.row import Row
from cryfish.pipeline.prepare.own.values import NotAValue, fact_value, table
from cryfish.recipes.kit.facts import FACTS


@pytest.mark.parametrize(
    ("fact", "value", "means"),
    [
        ("gender", "M", "male"),
        ("gender", " Female ", "female"),
        ("gender", "female_feminine", "female"),
        ("gender", "unknown", None),
        ("emotion", "Happiness", "happy"),
        ("emotion", "ANG", "angry"),
        ("language", "German", "de"),
        ("language", "Deutsch", "de"),
        ("language", "deu", "de"),
        ("language", "en_US", "en-us"),
        ("language", "русский", "ru"),
        ("age", "34", 34),
        ("age", 34.0, 34),
        ("age", float("nan"), None),
        ("rt60_s", "0,4", 0.4),
        ("speaker", 12, "12"),
        ("speaker", 12.0, "12"),
        ("text", "none", "none"),
        ("text", "two\n lines", "two lines"),
        ("keyword", "unknown", "unknown"),
        ("sound_events", "dog; rain", ["dog", "rain"]),
        ("sound_events", ["dog", "rain"], ["dog", "rain"]),
        ("sound_events", [], None),
        ("speaker", ["7"], "7"),
    ],
)
def test_what_a_value_means(fact: str, value: Any, means: Any) -> None:
    assert fact_value(fact, value) == means


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("emotion", "grumpy"),
        ("language", "Klingonese"),
        ("age", "thirty"),
        ("age", "34.5"),
        ("age", "inf"),
        ("speaker", ["7", "8"]),
    ],
)
def test_what_is_no_value(fact: str, value: Any) -> None:
    with pytest.raises(NotAValue):
        fact_value(fact, value)


def test_the_tables_speak_of_what_there_is() -> None:
    targets = [target for target, *_ in table("columns.tsv")]
    assert set(targets) <= {*FACTS, *PLACES}
    assert len(set(targets)) == len(targets)
    words = [word for _, *more in table("columns.tsv") for word in more]
    assert len(set(words)) == len(words), "a word stands for one thing"
    for fact, value, *_ in table("values.tsv"):
        assert fact == "split" or value in (FACTS[fact].values or ())


def test_a_column_is_used_only_where_nothing_speaks_against_it() -> None:
    rows = [
        Row(
            "t",
            {
                "file": f"{number}.wav",
                "Speaker ID": number % 3,
                "age": ["twenties", "thirties"][number % 2],
                "emotion": ["happy", "grumpy"][number % 2],
                "sentence": "Hello.",
                "transcript": "hello",
                "label": ["angry", "sad"][number % 2],
                "lang": "",
                "duration": 2.5,
                "source": "web",
                "pitch": "210.5",
                "speeker": "a",
            },
        )
        for number in range(10)
    ]
    proposal = propose(rows, ColumnMap())
    used = {name: column.target for name, column in proposal.columns.columns.items()}
    assert used == {"file": "audio", "Speaker ID": "speaker", "emotion": "emotion"}
    why = proposal.unsure
    assert why["age"] == "may be age, but holds thirties, twenties where a whole number should be"
    assert "sentence and transcript could each be text" in why["sentence"]
    assert why["label"] == "may be emotion"
    assert why["lang"] == "holds nothing"
    assert why["duration"] == "without a start the whole file is the clip"
    assert why["speeker"] == "did you mean 'speaker'?"
    assert {"source", "pitch"} <= why.keys()
    assert "      # grumpy: ?  # not known: neutral, calm" in as_yaml(proposal, "mine", "cryfish prepare")
    again = propose(rows, ColumnMap({"transcript": Column("text")}))
    assert "would be text, which is said already" in again.unsure["sentence"]


def test_a_mapping_is_read_and_its_mistakes_named() -> None:
    columns = parse_columns({"mood": {"fact": "emotion", "values": {"x": "sad", "y": None}}, "a": "age"}, "m")
    assert columns == {"mood": Column("emotion", {"x": "sad", "y": None}), "a": Column("age")}
    mapping = ColumnMap(columns)
    assert mapping.apply(Row("t", {"mood": "x", "a": "3"}), "x.wav") == {"emotion": "sad", "age": 3}
    assert mapping.apply(Row("t", {"mood": "y", "a": ""}), "x.wav") == {}
    divided = ColumnMap({"tags": Column("music_tags", {"b": "bright"}, ",")})
    assert divided.apply(Row("t", {"tags": "a, b"}), "x.wav") == {"music_tags": ["a", "bright"]}
    assert read_map(["a=b=emotion"], "--map") == {"a=b": Column("emotion")}
    assert read_always(["language=German"], "--always") == {"language": "de"}
    for content, message in (
        ([], "must hold `columns:`"),
        ({"column": {}}, "unknown field 'column' (did you mean 'columns'?)"),
        ({"columns": {"a": 3}}, "column 'a' must be the name of a fact"),
        ({"columns": {"a": {"fact": "age", "value": {}}}}, "unknown field 'value' (did you mean 'values'?)"),
        (
            {"columns": {"a": {"fact": "emotion", "values": {"x": "grumpy"}}}},
            "makes 'x' 'grumpy', which as emotion is",
        ),
        ({"columns": {}, "always": {"langage": "en"}}, "no fact 'langage' (did you mean 'language'?)"),
    ):
        with pytest.raises(InputError) as caught:
            parse_mapping(content, "m.yaml")
        assert message in str(caught.value)


def test_values_of_a_list_are_translated_one_by_one() -> None:
    column = Column("sound_events", {"Hund": "dog", "x": None})
    row = Row("here", {"heard": ["Hund", "rain", "x"]})
    assert ColumnMap({"heard": column}).apply(row, "a.wav") == {"sound_events": ["dog", "rain"]}


def test_what_names_several_clips_alike_is_no_id() -> None:
    rows = [Row("t", {"file": f"{n}.wav", "id": "anna", "clip_id": f"c{n}"}) for n in range(4)]
    proposal = propose(rows, ColumnMap())
    assert proposal.columns.column_of("id") == "clip_id"
    assert proposal.unsure["id"] == "would be id, but several rows have the same"
    without = propose(
        [Row("t", {"file": "a.wav", "id": "x"}), Row("t", {"file": "b.wav", "id": "x"})], ColumnMap()
    )
    assert without.columns.column_of("id") is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"columns": {"a": {"fact": "text", "between": 5}}}, "'between' must be what stands between values"),
        ({"columns": {"a": {"fact": "text", "between": {"x": 1}}}}, "'between' must be"),
        ({"always": {"speaker": {"a": 1}}}, "values within a value"),
        ({"always": {"sound_events": [["dog"]]}}, "values within a value"),
        ({"always": {"split": "test"}}, "'split' is told of each clip, by a column"),
        ({"always": {"language": "Klingonese"}}, "is not a language's English name"),
    ],
)
def test_a_mapping_of_another_form_is_one_sentence(content: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_mapping(content, "m.yaml")


def test_a_column_that_is_called_as_a_fact_is_said_to_be_one() -> None:
    rows = [Row("t", {"clip": "a.wav", "age": "31", "spk": "anna"})]
    unsure = as_given(rows, ColumnMap({"clip": Column("audio")})).unsure
    assert unsure == {"age": "may be age", "spk": "may be speaker"}
