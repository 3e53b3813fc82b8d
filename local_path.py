"""Paths of this machine, told from addresses: `Path("s3://bucket/x")` would be a local folder named `s3:`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from .errors import InputError

# As a `Path` an address has one slash.
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:/")


def local_path(text: str | Path, where: str) -> Path:
    """A path of this machine; `where` names the option or field in the message.

    Raises:
        InputError: it is an address such as `s3://bucket/folder`, which would become a local folder named `s3:`.
    """
    if _ADDRESS.match(str(text)):
        raise InputError(
            f"{where}: {text} is an address, but this must be a path on this machine; give a local path "
            "(and copy from there or to there, or mount it)"
        )
    return Path(text)


def _not_an_address(value: Any) -> Any:
    if isinstance(value, str | Path) and _ADDRESS.match(str(value)):
        raise ValueError(f"must be a path on this machine, but {value} is an address; give a local path")
    return value


LocalPath = Annotated[Path, BeforeValidator(_not_an_address)]
"""A field of a config that is a path of this machine."""
