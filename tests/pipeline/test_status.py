"""plan's account of a run: what is done, what is to do, what is stale and why."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from cryfish.files import read_json, write_json
from cryfish.pipeline.config import load_config
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.plan import plan
from cryfish.pipeline.run import run

from .conftest import forget_code

ROOT = Path(__file__).resolve().parents[2]


def mend(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    forget_code()


def stages(config: Path) -> str:
    return plan(load_config(config), config.parent).partition("\nstages\n")[2]


def test_the_plan_tells_what_is_stale_and_why(
    tmp_path: Path, own_corpora: Path, write_config: Callable[..., Path], tree: Path
) -> None:
    config = write_config(corpora=own_corpora)
    assert "done" not in stages(config)
    with Engine() as engine:
        run(load_config(config), tmp_path, engine)
    page = stages(config)
    assert "stale" not in page
    assert "to do" not in page

    mend(tree / "recipes" / "esc50.py", "def clips(", "MENDED = 1\n\n\ndef clips(")
    page = stages(config)
    assert "stale: recipe changed (recipes/esc50.py) - esc50" in page
    assert page.count("stale") == 1
    work = tmp_path / "work"
    before = {path: path.stat().st_mtime_ns for path in work.rglob("*.cuts.jsonl.gz")}
    with Engine() as engine:
        run(load_config(config), tmp_path, engine)
    made = {
        path.relative_to(work).as_posix() for path, then in before.items() if path.stat().st_mtime_ns != then
    }
    assert made
    assert all(name.startswith("manifests/esc50/") for name in made)
    assert "stale" not in stages(config)

    mend(tree / "pipeline" / "augment" / "steps.py", "class RoomStep:\n", "class RoomStep:\n    mended = 1\n")
    page = stages(config)
    assert "stale: effect changed (pipeline/augment/steps.py)" in page
    assert "recipe changed" not in page

    mend(config, "seed: 3", "seed: 4")
    assert "config changed (seed: 3, now 4)" in stages(config)
    mend(config, "seed: 4", "seed: 3")

    sound = next((own_corpora / "digits" / "recordings").glob("*.wav"))
    soundfile.write(sound, np.sin(np.arange(9000) / 9).astype(np.float32), 8000)
    assert "input changed (content of the corpus folder) - fsdd" in stages(config)

    record = work / "manifests" / "fsdd.done.json"
    content = read_json(record)
    content.pop("made_from")
    write_json(record, content)
    assert "stale: made by an older version - fsdd" in stages(config)


def test_hours_are_those_that_there_are(
    tmp_path: Path, own_corpora: Path, write_config: Callable[..., Path]
) -> None:
    """Not those that were published, once a corpus is prepared; and nothing is said in a program's words."""
    config = write_config(corpora=own_corpora)
    with Engine() as engine:
        run(load_config(config), tmp_path, engine, until="prepare")
    summary = tmp_path / "work" / "manifests" / "esc50" / "summary.json"
    record = summary.parent.with_name("esc50.done.json")
    size = len(summary.read_bytes())
    write_json(summary, {**read_json(summary), "clips": 0, "hours": 0.0})
    content = read_json(record)
    write_json(record, {**content, "size": content["size"] + len(summary.read_bytes()) - size})
    page = plan(load_config(config), config.parent)
    line = next(line for line in page.splitlines() if line.strip().startswith("esc50"))
    assert "prepared: 0 clips, 0.00 h" in line
    assert line.split()[1] == "0.0"
    assert "None" not in page


def test_a_stopped_prepare_of_other_code_begins_anew(tmp_path: Path, own_corpora: Path, tree: Path) -> None:
    """What lies half-made goes on only when the same code made it."""
    from cryfish.pipeline.prepare.prepare import prepare_corpus, prepare_partition

    folder, out = own_corpora / "digits", tmp_path / "out"
    first = prepare_partition("fsdd", folder, out).arguments[-1]
    assert prepare_partition("fsdd", folder, out).arguments[-1] == first
    mend(tree / "recipes" / "fsdd.py", "def clips(", "MENDED = 1\n\n\ndef clips(")
    assert prepare_partition("fsdd", folder, out).arguments[-1] != first
    part = tmp_path / ".part-out"
    part.mkdir()
    (part / "train.cuts.jsonl.gz").write_bytes(b"of other code")
    write_json(
        part / "progress.json",
        {"digest": first, "clips": 1, "sizes": {"train.cuts.jsonl.gz": 13}, "summary": {}},
    )
    with Engine() as engine:
        assert prepare_corpus("fsdd", folder, out, engine=engine)["clips"] == 48
