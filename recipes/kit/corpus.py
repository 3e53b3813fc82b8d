"""What a recipe is made of: a corpus, its clips, and the complaints about either."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args

from ...errors import InputError
from .spelling import is_file, is_there, matches, on_disk

Role = Literal["train", "dev", "test"]
ROLES: tuple[Role, ...] = get_args(Role)
Format = Literal["wav", "flac", "mp3", "opus", "vorbis", "aac", "sphere"]


@dataclass(frozen=True)
class Licence:
    """A licence by its usual short name, and whether it allows commercial use."""

    name: str
    commercial: bool


@dataclass(frozen=True)
class ArchivePart:
    """One of the files that an archive is published in; `checksum` as in `Download`."""

    url: str
    checksum: str = ""


@dataclass(frozen=True)
class Download:
    """One file that may be fetched without a form.

    `checksum` is `md5:...` or `sha256:...` as published (or as a loader that is widely used compares it, which the
    recipe names), or empty where none is known. `sums` is the URL of the publisher's own list of checksums, where
    there is one (Zenodo's and the Hub's are found without). `size` is in bytes, 0 where it isn't known. An archive
    (`.tar.gz`, `.tgz`, `.tar.bz2`, `.tar`, `.zip`, `.7z`) is unpacked in `folder`, relative to the corpus folder;
    `strip` is the name of its top folder where that is the corpus folder itself, `nested` a glob pattern of the
    archives in it that are unpacked too. Anything else is put there. `parts` are the files that `url`, which isn't
    fetched then, is published in: joined in this order they are it.
    """

    url: str
    checksum: str = ""
    size: int = 0
    folder: str = "."
    strip: str = ""
    nested: str = ""
    sums: str = ""
    parts: tuple[ArchivePart, ...] = ()


RECORDED_FOR_IT = "recorded for this corpus"
"""The commonest `no_origin`."""


@dataclass(frozen=True)
class Corpus:
    """What is known of a corpus as a whole.

    `description` is two sentences that tell an LLM what it may assume about the clips.
    `layout` lists glob patterns, relative to the corpus folder, that each match something in a complete copy
    (`a|b`: either). `splits` says what each published split is used as. `hours`: of all clips that the recipe reads
    (`published_hours` of hours.py, where a figure is told with its source). `format` is how most copies code the audio.
    `downloads` are the files of a corpus that may be fetched without a form. `gaps`: a copy usually lacks some clips
    (videos that were taken down), so a missing file is told but isn't held against the copy.
    `optional` are the metadata files (glob patterns) that some published copies lack; the facts they tell are then not
    known. Any other one must be there, and one that is there must be whole. `listed` are the folders (glob patterns)
    of whose audio files the metadata must name every one, or else a table lost rows; `spares` are the lists of those
    that aren't read.
    `unhelpful` are facts that don't help an LLM to write questions: all clips share a few values that say nothing
    (the two sentences that actors read), or nobody would put them in words.
    `origins` are the sources that its clips' `origin` names (see origin.py). Where no clip has one, `no_origin` says
    why.
    `own`: somebody's own data, of which no recipe tells later; so its cuts carry the description.
    """

    name: str
    title: str
    description: str
    hours: float
    licence: Licence
    languages: tuple[str, ...]
    sampling_rate: int
    homepage: str
    citation: str
    layout: tuple[str, ...]
    splits: dict[str, Role]
    facts: tuple[str, ...]
    tasks: tuple[str, ...]
    downloads: tuple[Download, ...] = ()
    gaps: bool = False
    optional: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    unhelpful: tuple[str, ...] = ()
    format: Format = "wav"
    origins: tuple[str, ...] = ()
    no_origin: str = ""
    own: bool = False

    @property
    def only_tables(self) -> bool:
        """Whether what may be fetched are tables alone: the audio is that of videos, which nobody hands out."""
        return bool(self.downloads) and all(item.url.endswith(".csv") for item in self.downloads)


@dataclass(frozen=True)
class Clip:
    """One recording, or a stretch of one, with what is known of it; not yet opened.

    `id` is the published id: letters, digits, `-` and `_` (see `safe_id`). `audio` is relative to the corpus
    folder. `start` and `duration` are seconds; without a duration the clip lasts to the end of the file. `channel`
    is the one that the facts are of, where it matters: else the first is taken, or the loudest.
    `origin` says where the publisher took it from (see origin.py). `kept_from` are the names of corpora for whose test
    the publisher says it must not be trained on (a blacklist).
    """

    id: str
    split: str
    audio: Path
    facts: dict[str, Any] = field(default_factory=dict)
    start: float = 0.0
    duration: float | None = None
    origin: tuple[str, ...] = ()
    kept_from: tuple[str, ...] = ()
    channel: int | None = None


@dataclass(frozen=True)
class Trial:
    """One line of a published list for speaker verification: the ids of two clips, and whether one speaker spoke."""

    first: str
    second: str
    same: bool


class BadClip(Exception):
    """One clip that can't be used, and why. It goes to the quarantine; the corpus goes on.

    A recipe yields one, rather than raising it, for a file whose name or metadata can't be understood.
    """

    def __init__(self, clip_id: str, path: Path | str, reason: str) -> None:
        super().__init__(clip_id, str(path), reason)
        self.clip_id = clip_id
        self.path = str(path)
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.clip_id} ({self.path}): {self.reason}"


@dataclass(frozen=True)
class LeftOut:
    """What a recipe doesn't use of the corpus, and why: counted in the summary by its reason, with its hours.

    `id` is what a clip of it would be called. `seconds` is None where nobody knows without opening the audio.
    `audio` is the file, where its folder is one of `Corpus.listed`: that file is named.
    """

    id: str
    split: str
    reason: str
    seconds: float | None = None
    audio: Path | None = None


Found = Clip | BadClip | LeftOut
"""What a recipe yields."""


DIVIDED: dict[str, Role] = {"train": "train", "dev": "dev", "test": "test"}
"""The `splits` of a corpus that publishes none, for which `divide` chooses."""


def divide(corpus: str, group: str, dev: float = 0.1, test: float = 0.1) -> Role:
    """The split of a group of clips (a speaker; else a source recording) where the corpus publishes no splits.

    A pure function of its arguments: it doesn't depend on which other groups are on disk.
    """
    # Names of files needn't be UTF-8.
    digest = hashlib.sha256(f"{corpus}/{group}".encode(errors="surrogatepass")).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    return "test" if place < test else "dev" if place < test + dev else "train"


def safe_id(text: str) -> str:
    """A published name as an id: everything but letters, digits, `-` and `_` becomes `_`.

    Blanks at the ends don't count, and an accented letter is one letter, in whatever form it is written.
    """
    return re.sub(r"[^A-Za-z0-9_-]", "_", unicodedata.normalize("NFC", text).strip())


def clean_text(text: str) -> str:
    """A published text in Unicode's NFC form, without blanks at its ends, runs of blanks made one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def known(**facts: Any) -> dict[str, Any]:
    """The facts that have a value: None, an empty text and an empty list are left out."""
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def is_inside(name: str) -> bool:
    """Whether a file's name out of the metadata stays in the corpus folder."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts


def damage_to(text: str) -> str | None:
    """What tells at once that a text isn't what was published: a web page in its place, or zero bytes in it."""
    if re.match(r"\s*<(!doctype html|html)\b", text, re.IGNORECASE):
        return "is a web page, not the published file"
    return "holds zero bytes, so it was damaged on the disk" if "\0" in text else None


