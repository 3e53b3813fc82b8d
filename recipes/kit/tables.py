"""The metadata files of corpora: tables and JSON, row by row, with complaints that name the file and the line."""

import csv
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from ...errors import InputError
from .corpus import BadClip, Corpus, damage_to, safe_id
from .spelling import on_disk

# A transcript of an hour may stand in one field.
csv.field_size_limit(1 << 24)

_HEAD = 256
"""Bytes at the start of a file that show whether it is something else."""
_PIECE = 1 << 20
"""Characters of a JSON file that are read at a time."""
_MARKS = ' ",:[]{}\n'


@dataclass(frozen=True)
class Dialect:
    """How a publisher writes a table.

    `quotes`: a quotation mark at the beginning of a field encloses it, and two of them within it are one; otherwise
    quotation marks are part of the text. `escape` takes the meaning from the character that follows. `line_breaks`:
    a field in quotation marks may hold some. `blanks` may follow a delimiter. Lines that begin with `comment` are
    remarks.
    """

    delimiter: str = ","
    quotes: bool = True
    escape: str | None = None
    line_breaks: bool = False
    blanks: bool = False
    comment: str = ""


CSV = Dialect()
"""RFC 4180 with one row a line."""
CSV_WITH_LINE_BREAKS = Dialect(line_breaks=True)
"""RFC 4180, as pandas writes it."""
QUOTED_TSV = Dialect("\t")
TSV = Dialect("\t", quotes=False)
ESCAPED_TSV = Dialect("\t", quotes=False, escape="\\")
"""As pandas writes it with `quoting=csv.QUOTE_NONE` and a backslash as `escapechar`."""
PIPES = Dialect("|", quotes=False)


