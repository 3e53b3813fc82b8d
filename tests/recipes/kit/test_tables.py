"""Tables and JSON of corpora: rows, quotes, and complaints that name file, line and fix."""

from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.esc50 import CORPUS
from cryfish.recipes.kit.corpus import BadClip
from cryfish.recipes.kit.tables import (
    CSV,
    CSV_WITH_LINE_BREAKS,
    ESCAPED_TSV,
    PIPES,
    QUOTED_TSV,
    TSV,
    Dialect,
    read_clips,
    read_json_file,
    read_json_lines,
    read_lines,
    read_table,
)


def rows(
    path: Path, *columns: str, dialect: Dialect = CSV, header: int = 1
) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, row.values) for row in read_table(path, CORPUS, columns, dialect, header=header)]


def clips(path: Path, *columns: str, dialect: Dialect = CSV) -> list[object]:
    """The values of each row, or why it isn't one."""
    return [
        row.reason if isinstance(row, BadClip) else list(row.values.values())
        for row in read_clips(path, CORPUS, path.parent, columns, dialect)
    ]


def test_a_table_is_read_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('\ufeffa, b ,c\r\n1,"x, ""y""",3\r\n\r\n4,,\r\n'.encode())
    assert rows(path, "b", "a") == [
        (2, {"a": "1", "b": 'x, "y"', "c": "3"}),
        (4, {"a": "4", "b": "", "c": ""}),
    ]


def test_a_header_of_two_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(",track,track\n,title,genre\n1,A,rock\n")
    assert rows(path, "", "track genre", header=2) == [
        (3, {"": "1", "track title": "A", "track genre": "rock"})
    ]


def test_a_table_without_header(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id1,0,dog\n")
    assert rows(path, "id", "start", "label", header=0) == [(1, {"id": "id1", "start": "0", "label": "dog"})]


@pytest.mark.parametrize(
    ("dialect", "written", "meant"),
    [
        (CSV, '"a, b"', "a, b"),
        (CSV, '"a ""b"""', 'a "b"'),
        (CSV, 'an inch is 1"', 'an inch is 1"'),
        (QUOTED_TSV, '"a, ""b"""', 'a, "b"'),
        (TSV, '"Stop, he said.', '"Stop, he said.'),
        (TSV, '"a ""b"""', '"a ""b"""'),
        (TSV, "a\\b", "a\\b"),
        (ESCAPED_TSV, '"Stop, he said.', '"Stop, he said.'),
        (ESCAPED_TSV, "a\\\tb", "a\tb"),
        (ESCAPED_TSV, "a\\\\b", "a\\b"),
        (PIPES, '"Yes, she said', '"Yes, she said'),
        (CSV_WITH_LINE_BREAKS, '"a\r\nb, ""c"""', 'a\r\nb, "c"'),
        (Dialect(blanks=True), ' "a,b"', "a,b"),
    ],
)
def test_what_is_written_is_what_was_meant(
    tmp_path: Path, dialect: Dialect, written: str, meant: str
) -> None:
    """With either end of the lines, before and after other rows."""
    for end in ("\n", "\r\n"):
        path = tmp_path / "t"
        lines = [
            dialect.delimiter.join(row) for row in (("a", "text", "z"), ("1", written, "2"), ("3", "4", "5"))
        ]
        path.write_bytes("".join(line + end for line in lines).encode())
        assert clips(path, "text", dialect=dialect) == [["1", meant, "2"], ["3", "4", "5"]]


def test_remarks_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text('# a, b\nx, "1,2"\n')
    dialect = Dialect(blanks=True, comment="#")
    assert rows(path, "a", "b", dialect=dialect, header=0) == [(2, {"a": "x", "b": "1,2"})]


OPEN = "has a quotation mark that is neither closed nor doubled"


def test_a_row_that_does_not_fit_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,2\n3\n4,5,6\n"7,8\n"9"9,9\n10,"11"\n12,"13\n')
    assert clips(path, "a") == [
        ["1", "2"],
        "line 3 of t.csv has 1 columns, not 2",
        "line 4 of t.csv has 3 columns, not 2",
        f"line 5 of t.csv {OPEN}",
        f"line 6 of t.csv {OPEN}",
        ["10", "11"],
        f"line 8 of t.csv {OPEN}",
    ]
    found = list(read_clips(path, CORPUS, tmp_path.parent, ("a",)))
    assert isinstance(found[1], BadClip)
    assert (found[1].clip_id, found[1].path) == (f"{tmp_path.name}-t-line-3", f"{tmp_path.name}/t.csv")


def test_an_escape_at_the_end_of_a_line_takes_no_other_with_it(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("a\tb\n1\t2\\\n3\t4\n")
    assert clips(path, "a", dialect=ESCAPED_TSV) == [
        "line 2 of t.tsv ends with a \\ that escapes nothing",
        ["3", "4"],
    ]


def test_a_table_of_facts_with_a_row_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3\n")
    with pytest.raises(
        InputError, match=r"t\.csv, line 3: has 1 columns, not 2; take the table from https://"
    ):
        rows(path, "a")


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("column", range(3))
def test_where_fields_hold_line_breaks_an_open_mark_refuses_the_table(
    tmp_path: Path, place: int, column: int
) -> None:
    """A row may have swallowed those after it: none of them can be trusted."""
    path = tmp_path / "t.csv"
    table = [[f"{row}", f'"{row}, a\nb"', "c"] for row in range(4)]
    table[place][column] = '"' + table[place][column].strip('"')
    path.write_text("\n".join(",".join(row) for row in [["a", "b", "c"], *table]) + "\n")
    found: list[object] = []
    with pytest.raises(InputError, match=rf"t\.csv, line {2 + 2 * place}: has ") as refusal:
        found.extend(read_clips(path, CORPUS, tmp_path, ("a",), CSV_WITH_LINE_BREAKS))
    assert len(str(refusal.value).splitlines()) == 1


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
