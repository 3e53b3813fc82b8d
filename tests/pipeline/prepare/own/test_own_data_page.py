"""docs/own-data.md, followed to the letter."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from cryfish.pipeline.instruct.sources import read_samples

from ...conftest import cryfish
from . import own_data
from .own_data import FACTS, WAYS

PAGE = (Path(__file__).parents[4] / "docs" / "own-data.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    return [text for name, text in BLOCKS if name == kind]


def test_the_page_is_followed_to_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own_data.table(tmp_path / "made")
    (tmp_path / "made" / "wavs").rename(tmp_path / "talks")
    (tmp_path / "made" / "labels.csv").rename(tmp_path / "labels.csv")
    [table] = blocks("csv")
    assert (tmp_path / "labels.csv").read_text(encoding="utf-8-sig").replace("\r\n", "\n").startswith(table)
    mapping, config = blocks("yaml")
    (tmp_path / "mine.yaml").write_text(config, encoding="utf-8")
    done = []
    for block in blocks(""):
        told = ""
        for line in block.splitlines():
            if not line.startswith("$ cryfish "):
                assert line in told, f"the page shows {line!r}, but it says {told}"
                continue
            words = [
                str(found)
                for word in shlex.split(line.removeprefix("$ cryfish "))
                for found in (sorted(Path().glob(word)) if "*" in word else [word])
            ]
            code, told = cryfish(*words)
            assert code == 0, f"{line}: {told}"
            done.append(words[0])
    assert done == ["prepare", "prepare", "instruct", "shard", "run"]
    proposed = (tmp_path / "mapping.yaml").read_text(encoding="utf-8")
    for line in mapping.splitlines():
        assert line in proposed.splitlines()
    for shards in ("shards/talks", "mine/shards/train", "mine/shards/test"):
        clips = [clip for sample in read_samples(tmp_path / shards) for clip in sample.clips]
        assert clips
        for clip in clips:
            assert clip.facts == FACTS[clip.id.removeprefix("talks-")]


def test_every_way_that_the_page_names_is_one() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| .* \| `--", line)]
    named = {re.search(r"`--(\w+)", row)[1] for row in rows}  # type: ignore[index]
    assert named == {"folder", "manifest", "dataset", "kaldi", "nemo"}
    assert len(WAYS) == 5
    for row in rows:
        said = row.split("|")[3].strip().strip("`")
        content = yaml.safe_load(f"{{{said}}}")
        assert isinstance(content, dict)
        assert content.keys() <= {*named, "table", "map", "subset"}
    assert len(PAGE.splitlines()) <= 95, "at most two screens"