@dataclass(frozen=True)
class TableRow:
    """One row of a table: the line where it begins, and the values of its columns, stripped."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


@dataclass(frozen=True)
class _Malformed:
    """What stands in a line in place of a row, and whether the rows that follow can be told apart."""

    line: int
    problem: str
    hopeless: bool = False


def read_table(
    path: Path, corpus: Corpus, columns: tuple[str, ...], dialect: Dialect = CSV, *, header: int = 1
) -> Iterator[TableRow]:
    """The rows of a table in which things are looked up, one at a time, with at least these columns.

    `header` is the number of its rows that name the columns (of two, the names are joined by a blank). Without any,
    every row has exactly these `columns`. Empty lines are skipped.

    Raises:
        InputError: the file is missing, isn't UTF-8, its header lacks a column, or a row doesn't fit the header or
            the dialect: what is looked up would be wrong without a word.
    """
    for row in _rows(path, corpus, columns, dialect, header):
        if isinstance(row, _Malformed):
            raise _refusal(path, corpus, row)
        yield row


def read_clips(
    path: Path,
    corpus: Corpus,
    corpus_dir: Path,
    columns: tuple[str, ...],
    dialect: Dialect = CSV,
    *,
    header: int = 1,
) -> Iterator[TableRow | BadClip]:
    """As `read_table`, for a table whose rows are clips: a row that doesn't fit is one for the quarantine.

    Raises:
        InputError: as for `read_table`, but of the rows only one after which no other can be trusted, since a
            quotation mark that isn't closed may have swallowed them.
    """
    name = path.relative_to(corpus_dir)
    for row in _rows(path, corpus, columns, dialect, header):
        if isinstance(row, TableRow):
            yield row
        elif row.hopeless:
            raise _refusal(path, corpus, row)
        else:
            clip_id = safe_id(f"{name.with_suffix('').as_posix().replace('/', '-')}-line-{row.line}")
            yield BadClip(clip_id, name, f"line {row.line} of {name} {row.problem}")


def _refusal(path: Path, corpus: Corpus, row: _Malformed) -> InputError:
    return InputError(f"{path}, line {row.line}: {row.problem}; take the table from {corpus.homepage}")


def _rows(
    path: Path, corpus: Corpus, columns: tuple[str, ...], dialect: Dialect, header: int
) -> Iterator[TableRow | _Malformed]:
    with _opened(path, corpus) as lines:
        table = _cells(lines, dialect)
        names = columns
        if header:
            heads = [cells for _, cells in islice(table, header) if isinstance(cells, list)]
            names = tuple(" ".join(parts).strip() for parts in zip(*heads, strict=False))
        missing = [column for column in columns if column not in names]
        if missing:
            raise InputError(
                f"{path}: no column '{missing[0]}' (there are {', '.join(names[:12]) or 'none'}); "
                f"take the table from {corpus.homepage}"
            )
        for line, cells in table:
            if isinstance(cells, _Malformed):
                yield cells
            elif len(cells) != len(names):
                problem = f"has {len(cells)} columns, not {len(names)}"
                yield _Malformed(line, problem, hopeless=any("\n" in cell for cell in cells))
            else:
                yield TableRow(line, dict(zip(names, cells, strict=True)))


_Cells = tuple[int, list[str] | _Malformed]
"""The line in which a row begins, and its fields, stripped."""


def _cells(lines: IO[str], dialect: Dialect) -> Iterator[_Cells]:
    if dialect.line_breaks:
        yield from _cells_over_lines(lines, dialect)
        return
    special = [mark for mark in ('"' if dialect.quotes else None, dialect.escape) if mark]
    for number, ended in enumerate(lines, 1):
        line = ended.rstrip("\r\n")
        if not line.strip(" ") or (dialect.comment and line.startswith(dialect.comment)):
            continue
        if not any(mark in line for mark in special):
            yield number, [cell.strip() for cell in line.split(dialect.delimiter)]
            continue
        # One reader a line: a quotation mark that isn't closed can't reach the next one.
        try:
            yield number, [cell.strip() for cell in next(_reader([line], dialect))]
        except csv.Error:
            problem = _OPEN if dialect.quotes else f"ends with a {dialect.escape} that escapes nothing"
            yield number, _Malformed(number, problem)


def _cells_over_lines(lines: IO[str], dialect: Dialect) -> Iterator[_Cells]:
    table, before = _reader(lines, dialect), 0
    try:
        for cells in table:
            if cells:
                yield before + 1, [cell.strip() for cell in cells]
            before = table.line_num
    except csv.Error:
        yield before + 1, _Malformed(before + 1, f"{_OPEN}, so that no row after it can be trusted", True)


_OPEN = "has a quotation mark that is neither closed nor doubled"


def _reader(lines: Iterable[str], dialect: Dialect) -> Any:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if dialect.quotes else csv.QUOTE_NONE,
        escapechar=dialect.escape,
        skipinitialspace=dialect.blanks,
        strict=True,
    )


def read_lines(path: Path, corpus: Corpus, *, ended: bool = True) -> Iterator[tuple[int, str]]:
    """The lines of a text file with their numbers, from 1; blanks at the ends are stripped, empty lines skipped.

    `ended`: what is left of a last line that was cut short could be taken for a whole one, so it must have an end.

    Raises:
        InputError: the file is missing, isn't UTF-8, was cut short or damaged.
    """
    with _opened(path, corpus, ended) as lines:
        for number, line in enumerate(lines, 1):
            if text := line.strip():
                yield number, text


def read_json_lines(path: Path, corpus: Corpus) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with one JSON object a line, with the line's number.

    Raises:
        InputError: the file is missing or isn't UTF-8, or a line isn't a JSON object.
    """
    for number, line in read_lines(path, corpus, ended=False):
        try:
            content = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(
                f"{path}, line {number}: isn't JSON ({error.msg}); take the file from {corpus.homepage}"
            ) from None
        if not isinstance(content, dict):
            raise InputError(
                f"{path}, line {number}: isn't a JSON object; take the file from {corpus.homepage}"
            )
        yield number, content


