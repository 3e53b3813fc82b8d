"""The folder of manifests that is being made: files that grow, and a note of how far they are good."""

from __future__ import annotations

import os
import time
from pathlib import Path

from ...files import fsync_path, read_json, write_json
from ...ownership import LEDGER, begin_folder, remove
from .probe import Probed
from .summary import Summary

NOTE_EVERY_S = 10.0
NOTE = "progress.json"
QUARANTINE = "quarantine.jsonl"


class ResumableFolder:
    """What a chunk became is appended; a run that goes on behind a note cuts off what came after it.

    `digest` tells whether an earlier run made the same; another's files are removed.
    """

    def __init__(self, folder: Path, stage: str, digest: str) -> None:
        self.folder = folder
        self.summary = Summary()
        self.clips = 0
        self._digest = digest
        self._noted = time.monotonic()
        self._sizes: dict[str, int] = {QUARANTINE: 0}
        if not self._resume():
            remove(folder)
            begin_folder(folder, stage)
            (folder / QUARANTINE).touch()

    def _resume(self) -> bool:
        note = self.folder / NOTE
        if not note.is_file():
            return False
        content = read_json(note)
        if content["digest"] != self._digest:
            return False
        for path in self.folder.iterdir():
            if path.name in content["sizes"]:
                os.truncate(path, content["sizes"][path.name])
            elif path.name not in (NOTE, LEDGER):
                remove(path)
        self._sizes, self.clips = content["sizes"], content["clips"]
        self.summary = Summary.from_note(content["summary"])
        return True

    def add(self, probed: Probed) -> None:
        for name, member in probed.members.items():
            self._append(name, member)
        if probed.quarantined:
            self._append(QUARANTINE, probed.quarantined)
        self.summary.merge(probed.summary)
        self.clips += probed.clips
        if time.monotonic() - self._noted > NOTE_EVERY_S:
            self.note()
            self._noted = time.monotonic()

    def _append(self, name: str, data: bytes) -> None:
        with (self.folder / name).open("ab") as stream:
            stream.write(data)
        self._sizes[name] = self._sizes.get(name, 0) + len(data)

    def note(self) -> None:
        for name in self._sizes:
            fsync_path(self.folder / name)
        content = {
            "digest": self._digest,
            "clips": self.clips,
            "sizes": self._sizes,
            "summary": self.summary.note(),
        }
        write_json(self.folder / NOTE, content)
