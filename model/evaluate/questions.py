"""What an evaluation asks: which examples, with which audio, in which batches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset

from ...errors import InputError
from ...shards import Index, Instruction, read_example, sample_from_json
from ...shards.reader import ShardReader
from ..processor import CryfishProcessor, Prompt
from .results import AUDIO, NO_AUDIO, WRONG_AUDIO


@dataclass(frozen=True)
class AskedExample:
    """An example's instruction, without its audio. `speaker` is whose voice it is, or the clip where nobody's."""

    row: int
    id: str
    speaker: str
    instruction: Instruction

    @property
    def template(self) -> str:
        """Which question it is, where several were worded alike; empty where it was written singly."""
        return str(self.instruction.provenance.get("template", ""))


@dataclass(frozen=True)
class ProbedQuestion:
    """An example under a probe: the clips of the row `heard` are played, or silence as long as they are."""

    asked: AskedExample
    probe: str
    heard: int


def choose(index: Index, limit: int | None, seed: int) -> list[int]:
    """The rows to read: of each task all, or `limit` drawn by the seed."""
    rows: list[int] = []
    for number, task in enumerate(index.tasks):
        of_task = np.flatnonzero(index.task == number)
        if limit is not None and len(of_task) > limit:
            of_task = np.sort(_generator(seed, "choose", task).choice(of_task, limit, replace=False))
        rows.extend(of_task.tolist())
    return rows


def read_asked(index: Index, rows: Sequence[int]) -> tuple[list[AskedExample], list[tuple[int, str]]]:
    """The instructions of rows, and the rows that can't be read, with the reason."""
    found, broken = [], []
    with ShardReader(index.shards) as reader:
        for row in rows:
            key = index.key(row)
            shard = int(index.shard[index.sample[row]])
            where = f"{index.shards[shard].location}: '{key}'"
            try:
                (data,) = reader.read_members(shard, [index.json_span(row)], key)
                sample = sample_from_json(key, json.loads(data), where)
                instruction = sample.instructions[int(index.instruction[row])]
            except InputError as error:
                broken.append((row, str(error)))
            except (ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
                broken.append((row, f"{where} is damaged: {error}"))
            else:
                clip = sample.clips[0]
                speaker = clip.facts.get("speaker")
                cluster = clip.id if speaker is None else f"{clip.corpus}/{speaker}"
                found.append(AskedExample(row, f"{key}/{instruction.id}", cluster, instruction))
    return found, broken


def questions(
    asked: Sequence[AskedExample], probes: Sequence[str], index: Index, seed: int
) -> list[ProbedQuestion]:
    """Every example with its audio, and under each probe.

    `no_audio` plays silence as long as the clips: the prompt keeps its shape, and the model still knows the length.
    `wrong_audio` plays the clips of another example of the task, with another label and as many clips, drawn by the
    seed; an example without such a partner is left out.
    """
    made = [ProbedQuestion(one, AUDIO, one.row) for one in asked]
    if NO_AUDIO in probes:
        made += [ProbedQuestion(one, NO_AUDIO, one.row) for one in asked]
    if WRONG_AUDIO in probes:
        clips = index.clips()
        groups: dict[tuple[str, int], list[AskedExample]] = {}
        for one in asked:
            groups.setdefault((one.instruction.task, int(clips[one.row])), []).append(one)
        for group in groups.values():
            made += _wrong(group, seed)
    return made


def _wrong(group: Sequence[AskedExample], seed: int) -> list[ProbedQuestion]:
    """Examples of one label lie together, so that a draw from all the others is one number."""
    ordered = sorted(group, key=lambda one: (one.instruction.label, one.id))
    made = []
    start = 0
    for _, same in groupby(ordered, key=lambda one: one.instruction.label):
        of_label = list(same)
        others = len(ordered) - len(of_label)
        for one in of_label if others else []:
            place = int(_generator(seed, "wrong", one.id).integers(others))
            partner = ordered[place if place < start else place + len(of_label)]
            made.append(ProbedQuestion(one, WRONG_AUDIO, partner.row))
        start += len(of_label)
    return made


def batches(
    made: Sequence[ProbedQuestion], index: Index, new_tokens: Mapping[str, int], size: int, seconds: float
) -> list[list[ProbedQuestion]]:
    """Questions of near-equal length together, at most `size`, and at most `seconds` of audio with the padding."""
    lengths = index.seconds()
    ordered = sorted(
        made,
        key=lambda one: (
            -new_tokens[one.asked.instruction.kind],
            -lengths[one.heard],
            one.asked.id,
            one.probe,
        ),
    )
    groups: list[list[ProbedQuestion]] = []
    for one in ordered:
        if groups and len(groups[-1]) < size:
            first = groups[-1][0]
            same_kind = new_tokens[first.asked.instruction.kind] == new_tokens[one.asked.instruction.kind]
            if same_kind and (len(groups[-1]) + 1) * lengths[first.heard] <= seconds:
                groups[-1].append(one)
                continue
        groups.append([one])
    return groups


class QuestionBatches(Dataset[Any]):
    """Item i: the questions of batch i that can be read, the processor's batch of them, and the others with reasons."""

    def __init__(
        self, index: Index, groups: Sequence[list[ProbedQuestion]], processor: CryfishProcessor
    ) -> None:
        self.index = index
        self.groups = groups
        self.processor = processor

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(
        self, i: int
    ) -> tuple[list[ProbedQuestion], dict[str, torch.Tensor] | None, list[tuple[ProbedQuestion, str]]]:
        readable, prompts, broken = [], [], []
        for question in self.groups[i]:
            try:
                audio = read_example(self.index, question.heard).audio
                if question.probe == NO_AUDIO:
                    audio = [np.zeros_like(clip) for clip in audio]
                prompt = Prompt(question.asked.instruction.question, audio)
                self.processor([prompt])  # a prompt that can't be laid out must not cost the whole batch
            except InputError as error:
                broken.append((question, str(error)))
            else:
                readable.append(question)
                prompts.append(prompt)
        return readable, self.processor(prompts) if prompts else None, broken


def _generator(seed: int, purpose: str, name: str) -> np.random.Generator:
    digest = hashlib.sha256(f"evaluate:{seed}:{purpose}:{name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))
