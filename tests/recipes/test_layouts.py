"""A wrong folder: what is told, and which folder nearby was probably meant."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from cryfish.errors import InputError
from cryfish.recipes.kit.corpus import Clip, require
from cryfish.recipes.kit.registry import corpora, recipe

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


def test_no_path_of_the_large_example_is_refused(miniature: Miniature) -> None:
    """Where an archive's own top folder has the name that the config gives, that folder is the corpus too."""
    example = Path(__file__).parents[2] / "examples" / "cryfish-13k.yaml"
    for name, section in yaml.safe_load(example.read_text(encoding="utf-8"))["corpora"].items():
        folder = miniature(name)
        require(folder, recipe(name).corpus)
        if (folder / Path(section["dir"]).name).is_dir():
            require(folder / Path(section["dir"]).name, recipe(name).corpus)


def test_aishell_is_read_from_its_own_folder(miniature: Miniature) -> None:
    folder = miniature("aishell")
    found = [clip for clip in recipe("aishell").clips(folder) if isinstance(clip, Clip)]
    inner = [clip for clip in recipe("aishell").clips(folder / "data_aishell") if isinstance(clip, Clip)]
    assert found
    assert [clip.id for clip in inner] == [clip.id for clip in found]
    assert all((folder / "data_aishell" / clip.audio).is_file() for clip in inner)
