"""The demo finds corpora by their layout and writes a config that a run accepts."""

from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.check.check import check
from cryfish.pipeline.config import parse_config
from cryfish.pipeline.demo.whole_way import demo, demo_config, find_corpora
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.stages import Run


def test_corpora_are_found_in_a_folder_or_are_the_folder(shared: Path) -> None:
    found = find_corpora(shared / "corpora")
    assert {"asterisk", "esc50", "fsdd", "librispeech", "ravdess", "tuxpaint"} <= set(found)
    assert set(find_corpora(shared / "corpora" / "RAVDESS")) == {"ravdess"}


def test_a_folder_without_corpora_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no corpus that has a recipe"):
        find_corpora(tmp_path)


@pytest.mark.parametrize("corpora", ["nowhere", "empty"])
def test_a_demo_that_finds_no_corpora_makes_nothing(tmp_path: Path, corpora: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no such folder|holds no corpus"):
        demo(tmp_path / "out", Engine(), corpora=tmp_path / corpora, encoder=None, llm=None)
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_the_config_of_real_corpora_passes_every_check(shared: Path, tmp_path: Path) -> None:
    found = find_corpora(shared / "corpora")
    models = {"encoder": "microsoft/wavlm-large", "llm": "Qwen/Qwen2.5-7B-Instruct"}
    content = demo_config(found, models, models["llm"], embedded=False, small=False)
    config = parse_config(content, tmp_path / "pipeline.yaml")
    check(Run(config, tmp_path), until="template")
    assert config.hold_out is not None
    assert set(config.hold_out.corpora) == set(found)
    assert "emotion" in config.instruct.template.tasks
