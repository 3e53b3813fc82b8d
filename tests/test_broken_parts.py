"""A part that can't be imported breaks itself only, whatever its kind, and who asks for it is told why."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.model.encoders.encoders import ENCODERS
from cryfish.pipeline.instruct.filters import ALL_FILTERS, read_filters
from cryfish.pipeline.instruct.formats.formats import FORMATS
from cryfish.pipeline.instruct.llm.llm import ENGINES
from cryfish.seams import PLUGINS, Seam, use_plugins


@pytest.mark.parametrize("seam", [ENGINES, FORMATS, ENCODERS, ALL_FILTERS], ids=lambda seam: seam.kind)
def test_a_broken_part_breaks_itself_only(
    seam: Seam[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "their_part.py").write_text("import a_module_that_nobody_has\n")
    info = tmp_path / "their-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{seam.group}]\ntheirs = their_part\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    fresh = replace(seam, name_of=lambda part: seam.name_of(part))  # the seam itself remembers what it found
    assert list(fresh.all()) == list(seam.all())
    with pytest.raises(
        InputError, match=rf"{seam.kind} 'theirs' .*No module named 'a_module_that_nobody_has'"
    ):
        fresh.get("theirs")


def test_a_plugin_that_declares_nothing_of_a_kind_is_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLUGINS, "")
    (tmp_path / "mine.py").write_text("from cryfish.recipes import yesno\nCORPUS = yesno.CORPUS\n")
    use_plugins([tmp_path / "mine.py"])
    with pytest.raises(InputError, match=r"unknown filter 'mine'"):
        read_filters(["mine"])
