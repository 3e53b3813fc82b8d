"""instruct generate: an LLM writes candidates about clips into a file that survives being killed (journal.py).

A record is made again only when it is missing, when what it was made from changed (facts, description, style,
sampling), or when it has an error that may pass (`"retry": true`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lhotse.cut import Cut, MixedCut

from ....errors import InputError
from ....files import disk_errors
from ....progress import Bar
from ....recipes.kit.facts import read_facts
from ....recipes.kit.registry import corpora
from ....seeding import rank
from ..llm.llm import Backend, Completion, Request, Sampling, Usage
from .journal import Journal, Kept, Record, finish, partial_path, spare_path
from .prompts import SCHEMA, facts_for_prompt, messages, parse_reply, prompt_digest
from .styles import Mixture, QuestionSpec, draw_asked

PATIENCE = 32
"""So many requests may fail in a row, for reasons that may pass, before the run ends."""


@dataclass(frozen=True)
class GenerateReport:
    """What a run did: records in the file, those written in this run, those with an error, clips without facts, and the
    tokens that this run took."""

    records: int
    new: int
    errors: int
    silent_clips: int
    usage: Usage


def generate_candidates(
    cuts: Iterable[Cut],
    out: Path,
    backend: Backend,
    *,
    per_clip: int = 1,
    seed: int = 0,
    mixture: Mixture | None = None,
    sampling: Sampling | None = None,
    descriptions: Mapping[str, str] | None = None,
    progress: bool = True,
) -> GenerateReport:
    """Writes `per_clip` candidates for every cut to `out` (JSON lines); adds what is missing there.

    `cuts` is gone through twice, so it must be a CutSet or a list, not a generator. Cuts with nothing to be
    asked about are left out and counted. `descriptions` maps corpora to what the LLM is told of them; by default
    it is taken from the recipes, as are the facts that it isn't told (`Corpus.unhelpful`).

    The same cuts, model and seed plan the same records. With the transformers engine a run that was killed and
    resumed makes the same bytes as one that wasn't.

    Raises:
        InputError: two cuts have one id, a corpus is unknown, or the engine only fails; what was done is kept.
    """
    plan = _Plan(
        cuts, backend.model, per_clip, seed, mixture or Mixture(), sampling or Sampling(), descriptions or {}
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    with disk_errors(out), Journal(out) as journal, ExitStack() as stack:
        kept = Kept([spare_path(out), out, partial_path(out)], stack)
        wanted: dict[str, bool] = {}
        new, usage = 0, Usage()
        for planned in plan.records():
            if planned["id"] in wanted:
                raise InputError(
                    f"cut {planned['clips'][0]} occurs twice in the manifests; give each cut an id of its own"
                )
            record = kept.serving(planned)
            wanted[planned["id"]] = record is None
            if record is not None and (read := _read_again(record)) != record:
                journal.append(read)
                new += 1
        missing = sum(wanted.values())
        with Bar("generate", missing, unit="candidate", shown=progress, smoothing=0.1) as bar:
            for record, used in _written(backend, plan, wanted):
                journal.append(record)
                new += 1
                usage += used
                bar.update()
        kept.read_again(partial_path(out), stack)
        errors = finish(out, list(wanted), kept, changed=new > 0)
    partial_path(out).unlink()
    return GenerateReport(len(wanted), new, errors, plan.silent, usage)


class _Plan:
    """The records to make, in order, without what the LLM adds; can be gone through again."""

    def __init__(
        self,
        cuts: Iterable[Cut],
        model: str,
        per_clip: int,
        seed: int,
        mixture: Mixture,
        sampling: Sampling,
        descriptions: Mapping[str, str],
    ) -> None:
        if iter(cuts) is cuts:
            raise TypeError("cuts must be a CutSet or a list: a generator can't be gone through twice")
        self._cuts = cuts
        self._model = model
        self._per_clip = per_clip
        self._seed = seed
        self._mixture = mixture
        self._descriptions = descriptions
        self.sampling = sampling
        self.silent = 0

    def records(self) -> Iterator[Record]:
        return (record for record, _ in self)

    def __iter__(self) -> Iterator[tuple[Record, Cut]]:
        self.silent = 0
        for cut in self._cuts:
            corpus = corpus_of(cut)
            description, facts = self._descriptions.get(corpus), told_of(cut)
            if not facts:
                self.silent += 1
                continue
            if description is None:
                description = about(cut, corpus)
            for turn in range(self._per_clip):
                yield self._record(cut.id, corpus, description, facts, turn), cut

    def _record(
        self, clip: str, corpus: str, description: str, facts: Mapping[str, Any], turn: int
    ) -> Record:
        asked = draw_asked(facts, turn, self._mixture, "generate", self._seed, clip)
        seed = rank("generate", self._seed, clip, turn) % 2**31
        return {
            "id": record_id([clip], self._model, seed),
            "clips": [clip],
            "corpus": corpus,
            "corpus_description": description,
            "facts": facts,
            "style": asked.style,
            "about": list(asked.about),
            "language": asked.language,
            "prompt_version": prompt_digest(description, facts, asked),
            "model": self._model,
            "seed": seed,
            "temperature": self.sampling.temperature,
            "top_p": self.sampling.top_p,
            "max_tokens": self.sampling.max_tokens,
        }


def record_id(clips: Sequence[str], model: str, seed: int) -> str:
    """16 hex digits that depend on what made the record."""
    made_from = json.dumps([list(clips), model, seed])
    return hashlib.sha256(made_from.encode()).hexdigest()[:16]


def corpus_of(cut: Cut) -> str:
    """The corpus of a cut; of a mix that of its first cut that names one. Raises InputError."""
    parts = [track.cut for track in cut.tracks] if isinstance(cut, MixedCut) else [cut]
    for part in parts:
        corpus = (getattr(part, "custom", None) or {}).get("corpus")
        if corpus is not None:
            return str(corpus)
    raise InputError(
        f"cut {cut.id} doesn't say its corpus in custom['corpus']; make its manifest with prepare"
    )


def about(cut: Cut, corpus: str) -> str:
    """What the LLM is told of a corpus: by its recipe, or by the cut of somebody's own data. Raises InputError."""
    if corpus in corpora():
        return corpora()[corpus].corpus.description
    parts = [track.cut for track in cut.tracks] if isinstance(cut, MixedCut) else [cut]
    for part in parts:
        custom = getattr(part, "custom", None) or {}
        if custom.get("corpus") == corpus and isinstance(custom.get("about"), str):
            return str(custom["about"])
    raise InputError(f"cut {cut.id}: nothing describes its corpus '{corpus}'; make its manifest with prepare")


