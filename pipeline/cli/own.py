"""The options of `prepare` for own data, and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import InputError
from ...local_path import local_path
from .options import FILE, FOLDER, all_of

if TYPE_CHECKING:
    from ..prepare.own.describe import Asked

_KINDS = ("folder", "manifest", "dataset", "kaldi", "nemo")
_OTHERS = ("table", "subset", "map", "always", "mapping", "audio_root", "about", "name", "propose")
OWN = (*_KINDS, *_OTHERS)
"""The names of the options."""

own_options = all_of(
    click.option("--folder", type=FOLDER, help="Own data: a folder of audio files."),
    click.option(
        "--table",
        type=FILE,
        help="With --folder: a table (CSV, TSV, JSON lines, Parquet) with a row for each clip.",
    ),
    click.option(
        "--manifest",
        type=FILE,
        multiple=True,
        help="Own data: a Lhotse manifest of cuts, or of recordings with the supervisions beside it; may be repeated.",
    ),
    click.option("--dataset", help="Own data: a data set of Hugging Face, by its name or its folder."),
    click.option("--subset", help="With --dataset: its configuration, where it has several."),
    click.option(
        "--kaldi",
        type=FOLDER,
        multiple=True,
        help="Own data: a Kaldi data folder (wav.scp, ...); may be repeated.",
    ),
    click.option("--nemo", type=FILE, multiple=True, help="Own data: a NeMo manifest; may be repeated."),
    click.option(
        "--map",
        multiple=True,
        metavar="COLUMN=FACT",
        help="Which fact a column is (`mood=emotion`, `folder=speaker`), or audio, id, start, end, split; repeatable.",
    ),
    click.option(
        "--always",
        multiple=True,
        metavar="FACT=VALUE",
        help="A fact of all clips (`language=en`); may be repeated.",
    ),
    click.option(
        "--mapping",
        type=FILE,
        help="A YAML file that says what the columns are; with --propose it is written.",
    ),
    click.option(
        "--propose",
        is_flag=True,
        help="Only print what the columns would be taken for, as such a file to be edited.",
    ),
    click.option("--name", help="What own data is called from here on; by default as its folder or file."),
    click.option(
        "--about", default="", help="A sentence or two that tell an LLM what it may know of the clips."
    ),
    click.option("--audio-root", type=FOLDER, help="Where relative paths of audio in own manifests start."),
)
"""The options for own data."""


def read_own(given: Mapping[str, Any], places: tuple[str, ...]) -> tuple[Asked, Path] | None:
    """What the options say of own data, and where it goes; None where none of them is given.

    Raises:
        InputError: they don't go together.
    """
    from ..api.cuts import own_data
    from ..prepare.own.mapping import read_always, read_map

    named = [kind for kind in _KINDS if given[kind]]
    if not named:
        if odd := [name for name in _OTHERS if given[name]]:
            raise InputError(
                f"--{odd[0].replace('_', '-')}: is for own data; give --folder, --manifest, --dataset, --kaldi or "
                "--nemo, too"
            )
        return None
    if len(named) > 1:
        raise InputError(f"--{named[0]} and --{named[1]}: give one of them, and prepare the other for itself")
    if len(places) > 1:
        raise InputError(
            f"{places[0]}: with --{named[0]} no recipe is named; give OUT alone, and --name for what it is called"
        )
    fields = ("table", "subset", "audio_root", "about", *_KINDS)
    asked = own_data(
        given["name"],
        map={column: said.target for column, said in read_map(given["map"], "--map").items()},
        always=read_always(given["always"], "--always"),
        mapping=None if given["propose"] else given["mapping"],
        **{field: given[field] for field in fields},
    )
    return asked, local_path(places[0], "OUT") if places else Path("manifests") / asked.name


def propose_mapping(asked: Asked, out: Path, file: Path | None) -> None:
    """Prints a proposal for the columns, or writes it. Raises InputError."""
    from ...files import write_atomically
    from ...outputs import Output, begin_files, check_outputs, settled
    from ..prepare.own.describe import proposed
    from ..prepare.own.proposal import as_yaml

    proposal = proposed(asked)
    table = f" --table {asked.table}" if asked.table else ""
    shown = " ".join(f"--{asked.kind} {place}" for place in asked.places or (asked.dataset,)) + table
    command = f"cryfish prepare {shown} --mapping {file or 'FILE'} {out}"
    text = as_yaml(proposal, asked.name, command)
    if file is None:
        click.echo(text, nl=False)
        return
    written = Output(file, "--mapping", by="prepare --propose")
    if file.is_file() and file.stat().st_size and file.read_text(encoding="utf-8", errors="replace") != text:
        raise InputError(
            f"--mapping {file}: is there already, and may hold what you edited; it stays as it is: choose another name"
        )
    check_outputs([written], [*asked.places, *([asked.table] if asked.table else [])])
    begin_files([written])
    file = settled(file)
    write_atomically(file, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    click.echo(f"{file}: what the columns would be taken for; edit it, then run\n  {command}")
