"""Checksums of what is fetched: the publisher's where there is one, else that of the first time.

Few publishers tell checksums. Of any other file the sha256 of the first fetch is noted, in `.downloads` of the corpus
folder and, where one is asked for, in a lock file: a table of sha256, size and URL that may be kept with a project, so
that every machine gets the same bytes or is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ....errors import InputError
from ....files import write_atomically
from ....locks import hold
from .fetching import fetch_header, fetch_text

_LINE = re.compile(r"([0-9a-f]{64})\t([0-9]+)\t(\S+)")
_HEADER = "sha256\tbytes\turl"
_SUM = re.compile(r"([0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})\s+\*?(\S.*)")
_HUB = re.compile(r"https://huggingface\.co/datasets/[^/]+/[^/]+/resolve/")
_ZENODO = re.compile(r"https://zenodo\.org/records?/([0-9]+)/files/")
_KINDS = {32: "md5", 64: "sha256"}


@dataclass(frozen=True)
class FirstSeen:
    """What a file was when it was first fetched."""

    sha256: str
    size: int


def file_name(url: str) -> str:
    """The last name of a URL."""
    return unquote(PurePosixPath(urlsplit(url).path).name) or "file"


def published_checksum(url: str, checksum: str, sums: str = "") -> str:
    """`md5:...` or `sha256:...` of a file: as declared, else as the publisher's list, Zenodo or the Hub have it.

    The Hub names the sha256 of large files in the header `X-Linked-ETag` (huggingface_hub's file_download.py).
    """
    if checksum:
        return checksum
    if _HUB.match(url):
        entity = fetch_header(url, "X-Linked-ETag").strip('"')
        return f"sha256:{entity}" if re.fullmatch(r"[0-9a-f]{64}", entity) else ""
    if match := _ZENODO.match(url):
        sums = sums or f"https://zenodo.org/api/records/{match[1]}"
    return _list(sums).get(file_name(url), "") if sums else ""


@lru_cache(maxsize=32)
def _list(url: str) -> dict[str, str]:
    """File -> checksum, from lines of `md5sum` or `sha256sum`, or from the JSON of a Zenodo record."""
    text = fetch_text(url) or ""
    try:
        files = json.loads(text)["files"]
        return {str(file["key"]): str(file["checksum"]) for file in files}
    except (ValueError, KeyError, TypeError):
        lines = [match for match in map(_SUM.fullmatch, map(str.strip, text.splitlines())) if match]
        return {
            PurePosixPath(match[2]).name: f"{_KINDS[len(match[1])]}:{match[1].lower()}" for match in lines
        }


def read_lock(path: Path) -> dict[str, FirstSeen]:
    """URL -> what was first seen there; nothing where there is no file yet.

    Raises:
        InputError: it isn't such a table, or says two things of one URL.
    """
    if not path.is_file():
        return {}
    found: dict[str, FirstSeen] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        lines = [""]
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if number == 1 and line == _HEADER:
            continue
        if number == 1 or match is None:
            raise InputError(
                f"--lock {path}, line {number}: isn't `sha256, bytes, url` under such a header, as `cryfish download` "
                "writes it; name another file, or take the line out"
            )
        seen = FirstSeen(match[1], int(match[2]))
        if found.setdefault(match[3], seen) != seen:
            raise InputError(f"--lock {path}, line {number}: tells {match[3]} in another way; keep one line")
    return found


def compare(url: str, seen: FirstSeen, first: FirstSeen | None) -> None:
    """Raises InputError when a file isn't what it was when it was first seen."""
    if first is not None and first.sha256 != seen.sha256:
        raise InputError(
            f"{url}: its sha256 is {seen.sha256}, but was {first.sha256} when it was first fetched; the publisher "
            "exchanged it, or it was damaged on the way; run the same command again, and to take the other file "
            "remove its line from the lock file or its note from the folder .downloads"
        )


def add_to_lock(path: Path, seen: Iterable[tuple[str, FirstSeen]]) -> None:
    """Notes files in a lock file; lines that are there stay. Raises InputError where they tell another checksum."""
    with hold(path, wait=True):
        known = read_lock(path)
        for url, found in seen:
            compare(url, found, known.setdefault(url, found))
        lines = [f"{known[url].sha256}\t{known[url].size}\t{url}\n" for url in sorted(known)]
        write_atomically(
            path, lambda part: part.write_text("".join([f"{_HEADER}\n", *lines]), encoding="utf-8")
        )
