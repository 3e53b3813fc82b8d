"""Keeps train and test apart: which training clips (and dev clips) are too near to what is tested with, and why.

The test side stays as it is. Of the others a clip is dropped that has its origin or its speaker (where corpora number
people together) in common with a test clip of another corpus, that sounds alike in any stretch, or that a publisher
forbids. The kept side is an index in a folder, made once and shared by the workers; the others stream over it, a chunk
of a manifest at a time, so memory grows with the test set and not with the training set.

`contamination.jsonl` has a line for every dropped clip, in the order of the corpora's names, manifests and clips:
`{"id", "corpus", "role", "by", "what", "with": {"id", "corpus", "role"}}`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import repeat
from pathlib import Path
from typing import Any, get_args

from ....errors import faults_of
from ....files import read_json, read_jsonl, write_jsonl
from ....locks import hold
from ....outputs import Output, check_outputs, settled
from ....ownership import remove, temporary_beside
from ....recipes.kit.corpus import Role
from ....recipes.kit.registry import corpora
from ...audio.manifests import CORPUS_FILE, corpus_in, cut_from_json, find_manifests
from ...engine.partitions import Counts, Partition, record_of, run_partition
from ...engine.processes import Engine
from ..holdout import Roles
from .keys import By, Keys, Match, Side
from .matching import PrintIndex, is_same
from .peaks import Peaks, unpack
from .prints import prints_of, read_prints

CHUNK = 10_000
KINDS: tuple[By, ...] = get_args(By)
_MOST_MATCHES = 20
_SIDES = "sides.jsonl"
_FEWEST_PEAKS = 8
"""So many make a fingerprint that no other recording has throughout: 16 bytes, of which all must be alike."""


@dataclass(frozen=True)
class Apart:
    """Which corpora (name -> prepared folder) are kept apart, by what; `hold_out` says who was divided anew."""

    folders: Mapping[str, Path]
    kinds: tuple[By, ...] = KINDS
    hold_out: Path | None = None

    def manifests(self) -> list[tuple[str, Path]]:
        """Corpus and manifest, in the order of the names."""
        return [(name, path) for name in sorted(self.folders) for path in find_manifests(self.folders[name])]

    def inputs(self) -> tuple[Path, ...]:
        """The folders as wholes: what `prepare` noted of them saves reading gigabytes of fingerprints."""
        self.manifests()
        return (*(self.folders[name] for name in sorted(self.folders)), *filter(None, [self.hold_out]))

    def params(self) -> dict[str, Any]:
        known = corpora()
        names = [str(read_json(note)["corpus"]) for note in self._notes()]
        return {
            "corpora": sorted(self.folders),
            "kinds": sorted(self.kinds),
            "roles of splits": {name: dict(known[name].corpus.splits) for name in names if name in known},
        }

    def _notes(self) -> list[Path]:
        notes = [self.folders[name] / CORPUS_FILE for name in sorted(self.folders)]
        return [note for note in notes if note.is_file()]

    def unheard(self) -> list[str]:
        """The corpora whose fingerprints are wanted, but aren't there."""
        missing = {name for name, path in self.manifests() if prints_of(path) is None}
        return sorted(missing) if "fingerprint" in self.kinds else []


def named(prepared: Iterable[Path]) -> tuple[dict[str, Path], list[str]]:
    """Prepared folders by the names of their corpora, and what is wrong with them.

    A corpus that was prepared in several folders has a name for each. Own data is a corpus like any other.
    """
    folders: dict[str, Path] = {}
    faults: list[str] = []
    for folder in prepared:
        bad = list(faults_of(find_manifests, folder))
        name = None if bad else corpus_in(folder)
        if not bad and name is None:
            bad = [
                f"{folder}: no {CORPUS_FILE} here says which corpus it is; name a folder that `prepare` wrote"
            ]
        faults += bad
        if name is not None:
            folders[name if name not in folders else f"{name} ({folder})"] = folder
    return folders, faults


def contamination_partition(apart: Apart, out: Path, chunk: int = CHUNK) -> Partition:
    """The partition that joins what the chunks found; they aren't inputs, since they go when it is made."""
    return Partition(
        name="contamination",
        output=out,
        work=_join,
        arguments=([],),
        inputs=apart.inputs(),
        params={**apart.params(), "chunk": chunk},
        roots=(_protect, _search),
    )


