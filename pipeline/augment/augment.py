"""augment: manifests -> a manifest of augmented cuts of one role.

A manifest is divided into chunks, each a partition of its own, so that all workers have something to do and a stopped
run goes on; joined, they are the manifest. Gzip members behind each other are one gzip file.
"""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from lhotse.cut import Cut

from ...errors import DAMAGED, InputError, faults_of, refuse
from ...files import read_json, read_jsonl
from ...locks import hold
from ...outputs import Output, check_outputs, settled
from ...ownership import remove, temporary_beside
from ...quarantine import MAX_BAD, hold_share, too_many
from ...recipes.kit.facts import read_facts
from ...recipes.kit.registry import corpora
from ..audio.lost_audio import refuse_lost
from ..audio.manifests import CORPUS_FILE, existing_audio_root, find_manifests, read_cuts, write_cuts
from ..engine.partitions import Counts, Partition, record_of, run_partition
from ..engine.processes import Engine
from ..prepare.contamination.dropped import dropped_clips
from ..prepare.holdout import Roles
from .augmentation import Augmentation, open_steps, role_of
from .labels import why_unlabelled
from .steps import Measured, NoiseStep, augment_cuts

CHUNK = 10_000
_LOOKED_AT = 1000
_OF_PARTS = ("measured", "unreadable", "first")
_COUNTED = ("noise_type", "snr_db", "distance_m", "rt60_s", "speed", "codec")


def augment(
    engine: Engine,
    wanted: Sequence[tuple[Augmentation, Sequence[Path], Path]],
    chunk: int = CHUNK,
    max_bad: float = MAX_BAD,
) -> Counts:
    """Writes augmented manifests, one for each (what to do, manifests, output); does only what is missing.

    Noise always is of the role of the clips, so no test noise is heard in training; where a corpus publishes no dev or
    test clips, a tenth of its training clips is noise for that role alone. What is put aside is told when it is
    rendered; but where more than a share of `max_bad` of a manifest's clips has no audio, nothing is written.

    Raises:
        InputError: a corpus of noise isn't prepared, a bank or a manifest is missing or damaged, there is no cut, or
            too many clips or noises can't be read.
    """
    check_outputs(
        [Output(path, "--out", by="augment") for *_, out in wanted for path in (out, record_of(out))],
        {path for asked, manifests, _ in wanted for path in (*manifests, *asked.read_folders())},
    )
    wanted = [(asked, manifests, settled(out)) for asked, manifests, out in wanted]
    with ExitStack() as held:
        for *_, out in wanted:
            held.enter_context(hold(out, purpose="stage"))
        return _augment_all(engine, wanted, chunk, max_bad)


def _augment_all(
    engine: Engine, wanted: Sequence[tuple[Augmentation, Sequence[Path], Path]], chunk: int, max_bad: float
) -> Counts:
    counts: Counter[str] = Counter()
    missing: list[tuple[Partition, list[Partition]]] = []
    unfinished = []
    for augmentation, manifests, out in wanted:
        whole = augment_partition(augmentation, manifests, out, chunk)
        done = whole.done()
        if done is None:
            missing.append((whole, list(_parts(augmentation, manifests, out, chunk))))
            unfinished.append((augmentation, manifests, out))
        else:
            counts.update(done)
    _look_for_audio(unfinished, max_bad)
    for augmentation, _, _ in unfinished:
        if not augmentation.by_role:
            # Noise and rooms that can't be had are told before anything is written.
            open_steps(augmentation)
    made = engine.run("augment", [part for _, parts in missing for part in parts], unit="cut")
    results = iter(made)
    of_each = [[next(results) for _ in parts] for _, parts in missing]
    refuse(
        fault
        for (whole, _), parts in zip(missing, of_each, strict=True)
        for fault in faults_of(_hold_share, whole, parts, max_bad)
    )
    if not counts["clips"] and not any(part["clips"] for part in made):
        names = ", ".join(str(path) for _, given, _ in wanted[:1] for path in given)
        raise InputError(f"{names}: no cut here to augment; prepare the corpus anew")
    for whole, parts in missing:
        counts.update(run_partition(replace(whole, arguments=([part.output for part in parts],))))
        remove(_folder(whole.output))
    return {name: round(count, 4) for name, count in counts.items()}


def _look_for_audio(wanted: Sequence[tuple[Augmentation, Sequence[Path], Path]], max_bad: float) -> None:
    """Raises InputError where clips or noises lack their audio, as far as the first of each manifest tell."""
    seen: dict[Path, Mapping[str, Path]] = {}
    for augmentation, manifests, _ in wanted:
        noise = [path for name in augmentation.noise for path in find_manifests(augmentation.noise[name])]
        seen.update(dict.fromkeys([*manifests, *noise], augmentation.audio_roots))
    fix = "put back what was moved, or name its folder with --audio-root"

    def look(path: Path, audio_roots: Mapping[str, Path]) -> None:
        root = existing_audio_root(path, audio_roots)
        refuse_lost(read_jsonl(path, 0, _LOOKED_AT), root, max_bad, where=str(path), fix=fix)

    refuse(fault for path, audio_roots in seen.items() for fault in faults_of(look, path, audio_roots))


