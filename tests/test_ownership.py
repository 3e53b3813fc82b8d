"""The ledger: what we wrote is told from what others wrote, whatever was killed, moved or made anew."""

import shutil
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.locks import hold
from cryfish.ownership import (
    LEDGER,
    begin_folder,
    clear,
    is_ours,
    ledger_of,
    note,
    put_in_place,
    remove,
    seal,
    temporary_beside,
)


def test_a_noted_name_is_ours_before_it_is_written_and_others_are_not(tmp_path: Path) -> None:
    (tmp_path / "theirs.txt").write_text("theirs")
    note([tmp_path / "ours.txt"])
    assert is_ours(tmp_path / "ours.txt")
    assert not is_ours(tmp_path / "theirs.txt")
    with pytest.raises(InputError, match=r"theirs\.txt is there and cryfish didn't write it"):
        note([tmp_path / "new.txt", tmp_path / "theirs.txt"])
    assert not is_ours(tmp_path / "new.txt")


def test_a_line_torn_by_a_kill_spoils_neither_its_neighbours(tmp_path: Path) -> None:
    note([tmp_path / "first"])
    with (tmp_path / LEDGER).open("a") as ledger:
        ledger.write('{"name": "tor')
    note([tmp_path / "second"])
    assert ledger_of(tmp_path).names == {"first", "second"}


def test_a_folder_that_was_made_anew_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    for name in ("a", "b"):
        begin_folder(folder, "prepare")
        note([folder / name])
        assert ledger_of(folder).names == {name}
        shutil.rmtree(folder)
    assert not ledger_of(folder).names
    assert ledger_of(folder).stage is None


def test_removing_a_folder_of_ours_leaves_what_others_put_there(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    begin_folder(folder, "shard")
    (folder / "deep").mkdir()
    for name in ("one.tar", "deep/two.tar"):
        (folder / name).write_text("ours")
    seal(folder)
    (folder / "deep" / "note.txt").write_text("theirs")
    clear(folder)
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {LEDGER, "note.txt"}
    assert ledger_of(folder).stage == "shard"
    (folder / "deep" / "note.txt").unlink()
    remove(folder)
    assert not folder.exists()


def test_a_new_folder_takes_the_place_of_the_old_one_around_what_others_put_there(tmp_path: Path) -> None:
    final = tmp_path / "out"
    for number in range(2):
        made = temporary_beside(final)
        begin_folder(made, "prepare")
        (made / f"{number}.txt").write_text("ours")
        seal(made)
        put_in_place(made, final)
        assert not made.exists()
        (final / "note.txt").write_text("theirs")
    assert sorted(path.name for path in final.iterdir()) == [LEDGER, "1.txt", "note.txt"]
    assert is_ours(final / "1.txt")
    assert not is_ours(final / "note.txt")


def test_a_held_output_is_free_again_when_its_holder_is_gone(tmp_path: Path) -> None:
    for inside in (True, False):
        with (
            hold(tmp_path / "out", inside=inside),
            pytest.raises(InputError, match="another cryfish is at work here"),
            hold(tmp_path / "out", inside=inside),
        ):
            pass
        with hold(tmp_path / "out", inside=inside):
            pass
    assert not list(tmp_path.glob(f"{LEDGER}-*"))


@pytest.mark.parametrize("content", ["my notes", "- a list\n", "\0\1\2"])
def test_a_file_of_that_name_that_is_no_ledger_is_refused_untouched(tmp_path: Path, content: str) -> None:
    (tmp_path / LEDGER).write_text(content)
    with pytest.raises(InputError, match="isn't cryfish's list of what it wrote here"):
        note([tmp_path / "x"])
    assert (tmp_path / LEDGER).read_text() == content


def test_a_folder_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / LEDGER).mkdir()
    with pytest.raises(InputError, match=r"\.cryfish: can't be read"):
        note([tmp_path / "x"])
