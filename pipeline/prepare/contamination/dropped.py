"""What the stage `contamination` found, for those who leave it out."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ....errors import InputError
from ....files import read_jsonl


def without_files(path: Path | None) -> tuple[Path, ...]:
    """The file that `--without` names, or the folder that holds it; it decides what others make."""
    if path is None:
        return ()
    return (path / "contamination.jsonl" if path.is_dir() else path,)


def dropped_clips(path: Path | None) -> frozenset[str]:
    """The ids of the clips that `contamination.jsonl` (or the folder that holds it) lists; none without a path.

    Raises:
        InputError: there is no such file, or it is something else.
    """
    if path is None:
        return frozenset()
    [path] = without_files(path)
    if not path.is_file():
        raise InputError(f"{path}: no such file; name the one that `cryfish contamination` wrote")
    status = path.stat()
    return _dropped(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=4)
def _dropped(path: Path, size: int, changed: int) -> frozenset[str]:
    ids = set()
    for number, record in enumerate(read_jsonl(path), 1):
        if not isinstance(record.get("id"), str) or "by" not in record:
            raise InputError(
                f"{path}: line {number} isn't a dropped clip (fields 'id', 'by'); name the file that "
                "`cryfish contamination` wrote"
            )
        ids.add(record["id"])
    return frozenset(ids)
