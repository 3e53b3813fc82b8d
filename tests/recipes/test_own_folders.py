"""Folders of own data: what a table names is found wherever it lies, and folders' names are columns."""

import os
from pathlib import Path

import pytest
import soundfile

from cryfish.pipeline.prepare.own.folders import Files, folder_rows, some_files
from cryfish.pipeline.prepare.own.mapping import Column, ColumnMap
from cryfish.pipeline.prepare.own.own_data import Own
from cryfish.pipeline.prepare.own.proposal import propose
from cryfish.pipeline.prepare.own.recipe import own_recipe
from cryfish.pipeline.prepare.own.row import Row
from cryfish.recipes.kit.corpus import BadClip, Clip, LeftOut


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / name, [0.1, -0.1] * 800, 8000, format="WAV")


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("a/one.wav", "a/one.wav"),
        ("a/one", "a/one.wav"),
        ("one.wav", "a/one.wav"),
        ("one", "a/one.wav"),
        ("ONE.WAV", "a/one.wav"),
        ("a\\one.wav", "a/one.wav"),
        ("C:\\data\\a\\one.wav", "a/one.wav"),
        ("/elsewhere/data/b/two.wav", "b/two.wav"),
        ("b/two", "b/two.wav"),
        ("v1.0", "b/v1.0.wav"),
        ("loud", "b/loud.wav"),
        ("two", "two may be b/two.wav or c/two.wav; give its folder, too"),
        ("d/two.wav", "the file is missing"),
        ("three.wav", "the file is missing"),
        ("one.mp3", "the file is missing"),
        ("https://x.org/one.wav", "is an address"),
    ],
)
def test_what_a_table_names_is_found(named: str, found: str, tmp_path: Path) -> None:
    put(tmp_path, "a/one.wav", "b/two.wav", "c/two.wav", "b/v1.0.wav", "b/loud.WAV")
    there = Files(tmp_path).find(named)
    assert found in (there.reason if isinstance(there, BadClip) else str(there))


def test_files_outside_the_folder_and_beside_the_table_are_found(tmp_path: Path) -> None:
    put(tmp_path, "data/a.wav", "tables/b.wav", "far/c.wav")
    (tmp_path / "data" / "link.wav").symlink_to(tmp_path / "far" / "c.wav")
    files = Files(tmp_path / "data", beside=[tmp_path / "tables"])
    assert files.find(str(tmp_path / "data" / "a.wav")) == "a.wav"
    assert files.find("../far/c.wav") == str(tmp_path / "far" / "c.wav")
    assert files.find("b.wav") == str(tmp_path / "tables" / "b.wav")
    assert files.find("link.wav") == "link.wav"
    assert list(files.unnamed()) == []


def test_what_the_table_does_not_name_is_left_out_and_told(tmp_path: Path) -> None:
    put(tmp_path, "a.wav", "sub/b.wav", "sub/._b.wav")
    (tmp_path / "t.csv").write_text("file,speaker\na.wav,1\n")
    columns = ColumnMap({"file": Column("audio"), "speaker": Column("speaker")})
    own = Own("mine", "folder", (tmp_path,), tmp_path, tmp_path / "t.csv", columns)
    found = list(own_recipe(own).found(tmp_path))
    assert [clip.id for clip in found if isinstance(clip, Clip)] == ["a"]
    assert [left.id for left in found if isinstance(left, LeftOut)] == ["sub-b"]


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (["happy/a.wav", "sad/b.wav"], {"folder": "emotion"}),
        (["train/happy/a.wav", "test/ang/b.wav"], {"folder1": "split", "folder": "emotion"}),
        (["train/p1/a.wav", "valid/p2/b.wav", "test/p3/c.wav"], {"folder1": "split"}),
        (["male/a.wav", "female/b.wav"], {"folder": "gender"}),
        (["german/a.wav", "french/b.wav"], {"folder": "language"}),
        (["p225/a.wav", "p226/b.wav"], {}),
        (["train/a.wav", "dog/b.wav"], {}),
        (["a.wav", "b.wav"], {}),
    ],
)
def test_folders_are_taken_for_what_they_must_be(
    names: list[str], columns: dict[str, str], tmp_path: Path
) -> None:
    put(tmp_path, *names)
    rows = [Row(audio, {}, audio) for audio in some_files(tmp_path)]
    proposal = propose(rows, ColumnMap())
    assert {name: column.target for name, column in proposal.columns.columns.items()} == columns