def read_json_array(path: Path, key: str, corpus: Corpus) -> Iterator[dict[str, Any]]:
    """The objects of the array under `key` of a JSON file, one at a time: the file may be gigabytes.

    Raises:
        InputError: the file is missing, isn't UTF-8, has no such array, or holds something else than objects.
    """
    decoder = json.JSONDecoder()
    complaint = f"{path}: has no list '{key}' of objects; take the file from {corpus.homepage}"
    with _opened(path, corpus, ended=False) as file:
        opening = re.compile(rf'"{key}"\s*:\s*\[\s*')
        text, found = "", None
        while found is None and (more := file.read(_PIECE)):
            text = text[-1000:] + more
            found = opening.search(text)
        if found is None:
            raise InputError(complaint)
        text = text[found.end() :]
        while not text.startswith("]"):
            try:
                item, end = decoder.raw_decode(text)
            except json.JSONDecodeError:
                # Twice as much every time, so that a large object isn't parsed over and over.
                if not (more := file.read(max(_PIECE, len(text)))):
                    raise InputError(
                        f"{path}: ends in the middle; take the file from {corpus.homepage}"
                    ) from None
                text += more
                continue
            if not isinstance(item, dict):
                raise InputError(complaint)
            yield item
            text = text[end:].lstrip().removeprefix(",").lstrip()
            while not text and (more := file.read(_PIECE)):
                text = more.lstrip().removeprefix(",").lstrip()


def read_json_file(path: Path, corpus: Corpus) -> Any:
    """The content of a JSON file.

    Raises:
        InputError: the file is missing, isn't UTF-8 or isn't JSON.
    """
    with _opened(path, corpus, ended=False) as lines:
        try:
            return json.loads(lines.read())
        except json.JSONDecodeError as error:
            raise InputError(
                f"{path}, line {error.lineno}: isn't JSON ({error.msg}); take the file from {corpus.homepage}"
            ) from None


@contextmanager
def _opened(path: Path, corpus: Corpus, ended: bool = True) -> Iterator[IO[str]]:
    try:
        place = on_disk(path)
        with place.open(encoding="utf-8-sig", newline="") as lines:
            _look_at_the_ends(place, corpus, ended)
            yield cast(IO[str], _Lines(lines, path, corpus))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; take it from {corpus.homepage}") from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: isn't UTF-8 ({error.reason}); the file was re-encoded or damaged, "
            f"take it from {corpus.homepage}"
        ) from None
    except OSError as error:
        raise InputError(
            f"{path}: can't be read ({error.strerror}); check the file and its permissions"
        ) from None


def _look_at_the_ends(path: Path, corpus: Corpus, ended: bool) -> None:
    """Before a row is read: what a download that failed leaves is seen at the ends of the file."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
        last = file.read(1)
    if problem := damage_to(head.decode("latin-1")):
        raise InputError(f"{path}: {problem}; take it from {corpus.homepage}")
    if ended and last not in (b"", b"\n", b"\r"):
        raise InputError(
            f"{path}: the last line has no end, as in a file that was cut short; take it from {corpus.homepage}, "
            "or end the line if it is whole"
        )


class _Lines:
    """The lines of an open file in NFC, none of them with zero bytes: those are what a full disk leaves."""

    def __init__(self, file: IO[str], path: Path, corpus: Corpus) -> None:
        self._file, self._path, self._corpus = file, path, corpus

    def read(self, size: int = -1) -> str:
        """At least `size` characters, in NFC: on to one that no accent can follow."""
        text = self._file.read(size)
        while size >= 0 and text and text[-1] not in _MARKS and (more := self._file.read(1)):
            text += more
        return text if text.isascii() else unicodedata.normalize("NFC", text)

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._file, 1):
            if "\0" in line:
                raise InputError(
                    f"{self._path}, line {number}: {damage_to(line)}; take it from {self._corpus.homepage}"
                )
            yield line if line.isascii() else unicodedata.normalize("NFC", line)
