"""The wheel: built, installed apart from the checkout, and used."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("model", "pipeline", "recipes", "shards", "examples")
WAY = """
import sys
import cryfish
digits = cryfish.prepare("fsdd", sys.argv[1], "manifests")
asked = cryfish.write_instructions(digits, ["gender"], "asked.jsonl")
shards = cryfish.write_shards(digits, asked, "shards")
print(cryfish.__file__, len(cryfish.open_shards(shards)))
"""


def run(*command: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def files_of(folder: Path) -> set[str]:
    """What is there and isn't made by Python or a tool."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: setuptools leaves its traces where it builds."""
    source = tmp_path_factory.mktemp("source")
    for room in ROOMS:
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.suffix in (".py", ".toml", ".md", ".typed") or path.name == "LICENSE":
            shutil.copy(path, source)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    built = tmp_path_factory.mktemp("built")
    build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir")
    run(*pip, *build, built, source, cwd=built)
    [path] = built.glob("cryfish-*.whl")
    return path


def test_it_holds_every_file(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"cryfish/{room}/{name}" for room in ROOMS for name in files_of(ROOT / room)}
    wanted |= {f"cryfish/{path.name}" for path in ROOT.iterdir() if path.suffix in (".py", ".typed")}
    assert not wanted - held
    assert not {name for name in held if name.startswith("cryfish/")} - wanted


def test_it_works_outside_the_checkout(wheel: Path, corpora: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps")
    run(*pip, "--target", installed, wheel, cwd=tmp_path)
    path = {"PYTHONPATH": str(installed)}
    command = (sys.executable, "-m", "cryfish")
    assert "librispeech" in run(*command, "corpora", cwd=tmp_path, **path)
    example = installed / "cryfish" / "examples" / "cryfish-13k.yaml"
    assert "hours" in run(*command, "plan", example, cwd=tmp_path, **path)
    assert run(*command, "--version", cwd=tmp_path, **path).split()[-1] == wheel.name.split("-")[1]
    said = run(sys.executable, "-c", WAY, corpora / "digits", cwd=tmp_path, **path)
    assert said.splitlines()[-1].startswith(str(installed))
