"""What an hour of audio costs one core in `prepare` and `shard`, by format: what `cryfish plan` reckons with.

    python benchmarks/formats.py --from LibriSpeech --noise ESC-50-master --write

The speech of `--from` (FLAC files; else noise that comes and goes) is coded in every format, in one set of clips and in
a set several times as large; the stages of a config run on both in this process, and what is told is the processor time
that the larger set takes more, for each hour that it is longer: so what a run takes at its start doesn't count. The
best of the rounds. With `--noise` (a folder of ESC-50) the row `augmented` says what the stage `augment` takes (under
`prepare`) and what a room and noise on every clip add to `shard`. `--write` puts the table in pipeline/speeds.tsv.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile
from scipy.signal import resample_poly

from cryfish.pipeline.config import parse_config
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.run import run
from cryfish.pipeline.speeds import TABLE
from cryfish.recipes import fsdd
from cryfish.recipes.kit.corpus import Clip
from cryfish.seams import use_plugins

RATE = 16_000
FORMATS = (
    ("wav", 16_000),
    ("wav", 44_100),
    ("flac", 16_000),
    ("flac", 48_000),
    ("mp3", 16_000),
    ("mp3", 48_000),
    ("opus", 16_000),
    ("vorbis", 16_000),
    ("vorbis", 44_100),
    ("aac", 16_000),
    ("aac", 44_100),
    ("sphere", 16_000),
)
SUFFIXES = {"vorbis": "ogg", "aac": "m4a", "sphere": "sph"}
NAME = "bench"
CORPUS = replace(fsdd.CORPUS, name=NAME, layout=("clip-*",), optional=(), listed=())
STAGES = ("prepare", "rirs", "augment", "template", "shard")


def write(path: Path, samples: np.ndarray, rate: int, kind: str) -> None:
    """One channel of float32 in a format."""
    if kind == "aac":
        with av.open(str(path), "w", format="mp4") as container:
            stream = container.add_stream("aac", rate=rate, layout="mono")
            frame = av.AudioFrame.from_ndarray(samples[None].astype(np.float32), format="fltp", layout="mono")
            frame.sample_rate = rate
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                container.mux(packet)
    elif kind == "sphere":
        fields = {"sample_rate": rate, "channel_count": 1, "sample_n_bytes": 2, "sample_count": len(samples)}
        lines = [f"{name} -i {value}" for name, value in fields.items()]
        lines += ["sample_byte_format -s2 01", "sample_coding -s3 pcm", "sample_sig_bits -i 16", "end_head"]
        header = "\n".join(["NIST_1A", "   1024", *lines, ""]).encode().ljust(1024)
        path.write_bytes(header + (samples * 32767).round().astype("<i2").tobytes())
    else:
        packed, subtype = {
            "wav": ("WAV", "PCM_16"),
            "flac": ("FLAC", "PCM_16"),
            "mp3": ("MP3", None),
            "opus": ("OGG", "OPUS"),
            "vorbis": ("OGG", "VORBIS"),
        }[kind]
        soundfile.write(path, samples, rate, format=packed, subtype=subtype)


def make(folder: Path, sources: list[np.ndarray], rate: int, kind: str, copies: int) -> float:
    """A corpus of every source so many times; returns its hours."""
    folder.mkdir(parents=True)
    suffix = SUFFIXES.get(kind, kind)
    for number, samples in enumerate(sources):
        wide = samples if rate == RATE else resample_poly(samples, rate // 100, RATE // 100)
        first = folder / f"clip-{number}-0.{suffix}"
        write(first, np.clip(wide, -1, 1), rate, kind)
        for copy in range(1, copies):
            shutil.copy(first, folder / f"clip-{number}-{copy}.{suffix}")
    return copies * sum(len(samples) for samples in sources) / RATE / 3600


def clips(folder: Path) -> Iterator[Clip]:
    """Every file, with what a corpus of speech tells."""
    for path in sorted(folder.iterdir()):
        speaker = path.stem.split("-")[1]
        facts = {"text": "a sentence", "language": "en", "speaker": speaker, "gender": "female"}
        yield Clip(path.stem, "train", path.relative_to(folder), facts)


@dataclass
class Cost:
    """Seconds of processor time by stage."""

    stages: dict[str, float]

    @staticmethod
    def of(content: dict[str, Any], base: Path) -> Cost:
        config = parse_config(content, base / "config.yaml")
        told: dict[str, float] = {}
        with (
            Engine(1) as engine,
            Path(os.devnull).open("w") as nowhere,
            redirect_stderr(nowhere),
            redirect_stdout(nowhere),
        ):
            for stage in STAGES:
                began = time.process_time()
                run(config, base, engine, until=stage)
                told[stage] = time.process_time() - began
        return Cost(told)


def config_of(work: Path, corpus: Path, noise: Path | None) -> dict[str, Any]:
    content: dict[str, Any] = {
        "name": "bench",
        "work": str(work),
        "corpora": {NAME: {"dir": str(corpus)}},
        "instruct": {"template": {"tasks": {"asr": "all"}}, "filter": []},
    }
    if noise is not None:
        content["corpora"]["esc50"] = {"dir": str(noise), "max_bad": 1}
        content["rirs"] = {"rooms": 20, "distances": 2}
        content["augment"] = [
            {"room": {"share": 1.0, "bank": "rirs", "distances": 2}},
            {"noise": {"share": 1.0, "from": ["esc50"], "snr_db": {"uniform": [0, 20]}}},
        ]
    return content


def slope(
    sources: list[np.ndarray], rate: int, kind: str, sizes: tuple[int, int], rounds: int, noise: Path | None
) -> Callable[[str], float]:
    """Stage -> seconds of processor time for each hour more."""
    best: dict[tuple[int, str], float] = {}
    hours: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        for size in sizes:
            hours[size] = make(base / f"{kind}-{size}", sources, rate, kind, size)
        for turn in range(rounds):
            for size in sizes:
                work = base / f"work-{size}-{turn}"
                cost = Cost.of(config_of(work, base / f"{kind}-{size}", noise), base)
                for stage, seconds in cost.stages.items():
                    best[size, stage] = min(seconds, best.get((size, stage), float("inf")))
                shutil.rmtree(work)
    small, large = sizes
    return lambda stage: (best[large, stage] - best[small, stage]) / (hours[large] - hours[small])


def speech(given: Path | None) -> Iterator[np.ndarray]:
    if given is not None:
        for path in sorted(given.rglob("*.flac")):
            yield soundfile.read(path, dtype="float32")[0]
        return
    for number in range(60):
        noise = np.random.default_rng(number).normal(0, 0.05, RATE * (4 + number % 7)).astype(np.float32)
        yield noise * (np.sin(np.arange(len(noise)) / RATE * 6) > 0)


def machine() -> str:
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        name = lines[0].partition(":")[2].strip() if lines else name
    return f"{datetime.now(UTC):%Y-%m-%d}, {name}, Python {platform.python_version()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--from", dest="given", type=Path, help="folder of FLAC files of speech")
    parser.add_argument("--noise", type=Path, help="folder of ESC-50, for the row `augmented`")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--copies", type=int, nargs=2, default=(1, 9), help="how often each file is in the sets"
    )
    parser.add_argument("--write", action="store_true", help="put the table in pipeline/speeds.tsv")
    arguments = parser.parse_args()
    sources = list(speech(arguments.given))
    # The corpus that this file declares.
    use_plugins([Path(__file__)])
    sizes = (arguments.copies[0], arguments.copies[1])
    told = machine()
    slope(
        sources[:5], RATE, "wav", (1, 2), 1, None
    )  # what is imported and compiled on the way isn't measured
    rows = ["format\trate\tprepare\tshard\tmeasured"]
    plain = 0.0
    for kind, rate in FORMATS:
        cost = slope(sources, rate, kind, sizes, arguments.rounds, None)
        plain = cost("shard") if (kind, rate) == ("wav", RATE) else plain
        rows.append(f"{kind}\t{rate}\t{cost('prepare'):.2f}\t{cost('shard'):.2f}\t{told}")
        print(rows[-1], flush=True)
    if arguments.noise is not None:
        cost = slope(sources, RATE, "wav", sizes, arguments.rounds, arguments.noise.resolve())
        rows.append(f"augmented\t{RATE}\t{cost('augment'):.2f}\t{cost('shard') - plain:.2f}\t{told}")
        print(rows[-1], flush=True)
    if arguments.write:
        TABLE.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
        print(f"written: {TABLE}", file=sys.stderr)


if __name__ == "__main__":
    main()
