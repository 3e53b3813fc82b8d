"""The metadata files of corpora: tables and JSON, row by row, with complaints that name the file and the line."""

import csv
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from ..errors import InputError
from .corpus import Corpus, damage_to

# A transcript of an hour may stand in one field.
csv.field_size_limit(1 << 24)

_HEAD = 256
"""Bytes at the start of a file that show whether it is something else."""
_PIECE = 1 << 20
"""Characters of a JSON file that are read at a time."""


@dataclass(frozen=True)
class Row:
    """One row of a table: its line in the file, and the values of its columns, stripped ("" where there is none)."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


def read_table(
    path: Path,
    corpus: Corpus,
    columns: tuple[str, ...],
    *,
    delimiter: str = ",",
    header: bool = True,
    quoted: bool = True,
) -> Iterator[Row]:
    """The rows of a table, one at a time, with at least these columns.

    Without a `header` in the file, `columns` names the first columns of every row. `quoted=False` takes quotation
    marks as they are, as in the TSV files of Common Voice. Empty lines are skipped; what a short row lacks is "".

    Raises:
        InputError: the file is missing, isn't UTF-8, or its header lacks a column.
    """
    with _opened(path, corpus) as lines:
        if quoted:
            table = csv.reader(lines, delimiter=delimiter, strict=True)
        else:
            table = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        try:
            names = [name.strip() for name in next(table, [])] if header else list(columns)
            missing = [column for column in columns if column not in names]
            if missing:
                raise InputError(
                    f"{path}: no column '{missing[0]}' (there are {', '.join(names[:12]) or 'none'}); "
                    f"take the table from {corpus.homepage}"
                )
            for cells in table:
                if any(cells):
                    # Columns were lost or two rows glued together: which cell is which isn't known.
                    if header and len(cells) != len(names):
                        cells = cells[:1]
                    padded = [cell.strip() for cell in cells] + [""] * (len(names) - len(cells))
                    yield Row(table.line_num, dict(zip(names, padded, strict=False)))
        except csv.Error as error:
            raise InputError(
                f"{path}, line {table.line_num}: isn't a table row ({error}); take the table from {corpus.homepage}"
            ) from None


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
            return json.load(lines)
        except json.JSONDecodeError as error:
            raise InputError(
                f"{path}, line {error.lineno}: isn't JSON ({error.msg}); take the file from {corpus.homepage}"
            ) from None


@contextmanager
def _opened(path: Path, corpus: Corpus, ended: bool = True) -> Iterator[IO[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            _look_at_the_ends(path, corpus, ended)
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
    """The lines of an open file, none of them with zero bytes: those are what a full disk leaves."""

    def __init__(self, file: IO[str], path: Path, corpus: Corpus) -> None:
        self._file, self._path, self._corpus = file, path, corpus
        self.read = file.read

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._file, 1):
            if "\0" in line:
                raise InputError(
                    f"{self._path}, line {number}: {damage_to(line)}; take it from {self._corpus.homepage}"
                )
            yield line
