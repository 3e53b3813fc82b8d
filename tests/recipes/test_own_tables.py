"""Tables of own data, as people really write them."""

import json
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.prepare.own.row import Row, own_id
from cryfish.pipeline.prepare.own.tables import read_rows
from cryfish.recipes.kit.corpus import BadClip

WANTED = [{"file": "a.wav", "said": "Hello, you; there"}, {"file": "b.wav", "said": 'say "no"'}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", b'file,said\na.wav,"Hello, you; there"\nb.wav,"say ""no"""\n'),
        ("t.csv", b'\xef\xbb\xbffile;said\r\na.wav;"Hello, you; there"\r\nb.wav;"say ""no"""'),
        ("t.tsv", b'file\tsaid\na.wav\tHello, you; there\nb.wav\t"say ""no"""\n'),
        ("t.txt", b'"file"|"said"\n"a.wav"|"Hello, you; there"\n\n"b.wav"|"say ""no"""|\n'),
        ("t.csv", 'file,said\na.wav,"Hello, you; there"\nb.wav,"say ""no"""\n'.encode("utf-16")),
        ("t.jsonl", "\n".join(map(json.dumps, WANTED)).encode()),
    ],
)
def test_a_table_is_read_however_it_is_written(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert [dict(row.values) for row in read_rows(path) if isinstance(row, Row)] == WANTED


def test_parquet_and_nested_json_have_the_same_columns(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    rows = [{"file": "a.wav", "who": {"name": "Ann", "age": 30}, "tags": ["x", "y"]}] * 3
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "t.parquet")
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for name in ("t.parquet", "t.jsonl"):
        found = [row.values for row in read_rows(tmp_path / name) if isinstance(row, Row)]
        assert found == [{"file": "a.wav", "who.name": "Ann", "who.age": 30, "tags": ["x", "y"]}] * 3


def test_a_field_may_hold_line_breaks_and_rows_that_do_not_fit_are_bad_ones(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('file,said\na.wav,"one\ntwo"\nb.wav\nc.wav,x,y\nd.wav,last\n')
    rows = list(read_rows(path))
    good = [row for row in rows if isinstance(row, Row)]
    assert [row.values["said"] for row in good] == ["one\ntwo", "last"]
    assert [row.where for row in good] == ["t.csv, line 2", "t.csv, line 6"]
    assert [str(row.reason) for row in rows if isinstance(row, BadClip)] == [
        "line 4 of t.csv has 1 columns, not 2",
        "line 5 of t.csv has 3 columns, not 2",
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"file,said\na.wav,\xe4\n", "isn't UTF-8"),
        ("t.csv", b"", "is empty"),
        ("t.csv", b"file,file\na,b\n", "two columns are called 'file'"),
        (
            "t.csv",
            b'file,said\na.wav,"open\nb.wav,x\n',
            "line 2: a quotation mark is neither closed nor doubled",
        ),
        ("t.csv", b"<!DOCTYPE html><html>", "is a web page"),
        ("t.csv", b"file,said\na.wav,\0\0\n", "holds zero bytes"),
        ("t.jsonl", b"file,said\n", "isn't JSON"),
        ("t.jsonl", b"[" * 100_000, "nested too deeply"),
        ("t.jsonl", b'{"n": ' + b"9" * 5000 + b"}", "a number of too many figures"),
        ("t.jsonl", b'{"said": "\\ud800"}', "half of a character"),
        ("t.parquet", b"nothing", "can't be read as Parquet"),
        ("t.csv.gz", b"\x1f\x8b\x08\x00broken", "is damaged|can't be read"),
    ],
)
def test_a_damaged_table_is_one_sentence(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        list(read_rows(path))


def test_different_names_have_different_ids() -> None:
    names = ["a/b", "a b", "你好", "再见", "a-b", "x" * 150, "x" * 151]
    made = [own_id(name) for name in names]
    assert made[0] == made[4] == "a-b"
    assert len(set(made)) == len(names) - 1
    assert all(len(one) <= 110 for one in made)
