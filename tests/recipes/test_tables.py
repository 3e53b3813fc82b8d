"""Tables and JSON of corpora: rows, quotes, and complaints that name file, line and fix."""

from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.esc50 import CORPUS
from cryfish.recipes.tables import read_json_file, read_json_lines, read_lines, read_table


def rows(path: Path, *columns: str, **options: object) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, row.values) for row in read_table(path, CORPUS, columns, **options)]  # type: ignore[arg-type]


def test_a_table_is_read_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('\ufeffa, b ,c\r\n1,"x, ""y""",3\r\n\r\n4\r\n'.encode())
    assert rows(path, "b", "a") == [
        (2, {"a": "1", "b": 'x, "y"', "c": "3"}),
        (4, {"a": "4", "b": "", "c": ""}),
    ]


def test_quotation_marks_may_be_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text('path\tsentence\n1.mp3\t"Ja, sagte er.\n2.mp3\tNein\n')
    assert [values["sentence"] for _, values in rows(path, "path", delimiter="\t", quoted=False)] == [
        '"Ja, sagte er.',
        "Nein",
    ]


def test_a_table_without_header(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id1,0,dog,more\n")
    assert rows(path, "id", "start", "label", header=False) == [
        (1, {"id": "id1", "start": "0", "label": "dog"})
    ]


def test_complaints(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with pytest.raises(InputError, match=r"t\.csv: no such file; take it from https://github\.com"):
        rows(path, "a")
    path.write_text("")
    with pytest.raises(InputError, match=r"no column 'a' \(there are none\)"):
        rows(path, "a")
    path.write_text("b,c\n")
    with pytest.raises(InputError, match=r"no column 'a' \(there are b, c\); take the table from"):
        rows(path, "a")
    path.write_bytes("a\nReñe\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"t\.csv: isn't UTF-8"):
        rows(path, "a")
    path.write_text("{}\n[1]\n")
    with pytest.raises(InputError, match=r"t\.csv, line 2: isn't a JSON object"):
        list(read_json_lines(path, CORPUS))
    path.write_text("{\n 1}")
    with pytest.raises(InputError, match=r"t\.csv, line 2: isn't JSON"):
        read_json_file(path, CORPUS)


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text(" one \n\ntwo\n")
    assert list(read_lines(path, CORPUS)) == [(1, "one"), (3, "two")]
