"""The filters over a file of candidates: what is kept, what is dropped and why, what instructions they become."""

from __future__ import annotations

import difflib
import hashlib
import heapq
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

from ....errors import InputError
from ....shards.sample import Instruction
from ...files import read_jsonl, write_atomically
from .binary import is_binary
from .candidate import FILTERS, Candidate, Verdict
from .words import language_of

MAX_BINARY_SHARE = 0.2
"""Of what is kept, where `binary` is named without `max_share`."""

Record = dict[str, Any]


@dataclass(frozen=True)
class Filters:
    """The filters to apply, in order; `max_binary_share` is None where yes/no questions aren't limited."""

    names: tuple[str, ...]
    max_binary_share: Fraction | None = None

    def judge(self, candidate: Candidate) -> list[Verdict]:
        """The verdicts against a candidate. What can't be parsed isn't judged further."""
        against = []
        for name in self.names:
            verdict = FILTERS[name](candidate)
            if not verdict.keep:
                against.append(verdict)
                if name == "unparseable":
                    return [verdict]
        return against


def read_filters(settings: Sequence[str | Mapping[str, Any]]) -> Filters:
    """Reads the config's list: names, and `{binary: {max_share: 0.2}}`.

    Raises:
        InputError: an unknown or doubled filter, an unknown option, or a share that isn't between 0 and 1.
    """
    if isinstance(settings, str) or not isinstance(settings, Sequence):
        raise InputError(f"filter: should be a list of filters such as [unparseable, leak], not {settings!r}")
    known = [*FILTERS, "binary"]
    options: dict[str, Mapping[str, Any]] = {}
    for setting in settings:
        name, given = _name_and_options(setting)
        if name not in known:
            raise InputError(f"filter: unknown filter '{name}'{_hint(name, known)}")
        if name in options:
            raise InputError(f"filter: '{name}' is named twice; name each filter once")
        allowed = ["max_share"] if name == "binary" else []
        for option in given:
            if option not in allowed:
                hint = _hint(str(option), allowed) if allowed else "; it has no options"
                raise InputError(f"filter: unknown option '{option}' of '{name}'{hint}")
        options[name] = given
    names = tuple(name for name in FILTERS if name in options and name == "unparseable") + tuple(
        name for name in options if name not in ("binary", "unparseable")
    )
    if "binary" not in options:
        return Filters(names)
    return Filters(names, _share(options["binary"].get("max_share", MAX_BINARY_SHARE)))


def _name_and_options(setting: str | Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if isinstance(setting, str):
        return setting, {}
    if isinstance(setting, Mapping) and len(setting) == 1:
        name, given = next(iter(setting.items()))
        if given is None:
            return str(name), {}
        if isinstance(given, Mapping):
            return str(name), given
        raise InputError(
            f"filter: the options of '{name}' should be written {{option: value}}, not {given!r}"
        )
    raise InputError(f"filter: should hold names or {{name: {{option: value}}}}, not {setting!r}")


def _share(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InputError(f"filter: max_share of 'binary' should be a number from 0 to 1, not {value!r}")
    return Fraction(str(value))


def _hint(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; known here: {', '.join(known)}"


def filter_file(
    in_path: Path,
    kept_path: Path,
    dropped_path: Path,
    filters_settings: Sequence[str | Mapping[str, Any]],
    *,
    seed: int,
) -> dict[str, int]:
    """Divides candidates into two files, in their order; returns the counts, also per reason.

    Each record gains `binary`, a dropped one also `reasons` (one or several) and `details`. A record with an
    `error` is dropped for that alone. Memory holds one hash per kept yes/no question; the rest goes through a
    temporary file.

    Raises:
        InputError: unknown filters; or a malformed line or field, named with file and line.
    """
    filters = read_filters(filters_settings)
    kept_path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=kept_path.parent) as spool:
        surplus = _judge_all(in_path, spool, filters, seed)
        spool.seek(0)

        def write(kept: Path) -> dict[str, int]:
            result: dict[str, int] = write_atomically(
                dropped_path, lambda dropped: _divide(spool, kept, dropped, surplus)
            )
            return result

        counts: dict[str, int] = write_atomically(kept_path, write)
    return counts


def _judge_all(in_path: Path, spool: IO[str], filters: Filters, seed: int) -> dict[int, str]:
    """Writes each record with its verdicts to `spool`; returns the yes/no questions above the share, by line."""
    open_kept: Counter[str] = Counter()
    binary_kept: dict[str, list[tuple[bytes, int]]] = {}
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
        else:
            corpus = str(record.get("corpus") or record["corpus_description"])
            if record["binary"]:
                rank = hashlib.sha256(f"binary\x1f{seed}\x1f{record['id']}".encode()).digest()
                binary_kept.setdefault(corpus, []).append((rank, number))
            else:
                open_kept[corpus] += 1
        spool.write(json.dumps(record, ensure_ascii=False) + "\n")
    if filters.max_binary_share is None:
        return {}
    return _surplus(open_kept, binary_kept, filters.max_binary_share)


def _surplus(
    open_kept: Mapping[str, int], binary_kept: Mapping[str, list[tuple[bytes, int]]], share: Fraction
) -> dict[int, str]:
    """The lines of the yes/no questions to drop: of each corpus those whose hash is highest."""
    surplus: dict[int, str] = {}
    for corpus, ranked in binary_kept.items():
        if share == 1:
            continue
        allowed = int(share / (1 - share) * open_kept[corpus])
        detail = f"more yes/no questions than a share of {float(share):g} of this corpus; {allowed} are kept"
        if allowed < len(ranked):
            surplus.update((line, detail) for _, line in heapq.nlargest(len(ranked) - allowed, ranked))
    return surplus


def _divide(spool: IO[str], kept: Path, dropped: Path, surplus: Mapping[int, str]) -> dict[str, int]:
    counts: Counter[str] = Counter(kept=0, dropped=0)
    with kept.open("w", encoding="utf-8") as keep, dropped.open("w", encoding="utf-8") as drop:
        for number, line in enumerate(spool, 1):
            record = json.loads(line)
            if number in surplus:
                record.update(reasons=["binary"], details=[surplus[number]])
            reasons = record.get("reasons", [])
            counts["dropped" if reasons else "kept"] += 1
            counts.update(f"dropped: {reason}" for reason in reasons)
            (drop if reasons else keep).write(json.dumps(record, ensure_ascii=False) + "\n")
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
    return Candidate(
        question=record["question"],
        answer=record["answer"],
        facts=record["facts"],
        corpus_description=record["corpus_description"],
        finish_reason=str(record.get("finish_reason") or ""),
    )


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
