"""CryFish's annotation format, out and in again."""

import json
import re
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from cryfish.errors import InputError
from cryfish.pipeline.audio.manifests import read_cuts
from cryfish.pipeline.cli.cli import cryfish
from cryfish.pipeline.instruct.audit.audit import audit
from cryfish.pipeline.instruct.formats import annotation
from cryfish.pipeline.instruct.formats.annotation import read_annotation, write_annotation
from cryfish.pipeline.instruct.formats.annotation_import import import_annotation
from cryfish.pipeline.instruct.formats.export import export
from cryfish.pipeline.instruct.formats.taxonomy import OTHER, taxonomy_of
from cryfish.pipeline.instruct.jsonl import read_instructions
from cryfish.pipeline.instruct.tasks.tasks import TASKS
from cryfish.shards.sample import Instruction


def run(*command: object) -> None:
    cryfish([str(part) for part in command], standalone_mode=False)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("annotation")


@pytest.fixture(scope="module")
def digits(corpora: Path, work: Path) -> Path:
    """The manifest of a few prepared clips."""
    run("prepare", "fsdd", corpora / "digits", work / "fsdd", "--jobs", 1)
    return work / "fsdd" / "train.cuts.jsonl.gz"


@pytest.fixture(scope="module")
def asked(digits: Path, work: Path) -> Path:
    """Instructions about them: of one clip, and of two."""
    path = work / "asked.jsonl"
    tasks = ("--task", "gender=6", "--task", "asr=4", "--task", "speaker_verification=4")
    run("instruct", "template", digits, *tasks, "--out", path)
    return path


@pytest.fixture(scope="module")
def shards(digits: Path, asked: Path, work: Path) -> Path:
    run("shard", digits, "--instructions", asked, "--out", work / "shards", "--jobs", 1)
    return work / "shards"


def by_id(path: Path) -> dict[str, Instruction]:
    return {item.id: item for item in read_instructions(path)}


def test_from_manifests_and_back(digits: Path, asked: Path, tmp_path: Path) -> None:
    report = export([asked], "cryfish", tmp_path / "out", [digits])
    assert report.instructions == 14
    content = json.loads(report.path.read_text())
    assert list(content) == ["annotation"]
    record = next(one for one in content["annotation"] if one["task"] == "gender")
    assert set(record) == {"paths", "task", "Q", "text", "db_name", "taxonomy", "cryfish"}
    assert Path(record["paths"][0]).is_file()
    assert record["db_name"] == "fsdd"
    assert record["taxonomy"] == "Speech/Speaker and Language/gender"
    back = tmp_path / "back" / "train.jsonl"
    imported = import_annotation(report.path, back)
    assert (imported.instructions, imported.quarantined) == (14, 0)
    assert by_id(back) == by_id(asked)
    original = {cut.id: cut for cut in read_cuts(digits)}
    cuts = list(read_cuts(imported.manifest))
    assert {cut.id for cut in cuts} == {clip for item in by_id(asked).values() for clip in item.clips}
    for cut in cuts:
        assert np.array_equal(cut.load_audio(), original[cut.id].load_audio())


def test_from_shards_and_back(shards: Path, asked: Path, tmp_path: Path) -> None:
    report = export([shards], "cryfish", tmp_path / "out")
    content = json.loads(report.path.read_text())["annotation"]
    pair = next(one for one in content if one["task"] == "speaker_verification")
    assert len(pair["paths"]) == 2
    for path in pair["paths"]:
        samples, rate = soundfile.read(path)
        assert rate == 16_000
        assert len(samples)
    members = []
    for tar in shards.glob("*.tar"):
        with tarfile.open(tar) as opened:
            members += [name for name in opened.getnames() if name.endswith(".flac")]
    assert sorted(path.name for path in (tmp_path / "out" / "audio").glob("[!.]*")) == sorted(members)
    assert report.audio == len(members)


def test_shards_are_audited_as_their_instructions_are(shards: Path, asked: Path) -> None:
    in_shards, in_file = audit([shards]), audit([asked])
    assert in_shards.tasks == in_file.tasks
    assert list(in_shards.tasks[0].corpora) == ["fsdd"]


def test_what_was_imported_goes_into_shards(digits: Path, asked: Path, tmp_path: Path) -> None:
    report = export([asked], "cryfish", tmp_path / "out", [digits])
    back = tmp_path / "train.jsonl"
    imported = import_annotation(report.path, back)
    shards = tmp_path / "again"
    run("shard", imported.manifest, "--instructions", back, "--out", shards, "--jobs", 1)
    again = export([shards], "cryfish", tmp_path / "out2")
    assert again.instructions == 14


Write = Callable[..., Path]


@pytest.fixture
def published(tmp_path: Path) -> Write:
    """Writes an annotation as others would, with two recordings beside it; keyword arguments replace fields."""

    def write(count: int = 2, **changes: Any) -> Path:
        for name in ("a", "b"):
            soundfile.write(tmp_path / f"{name}.wav", 0.1 * np.ones(1600), 16_000)
        record = {
            "paths": ["a.wav"],
            "task": "QA",
            "Q": "Was ist zu hören?",
            "text": "Ein Hund.",
            "db_name": "Some Corpus",
            "taxonomy": "audio",
        }
        records = [{**record, **changes} for _ in range(count)]
        path = tmp_path / "annotation.json"
        path.write_text(json.dumps({"annotation": records}), encoding="utf-8")
        return path

    return write


