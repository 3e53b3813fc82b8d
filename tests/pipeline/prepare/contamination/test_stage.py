"""A run whose train and test corpora overlap is caught, by id, by blacklist and by ear, and a clean one isn't."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from cryfish.errors import InputError
from cryfish.files import read_json, read_jsonl, sha256_of
from cryfish.pipeline.audio.manifests import find_manifests, read_cuts
from cryfish.pipeline.cli.cli import cryfish
from cryfish.pipeline.config import load_config
from cryfish.pipeline.engine.partitions import run_partition
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.plan import plan
from cryfish.pipeline.prepare.contamination.dropped import dropped_clips
from cryfish.pipeline.prepare.contamination.stage import Apart, keep_apart
from cryfish.pipeline.prepare.holdout import Roles, hold_out_partition
from cryfish.pipeline.prepare.prepare import prepare_corpus
from cryfish.pipeline.run import run

from .conftest import COPIES, Samples

Utterances = dict[str, tuple[Samples, int]]


def noise(path: Path, seed: int, seconds: float = 1.0, rate: int = 16_000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    soundfile.write(path, 0.1 * rng.standard_normal(round(seconds * rate)).clip(-4, 4), rate)


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines))


def make_esc50(folder: Path) -> None:
    """Fold 5, which is the test, has the recordings 100 and 101 of Freesound; fold 1 has 102."""
    rows = []
    for fold, source in ((5, 100), (5, 101), (1, 102)):
        name = f"{fold}-{source}-A-0.wav"
        noise(folder / "audio" / name, source)
        rows.append(f"{name},{fold},0,dog,False,{source},A")
    write(folder / "meta" / "esc50.csv", "filename,fold,target,category,esc10,src_file,take", *rows)


def make_urbansound8k(folder: Path) -> None:
    """Fold 1 is for training: of the recordings 100, which ESC-50's test has, 102, which its training has, and 103."""
    rows = []
    for source in (100, 102, 103):
        name = f"{source}-3-0-0.wav"
        noise(folder / "audio" / "fold1" / name, 1000 + source)
        rows.append(f"{name},{source},0,1,1,1,3,dog_bark")
    header = "slice_file_name,fsID,start,end,salience,fold,classID,class"
    write(folder / "metadata" / "UrbanSound8K.csv", header, *rows)


def make_wavcaps(folder: Path) -> None:
    entries = [{"id": str(number), "caption": "A dog barks."} for number in (7, 8, 101)]
    write(folder / "json_files" / "FreeSound" / "fsd_final.json", json.dumps({"data": entries}))
    write(
        folder / "json_files" / "blacklist" / "blacklist_exclude_test_ac.json",
        json.dumps({"FreeSound": ["7"], "AudioSet": []}),
    )
    for number in (7, 8, 101):
        path = folder / "FreeSound" / f"{number}.flac"
        noise(path, 2000 + number, rate=32_000)


def make_clotho(folder: Path) -> None:
    write(
        folder / "clotho_captions_evaluation.csv",
        "file_name,caption_1,caption_2,caption_3,caption_4,caption_5",
        "Dog.wav,A dog.,A bark.,Barks.,A dog barks.,Barking.",
    )
    noise(folder / "evaluation" / "Dog.wav", 3000)


MAKERS: dict[str, Callable[[Path], None]] = {
    "esc50": make_esc50,
    "urbansound8k": make_urbansound8k,
    "wavcaps": make_wavcaps,
    "clotho": make_clotho,
}


@pytest.fixture
def prepared(tmp_path: Path) -> dict[str, Path]:
    folders = {}
    for name, make in MAKERS.items():
        make(tmp_path / name)
        folders[name] = tmp_path / "manifests" / name
        prepare_corpus(name, tmp_path / name, folders[name], engine=Engine(), fingerprints=True)
    return folders


def dropped(path: Path) -> dict[str, tuple[str, str]]:
    """Clip -> how it was found, and with whom."""
    return {
        record["id"]: (record["by"], record["with"]["id"] or record["with"]["corpus"])
        for record in read_jsonl(path)
    }


