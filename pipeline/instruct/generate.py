"""instruct generate: an LLM writes candidates about clips, batch by batch, into a file that survives being killed.

What is done goes to `<out>.partial.jsonl` after every batch; at the end all records are put into the order of the
plan under the final name. A record is made again only when it is missing, when what it was made from changed
(facts, description, style, sampling), or when it has an error that may pass (`"retry": true`). Records that
the plan no longer wants aren't thrown away: they move to `<out>.spare.jsonl`, and come back when they are wanted.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lhotse.cut import Cut, MixedCut
from tqdm import tqdm

from ...errors import InputError
from ...recipes.facts import read_facts
from ...recipes.registry import recipe
from ..augment.draws import generator
from ..files import disk_errors, fsync_path, write_atomically
from .backends import Backend, Completion, Sampling
from .prompts import PROMPT_VERSION, SCHEMA, draw_style, facts_for_prompt, messages, parse_reply

Record = dict[str, Any]


@dataclass(frozen=True)
class GenerateReport:
    """What a run did: records in the file, those written in this run, those with an error, clips without facts."""

    records: int
    new: int
    errors: int
    silent_clips: int


def generate_candidates(
    cuts: Iterable[Cut],
    out: Path,
    backend: Backend,
    *,
    per_clip: int = 1,
    seed: int = 0,
    batch_size: int = 16,
    binary_share: float = 0.15,
    sampling: Sampling | None = None,
    descriptions: Mapping[str, str] | None = None,
    progress: bool = True,
) -> GenerateReport:
    """Writes `per_clip` candidates for every cut to `out` (JSON lines); adds what is missing there.

    `cuts` is gone through twice, so it must be a CutSet or a list, not a generator. Cuts with nothing to be
    asked about are left out and counted. `descriptions` maps corpora to what the LLM is told of them; by default
    it is taken from the recipes.

    The same cuts, model and seed plan the same records. With the transformers engine a run that was killed and
    resumed makes the same bytes as one that wasn't.

    Raises:
        InputError: two cuts have one id, a corpus is unknown, or a whole batch failed; what was done is kept.
    """
    plan = _Plan(
        cuts, backend.model, per_clip, seed, binary_share, sampling or Sampling(), descriptions or {}
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    with disk_errors(out), _journal(out) as journal, ExitStack() as stack:
        kept = _Kept([_spare(out), out, _partial(out)], stack)
        wanted: dict[str, bool] = {}
        for planned in plan:
            if planned["id"] in wanted:
                raise InputError(
                    f"cut {planned['clips'][0]} occurs twice in the manifests; give each cut an id of its own"
                )
            wanted[planned["id"]] = not kept.serves(planned)
        new = 0
        with tqdm(
            total=sum(wanted.values()), desc="generate", unit="candidate", smoothing=0.1, disable=not progress
        ) as bar:
            for batch in _batches(plan, wanted, batch_size, backend.whole_batches):
                records = [r for r in _write_batch(backend, batch, plan.sampling) if wanted[r["id"]]]
                _append(journal, records)
                new += len(records)
                bar.update(len(records))
        kept.read_again(_partial(out), stack)
        errors = _finish(out, list(wanted), kept, changed=new > 0)
    _partial(out).unlink()
    return GenerateReport(len(wanted), new, errors, plan.silent)


class _Plan:
    """The records to make, in order, without what the LLM adds; can be gone through again."""

    def __init__(
        self,
        cuts: Iterable[Cut],
        model: str,
        per_clip: int,
        seed: int,
        binary_share: float,
        sampling: Sampling,
        descriptions: Mapping[str, str],
    ) -> None:
        if iter(cuts) is cuts:
            raise TypeError("cuts must be a CutSet or a list: a generator can't be gone through twice")
        self._cuts = cuts
        self._model = model
        self._per_clip = per_clip
        self._seed = seed
        self._binary_share = binary_share
        self._descriptions = dict(descriptions)
        self.sampling = sampling
        self.silent = 0

    def __iter__(self) -> Iterator[Record]:
        self.silent = 0
        for cut in self._cuts:
            facts = facts_for_prompt(read_facts(cut))
            if not facts:
                self.silent += 1
                continue
            corpus = corpus_of(cut)
            for turn in range(self._per_clip):
                yield self._record(cut.id, corpus, facts, turn)

    def _record(self, clip: str, corpus: str, facts: Mapping[str, Any], turn: int) -> Record:
        style, about = draw_style(facts, turn, self._binary_share, generator(self._seed, clip, "style"))
        seed = int(generator(self._seed, clip, turn).integers(2**31))
        return {
            "id": record_id([clip], PROMPT_VERSION, self._model, seed),
            "clips": [clip],
            "corpus": corpus,
            "corpus_description": self._describe(corpus),
            "facts": facts,
            "style": style,
            "about": about,
            "prompt_version": PROMPT_VERSION,
            "model": self._model,
            "seed": seed,
            "temperature": self.sampling.temperature,
            "top_p": self.sampling.top_p,
            "max_tokens": self.sampling.max_tokens,
        }

    def _describe(self, corpus: str) -> str:
        if corpus not in self._descriptions:
            self._descriptions[corpus] = recipe(corpus).corpus.description
        return self._descriptions[corpus]


def record_id(clips: Sequence[str], prompt_version: str, model: str, seed: int) -> str:
    """16 hex digits that depend on what made the record."""
    made_from = json.dumps([list(clips), prompt_version, model, seed])
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


def _batches(
    plan: Iterable[Record], wanted: Mapping[str, bool], size: int, whole: bool
) -> Iterator[list[Record]]:
    """The batches with work in them. Whole ones are always cut from the full plan, so that none ever changes."""
    batch: list[Record] = []
    for planned in plan:
        if whole or wanted[planned["id"]]:
            batch.append(planned)
        if len(batch) == size:
            if any(wanted[r["id"]] for r in batch):
                yield batch
            batch = []
    if any(wanted[r["id"]] for r in batch):
        yield batch


def _write_batch(backend: Backend, batch: Sequence[Record], sampling: Sampling) -> list[Record]:
    prompts = [messages(r["corpus_description"], r["facts"], r["style"], r["about"]) for r in batch]
    replies = backend.generate(prompts, [r["seed"] for r in batch], sampling, SCHEMA)
    if len(batch) > 1 and all(reply.error is not None and reply.retry for reply in replies):
        raise InputError(
            f"all {len(batch)} requests of a batch failed: {replies[0].error}; "
            "mend it and run the same command again, what is done is kept"
        )
    return [_answered(planned, reply) for planned, reply in zip(batch, replies, strict=True)]


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


class _Kept:
    """The records that earlier runs left, found by id without holding them in memory."""

    def __init__(self, paths: Sequence[Path], stack: ExitStack) -> None:
        self._places: dict[str, tuple[IO[bytes], int]] = {}
        self.order: dict[Path, list[str]] = {}
        for path in paths:
            self.read_again(path, stack)

    def read_again(self, path: Path, stack: ExitStack) -> None:
        self.order[path] = []
        if not path.exists():
            return
        stream = stack.enter_context(path.open("rb"))
        offset = 0
        for number, line in enumerate(stream, 1):
            try:
                identity = json.loads(line)["id"]
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path}: line {number} isn't a candidate ({error}); remove the line or the file"
                ) from error
            self._places[identity] = (stream, offset)
            self.order[path].append(identity)
            offset += len(line)

    def line(self, identity: str) -> bytes:
        stream, offset = self._places[identity]
        stream.seek(offset)
        return stream.readline()

    def serves(self, planned: Record) -> bool:
        """Whether the planned record is there, made from the same things, without an error that may pass."""
        if planned["id"] not in self._places:
            return False
        record = json.loads(self.line(planned["id"]))
        as_read = json.loads(json.dumps(planned))
        return not record.get("retry") and all(record.get(key) == value for key, value in as_read.items())


def _partial(out: Path) -> Path:
    return out.with_name(f"{out.stem}.partial.jsonl")


def _spare(out: Path) -> Path:
    return out.with_name(f"{out.stem}.spare.jsonl")


@contextmanager
def _journal(out: Path) -> Iterator[int]:
    """The journal, open for appending; a line that a killed run left half-written is cut off."""
    path = _partial(out)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(f"{out}: another run is writing this file; wait until it ends") from error
        whole = _end_of_last_line(descriptor)
        os.ftruncate(descriptor, whole)
        yield descriptor
    finally:
        os.close(descriptor)


def _end_of_last_line(descriptor: int) -> int:
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - (1 << 16))
        newline = os.pread(descriptor, end - start, start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def _append(journal: int, records: Sequence[Record]) -> None:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    lines = text.encode("utf-8", "replace")  # a server's reply may hold half characters
    while lines:
        lines = lines[os.write(journal, lines) :]
    os.fsync(journal)


def _finish(out: Path, plan: Sequence[str], kept: _Kept, changed: bool) -> int:
    """Writes the final file in the order of the plan, unless it is there already; returns the records in error."""
    wanted = set(plan)
    already_spare = set(kept.order[_spare(out)])
    unwanted = [i for i in kept.order[out] if i not in wanted and i not in already_spare]
    if unwanted:
        with _spare(out).open("ab") as stream:
            stream.writelines(kept.line(identity) for identity in unwanted)
        fsync_path(_spare(out))
    errors = 0

    def write(temporary: Path) -> None:
        nonlocal errors
        with temporary.open("wb") as stream:
            for identity in plan:
                line = kept.line(identity)
                errors += "error" in json.loads(line)
                stream.write(line)

    if not changed and kept.order[out] == list(plan):
        return sum("error" in json.loads(kept.line(identity)) for identity in plan)
    write_atomically(out, write)
    return errors
