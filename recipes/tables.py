"""The metadata files of corpora: tables and JSON, row by row, with complaints that name the file and the line."""

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ..errors import InputError
from .corpus import Corpus
from .spelling import on_disk

# A transcript of an hour may stand in one field.
csv.field_size_limit(1 << 24)

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
            table = csv.reader(lines, delimiter=delimiter)
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
                    padded = [cell.strip() for cell in cells] + [""] * (len(names) - len(cells))
                    yield Row(table.line_num, dict(zip(names, padded, strict=False)))
        except csv.Error as error:
            raise InputError(
                f"{path}, line {table.line_num}: isn't a table row ({error}); take the table from {corpus.homepage}"
            ) from None


def read_lines(path: Path, corpus: Corpus) -> Iterator[tuple[int, str]]:
    """The lines of a text file with their numbers, from 1; blanks at the ends are stripped, empty lines skipped.

    Raises:
        InputError: the file is missing or isn't UTF-8.
    """
    with _opened(path, corpus) as lines:
        for number, line in enumerate(lines, 1):
            if text := unicodedata.normalize("NFC", line.strip()):
                yield number, text


def read_json_lines(path: Path, corpus: Corpus) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with one JSON object a line, with the line's number.

    Raises:
        InputError: the file is missing or isn't UTF-8, or a line isn't a JSON object.
    """
    for number, line in read_lines(path, corpus):
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
    with _opened(path, corpus) as file:
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
    with _opened(path, corpus) as lines:
        try:
            return json.loads(unicodedata.normalize("NFC", lines.read()))
        except json.JSONDecodeError as error:
            raise InputError(
                f"{path}, line {error.lineno}: isn't JSON ({error.msg}); take the file from {corpus.homepage}"
            ) from None


@contextmanager
def _opened(path: Path, corpus: Corpus) -> Iterator[IO[str]]:
    try:
        with on_disk(path).open(encoding="utf-8-sig", newline="") as lines:
            yield lines
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
