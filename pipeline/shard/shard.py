"""shard: cuts and instructions -> WebDataset shards. This half renders, encodes and writes, a partition a shard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import soundfile
from lhotse.cut import Cut

from ... import __version__
from ...errors import InputError
from ...files import read_json, read_jsonl, write_json, write_jsonl
from ...locks import hold
from ...outputs import Output, check_outputs, settled
from ...ownership import begin_folder, clear, ledger_of, note, refuse_foreign, remove, temporary_beside
from ...quarantine import MAX_BAD, hold_share, kind_of, too_many
from ...recipes.kit.facts import read_facts
from ...shards.audio import encode_flac
from ...shards.index_file import INDEX_SUFFIX, index_path
from ...shards.sample import ClipRecord, Sample, instruction_from_json
from ...shards.writer import EncodedSample, write_shard
from ..audio.lost_audio import refuse_lost
from ..audio.manifests import NOWHERE, cut_from_json
from ..audio.render import BadAudio, render_together
from ..engine.code import Root
from ..engine.partitions import Counts, OutputState, Partition, check_partitions
from ..engine.processes import Engine
from .plan import WORK_SUFFIX, shard_plan_partition
from .reuse import MADE_SUFFIX, Place, read_earlier, render_hash, rendering_of, turned_down_hashes

STAGE = "shard"
_SUFFIXES = (".tar", INDEX_SUFFIX, MADE_SUFFIX, f"{MADE_SUFFIX}.done.json", ".quarantine.jsonl")


def shard(
    engine: Engine,
    cuts: list[Path],
    instructions: list[Path],
    out: Path,
    target_size: int,
    audio_roots: Mapping[str, Path] = NOWHERE,
    max_bad: float = MAX_BAD,
    without: Path | None = None,
) -> dict[str, float]:
    """Writes the shards of these cuts and instructions into the folder `out`; does only what is missing.

    `audio_roots` says where corpora lie that aren't where they were prepared. Instructions about clips that `without`
    lists (`contamination.jsonl`) are left out.

    When the instructions changed, the shards that were there are set aside until the new ones are finished:
    whatever audio is still the same is copied from them, so nothing is rendered twice. Where more than a share of
    `max_bad` of all samples can't be rendered, they come back, and what is bad is rendered again by the next run.

    Raises:
        InputError: a manifest or an instruction file is damaged, an instruction names an unknown cut, there are no
            instructions, too many samples are bad, or `out` holds what isn't ours. Then what was there is as it was.
    """
    check_outputs([Output(out, "--out", STAGE)], [*cuts, *instructions])
    out = settled(out)
    plan_folder, old = _beside(out)
    plan = _plan_partition(cuts, instructions, out, target_size, audio_roots, without)
    check_partitions([plan], "--out (the plan beside it)")
    with hold(out):
        changed = plan.done() is None
        [planned] = engine.run(f"plan {out.name}", [plan], unit="plan")
        work_files = sorted(plan_folder.glob(f"[!.]*{WORK_SUFFIX}"))
        stems = [path.name.removesuffix(WORK_SUFFIX) for path in work_files]
        rendering = rendering_of(cuts)
        parts = [shard_partition(path, out, rendering) for path in work_files]
        with _taking_back(out, old, plan):
            _look_for_audio(parts, out, max_bad)
            refuse_foreign(_files(out, stems))
            if changed:
                _set_aside(out, old)
        _begin(out, stems)
        counts = engine.run(f"shard {out.name}", parts, unit="clip")
        with _taking_back(out, old, plan):
            _hold_share(parts, counts, out, max_bad)
        remove(old)
    total = {
        name: round(sum(count[name] for count in counts), 3)
        for name in ("samples", "instructions", "seconds", "copied", "quarantined")
    }
    return {"shards": planned["shards"], **total}


@contextmanager
def _taking_back(out: Path, old: Path, plan: Partition) -> Iterator[None]:
    """Where too much is bad: puts the earlier set back in its place, and forgets what was planned instead."""
    try:
        yield
    except InputError:
        whole = old.exists() or (ledger_of(out).stage is None)
        if whole:
            plan.record.unlink(missing_ok=True)
            remove(plan.output)
        if old.exists():
            clear(out)
            for path in list(old.iterdir()):
                path.replace(out / path.name)
            remove(old)
        raise


def shard_state(
    cuts: list[Path],
    instructions: list[Path],
    out: Path,
    target_size: int,
    audio_roots: Mapping[str, Path] = NOWHERE,
) -> OutputState:
    """Whether the shards of these cuts and instructions are there and true; of the shards only the number is compared
    with the plan."""
    plan_folder, _ = _beside(out)
    plan = _plan_partition(cuts, instructions, out, target_size, audio_roots)
    if not out.is_dir():
        return OutputState("to do")
    state = plan.state()
    notes = sum(1 for _ in out.glob(f"[!.]*{MADE_SUFFIX}.done.json"))
    wanted = sum(1 for _ in plan_folder.glob(f"[!.]*{WORK_SUFFIX}"))
    if state.kind == "done" and notes < wanted:
        return OutputState("to do", (f"{notes:,} of {wanted:,} shards are there",))
    return state


def _beside(out: Path) -> tuple[Path, Path]:
    """Where the plan of a set lies, and where an earlier set waits to be copied from."""
    return out.with_name(f"{out.name}.plan"), temporary_beside(out, "old")


def _plan_partition(
    cuts: list[Path],
    instructions: list[Path],
    out: Path,
    target_size: int,
    audio_roots: Mapping[str, Path],
    without: Path | None = None,
) -> Partition:
    plan_folder, old = _beside(out)
    return shard_plan_partition(
        cuts,
        instructions,
        plan_folder,
        target_size,
        earlier=(old if old.exists() else out, old),
        audio_roots=audio_roots,
        roots=(_shard, *rendering_of(cuts)),
        without=without,
    )


def _set_aside(out: Path, old: Path) -> None:
    """Moves the shards of `out` to `old`, to be copied from."""
    if old.exists():
        # An earlier change was interrupted: the whole set is the old one, what lies in `out` is a beginning.
        clear(out)
        return
    old.mkdir(parents=True)
    for name in ledger_of(out).names:
        with suppress(FileNotFoundError):
            (out / name).replace(old / name)


def _begin(out: Path, stems: list[str]) -> None:
    """Makes the folder ready for these shards: removes what of ours is of others, and notes of shards that are lost."""
    begin_folder(out, STAGE)
    wanted = _files(out, stems)
    note(wanted)
    for name in ledger_of(out).names:
        if out / name not in wanted:
            remove(out / name)
    for stem in stems:
        _forget_lost(out / f"{stem}{MADE_SUFFIX}")


def _files(out: Path, stems: list[str]) -> set[Path]:
    """What is written of these shards."""
    return {out / f"{stem}{suffix}" for stem in stems for suffix in _SUFFIXES}


def _forget_lost(made: Path) -> None:
    """Removes the note of a shard whose tar is gone, cut short or without its index, so that it is made again."""
    if not made.is_file():
        return
    tar = made.with_name(made.name.removesuffix(MADE_SUFFIX) + ".tar")
    written = read_json(made)["tar"]
    whole = tar.is_file() and index_path(tar).is_file() and tar.stat().st_size == (written or {}).get("bytes")
    if written is not None and not whole:
        made.unlink()


def _look_for_audio(parts: list[Partition], out: Path, max_bad: float) -> None:
    """Raises InputError where the audio of more than a share of the clips that must be rendered is gone."""

    def rendered() -> Iterator[dict[str, Any]]:
        for part in parts:
            if part.done() is None:
                for record in read_jsonl(part.inputs[0]):
                    if not record.get("earlier"):
                        yield from record["cuts"]

    fix = "put back what was moved, or run `augment` again with it where it is now; then run the same command again"
    refuse_lost(rendered(), None, max_bad, where=f"shards {out}", fix=fix)


def _hold_share(parts: list[Partition], counts: list[Counts], out: Path, max_bad: float) -> None:
    """Raises InputError where too many samples of the whole set are bad; their shards no longer count as done."""
    reasons: Counter[str] = Counter()
    for count in counts:
        reasons.update(count.get("reasons", {}))
    total = sum(count["samples"] + count["quarantined"] for count in counts)
    if too_many(sum(reasons.values()), total, max_bad):
        for part, count in zip(parts, counts, strict=True):
            if count["quarantined"]:
                part.record.unlink(missing_ok=True)
        first = next((count["first"] for count in counts if count.get("first")), "")
        fix = "mend the audio and run it again"
        hold_share(reasons, total, max_bad, of=f"samples of {out}", first=first, fix=fix)


def shard_partition(work_file: Path, out_dir: Path, rendering: tuple[Root, ...]) -> Partition:
    """The partition that makes one shard (and its index and quarantine file) from its work file, by this code.

    Its output is the note of what was made, written last: a shard whose clips are all bad has no tar.
    """
    stem = work_file.name.removesuffix(WORK_SUFFIX)
    return Partition(
        name=f"shard/{out_dir.name}/{stem}",
        output=out_dir / f"{stem}{MADE_SUFFIX}",
        work=_shard,
        arguments=(work_file,),
        inputs=(work_file,),
        weight=max(1, sum(len(record["cuts"]) for record in read_jsonl(work_file))),
        in_place=True,
        roots=rendering,
    )


def _shard(output: Path, work_file: Path) -> Counts:
    tar = output.with_name(output.name.removesuffix(MADE_SUFFIX) + ".tar")
    bad: list[dict[str, Any]] = []
    made: dict[str, list[str]] = {}
    reasons: Counter[str] = Counter()
    counts = {"samples": 0, "instructions": 0, "seconds": 0.0, "copied": 0, "quarantined": 0}

    def encoded() -> Iterator[EncodedSample]:
        for record in read_jsonl(work_file):
            # Before Lhotse reads the cuts: it takes fields out of what it is given.
            alone = [render_hash(cut) for cut in record["cuts"]]
            try:
                clips, turned_down = _encode(record["cuts"], record.get("earlier"), counts)
            except BadAudio as error:
                bad.append({"id": record["key"], "reason": str(error)})
                reasons[kind_of(str(error).partition(": ")[2])] += 1
                continue
            instructions = tuple(
                instruction_from_json(instruction, str(work_file)) for instruction in record["instructions"]
            )
            made[record["key"]] = turned_down_hashes(alone) if turned_down else alone
            sample = Sample(
                record["key"], tuple(clip for clip, _ in clips), instructions, {"cryfish": __version__}
            )
            counts["samples"] += 1
            counts["instructions"] += len(instructions)
            counts["seconds"] += sum(clip.seconds for clip, _ in clips)
            yield EncodedSample(sample, tuple(flac for _, flac in clips))

    samples = encoded()
    first = next(samples, None)
    written = None
    if first is not None:
        summary = write_shard(tar, chain([first], samples))
        written = {"bytes": summary.bytes, "sha256": summary.sha256}
    else:
        # Every clip was bad: what an earlier run left is no longer true.
        tar.unlink(missing_ok=True)
        index_path(tar).unlink(missing_ok=True)
    quarantine = tar.with_name(f"{tar.stem}.quarantine.jsonl")
    if bad:
        write_jsonl(quarantine, bad)
    else:
        quarantine.unlink(missing_ok=True)
    write_json(output, {"tar": written, "render": made})
    counts["quarantined"] = len(bad)
    counts["seconds"] = round(counts["seconds"], 3)
    return {**counts, "reasons": dict(reasons), "first": bad[0]["reason"] if bad else ""}


def _encode(
    records: list[dict[str, Any]], earlier: list[dict[str, Any]] | None, counts: dict[str, Any]
) -> tuple[list[tuple[ClipRecord, bytes]], bool]:
    """The clips of a sample with their audio, and whether they had to be turned down."""
    cuts: list[Cut] = [cut_from_json(record) for record in records]
    places = [Place(**place) for place in earlier or ()]
    flacs = [flac for place in places if (flac := read_earlier(place)) is not None]
    if flacs and len(flacs) == len(cuts):
        counts["copied"] += len(cuts)
        seconds = [soundfile.info(BytesIO(flac)).duration for flac in flacs]
        added = [dict(place.rendering) for place in places]
    else:
        rendered = render_together(cuts)
        flacs = [encode_flac(clip.samples) for clip in rendered]
        seconds = [clip.seconds for clip in rendered]
        added = [clip.facts for clip in rendered]
    clips = [
        ClipRecord(cut.id, round(length, 4), str(cut.corpus), {**read_facts(cut), **more})
        for cut, length, more in zip(cuts, seconds, added, strict=True)
    ]
    return list(zip(clips, flacs, strict=True)), any(added)
