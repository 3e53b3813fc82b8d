"""download: fetches the files of a corpus that needs no form, checks them, and unpacks them safely."""

from __future__ import annotations

import filecmp
import hashlib
import os
import shutil
import stat
import tarfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

import requests
import urllib3

from ..errors import InputError
from ..locks import hold
from ..outputs import Output, check_outputs
from ..ownership import LEDGER, begin_folder, remove
from ..progress import Bar
from ..recipes.corpus import Corpus, Download
from ..recipes.registry import recipe
from .files import disk_errors, fsync_path, read_json, write_json

ARCHIVES = (".tar.gz", ".tgz", ".tar.bz2", ".tar", ".zip")
TRIES = 6
_BLOCK = 1 << 20
_TIMEOUT_S = 60
_WORK = ".downloads"
_REPLACED = "replaced"
STAGE = "download"


def download(name: str, corpus_dir: Path, *, only: str | None = None, keep: bool = False) -> None:
    """Fetches what of a corpus isn't in its folder yet.

    Args:
        only: fetch only the files whose URL holds this text.
        keep: leave the archives in `.downloads` after unpacking.

    Raises:
        InputError: the folder holds what wasn't fetched so, or another process works in it; the corpus can't be fetched
            so, a server doesn't give a file, a checksum is wrong, or an archive has members outside its folder, or
            links.
    """
    corpus = recipe(name).corpus
    chosen = _chosen(corpus, only)
    check_outputs([Output(corpus_dir, "CORPUS_DIR", STAGE)], [])
    with disk_errors(corpus_dir):
        begin_folder(corpus_dir, STAGE)
    with hold(corpus_dir, inside=True):
        for item in chosen:
            fetch(item, corpus_dir, keep=keep)


def _chosen(corpus: Corpus, only: str | None) -> list[Download]:
    if not corpus.downloads:
        raise InputError(
            f"{corpus.title}: can't be fetched without a form, an account or a tool of its publisher; get it from "
            f"{corpus.homepage}, then run `cryfish prepare {corpus.name}`"
        )
    chosen = [item for item in corpus.downloads if only is None or only in item.url]
    if not chosen:
        urls = ", ".join(item.url for item in corpus.downloads)
        raise InputError(f"--only {only}: no file of {corpus.title} is named so; there are {urls}")
    return chosen


def fetch(item: Download, corpus_dir: Path, *, keep: bool = False) -> None:
    """Fetches one file into its place, or unpacks it there; nothing is done twice.

    Raises:
        InputError: as `download`.
    """
    work = corpus_dir / _WORK
    file_name = unquote(PurePosixPath(urlsplit(item.url).path).name) or "file"
    # Two URLs may end in the same name.
    path = work / f"{hashlib.sha256(item.url.encode()).hexdigest()[:8]}-{file_name}"
    done = path.with_name(path.name + ".done.json")
    if done.is_file() and read_json(done).get("url") == item.url:
        return
    with disk_errors(corpus_dir):
        work.mkdir(parents=True, exist_ok=True)
        if not path.is_file():
            _fetch(item, path)
        digest = _check(item, path)
        target = corpus_dir / item.folder
        if file_name.lower().endswith(ARCHIVES):
            unpack(path, target, item.strip, work / _REPLACED)
            if not keep:
                path.unlink()
        else:
            target.mkdir(parents=True, exist_ok=True)
            _move(path, target / file_name, work / _REPLACED)
        write_json(done, {"url": item.url, "sha256": digest, "checksum_published": bool(item.checksum)})


def _fetch(item: Download, path: Path) -> None:
    """Into `<path>.part`, from where an earlier try ended; then under its own name."""
    part = path.with_name(path.name + ".part")
    tag = path.with_name(path.name + ".etag")
    trouble = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(min(30, 2**attempt) if attempt > 1 else 0.5)
        had = part.stat().st_size if part.is_file() else 0
        try:
            _continue(item, part, tag, had)
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
            trouble = type(error).__name__
            continue
        fsync_path(part)
        part.replace(path)
        tag.unlink(missing_ok=True)
        return
    raise InputError(
        f"{item.url}: the connection broke {TRIES} times ({trouble}); what came is kept, run the same command again"
    )


def _continue(item: Download, part: Path, tag: Path, had: int) -> None:
    headers = {"Accept-Encoding": "identity", "User-Agent": "cryfish"}
    if had and tag.is_file():
        headers |= {"Range": f"bytes={had}-", "If-Range": tag.read_text()}
    with requests.get(item.url, headers=headers, stream=True, timeout=_TIMEOUT_S) as answer:
        if answer.status_code == requests.codes.requested_range_not_satisfiable:
            part.unlink(missing_ok=True)
            raise requests.ConnectionError
        if answer.status_code >= 500:
            raise requests.ConnectionError(f"status {answer.status_code}")
        if answer.status_code not in (requests.codes.ok, requests.codes.partial_content):
            raise InputError(
                f"{item.url}: the server answers {answer.status_code} {answer.reason}; the corpus may have moved, "
                "look at its homepage"
            )
        if answer.status_code == requests.codes.ok:
            had = 0
        length = answer.headers.get("Content-Length")
        total = had + int(length) if length else item.size or None
        if total and total - had > shutil.disk_usage(part.parent).free:
            raise InputError(
                f"{part.parent}: {total / 1e9:.1f} GB are needed for {item.url} but "
                f"{shutil.disk_usage(part.parent).free / 1e9:.1f} GB are free"
            )
        entity = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
        if entity and not entity.startswith("W/"):
            tag.write_text(entity)
        else:
            tag.unlink(missing_ok=True)
        with part.open("ab" if had else "wb") as stream, _bar("fetch", part, total, had) as progress:
            # Not `iter_content`, which drops the last bytes before a break.
            while block := answer.raw.read1(_BLOCK):
                stream.write(block)
                progress.update(len(block))
        if length and part.stat().st_size < had + int(length):
            raise requests.ConnectionError


