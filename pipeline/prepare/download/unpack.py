"""Archives of strangers, unpacked so that nothing lands, or leads, outside the folder that they are for."""

from __future__ import annotations

import io
import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from ....errors import DAMAGED, InputError
from ....ownership import LEDGER, remove
from ....progress import Bar
from .fetching import BLOCK, bar
from .joined import Joined, open_zip

ARCHIVES = (".tar.gz", ".tgz", ".tar.bz2", ".tar", ".zip", ".7z")


def is_archive(name: str) -> bool:
    """Whether a file of this name is unpacked."""
    return name.lower().endswith(ARCHIVES)


@contextmanager
def unpacked(parts: Sequence[Path], name: str, strip: str = "", nested: str = "") -> Iterator[Path]:
    """The folder that holds what an archive held, beside its first part; it is gone afterwards.

    Several parts are one archive, joined in this order. `name` tells its kind. `strip` names a top folder that the
    content is taken from. `nested` is a glob pattern of archives within, each of which is unpacked where it lies.

    Raises:
        InputError: a member lies outside the folder, is a link that leads out of it, or a device; or the archive is
            damaged.
    """
    archive = parts[0]
    beside = archive.with_name(f"{LEDGER}-unpack-{archive.name}")
    remove(beside)
    beside.mkdir()
    try:
        _unpack(parts, name, beside)
        source = beside / strip if strip and (beside / strip).is_dir() else beside
        for inner in sorted(source.glob(nested)) if nested else ():
            # `._NAME` is what macOS notes of NAME.
            if (
                inner.is_file()
                and not inner.is_symlink()
                and is_archive(inner.name)
                and inner.name[:2] != "._"
            ):
                _unpack([inner], inner.name, inner.parent)
                inner.unlink()
        yield source
    finally:
        remove(beside)


def _unpack(parts: Sequence[Path], name: str, folder: Path) -> None:
    links = _Links(parts[0], folder)
    with _archive_errors(parts[0]):
        if name.lower().endswith(".zip"):
            _unpack_zip(parts, folder, links)
        elif name.lower().endswith(".7z"):
            _unpack_7z(parts[0], folder)
        else:
            _unpack_tar(parts, folder, links)
        links.make()


@contextmanager
def _archive_errors(archive: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, zipfile.BadZipFile, NotImplementedError, *DAMAGED) as error:
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


def _device(archive: Path, name: str) -> InputError:
    return InputError(f"{archive}: its member {name!r} is a device or the like; nothing was unpacked")


@dataclass
class _Links:
    """The links of an archive, made when all else is unpacked, so that nothing is ever written through one."""

    archive: Path
    folder: Path
    _symbolic: list[tuple[PurePosixPath, str]] = field(default_factory=list)
    _hard: list[tuple[PurePosixPath, PurePosixPath]] = field(default_factory=list)

    def symbolic(self, path: PurePosixPath, target: str) -> None:
        """One that names its target as seen from where it lies."""
        self._symbolic.append((path, target))

    def hard(self, path: PurePosixPath, target: PurePosixPath) -> None:
        """One that is another member of the archive."""
        self._hard.append((path, target))

    def make(self) -> None:
        """Makes those that stay inside. Raises InputError for one that doesn't, or takes another member's place."""
        for path, linked in self._hard:
            place, other = self._place(path), self.folder / linked
            if not self._leads_inside(other) or not other.is_file() or other.is_symlink():
                raise self._refusal(path, str(linked))
            if place != other:
                os.link(other, place)
        for path, target in self._symbolic:
            place = self._place(path)
            if PurePosixPath(target.replace("\\", "/")).is_absolute() or ":" in target or not target:
                raise self._refusal(path, target)
            place.symlink_to(target)
            if not self._leads_inside(place):
                raise self._refusal(path, target)
        # A link that was made later may have led an earlier one elsewhere.
        for path, target in self._symbolic:
            if not self._leads_inside(self.folder / path):
                raise self._refusal(path, target)

    def _place(self, path: PurePosixPath) -> Path:
        place = self.folder / path
        if not self._leads_inside(place.parent):
            raise self._refusal(path, "its folder")
        place.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(place):
            if place.is_dir() and not place.is_symlink():
                raise self._refusal(path, "a folder's place")
            place.unlink()
        return place

    def _leads_inside(self, place: Path) -> bool:
        return Path(os.path.realpath(place)).is_relative_to(os.path.realpath(self.folder))

    def _refusal(self, path: PurePosixPath, target: str) -> InputError:
        return InputError(
            f"{self.archive}: its member '{path}' is a link to {target!r}, which isn't a file or folder inside; "
            "nothing was unpacked"
        )


def _unpack_tar(parts: Sequence[Path], folder: Path, links: _Links) -> None:
    archive = parts[0]
    with (
        Joined(parts) as raw,
        bar("unpack", archive, raw.size) as progress,
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
            elif member.issym():
                links.symbolic(path, member.linkname)
            elif member.islnk():
                links.hard(path, _inside(archive, member.linkname))
            else:
                raise _device(archive, member.name)


def _unpack_zip(parts: Sequence[Path], folder: Path, links: _Links) -> None:
    archive = parts[0]
    with open_zip(parts) as members:
        infos = members.infolist()
        with bar("unpack", archive, sum(info.file_size for info in infos)) as progress:
            for info in infos:
                path = _inside(archive, info.filename)
                kind = stat.S_IFMT(info.external_attr >> 16)
                if kind == stat.S_IFLNK:
                    links.symbolic(path, members.read(info).decode("utf-8", "replace"))
                elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                    raise _device(archive, info.filename)
                elif info.is_dir():
                    (folder / path).mkdir(parents=True, exist_ok=True)
                else:
                    with members.open(info) as stream:
                        _write(stream, folder / path)
                progress.update(info.file_size)


def _unpack_7z(archive: Path, folder: Path) -> None:
    try:
        import py7zr  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise InputError(
            f"{archive}: unpacking it needs the package py7zr; `pip install 'cryfish[7z]'`, then run the same "
            "command again"
        ) from None
    try:
        with py7zr.SevenZipFile(archive) as members:
            for member in members.files:
                _inside(archive, member.filename)
                if member.is_symlink or member.is_junction or member.is_socket:
                    raise _device(archive, member.filename)
            members.extractall(folder)
    except py7zr.exceptions.ArchiveError as error:
        raise zipfile.BadZipFile(str(error)) from None


def _write(stream: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as output:
        shutil.copyfileobj(stream, output, BLOCK)


class _Counted:
    """A file whose reading moves a progress bar."""

    def __init__(self, stream: io.RawIOBase, progress: Bar) -> None:
        self._stream, self._progress = stream, progress

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size) or b""
        self._progress.update(len(block))
        return block
