"""The filters over a file of candidates: what is kept, what is dropped and why, what instructions they become."""

from __future__ import annotations

import hashlib
import heapq
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

from ....errors import InputError
from ....files import json_line, parse_json, read_jsonl, write_atomically
from ....shards.sample import Instruction
from .binary import is_binary
from .candidate import Candidate, Verdict
from .duplicate import drop_duplicates
from .guess import drop_constant_answers, drop_guessed
from .judge import drop_badly_rated
from .llm import Llm
from .settings import Filters, read_filters
from .whole import Whole, candidate_of, corpus_of
from .words import language_of

Record = dict[str, Any]


def replies_path(out: Path, candidates: Path) -> Path:
    """Where the replies of the LLMs that filters ask lie by default: beside what is written."""
    return out.with_name(f"{candidates.stem}.replies.jsonl")


def filter_file(
    in_path: Path,
    kept_path: Path,
    dropped_path: Path,
    filters_settings: Sequence[str | Mapping[str, Any]],
    *,
    seed: int,
    llm: Llm | None = None,
    replies: Path | None = None,
) -> dict[str, int]:
    """Divides candidates into two files, in their order; returns the counts, also per reason.

    Each record gains `binary`, a dropped one also `reasons` (one or several) and `details`. A record with an
    `error` is dropped for that alone. What the filters of single candidates leave goes on to those that compare
    candidates or ask an LLM (`llm`, unless their options name another): the constant answers and guesses of `blind`,
    then `judge`, `duplicate` and `binary`. `replies` is the file of what the LLM said, by default
    beside `kept_path`; what is there isn't asked again.

    Memory holds some hashes per kept question; the rest goes through a temporary file.

    Raises:
        InputError: unknown filters; a malformed line or field, named with file and line; or an LLM that can't answer.
    """
    filters = read_filters(filters_settings, llm)
    kept_path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=kept_path.parent) as spool:
        _judge_singly(in_path, spool, filters)
        whole = Whole(spool)
        unanswered = _judge_as_a_whole(whole, filters, seed, replies or replies_path(kept_path, in_path))

        def write(kept: Path) -> dict[str, int]:
            result: dict[str, int] = write_atomically(
                dropped_path, lambda dropped: _divide(whole, kept, dropped)
            )
            return result

        counts: dict[str, int] = write_atomically(kept_path, write)
    return {**counts, **unanswered}


def _judge_singly(in_path: Path, spool: IO[str], filters: Filters) -> None:
    """Writes each record to `spool`, with the verdicts of the filters that look at it alone."""
    for number, record in enumerate(read_jsonl(in_path), 1):
        candidate = _candidate(record, f"{in_path}: line {number}")
        record = {key: value for key, value in record.items() if key not in ("reasons", "details")}
        record["binary"] = is_binary(candidate.question)
        against = (
            [Verdict("error", False, str(record["error"]))]
            if record.get("error")
            else filters.judge(candidate)
        )
        if against:
            record["reasons"] = [verdict.reason for verdict in against]
            record["details"] = [verdict.detail for verdict in against]
        spool.write(json_line(record))


def _judge_as_a_whole(whole: Whole, filters: Filters, seed: int, replies: Path) -> dict[str, int]:
    """Adds the verdicts of the filters over the whole; returns how often an LLM gave no answer, where it did."""
    unanswered = {}
    if filters.guessing is not None:
        drop_constant_answers(whole, filters.guessing)
        unanswered["blind"] = drop_guessed(whole, filters.guessing, seed, replies)
    if filters.judging is not None:
        unanswered["judge"] = drop_badly_rated(whole, filters.judging, seed, replies)
    if filters.duplicates is not None:
        drop_duplicates(whole, filters.duplicates, seed)
    if filters.max_binary_share is not None:
        _drop_surplus_binary(whole, filters.max_binary_share, seed)
    return {f"not answered for {name}": count for name, count in unanswered.items() if count}


def _drop_surplus_binary(whole: Whole, share: Fraction, seed: int) -> None:
    """Adds the verdicts against yes/no questions above a share of what is kept: of each corpus those whose hash is
    highest."""
    open_kept: Counter[str] = Counter()
    binary_kept: dict[str, list[tuple[bytes, int]]] = {}
    for number, record in whole.left():
        if record["binary"]:
            rank = hashlib.sha256(f"binary\x1f{seed}\x1f{record['id']}".encode()).digest()
            binary_kept.setdefault(corpus_of(record), []).append((rank, number))
        else:
            open_kept[corpus_of(record)] += 1
    for corpus, ranked in binary_kept.items():
        if share == 1:
            continue
        allowed = int(share / (1 - share) * open_kept[corpus])
        detail = f"more yes/no questions than a share of {float(share):g} of this corpus; {allowed} are kept"
        if allowed < len(ranked):
            surplus = heapq.nlargest(len(ranked) - allowed, ranked)
            whole.against.update((number, Verdict("binary", False, detail)) for _, number in surplus)


def _divide(whole: Whole, kept: Path, dropped: Path) -> dict[str, int]:
    counts: Counter[str] = Counter(kept=0, dropped=0)
    whole.spool.seek(0)
    with kept.open("w", encoding="utf-8") as keep, dropped.open("w", encoding="utf-8") as drop:
        for number, line in enumerate(whole.spool, 1):
            record = parse_json(line)
            if (verdict := whole.against.get(number)) is not None:
                record.update(reasons=[verdict.reason], details=[verdict.detail])
            reasons = record.get("reasons", [])
            counts["dropped" if reasons else "kept"] += 1
            counts.update(f"dropped: {reason}" for reason in reasons)
            (drop if reasons else keep).write(json_line(record))
    return dict(sorted(counts.items()))


def _candidate(record: Record, where: str) -> Candidate:
    texts = ("id", "corpus_description", "question", "answer")
    for name in (*texts, "facts"):
        if name not in record:
            raise InputError(
                f"{where}: field '{name}' is missing; a candidate needs {', '.join((*texts, 'facts'))}"
            )
    for name in texts:
        if not isinstance(record[name], str):
            raise InputError(f"{where}: field '{name}' should be text, not {record[name]!r}")
    if not isinstance(record["facts"], dict):
        raise InputError(
            f"{where}: field 'facts' should be an object of names and values, not {record['facts']!r}"
        )
    return candidate_of(record)


def kept_instructions(kept_path: Path) -> Iterator[Instruction]:
    """The kept candidates as instructions: open questions whose label is the answer.

    Raises:
        InputError: a field is missing or of the wrong type; names file, line and field.
    """
    for number, record in enumerate(read_jsonl(kept_path), 1):
        where = f"{kept_path}: line {number}"
        candidate = _candidate(record, where)
        clips = record.get("clips")
        if not isinstance(clips, list) or not clips or not all(isinstance(clip, str) for clip in clips):
            raise InputError(f"{where}: field 'clips' should be a list of cut ids, not {clips!r}")
        provenance: dict[str, Any] = {
            key: record[key] for key in ("model", "prompt_version", "style") if key in record
        }
        yield Instruction(
            id=record["id"],
            clips=tuple(clips),
            task="open_qa",
            kind="text",
            question=candidate.question,
            answer=candidate.answer,
            label=candidate.answer,
            language=language_of(candidate.question) or language_of(candidate.answer) or "en",
            origin="generated",
            provenance=provenance,
        )
