"""An address is never taken for a path of this machine, in options and in fields."""

from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from cryfish.errors import InputError
from cryfish.local_path import local_path
from cryfish.model.train.settings import EvaluateSettings, TrainSettings
from cryfish.pipeline.augment.settings import RoomSettings
from cryfish.pipeline.cli.cli import cryfish
from cryfish.pipeline.config import Config, CorpusSection

ADDRESSES = (
    "s3://bucket/x",
    "gs://bucket/x",
    "hf://datasets/x",
    "https://host/x",
    "file:///x",
    "s3:/bucket/x",
)
MODELS: tuple[type[BaseModel], ...] = (Config, CorpusSection, TrainSettings, EvaluateSettings, RoomSettings)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_refused_and_named(address: str) -> None:
    with pytest.raises(InputError, match=r"--out: .* is an address, but this must be a path on this machine"):
        local_path(address, "--out")


@pytest.mark.parametrize("path", ["x", "a:b", "C:/x", "/s3/x", "./s3:x", "a/b://c"])
def test_a_path_is_taken_as_it_is(path: str) -> None:
    assert local_path(path, "--out") == Path(path)


def _options(command: click.Command) -> list[tuple[str, click.Parameter]]:
    if isinstance(command, click.Group):
        return [found for child in command.commands.values() for found in _options(child)]
    return [(str(command.name), parameter) for parameter in command.params]


def test_every_path_option_refuses_addresses() -> None:
    options = [(name, one) for name, one in _options(cryfish) if isinstance(one.type, click.Path)]
    assert len(options) > 40
    for name, option in options:
        with pytest.raises(InputError, match="is an address"):
            option.type.convert("s3://bucket/x", option, click.Context(click.Command(name)))


@pytest.mark.parametrize("model", MODELS)
def test_every_path_field_refuses_addresses(model: type[BaseModel]) -> None:
    fields = [name for name, field in model.model_fields.items() if "Path" in str(field.annotation)]
    assert fields
    for name in fields:
        with pytest.raises(ValueError, match=rf"{name}(\.0)?\n.*is an address"):
            model.model_validate({name: "s3://bucket/x"})
