"""What every reader of own data yields: a row of named values, or what can't be one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ....recipes.kit.corpus import BadClip, LeftOut, safe_id


@dataclass(frozen=True)
class Row:
    """Some values by name, as they stand where they were found; `where` names the place for people.

    A value is text, a number, a truth value, a list or None. `audio` is known where the reader knows it (a file that
    was found in a folder); else a column names it.
    """

    where: str
    values: Mapping[str, Any]
    audio: str = ""


Read = Row | BadClip | LeftOut
"""What a reader yields."""


def own_id(name: str) -> str:
    """A clip's id out of any name: as it is where it can be, else with a digest, so that no two names become one."""
    plain = name.replace("/", "-")
    safe = safe_id(plain)
    if safe == plain and len(safe) <= 100:
        return safe
    return f"{safe[:100]}-{hashlib.blake2b(name.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"


def flat(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested names as `outer.inner`; other values stay as they are."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found.update(flat(value, f"{before}{name}."))
        else:
            found[f"{before}{name}"] = value
    return found
