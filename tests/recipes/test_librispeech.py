"""LibriSpeech: the table of readers, damaged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.kit.registry import recipe


@pytest.fixture
def folder(miniature: Callable[[str], Path]) -> Path:
    return miniature("librispeech")


def test_an_unknown_gender(folder: Path) -> None:
    (folder / "SPEAKERS.TXT").write_text("; comment\n84 | X | dev-clean | 8.02 | A\n")
    with pytest.raises(InputError, match=r"SPEAKERS\.TXT, line 2: .* gender F or M .*, found"):
        next(recipe("librispeech").clips(folder))


def test_latin_1(folder: Path) -> None:
    (folder / "SPEAKERS.TXT").write_bytes("84 | F | dev-clean | 8 | Renée\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"SPEAKERS\.TXT: isn't UTF-8"):
        next(recipe("librispeech").clips(folder))
