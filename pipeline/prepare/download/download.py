"""download: fetches the files of a corpus that needs no form, checks them, and unpacks them safely."""

from __future__ import annotations

import filecmp
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ....errors import InputError
from ....files import disk_errors, read_json, write_json
from ....locks import hold
from ....outputs import Output, check_outputs
from ....ownership import begin_folder
from ....recipes.kit.corpus import ArchivePart, Corpus, Download
from ....recipes.kit.registry import recipe
from .fetching import BLOCK, bar, fetch_file
from .first_seen import FirstSeen, add_to_lock, compare, file_name, published_checksum, read_lock
from .unpack import is_archive, unpacked

_WORK = ".downloads"
_REPLACED = "replaced"
_NAMED = 100
STAGE = "download"


def download(
    name: str, corpus_dir: Path, *, only: str | None = None, keep: bool = False, lock: Path | None = None
) -> None:
    """Fetches what of a corpus isn't in its folder yet.

    Args:
        only: fetch only the files whose URL holds this text.
        keep: leave the archives in `.downloads` after unpacking.
        lock: a table of the checksums that were first seen (see first_seen.py): what is in it is compared, what isn't
            is added.

    Raises:
        InputError: the folder holds what wasn't fetched so, or another process works in it; the corpus can't be fetched
            so, a server doesn't give a file, a checksum isn't the published one or the one that was first seen, or an
            archive has members, or links that lead, outside its folder.
    """
    corpus = recipe(name).corpus
    chosen = _chosen(corpus, only)
    check_outputs([Output(corpus_dir, "CORPUS_DIR", STAGE)], [])
    known = read_lock(lock) if lock else {}
    with disk_errors(corpus_dir):
        begin_folder(corpus_dir, STAGE)
    with hold(corpus_dir, inside=True):
        for item in chosen:
            seen = fetch(item, corpus_dir, keep=keep, known=known)
            if lock and seen.keys() - known.keys():
                add_to_lock(lock, seen.items())


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


def fetch(
    item: Download, corpus_dir: Path, *, keep: bool = False, known: Mapping[str, FirstSeen] | None = None
) -> dict[str, FirstSeen]:
    """Fetches one file into its place, or unpacks it there; nothing is done twice, unless it is gone from there.

    Returns what was fetched, now or before, by URL; `known` is what it has to be.

    Raises:
        InputError: as `download`.
    """
    work = corpus_dir / _WORK
    name = file_name(item.url)
    path = _place(work, item.url)
    done = path.with_name(path.name + ".done.json")
    note = read_json(done) if done.is_file() else {}
    before = dict(_seen(note)) if note.get("url") == item.url else {}
    known = known or {}
    for url, seen in before.items():
        compare(url, seen, known.get(url))
    parts = [(part, _place(work, part.url)) for part in item.parts or (ArchivePart(item.url, item.checksum),)]
    places = [place for _, place in parts]
    if before and all(os.path.lexists(corpus_dir / held) for held in note.get("holds", ())):
        _tidy(places, keep)
        return before
    with disk_errors(corpus_dir):
        work.mkdir(parents=True, exist_ok=True)
        now = {
            part.url: _fetched(part, place, item, before.get(part.url), known.get(part.url))
            for part, place in parts
        }
        target = corpus_dir / item.folder
        target.mkdir(parents=True, exist_ok=True)
        if is_archive(name):
            with unpacked(places, name, item.strip, item.nested) as source:
                names = sorted(entry.name for entry in source.iterdir())[:_NAMED]
                holds = [str(Path(item.folder, entry)) for entry in names]
                _move_into(source, target, work / _REPLACED)
        else:
            holds = [str(Path(item.folder, name))]
            _move(path, target / name, work / _REPLACED)
        write_json(
            done,
            {
                "url": item.url,
                "files": [
                    {"url": url, "sha256": seen.sha256, "bytes": seen.size} for url, seen in now.items()
                ],
                "holds": holds,
            },
        )
        _tidy(places, keep)
    return now


def _tidy(places: Iterable[Path], keep: bool) -> None:
    """Removes archives that were unpacked and noted: not before, so that a kill never costs another fetch."""
    for place in () if keep else places:
        place.unlink(missing_ok=True)


def _place(work: Path, url: str) -> Path:
    # Two URLs may end in the same name.
    return work / f"{hashlib.sha256(url.encode()).hexdigest()[:8]}-{file_name(url)}"


def _seen(note: Mapping[str, Any]) -> Iterator[tuple[str, FirstSeen]]:
    for file in note.get("files", ()):
        yield file["url"], FirstSeen(file["sha256"], file["bytes"])
    if "sha256" in note:  # as it was noted when an archive had one part
        yield note["url"], FirstSeen(note["sha256"], 0)


def _fetched(part: ArchivePart, path: Path, item: Download, *first: FirstSeen | None) -> FirstSeen:
    """Fetches one file, unless it is there, and compares it with its checksum, else with what was first seen."""
    if not path.is_file():
        fetch_file(part.url, path, item.size)
    published = published_checksum(part.url, part.checksum, item.sums)
    kind, _, digest = published.partition(":")
    digests = _digests(path, {"sha256", kind} if published else {"sha256"})
    if published and digests[kind] != digest.lower():
        path.unlink()
        raise InputError(
            f"{part.url}: its {kind} is {digests[kind]}, but {digest} was published; the file was damaged on the way "
            "or exchanged, and is removed; run the same command again"
        )
    seen = FirstSeen(digests["sha256"], path.stat().st_size)
    for earlier in first:
        try:
            compare(part.url, seen, earlier)
        except InputError:
            path.unlink()
            raise
    return seen


def _digests(path: Path, kinds: set[str]) -> dict[str, str]:
    digests = {kind: hashlib.new(kind) for kind in kinds}
    with path.open("rb") as stream, bar("check", path, path.stat().st_size) as progress:
        while block := stream.read(BLOCK):
            for digest in digests.values():
                digest.update(block)
            progress.update(len(block))
    return {kind: digest.hexdigest() for kind, digest in digests.items()}


def _move_into(source: Path, target: Path, replaced: Path) -> None:
    """Moves what is in `source` into `target`, into folders that are there already too."""
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        place = target / entry.name
        if entry.is_dir(follow_symlinks=False) and place.is_dir():
            _move_into(Path(entry.path), place, replaced / entry.name)
        else:
            _move(Path(entry.path), place, replaced)


def _move(path: Path, place: Path, replaced: Path) -> None:
    """Moves a file or folder to its place; other content that is there goes into the folder `replaced`."""
    if os.path.lexists(place) and not _same(path, place):
        replaced.mkdir(parents=True, exist_ok=True)
        number = 0
        while os.path.lexists(aside := replaced / (f"{place.name}.{number}" if number else place.name)):
            number += 1
        place.rename(aside)
    path.replace(place)


def _same(path: Path, place: Path) -> bool:
    if path.is_symlink() or place.is_symlink():
        return path.is_symlink() and place.is_symlink() and path.readlink() == place.readlink()
    return path.is_file() and place.is_file() and filecmp.cmp(path, place, False)
