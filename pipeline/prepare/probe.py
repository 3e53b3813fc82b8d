"""Clips -> checked cuts, chunk by chunk, in workers: opened, decoded, listened to; what fails is for the quarantine."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from lhotse import MonoCut
from numpy.typing import NDArray

from ...constants import SAMPLE_RATE
from ...files import json_line
from ...quarantine import kind_of
from ...recipes.kit.corpus import BadClip, Corpus, Found, LeftOut
from ...recipes.kit.cuts import check_audio, cut_from_clip, cut_to_json
from ..audio.levels import Meter, with_note
from ..audio.manifests import CUTS_SUFFIX
from ..audio.resampled import Resampled
from ..engine.processes import Engine
from .contamination.peaks import Ear, pack
from .contamination.prints import PRINTS_SUFFIX, record
from .summary import Summary

CHUNK = 256


@dataclass
class Probed:
    """What a chunk of clips became: gzip members for the files of each split, and the lines for the quarantine."""

    clips: int
    members: dict[str, bytes]
    quarantined: bytes
    summary: Summary


@dataclass(frozen=True)
class Care:
    """What is done to a clip beside opening it."""

    headers_only: bool
    fingerprints: bool


def _probe(clips: list[Found], corpus: Corpus, corpus_dir: Path, care: Care) -> Probed:
    lines: dict[str, list[str]] = {}
    prints: dict[str, list[bytes]] = {}
    quarantined: list[str] = []
    summary = Summary()
    for clip in clips:
        if isinstance(clip, LeftOut):
            summary.leave_out(clip)
            continue
        try:
            if isinstance(clip, BadClip):
                raise clip
            cut = cut_from_clip(clip, corpus, corpus_dir)
            if not care.headers_only:
                cut, heard = _decoded(cut, corpus_dir, care)
                if clip.channel is not None and cut.channel != clip.channel:
                    raise BadClip(
                        clip.id, clip.audio, f"its channel {clip.channel} is silent beside another one"
                    )
                prints.setdefault(clip.split, []).append(heard)
        except BadClip as bad:
            record = {"id": f"{corpus.name}-{bad.clip_id}", "path": bad.path, "reason": bad.reason}
            quarantined.append(json_line(record))
            summary.bad[kind_of(bad.reason)] += 1
            continue
        lines.setdefault(clip.split, []).append(json_line(cut_to_json(cut)))
        summary.add(clip.split, cut.duration, clip.facts)
    content = {
        f"{split}{CUTS_SUFFIX}": "".join(text).encode("utf-8", "replace") for split, text in lines.items()
    }
    if care.fingerprints:
        content |= {f"{split}{PRINTS_SUFFIX}": b"".join(records) for split, records in prints.items()}
    members = {name: gzip.compress(data, compresslevel=4, mtime=0) for name, data in content.items()}
    return Probed(len(clips), members, "".join(quarantined).encode("utf-8", "replace"), summary)


def _decoded(cut: MonoCut, corpus_dir: Path, care: Care) -> tuple[MonoCut, bytes]:
    """The cut, checked, with notes of what is heard of it (its level, its own noise, where it sounds).

    Beside it the record of its fingerprint, if that is wanted. Raises BadClip.
    """
    checked, meter, ear = _heard(cut, corpus_dir, care)
    if checked.channel != cut.channel:
        checked, meter, ear = _heard(checked, corpus_dir, care)
    heard = meter.heard()
    return (
        checked if heard is None else with_note(checked, heard),
        b"" if ear is None else record(pack(ear.peaks())),
    )


def _heard(cut: MonoCut, corpus_dir: Path, care: Care) -> tuple[MonoCut, Meter, Ear | None]:
    rate = cut.sampling_rate
    resampled, meter = Resampled(rate), Meter(SAMPLE_RATE)
    ear = Ear(min(rate, SAMPLE_RATE)) if care.fingerprints else None

    def hear(samples: NDArray[np.float32]) -> None:
        wide = resampled.of(samples)
        meter.hear(wide)
        if ear is not None:
            ear.hear(samples if rate <= SAMPLE_RATE else wide)

    checked = check_audio(cut, corpus_dir, hear)
    rest = resampled.rest()
    meter.hear(rest)
    if ear is not None and rate > SAMPLE_RATE:
        ear.hear(rest)
    return checked, meter, ear


def probe_all(
    clips: Iterator[Found],
    corpus: Corpus,
    corpus_dir: Path,
    care: Care,
    engine: Engine | None,
) -> Iterator[Probed]:
    """The chunks in the clips' order; only some of them are ahead of the writer, so memory stays flat."""
    chunks = iter(lambda: list(islice(clips, CHUNK)), [])
    if engine is None or engine.jobs == 1:
        for chunk in chunks:
            yield _probe(chunk, corpus, corpus_dir, care)
        return
    pool, ahead = engine.pool, 2 * engine.jobs + 2
    running = [pool.submit(_probe, chunk, corpus, corpus_dir, care) for chunk in islice(chunks, ahead)]
    while running:
        first = running.pop(0)
        yield first.result()
        running.extend(pool.submit(_probe, chunk, corpus, corpus_dir, care) for chunk in islice(chunks, 1))
