"""docs/adding-a-corpus.md: what it shows is what is there, and its commands work on the real corpus."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-corpus.md").read_text(encoding="utf-8")


def test_the_code_shown_is_the_code_there() -> None:
    recipe, miniature = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert recipe == (ROOT / "recipes" / "yesno.py").read_text(encoding="utf-8")
    assert miniature == (ROOT / "tests/recipes/miniatures/yesno.py").read_text(encoding="utf-8")


def test_the_commands_work(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "waves_yesno").symlink_to(shared / "corpora" / "waves_yesno")
    commands = re.findall(r"^\$ cryfish ((?:prepare|instruct|shard) .*)$", PAGE, re.MULTILINE)
    assert len(commands) == 3
    said = ""
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "cryfish", *command.split()], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        said += done.stdout
    assert re.findall(r"^yesno: .*$", said, re.MULTILINE) == re.findall(r"^yesno: .*$", PAGE, re.MULTILINE)
    assert (tmp_path / "shards/yesno/clips1-000000.tar").is_file()