def read_text(path: Path) -> str:
    """The content of a UTF-8 metadata file (a byte-order mark is skipped). Raises InputError."""
    try:
        text = on_disk(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start} is not UTF-8; the file was re-encoded or damaged, "
            "take it from the published corpus"
        ) from None
    except OSError as error:
        raise InputError(
            f"{path}: can't be read ({error.strerror}); check the file and its permissions"
        ) from None
    if problem := damage_to(text):
        raise InputError(f"{path}: {problem}; take it from the published corpus")
    return text


def first_file(corpus_dir: Path, *choices: str) -> Path:
    """The first of these relative paths that is there, else the first: a file may come in several formats.

    A link that leads nowhere comes after any file: it is told when it is opened.
    """
    there = (choice for look in (is_file, is_there) for choice in choices if look(corpus_dir / choice))
    return Path(next(there, choices[0]))


def entries_of(folder: Path, most: int = 6) -> str:
    """What lies in a folder, for a message: `a, b, c and 7 more`."""
    names = sorted(entry.name for entry in folder.iterdir())
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "nothing") + more


def require(corpus_dir: Path, corpus: Corpus) -> None:
    """Check that a folder holds the corpus in its published layout.

    Raises InputError, which says what is missing, what was expected, which folder nearby was probably meant
    and where to get the corpus.
    """
    if not corpus_dir.exists():
        raise InputError(f"{corpus.title}: no folder {corpus_dir}; get the corpus from {corpus.homepage}")
    if not corpus_dir.is_dir():
        raise InputError(
            f"{corpus.title}: {corpus_dir} is a file, not the corpus folder; "
            "unpack an archive first and name the folder"
        )
    missing = [pattern for pattern in corpus.layout if not _matches(corpus_dir, pattern)]
    if not missing:
        return
    meant = next((near for near in _nearby(corpus_dir) if _complete(near, corpus)), None)
    if meant is not None:
        raise InputError(
            f"{corpus.title}: {corpus_dir} has no {_or(missing[0])}; did you mean the folder {meant}?"
        )
    raise InputError(
        f"{corpus.title}: {corpus_dir} has no {_or(missing[0])}; the folder should hold "
        f"{', '.join(map(_or, corpus.layout))}, as published at {corpus.homepage}"
    )


def _or(pattern: str) -> str:
    return pattern.replace("|", " or ")


def _matches(folder: Path, pattern: str, most: int | None = None) -> bool:
    return any(next(matches(folder, choice, most), None) is not None for choice in pattern.split("|"))


_A_FEW = 50
"""Folders nearby, and entries of each, that are looked at: a hint isn't worth a search of the disk."""


def _complete(folder: Path, corpus: Corpus) -> bool:
    try:
        return all(_matches(folder, pattern, _A_FEW) for pattern in corpus.layout)
    except (InputError, OSError):
        # A folder nearby that can't be read, or is gone by now, isn't the one that was meant.
        return False


def _nearby(folder: Path) -> Iterator[Path]:
    """Folders that a user may have meant: up to two levels below (a few of each), then up to three above."""
    children = _folders(folder)
    yield from children
    for child in children:
        yield from _folders(child)
    yield from list(folder.absolute().parents)[:3]


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            paths = sorted(entry.path for entry in islice(entries, 20 * _A_FEW) if Path(entry.path).is_dir())
    except OSError:
        return []
    return [Path(path) for path in paths[:_A_FEW]]
