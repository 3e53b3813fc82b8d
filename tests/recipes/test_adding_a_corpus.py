"""docs/adding-a-corpus.md, followed: a corpus from outside. docs/recipes.md: what it shows is there, and works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from cryfish.seams import PLUGINS

from ..pages import follow
from .conftest import in_folder

ROOT = Path(__file__).parents[2]
LONG = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")


def test_the_page_brings_in_a_corpus_from_outside(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "adding-a-corpus.md").read_text(encoding="utf-8")
    plugin = tmp_path / "bells.py"
    plugin.write_text(re.findall(r"^```python bells.py\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[0])
    there: dict[str, Any] = {}
    exec(plugin.read_text(encoding="utf-8"), there)
    in_folder(there["make"], tmp_path / "bells")
    follow("adding-a-corpus.md", tmp_path)
    assert (tmp_path / "shards/bells/clips1-000000.tar").is_file()
    bad = (tmp_path / "manifests/bells/quarantine.jsonl").read_text(encoding="utf-8")
    assert "line 4: no split 'dev'" in bad


def test_the_common_tests_try_a_corpus_from_outside(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "adding-a-corpus.md").read_text(encoding="utf-8")
    plugin = tmp_path / "bells.py"
    plugin.write_text(re.findall(r"^```python bells.py\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[0])
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/recipes/test_every_recipe.py",
            "-kbells",
        ],
        cwd=ROOT,
        env={**os.environ, PLUGINS: str(plugin)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"[1-9]\d* passed", done.stdout)


def test_the_code_shown_is_the_code_there() -> None:
    recipe, miniature = re.findall(r"^```python\n(.*?)^```", LONG, re.MULTILINE | re.DOTALL)
    assert recipe == (ROOT / "recipes" / "yesno.py").read_text(encoding="utf-8")
    assert miniature == (ROOT / "tests/recipes/miniatures/yesno.py").read_text(encoding="utf-8")


def test_the_commands_work(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "waves_yesno").symlink_to(shared / "corpora" / "waves_yesno")
    commands = re.findall(r"^\$ cryfish ((?:prepare|instruct|shard) .*)$", LONG, re.MULTILINE)
    assert len(commands) == 3
    said = ""
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "cryfish", *command.split()], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        said += done.stdout
    assert re.findall(r"^yesno: .*$", said, re.MULTILINE) == re.findall(r"^yesno: .*$", LONG, re.MULTILINE)
    assert (tmp_path / "shards/yesno/clips1-000000.tar").is_file()