def test_a_published_annotation(published: Write, tmp_path: Path) -> None:
    path = published(paths=["a.wav", "b.wav"], Q="<audio> oder <audio>, welches ist lauter?")
    out = tmp_path / "train.jsonl"
    report = import_annotation(path, out)
    assert (report.instructions, report.clips) == (2, 2)
    one, other = read_instructions(out)
    assert one.id != other.id
    assert (one.answer, one.label, one.kind, one.language) == ("Ein Hund.", "Ein Hund.", "text", "de")
    cuts = list(read_cuts(report.manifest))
    assert one.clips == tuple(cut.id for cut in cuts)
    assert cuts[0].custom["corpus"] == "Some_Corpus"
    assert cuts[0].duration == pytest.approx(0.1)
    before = out.read_bytes(), report.manifest.read_bytes()
    import_annotation(path, out)
    assert before == (out.read_bytes(), report.manifest.read_bytes())


def test_audio_that_is_missing_goes_to_the_quarantine(published: Write, tmp_path: Path) -> None:
    path = published(count=1)
    content = json.loads(path.read_text())
    content["annotation"].append({**content["annotation"][0], "paths": ["a.wav", "gone.wav"]})
    path.write_text(json.dumps(content))
    out = tmp_path / "train.jsonl"
    report = import_annotation(path, out)
    assert (report.instructions, report.left_out, report.quarantined) == (1, 1, 1)
    assert "gone.wav" in report.quarantine.read_text()
    with pytest.raises(InputError, match=r"none of its 1 audio files can be used.*gone.wav.*--audio-root"):
        import_annotation(published(paths=["gone.wav"]), out)
    (tmp_path / "moved").mkdir()
    (tmp_path / "a.wav").rename(tmp_path / "moved" / "c.wav")
    report = import_annotation(published(paths=["c.wav"]), out, tmp_path / "moved")
    assert report.instructions == 2
    assert not report.quarantine.exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"paths": []}, "annotation 1: field 'paths' must be a list of audio files, found []"),
        ({"paths": "a.wav"}, "annotation 1: field 'paths' must be a list"),
        ({"text": None}, "annotation 1: field 'text' must be a text, found None"),
        ({"Q": " "}, "annotation 1: field 'Q' must be a text"),
        ({"Q": "<audio> <audio>?"}, "annotation 1: field 'Q' has 2 <audio> for 1 paths"),
        ({"cryfish": {"id": "x"}}, "annotation 1: instruction field"),
    ],
)
def test_broken_records_are_told(
    published: Write, tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        import_annotation(published(**changes), tmp_path / "train.jsonl")
    assert not (tmp_path / "train.jsonl").exists()
    assert not (tmp_path / "train.cuts.jsonl.gz").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "must be a JSON object with the key 'annotation'"),
        ("[]", "must be a JSON object with the key 'annotation'"),
        ("{}", "lacks the key 'annotation'"),
        ('{"a": [1, 2], "b": 3}', "lacks the key 'annotation'"),
        ('{"annotation": {}}', "must hold a list under the key 'annotation'"),
        ('{"annotation": [{"paths": ["a"', "holds no whole JSON at annotation 1; was it cut short?"),
        ('{"annotation": [] ', "ends before its closing brace"),
        ('{"annotation": []} {}', "holds more than one JSON object"),
        ('{"annotation": [7]}', "annotation 1 must be an object"),
        ('{"annotation": ' + "[" * 100_000, "at annotation 1"),
    ],
)
def test_broken_files_are_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "annotation.json"
    path.write_text(text)
    with pytest.raises(InputError, match=re.escape(told)) as raised:
        list(read_annotation(path))
    assert str(path) in str(raised.value)


def test_a_file_is_read_whatever_its_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [
        {
            "paths": ["a.wav"],
            "task": "t",
            "Q": f"Ein „Zitat“ \\ {n} 是?",
            "text": "x" * (n % 50),
            "db_name": "d",
        }
        for n in range(1, 40)
    ]
    path = tmp_path / "annotation.json"
    write_annotation(path, records)
    text = path.read_text().replace("{", '{"version": 12345, "meta": {"annotation": []}, ', 1)
    path.write_text("\ufeff" + text)
    for block in (1, 7, 1 << 20):
        monkeypatch.setattr(annotation, "_BLOCK", block)
        found = [record for _, record in read_annotation(path)]
        assert [record["Q"] for record in found] == [record["Q"] for record in records]


def test_every_task_has_its_place() -> None:
    for task in TASKS.all():
        assert taxonomy_of(task).count("/") == 2
        assert taxonomy_of(task).endswith(f"/{task}")
        assert not taxonomy_of(task).startswith(OTHER)
    assert taxonomy_of("open_qa") == f"{OTHER}/open_qa"


def test_the_commands(digits: Path, asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    run("instruct", "export", asked, "--format", "cryfish", "--manifest", digits, "--out", out)
    assert "14 instructions" in capsys.readouterr().out
    back = tmp_path / "back.jsonl"
    run("instruct", "import", out / "annotation.json", "--out", back)
    assert f"{back}: 14 instructions; {tmp_path / 'back.cuts.jsonl.gz'}" in capsys.readouterr().out
