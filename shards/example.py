"""Reads one example: its clips and one instruction about them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from .audio import checked_header, decode_flac
from .index import Index
from .reader import ShardReader
from .sample import ClipRecord, Instruction, sample_from_json

_FIX = "look with `cryfish verify`, then write or copy the shard again"


class BrokenSample(InputError):
    """A member that can't be read. Seen through a DataLoader's workers it still is one sentence."""

    def __init__(self, message: str) -> None:
        # torch raises a worker's exception again with the traceback's text as its message.
        super().__init__(message.rsplit(f"{type(self).__name__}: ", 1)[-1].strip())


@dataclass(frozen=True)
class Example:
    """One instruction and its clips; `audio` has float32 [T] at 16 kHz per clip."""

    key: str
    clips: tuple[ClipRecord, ...]
    instruction: Instruction
    audio: list[np.ndarray]


def read_example(index: Index, row: int) -> Example:
    """Reads one example by itself, for looking at and for evaluating.

    Raises:
        InputError: a member is truncated or corrupted; names the shard and the key.
    """
    if not 0 <= row < len(index):
        raise IndexError(f"row {row} of {len(index)}")
    with ShardReader(index.shards) as reader:
        return read_with(reader, index, row)


def read_with(reader: ShardReader, index: Index, row: int) -> Example:
    shard, key = int(index.shard[index.sample[row]]), index.key(row)
    where = f"{index.shards[shard].location}: '{key}'"
    clip_spans = index.clip_spans(row)
    try:
        members = reader.read_members(shard, [*(span for span, _ in clip_spans), index.json_span(row)], key)
        audio = [_decoded(flac, frames) for flac, (_, frames) in zip(members[:-1], clip_spans, strict=True)]
        record: Any = json.loads(members[-1])
        if not isinstance(record, dict):
            raise ValueError("its JSON is not an object")
        sample = sample_from_json(key, record, where)
        instruction = sample.instructions[int(index.instruction[row])]
    except InputError as error:
        raise BrokenSample(str(error)) from error
    except IndexError as error:
        raise BrokenSample(f"{where} has fewer instructions than its index says; {_FIX}") from error
    except (ValueError, RecursionError) as error:
        raise BrokenSample(f"{where} is damaged: {error}; {_FIX}") from error
    if len(sample.clips) != len(audio):
        raise BrokenSample(f"{where} has {len(audio)} FLAC members for {len(sample.clips)} clips; {_FIX}")
    return Example(key, sample.clips, instruction, audio)


def _decoded(flac: bytes, frames: int) -> np.ndarray:
    """Checks the length first: a stranger's header may claim more than memory holds."""
    if (found := checked_header(flac).frames) != frames:
        raise ValueError(f"{found} audio samples where the index says {frames}")
    return decode_flac(flac)
