"""Every number of a config has bounds, and what lies outside is told in plain words."""

import dataclasses
import importlib
import math
import pkgutil
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

import cryfish.pipeline
from cryfish.distributions import Distribution
from cryfish.errors import InputError
from cryfish.model.train.settings import EvaluateSettings, TrainSettings
from cryfish.pipeline.augment.settings import read_steps
from cryfish.pipeline.rirs.specification import RirBankSpec, read_spec
from cryfish.section import Section, Within, unbounded
from cryfish.shards import Budget

OPTIONAL = ("backends", "ray_engine", "vllm")


def sections() -> list[type[BaseModel]]:
    """All models that the package has; none is named here, so a new one is found."""
    for module in pkgutil.walk_packages(cryfish.pipeline.__path__, "cryfish.pipeline."):
        if not any(name in module.name for name in OPTIONAL):
            importlib.import_module(module.name)

    def below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
        for one in model.__subclasses__():
            if one.__module__.startswith("cryfish."):
                yield one
            yield from below(one)

    return list(dict.fromkeys(below(BaseModel)))


def test_every_model_of_a_config_is_a_section_whose_numbers_have_bounds() -> None:
    found = sections()
    assert {TrainSettings, EvaluateSettings, RirBankSpec} <= set(found)
    values = {"Uniform", "Choice"}  # what may stand in place of a number: its bounds are those of the number
    for model in found:
        assert model.__name__ in values or issubclass(model, Section), model
        assert model.__name__ in values or not list(unbounded(model)), model
    assert not list(unbounded(Budget))


@pytest.mark.parametrize(
    "kind",
    [
        int,
        float,
        float | None,
        list[int],
        dict[str, float],
        tuple[float, float],
        Distribution,
        dict[str, Distribution],
        Annotated[float, Field(ge=0)],
        Annotated[float, Field(lt=3)],
        Annotated[float, Field(ge=0, le=math.inf)],
        Annotated[list[int], Field(ge=0, le=3)],
    ],
)
def test_a_section_with_a_number_without_bounds_cannot_be_made(kind: Any) -> None:
    with pytest.raises(TypeError, match="Loose: field 'how_much' holds numbers without bounds"):
        type("Loose", (Section,), {"__annotations__": {"how_much": kind}})


def test_bounds_hold_wherever_a_number_stands() -> None:
    class Tight(Section):
        pair: Annotated[tuple[float, float], Within(0, 1)] = (0, 1)
        drawn: Annotated[Distribution, Within(-1, 1)] = 0.0
        named: Annotated[dict[str, float] | None, Within(0, 5)] = None
        flag: bool = False
        text: str = ""

    good = Tight.model_validate({"pair": [0.5, 1], "drawn": {"uniform": [-1, 1]}, "named": {"a": 5}})
    assert good.named == {"a": 5}
    for wrong in (
        {"pair": [0.5, 1.5]},
        {"drawn": -1.01},
        {"drawn": {"uniform": [-1, 1.01]}},
        {"drawn": {"choice": [0, -2]}},
        {"named": {"a": 1, "b": 6}},
    ):
        with pytest.raises(ValueError, match=r"must be between -?\d and \d, found"):
            Tight.model_validate(wrong)


NOISE = {"share": 1, "colours": ["pink"]}


@pytest.mark.parametrize("snr_db", [5000, -300, {"uniform": [0, 5000]}, {"choice": [5, 61]}])
def test_noise_that_nobody_could_hear_is_refused(snr_db: Any) -> None:
    with pytest.raises(InputError, match=r"field 'snr_db': must be between -30 and 60, found -?\d+$"):
        read_steps([{"noise": {**NOISE, "snr_db": snr_db}}])


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"height_m": [2.4, 400]}, "field 'height_m': must be between 2 and 50, found 400"),
        ({"rt60_s": [0.01, 1]}, "field 'rt60_s': must be between 0.1 and 3, found 0.01"),
        ({"wall_clearance_m": -1}, "field 'wall_clearance_m': must be between 0.01 and 20, found -1"),
        ({"rooms": 10**12}, "field 'rooms' must be a whole number from 3 to 1,000,000, found 1000000000000"),
        ({"length_m": [3, float("inf")]}, "field 'length_m': must be between 2 and 50, found inf"),
        ({"length_m": [3, float("nan")]}, "field 'length_m': must be between 2 and 50, found nan"),
    ],
)
def test_rooms_that_nobody_could_build_are_refused(spec: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_spec(spec)
    assert str(caught.value) == f"rirs: {told}"


def test_a_budget_is_bounded_too() -> None:
    settings = {"shards": ["s"], "out": "o", "checkpoint": "c", "epochs": 1}
    assert TrainSettings.model_validate(settings).budget.tokens == 2048
    for field, value in (("tokens", 10**15), ("audio_seconds", float("inf")), ("tokens_per_byte", -1)):
        budget = {**dataclasses.asdict(Budget(1, 1)), field: value}
        with pytest.raises(ValueError, match="must be between 0 and"):
            TrainSettings.model_validate({**settings, "budget": budget})
