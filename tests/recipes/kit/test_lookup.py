"""What metadata should tell and don't: lookups, files that no table names, ends of files."""

from dataclasses import replace
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.esc50 import CORPUS
from cryfish.recipes.kit.accounted import accounted
from cryfish.recipes.kit.corpus import BadClip, Clip, read_text
from cryfish.recipes.kit.lookup import Lookup, Untold, if_there, one_of
from cryfish.recipes.kit.tables import read_json_lines, read_lines, read_table


def _reasons(clip: Clip) -> list[str]:
    return [bad.reason for bad in accounted([clip], CORPUS, Path("none")) if isinstance(bad, BadClip)]


def test_a_fact_that_is_untold_makes_a_bad_clip() -> None:
    genders: Lookup[dict[str, object]] = Lookup(Path("speakers.txt"), {})
    genders.tell("a", {"gender": "male"})
    genders.tell("a", {"gender": "male"})
    genders.tell("b", {"gender": one_of({"M": "male"}, "X", "speakers.txt, line 2")})
    genders.tell("c", {"gender": "male"})
    genders.tell("c", {"gender": "female"})
    told = {
        key: _reasons(Clip(key, "fold1", Path(f"{key}.wav"), {"speaker": key, **genders[key]}))
        for key in "abcd"
    }
    assert told == {
        "a": [],
        "b": ["speakers.txt, line 2: 'X' isn't one of M"],
        "c": ["speakers.txt says two things of c"],
        "d": ["speakers.txt says nothing of d"],
    }


def test_a_missing_file_is_no_news_only_where_copies_lack_it(tmp_path: Path) -> None:
    corpus = replace(CORPUS, optional=("meta/speakers.txt",))
    assert if_there(tmp_path / "meta/speakers.txt", corpus, tmp_path) is None
    assert Lookup(None, "nobody knows")["a"] == "nobody knows"
    with pytest.raises(InputError, match=r"others\.txt: no such file; take it from https"):
        if_there(tmp_path / "meta/others.txt", corpus, tmp_path)
    partial = Lookup(tmp_path / "some.txt", None, partial=True)
    assert partial["a"] is None
    assert isinstance(Lookup(tmp_path / "some.txt", None)["a"], Untold)


def test_audio_that_no_table_names_is_told(tmp_path: Path) -> None:
    for name in ("one", "Two", "spare", "lost"):
        (tmp_path / "clips").mkdir(exist_ok=True)
        (tmp_path / "clips" / f"{name}.wav").touch()
    (tmp_path / "clips" / "notes.txt").touch()
    (tmp_path / "other.tsv").write_text("path\twords\nspare.wav\tyes\n")
    corpus = replace(CORPUS, listed=("audio|clips", "clips"), spares=("other.tsv",))
    found: list[Clip | BadClip] = [
        Clip("one", "fold1", Path("clips/one.wav")),
        BadClip("two", "clips/two.wav", "a bad line"),
    ]
    bad = [clip for clip in accounted(found, corpus, tmp_path) if isinstance(clip, BadClip)]
    assert [(clip.clip_id, clip.path) for clip in bad] == [
        ("two", "clips/two.wav"),
        ("clips_lost", "clips/lost.wav"),
    ]
    assert bad[1].reason.startswith("no table of the corpus names the file")


def test_what_a_failed_download_or_a_full_disk_leaves(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4")
    with pytest.raises(
        InputError, match=r"t\.csv: the last line has no end, .* or end the line if it is whole"
    ):
        list(read_table(path, CORPUS, ("a",)))
    path.write_text("<!DOCTYPE html>\n<p>Sign in\n")
    with pytest.raises(InputError, match=r"t\.csv: is a web page, not the published file"):
        list(read_lines(path, CORPUS))
    with pytest.raises(InputError, match=r"t\.csv: is a web page"):
        read_text(path)
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100 + bytes(50) + b"\n")
    with pytest.raises(InputError, match=r"t\.csv, line 102: holds zero bytes"):
        list(read_lines(path, CORPUS))
    path.write_text('{"a": 1}\n{"a": 2}')
    assert len(list(read_json_lines(path, CORPUS))) == 2