def _bar(what: str, path: Path, total: int | None, done: int = 0) -> Bar:
    name = path.name.removesuffix(".part").partition("-")[2]
    return Bar(f"{what} {name}", total, unit="B", done=done, unit_scale=True, leave=False)


def _check(item: Download, path: Path) -> str:
    """The file's sha256, after comparing it with the published checksum."""
    kind, _, published = item.checksum.partition(":")
    digests = {"sha256": hashlib.sha256()}
    if published:
        digests.setdefault(kind, hashlib.new(kind))
    with path.open("rb") as stream, _bar("check", path, path.stat().st_size) as progress:
        while block := stream.read(_BLOCK):
            for digest in digests.values():
                digest.update(block)
            progress.update(len(block))
    if published and digests[kind].hexdigest() != published.lower():
        path.unlink()
        raise InputError(
            f"{item.url}: its {kind} is {digests[kind].hexdigest()}, but {published} was published; the file was "
            "damaged on the way or exchanged, and is removed; run the same command again"
        )
    return digests["sha256"].hexdigest()


def unpack(archive: Path, target: Path, strip: str = "", replaced: Path | None = None) -> None:
    """Unpacks an archive beside itself, and moves what it held into the folder `target` when all of it was good.

    `strip` names a top folder of the archive whose content goes into `target` itself. Other files that lie in the way
    move to `replaced`, by default beside the archive.

    Raises:
        InputError: a member lies outside the folder or is a link or a device, or the archive is damaged.
    """
    beside = archive.with_name(f"{LEDGER}-unpack-{archive.name}")
    remove(beside)
    beside.mkdir()
    try:
        with _archive_errors(archive):
            if archive.name.lower().endswith(".zip"):
                _unpack_zip(archive, beside)
            else:
                _unpack_tar(archive, beside)
        source = beside / strip if strip and (beside / strip).is_dir() else beside
        target.mkdir(parents=True, exist_ok=True)
        _move_into(source, target, replaced or archive.with_name(_REPLACED))
    finally:
        remove(beside)


@contextmanager
def _archive_errors(archive: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise InputError(
            f"{archive}: can't be unpacked ({error}); remove it and run the same command again"
        ) from None
    except OSError as error:
        # gzip and bzip2 tell of damage so, without an errno.
        if error.errno is not None:
            raise
        raise InputError(
            f"{archive}: is damaged ({error}); remove it and run the same command again"
        ) from None


def _inside(archive: Path, name: str) -> PurePosixPath:
    """The member's path. Raises InputError for one that would lie outside the folder."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]) or "\0" in name:
        raise InputError(f"{archive}: its member {name!r} lies outside the folder; nothing was unpacked")
    return path


def _unpack_tar(archive: Path, folder: Path) -> None:
    with (
        archive.open("rb") as raw,
        _bar("unpack", archive, archive.stat().st_size) as progress,
        tarfile.open(fileobj=_Counted(raw, progress), mode="r|*") as members,  # type: ignore[call-overload]
    ):
        for member in members:
            path = _inside(archive, member.name)
            if member.isdir():
                (folder / path).mkdir(parents=True, exist_ok=True)
            elif member.isreg():
                stream = members.extractfile(member)
                assert stream is not None
                _write(stream, folder / path)
            else:
                raise InputError(
                    f"{archive}: its member {member.name!r} is a link or a device; nothing was unpacked"
                )


def _unpack_zip(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as members:
        infos = members.infolist()
        with _bar("unpack", archive, sum(info.file_size for info in infos)) as progress:
            for info in infos:
                path = _inside(archive, info.filename)
                mode = info.external_attr >> 16
                if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                    raise InputError(
                        f"{archive}: its member {info.filename!r} is a link or a device; nothing was unpacked"
                    )
                if info.is_dir():
                    (folder / path).mkdir(parents=True, exist_ok=True)
                    continue
                with members.open(info) as stream:
                    _write(stream, folder / path)
                progress.update(info.file_size)


def _write(stream: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as output:
        shutil.copyfileobj(stream, output, _BLOCK)


class _Counted:
    """A file whose reading moves a progress bar."""

    def __init__(self, stream: IO[bytes], progress: Bar) -> None:
        self._stream, self._progress = stream, progress

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._progress.update(len(block))
        return block


def _move_into(source: Path, target: Path, replaced: Path) -> None:
    """Moves what is in `source` into `target`, into folders that are there already too."""
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        place = target / entry.name
        if entry.is_dir() and place.is_dir():
            _move_into(Path(entry.path), place, replaced / entry.name)
        else:
            _move(Path(entry.path), place, replaced)


def _move(path: Path, place: Path, replaced: Path) -> None:
    """Moves a file or folder to its place; other content that is there goes into the folder `replaced`."""
    if os.path.lexists(place) and not (
        path.is_file() and place.is_file() and filecmp.cmp(path, place, False)
    ):
        replaced.mkdir(parents=True, exist_ok=True)
        number = 0
        while os.path.lexists(aside := replaced / (f"{place.name}.{number}" if number else place.name)):
            number += 1
        place.rename(aside)
    path.replace(place)
