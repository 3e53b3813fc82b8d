"""The first half of `shard`: which samples there are and which shard each goes to, as one work file a shard.

A work file holds, a line a sample, all that its shard is made of: the cuts to render and the instructions. So a
shard's bytes depend on its work file alone, and a shard whose work file didn't change is not made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...files import json_line, open_for_lines, read_jsonl
from ...shards.sample import Instruction, sample_key
from ..audio.manifests import NOWHERE, check_cut, cut_from_json, existing_audio_root
from ..engine.code import Root
from ..engine.partitions import Counts, Partition
from ..instruct.jsonl import read_instructions
from ..prepare.contamination.dropped import dropped_clips, without_files
from .notes import WORK_SUFFIX as WORK_SUFFIX
from .reuse import find_earlier, lent, render_hash, turned_down_hashes

# FLAC of 16 kHz mono 16-bit speech comes to about half of 32,000 bytes a second.
BYTES_PER_SECOND = 17_000
BYTES_PER_INSTRUCTION = 400


def shard_plan_partition(
    cuts: list[Path],
    instructions: list[Path],
    out: Path,
    target_size: int,
    earlier: tuple[Path, Path] | None = None,
    audio_roots: Mapping[str, Path] = NOWHERE,
    roots: tuple[Root, ...] = (),
    without: Path | None = None,
) -> Partition:
    """The partition that divides the samples of a role over shards of about `target_size` bytes.

    `earlier` is a shard set whose audio is copied where a clip's cut is still the same: where it lies now, and where it
    will lie then. It changes how fast the shards are made, not what is in them. `audio_roots` says where corpora lie
    that aren't where they were prepared. `roots` is the code that will write the shards: when it changes the plan is
    made again, so that they are too, with all audio that is still the same. Instructions about clips that `without`
    lists (`contamination.jsonl`) are left out.
    """
    return Partition(
        name=f"shard-plan/{out.name}",
        output=out,
        work=_plan,
        arguments=(cuts, instructions, target_size, earlier, dict(audio_roots), without),
        folder="shard-plan",
        inputs=(*cuts, *instructions, *without_files(without)),
        params={
            "target_size": target_size,
            "moved": {name: str(folder) for name, folder in audio_roots.items()},
        },
        roots=roots,
    )


def _plan(
    temporary: Path,
    cuts: list[Path],
    instructions: list[Path],
    target_size: int,
    earlier: tuple[Path, Path] | None,
    audio_roots: dict[str, Path],
    without: Path | None,
) -> Counts:
    dropped = dropped_clips(without)
    by_clips: dict[tuple[str, ...], list[Instruction]] = {}
    for path in instructions:
        for instruction in read_instructions(path):
            if dropped.isdisjoint(instruction.clips):
                by_clips.setdefault(instruction.clips, []).append(instruction)
    if not by_clips:
        files = ", ".join(map(str, instructions))
        raise InputError(f"{files}: no instruction here; write some with `cryfish instruct` and shard these")
    wanted = {clip for clips in by_clips for clip in clips}
    found = dict(_wanted_cuts(cuts, wanted, audio_roots))
    missing = sorted(wanted - found.keys())
    if missing:
        named = ", ".join(map(str, instructions))
        raise InputError(
            f"{named}: field 'clips' names cut {missing[0]!r} (and {len(missing) - 1} more) that no manifest holds; "
            " make the instructions again from the same cuts"
        )
    hashes = {clip: render_hash(cut) for clip, cut in found.items()} if earlier else {}
    asked = {clips: [hashes[clip] for clip in clips] for clips in by_clips} if earlier else {}
    lendable = {*hashes.values(), *(one for alone in asked.values() for one in turned_down_hashes(alone))}
    there = find_earlier(*earlier, lendable) if earlier else {}
    order = {clip: number for number, clip in enumerate(found)}
    samples = sorted(by_clips, key=lambda clips: (len(clips), [order[clip] for clip in clips]))
    counts = {"samples": 0, "instructions": 0, "shards": 0}
    for shard, members in _divide(samples, by_clips, found, target_size):
        with open_for_lines(temporary / f"{shard}{WORK_SUFFIX}") as lines:
            for clips in members:
                record: dict[str, Any] = {
                    "key": sample_key(clips),
                    "cuts": [found[clip] for clip in clips],
                    "instructions": [instruction.to_json() for instruction in by_clips[clips]],
                }
                places = lent(asked[clips], there) if there else None
                if places is not None:
                    record["earlier"] = [asdict(place) for place in places]
                lines.write(json_line(record))
                counts["instructions"] += len(by_clips[clips])
        counts["samples"] += len(members)
        counts["shards"] += 1
    return counts


def _wanted_cuts(
    manifests: Iterable[Path], wanted: set[str], audio_roots: Mapping[str, Path]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in manifests:
        root = existing_audio_root(path, audio_roots)
        for number, record in enumerate(read_jsonl(path), 1):
            if record["id"] in wanted:
                check_cut(record, path, number)
                name = record["id"]
                # Lhotse takes fields out of what it is given.
                yield name, record if root is None else cut_from_json(record, root).to_dict()


def _seconds(cut: dict[str, Any]) -> float:
    if "tracks" in cut:
        return max(float(track.get("offset", 0.0)) + _seconds(track["cut"]) for track in cut["tracks"])
    return float(cut["duration"])


def _divide(
    samples: list[tuple[str, ...]],
    by_clips: dict[tuple[str, ...], list[Instruction]],
    found: dict[str, dict[str, Any]],
    target_size: int,
) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Fills shards in order; a new one begins when the last is full or the number of clips changes."""
    members: list[tuple[str, ...]] = []
    size, number = 0.0, 0
    for clips in samples:
        cost = sum(_seconds(found[clip]) for clip in clips) * BYTES_PER_SECOND
        cost += len(by_clips[clips]) * BYTES_PER_INSTRUCTION
        changed = bool(members) and len(members[-1]) != len(clips)
        if members and (changed or size + cost > target_size):
            yield f"clips{len(members[0])}-{number:06d}", members
            members, size, number = [], 0.0, 0 if changed else number + 1
        members.append(clips)
        size += cost
    if members:
        yield f"clips{len(members[0])}-{number:06d}", members
