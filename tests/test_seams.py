"""Parts are found in the package, by entry points and in files that a user names; a broken one breaks itself only."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.model.encoders.encoders import ENCODERS
from cryfish.model.evaluate.metric import METRICS
from cryfish.pipeline.audio.effects import EFFECTS
from cryfish.pipeline.instruct.filters import ALL_FILTERS
from cryfish.pipeline.instruct.formats.formats import FORMATS
from cryfish.pipeline.instruct.llm.llm import ENGINES
from cryfish.pipeline.instruct.tasks.tasks import TASKS
from cryfish.recipes.kit.corpus import Corpus
from cryfish.recipes.kit.registry import CORPORA, corpora
from cryfish.seams import DECLARED, PLUGINS, Seam, _parts, use_plugins

from .pages import DOCS, follow

CORPUS = """
from pathlib import Path

from cryfish.recipes.kit.corpus import RECORDED_FOR_IT, Clip, Corpus, Licence
from cryfish.recipes.kit.spelling import find

CORPUS = Corpus(
    name="{name}",
    title="Three tones",
    description="A tone sounds in every clip.",
    hours=1.0,
    licence=Licence("CC0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    homepage="https://example.org",
    citation="none",
    layout=("tone*.wav",),
    splits={{"all": "train"}},
    facts=("sound_events",),
    tasks=(),
    no_origin=RECORDED_FOR_IT,
)


def clips(corpus_dir):
    for path in find(corpus_dir, "tone*.wav"):
        yield Clip(path.stem, "all", path.relative_to(corpus_dir), {{"sound_events": ["siren"]}})
"""


@pytest.fixture(autouse=True)
def _no_plugins_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLUGINS, "")


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    path = tmp_path / "tones.py"
    path.write_text(CORPUS.format(name="tones"))
    return path


def test_a_corpus_in_a_file_of_the_users_is_one_like_any_other(plugin: Path) -> None:
    assert "tones" not in corpora()
    use_plugins([plugin])
    assert corpora()["tones"].corpus.title == "Three tones"
    assert corpora()["tones"].home == CORPORA.home("tones") == f"file:{plugin}"
    assert list(corpora()) == sorted(corpora())
    assert os.environ[PLUGINS] == str(plugin)


def test_a_part_of_another_package_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "their_corpora.py").write_text(CORPUS.format(name="theirs"))
    (tmp_path / "their_broken.py").write_text("import a_module_that_nobody_has\n")
    info = tmp_path / "their-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[cryfish.corpora]\ntheirs = their_corpora\ntheir_broken = their_broken\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    found: Seam[Corpus] = Seam("corpus", "recipes", "CORPUS", lambda one: one.name, plural="corpora")
    parts: dict[str, Corpus] = dict(found.all())
    assert parts["theirs"].title == "Three tones"
    assert "esc50" in parts  # what is broken breaks itself only
    assert found.parts().broken["their_broken"].reason == (
        "ModuleNotFoundError: No module named 'a_module_that_nobody_has'"
    )
    with pytest.raises(InputError, match=r"corpus 'their_broken' .*can't be used: ModuleNotFoundError"):
        found.get("their_broken")
    with pytest.raises(InputError, match=r"no corpus 'esc5' \(did you mean 'esc50'\?\)"):
        found.get("esc5")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no such file"),
        ("def (", "can't be run (SyntaxError"),
        ("raise ValueError('no')", "can't be run (ValueError: no)"),
        ("import sys\nsys.exit(0)", "can't be run (SystemExit: 0)"),
        ("CORPORA = 3", "declares nothing; it needs one of CORPUS"),
        (CORPUS.format(name="esc50"), "the corpus 'esc50' is there already (recipes.esc50)"),
        ("CORPUS = None", "declares nothing; it needs one of CORPUS"),
        ("CORPUS = 3", "AttributeError: module"),
        ("class Odd(BaseException): pass\nraise Odd('two\\nlines')", "can't be run (Odd: two)"),
    ],
)
def test_a_plugin_that_is_wrong_is_one_sentence(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "mine.py"
    if content is not None:
        path.write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "cryfish", "--plugin", str(path), "corpora"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert f"cryfish: plugin {path}: " in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


KINDS = (CORPORA, EFFECTS, TASKS, ALL_FILTERS, ENGINES, FORMATS, ENCODERS, METRICS)


@pytest.mark.parametrize("seam", KINDS, ids=lambda seam: seam.declared)
@pytest.mark.parametrize("wrong", ["3", "'x'", "object()", "(3,)", "[]"])
def test_what_is_no_part_breaks_nobody_else(
    seam: Seam[Any], wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an installed package it is broken; in a file that the user named it is told at once."""
    names = set(seam.all())
    assert seam.declared in DECLARED
    module = f"their_{abs(hash((seam.declared, wrong)))}"
    (tmp_path / f"{module}.py").write_text(f"{seam.declared} = {wrong}\n")
    info = tmp_path / "their-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{seam.group}]\ntheirs = {module}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    fresh = replace(seam, plural=seam.group.partition(".")[2])
    _parts.cache_clear()
    assert set(fresh.all()) == names
    assert "theirs" in fresh.parts().broken
    (info / "entry_points.txt").unlink()
    _parts.cache_clear()
    use_plugins([tmp_path / f"{module}.py"])
    with pytest.raises(InputError, match=f"plugin .*{module}.py: "):
        seam.all()


def test_one_file_by_two_names_is_one(plugin: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(plugin)
    use_plugins([plugin, link, tmp_path / "x" / ".." / "tones.py"])
    assert corpora()["tones"].home == f"file:{plugin}"


def test_a_plugin_that_is_changed_while_it_is_used_is_told(plugin: Path) -> None:
    use_plugins([plugin])
    assert "tones" in corpora()
    plugin.write_text(plugin.read_text() + "\n# mended\n")
    with pytest.raises(InputError, match=r"tones\.py: was changed after it was read; start again"):
        corpora()


def test_a_plugin_reaches_the_workers(plugin: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    script = (
        "import numpy as np, soundfile\n"
        "for n in range(600):\n"
        "    soundfile.write(f'corpus/tone{n}.wav', 0.1 * np.sin(np.arange(8000) * 0.01 * (n + 1)), 16000)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "cryfish",
            "--plugin",
            str(plugin),
            "prepare",
            "tones",
            "corpus",
            "out",
            "--jobs",
            "2",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "tones: 600 clips" in done.stdout


def test_the_page_of_plugins_does_as_it_says_and_names_every_kind(tmp_path: Path) -> None:
    follow("plugins.md", tmp_path)
    page = (DOCS / "plugins.md").read_text(encoding="utf-8")
    for seam in (CORPORA, EFFECTS, TASKS, ALL_FILTERS, ENGINES, FORMATS, ENCODERS, METRICS):
        assert re.search(rf"`{seam.declared}`.* \| `{seam.group}` \| ", page), seam.kind
    for name in re.findall(r"\]\(([\w-]+\.md)\)", page):
        assert (DOCS / name).is_file()
