"""Chat records as other toolkits read them."""

import json
import re
from pathlib import Path

import datasets
import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording

from cryfish.errors import InputError
from cryfish.pipeline.audio.manifests import write_cuts
from cryfish.pipeline.cli.cli import cryfish
from cryfish.pipeline.instruct.formats.chat_format import chat_record
from cryfish.pipeline.instruct.formats.export import export
from cryfish.pipeline.instruct.jsonl import write_instructions
from cryfish.shards.sample import Instruction

MARKER = "<audio>"


def item(question: str, clips: int = 1, answer: str = "Same.", number: int = 0) -> Instruction:
    names = tuple(f"c{clip}" for clip in range(clips))
    return Instruction(f"{number:016x}", names, "t", "text", question, answer, answer, "en", "template")


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Two whole recordings `c0`, `c1`, a stretch of one `part`, and one of two channels `stereo`."""
    cuts = []
    for name, channels in (("c0", 1), ("c1", 1), ("stereo", 2)):
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, np.zeros((1600, channels)), 16_000)
        recording = Recording.from_file(path, recording_id=name)
        cuts.append(MonoCut(name, 0, recording.duration, 0, recording=recording))
    cuts.append(MonoCut("part", 0.02, 0.05, 0, recording=cuts[0].recording))
    write_cuts(tmp_path / "some.cuts.jsonl.gz", cuts)
    return tmp_path / "some.cuts.jsonl.gz"


def test_the_markers_are_as_many_as_the_clips() -> None:
    record = chat_record(item("Who is it?"), ["a.wav"])
    assert record == {
        "messages": [
            {"role": "user", "content": "<audio>Who is it?"},
            {"role": "assistant", "content": "Same."},
        ],
        "audios": ["a.wav"],
    }
    two = chat_record(item("Is <audio> louder than <audio>?", clips=2), ["a", "b"])
    assert two["messages"][0]["content"] == "Is <audio> louder than <audio>?"
    assert chat_record(item("Same?", clips=2), ["a", "b"])["messages"][0]["content"] == "<audio><audio>Same?"


@pytest.mark.parametrize("place", ["<audio>", "<image>", "<video>", "<au<audio>dio>", "<im<audio>age>"])
def test_no_text_adds_a_place_of_media(place: str) -> None:
    """Readers count these in all messages, and refuse the record or go astray."""
    record = chat_record(item("What is said?", answer=f"He says {place}."), ["a.wav"])
    text = json.dumps(record["messages"])
    assert text.count(MARKER) == 1
    assert not re.search("<(image|video)>", text)


def test_too_many_or_too_few_markers_are_told() -> None:
    for question, clips in (("<audio> and <audio>?", 1), ("<audio>?", 2)):
        with pytest.raises(InputError, match=r"instruction 0+: its question has \d <audio> for \d clips"):
            chat_record(item(question, clips), ["a.wav"] * clips)


def test_swift(manifest: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    write_instructions(asked, [item("One?", number=1), item("Two?", clips=2, number=2)])
    report = export([asked], "swift", tmp_path / "out", [manifest])
    assert report.path == tmp_path / "out" / "instructions.jsonl"
    rows = datasets.Dataset.from_json(str(report.path), cache_dir=str(tmp_path / "cache"))
    assert rows.column_names == ["messages", "audios"]
    for row in rows:
        assert sum(message["content"].count(MARKER) for message in row["messages"]) == len(row["audios"])
        assert all(Path(path).is_absolute() and Path(path).is_file() for path in row["audios"])


def test_llama_factory(corpora: Path, tmp_path: Path) -> None:
    """As LLaMA-Factory reads it: the description names the file and columns, paths start at its folder."""
    digits, shards, asked = tmp_path / "fsdd", tmp_path / "shards", tmp_path / "asked.jsonl"
    made = digits / "train.cuts.jsonl.gz"
    for command in (
        ["prepare", "fsdd", corpora / "digits", digits, "--jobs", 1],
        ["instruct", "template", made, "--task", "asr=5", "--task", "speaker_verification=2", "--out", asked],
        ["shard", made, "--instructions", asked, "--out", shards, "--jobs", 1],
        ["instruct", "export", shards, "--format", "llama-factory", "--out", tmp_path / "out"],
    ):
        cryfish([str(part) for part in command], standalone_mode=False)
    folder = (tmp_path / "out").rename(tmp_path / "moved")
    ((_, described),) = json.loads((folder / "dataset_info.json").read_text()).items()
    assert described["formatting"] == "sharegpt"
    rows = [json.loads(line) for line in (folder / described["file_name"]).read_text().splitlines()]
    assert len(rows) == 7
    tags, columns = described["tags"], described["columns"]
    for row in rows:
        first, second = row[columns["messages"]]
        assert (first[tags["role_tag"]], second[tags["role_tag"]]) == (
            tags["user_tag"],
            tags["assistant_tag"],
        )
        assert first[tags["content_tag"]].count(MARKER) == len(row[columns["audios"]])
        for path in row[columns["audios"]]:
            samples, rate = soundfile.read(folder / path)
            assert rate == 16_000
            assert len(samples)


def test_what_cannot_be_exported_is_told(manifest: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    write_instructions(asked, [item("One?")])
    with pytest.raises(InputError, match="name the cut manifests with --manifest"):
        export([asked], "swift", tmp_path / "out")
    for clip, told in (
        ("gone", "clip 'gone', which is in no manifest"),
        ("part", "clip 'part' isn't a whole recording"),
        ("stereo", "clip 'stereo' isn't a whole recording"),
    ):
        write_instructions(
            asked, [Instruction("1", (clip,), "t", "text", "Q?", "A.", "A.", "en", "template")]
        )
        with pytest.raises(InputError, match=told):
            export([asked], "swift", tmp_path / "out", [manifest])
    assert not (tmp_path / "out" / "instructions.jsonl").exists()
