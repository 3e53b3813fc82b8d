"""The unit of work: a partition is made once, whole, and skipped from then on (processes.py runs those of a stage)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from ...files import disk_errors, read_json, replace, sha256_of, write_json
from ...locks import hold
from ...outputs import Output, check_outputs
from ...ownership import begin_folder, is_ours_by_name, note, refuse_foreign, remove, temporary_beside
from .code import Root, changed_code, code_of

Counts = dict[str, Any]

CONTENT = "content of "
_DIGEST = "digest "
_KINDS = {"recipes/": "recipe", "pipeline/augment/": "effect", "pipeline/instruct/": "instruction code"}


def record_of(output: Path) -> Path:
    """What an output was made from, and its counts; written when it is done."""
    return output.with_name(f"{output.name}.done.json")


@dataclass(frozen=True)
class Partition:
    """The unit of work of a stage.

    `work(temporary, *arguments)` writes the output (a file or a folder) under the temporary name it is given and
    returns counts. It runs in another process, so it must be a module's function and its arguments picklable.
    Whatever decides the output must be among `inputs` (files, by content), `params` (JSON) or the code that `work` and
    `roots` use (see code.py). A parameter named `content of ...` stands for an input too. With `in_place` the work is
    given the final name: it makes its output whole by itself, or resumes what it finds there. `folder` names the stage
    whose folder the output is; without it the output is a file.
    """

    name: str
    output: Path
    work: Callable[..., Counts]
    arguments: tuple[Any, ...]
    inputs: tuple[Path, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    weight: int = 1
    in_place: bool = False
    folder: str | None = None
    roots: tuple[Root, ...] = ()
    # Read where the partition is made, so that all workers agree.
    code: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", code_of(self.work, *self.roots))

    @property
    def stage(self) -> str:
        """The command that it is of."""
        first, *rest = self.name.split("/")
        return f"{first} {rest[0]}" if first == "instruct" and rest else first

    @property
    def record(self) -> Path:
        return record_of(self.output)

    @property
    def noted(self) -> list[Path]:
        """What is noted in ledgers: a folder carries its own."""
        return [self.record] if self.folder else [self.output, self.record]

    @property
    def temporary(self) -> Path:
        """Where the output is made."""
        return self.output if self.in_place else temporary_beside(self.output)

    def made_from(self) -> dict[str, Any]:
        """Everything that decides the output, as its record tells it; long parameters as digests."""
        return {
            "work": f"{self.work.__module__}.{self.work.__qualname__}",
            "code": dict(self.code),
            "params": {name: _shortened(value) for name, value in self.params.items()},
            "inputs": [[path.name, _content_digest(path)] for path in self.inputs],
        }

    def fingerprint(self) -> str:
        """A digest of everything that decides the output."""
        return _digest(self.made_from())

    def done(self) -> Counts | None:
        """The counts of an earlier run, if its output still stands for these inputs and parameters."""
        if not self.record.is_file() or not self.output.exists():
            return None
        record = read_json(self.record)
        if record.get("fingerprint") != self.fingerprint() or record.get("size") != _size(self.output):
            return None
        counts: Counts = record["counts"]
        return counts

    def state(self) -> OutputState:
        """Whether the output is there and true, and if not, why; nothing is made. The inputs must be there."""
        if not self.record.is_file() or not self.output.exists():
            return OutputState("to do")
        record = read_json(self.record)
        if (before := record.get("made_from")) is None:
            return OutputState("stale", ("made by an older version",))
        reasons = tuple(_changes(before, self.made_from(), self.inputs))
        if not reasons and record.get("size") != _size(self.output):
            reasons = ("its output was changed since",)
        return OutputState("stale", reasons) if reasons else OutputState("done")


@dataclass(frozen=True)
class OutputState:
    """Of an output: it is there, it has to be made, or it was made from something else (`why` says from what)."""

    kind: Literal["done", "to do", "stale"]
    why: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}: {'; '.join(self.why)}" if self.why else self.kind


def _changes(before: Mapping[str, Any], now: Mapping[str, Any], inputs: Sequence[Path]) -> Iterator[str]:
    """What differs between two `made_from`, for people."""
    by_kind: dict[str, list[str]] = {}
    for module in changed_code(before["code"], now["code"]):
        kind = next((name for start, name in _KINDS.items() if module.startswith(start)), "code")
        by_kind.setdefault(kind, []).append(module)
    for kind, paths in by_kind.items():
        yield f"{kind} changed ({_some(paths)})"
    was, now_is = before["params"], json.loads(json.dumps(now["params"], default=str))
    contents = [name for name in sorted({*was, *now_is}) if was.get(name) != now_is.get(name)]
    for name in [name for name in contents if not name.startswith(CONTENT)]:
        yield f"config changed ({name}{_values(was.get(name), now_is.get(name))})"
    changed = [name for name in contents if name.startswith(CONTENT)]
    earlier = before["inputs"]
    if len(earlier) != len(inputs):
        changed.append(f"{len(inputs)} files, {len(earlier)} before")
    else:
        for path, old, new in zip(inputs, earlier, now["inputs"], strict=True):
            if old != new:
                changed.append(f"{path.parent.name}/{path.name}")
    if changed:
        yield f"input changed ({_some(changed)})"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _values(before: Any, now: Any) -> str:
    texts = [value if isinstance(value, str) else json.dumps(value) for value in (before, now)]
    if any(value in ("null", "") or len(value) > 60 or value.startswith(_DIGEST) for value in texts):
        return ""
    return f": {texts[0]}, now {texts[1]}"


def _shortened(value: Any) -> Any:
    text = json.dumps(value, sort_keys=True, default=str)
    return value if len(text) <= 500 else f"{_DIGEST}{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _content_digest(path: Path) -> str:
    """The sha256 of an input; taken from its own record when a partition made it, since that is cheaper."""
    record = record_of(path)
    if record.is_file():
        content = read_json(record)
        if content.get("size") == _size(path):
            return str(content["sha256"])
    status = path.stat()
    return sha256_of(path) if path.is_dir() else _digest_of_file(path, status.st_size, status.st_mtime_ns)


# The partitions of a stage have inputs in common.
@lru_cache(maxsize=4096)
def _digest_of_file(path: Path, size: int, changed: int) -> str:
    return sha256_of(path)


def _size(path: Path) -> int:
    if path.is_dir():
        files = (child for child in path.rglob("*") if child.is_file() and not is_ours_by_name(child))
        return sum(child.stat().st_size for child in files)
    return path.stat().st_size


def run_partition(partition: Partition) -> Counts:
    """Makes a partition's output, whether or not it is there, and records it.

    Raises:
        InputError: another process makes it, it isn't ours, or it can't be written.
    """
    output = partition.output
    temporary = partition.temporary
    with disk_errors(output):
        refuse_foreign(partition.noted)
        output.parent.mkdir(parents=True, exist_ok=True)
        with hold(output):
            if partition.in_place:
                note(partition.noted, partition.stage)
                partition.record.unlink(missing_ok=True)
                counts = partition.work(temporary, *partition.arguments)
            else:
                remove(temporary)
                try:
                    if partition.folder:
                        begin_folder(temporary, partition.folder)
                    counts = partition.work(temporary, *partition.arguments)
                    note(partition.noted, partition.stage)
                    partition.record.unlink(missing_ok=True)
                    replace(temporary, output)
                except BaseException:
                    remove(temporary)
                    raise
            record = {
                "fingerprint": partition.fingerprint(),
                "made_from": partition.made_from(),
                "size": _size(output),
                "sha256": sha256_of(output),
                "counts": counts,
            }
            write_json(partition.record, record)
    return counts


def check_partitions(partitions: Iterable[Partition], where: str = "") -> None:
    """Refuses outputs that would harm what isn't ours; see `check_outputs`."""
    for partition in partitions:
        check_outputs(
            [
                Output(partition.output, where or partition.name, partition.folder, partition.stage),
                Output(partition.record, f"{where or partition.name} (its record)", by=partition.stage),
            ],
            partition.inputs,
        )
