"""Files that are whole or absent: temporary name, fsync, rename; and the JSON lines most stages pass on."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

import orjson
import yaml

from .disk_errors import disk_errors as disk_errors
from .errors import DAMAGED, InputError
from .locks import hold
from .ownership import is_ours_by_name, note, put_in_place, refuse_foreign, remove, seal, temporary_beside


def fsync_path(path: Path) -> None:
    """Makes a file's content, or a folder's list of names, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(temporary: Path, final: Path) -> None:
    """Moves a finished temporary file or folder to its final name, in place of what of ours was there."""
    if temporary.is_dir():
        for path in temporary.rglob("*"):
            fsync_path(path)
        seal(temporary)
        fsync_path(temporary)
        put_in_place(temporary, final)
    else:
        fsync_path(temporary)
        temporary.replace(final)
    fsync_path(final.parent)


def write_whole(path: Path, write: Callable[[Path], Any]) -> Any:
    """Calls `write` with a temporary name beside `path`, then renames; returns what `write` returned.

    For the inside of a folder of ours, which one process writes: whose `path` is isn't asked, nor noted.
    """
    temporary = temporary_beside(path)
    remove(temporary)
    try:
        result = write(temporary)
        replace(temporary, path)
    except BaseException:
        remove(temporary)
        raise
    return result


def write_atomically(path: Path, write: Callable[[Path], Any]) -> Any:
    """As `write_whole`, against other processes too; what is written is noted as ours.

    Raises:
        InputError: at `path` lies a file that isn't ours; or it can't be written.
    """

    def noted(temporary: Path) -> Any:
        result = write(temporary)
        note([path])
        return result

    with disk_errors(path):
        refuse_foreign([path])
        path.parent.mkdir(parents=True, exist_ok=True)
        with hold(path, purpose="writing", wait=True):
            return write_whole(path, noted)


def write_json(path: Path, content: Any) -> None:
    """Writes readable JSON, whole or not at all."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def read_json(path: Path) -> Any:
    """Reads a JSON file.

    Raises:
        InputError: the file is missing or isn't JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path}: isn't valid JSON ({error}); remove it and run its stage again") from error


@contextmanager
def open_for_lines(path: Path) -> Iterator[IO[str]]:
    """Opens a text file for writing; `.gz` is compressed without a time stamp, so that equal text is equal bytes."""
    if path.suffix == ".gz":
        with (
            path.open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as packed,
        ):
            yield _Utf8(packed)  # type: ignore[misc]
    else:
        with path.open("w", encoding="utf-8") as plain:
            yield plain


class _Utf8:
    """A text face on a gzip stream; `io.TextIOWrapper` would close the stream twice."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.encode("utf-8"))


def write_jsonl(path: Path, records: Iterable[Mapping[str, Any]]) -> int:
    """Writes one JSON object a line, whole or not at all; returns how many."""

    def write(temporary: Path) -> int:
        count = 0
        with open_for_lines(temporary) as lines:
            for record in records:
                lines.write(json_line(record))
                count += 1
        return count

    return int(write_atomically(path, write))


def json_line(record: Mapping[str, Any]) -> str:
    """A line of JSON, its end included."""
    try:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE).decode()
    except TypeError:
        # What only Python knows, such as numpy's numbers or integers beyond 64 bits.
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def parse_json(text: str) -> Any:
    """As `json.loads`, at a third of its time."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # NaN, and half characters written as \ud800: not JSON, but other tools write them. Else the better message.
        return json.loads(text)


def read_jsonl(path: Path, first: int = 0, count: int | None = None) -> Iterator[dict[str, Any]]:
    """Reads one JSON object a line, from plain or gzipped text; or `count` of them from the `first` on.

    Raises:
        InputError: the file is missing, cut short, or a line isn't a JSON object; names the line.
    """
    number = 0
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as lines
        ):
            last = None if count is None else first + count
            for number, line in enumerate(islice(lines, first, last), first + 1):
                record = parse_json(line)
                if not isinstance(record, dict):
                    raise InputError(f"{path}: line {number} isn't a JSON object; make the file again")
                yield record
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}: line {number} isn't valid JSON ({error.msg}); make the file again"
        ) from error
    except (*DAMAGED, UnicodeDecodeError) as error:
        raise InputError(f"{path}: damaged after line {number} ({error}); make the file again") from error


def sha256_of(path: Path) -> str:
    """The sha256 of a file, or of a folder's names and contents."""
    digest = hashlib.sha256()
    if path.is_dir():
        for child in sorted(path.rglob("*")):
            if child.is_file() and not is_ours_by_name(child):
                digest.update(f"{child.relative_to(path).as_posix()}\0{sha256_of(child)}\n".encode())
        return digest.hexdigest()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def tree_signature(folder: Path) -> str:
    """A digest of a folder's names, sizes and times: tells whether a corpus changed without reading its audio.

    A link that leads nowhere, or a folder that can't be read, counts by its name; a link to a folder that it lies in
    isn't followed. What needs them tells what is wrong with them.
    """
    digest = hashlib.sha256()
    pending: list[tuple[str, tuple[tuple[int, int], ...]]] = [("", ())]
    while pending:
        place, above = pending.pop()
        try:
            status = (folder / place).stat()
            here = (status.st_dev, status.st_ino)
            entries = (
                [] if here in above else sorted(os.scandir(folder / place), key=lambda entry: entry.name)
            )
        except OSError as error:
            digest.update(f"{place}\0{error.errno}\n".encode(errors="surrogateescape"))
            continue
        for entry in entries:
            name = f"{place}{entry.name}"
            try:
                if entry.is_dir():
                    pending.append((f"{name}/", (*above, here)))
                    continue
                status = entry.stat()
                seen = f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n"
            except OSError as error:
                seen = f"{name}\0{error.errno}\n"
            digest.update(seen.encode(errors="surrogateescape"))
    return digest.hexdigest()


class _Twice(Exception):
    """A key that stands twice in one mapping; the message names it and its lines."""


class _OnceEach(yaml.SafeLoader):
    """YAML in which a key that stands twice is refused: others keep the last without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[str, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                if key.value in lines:
                    raise _Twice(f"'{key.value}' stands twice, in lines {lines[key.value]} and {line}")
                lines[key.value] = line
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """What a YAML file holds.

    Raises:
        InputError: the file is missing, can't be read, isn't YAML, or says one thing twice.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _OnceEach)
    except _Twice as error:
        raise InputError(f"{path}: {error}; give each a name of its own, or leave one out") from None
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: isn't text in UTF-8; save it so") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror})") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # such as a date in month 13
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark is not None else ""
        raise InputError(
            f"{path}: isn't valid YAML{line}; check the indentation and the brackets there"
        ) from error
