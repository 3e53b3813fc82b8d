"""Every single value within facts, however they are nested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Each value with the name nearest to it, in small letters and with `_` between its parts."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, str(name).lower().replace("-", "_").replace(" ", "_"))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, key)
    else:
        yield key, value
