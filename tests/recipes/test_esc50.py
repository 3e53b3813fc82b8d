"""ESC-50: the table, whole and broken."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.recipes.kit.facts import read_facts
from cryfish.recipes.kit.registry import recipe


@pytest.fixture
def folder(miniature: Callable[[str], Path]) -> Path:
    return miniature("esc50")


def test_rows_become_cuts_and_bad_rows_are_told(folder: Path, prepare: Callable[..., Any]) -> None:
    with (folder / "meta/esc50.csv").open("a") as table:
        table.write(
            "5-20-B-30.wav,5,30,door_wood_knock,False,20,B\n../x.wav,1,0,dog,True,10,A\n2-1-A-0.wav,9,0,dog,True,1,A\n"
        )
        table.write("2-30-A-0.wav,2\n3-40-A-0.wav,3,0,dog,True,40,A\n")
    cuts, bad = prepare("esc50", folder)
    assert read_facts(cuts["esc50-5-20-B-30"]) == {"sound_events": ["door knock"], "source": "20"}
    assert {name: problem.reason[:19] for name, problem in bad.items()} == {
        "5-20-B-30": "duplicate id",
        "x": "line 5 of meta/esc5",
        "2-1-A-0": "line 6 of meta/esc5",
        "meta-esc50-line-7": "line 7 of meta/esc5",
        "3-40-A-0": "the file is missing",
    }


def test_without_a_column(folder: Path) -> None:
    table = folder / "meta/esc50.csv"
    table.write_text(table.read_text().replace("src_file", "source"))
    with pytest.raises(InputError, match=r"esc50\.csv: no column 'src_file'"):
        list(recipe("esc50").clips(folder))
