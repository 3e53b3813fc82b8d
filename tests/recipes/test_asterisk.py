"""Asterisk prompts: a list of texts that isn't there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.kit.registry import recipe


def test_without_the_texts_of_a_voice(miniature: Callable[[str], Path]) -> None:
    folder = miniature("asterisk")
    (folder / "core-sounds-it.txt").unlink()
    with pytest.raises(InputError, match=r"no core-sounds-it\.txt for the voice it_IT_m_Carlo"):
        list(recipe("asterisk").clips(folder))
