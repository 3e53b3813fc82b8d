"""The folder of a training or an evaluation: its pinned settings, and files that survive a kill at any moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..files import write_whole
from ..locks import hold
from ..outputs import Output, check_outputs
from ..ownership import begin_folder

SETTINGS = "settings.json"
TRAIN, EVALUATE = "train", "evaluate"
"""The stages whose folders these are."""


def write_json(path: Path, content: Any) -> None:
    """Writes JSON so that the file is either the old one or the whole new one."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """As `write_json`, with a text as it stands."""
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8", newline="\n"))


def check_folder(folder: Path, stage: str, inputs: Iterable[str]) -> None:
    """Checks the output folder of a stage, which reads `inputs` (paths, addresses, or names on the Hub).

    Raises:
        InputError: it can't be made, holds what isn't ours, or isn't apart from the inputs.
    """
    check_outputs([Output(folder, "--out", stage)], [Path(place) for place in inputs if Path(place).exists()])


@contextmanager
def only_process(folder: Path, stage: str, inputs: Iterable[str]) -> Iterator[None]:
    """Makes the folder that of a stage, and holds it against a second run.

    Raises:
        InputError: as `check_folder`; or another process holds it.
    """
    check_folder(folder, stage, inputs)
    try:
        begin_folder(folder, stage)
    except OSError as error:
        raise InputError(f"{folder}: cannot make the output folder ({error.strerror or error})") from error
    with hold(folder, inside=True):
        yield


def pin_settings(folder: Path, settings: Mapping[str, Any]) -> None:
    """Makes the folder belong to these settings, which are written into it the first time.

    Raises:
        InputError: the folder belongs to other settings; names the first field that differs and the fix.
    """
    path = folder / SETTINGS
    current = json.loads(json.dumps(settings))
    if not path.exists():
        write_json(path, current)
        return
    try:
        pinned = dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, OSError) as error:
        raise InputError(f"{path}: cannot read it; remove the folder {folder} to start again") from error
    for field in sorted({*pinned, *current}):
        if pinned.get(field) != current.get(field):
            raise InputError(
                f"{folder}: field '{field}' was {json.dumps(pinned.get(field))} when this folder was begun and is now "
                f"{json.dumps(current.get(field))}; choose another folder, or remove this one to start again"
            )


def read_jsonl(
    path: Path, keep: Callable[[dict[str, Any]], bool] = lambda record: True
) -> list[dict[str, Any]]:
    """The records of a log that `keep` accepts; the others, and a line torn by a kill, are removed from the file."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    kept = []
    for line in text.split("\n"):  # not splitlines: an answer may hold U+2028
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict) and keep(record):
            kept.append(record)
    whole = "".join(json_line(record) for record in kept)
    if whole != text:
        write_text(path, whole)
    return kept


def json_line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"
