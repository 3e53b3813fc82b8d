"""Audio that an earlier shard set already holds: copied, not rendered, when only the instructions changed.

What each clip was rendered from is noted beside its shard, not in it: it names paths, and a shard's bytes must be
the same wherever it was made.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lhotse.augmentation import AudioTransform

from ..errors import InputError
from ..shards.audio import encode_flac
from .augment import coloured, transforms
from .code import Root, code_digest
from .files import read_json
from .render import RENDERED, render

MADE_SUFFIX = ".made.json"

_EFFECTS: Mapping[str, type] = {
    name: value
    for module in (transforms, coloured)
    for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, AudioTransform) and value.__module__ == module.__name__
}

RENDERING: tuple[Root, ...] = (render, encode_flac, *_EFFECTS.values())
"""The code that any clip's audio may be made of."""


@dataclass(frozen=True)
class Place:
    """Where a clip's FLAC bytes lie in a shard, and what rendering it added to its facts."""

    tar: str
    offset: int
    size: int
    rendering: Mapping[str, Any]


def render_hash(cut: Mapping[str, Any]) -> str:
    """What decides a clip's audio: the cut (as JSON) without its labels, and the code that renders it, with that of
    the effects that it names and no others. Equal hashes are equal audio.
    """
    bare = _without_labels(cut)
    made_from = [bare, code_digest(render, encode_flac), sorted(set(_effects_code(bare)))]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:16]


def _effects_code(value: Any) -> Iterator[str]:
    """The code of this package's effects in a cut. Lhotse finds them by the names of their classes."""
    if isinstance(value, Mapping):
        effect = _EFFECTS.get(str(value.get("name")))
        if effect is not None:
            yield code_digest(effect)
        for item in value.values():
            yield from _effects_code(item)
    elif isinstance(value, list):
        for item in value:
            yield from _effects_code(item)


def _without_labels(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _without_labels(item)
            for name, item in value.items()
            if name not in ("supervisions", "custom")
        }
    if isinstance(value, list):
        return [_without_labels(item) for item in value]
    return value


def find_earlier(folder: Path, wanted: Mapping[str, str]) -> dict[str, Place]:
    """Where the shards of `folder` hold clips with the wanted render hash, by clip id.

    A shard that can't be read to its end lends what it has.
    """
    found: dict[str, Place] = {}
    for tar in sorted(folder.glob("*.tar")):
        try:
            made = read_json(tar.with_suffix(MADE_SUFFIX))["render"]
            with tarfile.open(tar) as shard:
                members: dict[str, tuple[int, int]] = {}
                for member in shard:
                    key, _, kind = member.name.partition(".")
                    if kind != "json":
                        members[member.name] = (member.offset_data, member.size)
                        continue
                    stream = shard.extractfile(member)
                    clips = json.load(stream)["clips"] if stream is not None else []
                    for number, clip in enumerate(clips):
                        place = members.get(f"{key}.flac" if len(clips) == 1 else f"{key}.{number}.flac")
                        if place is not None and wanted.get(clip["id"], "") == made.get(clip["id"]):
                            added = {name: clip["facts"][name] for name in RENDERED if name in clip["facts"]}
                            found[clip["id"]] = Place(str(tar), *place, added)
        except (InputError, tarfile.TarError, KeyError, TypeError, ValueError, OSError):
            continue
    return found


def read_earlier(place: Place) -> bytes | None:
    """The FLAC bytes at a place; None when the earlier shard is gone or damaged."""
    try:
        with Path(place.tar).open("rb") as stream:
            stream.seek(place.offset)
            flac = stream.read(place.size)
    except OSError:
        return None
    return flac if len(flac) == place.size and flac.startswith(b"fLaC") else None
