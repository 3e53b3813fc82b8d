"""What one core takes for an hour of audio, by format: figures to plan with, measured, not promises.

`speeds.tsv` is what `python benchmarks/formats.py --write` measured: seconds of processor time an hour of audio for
`prepare` (decoded, looked at) and `shard` (decoded, resampled, coded as FLAC, written), by format and sampling rate,
and when and on what. Its row `augmented` says what the stage `augment` takes, under `prepare`, and what a room and
noise on every clip add to `shard`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..recipes.kit.corpus import Corpus

TABLE = Path(__file__).with_name("speeds.tsv")
_AUGMENTED = "augmented"


@dataclass(frozen=True)
class ProcessingSpeed:
    """Seconds of processor time for an hour of audio of a format at a sampling rate (in Hz)."""

    format: str
    rate: int
    prepare: float
    shard: float


@cache
def _measured() -> tuple[ProcessingSpeed, ...]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t")
        return tuple(
            ProcessingSpeed(row["format"], int(row["rate"]), float(row["prepare"]), float(row["shard"]))
            for row in rows
        )


def seconds_per_hour(corpus: Corpus) -> ProcessingSpeed:
    """What an hour of a corpus takes: as measured for its format at the next sampling rate, in proportion to it."""
    rates = [speed for speed in _measured() if speed.format == corpus.format]
    near = min(rates, key=lambda speed: abs(speed.rate - corpus.sampling_rate))
    more = corpus.sampling_rate / near.rate
    return ProcessingSpeed(corpus.format, corpus.sampling_rate, near.prepare * more, near.shard * more)


def augmented_seconds() -> ProcessingSpeed:
    """What the stage `augment` takes for an hour (as `prepare`), and what a room and noise add to its `shard`."""
    return next(speed for speed in _measured() if speed.format == _AUGMENTED)
