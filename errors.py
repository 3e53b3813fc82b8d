"""The one exception every room raises for input that a user can mend."""

import difflib
import gzip
import lzma
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)
"""What Python's readers of packed files raise where one was cut short, or where bits of it have changed."""


class InputError(Exception):
    """Bad input, said in one sentence that names the file, the field and the fix.

    The command line prints the sentence and exits with code 2; nothing else is shown. `faults` has a sentence for each
    thing that is wrong, where several were looked for.
    """

    def __init__(self, *words: str, faults: Iterable[str] = ()) -> None:
        super().__init__(*words)
        self.faults = tuple(faults)


class _Check(Protocol):
    def __call__(self, *arguments: Any) -> Any: ...


def refuse(faults: Iterable[str]) -> None:
    """Tells all faults at once: one as it is, several a line each; the same is told once.

    Raises:
        InputError: there is one.
    """
    found = list(dict.fromkeys(faults))
    if len(found) == 1:
        raise InputError(found[0])
    if found:
        told = "\n- ".join([f"{len(found)} things are wrong; nothing was begun", *found])
        raise InputError(told, faults=found)


def faults_of(check: _Check, *arguments: Any) -> Iterator[str]:
    """What a check that raises InputError has to say, if anything."""
    try:
        check(*arguments)
    except InputError as error:
        yield from error.faults or (str(error),)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)`, or nothing when no known word is near."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""
