"""Fixtures that every room's tests share."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real audio and reference cases beside the repository; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"no folder 'shared' beside the repository ({SHARED}): this test needs its real data")
    return SHARED
