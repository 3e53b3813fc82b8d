import json
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest

from cryfish.errors import InputError
from cryfish.shards import open_index, read_example, select

from .conftest import before_digests, signed

Change = Callable[[list[str]], list[str]]


def test_rows_follow_the_names_of_the_shards(folder: Path) -> None:
    index = open_index([folder])
    assert len(index) == 72
    assert [index.key(row) for row in (0, 2, 3, 71)] == [f"sample-{n:04d}" for n in (0, 0, 1, 23)]
    assert index.tasks == ("asr", "gender")
    assert index.clips().tolist() == [1] * 72
    assert index.shard_of().tolist() == [number for number in range(4) for _ in range(18)]
    question_bytes = len(("What is said? " + "é" * 5).encode())
    assert index.text_bytes[15] == question_bytes + len("Nothing.")


def test_several_sources_follow_each_other(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    folder.rename(other)
    filesystem = fsspec.filesystem("memory")
    filesystem.put(f"{other}/", "/several/", recursive=True)
    index = open_index([other, "memory://several"])
    assert len(index) == 144
    assert index.key(0) == index.key(72)


def test_select_keeps_rows_of_a_task_and_an_origin(folder: Path) -> None:
    index = open_index([folder])
    assert len(select(index, tasks=["gender"])) == 24
    generated = select(index, tasks=["asr"], origin="generated")
    assert len(generated) == 24
    assert generated.instruction.tolist() == [2] * 24
    assert generated.key(1) == "sample-0001"
    with pytest.raises(InputError, match="'emotion'; the shards hold asr, gender"):
        select(index, tasks=["emotion"])
    with pytest.raises(InputError, match="one of template, generated"):
        select(index, origin="human")


def test_a_missing_index_or_tar_is_named(folder: Path) -> None:
    index = folder / "clips1-000002.idx.jsonl"
    text = index.read_text()
    index.unlink()
    with pytest.raises(InputError, match=r"clips1-000002\.tar: no index .*verify --rebuild"):
        open_index([folder])
    index.write_text(text)
    (folder / "clips1-000002.tar").unlink()
    with pytest.raises(InputError, match=r"clips1-000002\.tar: the index is here but the tar is not"):
        open_index([folder])


def test_a_tar_of_another_size_is_named(folder: Path) -> None:
    tar = folder / "clips1-000001.tar"
    tar.write_bytes(tar.read_bytes()[:-512])
    with pytest.raises(InputError, match=r"clips1-000001\.tar: \d+ bytes, but its index .*cryfish verify"):
        open_index([folder])


def edited(**fields: object) -> Change:
    return lambda lines: [lines[0], json.dumps({**json.loads(lines[1]), **fields}), *lines[2:]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: lines[:-1], "17 examples, the first line says 18"),
        (lambda lines: lines[1:], "first line is not an index header"),
        (lambda lines: [], "first line is not an index header"),
        (lambda lines: [lines[0].replace('"format": 2', '"format": 9'), *lines[1:]], "index format 9"),
        (lambda lines: [lines[0], lines[1][:20], *lines[2:]], "it is not what was written"),
        (lambda lines: [lines[0].replace('"sha256": "', '"sha256": "0'), *lines[1:]], "not what was written"),
        (lambda lines: [lines[0].replace("sha256", "sha265"), *lines[1:]], "not an index header"),
    ],
)
def test_a_damaged_index_is_one_sentence(folder: Path, change: Change, words: str) -> None:
    path = folder / "clips1-000001.idx.jsonl"
    path.write_text("\n".join([*change(path.read_text().splitlines()), ""]))
    with pytest.raises(InputError, match=rf"clips1-000001\.idx\.jsonl: .*{words}.*verify --rebuild"):
        open_index([folder])


@pytest.mark.parametrize("digests", [True, False])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: [lines[0], lines[1][:20], *lines[2:]], "line 2 is not JSON"),
        (lambda lines: [lines[0].replace("000001", "000002"), *lines[1:]], "it is the index of"),
        (
            lambda lines: [lines[0].replace('"samples": 6', '"samples": 7'), *lines[1:]],
            "6 samples, .* says 7",
        ),
        (edited(json=[0, 10**12, 0]), "line 2 is malformed .*outside the tar"),
        (edited(json=[-5, 10, 0]), "line 2 is malformed .*outside the tar"),
        (edited(json=7), "line 2 is malformed"),
        (edited(json=[]), "line 2 is malformed"),
        (edited(clips=[]), "line 2 is malformed .*no clips"),
        (edited(clips=[[0, 512, -1.0, 0]]), "line 2 is malformed"),
        (edited(clips=[[0, 512, float("inf"), 0]]), "line 2 is malformed"),
        (edited(row=-1), "line 2 is malformed"),
        (edited(row=2**40), "line 2 is malformed"),
        (edited(origin="human"), "line 2 is malformed"),
        (edited(task=["asr"]), "line 2 is malformed"),
        (edited(key=None), "line 2 is malformed"),
        (lambda lines: [lines[0], "[]", *lines[2:]], "line 2 is malformed"),
    ],
)
def test_a_strangers_index_is_one_sentence(folder: Path, change: Change, words: str, digests: bool) -> None:
    path = folder / "clips1-000001.idx.jsonl"
    if digests:
        path.write_text(signed(change(path.read_text().splitlines())))
    else:
        before_digests(folder)
        path.write_text("\n".join([*change(path.read_text().splitlines()), ""]))
    with pytest.raises(InputError, match=rf"clips1-000001\.idx\.jsonl: .*{words}"):
        open_index([folder])


@pytest.mark.parametrize(
    "change", [{"json": [512, 10]}, {"clips": [[0, 512, 1.0]]}, {"json": [512, 10, 2**33]}]
)
def test_a_strangers_index_without_its_digests_is_one_sentence(
    folder: Path, change: dict[str, object]
) -> None:
    path = folder / "clips1-000001.idx.jsonl"
    path.write_text(signed(edited(**change)(path.read_text().splitlines())))
    with pytest.raises(InputError, match=r"clips1-000001\.idx\.jsonl: line 2 is malformed"):
        open_index([folder])


def test_an_index_from_before_digests_is_read_as_ever(folder: Path) -> None:
    new = open_index([folder])
    before_digests(folder)
    old = open_index([folder])
    assert [old.key(row) for row in range(72)] == [new.key(row) for row in range(72)]
    assert read_example(old, 20).instruction == read_example(new, 20).instruction
    assert old.json_span(20).crc32 is None


def test_a_folder_that_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        open_index([tmp_path / "nowhere"])
    with pytest.raises(InputError, match="no shards"):
        open_index([tmp_path])
    with pytest.raises(InputError, match="not found"):
        open_index(["memory://nowhere-at-all"])
    with pytest.raises(InputError, match="not an address"):
        open_index(["nonsense://x"])
    with pytest.raises(InputError, match="given twice"):
        open_index([tmp_path, tmp_path])
