"""How copies of corpora of videos name their files."""

from pathlib import Path

import pytest

from cryfish.recipes.kit.youtube import naming

WAYS = [
    ("abcdefghijk.wav", "-0RWZT-miFs.wav"),
    ("Yabcdefghijk.flac", "Y-0RWZT-miFs.flac"),
    ("abcdefghijk_000012.mp4", "-0RWZT-miFs_000030.mp4"),
    ("abcdefghijk_12.wav", "-0RWZT-miFs_30.wav"),
    ("abcdefghijk_12000_22000.wav", "-0RWZT-miFs_30000_40000.wav"),
    ("abcdefghijk_12.000_22.000.wav", "-0RWZT-miFs_30.000_40.000.wav"),
    ("Yabcdefghijk_000012_000022.opus", "Y-0RWZT-miFs_000030_000040.opus"),
]


@pytest.mark.parametrize(("there", "asked"), WAYS)
def test_names_are_learnt_from_the_files(tmp_path: Path, there: str, asked: str) -> None:
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / there).touch()
    (tmp_path / "audio" / "notes.txt").touch()
    assert naming(tmp_path, "clips", "audio")("-0RWZT-miFs", 30.0, 40.0) == Path("audio", asked)


def test_an_odd_name_does_not_decide(tmp_path: Path) -> None:
    for name in ("a.wav", "abcdefghijk_1_11.wav", "abcdefghijl_2_12.wav"):
        (tmp_path / name).touch()
    assert naming(tmp_path, ".")("-0RWZT-miFs", 30.0, 40.0) == Path("-0RWZT-miFs_30_40.wav")


def test_without_files_the_first_folder_is_named(tmp_path: Path) -> None:
    assert naming(tmp_path, "audio", "clips")("-0RWZT-miFs", 30.0, 40.0) == Path("audio/-0RWZT-miFs.wav")
