"""Candidates as a whole, for the filters that compare them or ask an LLM: those no filter has dropped yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from ....files import parse_json
from .candidate import Candidate, Verdict


@dataclass
class Whole:
    """The records of a file with the verdicts so far, gone through as often as needed.

    `spool` holds a record a line; those with `reasons` are dropped already. `against` holds the verdicts of the
    filters over the whole, by line number.
    """

    spool: IO[str]
    against: dict[int, Verdict] = field(default_factory=dict)

    def left(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The records that are still kept, with their line numbers."""
        self.spool.seek(0)
        for number, line in enumerate(self.spool, 1):
            if number not in self.against:
                record = parse_json(line)
                if not record.get("reasons"):
                    yield number, record


def candidate_of(record: dict[str, Any]) -> Candidate:
    """The candidate in a record whose fields are checked."""
    return Candidate(
        question=record["question"],
        answer=record["answer"],
        facts=record["facts"],
        corpus_description=record["corpus_description"],
        finish_reason=str(record.get("finish_reason") or ""),
    )


def corpus_of(record: dict[str, Any]) -> str:
    """What tells a record's corpus: its name, else its description."""
    return str(record.get("corpus") or record["corpus_description"])
