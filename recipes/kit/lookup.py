"""What metadata files tell of speakers and clips, and what they ought to and don't: nothing is lost without a word.

A damaged file mostly can be read still, only with less in it. So a fact that isn't told has to be one of three: not
published (None), not there because the whole file is one that some copies lack (`Corpus.optional`), or `Untold`.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from ...errors import InputError
from .corpus import Corpus, clean_text, damage_to
from .spelling import is_file, on_disk

T = TypeVar("T")


@dataclass(frozen=True)
class Untold:
    """Stands for a fact, or with `**` for facts, that the metadata should tell and don't: the clip is a bad one."""

    reason: str

    def keys(self) -> tuple[str, ...]:
        return ("untold",)

    def __getitem__(self, key: str) -> "Untold":
        return self


class Lookup(Generic[T]):
    """What a metadata file tells by key (a speaker, a clip), read to its end before the first clip.

    A key that it doesn't tell, or tells in two ways, gives `Untold`. Without the file every key gives `otherwise`,
    and so does one that isn't told by a file that is published so (`partial`).
    """

    def __init__(self, path: Path | None, otherwise: T, partial: bool = False) -> None:
        self._name = "" if path is None else path.name
        self._partial = partial or path is None
        self._otherwise = otherwise
        self._told: dict[str, T | Untold] = {}
        self._others: Untold | None = None

    def tell(self, key: str, value: T | Untold) -> None:
        if self._told.setdefault(key, value) != value:
            self._told[key] = Untold(f"{self._name} says two things of {key}")

    def tell_others(self, why: Untold) -> None:
        """What every key gives that isn't told: the file can't be read."""
        self._others = why

    def __contains__(self, key: str) -> bool:
        return key in self._told

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __getitem__(self, key: str) -> T | Untold:
        if key in self._told:
            return self._told[key]
        if self._partial:
            return self._otherwise
        return self._others or Untold(f"{self._name} says nothing of {key}")


def one_of(values: Mapping[str, T], value: str, where: str) -> T | Untold:
    """What a published value means, None for one that stands for nothing."""
    if value in values:
        return values[value]
    return Untold(f"{where}: {value!r} isn't one of {', '.join(filter(None, values))}")


def whole_number(text: str, where: str) -> int | Untold:
    """A number of years and the like."""
    return (
        int(text) if text.isdigit() and text.isascii() else Untold(f"{where}: {text!r} isn't a whole number")
    )


def read_note(path: Path, *, ended: bool = False) -> str | Untold:
    """The small text file of one clip or of a few, in NFC; damaged it costs these clips, not the run.

    `ended`: it is read line by line, and what is left of a last line that was cut short could be taken for a whole one.
    """
    path = on_disk(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Untold(f"there is no {path.name} with its text")
    except UnicodeDecodeError as error:
        return Untold(f"byte {error.start} of its text {path.name} isn't UTF-8")
    except OSError as error:
        return Untold(f"its text {path.name} can't be read ({error.strerror})")
    if problem := damage_to(text):
        return Untold(f"its text {path.name} {problem}")
    if not text.strip():
        return Untold(f"its text {path.name} is empty")
    if ended and not text.endswith("\n"):
        return Untold(f"the last line of its text {path.name} has no end, as in a file that was cut short")
    return unicodedata.normalize("NFC", text)


def lines_of(note: str | Untold) -> Iterator[tuple[int, str]]:
    """As `tables.read_lines`, of a note; none of one that is untold."""
    for number, line in enumerate("" if isinstance(note, Untold) else note.split("\n"), 1):
        if text := line.strip():
            yield number, text


def text_of(path: Path) -> str | Untold:
    """The words of one clip, which have a file of their own."""
    note = read_note(path)
    return note if isinstance(note, Untold) else clean_text(note)


def if_there(path: Path, corpus: Corpus, corpus_dir: Path) -> Path | None:
    """A metadata file, or None where it is missing and one that some published copies lack.

    Raises:
        InputError: it is missing and every copy should have it.
    """
    if is_file(path):
        return path
    if any(path.relative_to(corpus_dir).match(pattern) for pattern in corpus.optional):
        return None
    raise InputError(f"{path}: no such file; take it from {corpus.homepage}")
