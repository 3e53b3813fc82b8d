"""run: the stages of a config up to shards, on tiny real files: skipped when done, the same bytes after a kill."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

import numpy as np
import pytest
import soundfile

from cryfish.errors import InputError
from cryfish.files import read_json, sha256_of
from cryfish.locks import hold
from cryfish.ownership import LEDGER
from cryfish.pipeline.audio.manifests import read_cuts
from cryfish.pipeline.config import Config, load_config
from cryfish.pipeline.engine.partitions import Counts
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.instruct.jsonl import read_instructions
from cryfish.pipeline.layout import Layout
from cryfish.pipeline.plan import plan
from cryfish.pipeline.prepare.holdout import group_of
from cryfish.pipeline.run import run
from cryfish.pipeline.shard.shard import shard
from cryfish.recipes.kit.facts import read_facts
from cryfish.shards import open_index, read_example
from cryfish.shards.verify import verify

WriteConfig = Callable[..., Path]


def go(path: Path, jobs: int = 1) -> dict[str, dict[str, Any]]:
    with Engine(jobs) as engine:
        return run(load_config(path), path.parent, engine)


def test_the_whole_way_to_shards(write_config: WriteConfig, tmp_path: Path) -> None:
    counts = go(write_config())
    work = tmp_path / "work"
    assert counts["prepare"]["clips"] == 54
    for role in ("train", "test"):
        assert verify(work / "shards" / role).problems == []
    index = open_index([work / "shards" / "train"])
    asked = {index.tasks[code] for code in index.task.tolist()}
    assert asked == {"asr", "gender", "snr", "speaker_verification"}
    for row in range(len(index)):
        example = read_example(index, row)
        assert len(example.audio) == (2 if example.instruction.task == "speaker_verification" else 1)
        for record, samples in zip(example.clips, example.audio, strict=True):
            assert len(samples) == pytest.approx(record.seconds * 16_000, abs=2)
            assert record.corpus == "fsdd"
        if example.instruction.task == "snr":
            assert float(example.instruction.label) == pytest.approx(example.clips[0].facts["snr_db"])
        if example.instruction.task == "asr":
            assert example.instruction.answer.strip(".").lower() in ("zero", "one", "two")


def test_two_stages_have_instructions_and_shards_of_their_own(
    write_config: WriteConfig, tmp_path: Path
) -> None:
    path = write_config(old="    test: {", new="    stage2: {gender: 8, asr: 4}\n    test: {")
    counts = go(path)
    work = tmp_path / "work"
    assert counts["template"]["stage2"] == 12
    asked = {role: open_index([work / "shards" / role]) for role in ("train", "stage2", "test")}
    assert {asked["stage2"].tasks[code] for code in asked["stage2"].task.tolist()} == {"asr", "gender"}
    assert "snr" in {asked["train"].tasks[code] for code in asked["train"].task.tolist()}
    clips = {role: {index.key(row) for row in range(len(index))} for role, index in asked.items()}
    assert not clips["stage2"] & clips["test"]
    assert load_config(path).instruct.template.stage2 == {"gender": 8, "asr": 4}


def test_no_speaker_is_in_two_roles(write_config: WriteConfig, tmp_path: Path) -> None:
    go(write_config())
    groups: dict[str, set[str]] = {}
    for role in ("train", "test"):
        groups[role] = {
            group_of(str(cut.custom["corpus"]), cut.id, read_facts(cut))
            for path in (tmp_path / "work" / "augmented" / role).glob("fsdd*.gz")
            for cut in read_cuts(path)
        }
    assert groups["train"]
    assert groups["test"]
    assert not groups["train"] & groups["test"]


def test_what_is_done_is_not_done_again(write_config: WriteConfig, tmp_path: Path) -> None:
    path = write_config()
    go(path)
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "work").rglob("*") if file.is_file()}
    go(path)
    after = {file: file.stat().st_mtime_ns for file in (tmp_path / "work").rglob("*") if file.is_file()}
    assert before == after


def test_other_instructions_copy_the_audio(write_config: WriteConfig, tmp_path: Path) -> None:
    go(write_config())
    shards = tmp_path / "work" / "shards" / "train"
    index = open_index([shards])
    first = {index.key(row): read_example(index, row).audio for row in range(len(index))}
    counts = go(write_config(old="gender: 20, snr: all", new="gender: 10, snr: all, distance: all"))
    assert counts["shard"]["train copied"] > 0
    assert not list(shards.parent.glob(".cryfish-old*"))
    index = open_index([shards])
    assert "distance" in {index.tasks[code] for code in index.task.tolist()}
    shared_keys = 0
    for row in range(len(index)):
        if index.key(row) in first:
            shared_keys += 1
            for old, new in zip(first[index.key(row)], read_example(index, row).audio, strict=True):
                assert np.array_equal(old, new)
    assert shared_keys > 0


def test_copied_shards_have_the_bytes_of_rendered_ones(write_config: WriteConfig, tmp_path: Path) -> None:
    change = {"old": "gender: 20, snr: all", "new": "gender: 12, snr: all"}
    go(write_config())
    go(write_config(**change))
    go(write_config(work="fresh", **change))
    for path in (tmp_path / "fresh" / "shards" / "train").glob("*.tar"):
        assert path.read_bytes() == (tmp_path / "work" / "shards" / "train" / path.name).read_bytes()


def tars(work: Path) -> dict[str, str]:
    return {
        str(path.relative_to(work)): sha256_of(path)
        for path in sorted(work.rglob("*"))
        if path.is_file() and path.name != LEDGER and path.suffix not in (".flac",)
    }


def test_two_workers_make_the_same_files(write_config: WriteConfig, tmp_path: Path) -> None:
    go(write_config())
    alone = tars(tmp_path / "work")
    (tmp_path / "work").rename(tmp_path / "alone")
    go(write_config(), jobs=2)
    assert tars(tmp_path / "work") == alone


def test_killed_anywhere_it_ends_in_the_same_bytes(write_config: WriteConfig, tmp_path: Path) -> None:
    path = write_config()
    go(path)
    undisturbed = tars(tmp_path / "work")
    (tmp_path / "work").rename(tmp_path / "undisturbed")
    command = [sys.executable, "-m", "cryfish", "run", str(path), "--jobs", "1"]
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - began
    assert tars(tmp_path / "work") == undisturbed
    (tmp_path / "work").rename(tmp_path / "second")
    rng = random.Random(4)
    for _ in range(3):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=whole * rng.uniform(0.4, 0.9))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run(command, check=True, capture_output=True)
    assert tars(tmp_path / "work") == undisturbed


def shard_train(config: Config) -> Counts:
    """The stage alone: whole runs prepare what was changed anew."""
    to = Layout(config)
    files = to.augmented("train"), to.instructions("train"), to.shards("train")
    return shard(Engine(), *files, config.shard.target_size, max_bad=config.shard.max_bad)


def test_a_clip_that_goes_bad_is_quarantined(
    write_config: WriteConfig, own_corpora: Path, tmp_path: Path
) -> None:
    path = write_config(corpora=own_corpora)
    with Engine() as engine:
        run(load_config(path), tmp_path, engine, until="template")
    work = tmp_path / "work"
    victim = next(iter(read_instructions(work / "instructions" / "template" / "train.jsonl"))).clips[0]
    wav = own_corpora / "digits" / "recordings" / f"{victim.removeprefix('fsdd-')}.wav"
    samples, rate = soundfile.read(wav)
    soundfile.write(wav, samples[:10], rate)
    content = wav.stat()
    config = load_config(path)
    counts = shard_train(config)
    assert content.st_size > 0
    assert counts["quarantined"] >= 1
    reasons = [path.read_text() for path in (work / "shards" / "train").glob("*.quarantine.jsonl")]
    assert any(victim in reason for reason in reasons)
    assert verify(work / "shards" / "train").problems == []


def test_a_shard_whose_clips_are_all_bad_ends_nothing_where_so_many_are_allowed(
    write_config: WriteConfig, own_corpora: Path, tmp_path: Path
) -> None:
    path = write_config(corpora=own_corpora, old="200KB", new="200KB, max_bad: 0.9")
    with Engine() as engine:
        run(load_config(path), tmp_path, engine)
    shards = tmp_path / "work" / "shards" / "train"
    whole = {tar.name for tar in shards.glob("*.tar")}
    victims = read_json(shards / "clips1-000000.made.json")["render"]
    for victim in victims:
        wav = own_corpora / "digits" / "recordings" / f"{victim.removeprefix('fsdd-')}.wav"
        wav.write_bytes(b"")
    rmtree(shards)
    counts = shard_train(load_config(path))
    assert counts["quarantined"] >= len(victims)
    assert {tar.name for tar in shards.glob("*.tar")} <= whole - {"clips1-000000.tar"}
    assert counts["samples"] > 0


def test_a_lost_shard_is_made_again(write_config: WriteConfig, tmp_path: Path) -> None:
    go(write_config())
    tars = sorted((tmp_path / "work" / "shards" / "train").glob("*.tar"))
    bytes_before = [tar.read_bytes() for tar in tars]
    tars[0].unlink()
    tars[-1].write_bytes(tars[-1].read_bytes()[:-700])
    go(write_config())
    assert [tar.read_bytes() for tar in tars] == bytes_before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("/digits}", "/nowhere}", r"nowhere: no such folder \(field 'corpora\.fsdd\.dir'\)"),
        ("  fsdd: {", "  fsdb: {", r"fsd"),
        ("gender: 20", "gendre: 20", r"unknown task 'gendre' \(did you mean 'gender'\?\)"),
        ("from: [esc50]", "from: [musan]", "musan"),
        ("- noise:", "- noize:", "unknown step 'noize'"),
        ("snr_db: {uniform: [0, 20]}", "snr_db: {uniform: [20]}", "snr_db"),
        ("rooms: 6", "rooms: few", "rooms"),
    ],
)
def test_mistakes_are_found_before_anything_is_written(
    write_config: WriteConfig, tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        go(write_config(old=old, new=new))
    assert not (tmp_path / "work").exists()


def test_two_runs_in_one_folder_are_refused(write_config: WriteConfig, tmp_path: Path) -> None:
    path = write_config()
    with (
        hold(tmp_path / "work", inside=True),
        pytest.raises(InputError, match="another cryfish is at work here"),
    ):
        go(path)


def test_the_overview_tells_what_is_there_and_what_is_missing(
    write_config: WriteConfig, tmp_path: Path
) -> None:
    path = write_config(old="/sounds}", new="/sounds-not-there}")
    page = plan(load_config(path), tmp_path)
    assert "missing: cryfish download esc50" in page
    assert ", not prepared" in page
    assert "not for commercial use: esc50" in page
    go(write_config())
    assert "prepared: 48 clips" in plan(load_config(write_config()), tmp_path)


def test_the_hold_out_is_written_down(write_config: WriteConfig, tmp_path: Path) -> None:
    go(write_config())
    content = read_json(tmp_path / "work" / "manifests" / "hold-out.json")
    assert content["corpora"] == ["fsdd"]
    assert len(content["test"]) == 2
