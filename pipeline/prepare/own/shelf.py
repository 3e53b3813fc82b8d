"""Things looked up by name while a file streams by: on disk, since data of millions of clips don't fit in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Self


class Shelf:
    """Texts under a kind and a name, in the order in which they were put there; it goes with the process."""

    def __init__(self) -> None:
        # Without a name SQLite keeps it in memory as long as it is small, then in a file that nobody sees.
        self._base = sqlite3.connect("")
        self._base.execute("CREATE TABLE held (kind TEXT, name TEXT, text TEXT)")
        self._sorted = False

    def put(self, kind: str, pairs: Iterable[tuple[str, str]]) -> None:
        self._base.executemany(
            "INSERT INTO held VALUES (?, ?, ?)", ((kind, name, text) for name, text in pairs)
        )

    def get(self, kind: str, name: str) -> list[str]:
        """All that was put under this kind and name."""
        if not self._sorted:
            self._base.execute("CREATE INDEX IF NOT EXISTS names ON held (kind, name)")
            self._sorted = True
        found = self._base.execute(
            "SELECT text FROM held WHERE kind = ? AND name = ? ORDER BY rowid", (kind, name)
        )
        return [text for (text,) in found]

    def all(self, kind: str) -> Iterator[tuple[str, str]]:
        yield from self._base.execute("SELECT name, text FROM held WHERE kind = ? ORDER BY rowid", (kind,))

    def close(self) -> None:
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()
