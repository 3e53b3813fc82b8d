"""docs/adding-a-metric.md, followed to the letter; and which metric a task gets."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.model.evaluate.evaluate import evaluate
from cryfish.model.evaluate.metric import METRICS
from cryfish.model.train.settings import EvaluateSettings
from cryfish.seams import PLUGINS, use_plugins

from .test_every_metric import check_miniature

PAGE = (Path(__file__).parents[3] / "docs" / "adding-a-metric.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    [text] = re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(text)


@pytest.fixture
def exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's file, in the folder where the page's command is run."""
    monkeypatch.setenv(PLUGINS, "")
    path = tmp_path / "exact.py"
    path.write_text(block("python"), encoding="utf-8")
    return path


def test_the_page_is_followed_to_the_letter(exact: Path, folder: Path) -> None:
    (exact.parent / "model").symlink_to(folder / "run")
    (exact.parent / "shards").symlink_to(folder)
    (exact.parent / "exact.yaml").write_text(block("yaml"), encoding="utf-8")
    [command] = re.findall(r"^\$ (cryfish .*)$", PAGE, re.MULTILINE)
    command = command.replace("cryfish", f"{sys.executable} -m cryfish", 1)
    done = subprocess.run(command, shell=True, cwd=exact.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [task] = json.loads((exact.parent / "evaluation" / "results.json").read_text())["tasks"]
    lines = (exact.parent / "evaluation" / "answers.jsonl").read_text().splitlines()
    heard = [one for one in map(json.loads, lines) if one["probe"] == "audio"]
    right = sum(one["generated"].strip() == one["label"] for one in heard)
    assert (task["task"], task["metric"], task["n"]) == ("pitch", "exact", 40)
    assert task["score"] == right / 40 > 0.9
    assert "exact" in done.stdout


def test_its_miniature_is_scored_like_any_other(exact: Path) -> None:
    use_plugins([exact])
    check_miniature(METRICS.get("exact"))


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> dict[str, Any]:
    shards, out = [str(folder / "test")], tmp_path / "evaluation"
    return {"checkpoint": folder / "run", "shards": shards, "out": out, "workers": 0, "per_task": 4}


def test_a_task_names_its_metric_and_the_settings_another(exact: Path, settings: dict[str, Any]) -> None:
    def metric(named: str = "", **more: Any) -> str:
        given = EvaluateSettings(**settings, **more)
        [task] = evaluate(given, metric_of=lambda task: named if task == "pitch" else "nothing").tasks
        return task.metric

    use_plugins([exact])
    assert metric() == "accuracy"
    assert metric("exact") == "exact"
    assert metric("exact", metrics={"pitch": "accuracy"}) == "accuracy"
    assert metric("f1") == "accuracy"  # it can't score labels
    with pytest.raises(InputError, match=r"metrics: no metric 'exakt' \(did you mean 'exact'\?\)"):
        metric(metrics={"pitch": "exakt"})
    with pytest.raises(InputError, match="metrics: the shards hold no task 'snr'"):
        metric(metrics={"snr": "exact"})


def test_a_broken_metric_breaks_itself_only(exact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (exact.parent / "inexact.py").write_text("import a_module_that_nobody_has\n")
    info = exact.parent / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[cryfish.metrics]\nexact = exact\ninexact = inexact\n")
    monkeypatch.syspath_prepend(str(exact.parent))
    fresh = replace(METRICS, plural="metrics")  # what was found before is kept
    assert {"exact", "accuracy"} <= fresh.all().keys()
    with pytest.raises(InputError, match=r"metric 'inexact' \(inexact\) can't be used: ModuleNotFoundError"):
        fresh.get("inexact")