def test_a_folder_as_speaker_divides_by_it_and_keeps_ids(tmp_path: Path) -> None:
    put(tmp_path, *(f"p{speaker}/{take}.wav" for speaker in range(12) for take in range(3)))
    own = Own("mine", "folder", (tmp_path,), tmp_path, None, ColumnMap({"folder": Column("speaker")}))
    clips = [clip for clip in own_recipe(own).found(tmp_path) if isinstance(clip, Clip)]
    assert len(clips) == len(list(folder_rows(tmp_path))) == 36
    assert clips[0].id == "p0-0"
    splits: dict[str, set[str]] = {}
    for clip in clips:
        splits.setdefault(clip.facts["speaker"], set()).add(clip.split)
    assert all(len(each) == 1 for each in splits.values())
    assert len(set.union(*splits.values())) > 1


def test_of_many_folders_a_few_files_each_are_seen(tmp_path: Path) -> None:
    put(tmp_path, *(f"c{folder:02d}/{take}.wav" for folder in range(20) for take in range(10)))
    (tmp_path / "c00" / "loop").symlink_to(tmp_path)
    seen = list(some_files(tmp_path))
    assert {audio.partition("/")[0] for audio in seen} == {f"c{folder:02d}" for folder in range(20)}
    assert len(seen) < 100 * 20


def test_a_name_that_is_not_utf8_is_told_with_and_without_a_table(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for name in (b"good.wav", b"\xff\xfe.wav"):
        path = folder / os.fsdecode(name)
        try:
            path.write_bytes(b"")
        except OSError:
            pytest.skip("this file system takes names in UTF-8 only")
    found = list(own_recipe(Own("mine", "folder", (folder,), folder)).found(folder))
    assert len(found) == 2
    table = folder / "t.csv"
    table.write_text("file\ngood\n")
    columns = ColumnMap({"file": Column("audio")})
    found = list(own_recipe(Own("mine", "folder", (folder,), folder, table, columns)).found(folder))
    assert [type(one).__name__ for one in found] == ["Clip", "LeftOut"]


@pytest.mark.parametrize("value", ["inf", "-inf", "nan nan", "1e308", "0,5,5", "x"])
@pytest.mark.parametrize("place", ["start", "end", "duration", "channel"])
def test_a_number_that_is_none_costs_its_clip(place: str, value: str, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"")
    table = tmp_path / "t.csv"
    table.write_text(f"file;{place}\na.wav;{value}\n")
    columns = ColumnMap({"file": Column("audio"), place: Column(place)})
    [found] = own_recipe(Own("mine", "folder", (tmp_path,), tmp_path, table, columns)).found(tmp_path)
    assert isinstance(found, BadClip)
    assert f"its {place} is" in found.reason


def test_the_two_sides_of_a_call_are_two_clips(tmp_path: Path) -> None:
    put(tmp_path, "call.wav")
    table = tmp_path / "t.csv"
    table.write_text("file,channel,said\ncall.wav,0,hello\ncall.wav,1,yes?\n")
    columns = ColumnMap({"file": Column("audio"), "channel": Column("channel"), "said": Column("text")})
    found = list(own_recipe(Own("mine", "folder", (tmp_path,), tmp_path, table, columns)).found(tmp_path))
    clips = {clip.id: clip.channel for clip in found if isinstance(clip, Clip)}
    assert clips == {"call": 0, "call-channel1": 1}
