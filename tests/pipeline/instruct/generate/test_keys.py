"""Keys of what an LLM wrote tell models apart by what they hold: another of the same name is asked again."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from lhotse import MonoCut, Recording
from lhotse.cut import Cut
from safetensors.torch import load_file, save_file

from cryfish.pipeline.instruct.filters import Llm, filter_file
from cryfish.pipeline.instruct.filters.stage import filter_partition
from cryfish.pipeline.instruct.generate.generate import generate_candidates
from cryfish.pipeline.instruct.generate.stage import generate_partition
from cryfish.pipeline.instruct.llm.llm import open_backend
from cryfish.recipes.kit.facts import with_facts


@pytest.fixture
def writers(tmp_path: Path, tiny_llm: Path) -> tuple[Path, Path]:
    """Two models in folders with the same last name; the second is the first, trained on."""
    first, second = tmp_path / "a" / "writer", tmp_path / "b" / "writer"
    for folder in (first, second):
        shutil.copytree(tiny_llm, folder)
    weights = load_file(second / "model.safetensors")
    changed = {name: value + 0.5 * torch.ones_like(value) for name, value in weights.items()}
    save_file(changed, second / "model.safetensors", metadata={"format": "pt"})
    return first, second


def candidates(path: Path) -> Path:
    record: dict[str, Any] = {
        "id": "0" * 16, "clips": ["c"], "corpus": "esc50", "corpus_description": "Sounds.",
        "facts": {"sound_events": ["rain"]}, "question": "What is heard here?", "answer": "Rain is heard.",
        "language": "en",
    }  # fmt: skip
    path.write_text(json.dumps(record) + "\n")
    return path


def clips() -> list[Cut]:
    recording = Recording(id="r", sources=[], sampling_rate=16000, num_samples=16000, duration=1.0)
    cut = MonoCut(id="c", start=0, duration=1.0, channel=0, recording=recording, custom={"corpus": "esc50"})
    return [with_facts(cut, sound_events=["rain"])]


def generate(writer: Path, out: Path) -> int:
    """How many candidates were new."""
    backend = open_backend("transformers", str(writer), batch_size=1)
    try:
        return generate_candidates(clips(), out, backend, progress=False).new
    finally:
        backend.close()


def test_what_a_model_wrote_is_not_served_for_another_of_its_name(
    tmp_path: Path, writers: tuple[Path, Path]
) -> None:
    out = tmp_path / "out.jsonl"
    made = []
    for writer in (*writers, writers[0]):
        new = generate(writer, out)
        record = json.loads(out.read_text())
        made.append((record["id"], record["model"], new))
    first, second, again = made
    assert first[0] != second[0]
    assert (first[1].partition("@")[0], second[1].partition("@")[0]) == ("writer", "writer")
    assert first[2] == second[2] == 1
    assert again == (first[0], first[1], 0)  # what the first wrote was kept


def test_what_a_model_said_to_a_filter_is_not_served_for_another_of_its_name(
    tmp_path: Path, writers: tuple[Path, Path]
) -> None:
    replies = tmp_path / "replies.jsonl"
    lines = []
    for writer in (*writers, writers[0]):
        filter_file(
            candidates(tmp_path / "in.jsonl"),
            tmp_path / "kept.jsonl",
            tmp_path / "dropped.jsonl",
            [{"blind": {"tries": 1}}],
            seed=0,
            llm=Llm(str(writer), batch_size=1),
            replies=replies,
        )
        lines.append(len(replies.read_text().splitlines()))
    assert lines == [1, 2, 2]


def test_a_stage_is_stale_by_another_model_of_the_name_and_not_by_a_moved_one(
    tmp_path: Path, writers: tuple[Path, Path]
) -> None:
    path = candidates(tmp_path / "in.jsonl")

    def fingerprints(writer: Path) -> list[str]:
        llm = Llm(str(writer))
        judge: list[Any] = [{"judge": {}}]
        generated = generate_partition(
            [], tmp_path / "out.jsonl", llm=str(writer), engine="transformers", url=None, clips=1, per_clip=1,
            batch_size=None, seed=0,
        )  # fmt: skip
        filtered = filter_partition(path, tmp_path / "out", filters=judge, seed=0, llm=llm)
        return [generated.fingerprint(), filtered.fingerprint()]

    first, second = (fingerprints(writer) for writer in writers)
    assert not set(first) & set(second)
    shutil.move(writers[0], tmp_path / "moved" / "writer")
    assert fingerprints(tmp_path / "moved" / "writer") == first


def test_candidates_are_read_again_without_asking_when_reading_was_mended(
    tmp_path: Path, writers: tuple[Path, Path]
) -> None:
    out = tmp_path / "out.jsonl"
    generate(writers[0], out)
    record = json.loads(out.read_text())
    raw = '{"question": "What falls?", "answer": "Rain."} That is all.'
    out.write_text(json.dumps({**record, "raw": raw, "question": "", "answer": ""}) + "\n")
    assert generate(writers[0], out) == 1
    assert json.loads(out.read_text()) == {**record, "raw": raw, "question": "What falls?", "answer": "Rain."}
