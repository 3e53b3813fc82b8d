"""Files are whole or absent, and equal content is equal bytes."""

import errno
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.files import (
    disk_errors,
    read_json,
    read_jsonl,
    read_yaml,
    sha256_of,
    tree_signature,
    write_atomically,
    write_jsonl,
)
from cryfish.ownership import LEDGER


def test_jsonl_comes_back_plain_and_gzipped(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [{"text": "žluťoučký kůň"}, {"n": 1.5}]
    for name in ("a.jsonl", "a.jsonl.gz"):
        assert write_jsonl(tmp_path / name, records) == 2
        assert list(read_jsonl(tmp_path / name)) == records


def test_gzipped_lines_have_the_same_bytes_each_time(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl.gz", [{"x": 1}])
    write_jsonl(tmp_path / "b.jsonl.gz", [{"x": 1}])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    write_atomically(target, lambda temporary: temporary.write_text("old"))

    def write(temporary: Path) -> None:
        temporary.write_text("half")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        write_atomically(target, write)
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [LEDGER, "out.txt"]


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match=r"shard\.tar: the disk is full; free some space"),
        disk_errors(tmp_path / "shard.tar"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a": 1}\n{"b"', "line 2 isn't valid JSON"),
        (b"[1]\n", "line 1 isn't a JSON object"),
        (b"\xff\xfe", "damaged"),
    ],
)
def test_damaged_lines_are_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        list(read_jsonl(path))


def test_a_truncated_gzip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    write_jsonl(path, [{"n": n, "text": "x" * n} for n in range(500)])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match=r"cut\.jsonl\.gz: damaged after line"):
        list(read_jsonl(path))


def test_missing_and_broken_json_say_which_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: no such file"):
        read_json(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(InputError, match=r"bad\.json: isn't valid JSON"):
        read_json(tmp_path / "bad.json")


def test_a_folder_digest_sees_names_and_contents(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text("same")
    assert sha256_of(tmp_path / "one") == sha256_of(tmp_path / "two")
    (tmp_path / "two" / "x").rename(tmp_path / "two" / "y")
    assert sha256_of(tmp_path / "one") != sha256_of(tmp_path / "two")


def test_a_corpus_signature_changes_with_a_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    clip = tmp_path / "deep" / "a.wav"
    clip.write_bytes(b"1234")
    before = tree_signature(tmp_path)
    assert tree_signature(tmp_path) == before
    clip.write_bytes(b"12345")
    assert tree_signature(tmp_path) != before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: 1\nb: {c: 1}\na: 2\n", r"'a' stands twice, in lines 1 and 3"),
        ("corpora:\n  mine: {folder: x}\n  other: 1\n  mine: {folder: y}\n", r"'mine' stands twice"),
        ("a: 2026-13-45\n", "isn't valid YAML"),
        ("[" * 5000, "isn't valid YAML"),
        ("a: " + "9" * 5000, "isn't valid YAML"),
    ],
)
def test_yaml_that_cannot_be_meant_is_one_sentence(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(content)
    with pytest.raises(InputError, match=message):
        read_yaml(tmp_path / "c.yaml")


def test_yaml_may_repeat_a_key_in_other_mappings_and_merge(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n")
    assert read_yaml(tmp_path / "c.yaml")["b"] == {"k": 3, "l": 2}


def test_a_packed_file_of_which_a_bit_has_changed_is_damaged_or_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    records: list[dict[str, Any]] = [{"text": f"word {number}", "n": number} for number in range(50)]
    write_jsonl(path, records)
    whole = path.read_bytes()
    refused = 0
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 0x10
        path.write_bytes(changed)
        try:
            assert list(read_jsonl(path)) == records
        except InputError:
            refused += 1
    assert refused > 0.9 * len(whole)
