"""prepare beside lhotse's own `prepare_librispeech`, on a generated corpus in LibriSpeech's layout.

    python benchmarks/prepare.py --clips 100000

The corpus is made of hard links to a few FLAC files (those of `--from`, or noise), so that it has as many files as
wanted and takes no room. Each way runs in a process of its own, ours and lhotse's in turn; what is told is the best
of the rounds, and the peak of the memory of the process and its children.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

OURS = """
import sys
from pathlib import Path
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.prepare.prepare import prepare_corpus
if __name__ == "__main__":
    corpus, out, jobs, headers = sys.argv[1:]
    with Engine(int(jobs)) as engine:
        prepare_corpus("librispeech", Path(corpus), Path(out), engine=engine, headers_only=headers == "headers")
"""
LHOTSE = """
import sys
from lhotse.recipes import prepare_librispeech
corpus, out, jobs, _ = sys.argv[1:]
prepare_librispeech(corpus, dataset_parts=["train-clean-100"], output_dir=out, num_jobs=int(jobs))
"""
WATCH = """
import json, resource, subprocess, sys, threading, time
from pathlib import Path

def resident(pid):
    parents, sizes = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                pass
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    for member in family:
        try:
            pss = Path("/proc", str(member), "smaps_rollup").read_text().partition("Pss:")[2].split()[0]
            sizes[member] = int(pss)
        except (OSError, IndexError):
            pass
    return sum(sizes.values())

began = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
peak = 0
while child.poll() is None:
    peak = max(peak, resident(child.pid))
    time.sleep(0.1)
assert child.returncode == 0
print(json.dumps({"seconds": time.monotonic() - began, "peak_mb": peak / 1024}))
"""


def make_corpus(folder: Path, clips: int, sources: list[Path]) -> None:
    """`clips` utterances, 50 to a chapter and 100 to a reader."""
    folder.mkdir(parents=True)
    readers = []
    for first in range(0, clips, 100):
        reader = str(1000 + first // 100)
        readers.append(f"{reader} | {'FM'[first // 100 % 2]} | train-clean-100 | 25 | Reader {reader}")
        for chapter in range(2):
            names = range(first + 50 * chapter, min(clips, first + 50 * chapter + 50))
            if not names:
                continue
            place = folder / "train-clean-100" / reader / str(100_000 + chapter)
            place.mkdir(parents=True)
            lines = []
            for number in names:
                name = f"{reader}-{place.name}-{number % 50:04d}"
                link(sources, number, place / f"{name}.flac")
                word = "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))
                lines.append(f"{name} THE QUICK BROWN FOX JUMPS OVER LAZY DOG NUMBER {word}")
            (place / f"{reader}-{place.name}.trans.txt").write_text("\n".join(lines) + "\n")
    (folder / "SPEAKERS.TXT").write_text(";ID |SEX| SUBSET |MINUTES| NAME\n" + "\n".join(readers) + "\n")


def link(sources: list[Path], number: int, path: Path) -> None:
    """A file has room for some 30,000 names, then it is copied."""
    place = number % len(sources)
    try:
        os.link(sources[place], path)
    except OSError:
        sources[place] = Path(shutil.copy(sources[place], path))


def make_sources(folder: Path, given: Path | None) -> list[Path]:
    folder.mkdir(parents=True)
    if given is not None:
        return [Path(shutil.copy(path, folder)) for path in sorted(given.rglob("*.flac"))]
    paths = []
    for number in range(20):
        noise = np.random.default_rng(number).normal(0, 0.05, 16_000 * (4 + number % 12))
        paths.append(folder / f"{number}.flac")
        soundfile.write(paths[-1], noise, 16_000)
    return paths


def timed(script: str, corpus: Path, work: Path, jobs: int, mode: str) -> tuple[float, float]:
    """Seconds and megabytes."""
    out = work / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.with_name("out.done.json").unlink(missing_ok=True)
    program = work / "program.py"
    program.write_text(script)
    command = [sys.executable, str(program), str(corpus), str(out), str(jobs), mode]
    told = subprocess.run([sys.executable, "-c", WATCH, *command], check=True, capture_output=True, text=True)
    content = json.loads(told.stdout)
    return content["seconds"], content["peak_mb"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--clips", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--from", dest="given", type=Path, help="folder of FLAC files to link to")
    parser.add_argument("--decode", type=int, default=4000, help="clips for the rows that decode the audio")
    parser.add_argument("--work", type=Path, help="where to make the corpora (default: a temporary folder)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.work) as temporary:
        work = Path(temporary)
        sources = make_sources(work / "sources", arguments.given)
        sizes = {"large": arguments.clips, "small": arguments.clips // 10, "decoded": arguments.decode}
        for name, clips in sizes.items():
            make_corpus(work / name, clips, sources)
        rows = [
            ("lhotse, 1 job", LHOTSE, "large", 1, "headers"),
            ("ours, headers, 1 job", OURS, "large", 1, "headers"),
            ("ours, headers, 2 jobs", OURS, "large", 2, "headers"),
            ("ours, headers, 1 job", OURS, "small", 1, "headers"),
            ("ours, headers, 2 jobs", OURS, "small", 2, "headers"),
            ("lhotse, 1 job", LHOTSE, "small", 1, "headers"),
            ("ours, all decoded, 1 job", OURS, "decoded", 1, "full"),
            ("ours, all decoded, 2 jobs", OURS, "decoded", 2, "full"),
        ]
        best: dict[tuple[str, str], tuple[float, float]] = {}
        for _ in range(arguments.rounds):
            for title, script, size, jobs, mode in rows:
                seconds, peak = timed(script, work / size, work, jobs, mode)
                before = best.get((title, size), (float("inf"), 0.0))
                best[title, size] = min(seconds, before[0]), max(peak, before[1])
        peer = sizes["large"] / best["lhotse, 1 job", "large"][0]
        print(f"{'way':<28}{'clips':>9}{'s':>8}{'clips/s':>9}{'x lhotse':>10}{'peak MB':>9}")
        for title, _, size, _, _ in rows:
            seconds, peak = best[title, size]
            rate = sizes[size] / seconds
            print(f"{title:<28}{sizes[size]:>9,}{seconds:>8.1f}{rate:>9,.0f}{rate / peer:>10.2f}{peak:>9.0f}")
        one, two = best["ours, headers, 1 job", "large"], best["ours, headers, 2 jobs", "large"]
        print(f"two jobs: {one[0] / two[0]:.2f} x one job")
        for title, large in (("1 job", one), ("2 jobs", two)):
            small = best[f"ours, headers, {title}", "small"]
            growth = large[1] / small[1] - 1
            print(f"memory from {sizes['small']:,} to {sizes['large']:,} clips, {title}: {growth:+.1%}")


if __name__ == "__main__":
    main()
