"""Template instructions: how many a second, and how much memory 100,000 and 3.2 million take.

    python benchmarks/instruct.py

A manifest in the form that `augment` writes is generated; each size runs in a process of its own, on one core, with the
reading of the manifest and the writing of the instructions. For scale: the same manifest read by lhotse and by `json`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SHARES = {
    "asr": 0.31,
    "gender": 0.11,
    "speaker_verification": 0.14,
    "language": 0.16,
    "noise_class": 0.09,
    "snr": 0.095,
    "distance": 0.095,
}
"""The tasks of stage 1 as in `examples/cryfish-13k.yaml`."""

OURS = """
import json, resource, sys, time
from functools import partial
from pathlib import Path
from cryfish.pipeline.instruct.clips import read_clips
from cryfish.pipeline.instruct.jsonl import write_instructions
from cryfish.pipeline.instruct.template.template import template_instructions
manifest, out, tasks = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
began = time.perf_counter()
made = template_instructions(partial(read_clips, [manifest]), tasks, 1, ("en", "ru", "zh", "de", "es", "fr"))
written = write_instructions(out, made)
seconds = time.perf_counter() - began
print(json.dumps([written, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
LHOTSE = """
import json, resource, sys, time
from lhotse import CutSet
began = time.perf_counter()
count = sum(1 for _ in CutSet.from_jsonl_lazy(sys.argv[1]))
print(json.dumps([count, time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
JSON = """
import gzip, json, resource, sys, time
began = time.perf_counter()
with gzip.open(sys.argv[1], "rt") as lines:
    count = sum(1 for line in lines if json.loads(line))
print(json.dumps([count, time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def make_manifest(path: Path, clips: int) -> None:
    draws = random.Random(0)
    words = (
        "the quick brown fox jumps over a lazy dog while seven old ships sail home from Oslo at noon".split()
    )
    with gzip.open(path, "wt", compresslevel=4) as lines:
        for number in range(clips):
            name, speaker = f"librispeech-{number}", number // 100
            said = {
                "id": name,
                "recording_id": name,
                "start": 0.0,
                "duration": 7.2,
                "channel": 0,
                "text": " ".join(draws.choices(words, k=12)),
                "language": draws.choice(["en", "de", "fr", "es", "ru"]),
                "speaker": str(speaker),
                "gender": ("female", "male")[speaker % 2],
            }
            facts = {
                "noise_type": [draws.choice(["rain", "dog", "engine", "wind"])],
                "snr_db": round(draws.uniform(-5, 25), 2),
                "distance_m": round(draws.uniform(0.3, 6), 2),
                "rt60_s": round(draws.uniform(0.2, 1), 3),
            }
            source = {
                "type": "file",
                "channels": [0],
                "source": f"/corpora/LibriSpeech/{speaker}/{name}.flac",
            }
            cut = {
                "id": name,
                "start": 0.0,
                "duration": 7.2,
                "channel": 0,
                "supervisions": [said],
                "recording": {
                    "id": name,
                    "sources": [source],
                    "sampling_rate": 16000,
                    "num_samples": 115200,
                    "duration": 7.2,
                    "channel_ids": [0],
                },
                "custom": {"corpus": "librispeech", "split": "train-clean-100", "facts": facts},
                "type": "MonoCut",
            }
            lines.write(json.dumps(cut) + "\n")


def measured(script: str, *arguments: object) -> tuple[int, float, float]:
    """How many, seconds, megabytes."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    threads = {**os.environ, "OMP_NUM_THREADS": "1"}
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=threads)
    count, seconds, megabytes = json.loads(told.stdout.splitlines()[-1])
    return count, seconds, megabytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--small", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=3_200_000)
    parser.add_argument("--rounds", type=int, default=3, help="of the small size and the peers")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        rows: list[tuple[str, tuple[int, float, float]]] = []
        # Half as many clips as instructions, as in the paper's stage 1.
        for size in (arguments.small, arguments.large):
            make_manifest(work / f"{size}.jsonl.gz", size // 2)
        small = work / f"{arguments.small}.jsonl.gz"
        ways: dict[str, tuple[str, *tuple[object, ...]]] = {
            "ours, instructions": (OURS, small, work / "out.jsonl", tasks_of(arguments.small)),
            "lhotse, lazy reading alone": (LHOTSE, small),
            "json and gzip alone": (JSON, small),
        }
        for title, way in ways.items():
            best = min((measured(*way) for _ in range(arguments.rounds)), key=lambda row: row[1])
            rows.append((title, best))
        large = (OURS, work / f"{arguments.large}.jsonl.gz", work / "out.jsonl", tasks_of(arguments.large))
        rows.append(("ours, instructions", measured(*large)))
    print(f"{'way':<30}{'number':>12}{'s':>9}{'a second':>11}{'peak MB':>10}")
    for title, (count, seconds, megabytes) in rows:
        print(f"{title:<30}{count:>12,}{seconds:>9.1f}{count / seconds:>11,.0f}{megabytes:>10.0f}")
    print(f"memory from {rows[0][1][0]:,} to {rows[-1][1][0]:,}: {rows[-1][1][2] / rows[0][1][2] - 1:+.1%}")


def tasks_of(count: int) -> str:
    return json.dumps({task: round(share * count) for task, share in SHARES.items()})


if __name__ == "__main__":
    main()
