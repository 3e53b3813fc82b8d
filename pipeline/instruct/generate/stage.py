"""instruct generate as a partition: which clips are asked about, by which LLM, through which engine."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lhotse.cut import Cut

from ....errors import InputError
from ....files import read_jsonl
from ....model.identity import identity
from ....quarantine import MAX_BAD, hold_share, kind_of
from ....recipes.kit.registry import corpora
from ....seeding import digest
from ...audio.manifests import existing_audio_root, read_cuts
from ...engine.partitions import Counts, Partition
from ...prepare.contamination.dropped import dropped_clips, without_files
from ..llm.llm import engine_named, engine_options, open_backend
from .generate import generate_candidates, told_of
from .styles import Mixture


@dataclass(frozen=True)
class GenerateSettings:
    """Which LLM writes how much about how many clips; see `generate_partition`."""

    llm: str
    engine: str
    url: str | None
    clips: int | Literal["all"]
    per_clip: int
    batch_size: int | None
    seed: int
    mixture: Mixture
    max_bad: float
    without: Path | None
    device: str | None
    options: Mapping[str, Any]


def generate_partition(
    manifests: list[Path],
    out: Path,
    *,
    llm: str,
    engine: str,
    url: str | None,
    clips: int | Literal["all"],
    per_clip: int,
    batch_size: int | None,
    seed: int,
    binary_share: float = 0.15,
    languages: Mapping[str, float] | None = None,
    max_bad: float = MAX_BAD,
    without: Path | None = None,
    device: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Partition:
    """The partition in which an LLM writes candidates about `clips` of the cuts; resumes by itself.

    Without `batch_size` and `device` the engine chooses; `options` are its own. Where more than a share of
    `max_bad` end in an error, it isn't done; what was written stays, and the next run asks again what may
    pass. Nothing is asked about the clips that `without` lists (`contamination.jsonl`).

    Raises:
        InputError: the share of yes/no questions or the weight of a language is none.
    """
    mixture = Mixture(binary_share, languages)
    settings = GenerateSettings(
        llm,
        engine,
        url,
        clips,
        per_clip,
        batch_size,
        seed,
        mixture,
        max_bad,
        without,
        device,
        dict(options or {}),
    )
    return Partition(
        name=f"instruct/generate/{out.name}",
        output=out,
        work=_generate,
        arguments=(manifests, settings),
        inputs=(*manifests, *without_files(without)),
        params={
            "llm": identity(llm),
            "engine": engine,
            "clips": clips,
            "per_clip": per_clip,
            "batch_size": batch_size,
            "seed": seed,
            "binary_share": binary_share,
            "languages": dict(mixture.weights),
            "told of corpora": _told_of_corpora(),
            "max_bad": max_bad,
            **({"options": dict(options)} if options else {}),
        },
        in_place=True,
    )


def _told_of_corpora() -> list[tuple[str, str, tuple[str, ...]]]:
    """What recipes tell the LLM of their corpora, and what they keep from it."""
    return [
        (name, found.corpus.description, tuple(found.corpus.unhelpful)) for name, found in corpora().items()
    ]


def _generate(out: Path, manifests: list[Path], asked: GenerateSettings) -> Counts:
    if engine_named(asked.engine).hears:
        for path in manifests:
            existing_audio_root(path)
    cuts = choose_cuts(manifests, asked.clips, asked.seed, asked.without)
    if not cuts:
        raise InputError(
            f"{', '.join(map(str, manifests))}: no cut here has a fact that an LLM could be told; choose other corpora"
        )
    options = engine_options(asked.engine, asked.batch_size, asked.device, asked.options)
    backend = open_backend(asked.engine, asked.llm, asked.url, **options)
    try:
        report = generate_candidates(
            cuts, out, backend, per_clip=asked.per_clip, seed=asked.seed, mixture=asked.mixture
        )
    finally:
        backend.close()
    errors = [str(record["error"]) for record in read_jsonl(out) if record.get("error")]
    reasons, first = Counter(map(kind_of, errors)), next(iter(errors), "")
    of = f"candidates in {out}"
    hold_share(reasons, report.records, asked.max_bad, of=of, first=first, fix="mend it and run it again")
    return {"candidates": report.records, "errors": report.errors, "clips without facts": report.silent_clips}


def choose_cuts(
    manifests: Sequence[Path], clips: int | Literal["all"], seed: int, without: Path | None = None
) -> list[Cut]:
    """So many of the cuts that an LLM can be told something about: those lowest by a hash of (seed, id)."""
    dropped = dropped_clips(without)
    ranked = (
        (digest("generate", seed, cut.id), cut)
        for path in manifests
        for cut in read_cuts(path)
        if cut.id not in dropped and told_of(cut)
    )
    if clips == "all":
        return [cut for _, cut in sorted(ranked, key=lambda pair: pair[0])]
    return [cut for _, cut in heapq.nsmallest(clips, ranked, key=lambda pair: pair[0])]
