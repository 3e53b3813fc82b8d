"""Data sets of Hugging Face's `datasets`, on the Hub or on disk, read row by row; no audio is decoded.

`datasets` gives each row's audio as the bytes that were stored, or as the name of a file. Names of classes take the
place of their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ....errors import InputError
from .folders import SUFFIXES, audio_files
from .row import flat
from .values import synonyms

_MAGIC = (
    (b"RIFF", ".wav"),
    (b"RF64", ".wav"),
    (b"fLaC", ".flac"),
    (b"OggS", ".ogg"),
    (b"ID3", ".mp3"),
    (b"\xff", ".mp3"),
)
_METADATA = ("metadata.csv", "metadata.jsonl", "metadata.parquet")


@dataclass(frozen=True)
class Stored:
    """One row: the audio as bytes or as a file on this machine (or neither), the ending of its name, other values."""

    audio: bytes | Path | None
    suffix: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Split:
    """One split: its name, what it is used as ("" where its name doesn't say), its audio column, and its rows.

    `rows(first)` gives the rows from that number on.
    """

    name: str
    role: str
    column: str
    rows: Callable[[int], Iterator[Stored]]


@cache
def is_audio_folder(name: str) -> bool:
    """Whether this is a folder of nothing but audio: what Hugging Face calls an AudioFolder, without a table."""
    folder = Path(name)
    if not folder.is_dir():
        return False
    tables = ("*.parquet", "*.arrow", "*.json", "*.csv", "*.tsv", "*.zip", "*.tar", *_METADATA)
    return next(audio_files(folder), None) is not None and not any(
        next(folder.rglob(pattern), None) for pattern in tables
    )


def splits_of(name: str, subset: str | None = None) -> list[Split]:
    """The splits of a data set, in the order of their names.

    Raises:
        InputError: `datasets` isn't installed, the data set can't be had, or it has no column of audio.
    """
    try:
        import datasets
    except ModuleNotFoundError:
        raise InputError("dataset: needs the package datasets: pip install 'cryfish[datasets]'") from None
    try:
        opened = _opened(datasets, name, subset)
    except Exception as error:  # clients of the Hub raise whatever they like
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"dataset {name}: can't be opened ({told}); name a data set on the Hub, or a folder that holds one"
            + ("" if subset else " (of several configurations give one: --subset, `subset:`)")
        ) from error
    return [_split(datasets, name, split, opened[split]) for split in sorted(opened)]


def _opened(datasets: Any, name: str, subset: str | None) -> dict[str, Any]:
    folder = Path(name)
    if (folder / "dataset_dict.json").is_file() or (folder / "state.json").is_file():
        found = datasets.load_from_disk(name)
        return dict(found) if isinstance(found, dict) else {"all": found}
    found = datasets.load_dataset(name, subset, streaming=True)
    return dict(found) if isinstance(found, dict) else {"all": found}


def _split(datasets: Any, name: str, split: str, rows: Any) -> Split:
    features = rows.features or {}
    audio = [column for column, feature in features.items() if isinstance(feature, datasets.Audio)]
    if not audio:
        raise InputError(
            f"dataset {name}: no column of audio in its split {split} (there are {', '.join(features) or 'none'}); "
            "choose another data set"
        )
    if len(audio) > 1 and "audio" not in audio:
        raise InputError(
            f"dataset {name}: several columns of audio ({', '.join(audio)}), and none called 'audio'; leave one of them"
        )
    column = "audio" if "audio" in audio else audio[0]
    for each in audio:
        rows = rows.cast_column(each, _stored_audio(datasets)(decode=False))

    def read(first: int) -> Iterator[Stored]:
        try:
            for row in rows.skip(first):
                yield _stored(datasets, features, column, row)
        except Exception as error:  # clients and formats raise whatever they like
            told = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise InputError(
                f"dataset {name}: its split {split} can't be read to its end ({told}); fetch or save it anew, and run "
                "this again: it goes on where it stopped"
            ) from error

    return Split(split, _role(split), column, read)


def _stored_audio(datasets: Any) -> Any:
    """A column of audio whose values come as they are stored; `datasets` asks for a decoder even to pass them on."""

    class StoredAudio(datasets.Audio):
        def encode_example(self, value: Any) -> dict[str, Any]:
            if isinstance(value, str):
                return {"bytes": None, "path": value}
            return {"bytes": value.get("bytes"), "path": value.get("path")}

    return StoredAudio


def _role(split: str) -> str:
    """What the name of a split says: `test_clean` is a test."""
    known = {word: role for word, role in synonyms("split").items() if len(word) > 2}
    found = [known[word] for word in re.split(r"[^a-z]+", split.casefold()) if word in known]
    return found[0] if found else ""


def _stored(datasets: Any, features: Any, column: str, row: dict[str, Any]) -> Stored:
    others = {
        name: _named(datasets, features.get(name), value) for name, value in row.items() if name != column
    }
    values = {
        name: value
        for name, value in flat(others).items()
        if not isinstance(value, bytes) and not isinstance(features.get(name), datasets.Audio)
    }
    held = row[column] or {}
    data, path = held.get("bytes"), str(held.get("path") or "")
    suffix = next((end for end in SUFFIXES if path.lower().endswith(end)), "")
    if data is None and path and "://" not in path and Path(path).is_file():
        return Stored(Path(path).absolute(), suffix, values)
    if data is None and path:
        data = _fetched(path)
    if data is not None and not suffix:
        suffix = next((end for magic, end in _MAGIC if data.startswith(magic)), ".wav")
    return Stored(data, suffix, values)


def _fetched(path: str) -> bytes | None:
    """The bytes behind an address; None where nothing is there: the clip is quarantined for it."""
    import fsspec

    try:
        with fsspec.open(path, "rb") as file:
            return bytes(file.read())
    except (FileNotFoundError, KeyError):
        return None


def _named(datasets: Any, feature: Any, value: Any) -> Any:
    """A class by its name; lists and dictionaries of classes, too."""
    if isinstance(feature, datasets.ClassLabel):
        return feature.int2str(value) if isinstance(value, int) and value >= 0 else None
    inner = getattr(feature, "feature", None)
    if inner is not None and isinstance(value, list):
        return [_named(datasets, inner, one) for one in value]
    if isinstance(feature, dict) and isinstance(value, dict):
        return {name: _named(datasets, feature.get(name), one) for name, one in value.items()}
    return value
