"""What is wrong in a config is said in plain words: the field, what it may be, what was found. Every field is tried."""

import dataclasses
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from cryfish.errors import InputError
from cryfish.mistakes import checked
from cryfish.model.train.settings import EvaluateSettings, TrainSettings
from cryfish.pipeline.augment.settings import read_steps, step_settings
from cryfish.pipeline.config import Config, parse_config
from cryfish.pipeline.rirs.specification import RirBankSpec, read_spec

WRONG: tuple[Any, ...] = (
    None, True, "soon", "", -1, 0, 0.5, 99.5, 10**40, math.nan, math.inf, [], ["x"], [None], [[1]], {}, {"x": None},
    {"x": -1}, {"x": "y"}, {"x": [1]}, {None: 1}, {1: {}}, [1, 2, 3], [2, 1], {"uniform": [1]}, {"uniform": [1, "x"]},
    {"choice": []}, {"uniform": None},
)  # fmt: skip
JARGON = re.compile(
    r"(?i:input should|valid (integer|number|string|dict|list|tuple|boolean)|constrained|validation|literal|pydantic|"
    r"dictionary|instance|<class|unable to|keyword|argument|discriminat|function-|something else)|"
    r"\bNone\b|\bTrue\b|\bFalse\b|\b[A-Z][a-z]+(Section|Settings|Spec)\b|\bBudget\b|field ''"
)
CONFIG: dict[str, Any] = {
    "name": "tiny",
    "corpora": {"esc50": {"dir": "x"}},
    "hold_out": {"corpora": ["esc50"]},
    "instruct": {"template": {"tasks": {"asr": 1}}, "generate": {"llm": "x"}},
    "shard": {},
}
TRAIN: dict[str, Any] = {"shards": ["x"], "out": "y", "encoder": "e", "llm": "l", "max_steps": 1}
TRAIN |= {"align": {"steps": 1}, "budget": {"audio_seconds": 1, "tokens": 1}}
STEP: dict[str, dict[str, Any]] = {
    "voice": {"share": 0.1, "speed": {"share": 0.1, "factor": 1.1}},
    "room": {"share": 0.5, "bank": "b"},
    "noise": {"share": 0.5, "babble": {"from": ["x"]}, "snr_db": 1},
    "channel": {"share": 0.1, "telephone": {"share": 0.1}},
}


def fields(section: Any) -> dict[str, Any]:
    """The fields of a section by the names that a config gives them, with their types."""
    if isinstance(section, type) and issubclass(section, BaseModel):
        return {field.alias or name: field.annotation for name, field in section.model_fields.items()}
    if isinstance(section, type) and dataclasses.is_dataclass(section):
        return {field.name: field.type for field in dataclasses.fields(section)}
    return {}


def sections(annotation: Any) -> Iterator[Any]:
    if fields(annotation):
        yield annotation
    for inner in get_args(annotation):
        yield from sections(inner)


def places(section: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every field, of the sections within too."""
    for name, annotation in fields(section).items():
        yield (*before, name)
        named = ("esc50",) if get_origin(annotation) is dict else ()
        for inner in sections(annotation):
            yield from places(inner, (*before, name, *named))


def with_value(content: Any, place: tuple[str, ...], value: Any) -> dict[str, Any]:
    first, *rest = place
    content = content if isinstance(content, dict) else {}
    inner = content.get(first)
    return {**content, first: with_value(inner or {}, tuple(rest), value) if rest else value}


def readers() -> Iterator[tuple[str, Any, dict[str, Any], Any]]:
    yield "config", Config, CONFIG, lambda content: parse_config(content, Path("tiny.yaml"))
    yield "train", TrainSettings, TRAIN, lambda content: checked(TrainSettings, content, "train")
    evaluating = {"checkpoint": "c", "shards": ["x"], "out": "y"}
    yield (
        "evaluate",
        EvaluateSettings,
        evaluating,
        lambda content: checked(EvaluateSettings, content, "evaluate"),
    )
    yield "rirs", RirBankSpec, {}, read_spec
    for name, step in step_settings().items():
        yield name, step, STEP[name], lambda content, name=name: read_steps([{name: content}])


@pytest.mark.parametrize(
    ("name", "section", "good", "read"), [pytest.param(*one, id=one[0]) for one in readers()]
)
def test_every_field_says_what_it_may_be(name: str, section: Any, good: dict[str, Any], read: Any) -> None:
    refused = 0
    for place in places(section):
        for value in WRONG:
            content = with_value(good, place, value)
            try:
                read(content)
            except InputError as error:
                refused += 1
                for told in error.faults or (str(error),):
                    shown = re.sub(r", found .*", "", told)
                    assert not JARGON.search(shown), (place, value, told)
                    assert "None" not in told, (place, value, told)
                    assert "\n" not in told
                    known = {part for one in places(section) for part in one}
                    assert any(part in told for part in known) or "must be" in told, (place, value, told)
    assert refused > 10


def test_all_wrong_fields_are_told_at_once() -> None:
    wrong = {**CONFIG, "seed": -7.5, "colour": "red", "shard": {"target_size": "500XB"}}
    with pytest.raises(InputError) as caught:
        parse_config(wrong, Path("tiny.yaml"))
    assert len(caught.value.faults) == 3
    for field in ("seed", "colour", "shard.target_size"):
        assert sum(f"field '{field}'" in fault for fault in caught.value.faults) == 1


def test_an_unknown_field_names_the_nearest() -> None:
    for place in places(Config):
        wrong = (*place[:-1], f"{place[-1]}x")
        if place[-1] in ("tasks", "stage2", "test", "languages", "hold_out"):
            continue
        content = with_value(CONFIG, wrong, 1)
        if place[:1] in (("rirs",), ("train",), ("evaluate",)) and len(place) > 1:
            continue
        with pytest.raises(InputError, match=r"is unknown; (did you mean|known here)"):
            parse_config(content, Path("tiny.yaml"))


TOLD: tuple[tuple[tuple[Any, ...], Any, str], ...] = (
    (("seed",), "soon", "field 'seed' must be a whole number from 0 to 4,294,967,295, found 'soon'"),
    (
        ("corpora",),
        {},
        "field 'corpora' must be at least one name, each with a section with fields such as dir, folder, table, "
        "found {}",
    ),
    (
        ("corpora", "esc50", "max_bad"),
        2,
        "field 'corpora.esc50.max_bad' must be a number from 0 to 1, found 2",
    ),
    (
        ("corpora", "esc50", "hours"),
        0,
        "field 'corpora.esc50.hours' must be a number above 0 and of at most 1,000,000, found 0",
    ),
    (
        ("instruct", "template", "tasks", "asr"),
        0,
        "field 'instruct.template.tasks.asr' must be a whole number from 1 to 1,000,000,000 or 'all', found 0",
    ),
    (
        ("instruct", "generate", "engine"),
        "gpt",
        "field 'instruct.generate.engine' must be 'cryfish', 'openai', 'transformers' or 'vllm', found 'gpt'",
    ),
    (("hold_out",), [], "field 'hold_out' must be a section with fields such as corpora, share, found []"),
    (("corpora", 1), {"dir": "x"}, "field 'corpora.1': the name 1 must be text; put it in quotes"),
    (
        ("shard",),
        None,
        "field 'shard' must be a section with fields such as target_size, max_bad, found nothing",
    ),
)


@pytest.mark.parametrize(("place", "value", "told"), TOLD)
def test_what_is_told(place: tuple[str, ...], value: Any, told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_config(with_value(CONFIG, place, value), Path("tiny.yaml"))
    assert str(caught.value) == f"tiny.yaml: {told}"
