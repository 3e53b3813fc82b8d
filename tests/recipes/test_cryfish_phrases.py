"""The demo's phrases: a table without a column."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.kit.registry import recipe


def test_a_table_without_a_column_is_refused(miniature: Callable[[str], Path]) -> None:
    folder = miniature("cryfish_phrases")
    (folder / "speakers.tsv").write_text("speaker\tsplit\nf-f1\ttrain\n")
    with pytest.raises(InputError, match=r"speakers.tsv: no column 'gender'"):
        list(recipe("cryfish_phrases").clips(folder))
