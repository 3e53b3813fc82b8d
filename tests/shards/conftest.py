"""Small made-up samples: tones of different lengths, each with a few instructions."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from cryfish.shards import ClipRecord, EncodedSample, Instruction, Sample, encode_flac, write_shard
from cryfish.shards.index_file import IndexHeader, index_text

MakeSamples = Callable[..., Iterator[EncodedSample]]


def tone(number: int, seconds: float) -> np.ndarray:
    time = np.arange(round(seconds * 16_000)) / 16_000
    return (0.5 * np.sin(2 * np.pi * (100 + number) * time)).astype(np.float32)


def make_samples(
    count: int, *, clips: int = 1, first: int = 0, instructions: int = 3
) -> Iterator[EncodedSample]:
    for number in range(first, first + count):
        seconds = [0.125 + 0.0625 * ((number * 7 + clip) % 23) for clip in range(clips)]
        ids = tuple(f"clip-{number}-{clip}" for clip in range(clips))
        records = tuple(
            ClipRecord(name, length, "tones", {"language": "en", "snr_db": 3.5})
            for name, length in zip(ids, seconds, strict=True)
        )
        asked = tuple(
            Instruction(
                id=f"{number:08x}{row:08x}",
                clips=ids,
                task=("asr", "gender")[row % 2],
                kind="text",
                question="What is said? " + "é" * (number % 9),
                answer="Nothing.",
                label="nothing",
                language="en",
                origin="generated" if row == 2 else "template",
                provenance={"template": "asr/en/1", "seed": 7},
            )
            for row in range(instructions)
        )
        flac = tuple(encode_flac(tone(number + clip, length)) for clip, length in enumerate(seconds))
        yield EncodedSample(Sample(f"sample-{number:04d}", records, asked, {"cryfish": "test"}), flac)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between attempts over the network."""
    monkeypatch.setattr("cryfish.shards.storage._FIRST_WAIT", 0.005)


@pytest.fixture
def samples() -> MakeSamples:
    return make_samples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four shards of six samples with three instructions: 72 examples."""
    out = tmp_path / "shards"
    for number in range(4):
        write_shard(out / f"clips1-{number:06d}.tar", make_samples(6, first=6 * number))
    return out


def signed(lines: Sequence[str]) -> str:
    """An index whose own digest is right, whatever its lines say: a stranger's, not a damaged one."""
    header = json.loads(lines[0])
    del header["format"], header["index_sha256"]
    return "".join(index_text(IndexHeader(**header), [f"{line}\n" for line in lines[1:]]))


def before_digests(folder: Path) -> None:
    """Puts the indexes of a folder into the form they had before they held digests."""
    for path in folder.glob("*.idx.jsonl"):
        header, *rows = map(json.loads, path.read_text().splitlines())
        header = {name: header[name] for name in ("tar", "bytes", "samples", "examples")}
        lines = [{"format": 1, **header}]
        lines += [
            {**row, "json": row["json"][:2], "clips": [clip[:3] for clip in row["clips"]]} for row in rows
        ]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
