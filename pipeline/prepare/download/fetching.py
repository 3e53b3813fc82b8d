"""One file from a web server into one file on disk: stopped, it goes on where it was, and never joins two versions."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import requests
import urllib3

from ....errors import InputError
from ....files import replace
from ....progress import Bar

TRIES = 6
BLOCK = 1 << 20
_TIMEOUT_S = 60
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "cryfish"}


class _AnotherVersion(requests.ConnectionError):
    """The server goes on with another file than the one that was begun."""


def fetch_file(url: str, path: Path, size: int = 0) -> None:
    """Fetches `url` into `<path>.part`, from where an earlier try ended, and then gives it its name.

    It goes on only when the server says that the file is still the one that was begun (its ETag, else the time of its
    last change): else from the beginning, as where the server says neither or sends no ranges.

    Raises:
        InputError: the server doesn't give the file, the connection breaks again and again, or the disk has no room.
    """
    part = path.with_name(path.name + ".part")
    tag = path.with_name(path.name + ".etag")
    trouble = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(min(30, 2**attempt) if attempt > 1 else 0.5)
        try:
            _continue(url, part, tag, size)
        except _AnotherVersion as error:
            _begin_anew(part, tag)
            trouble = str(error)
            continue
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
            trouble = type(error).__name__
            continue
        replace(part, path)
        tag.unlink(missing_ok=True)
        return
    raise InputError(
        f"{url}: the connection broke {TRIES} times ({trouble}); what came is kept, run the same command again"
    )


def fetch_text(url: str) -> str | None:
    """A small text, or None where the server doesn't give it."""
    answer = _asked("GET", url)
    return answer.text if answer is not None and answer.status_code == requests.codes.ok else None


def fetch_header(url: str, name: str) -> str:
    """A header of the server's own answer, before it leads elsewhere; empty where there is none."""
    answer = _asked("HEAD", url)
    return answer.headers.get(name, "") if answer is not None and answer.status_code < 400 else ""


def _asked(method: str, url: str) -> requests.Response | None:
    for attempt in range(TRIES):
        if attempt:
            time.sleep(min(30, 2**attempt) if attempt > 1 else 0.5)
        try:
            follow = method == "GET"
            answer = requests.request(
                method, url, headers=_HEADERS, timeout=_TIMEOUT_S, allow_redirects=follow
            )
        except requests.RequestException:
            continue
        if answer.status_code < 500:
            return answer
    return None


def _begin_anew(part: Path, tag: Path) -> None:
    # The tag first: a part without one is begun anew, a tag without its part would be of another file.
    tag.unlink(missing_ok=True)
    part.unlink(missing_ok=True)


def _continue(url: str, part: Path, tag: Path, size: int) -> None:
    had = part.stat().st_size if part.is_file() else 0
    begun = tag.read_text() if had and tag.is_file() else ""
    headers = dict(_HEADERS)
    if begun:
        headers |= {"Range": f"bytes={had}-", "If-Range": begun}
    with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT_S) as answer:
        if answer.status_code == requests.codes.requested_range_not_satisfiable:
            raise _AnotherVersion("the file is shorter than what was fetched of it")
        if answer.status_code >= 500:
            raise requests.ConnectionError(f"status {answer.status_code}")
        if answer.status_code not in (requests.codes.ok, requests.codes.partial_content):
            raise InputError(
                f"{url}: the server answers {answer.status_code} {answer.reason}; the corpus may have moved, "
                "look at its homepage"
            )
        entity = _entity(answer)
        if answer.status_code == requests.codes.partial_content:
            first = (
                answer.headers.get("Content-Range", f"bytes {had}-").removeprefix("bytes ").partition("-")[0]
            )
            if not begun or first.strip() != str(had) or (entity and entity != begun):
                raise _AnotherVersion("the server went on with another file")
        else:
            had = 0
            _begin_anew(part, tag)
            if entity:
                tag.write_text(entity)
        length = answer.headers.get("Content-Length")
        total = had + int(length) if length else size or None
        free = shutil.disk_usage(part.parent).free
        if total and total - had > free:
            raise InputError(
                f"{part.parent}: {total / 1e9:.1f} GB are needed for {url} but {free / 1e9:.1f} GB are free"
            )
        with part.open("ab") as stream, bar("fetch", part, total, had) as progress:
            # Not `iter_content`, which drops the last bytes before a break.
            while block := answer.raw.read1(BLOCK):
                stream.write(block)
                progress.update(len(block))
        if length and part.stat().st_size < had + int(length):
            raise requests.ConnectionError


def _entity(answer: requests.Response) -> str:
    """What names this version of the file to the server, where anything does to the byte."""
    entity = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
    return "" if entity.startswith("W/") else entity


def bar(what: str, path: Path, total: int | None, done: int = 0) -> Bar:
    """A bar in bytes for a file in `.downloads`, whose name begins with a digest."""
    name = path.name.removesuffix(".part").partition("-")[2]
    return Bar(f"{what} {name}", total, unit="B", done=done, unit_scale=True, leave=False)
