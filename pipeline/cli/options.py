"""Options and kinds of path that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
import yaml

from ...errors import InputError
from ...local_path import local_path
from ...seams import Seam
from ...section import LARGEST_SEED

Command = TypeVar("Command", bound=Callable[..., Any])


class _LocalPath(click.Path):
    """A path of this machine.

    That it exists is checked where it is read: there the message can say what was expected in it.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        name = param.opts[0] if isinstance(param, click.Option) else str(param and param.human_readable_name)
        return super().convert(local_path(value, name), param, ctx)


class PartName(click.types.StringParamType):
    """The name of a part that a seam finds. The seam is looked up when it is asked for: finding parts takes imports."""

    name = "part"

    def __init__(self, seam: Callable[[], Seam[Any]]) -> None:
        self._seam = seam

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return f"[{'|'.join(self._seam().all())}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        self._seam().get(value, param.opts[0] if param else "")
        return str(value)


def read_named(_: click.Context, param: click.Parameter, items: tuple[str, ...]) -> dict[str, Any]:
    """`NAME=VALUE`s, whose values are read as YAML reads them. Raises InputError for others."""
    options, flag = {}, param.opts[0]
    for item in items:
        name, equals, value = item.partition("=")
        try:
            options[name] = yaml.safe_load(value)
        except yaml.YAMLError:
            equals = ""
        if not equals:
            raise InputError(f"{flag} {item}: must be NAME=VALUE, such as {flag} retries=9")
    return options


def _audio_roots(_: click.Context, __: click.Parameter, items: tuple[str, ...]) -> dict[str, str]:
    """Corpus -> folder; "" stands for every corpus."""
    return {corpus: folder for corpus, _, folder in (item.rpartition("=") for item in items)}


FILE = _LocalPath(path_type=Path, dir_okay=False)
FOLDER = _LocalPath(path_type=Path, file_okay=False)
PATH = _LocalPath(path_type=Path)

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    show_default="all cores",
    help="Worker processes; the output is the same for any number.",
)
engine_option = click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Work in processes of this machine, or on the Ray cluster that runs here or at RAY_ADDRESS.",
)
audio_root_option = click.option(
    "--audio-root",
    "audio_roots",
    multiple=True,
    metavar="[CORPUS=]FOLDER",
    callback=_audio_roots,
    help="Where the audio of a prepared corpus lies now, if it was moved since; may be repeated.",
)
device_option = click.option(
    "--device",
    metavar="DEVICE",
    help="What the model computes on: cuda, mps or cpu; by default the best there is.",
)
max_bad_option = click.option(
    "--max-bad",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="Share that may be bad and left out; more ends the command.",
)
without_option = click.option(
    "--without",
    type=PATH,
    help="Leave out the clips that this contamination.jsonl (or the folder that holds it) lists.",
)
seed_option = click.option("--seed", type=click.IntRange(0, LARGEST_SEED), default=0, show_default=True)


def all_of(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Adds several options, in their order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def say_counts(counts: Mapping[str, float]) -> str:
    """A partition's counts as a person reads them: `1,200 clips, 2.5 hours`."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
