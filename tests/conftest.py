"""Fixtures that every room's tests share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SLOW = tuple((ROOT / "tests" / "slow.txt").read_text(encoding="utf-8").split())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as slow what slow.txt lists: folders, files and tests that `make check` leaves to `make test`."""
    for item in items:
        if item.path.relative_to(ROOT).as_posix().startswith(SLOW) or item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real audio and reference cases beside the repository; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"no folder 'shared' beside the repository ({SHARED}): this test needs its real data")
    return SHARED
