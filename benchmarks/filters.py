"""How well the stage-2 filters agree with labelled candidates: precision and recall per reason.

    python benchmarks/filters.py PATH

PATH is a file of JSON lines as `instruct generate` writes them, with `keep`, `binary` and `reasons` added by hand.
Without it, `qa-gold/public.jsonl` of the folder `shared` beside the repository is taken, where there is one.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from cryfish.pipeline.files import read_jsonl
from cryfish.pipeline.instruct.filters import FILTERS, Candidate, is_binary, read_filters

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "qa-gold" / "public.jsonl"


def measure(path: Path) -> tuple[dict[str, Counter[str]], float]:
    """Per reason (also `binary` and `dropped`): how many are hit, found and labelled; and the seconds per record."""
    filters = read_filters(list(FILTERS))
    table: dict[str, Counter[str]] = {name: Counter() for name in (*FILTERS, "binary", "dropped")}
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
        for name, (is_found, is_labelled) in pairs.items():
            table[name].update(found=is_found, labelled=is_labelled, hit=is_found and is_labelled)
    return table, (time.perf_counter() - start) / max(1, len(records))


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if len(sys.argv) < 2 and not path.exists():
        print(f"no labelled candidates: name a file, or put some at {path}")
        return
    table, seconds = measure(path)
    print(f"{'reason':<20}{'precision':>10}{'recall':>8}{'found':>7}{'labelled':>10}")
    for name, count in table.items():
        precision, recall = share(count["hit"], count["found"]), share(count["hit"], count["labelled"])
        print(f"{name:<20}{precision:>10}{recall:>8}{count['found']:>7}{count['labelled']:>10}")
    print(f"{seconds * 1e3:.2f} ms per record; 'dropped' is any reason but binary against keep = false,")
    print("which some labelled reasons that these filters don't look for lower in recall")


if __name__ == "__main__":
    main()
