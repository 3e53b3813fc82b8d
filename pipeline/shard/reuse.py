"""Audio that an earlier shard set already holds: copied, not rendered, when only the instructions changed.

What each clip was rendered from is noted beside its shard, not in it: it names paths, and a shard's bytes must be
the same wherever it was made.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lhotse.augmentation import AudioTransform

from ...errors import InputError
from ...files import read_json
from ...shards.audio import decode_flac, encode_flac
from ...shards.index_file import indexed_members
from ..audio.effects import EFFECTS, know_transforms
from ..audio.manifests import CORPUS_FILE
from ..audio.render import RENDERED, render, render_together
from ..engine.code import Root, code_digest
from .notes import MADE_SUFFIX as MADE_SUFFIX

RENDERING: tuple[Root, ...] = (
    render_together,
    encode_flac,
    "pipeline.audio.transforms",
    "pipeline.audio.coloured",
)
"""The code that any clip's audio may be made of, effects apart."""


def rendering_of(manifests: Iterable[Path]) -> tuple[Root, ...]:
    """The code that the audio of these manifests' clips may be made of, with that of the effects that each was made
    with, as its record says; with that of all effects where nothing says it.
    """
    files = {home: _file_of(home) for home in (EFFECTS.home(name) for name in EFFECTS.all())}
    used: set[str] = set()
    for manifest in manifests:
        record = manifest.with_name(f"{manifest.name}.done.json")
        if record.is_file():
            made_by = read_json(record).get("made_from", {}).get("code", files.values())
            used.update(home for home, file in files.items() if file in made_by)
        elif not (manifest.parent / CORPUS_FILE).is_file():
            used.update(files)
    return (*RENDERING, *sorted(used))


def _file_of(home: str) -> str:
    """What `code_of` calls the file of a part."""
    return Path(home).name if home.startswith("file:") else f"{home.replace('.', '/')}.py"


@dataclass(frozen=True)
class Place:
    """Where a clip's FLAC bytes lie in a shard, and what rendering it added to its facts.

    `crc32` is that of the bytes; None where the shard's index is without digests.
    """

    tar: str
    offset: int
    size: int
    rendering: Mapping[str, Any]
    crc32: int | None = None


def render_hash(cut: Mapping[str, Any]) -> str:
    """What decides a clip's audio: the cut (as JSON) without its labels, and the code that renders it, with that of
    the effects that it names and no others. Equal hashes are equal audio, of clips that stand alone.
    """
    know_transforms()
    bare = _without_labels(cut)
    effects = sorted({code_digest(transform) for transform in transforms_in(bare)})
    return _digest([bare, code_digest(render, render_together, encode_flac), effects])


def turned_down_hashes(alone: Sequence[str]) -> list[str]:
    """What decides the audio of each of the clips of one sample, whose render hashes are given, when they are turned
    down together: all of them."""
    return list(alone) if len(alone) == 1 else [_digest([one, sorted(alone)]) for one in alone]


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def transforms_in(value: Any) -> Iterator[type]:
    """The transforms of ours and of plugins that a cut (as JSON) names; Lhotse finds them by their classes' names."""
    if isinstance(value, Mapping):
        found = AudioTransform.KNOWN_TRANSFORMS.get(str(value.get("name")))
        if found is not None and not found.__module__.startswith("lhotse."):
            yield found
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from transforms_in(item)


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


def lent(alone: Sequence[str], found: Mapping[str, Place]) -> list[Place] | None:
    """The places of the audio of one sample, whose clips have these render hashes; None where some must be rendered.

    What wasn't turned down is the same in every company; what was is lent to the same company only.
    """
    for hashes in (alone, turned_down_hashes(alone)):
        places = [found[one] for one in hashes if one in found]
        company = hashes is not alone or len(alone) == 1
        if len(places) == len(alone) and (company or not any(place.rendering for place in places)):
            return places
    return None


def find_earlier(folder: Path, later: Path, wanted: Collection[str]) -> dict[str, Place]:
    """Where the shards of `folder` hold audio of the wanted hashes, by hash, as if they lay in `later`.

    A shard that can't be read to its end lends what it has; nothing is taken from a sample whose JSON isn't what
    the shard's index says was written.
    """
    found: dict[str, Place] = {}
    for tar in sorted(folder.glob("[!.]*.tar")):
        try:
            made = read_json(tar.with_suffix(MADE_SUFFIX))["render"]
            written = _digests(tar)
            with tarfile.open(tar) as shard:
                members: dict[str, tuple[int, int]] = {}
                for member in shard:
                    key, _, kind = member.name.partition(".")
                    if kind != "json":
                        members[member.name] = (member.offset_data, member.size)
                        continue
                    stream = shard.extractfile(member)
                    text = stream.read() if stream is not None else b"{}"
                    if written and written.get((member.offset_data, member.size)) != zlib.crc32(text):
                        continue
                    clips = json.loads(text)["clips"]
                    for number, (clip, made_from) in enumerate(zip(clips, made.get(key, ()), strict=False)):
                        place = members.get(f"{key}.flac" if len(clips) == 1 else f"{key}.{number}.flac")
                        if place is not None and made_from in wanted:
                            added = {name: clip["facts"][name] for name in RENDERED if name in clip["facts"]}
                            found[made_from] = Place(str(later / tar.name), *place, added, written.get(place))
        except (InputError, tarfile.TarError, AttributeError, KeyError, TypeError, ValueError, OSError):
            continue
    return found


def _digests(tar: Path) -> dict[tuple[int, int], int | None]:
    """The CRC-32 of each member by its place; none where the index is without them, damaged or gone."""
    try:
        _, members = indexed_members(tar)
    except InputError:
        return {}
    return {(span.offset, span.size): span.crc32 for spans in (members or {}).values() for span in spans}


def read_earlier(place: Place) -> bytes | None:
    """The FLAC bytes at a place; None when the earlier shard is gone or damaged: a copy would hide that."""
    try:
        with Path(place.tar).open("rb") as stream:
            stream.seek(place.offset)
            flac = stream.read(place.size)
    except OSError:
        return None
    if place.crc32 is not None:
        return flac if zlib.crc32(flac) == place.crc32 else None
    try:
        decode_flac(flac, check_md5=True)
    except ValueError:
        return None
    return flac
