"""Tables of own data: CSV with whatever stands between its columns, JSON lines, Parquet; row by row."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ....errors import DAMAGED, InputError
from ....recipes.kit.corpus import BadClip, damage_to
from .row import Read, Row, flat, own_id

JSON = (".jsonl", ".json", ".ndjson")
PARQUET = (".parquet", ".pq")
SUFFIXES = (".csv", ".tsv", *JSON, *PARQUET)
_DELIMITERS = ",;\t|"
_BATCH = 1024
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def read_rows(path: Path) -> Iterator[Read]:
    """The rows of a table, by the ending of its name; one that can't be understood is a bad one.

    Raises:
        InputError: the file is missing, isn't text in UTF-8, has no names of columns, or can't be told apart into rows.
    """
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if kind.lower() in PARQUET:
        yield from _parquet(path)
    elif kind.lower() in JSON:
        yield from json_lines(path)
    else:
        yield from _delimited(path)


class NotJson(Exception):
    """A line that no JSON value can be made of, and why."""


def parsed(line: str) -> Any:
    """The value of a line of JSON. Raises NotJson, also for what a stranger may nest too deeply or never end."""
    try:
        value = json.loads(line)
        if "\\u" in line:
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise NotJson(error.msg) from None
    except RecursionError:
        raise NotJson("nested too deeply") from None
    except UnicodeEncodeError:
        raise NotJson("half of a character, which is no Unicode") from None
    except ValueError:
        raise NotJson("a number of too many figures") from None
    return value


def json_lines(path: Path) -> Iterator[Read]:
    """One JSON object a line, nested ones flattened: `{"a": {"b": 1}}` has the column `a.b`."""
    with opened(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            where = f"{path.name}, line {number}"
            try:
                content = parsed(line)
            except NotJson as error:
                if number == 1:
                    raise InputError(
                        f"{path}, line 1: isn't JSON ({error}); each line must be one JSON object"
                    ) from None
                yield _bad(path, number, f"isn't JSON ({error})")
                continue
            if not isinstance(content, dict):
                if number == 1:
                    raise InputError(f"{path}, line 1: isn't a JSON object; each line must be one")
                yield _bad(path, number, "isn't a JSON object")
                continue
            yield Row(where, flat(content))


def _delimited(path: Path) -> Iterator[Read]:
    with opened(path) as lines:
        first = next((line for line in lines if line.strip()), "")
        if not first:
            raise InputError(f"{path}: is empty; the first line must name the columns")
        between = _delimiter(first, path)
        table = csv.reader(_from(first, lines), delimiter=between, strict=True)
        before = 0
        try:
            names = [name.strip() for name in next(table)]
            _check_names(names, path)
            for cells in table:
                number, before = before + 2, table.line_num - 1
                if not any(cell.strip() for cell in cells):
                    continue
                # What spreadsheets leave behind the last column is nothing.
                while len(cells) > len(names) and not cells[-1].strip():
                    cells.pop()
                if len(cells) != len(names):
                    yield _bad(path, number, f"has {len(cells)} columns, not {len(names)}")
                else:
                    yield Row(f"{path.name}, line {number}", dict(zip(names, cells, strict=True)))
        except csv.Error as error:
            raise InputError(
                f"{path}, line {before + 2}: a quotation mark is neither closed nor doubled ({error}), so that no row "
                "after it can be trusted; mend the line, or save the table anew"
            ) from None


def _from(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _delimiter(head: str, path: Path) -> str:
    """What stands between the names of the columns most often, quotation marks aside."""
    bare = "".join(part for number, part in enumerate(head.split('"')) if number % 2 == 0)
    best = max(
        _DELIMITERS, key=lambda mark: (bare.count(mark), mark == ("\t" if path.suffix == ".tsv" else ","))
    )
    return best if bare.count(best) else ","


def _check_names(names: list[str], path: Path) -> None:
    doubled = [name for name in names if name and names.count(name) > 1]
    if doubled:
        raise InputError(f"{path}: two columns are called '{doubled[0]}'; give each a name of its own")
    if not any(names):
        raise InputError(f"{path}: its first line names no columns; put one with their names on top")


def _parquet(path: Path) -> Iterator[Read]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise InputError(
            f"{path}: Parquet needs the package pyarrow: pip install 'cryfish[datasets]'"
        ) from None
    try:
        with pyarrow.parquet.ParquetFile(path) as table:
            number = 0
            for batch in table.iter_batches(_BATCH):
                for values in batch.to_pylist():
                    number += 1
                    yield Row(f"{path.name}, row {number}", flat(values))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; name the table") from None
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"{path}: can't be read as Parquet ({error}); save it anew") from None


@contextmanager
def opened(path: Path) -> Iterator[IO[str]]:
    """A text file, packed or not, in UTF-8 or what its byte-order mark says.

    Raises:
        InputError: it is missing, isn't such text, or is something else.
    """
    try:
        with path.open("rb") as raw:
            packed = path.suffix == ".gz"
            stream: Any = gzip.GzipFile(fileobj=raw) if packed else raw
            head = stream.read(4)
            stream.seek(0)
            encoding = next((name for mark, name in _BOMS if head.startswith(mark)), "utf-8")
            with io.TextIOWrapper(stream, encoding=encoding, newline="") as lines:
                yield _Told(lines, path)  # type: ignore[misc]
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; name the table") from None
    except UnicodeError as error:
        raise InputError(
            f"{path}: isn't UTF-8 ({error.reason if isinstance(error, UnicodeDecodeError) else error}); save it as "
            "UTF-8 (in a spreadsheet: 'CSV UTF-8')"
        ) from None
    except DAMAGED as error:
        raise InputError(f"{path}: is damaged ({error}); make it again") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name the table in it") from None
    except OSError as error:
        raise InputError(
            f"{path}: can't be read ({error.strerror}); check the file and its permissions"
        ) from None


class _Told:
    """The lines of a file; one with zero bytes, or a web page, isn't what it should be."""

    def __init__(self, lines: IO[str], path: Path) -> None:
        self._lines, self._path, self._first = lines, path, True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if (self._first or "\0" in line) and (problem := damage_to(line)):
            raise InputError(f"{self._path}: {problem}; save it anew")
        self._first = False
        return line


def _bad(path: Path, number: int, problem: str) -> BadClip:
    return BadClip(own_id(f"{path.name}-line-{number}"), path.name, f"line {number} of {path.name} {problem}")