def test_by_id_and_by_blacklist(prepared: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "contamination.jsonl"
    counts = keep_apart(Engine(), Apart(prepared), out)
    assert dropped(out) == {
        "urbansound8k-100-3-0-0": ("origin", "esc50-5-100-A-0"),
        "wavcaps-FreeSound-7": ("blacklist", "clotho"),
        "wavcaps-FreeSound-101": ("origin", "esc50-5-101-A-0"),
    }
    assert counts["clips"] == 3
    assert counts["by origin"] == 2
    assert counts["by blacklist"] == 1
    [record] = [record for record in read_jsonl(out) if record["by"] == "blacklist"]
    assert record == {
        "id": "wavcaps-FreeSound-7",
        "corpus": "wavcaps",
        "role": "train",
        "by": "blacklist",
        "what": "published list for clotho",
        "with": {"id": "", "corpus": "clotho", "role": "test"},
    }
    assert not list(tmp_path.glob(".cryfish-parts*"))


def test_only_what_is_asked_for_and_what_is_tested_with(prepared: dict[str, Path], tmp_path: Path) -> None:
    keep_apart(Engine(), Apart(prepared, ("blacklist",)), tmp_path / "a.jsonl")
    assert set(dropped(tmp_path / "a.jsonl")) == {"wavcaps-FreeSound-7"}
    trained = {name: prepared[name] for name in ("urbansound8k", "wavcaps")}
    # The tenth fold of UrbanSound8K, its test, isn't there.
    assert keep_apart(Engine(), Apart(trained), tmp_path / "b.jsonl")["clips"] == 0
    assert dropped(tmp_path / "b.jsonl") == {}


def test_any_number_of_workers_and_any_chunk_give_the_same_bytes(
    prepared: dict[str, Path], tmp_path: Path
) -> None:
    keep_apart(Engine(), Apart(prepared), tmp_path / "one.jsonl")
    with Engine(3) as engine:
        keep_apart(engine, Apart(prepared), tmp_path / "three.jsonl", chunk=1)
    assert sha256_of(tmp_path / "one.jsonl") == sha256_of(tmp_path / "three.jsonl")


def test_it_is_made_anew_when_a_corpus_changes_and_only_then(
    prepared: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "contamination.jsonl"
    keep_apart(Engine(), Apart(prepared), out)
    made = out.stat().st_mtime_ns
    keep_apart(Engine(), Apart(prepared), out)
    assert out.stat().st_mtime_ns == made
    (tmp_path / "wavcaps" / "json_files" / "blacklist" / "blacklist_exclude_test_ac.json").unlink()
    prepare_corpus("wavcaps", tmp_path / "wavcaps", prepared["wavcaps"], engine=Engine(), fingerprints=True)
    keep_apart(Engine(), Apart(prepared), out)
    assert "wavcaps-FreeSound-7" not in dropped(out)


def test_corpora_that_are_divided_together_are_divided_by_what_they_share(
    prepared: dict[str, Path], tmp_path: Path
) -> None:
    folders = {name: prepared[name] for name in ("esc50", "urbansound8k")}
    for seed in range(8):
        file = tmp_path / f"hold-out-{seed}.json"
        run_partition(hold_out_partition(folders, file, seed, 0.5))
        roles = Roles(file)
        sides: dict[str, set[str]] = {}
        for name, folder in folders.items():
            for path in find_manifests(folder):
                for cut in read_cuts(path):
                    sides.setdefault(cut.custom["origin"][0], set()).add(roles.role(cut, name, ""))
        assert all(len(side) == 1 for side in sides.values()), (seed, sides)
        assert {role for side in sides.values() for role in side} == {"train", "test"}
        out = tmp_path / f"{seed}.jsonl"
        assert keep_apart(Engine(), Apart(folders, hold_out=file), out)["clips"] == 0


CONFIG = """
name: apart
work: {work}
corpora:
  librispeech: {{dir: {real}/LibriSpeech}}
  ljspeech: {{dir: {tmp}/LJSpeech-1.1}}
  esc50: {{dir: {tmp}/esc50}}
  urbansound8k: {{dir: {tmp}/urbansound8k}}
augment:
  - noise: {{share: 1.0, from: [esc50, urbansound8k], snr_db: {{uniform: [10, 20]}}}}
instruct:
  template:
    tasks: {{asr: all, sound_event: all}}
    test: {{asr: 10}}
{more}
"""


@pytest.fixture
def overlapping(shared: Path, utterances: Utterances, tmp_path: Path) -> dict[str, str]:
    """A training corpus in LJ Speech's layout, half of it LibriSpeech's test; returns clip -> what it is."""
    folder = tmp_path / "LJSpeech-1.1"
    (folder / "wavs").mkdir(parents=True)
    made: dict[str, str] = {}
    lines = []

    def add(samples: Samples, rate: int, what: str) -> None:
        name = f"LJ001-{len(made) + 1:04d}"
        soundfile.write(folder / "wavs" / f"{name}.wav", samples, rate)
        lines.append(f"{name}|Some words.|Some words.")
        made[f"ljspeech-{name}"] = what

    kinds = list(COPIES.items())
    for number, (samples, rate) in enumerate(utterances.values()):
        kind, copy = kinds[number % len(kinds)]
        heard, heard_rate = copy(samples, rate)
        add(heard, heard_rate, kind)
        add(heard[round(0.31 * heard_rate) : round(4.31 * heard_rate)], heard_rate, f"{kind}, cut")
    for path in sorted((shared / "corpora" / "LJSpeech-1.1" / "wavs").glob("*.wav")):
        samples, rate = soundfile.read(path, dtype="float32")
        add(samples, rate, "clean")
    write(folder / "metadata.csv", *lines)
    make_esc50(tmp_path / "esc50")
    make_urbansound8k(tmp_path / "urbansound8k")
    return made


def config(tmp_path: Path, shared: Path, more: str = "") -> Path:
    path = tmp_path / "config.yaml"
    text = CONFIG.format(work=tmp_path / "work", real=shared / "corpora", tmp=tmp_path, more=more)
    path.write_text(text)
    return path


def go(path: Path, until: str = "template") -> dict[str, dict[str, Any]]:
    return run(load_config(path), path.parent, Engine(), until)


def used(work: Path, role: str) -> tuple[set[str], set[str]]:
    """The clips of a role, and the noises under them."""
    clips, noises = set(), set()
    for path in (work / "augmented" / role).glob("*.gz"):
        for cut in read_cuts(path):
            clips.add(cut.id)
            text = json.dumps(cut.to_dict())
            noises |= {
                name for name in ("100-3-0-0", "102-3-0-0", "103-3-0-0", "1-102-A-0") if f"{name}.wav" in text
            }
    return clips, noises


def test_a_run_is_kept_apart(overlapping: dict[str, str], shared: Path, tmp_path: Path) -> None:
    path = config(tmp_path, shared)
    page = plan(load_config(path), path.parent)
    assert "not known yet; these share a source\n    freesound: esc50, urbansound8k" in page
    go(path)
    work = tmp_path / "work"
    found = dropped(work / "manifests" / "contamination.jsonl")
    copies = {clip for clip, what in overlapping.items() if what != "clean"}
    assert {what for clip, what in overlapping.items() if clip not in found} >= {"clean"}
    missed = {clip: overlapping[clip] for clip in copies - found.keys()}
    assert all(what == "gsm, cut" for what in missed.values()), missed
    assert found.keys() - copies == {"urbansound8k-100-3-0-0"}
    assert all(by == ("fingerprint", found[clip][1]) for clip, by in found.items() if clip in copies)
    assert all(found[clip][1].startswith("librispeech-") for clip in copies & found.keys())
    clips, noises = used(work, "train")
    assert not clips & found.keys()
    assert clips >= {clip for clip, what in overlapping.items() if what == "clean"}
    # The recording that the test has is no noise of the training either.
    assert "100-3-0-0" not in noises
    assert noises
    asked = {
        clip for record in read_jsonl(work / "instructions/template/train.jsonl") for clip in record["clips"]
    }
    assert asked
    assert not asked & found.keys()
    assert len(used(work, "test")[0]) == 60 + 2
    page = plan(load_config(path), path.parent)
    assert f"{len(found)} clips" in page
    assert "by fingerprint" in page
    # Nothing is done again.
    made = {file: file.stat().st_mtime_ns for file in work.rglob("*") if file.is_file()}
    go(path)
    assert made == {file: file.stat().st_mtime_ns for file in work.rglob("*") if file.is_file()}


def test_a_run_that_asks_for_none_of_it_drops_nothing(
    overlapping: dict[str, str], shared: Path, tmp_path: Path
) -> None:
    off = "contamination: {origins: false, speakers: false, blacklists: false, fingerprints: false}"
    path = config(tmp_path, shared, off)
    assert "are not kept apart" in plan(load_config(path), path.parent)
    assert go(path)["contamination"] == {}
    work = tmp_path / "work"
    assert not (work / "manifests" / "contamination.jsonl").exists()
    assert not list(work.rglob("*.prints"))
    assert used(work, "train")[0] >= overlapping.keys()


def test_the_commands(prepared: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "contamination.jsonl"
    done = CliRunner().invoke(
        cryfish, ["contamination", *map(str, prepared.values()), "--out", str(out), "--jobs", "1"]
    )
    assert done.exit_code == 0, done.output
    assert "3 clips, 0.00 h dropped (by origin 2, by blacklist 1)" in done.output
    assert dropped_clips(out) == dropped_clips(tmp_path) == dropped(out).keys()
    manifests = [str(path) for name in ("urbansound8k", "wavcaps") for path in find_manifests(prepared[name])]
    steps = tmp_path / "steps.yaml"
    steps.write_text("- channel: {share: 1.0, codec: {share: 1.0, of: [gsm]}}\n")
    augmented, asked = tmp_path / "train.cuts.jsonl.gz", tmp_path / "asked.jsonl"
    calls = [
        [
            "augment",
            *manifests,
            "--steps",
            str(steps),
            "--out",
            str(augmented),
            "--without",
            str(out),
            "--jobs",
            "1",
        ],
        [
            "instruct",
            "template",
            *manifests,
            "--task",
            "sound_event",
            "--task",
            "caption",
            "--out",
            str(asked),
        ],
        ["shard", *manifests, "--instructions", str(asked), "--out", str(tmp_path / "shards"), "--jobs", "1"],
    ]
    calls[1] += ["--without", str(out)]
    for call in calls[:2]:
        done = CliRunner().invoke(cryfish, call)
        assert done.exit_code == 0, done.output
    kept = {"urbansound8k-102-3-0-0", "urbansound8k-103-3-0-0", "wavcaps-FreeSound-8"}
    assert {cut.id for cut in read_cuts(augmented)} == kept
    assert {clip for record in read_jsonl(asked) for clip in record["clips"]} == kept
    # Instructions that were written before are left out of the shards.
    assert CliRunner().invoke(cryfish, calls[1][:-2]).exit_code == 0
    assert {clip for record in read_jsonl(asked) for clip in record["clips"]} > kept
    done = CliRunner().invoke(cryfish, [*calls[2], "--without", str(tmp_path)])
    assert done.exit_code == 0, done.output
    stored = {
        clip for file in (tmp_path / "shards").glob("*.made.json") for clip in read_json(file)["render"]
    }
    assert stored == kept


@pytest.mark.parametrize("content", ['{"id": 3}', '{"clip": "a"}', "{"])
def test_a_list_that_is_something_else_is_told(content: str, tmp_path: Path) -> None:
    path = tmp_path / "contamination.jsonl"
    path.write_text(f"{content}\n")
    with pytest.raises(InputError, match=r"contamination\.jsonl: line 1 "):
        dropped_clips(path)
    with pytest.raises(InputError, match="no such file; name the one"):
        dropped_clips(tmp_path / "nothing.jsonl")


def test_fingerprints_that_are_damaged_or_missing_are_told(prepared: dict[str, Path], tmp_path: Path) -> None:
    prints = prepared["esc50"] / "fold5.prints"
    content = prints.read_bytes()
    prints.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match=r"fold5\.prints: is damaged"):
        keep_apart(Engine(), Apart(prepared), tmp_path / "a.jsonl")
    assert not (tmp_path / "a.jsonl").exists()
    prints.unlink()
    call = ["contamination", *map(str, prepared.values()), "--out", str(tmp_path / "b.jsonl"), "--jobs", "1"]
    done = CliRunner().invoke(cryfish, call)
    assert done.exit_code == 0, done.output
    assert "caution: esc50 prepared without --fingerprints" in done.output
