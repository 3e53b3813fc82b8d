"""The workshop in which real clips are prepared, augmented and rendered, once for all that judge them."""

from pathlib import Path

import pytest

from .harness import Workshop


@pytest.fixture(scope="session")
def workshop(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("heard"), shared / "corpora")