def keep_apart(engine: Engine, apart: Apart, out: Path, chunk: int = CHUNK) -> Counts:
    """Writes which clips are dropped and returns how many, by how they were found; does only what is missing.

    Raises:
        InputError: a manifest or its fingerprints are missing or damaged, or `out` isn't ours.
    """
    check_outputs(
        [Output(path, "--out", by="contamination") for path in (out, record_of(out))],
        [*apart.folders.values()],
    )
    out = settled(out)
    with hold(out, purpose="stage"):
        whole = contamination_partition(apart, out, chunk)
        return _keep_apart(engine, apart, whole, chunk) if (done := whole.done()) is None else done


def _keep_apart(engine: Engine, apart: Apart, whole: Partition, chunk: int) -> Counts:
    folder = temporary_beside(whole.output, "parts")
    kept = Partition(
        name="contamination/kept",
        output=folder / "kept",
        work=_protect,
        arguments=(apart,),
        inputs=apart.inputs(),
        params=apart.params(),
    )
    engine.run("contamination", [kept])
    parts = list(_parts(apart, kept, folder, chunk))
    engine.run("contamination", parts, unit="clip")
    counts = run_partition(replace(whole, arguments=([part.output for part in parts],)))
    remove(folder)
    return counts


def _parts(apart: Apart, kept: Partition, folder: Path, chunk: int) -> Iterator[Partition]:
    number = 0
    for name, manifest in apart.manifests():
        total = sum(1 for _ in read_jsonl(manifest))
        for first in range(0, total, chunk):
            count = min(chunk, total - first)
            yield Partition(
                name=f"contamination/{number}",
                output=folder / f"{number:06d}.jsonl",
                work=_search,
                arguments=(apart, name, manifest, first, count, kept.output),
                inputs=(*filter(None, [manifest, prints_of(manifest), apart.hold_out]), kept.output),
                params={
                    **apart.params(),
                    "manifest": f"{name}/{manifest.name}",
                    "first": first,
                    "count": count,
                },
                weight=count,
            )
            number += 1


@dataclass(frozen=True)
class _Clip:
    id: str
    corpus: str
    role: Role
    custom: Mapping[str, Any]
    packed: bytes | None
    hours: float

    @property
    def side(self) -> Side:
        return Side(self.id, self.corpus, self.role)

    @property
    def whole(self) -> str | None:
        """A digest of the whole fingerprint: copies are known by it, however short they are."""
        if self.packed is None or len(self.packed) < 2 * _FEWEST_PEAKS:
            return None
        return blake2b(self.packed, digest_size=12).hexdigest()


def _clips(apart: Apart, manifest: Path, first: int = 0, count: int | None = None) -> Iterator[_Clip]:
    """The clips of a manifest with their roles and, where they are wanted and there, fingerprints."""
    roles = Roles(apart.hold_out)
    prints = prints_of(manifest) if "fingerprint" in apart.kinds else None
    packed: Iterator[bytes | None] = repeat(None) if prints is None else read_prints(prints, first, count)
    for record in read_jsonl(manifest, first, count):
        custom = record.get("custom") or {}
        corpus, split = str(custom.get("corpus", "")), str(custom.get("split", ""))
        cut = cut_from_json(record) if roles.divides(corpus) else None
        role = roles.role(cut, corpus, split) if cut is not None else roles.of_split(corpus, split)
        yield _Clip(
            str(record["id"]), corpus, role, custom, next(packed, None), float(record["duration"]) / 3600
        )


def _protect(temporary: Path, apart: Apart) -> Counts:
    """Writes the kept side: a line for every test and dev clip, and the index of their fingerprints."""
    unheard = 0
    temporary.mkdir()

    def kept() -> Iterator[_Clip]:
        for _, manifest in apart.manifests():
            yield from (clip for clip in _clips(apart, manifest) if clip.role != "train")

    def heard() -> Iterator[Peaks]:
        nonlocal unheard
        for clip in kept():
            unheard += not clip.packed
            yield unpack(clip.packed or b"")

    count = write_jsonl(
        temporary / _SIDES,
        (
            {
                **asdict(clip.side),
                **{name: clip.custom[name] for name in ("origin",) if name in clip.custom},
                **({"whole": clip.whole} if clip.whole else {}),
            }
            for clip in kept()
        ),
    )
    index = PrintIndex.of(heard() if "fingerprint" in apart.kinds else iter(()))
    index.save(temporary)
    return {"clips": count, "sampled": index.sampled, "unheard": unheard}


