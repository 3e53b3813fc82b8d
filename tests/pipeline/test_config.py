"""The config file: what it may say, and one sentence when it says something else."""

from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.config import load_config

GOOD = """
name: first-try
seed: 7
corpora:
  librispeech: {dir: corpora/LibriSpeech}
instruct:
  template: {tasks: {asr: 20, gender: all}}
shard: {target_size: 500MB}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "pipeline.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_start_from_the_config_file(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, GOOD))
    assert config.corpora["librispeech"].dir == tmp_path / "corpora" / "LibriSpeech"
    assert config.work_dir == tmp_path / "first-try"
    assert config.shard.target_size == 500_000_000
    assert config.instruct.template.tasks == {"asr": 20, "gender": "all"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed: 7", "sead: 7", r"field 'sead' is unknown; did you mean 'seed'\?"),
        (
            "seed: 7",
            "seed: soon",
            "field 'seed' must be a whole number from 0 to 4,294,967,295, found 'soon'",
        ),
        ("name: first-try\n", "", "field 'name' is missing; add it"),
        ("{dir: corpora/LibriSpeech}", "{dri: x}", r"field 'corpora\.librispeech\.d.*"),
        (
            "500MB",
            "plenty",
            "field 'shard.target_size': must be a number of bytes such as 500MB, found 'plenty'",
        ),
        ("asr: 20", "asr: 0", r"field 'instruct\.template\.tasks\.asr"),
        ("corpora:", "corpora: [", "isn't valid YAML"),
    ],
)
def test_mistakes_are_one_sentence_with_file_and_field(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(InputError, match=message) as caught:
        load_config(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_a_list_and_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_config(tmp_path / "none.yaml")
    for text in ("- a\n", ""):
        with pytest.raises(InputError, match="must hold fields such as"):
            load_config(write(tmp_path, text))


def test_hold_out_must_name_corpora_of_the_config(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"hold_out\.corpora' names 'ravdess'"):
        load_config(write(tmp_path, GOOD + "hold_out: {corpora: [ravdess]}\n"))
