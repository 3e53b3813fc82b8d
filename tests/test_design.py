"""The tree of docs/design.md is the real one."""

import re
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("recipes", "pipeline", "shards", "model", "tests", "benchmarks")
OUTSIDE = ("tests", "benchmarks", "examples", "docs")
"""Folders beside the package, of which only the first level is told."""


def told() -> list[str]:
    """What stands before the two blanks of each line of the page's first block of code."""
    block = (ROOT / "docs" / "design.md").read_text(encoding="utf-8").split("```")[1]
    return re.findall(r"^(\S+)\s{2,}\S", block, re.MULTILINE)


def there() -> set[str]:
    """The root's modules and the folders that hold modules, or other files of ours, two levels deep at most."""
    found = {path.name for path in ROOT.glob("*.py") if not path.name.startswith("__")}
    for room in ROOMS[:4]:
        found.update(f"{init.parent.relative_to(ROOT)}/" for init in (ROOT / room).glob("**/__init__.py"))
    found.update(f"{name}/" for name in OUTSIDE if (ROOT / name).is_dir())
    return {name for name in found if len(PurePosixPath(name).parts) <= 2}


def test_the_page_tells_every_room_and_every_file_at_the_root_and_no_other() -> None:
    listed = told()
    assert len(listed) == len(set(listed))
    assert set(listed) == there()


def test_files_that_the_page_names_are_there() -> None:
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    modules = [f"/{path.relative_to(ROOT)}" for room in ROOMS for path in ROOT.glob(f"{room}/**/*.py")]
    modules += [f"/{path.name}" for path in ROOT.glob("*.py")]
    for name in set(re.findall(r"`([\w/]+\.py)`", page)):
        assert any(module.endswith(f"/{name}") for module in modules), name