@lru_cache(maxsize=1)
def _kept(folder: Path, changed: int) -> tuple[list[Side], Keys, PrintIndex, dict[str, list[int]]]:
    sides: list[Side] = []
    keys = Keys()
    copies: dict[str, list[int]] = {}
    for record in read_jsonl(folder / _SIDES):
        side = Side(record["clip"], record["corpus"], record["role"])
        if "whole" in record:
            copies.setdefault(record["whole"], []).append(len(sides))
        sides.append(side)
        keys.add(side, record)
    return sides, keys, PrintIndex.open(folder), copies


def _search(
    temporary: Path, apart: Apart, name: str, manifest: Path, first: int, count: int, kept: Path
) -> Counts:
    sides, keys, index, copies = _kept(kept, (kept / _SIDES).stat().st_mtime_ns)
    total = Counter[str]()

    def found() -> Iterator[dict[str, Any]]:
        for clip in _clips(apart, manifest, first, count):
            total[clip.role] += 1
            if clip.role == "test":
                continue
            matches = list(_matches(clip, apart, sides, keys, index, copies))
            if matches:
                yield {
                    "id": clip.id,
                    "corpus": clip.corpus,
                    "role": clip.role,
                    "hours": round(clip.hours, 6),
                    "matches": [asdict(match) for match in matches],
                }

    write_jsonl(temporary, found())
    return dict(total)


def _matches(
    clip: _Clip,
    apart: Apart,
    sides: list[Side],
    keys: Keys,
    index: PrintIndex,
    copies: Mapping[str, list[int]],
) -> Iterator[Match]:
    """What a clip shares with the test; if nothing, with dev (a training clip), as far as there are a few."""
    every = [match for match in keys.matches(clip.corpus, clip.custom, apart.kinds) if _outranks(match, clip)]
    if not any(match.other.role == "test" for match in every) and clip.packed:
        peaks = unpack(clip.packed)
        same = copies.get(clip.whole or "", [])
        alike = [(number, f"a copy: all of {len(peaks[0])} peaks are the same") for number in same]
        # What a copy is of need not be looked for.
        if not any(sides[number].role == "test" and sides[number].clip != clip.id for number in same):
            alike += [(found.clip, found.told()) for found in index.find(peaks) if is_same(found)]
        for number, what in alike:
            match = Match("fingerprint", what, sides[number])
            if match.other.clip != clip.id and _outranks(match, clip):
                every.append(match)
    tested = [match for match in every if match.other.role == "test"]
    yield from tested[:1] or every[:_MOST_MATCHES]


def _outranks(match: Match, clip: _Clip) -> bool:
    return match.other.role == "test" or (match.other.role == "dev" and clip.role == "train")


def _join(temporary: Path, parts: list[Path]) -> Counts:
    """A dev clip that is dropped itself keeps no training clip away."""
    gone = {record["id"] for path in parts for record in read_jsonl(path) if record["role"] == "dev"}
    counts: Counter[str] = Counter()
    hours = 0.0

    def dropped() -> Iterator[dict[str, Any]]:
        nonlocal hours
        for path in parts:
            for record in read_jsonl(path):
                match = next(
                    (match for match in record["matches"] if match["other"]["clip"] not in gone), None
                )
                if match is None:
                    continue
                other = match["other"]
                counts[f"by {match['by']}"] += 1
                counts[f"of {record['corpus']}"] += 1
                counts["clips"] += 1
                hours += record["hours"]
                yield {
                    **{field: record[field] for field in ("id", "corpus", "role")},
                    "by": match["by"],
                    "what": match["what"],
                    "with": {"id": other["clip"], "corpus": other["corpus"], "role": other["role"]},
                }

    write_jsonl(temporary, dropped())
    return {"clips": 0, **counts, "hours": round(hours, 4)}
