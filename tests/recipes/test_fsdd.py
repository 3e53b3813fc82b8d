"""Free Spoken Digits: metadata in Python, which is read and never run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.recipes.kit.corpus import Clip
from cryfish.recipes.kit.registry import recipe

METADATA = "metadata = {'ann': {'gender': 'female', 'accent': 'DEU/German', 'language': 'english'}}\n"


@pytest.fixture
def folder(miniature: Callable[[str], Path]) -> Path:
    return miniature("fsdd")


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        (METADATA.replace("female", "F"), "speaker 'ann' has gender 'F', not one of male, female, other"),
        (METADATA.replace("'accent': 'DEU/German', ", ""), "has accent None"),
        ("metadata = dict(a=1)", "of plain values"),
        ("metadata = {", "of plain values"),
        ("", "of plain values"),
    ],
)
def test_odd_metadata(folder: Path, metadata: str, says: str) -> None:
    (folder / "metadata.py").write_text(metadata)
    with pytest.raises(InputError) as problem:
        next(recipe("fsdd").clips(folder))
    assert says in str(problem.value)
    assert "metadata.py" in str(problem.value)


def test_metadata_is_never_run(folder: Path) -> None:
    trace = folder / "ran"
    (folder / "metadata.py").write_text(f"open({str(trace)!r}, 'w')\n{METADATA}")
    assert len([clip for clip in recipe("fsdd").clips(folder) if isinstance(clip, Clip)]) == 2
    assert not trace.exists()
