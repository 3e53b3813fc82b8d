"""Who may import whom (docs/design.md), read from the source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT: dict[str, set[str]] = {
    "recipes": set(),
    "shards": set(),
    "model": {"shards"},
    "pipeline": {"recipes", "shards", "model"},
}


def rooms_imported_by(path: Path) -> set[str]:
    """The rooms that a module's relative imports lead to."""
    depth = len(path.relative_to(ROOT).parts) - 1
    rooms: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth + 1:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            rooms.update(name.split(".")[0] for name in names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert node.module is None or node.module.split(".")[0] != "cryfish", (
                f"{path}: use a relative import"
            )
    return rooms & MAY_IMPORT.keys()


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_it_may(room: str) -> None:
    modules = sorted((ROOT / room).rglob("*.py"))
    assert modules
    for module in modules:
        others = rooms_imported_by(module) - {room}
        assert others <= MAY_IMPORT[room], f"{module.relative_to(ROOT)} imports {others - MAY_IMPORT[room]}"


def test_no_module_is_called_utils() -> None:
    tracked = [path for room in MAY_IMPORT for path in (ROOT / room).rglob("*.py")]
    assert not [path for path in tracked if path.stem in ("utils", "helpers", "misc", "common")]


def test_every_package_is_listed_for_installation() -> None:
    listed = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for room in MAY_IMPORT:
        for init in (ROOT / room).rglob("__init__.py"):
            package = ".".join(("cryfish", *init.parent.relative_to(ROOT).parts))
            assert f'"{package}"' in listed, f"{package} is missing from [tool.setuptools] packages"


def test_every_slow_test_is_there() -> None:
    for line in (ROOT / "tests" / "slow.txt").read_text(encoding="utf-8").split():
        path, _, test = line.partition("::")
        assert (ROOT / path).exists(), f"tests/slow.txt: {line}"
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), (
            f"tests/slow.txt: {line}"
        )
