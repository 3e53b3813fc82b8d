"""prepare: a corpus on disk -> cut manifests, a quarantine file and a summary."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from lhotse.cut import Cut
from tqdm import tqdm

from ..errors import InputError
from ..recipes.corpus import BadClip, Clip, Corpus
from ..recipes.cuts import check_audio, cut_from_clip
from ..recipes.facts import read_facts
from ..recipes.registry import recipe
from .files import open_for_lines, read_json, tree_signature, write_json
from .manifests import CORPUS_FILE, CUTS_SUFFIX
from .partitions import Counts, Engine, Partition, run_partition

CHUNK = 64
# A corpus of forty clips may have one bad clip and be fine; a share says nothing of so few.
ALWAYS_TOLERATED = 3


def prepare_partition(name: str, corpus_dir: Path, out: Path, *, max_bad: float = 0.01) -> Partition:
    """The partition that prepares one corpus into the folder `out`.

    Raises:
        InputError: no recipe of this name, or the corpus folder is missing.
    """
    corpus = recipe(name).corpus
    if not corpus_dir.is_dir():
        raise InputError(
            f"{corpus_dir}: no such folder; give the folder of {corpus.title} (see {corpus.homepage})"
        )
    return Partition(
        name=f"prepare/{name}",
        output=out,
        work=_prepare,
        arguments=(name, corpus_dir.resolve(), max_bad),
        params={
            "corpus": json.loads(json.dumps(asdict(corpus), default=str)),
            "dir": str(corpus_dir.resolve()),
            "tree": tree_signature(corpus_dir),
            "max_bad": max_bad,
        },
    )


def prepare_corpus(
    name: str, corpus_dir: Path, out: Path, *, engine: Engine, max_bad: float = 0.01
) -> dict[str, Any]:
    """Prepares one corpus and returns its summary; nothing is done twice.

    Raises:
        InputError: no such recipe or folder, a layout that isn't the corpus', or too many bad clips.
    """
    partition = prepare_partition(name, corpus_dir, out, max_bad=max_bad)
    if partition.done() is None:
        # It runs here and not in a worker: it hands the clips themselves out to the workers.
        pool = engine.pool if engine.jobs > 1 else None
        run_partition(replace(partition, arguments=(*partition.arguments, pool, 2 * engine.jobs + 2)))
    summary: dict[str, Any] = read_json(out / "summary.json")
    return summary


def _probe(clips: list[Clip | BadClip], corpus: Corpus, corpus_dir: Path) -> list[Cut | BadClip]:
    probed: list[Cut | BadClip] = []
    for clip in clips:
        if isinstance(clip, BadClip):
            probed.append(clip)
            continue
        try:
            probed.append(check_audio(cut_from_clip(clip, corpus, corpus_dir), corpus_dir))
        except BadClip as bad:
            probed.append(bad)
    return probed


def _chunks(clips: Iterator[Clip | BadClip]) -> Iterator[list[Clip | BadClip]]:
    while chunk := list(islice(clips, CHUNK)):
        yield chunk


def _probed(
    clips: Iterator[Clip | BadClip], corpus: Corpus, corpus_dir: Path, pool: Executor | None, ahead: int
) -> Iterator[Cut | BadClip]:
    """The clips' cuts in the clips' order; only `ahead` chunks are ahead of the writer, so memory stays flat."""
    if pool is None:
        for chunk in _chunks(clips):
            yield from _probe(chunk, corpus, corpus_dir)
        return
    chunks = _chunks(clips)
    running = [pool.submit(_probe, chunk, corpus, corpus_dir) for chunk in islice(chunks, ahead)]
    while running:
        first = running.pop(0)
        yield from first.result()
        running.extend(pool.submit(_probe, chunk, corpus, corpus_dir) for chunk in islice(chunks, 1))


def _prepare(
    temporary: Path, name: str, corpus_dir: Path, max_bad: float, pool: Executor | None = None, ahead: int = 1
) -> Counts:
    found = recipe(name)
    corpus = found.corpus
    temporary.mkdir()
    summary = _Summary()
    with ExitStack() as stack:
        manifests: dict[str, IO[str]] = {}
        quarantine = stack.enter_context((temporary / "quarantine.jsonl").open("w", encoding="utf-8"))
        clips = found.clips(corpus_dir)
        with tqdm(desc=f"prepare {name}", unit="clip", dynamic_ncols=True, leave=False) as progress:
            for cut in _probed(clips, corpus, corpus_dir, pool, ahead):
                progress.update()
                if isinstance(cut, BadClip):
                    record = {"id": f"{name}-{cut.clip_id}", "path": str(cut.path), "reason": cut.reason}
                    quarantine.write(json.dumps(record, ensure_ascii=False) + "\n")
                    summary.bad[cut.reason] += 1
                    continue
                split = str(cut.custom["split"])
                if split not in manifests:
                    path = temporary / f"{split}{CUTS_SUFFIX}"
                    manifests[split] = stack.enter_context(open_for_lines(path))
                manifests[split].write(json.dumps(cut.to_dict(), ensure_ascii=False) + "\n")
                summary.add(split, cut)
    good, bad = sum(summary.clips.values()), sum(summary.bad.values())
    if good == 0 and bad == 0:
        raise InputError(
            f"{corpus_dir}: no clip of {corpus.title} found here; check the folder's layout ({corpus.homepage})"
        )
    if bad > ALWAYS_TOLERATED and bad > max_bad * (good + bad):
        reason, count = summary.bad.most_common(1)[0]
        raise InputError(
            f"{corpus_dir}: {bad} of {good + bad} clips of {corpus.title} are bad ({count} of them: {reason}), more "
            f"than the share of {max_bad:g} allowed; mend the corpus or allow more (--max-bad, `max_bad`)"
        )
    content = summary.to_json(name)
    write_json(temporary / "summary.json", content)
    write_json(
        temporary / CORPUS_FILE,
        {"corpus": name, "dir": str(corpus_dir), "title": corpus.title, "description": corpus.description},
    )
    return {"clips": good, "quarantined": bad, "hours": content["hours"]}


class _Summary:
    """What a corpus turned out to hold, counted while it streams by."""

    def __init__(self) -> None:
        self.clips: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.speakers: defaultdict[str, set[str]] = defaultdict(set)
        self.languages: Counter[str] = Counter()
        self.facts: Counter[str] = Counter()
        self.bad: Counter[str] = Counter()

    def add(self, split: str, cut: Cut) -> None:
        facts = read_facts(cut)
        self.clips[split] += 1
        self.seconds[split] += cut.duration
        self.facts.update(facts.keys())
        if "speaker" in facts:
            self.speakers[split].add(facts["speaker"])
        if "language" in facts:
            self.languages[facts["language"]] += 1

    def to_json(self, corpus: str) -> dict[str, Any]:
        return {
            "corpus": corpus,
            "clips": sum(self.clips.values()),
            "hours": round(sum(self.seconds.values()) / 3600, 4),
            "speakers": len(set().union(*self.speakers.values())),
            "languages": dict(sorted(self.languages.items())),
            "splits": {
                split: {
                    "clips": self.clips[split],
                    "hours": round(self.seconds[split] / 3600, 4),
                    "speakers": len(self.speakers[split]),
                }
                for split in sorted(self.clips)
            },
            "facts": dict(sorted(self.facts.items())),
            "quarantined": dict(sorted(self.bad.items())),
        }
