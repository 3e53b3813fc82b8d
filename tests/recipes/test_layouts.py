"""A wrong folder: what is told, and which folder nearby was probably meant."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.registry import corpora, recipe

NAMES = ("asterisk", "esc50", "fsdd", "librispeech", "ravdess", "tuxpaint")
"""One of each kind of layout: tables and folders, patterns and alternatives."""

Miniature = Callable[[str], Path]


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_is_missing_or_a_file(name: str, miniature: Miniature) -> None:
    folder = miniature(name)
    with pytest.raises(InputError, match="no folder") as problem:
        next(recipe(name).clips(folder / "nowhere"))
    assert corpora()[name].corpus.title in str(problem.value)
    assert corpora()[name].corpus.homepage in str(problem.value)
    file = folder / "archive.zip"
    file.write_bytes(b"PK")
    with pytest.raises(InputError, match="unpack"):
        next(recipe(name).clips(file))


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_above_or_below_was_given(name: str, miniature: Miniature) -> None:
    folder = miniature(name)
    for given in (folder.parent, next(path for path in folder.iterdir() if path.is_dir())):
        with pytest.raises(InputError) as problem:
            next(recipe(name).clips(given))
        assert str(problem.value).endswith(f"did you mean the folder {folder}?")


def test_an_incomplete_folder_says_what_is_missing(miniature: Miniature) -> None:
    folder = miniature("esc50")
    (folder / "meta/esc50.csv").unlink()
    with pytest.raises(InputError, match=r"has no meta/esc50\.csv; .* as published at https://github\.com"):
        next(recipe("esc50").clips(folder))
