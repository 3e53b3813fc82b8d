"""What every format does, also from elsewhere (CRYFISH_PLUGINS), and one added by docs/adding-a-format.md."""

from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.instruct.formats.annotation_import import import_annotation
from cryfish.pipeline.instruct.formats.formats import FORMATS, MINIATURE, format_options
from cryfish.pipeline.instruct.jsonl import read_instructions

from ....pages import follow
from ...conftest import make_fsdd


@pytest.mark.parametrize("name", FORMATS.all())
def test_three_instructions_are_written_and_read_back(name: str, tmp_path: Path) -> None:
    form = FORMATS.get(name)
    path = tmp_path / form.file_name
    assert form.write(path, iter(MINIATURE), format_options(name, {})) == len(form.miniature) == 3
    written = path.read_text(encoding="utf-8")
    places = [written.find(piece) for piece in form.miniature]
    assert -1 < places[0] < places[1] < places[2], written
    if form.read is not None:
        read = [record for _, record in form.read(path)]
        assert [(one["paths"], one["Q"], one["text"]) for one in read] == [
            ([str(place) for place in item.audio], item.instruction.question, item.instruction.answer)
            for item in MINIATURE
        ]


@pytest.mark.parametrize("name", FORMATS.all())
def test_an_option_that_isnt_one_is_told(name: str) -> None:
    with pytest.raises(InputError, match=rf"--format {name}: field 'no_such_option' is unknown"):
        format_options(name, {"no_such_option": 1})


def test_a_format_that_is_only_written_cannot_be_imported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--format swift: can only be written; these can be read: cryfish"):
        import_annotation(tmp_path / "a.jsonl", tmp_path / "out.jsonl", form="swift")


def test_a_format_is_added_by_the_page_alone(tmp_path: Path) -> None:
    make_fsdd(tmp_path / "free-spoken-digit-dataset")
    follow("adding-a-format.md", tmp_path)
    asked = {(one.question, one.answer) for one in read_instructions(tmp_path / "asked.jsonl")}
    assert {(one.question, one.answer) for one in read_instructions(tmp_path / "back/train.jsonl")} == asked