def _hold_share(whole: Partition, parts: Sequence[Counts], max_bad: float) -> None:
    """Raises InputError where too many of the clips that were to get noise can't be read; forgets their parts."""
    bad: Counter[str] = Counter()
    for part in parts:
        bad.update(part["unreadable"])
    measured = sum(part["measured"] for part in parts)
    if too_many(sum(bad.values()), measured, max_bad):
        remove(_folder(whole.output))
        of = f"clips that noise was put under for {whole.output}"
        first = next(part["first"] for part in parts if part["first"])
        hold_share(bad, measured, max_bad, of=of, first=first, fix="mend the audio")


def _folder(out: Path) -> Path:
    return temporary_beside(out, "parts")


def augment_partition(
    augmentation: Augmentation, manifests: Sequence[Path], out: Path, chunk: int = CHUNK
) -> Partition:
    """The partition that joins the chunks, once they are told; they aren't inputs, since they go when it is made."""
    augmentation.check()
    return Partition(
        name=f"augment/{augmentation.role}/{out.name}",
        output=out,
        work=_join,
        arguments=([],),
        inputs=(*manifests, *augmentation.inputs()),
        roots=(_augment, *augmentation.code()),
        params={**augmentation.params(), **_roles(augmentation, manifests), "chunk": chunk},
    )


def _roles(augmentation: Augmentation, manifests: Sequence[Path]) -> dict[str, Any]:
    """What the published splits of the corpora are used as: their recipes say so, not their manifests."""
    folders = {*augmentation.noise.values(), *(path.parent for path in manifests)}
    notes = [folder / CORPUS_FILE for folder in folders if (folder / CORPUS_FILE).is_file()]
    names = sorted({str(read_json(note)["corpus"]) for note in notes})
    known = corpora()
    return {"roles of splits": {name: dict(known[name].corpus.splits) for name in names if name in known}}


def _parts(
    augmentation: Augmentation, manifests: Sequence[Path], out: Path, chunk: int
) -> Iterator[Partition]:
    inputs, params = augmentation.inputs(), augmentation.params()
    roles, roots = _roles(augmentation, manifests), augmentation.code()
    number = 0
    for manifest in manifests:
        for first, count in _chunks(manifest, chunk):
            yield Partition(
                name=f"augment/{augmentation.role}/{out.name}/{number}",
                output=_folder(out) / f"{number:06d}.gz",
                work=_augment,
                arguments=(augmentation, manifest, first, count),
                inputs=(manifest, *inputs),
                roots=roots,
                params={**params, **roles, "first": first, "count": count},
                weight=count,
            )
            number += 1


def _chunks(manifest: Path, chunk: int) -> Iterator[tuple[int, int]]:
    """The first line and the number of lines of each chunk."""
    if not manifest.is_file():
        raise InputError(f"{manifest}: no such file")
    try:
        with gzip.open(manifest, "rb") if manifest.suffix == ".gz" else manifest.open("rb") as lines:
            total = sum(1 for _ in lines)
    except (*DAMAGED, OSError) as error:
        raise InputError(f"{manifest}: is damaged ({error}); make it again") from error
    for first in range(0, total, chunk):
        yield first, min(chunk, total - first)


def _augment(temporary: Path, augmentation: Augmentation, manifest: Path, first: int, count: int) -> Counts:
    roles, dropped = Roles(augmentation.hold_out), dropped_clips(augmentation.without)
    counts: Counter[str] = Counter(clips=0)
    seconds = 0.0
    measured: list[Measured] = []

    def taken() -> Iterator[Cut]:
        root = existing_audio_root(manifest, augmentation.audio_roots)
        for cut in read_cuts(manifest, root, first, count):
            if cut.id in dropped:
                continue
            if not augmentation.by_role or role_of(roles, cut) == augmentation.role:
                yield cut

    def counted() -> Iterator[Cut]:
        nonlocal seconds
        cuts = taken()
        # Noise and rooms are opened only when there is a cut to put them on.
        start = next(cuts, None)
        if start is None:
            return
        steps = open_steps(augmentation)
        measured.extend(step.measured for step in steps if isinstance(step, NoiseStep))
        for measure in measured:
            # The steps are kept from chunk to chunk.
            measure.forget()
        for cut in augment_cuts(chain([start], cuts), steps, augmentation.seed):
            facts: dict[str, Any] = read_facts(cut)
            counts["clips"] += 1
            seconds += cut.duration
            counts.update(f"with {name}" for name in _COUNTED if name in facts)
            if reason := why_unlabelled(cut):
                counts[f"without snr_db ({reason})"] += 1
            yield cut

    write_cuts(temporary, counted())
    return {
        **counts,
        "hours": seconds / 3600,
        "measured": sum(measure.clips for measure in measured),
        "unreadable": dict(sum((measure.bad for measure in measured), Counter[str]())),
        "first": next((measure.first for measure in measured if measure.first), ""),
    }


def _join(temporary: Path, parts: list[Path]) -> Counts:
    counts: Counter[str] = Counter(clips=0, hours=0)
    with temporary.open("wb") as joined:
        for path in parts:
            part_counts = read_json(record_of(path))["counts"]
            counts.update({name: count for name, count in part_counts.items() if name not in _OF_PARTS})
            with path.open("rb") as part:
                shutil.copyfileobj(part, joined)
    return {**counts, "hours": round(counts["hours"], 4)}
