"""The command line as a user meets it: help, stages one by one, and mistakes as one sentence with exit code 2."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.pipeline.instruct.jsonl import read_instructions


def cryfish(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cryfish", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_help_tells_the_way_of_the_data_and_every_command() -> None:
    page = cryfish("--help").stdout
    for name in (
        "corpora",
        "prepare",
        "augment",
        "instruct",
        "shard",
        "verify",
        "plan",
        "run",
        "train",
        "chat",
    ):
        assert f"\n  {name} " in page
    assert "corpora on disk" in page
    for name in ("template", "generate", "filter", "audit"):
        assert f"\n  {name} " in cryfish("instruct", "-h").stdout


def test_corpora_are_listed_and_chosen() -> None:
    chosen = json.loads(
        cryfish("corpora", "--task", "sound_event", "--licence", "commercial", "--json").stdout
    )
    names = {corpus["name"] for corpus in chosen}
    assert "tuxpaint" in names
    assert "esc50" not in names
    assert "LibriSpeech" not in cryfish("corpora", "--language", "fi").stdout


def test_the_stages_one_by_one(corpora: Path, tmp_path: Path) -> None:
    digits, sounds = tmp_path / "digits", tmp_path / "sounds"
    out = cryfish("prepare", "fsdd", corpora / "digits", digits, "--jobs", 1)
    assert out.returncode == 0, out.stderr
    assert "48 clips" in out.stdout
    assert cryfish("prepare", "esc50", corpora / "sounds", sounds, "--jobs", 1).returncode == 0
    steps = tmp_path / "steps.yaml"
    steps.write_text("- noise: {share: 1.0, from: [esc50], snr_db: {uniform: [0, 20]}}\n")
    augmented = tmp_path / "train.cuts.jsonl.gz"
    manifest = digits / "train.cuts.jsonl.gz"
    out = cryfish("augment", manifest, "--steps", steps, "--noise", f"esc50={sounds}", "--out", augmented)
    assert out.returncode == 0, out.stderr
    assert "24 with snr_db" in out.stdout
    asked = tmp_path / "train.jsonl"
    out = cryfish("instruct", "template", augmented, "--task", "snr", "--task", "gender=6", "--out", asked)
    assert out.returncode == 0, out.stderr
    assert {item.task for item in read_instructions(asked)} == {"snr", "gender"}
    page = tmp_path / "audit.html"
    assert cryfish("instruct", "audit", asked, "--html", page).returncode == 0
    assert "gender" in page.read_text()
    shards = tmp_path / "shards"
    out = cryfish("shard", augmented, "--instructions", asked, "--out", shards, "--target-size", "100KB")
    assert out.returncode == 0, out.stderr
    assert cryfish("verify", shards).returncode == 0
    tar = sorted(shards.glob("*.tar"))[0]
    tar.write_bytes(tar.read_bytes()[:-3000])
    damaged = cryfish("verify", shards)
    assert damaged.returncode == 1
    assert tar.name in damaged.stdout
    saved = tmp_path / "saved" / "clips1-000000.tar"
    out = cryfish("verify", saved.parent, "--salvage", tar, "--to", saved)
    assert out.returncode == 0, out.stderr + out.stdout


CANDIDATE = {
    "id": "1",
    "clips": ["a"],
    "corpus": "fsdd",
    "corpus_description": "Digits spoken by a few people.",
    "facts": {"gender": "female"},
    "question": "What can be said of the voice?",
    "answer": "It is a woman's voice.",
}


def test_filtering_divides_and_explains(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    leaking = {**CANDIDATE, "id": "2", "question": "How does the woman sound?"}
    path.write_text(json.dumps(CANDIDATE) + "\n" + json.dumps(leaking) + "\n")
    kept, dropped = tmp_path / "kept.jsonl", tmp_path / "dropped.jsonl"
    asked = tmp_path / "asked.jsonl"
    out = cryfish("instruct", "filter", path, "--kept", kept, "--dropped", dropped, "--instructions", asked)
    assert out.returncode == 0, out.stderr
    assert [json.loads(line)["id"] for line in kept.read_text().splitlines()] == ["1"]
    assert json.loads(dropped.read_text())["reasons"] == ["leak"]
    assert [item.origin for item in read_instructions(asked)] == ["generated"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("prepare", "fsdd", "nowhere", "out"), "nowhere: no such folder"),
        (("prepare", "librspeech", ".", "out"), "did you mean 'librispeech'?"),
        (("run", "none.yaml"), "none.yaml: no such file"),
        (("run", "none.yaml", "--until", "bake"), "no such stage"),
        (("verify", "nowhere"), "nowhere"),
        (("instruct", "template", "none.gz", "--task", "asr=few", "--out", "x"), "asr=few"),
        (("instruct", "template", "none.cuts.jsonl.gz", "--task", "asr", "--out", "x"), "none.cuts.jsonl.gz"),
        (("instruct", "filter", "none.jsonl", "--kept", "k", "--dropped", "d"), "none.jsonl"),
        (
            (
                "shard",
                "none.cuts.jsonl.gz",
                "--instructions",
                "x.jsonl",
                "--out",
                "o",
                "--target-size",
                "big",
            ),
            "big",
        ),
        (("train", "nowhere", "--out", "o", "--encoder", "e", "--llm", "l", "--epochs", 1), "nowhere"),
        (("train", "nowhere", "--out", "o", "--encoder", "e", "--llm", "l"), "epochs"),
        (("chat", "nowhere", "x.wav", "-q", "what?"), "nowhere: no such folder"),
        (("evaluate", "nowhere", "shards", "--out", "o"), "nowhere"),
        (("demo", "out", "--corpora", "nowhere"), "nowhere: no such folder"),
        (("browse", "nowhere"), "nowhere"),
    ],
)
def test_mistakes_are_one_sentence_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = cryfish(*arguments)
    assert result.returncode == 2, result.stdout + result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_run_and_plan_from_the_command_line(write_config: Callable[..., Path], tmp_path: Path) -> None:
    path = write_config()
    out = cryfish("plan", path)
    assert out.returncode == 0, out.stderr
    assert "gender" in out.stdout
    assert cryfish("run", path, "--until", "augment", "--jobs", 1).returncode == 0
    assert (tmp_path / "work" / "augmented" / "train" / "fsdd.cuts.jsonl.gz").is_file()
    assert not (tmp_path / "work" / "shards").exists()
