"""What a run takes, told by `plan`: by the format of each corpus, from the measured table."""

import csv
import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from cryfish.pipeline.config import parse_config
from cryfish.pipeline.plan import FINGERPRINT_S, LOOK_FOR_S, plan
from cryfish.pipeline.speeds import augmented_seconds, seconds_per_hour
from cryfish.recipes.kit.corpus import Format
from cryfish.recipes.kit.registry import corpora, recipe

ROOT = Path(__file__).parents[2]


def rows() -> list[dict[str, str]]:
    with (ROOT / "pipeline" / "speeds.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def test_every_format_is_measured_and_it_is_told_when_and_on_what() -> None:
    assert {row["format"] for row in rows()} == {*get_args(Format), "augmented"}
    for row in rows():
        assert re.match(r"20\d\d-\d\d-\d\d, \w", row["measured"])
        assert float(row["shard"]) > 0
    assert {found.corpus.format for found in corpora().values()} == set(get_args(Format))


def test_the_next_rate_counts_in_proportion() -> None:
    measured = {(row["format"], int(row["rate"])): float(row["prepare"]) for row in rows()}
    assert seconds_per_hour(recipe("librispeech").corpus).prepare == measured["flac", 16_000]
    assert seconds_per_hour(recipe("commonvoice").corpus).prepare == measured["mp3", 48_000]
    assert seconds_per_hour(recipe("libritts_r").corpus).prepare == pytest.approx(
        measured["wav", 16_000] * 24_000 / 16_000
    )


def test_plan_adds_up_seconds_by_format(tmp_path: Path) -> None:
    def told(content: dict[str, object], stage: str) -> float:
        page = plan(parse_config(content, tmp_path / "config.yaml"), tmp_path)
        found = re.search(rf"^  {stage} +about ([0-9.,]+) (hours|minutes) on one core", page, re.MULTILINE)
        assert found is not None
        return float(found[1].replace(",", "")) * (3600 if found[2] == "hours" else 60)

    content = yaml.safe_load((ROOT / "examples" / "cryfish-13k.yaml").read_text(encoding="utf-8"))
    content["corpora"] = {
        "commonvoice": {"dir": "cv"},
        "voxceleb2": {"dir": "vc"},
        "librispeech": {"dir": "ls"},
    }
    room = next(step for step in content.pop("augment") if "room" in step)
    hours = {name: recipe(name).corpus.hours for name in content["corpora"]}
    speeds = {name: seconds_per_hour(recipe(name).corpus) for name in hours}
    prepare = sum(speeds[name].prepare * hours[name] for name in hours)
    shard = sum(speeds[name].shard * hours[name] for name in hours)
    listened = sum(hours.values())
    prepare += FINGERPRINT_S * listened
    assert told(content, "prepare") == pytest.approx(prepare, abs=200)  # told to a tenth of an hour
    assert told(content, "contamination") == pytest.approx(LOOK_FOR_S * listened, abs=200)
    assert told(content, "shard") == pytest.approx(shard, abs=200)  # told to a tenth of an hour
    content["augment"] = [room]
    spoken = hours["commonvoice"] + hours["librispeech"]
    assert told(content, "shard") == pytest.approx(
        shard + augmented_seconds().shard * spoken, abs=200
    )  # told to a tenth of an hour
    assert told(content, "augment") == pytest.approx(
        augmented_seconds().prepare * spoken, abs=200
    )  # told to a tenth of an hour
