"""The command line as a user meets it: help, stages one by one, and mistakes as one sentence with exit code 2."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

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
    for name in ("template", "generate", "filter", "audit", "export", "import"):
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
    assert "24 with noise_type" in out.stdout
    assert "without snr_db (the clip's own noise is too loud" in out.stdout
    assert re.search(r"\d+ with snr_db", out.stdout)
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


def test_manifests_of_a_corpus_that_was_moved(corpora: Path, tmp_path: Path) -> None:
    digits, sounds = tmp_path / "digits", tmp_path / "sounds"
    moved = tmp_path / "moved"
    shutil.copytree(corpora, tmp_path / "corpora")
    for name, folder, prepared in (("fsdd", "digits", digits), ("esc50", "sounds", sounds)):
        place = tmp_path / "corpora" / folder
        assert cryfish("prepare", name, place, prepared, "--jobs", 1, "--headers-only").returncode == 0
    (tmp_path / "corpora").rename(moved)
    steps, augmented, asked = (
        tmp_path / "steps.yaml",
        tmp_path / "train.cuts.jsonl.gz",
        tmp_path / "train.jsonl",
    )
    steps.write_text("- noise: {share: 1.0, from: [esc50], snr_db: 10}\n")
    manifest = digits / "train.cuts.jsonl.gz"
    augment = ("augment", manifest, "--steps", steps, "--noise", f"esc50={sounds}", "--out", augmented)
    refused = cryfish(*augment)
    assert refused.returncode == 2
    assert "--audio-root" in refused.stderr
    places = [
        f"--audio-root={name}={moved / folder}" for name, folder in (("fsdd", "digits"), ("esc50", "sounds"))
    ]
    out = cryfish(*augment, *places)
    assert out.returncode == 0, out.stderr
    # Cuts that weren't augmented go into shards just so.
    assert cryfish("instruct", "template", manifest, "--task", "gender", "--out", asked).returncode == 0
    for name, cuts in (("augmented", augmented), ("plain", manifest)):
        out = cryfish("shard", cuts, "--instructions", asked, "--out", tmp_path / name, *places)
        assert out.returncode == 0, out.stderr
        assert "0 quarantined" in out.stdout
        assert cryfish("verify", tmp_path / name).returncode == 0


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
    assert "leak" in json.loads(dropped.read_text())["reasons"]
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
        (
            ("shard", "c.gz", "--instructions", "x.jsonl", "--out", "o", "--audio-root", "fsdd=nowhere"),
            "no folder nowhere",
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


def test_the_plan_of_the_papers_mixture_adds_up_with_no_corpus_installed() -> None:
    """13,000 hours of unique audio within 1 %, recomputed from the figures; 3.2 + 0.6 + 0.2 million instructions."""
    example = Path(__file__).parents[3] / "examples" / "cryfish-13k.yaml"
    out = cryfish("plan", example)
    assert out.returncode == 0, out.stderr
    corpora_part, instructions_part = out.stdout.split("\ninstructions ")

    def number(text: str) -> float:
        return float(text.replace(",", ""))

    rows = re.findall(
        r"^  ([a-z0-9_]+) +([0-9,.]+) +([0-9,.]+) +[0-9,.]+  .* missing: \S", corpora_part, re.MULTILINE
    )
    told = {name: (number(used), number(unique)) for name, used, unique in rows}
    config = yaml.safe_load(example.read_text(encoding="utf-8"))
    assert told.keys() == config["corpora"].keys()
    table = (Path(__file__).parents[3] / "recipes" / "kit" / "hours.tsv").read_text(encoding="utf-8")
    published: dict[str, float] = {}
    for line in table.splitlines()[1:]:
        corpus, split, _, hours, _, _, _ = line.split("\t")
        published[corpus] = published.get(corpus, 0.0) + float(hours)
        if corpus == "wavcaps":
            published[f"wavcaps/{split}"] = float(hours)
    asked = {name: section.get("hours", published[name]) for name, section in config["corpora"].items()}
    for name, hours in asked.items():
        assert hours <= published[name] + 0.01
        assert told[name][0] == pytest.approx(hours, abs=0.06)
    # Recordings that two of them may hold count once; the other corpora of this mixture share none.
    wavcaps = asked["wavcaps"] / published["wavcaps"]
    freesound = ["esc50", "urbansound8k", "fsd50k", "clotho"]
    again = asked["covost2"] + asked["audiocaps"] + wavcaps * published["wavcaps/AudioSet_SL"]
    again += sum(asked[name] for name in freesound)
    assert asked["covost2"] < asked["commonvoice"]
    assert max(asked[name] for name in freesound) < wavcaps * published["wavcaps/FreeSound"]
    unique = sum(asked.values()) - again
    assert 13_000 <= unique <= 13_000 * 1.01
    assert sum(mine for _, mine in told.values()) == pytest.approx(unique, abs=1)
    everything = re.search(r"^  in all +([0-9,.]+) +([0-9,.]+) ", corpora_part, re.MULTILINE)
    assert everything is not None
    assert number(everything[1]) == pytest.approx(sum(asked.values()), abs=1)
    assert number(everything[2]) == pytest.approx(unique, abs=1)
    for title, count in (("templates, stage 1", 3_200_000), ("templates, stage 2", 200_000)):
        block = instructions_part.partition(f"  {title}: {count:,}\n")[2]
        tasks = re.match(r"(    \w+ +[0-9,]+  [a-z].*\n)+", block)
        assert tasks is not None
        wanted = re.findall(r"^    \w+ +([0-9,]+)  ", tasks[0], re.MULTILINE)
        assert sum(int(each.replace(",", "")) for each in wanted) == count
    assert re.search(r"written by an LLM .*: 600,000, ", instructions_part)
    assert "in all: 4,000,000 for training" in instructions_part
    assert "no corpus here serves it" not in instructions_part
    assert "not for commercial use: gigaspeech" in corpora_part
