"""A how-to page is followed as a reader would: its files are written, its commands run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
_BLOCK = re.compile(r"^```(\w*) ?(\S*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def follow(page: str, folder: Path) -> None:
    """Writes the files of a page in docs/ (```` ```python NAME ````) to a folder, and there runs its `$ cryfish`
    commands; each must succeed and say the lines that stand below it."""
    for _, name, content in _BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        if name:
            (folder / name).write_text(content, encoding="utf-8")
    for _, name, content in _BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        if not name and content.startswith("$ cryfish "):
            for asked in content.removeprefix("$ cryfish ").split("\n$ cryfish "):
                command, *expected = re.sub(r"\\\n\s*", "", asked).strip().splitlines()
                run(command, expected, folder)


def run(command: str, expected: list[str], folder: Path) -> None:
    words = re.findall(r'"([^"]*)"|(\S+)', command)
    done = subprocess.run(
        [sys.executable, "-m", "cryfish", *(quoted or word for quoted, word in words)],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert [line for line in expected if line not in said] == [], done.stdout
