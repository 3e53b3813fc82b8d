"""docs/adding-an-effect.md: what it shows works as it stands there, and a broken effect breaks itself only."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "adding-an-effect.md").read_text(encoding="utf-8")
[PLUGIN] = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
[STEPS] = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
[COMMANDS] = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
TESTED, *USED = COMMANDS.splitlines()


def done(command: str, folder: Path, **environment: str) -> str:
    command = command.replace("python -m", f"{sys.executable} -m", 1)
    command = re.sub(r"^cryfish", f"{sys.executable} -m cryfish", command)
    ran = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return ran.stdout


def sent(manifest: Path) -> dict[str, dict[str, Any]]:
    """The facts of the clips that went through the radio."""
    with gzip.open(manifest, "rt") as lines:
        cuts = [json.loads(line) for line in lines]
    radio = [cut for cut in cuts if "AmRadioBand" in json.dumps(cut["recording"].get("transforms", []))]
    assert 0 < len(radio) < len(cuts) == 48
    return {cut["id"]: cut["custom"]["facts"] for cut in radio}


def test_the_page_alone_adds_an_effect(tmp_path: Path, corpora: Path) -> None:
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "fsdd").symlink_to(corpora / "digits")
    plugin = tmp_path / "am_radio.py"
    plugin.write_text(PLUGIN)
    (tmp_path / "steps.yaml").write_text(STEPS)
    assert " passed" in done(TESTED.replace("am_radio.py", str(plugin), 1), ROOT)
    for command in USED:
        said = done(command, tmp_path)
    assert " 0 quarantined" in said
    radio = sent(tmp_path / "radio.cuts.jsonl.gz")
    assert all(2500 <= facts["bandwidth_hz"] <= 3500 for facts in radio.values())
    asked = [json.loads(line) for line in (tmp_path / "asked.jsonl").read_text().splitlines()]
    assert {one["clips"][0] for one in asked if one["task"] == "bandwidth"} == radio.keys()

    # Mended, it is drawn and rendered again, and nothing else is.
    assert "0 copied" in said
    plugin.write_text(PLUGIN.replace("butter(8,", "butter(6,"))
    done(USED[1], tmp_path)
    assert f" {48 - len(radio)} copied" in done(USED[3], tmp_path)


def test_a_broken_effect_breaks_itself_only(tmp_path: Path, corpora: Path) -> None:
    (tmp_path / "their_radio.py").write_text("import a_module_that_nobody_has\n")
    (tmp_path / "their_louder.py").write_text(
        PLUGIN.replace("Within(1000, 5000)", "Within(1000, float('inf'))")
    )
    info = tmp_path / "their-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[cryfish.effects]\nradio = their_radio\nlouder = their_louder\n")
    told = """
import sys
from cryfish.errors import InputError
from cryfish.pipeline.augment.settings import read_steps
print(len(read_steps([{"channel": {"share": 1, "telephone": {"share": 1}}}])))
for name in ("radio", "louder"):
    try:
        read_steps([{"channel": {"share": 1, name: {"share": 1}}}])
    except InputError as error:
        print(error)
"""
    path = os.pathsep.join([str(tmp_path), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
    (tmp_path / "told.py").write_text(told)
    there, radio, louder = done("python -m told", tmp_path, PYTHONPATH=path).splitlines()
    assert there == "1"
    assert radio == (
        "augment, step 1 (channel): effect 'radio' (their_radio) can't be used: ModuleNotFoundError: No module named "
        "'a_module_that_nobody_has'; mend it or take another"
    )
    assert (
        "effect 'louder' (their_louder) can't be used: TypeError: AmRadio: field 'hz' holds numbers" in louder
    )
