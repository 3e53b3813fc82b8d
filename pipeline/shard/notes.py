"""What the notes beside a set of shards say was made, so that `verify` can miss what is gone."""

from __future__ import annotations

from pathlib import Path

from ...errors import InputError
from ...files import read_json, sha256_of
from ...shards.verify import Note
from ..engine.partitions import record_of

MADE_SUFFIX = ".made.json"
WORK_SUFFIX = ".work.jsonl.gz"


def noted_shards(folder: Path) -> tuple[dict[str, Note], list[str]]:
    """By the name of a tar, what was noted of it when it was made; and what the notes themselves find wrong.

    A folder without notes (a copy of the tars and their indexes alone) gives nothing of either.
    """
    noted: dict[str, Note] = {}
    problems: list[str] = []
    for path in sorted(folder.glob(f"[!.]*{MADE_SUFFIX}")):
        try:
            content = read_json(path)
            record = record_of(path)
            if not record.is_file() or read_json(record)["sha256"] != sha256_of(path):
                raise ValueError
            written = content["tar"]
            if written is not None:  # None: all of its clips were bad
                noted[path.name.removesuffix(MADE_SUFFIX) + ".tar"] = Note(path, str(written["sha256"]))
        except (InputError, KeyError, TypeError, ValueError):
            problems.append(f"{path}: the note of what was made is damaged; run `cryfish shard` again")
    plan = folder.with_name(f"{folder.name}.plan")
    for path in sorted(plan.glob(f"[!.]*{WORK_SUFFIX}")):
        note = folder / (path.name.removesuffix(WORK_SUFFIX) + MADE_SUFFIX)
        if not note.is_file():
            problems.append(f"{note}: this planned shard isn't made yet; run `cryfish shard` again to go on")
    return noted, problems
