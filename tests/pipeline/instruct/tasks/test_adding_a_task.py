"""docs/adding-a-task.md, followed to the letter; and what a task from outside makes stale, or breaks."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cryfish import seams
from cryfish.errors import InputError
from cryfish.pipeline.engine import code
from cryfish.pipeline.engine.partitions import Partition
from cryfish.pipeline.instruct.sources import read_samples
from cryfish.pipeline.instruct.tasks.tasks import TASKS, task_named
from cryfish.pipeline.instruct.template.phrasings import phrasings_of
from cryfish.pipeline.instruct.template.stage import template_partition
from cryfish.seams import PLUGINS, use_plugins

from .test_every_task import check_miniature

PAGE = (Path(__file__).parents[4] / "docs" / "adding-a-task.md").read_text(encoding="utf-8")


@pytest.fixture
def longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's file, in the folder where the page's commands are run."""
    monkeypatch.setenv(PLUGINS, "")
    [written] = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    path = tmp_path / "longer.py"
    path.write_text(written, encoding="utf-8")
    return path


def test_the_page_is_followed_to_the_letter(longer: Path) -> None:
    (longer.parent / "tones").mkdir()
    for number in range(24):
        seconds = 1.0 + number / 5
        tone = 0.1 * np.sin(np.arange(round(8000 * seconds)) * 0.01 * (number + 1))
        soundfile.write(longer.parent / "tones" / f"{number}.wav", tone, 8000)
    commands = re.findall(r"^\$ (cryfish .*)$", PAGE, re.MULTILINE)
    assert [command.count("longer.py") for command in commands] == [0, 1, 1, 0]
    for command in commands:
        command = command.replace("cryfish", f"{sys.executable} -m cryfish", 1)
        done = subprocess.run(command, shell=True, cwd=longer.parent, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    asked = set()
    for sample in read_samples(longer.parent / "shards" / "longer"):
        for instruction in sample.instructions:
            seconds = sample.clips[0].seconds
            assert abs(seconds - 3) >= 0.5
            assert instruction.label == ("longer" if seconds > 3 else "shorter")
            asked.add((instruction.language, instruction.label))
    assert asked == {(language, label) for language in ("en", "de") for label in ("longer", "shorter")}


def test_its_miniature_is_asked_like_any_other(longer: Path) -> None:
    use_plugins([longer])
    check_miniature(TASKS.get("longer"))


def partition(folder: Path, task: str) -> Partition:
    code._code_of.cache_clear()
    return template_partition([], folder / "out.jsonl", tasks={task: "all"}, seed=0, languages=["en"])


def test_what_it_wrote_is_stale_when_it_changes_and_nothing_else(longer: Path) -> None:
    use_plugins([longer])
    before = partition(longer.parent, "longer"), partition(longer.parent, "scene")
    longer.write_text(longer.read_text("utf-8").replace("LIMIT = 3.0", "LIMIT = 4.0"), encoding="utf-8")
    # As in the next process.
    seams._READ.clear()
    seams._plugin.cache_clear()
    seams._parts.cache_clear()
    after = partition(longer.parent, "longer"), partition(longer.parent, "scene")
    assert code.changed_code(before[0].code, after[0].code) == ["longer.py"]
    assert before[1].code == after[1].code
    assert "pipeline/instruct/tasks/sounds.py" in after[1].code
    assert not after[1].code.keys() & {"pipeline/instruct/tasks/words.py", "longer.py"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('facts=("seconds",)', 'facts=("second",)', r"no fact 'second' \(did you mean 'seconds'\?\)"),
        ('kind="label"', 'kind="number"', "give their edges in 'bins'"),
    ],
)
def test_a_wrong_declaration_is_told_at_once(longer: Path, old: str, new: str, told: str) -> None:
    longer.write_text(longer.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=f"longer.py: can't be run .*{told}"):
        use_plugins([longer])


def test_wrong_wordings_are_told_when_they_are_used(longer: Path) -> None:
    longer.write_text(
        longer.read_text("utf-8").replace('"questions": ["Über', '"question": ["Über'), encoding="utf-8"
    )
    use_plugins([longer])
    with pytest.raises(
        InputError, match=r"task 'longer': templates: field 'de.forms\[1\]' lacks .* 'questions'"
    ):
        phrasings_of(task_named("longer"))


def test_a_broken_task_breaks_itself_only(longer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (longer.parent / "shorter.py").write_text("import a_module_that_nobody_has\n")
    info = longer.parent / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[cryfish.tasks]\nlonger = longer\nshorter = shorter\n")
    monkeypatch.syspath_prepend(str(longer.parent))
    monkeypatch.setenv(PLUGINS, "")
    fresh = replace(TASKS, plural="tasks")  # what was found before is kept
    assert {"longer", "asr"} <= fresh.all().keys()
    with pytest.raises(InputError, match=r"task 'shorter' \(shorter\) can't be used: ModuleNotFoundError"):
        fresh.get("shorter")
