"""CryFish's published annotation format: one JSON object `{"annotation": [...]}`, written and read piece by piece.

A record is `{"paths", "task", "Q", "text", "db_name", "taxonomy"}`: the audio files, the question, the answer. What
else an instruction holds is kept under `cryfish`, which other readers pass over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import IO, Any

from ....errors import InputError
from ....files import write_atomically
from ....shards import Instruction
from .formats import ExportFormat, HeardInstruction
from .taxonomy import taxonomy_of

_BLOCK = 1 << 20
_KEPT = ("id", "clips", "kind", "label", "language", "origin", "provenance")


def annotation_record(instruction: Instruction, paths: list[str], corpus: str) -> dict[str, Any]:
    """The record of an instruction about these audio files."""
    whole = instruction.to_json()
    return {
        "paths": paths,
        "task": instruction.task,
        "Q": instruction.question,
        "text": instruction.answer,
        "db_name": corpus,
        "taxonomy": taxonomy_of(instruction.task),
        "cryfish": {name: whole[name] for name in _KEPT},
    }


def write_annotation(path: Path, records: Iterable[Mapping[str, Any]]) -> int:
    """Writes the records, one a line, the file whole or not at all; returns how many."""

    def write(temporary: Path) -> int:
        count = 0
        with temporary.open("w", encoding="utf-8") as file:
            file.write('{"annotation": [')
            for record in records:
                file.write(("," if count else "") + "\n" + json.dumps(record, ensure_ascii=False))
                count += 1
            file.write("\n]}\n")
        return count

    return int(write_atomically(path, write))


def read_annotation(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields each record and what to call it in a message (`file: annotation 3`); memory holds one at a time.

    Raises:
        InputError: the file is missing or not such a JSON object, or a record's field is; names file, record, field.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, record in enumerate(_Stream(path, file).records(), 1):
                where = f"{path}: annotation {number}"
                _check(record, where)
                yield where, record
    except (FileNotFoundError, IsADirectoryError) as error:
        raise InputError(f"{path}: no such file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: isn't text in UTF-8; is it the annotation file?") from error


def _check(record: Any, where: str) -> None:
    if not isinstance(record, dict):
        raise InputError(
            f"{where} must be an object with paths, task, Q, text and db_name, found {record!r:.60}"
        )
    paths = record.get("paths")
    if not isinstance(paths, list) or not paths or not all(isinstance(one, str) and one for one in paths):
        raise InputError(f"{where}: field 'paths' must be a list of audio files, found {paths!r:.60}")
    for name in ("task", "Q", "text", "db_name"):
        if not isinstance(record.get(name), str) or not record[name].strip():
            raise InputError(f"{where}: field '{name}' must be a text, found {record.get(name)!r:.60}")


class _Stream:
    """The items of the array under `annotation`, decoded as the text comes."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self._path = path
        self._file = file
        self._decoder = JSONDecoder()
        self._text = ""
        self._place = 0
        self._ended = False

    def records(self) -> Iterator[Any]:
        self._take("{", "must be a JSON object with the key 'annotation'")
        seen = False
        if self._peek() == "}":
            raise self._error("lacks the key 'annotation'")
        while True:
            key = self._value("must have keys in double quotes")
            self._take(":", f"lacks a colon after the key {key!r:.40}")
            if key == "annotation" and not seen:
                seen = True
                yield from self._items()
            else:
                self._value(f"holds no JSON under the key {key!r:.40}")
            if self._peek() != ",":
                break
            self._take(",", "")
        self._take("}", "ends before its closing brace; it was cut short, copy it again")
        if self._peek():
            raise self._error("holds more than one JSON object")
        if not seen:
            raise self._error("lacks the key 'annotation'")

    def _items(self) -> Iterator[Any]:
        self._take("[", "must hold a list under the key 'annotation'")
        count = 0
        while self._peek() != "]":
            if count:
                self._take(",", f"breaks off after annotation {count}; it was cut short, copy it again")
            yield self._value(f"holds no whole JSON at annotation {count + 1}; was it cut short?")
            count += 1
        self._take("]", "")

    def _more(self) -> bool:
        piece = "" if self._ended else self._file.read(max(_BLOCK, len(self._text) - self._place))
        self._ended = not piece
        self._text = self._text[self._place :] + piece
        self._place = 0
        return bool(piece)

    def _peek(self) -> str:
        """The next character that isn't blank; nothing at the end."""
        while True:
            while self._place < len(self._text):
                if self._text[self._place] not in " \t\r\n\ufeff":
                    return self._text[self._place]
                self._place += 1
            if not self._more():
                return ""

    def _take(self, wanted: str, otherwise: str) -> None:
        if self._peek() != wanted:
            raise self._error(otherwise)
        self._place += 1

    def _value(self, otherwise: str) -> Any:
        self._peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._place)
            except JSONDecodeError:
                if not self._more():
                    raise self._error(otherwise) from None
            except RecursionError:
                raise self._error(otherwise) from None
            else:
                # A number may go on in the next block.
                if end < len(self._text) or not self._more():
                    self._place = end
                    return value

    def _error(self, problem: str) -> InputError:
        return InputError(f"{self._path}: {problem}")


def _write(path: Path, items: Iterator[HeardInstruction], options: object) -> int:
    return write_annotation(
        path,
        (
            annotation_record(one.instruction, [str(place) for place in one.audio], one.corpus)
            for one in items
        ),
    )


_MINIATURE = (
    '{"paths": ["/audio/a.flac"], "task": "asr", "Q": "What is said?", "text": "Good morning.", "db_name": "demo"',
    '"paths": ["/audio/a.flac", "/audio/b.flac"], "task": "louder", "Q": "Is <audio> louder than <audio>?"',
    r'"task": "open_qa", "Q": "Was heißt \"да\"?", "text": "Ja.\nJa!", "db_name": "demo"',
)
FORMAT = ExportFormat("cryfish", "annotation.json", _write, _MINIATURE, read=read_annotation)