def told_of(cut: Cut) -> dict[str, Any]:
    """The facts of a cut that the LLM is told: none that nobody hears or that its corpus calls unhelpful.

    Raises:
        InputError: the cut doesn't say its corpus, or carries a wrong fact.
    """
    known = corpora().get(corpus_of(cut))
    return facts_for_prompt(read_facts(cut), known.corpus.unhelpful if known else ())


def _written(backend: Backend, plan: _Plan, wanted: Mapping[str, bool]) -> Iterator[tuple[Record, Usage]]:
    """The records that are missing, as they are done. Failures that may pass are held back until something succeeds, so
    that an engine that is down leaves no records.

    Raises:
        InputError: so many in a row failed that the engine must be down.
    """
    under_way: dict[str, Record] = {}

    def requests() -> Iterator[Request]:
        for planned, cut in _chosen(plan, wanted, backend.batch_size if backend.whole_batches else 1):
            under_way[planned["id"]] = planned
            asked = QuestionSpec(planned["style"], tuple(planned["about"]), planned["language"])
            chat = messages(planned["corpus_description"], planned["facts"], asked)
            yield Request(planned["id"], chat, planned["seed"], cut)

    failed: list[Record] = []
    any_success = False
    for request, reply in backend.write(requests(), plan.sampling, SCHEMA):
        record = _answered(under_way.pop(request.key), reply)
        if not wanted[request.key]:
            continue
        if reply.error is not None and reply.retry:
            failed.append(record)
            if len(failed) >= PATIENCE:
                break
            continue
        any_success = True
        yield from ((record, Usage()) for record in failed)
        failed = []
        yield record, reply.usage
    if failed and (not any_success or len(failed) >= PATIENCE):
        raise InputError(
            f"{len(failed)} requests in a row failed: {failed[0]['error']}; "
            "mend it and run the same command again, what is done is kept"
        )
    yield from ((record, Usage()) for record in failed)


def _chosen(plan: _Plan, wanted: Mapping[str, bool], batch_size: int) -> Iterator[tuple[Record, Cut]]:
    """What has to be asked: the batches of the full plan with a wanted record in them, so that none ever changes."""
    batch: list[tuple[Record, Cut]] = []
    for pair in plan:
        batch.append(pair)
        if len(batch) == batch_size:
            if any(wanted[record["id"]] for record, _ in batch):
                yield from batch
            batch = []
    if any(wanted[record["id"]] for record, _ in batch):
        yield from batch


def _read_again(record: Record) -> Record:
    """The record as its raw text is understood now."""
    if "error" in record:
        return record
    question, answer = parse_reply(record["raw"]) or ("", "")
    return {**record, "question": question, "answer": answer}


def _answered(planned: Record, reply: Completion) -> Record:
    """The record of a reply. One that can't be read keeps its raw text, for the filters to report."""
    if reply.error is not None:
        failed = {"raw": "", "finish_reason": "", "question": "", "answer": ""}
        return {**planned, **failed, "error": reply.error, "retry": reply.retry}
    question, answer = parse_reply(reply.text) or ("", "")
    return {
        **planned,
        "raw": reply.text,
        "finish_reason": reply.finish_reason,
        "question": question,
        "answer": answer,
    }
