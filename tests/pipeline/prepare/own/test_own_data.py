"""Own data: each way in gives cuts with facts like any corpus, and leads to shards by commands and by a config line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cryfish.pipeline.instruct.sources import read_samples

from ...conftest import cryfish
from . import own_data
from .own_data import CLIPS, FACTS, WAYS, bad_of, cuts_of, facts_of

SAYS = ["--map", "mood=emotion", "--always", "language=en", "--name", "mine"]
ASKED = ["--task", "emotion", "--task", "asr", "--task", "gender"]


def told_in(shards: Path) -> dict[str, dict[str, Any]]:
    """The facts of every clip in shards, by the text that was said: ids differ from way to way."""
    clips = [clip for sample in read_samples(shards, audio=True) for clip in sample.clips]
    assert {clip.corpus for clip in clips} == {"mine"}
    found = {}
    for clip in clips:
        # What keeps the pieces of one recording together isn't told by all ways.
        facts = {name: value for name, value in clip.facts.items() if name != "source"}
        name = next(name for name, told in FACTS.items() if told["text"] == facts["text"])
        found[name] = facts
    return found


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_to_shards_by_one_chain(way: str, tmp_path: Path) -> None:
    said = WAYS[way](tmp_path / "data")
    out = tmp_path / "mine"
    code, told = cryfish("prepare", *said, *SAYS, out, "--jobs", 1)
    assert code == 0, told
    assert "20 clips" in told
    assert "4 speakers" in told
    assert (out / "quarantine.jsonl").read_text() == ""
    manifests = sorted(out.glob("*.cuts.jsonl.gz"))
    speakers = [
        {
            facts_of(cut)["speaker"]
            for cut in cuts_of(path.parent).values()
            if cut["custom"]["split"] == path.name.partition(".")[0]
        }
        for path in manifests
    ]
    assert sum(map(len, speakers)) == 4, "no speaker is in two splits"
    asked = tmp_path / "asked.jsonl"
    assert cryfish("instruct", "template", *manifests, *ASKED, "--out", asked)[0] == 0
    code, told = cryfish(
        "shard", *manifests, "--instructions", asked, "--out", tmp_path / "shards", "--jobs", 1
    )
    assert code == 0, told
    assert told_in(tmp_path / "shards") == FACTS


LINES: dict[str, Any] = {
    "table": lambda data: {"folder": f"{data}", "table": f"{data}/labels.csv"},
    "lhotse": lambda data: {"manifest": f"{data}/cuts.jsonl.gz"},
    "hugging_face": lambda data: {"dataset": f"{data}/saved"},
    "kaldi": lambda data: {"kaldi": f"{data}/data/all"},
    "nemo": lambda data: {"nemo": [f"{data}/manifest.json"]},
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_to_shards_by_one_config_line(way: str, tmp_path: Path) -> None:
    WAYS[way](tmp_path / "data")
    line = {**LINES[way]("data"), "map": {"mood": "emotion"}, "always": {"language": "en"}}
    config = {
        "name": "run",
        "corpora": {"mine": line},
        "hold_out": {"corpora": ["mine"], "share": 0.5},
        "instruct": {"template": {"tasks": {"emotion": "all", "asr": "all"}, "test": {"asr": "all"}}},
    }
    path = tmp_path / "run.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    code, told = cryfish("plan", path)
    assert code == 0, told
    assert "asr                           all  mine" in told or way == "hugging_face"
    assert "before it can run" not in told
    assert re.search(r"  mine +\? +\? +\?  yours ", told), (
        "how long own data is, isn't known before it is prepared"
    )
    code, told = cryfish("run", path, "--jobs", 1)
    assert code == 0, told
    train, test = (told_in(tmp_path / "run" / "shards" / role) for role in ("train", "test"))
    assert {**train, **test} == FACTS
    assert not train.keys() & test.keys()
    assert {facts["speaker"] for facts in train.values()}.isdisjoint(
        facts["speaker"] for facts in test.values()
    )
    code, told = cryfish("plan", path)
    assert "stale" not in told, told
    assert "to do" not in told


def test_a_second_run_does_nothing_and_a_changed_table_is_noticed(tmp_path: Path) -> None:
    said, out = own_data.table(tmp_path / "data"), tmp_path / "mine"
    assert cryfish("prepare", *said, *SAYS, out, "--jobs", 1)[0] == 0
    written = (out / "summary.json").stat().st_mtime_ns
    assert cryfish("prepare", *said, *SAYS, out, "--jobs", 1)[0] == 0
    assert (out / "summary.json").stat().st_mtime_ns == written
    labels = tmp_path / "data" / "labels.csv"
    labels.write_text(labels.read_text(encoding="utf-8-sig").replace(";47;", ";48;"), encoding="utf-8")
    assert cryfish("prepare", *said, *SAYS, out, "--jobs", 1)[0] == 0
    assert facts_of(cuts_of(out)["mine-wavs-bea_0"])["age"] == 48
    assert cryfish("prepare", *said, *SAYS, "--map", "age=age_group", out, "--jobs", 1)[0] == 0
    assert "age" not in facts_of(cuts_of(out)["mine-wavs-bea_0"])


def test_the_bytes_do_not_depend_on_the_workers(tmp_path: Path) -> None:
    said = own_data.table(tmp_path / "data")
    for jobs in (1, 2):
        assert cryfish("prepare", *said, *SAYS, tmp_path / str(jobs), "--jobs", jobs)[0] == 0
    for path in (tmp_path / "1").glob("*.gz"):
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()


def test_a_proposal_is_printed_edited_and_given_back(tmp_path: Path) -> None:
    said, out = own_data.table(tmp_path / "data"), tmp_path / "mine"
    code, printed = cryfish("prepare", *said, "--name", "mine", "--propose", out)
    assert code == 0
    assert not out.exists()
    proposed = yaml.safe_load(printed)["columns"]
    assert proposed["sex"] == {"fact": "gender", "values": {"f": "female", "m": "male"}}
    assert proposed["clip"] == "audio"
    assert "mood" not in proposed, "a column of a name that says nothing isn't taken without being asked"
    assert "# mood: emotion  # may be emotion; holds" in printed
    mapping = tmp_path / "mapping.yaml"
    code, told = cryfish("prepare", *said, "--name", "mine", "--propose", "--mapping", mapping, out)
    assert (code, mapping.read_text(encoding="utf-8").count("\n")) == (0, printed.count("\n"))
    assert f"--mapping {mapping}" in told
    edited = {
        "columns": {
            **proposed,
            "mood": {"fact": "emotion", "values": {"joy": "excited", "sadness": None}},
            "age": "age_group",
        },
        "always": {"language": "German"},
    }
    del edited["columns"]["sentence"]
    mapping.write_text(yaml.safe_dump(edited), encoding="utf-8")
    code, told = cryfish("prepare", *said, "--name", "mine", "--mapping", mapping, out, "--jobs", 1)
    assert code == 0, told
    assert "column not used: sentence" in told
    facts = {cut_id: facts_of(cut) for cut_id, cut in cuts_of(out).items()}
    assert {told.get("emotion") for told in facts.values()} == {"excited", "angry", "neutral", None}
    assert {told["language"] for told in facts.values()} == {"de"}
    assert facts["mine-wavs-anna_0"]["age_group"] == "31"
    assert not any("text" in told for told in facts.values())


def test_unknown_values_quarantine_their_clip_and_too_many_end_it(tmp_path: Path) -> None:
    said, out = own_data.table(tmp_path / "data"), tmp_path / "mine"
    labels = tmp_path / "data" / "labels.csv"
    text = labels.read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    lines[1] = lines[1].replace(CLIPS[0]["mood"], "grumpy")
    lines[2] = lines[2].replace(";31;", ";old;")
    labels.write_text("\n".join(lines), encoding="utf-8")
    code, told = cryfish("prepare", *said, *SAYS, out, "--jobs", 1)
    assert code == 0, told
    assert "column 'age' says 'old', which as age is not a number" in bad_of(out)["mine-wavs-anna_1"]
    assert "labels.csv, line 2" in bad_of(out)["mine-wavs-anna_0"]
    labels.write_text(text.replace("joy", "grumpy"), encoding="utf-8")
    code, told = cryfish("prepare", *said, *SAYS, out, "--jobs", 1)
    assert code == 2
    assert "column 'mood' says 'grumpy', which as emotion is not one of neutral, calm, happy" in told
    assert "say under `values` of the mapping what it means" in told
    assert len(cuts_of(out)) == 18, "what was prepared before stays"


def test_a_table_and_its_folder_that_do_not_fit_together(tmp_path: Path) -> None:
    said, out = own_data.table(tmp_path / "data"), tmp_path / "mine"
    wavs = tmp_path / "data" / "wavs"
    (wavs / "anna_0.wav").unlink()
    (wavs / "bea_0.wav").rename(wavs / "elsewhere.wav")
    code, told = cryfish("prepare", *said, *SAYS, out, "--jobs", 1)
    assert code == 0, told
    assert {reason.partition(" (")[0] for reason in bad_of(out).values()} == {"the file is missing"}
    assert "left out: 1 x the table doesn't name the file" in told
    with (tmp_path / "data" / "labels.csv").open("a", encoding="utf-8") as file:
        file.write("carl_1;carl;m;25;joy;Twice.\n")
    assert cryfish("prepare", *said, *SAYS, out, "--jobs", 1)[0] == 0
    assert bad_of(out)["mine-wavs-carl_1"] == "duplicate id"


@pytest.mark.parametrize("name", ["nothing", "mydata", "fsd"])
def test_an_unknown_corpus_says_how_own_data_comes_in(name: str, tmp_path: Path) -> None:
    for arguments in ((name,), (name, tmp_path, tmp_path / "out")):
        code, told = cryfish("prepare", *arguments)
        assert code == 2
        assert f"no recipe '{name}'" in told
        assert "--folder DIR --table labels.csv" in told
        assert "docs/own-data.md" in told
        assert len(told) < 500, "it doesn't list all recipes"
    config = tmp_path / "c.yaml"
    config.write_text(
        f"name: c\ncorpora: {{{name}: {{dir: x}}}}\ninstruct: {{template: {{tasks: {{asr: 3}}}}}}\n"
    )
    code, told = cryfish("run", config)
    assert (code, "folder: DIR" in told) == (2, True)


MISTAKES = {
    "two ways": (["--folder", "data", "--nemo", "m.json"], "--folder and --nemo: give one of them"),
    "a recipe, too": (["--folder", "data", "fsdd", "data", "out"], "with --folder no recipe is named"),
    "a fact that isn't": (
        ["--folder", "data", "--map", "mood=emotin", "out"],
        "no fact 'emotin' (did you mean 'emotion'?)",
    ),
    "no pair": (["--folder", "data", "--map", "mood", "out"], "must be COLUMN=FACT"),
    "no folder": (["--folder", "nowhere", "out"], "nowhere is no folder"),
    "no table": (["--folder", "data", "--table", "x.csv", "out"], "no file x.csv"),
    "no manifest": (["--manifest", "x.jsonl.gz", "out"], "no file x.jsonl.gz"),
    "a recipe's name": (["--folder", "data", "--name", "fsdd", "out"], "'fsdd' is the name of a recipe"),
    "a bad name": (["--folder", "data", "--name", "my data", "out"], "choose another, such as my_data"),
    "a table without a folder": (
        ["--nemo", "data/labels.csv", "--table", "data/labels.csv", "o"],
        "belongs to a folder",
    ),
    "options of own data": (["fsdd", "data", "out", "--map", "mood=emotion"], "is for own data"),
    "no such column": (
        ["--folder", "data", "--table", "data/labels.csv", "--map", "moood=emotion", "out"],
        "no column 'moood' (did you mean 'mood'?)",
    ),
    "a value of all": (
        ["--folder", "data", "--always", "language=Klingonese", "out"],
        "language 'Klingonese' is not a language's English name",
    ),
    "no kaldi": (["--kaldi", "data", "out"], "no wav.scp here"),
    "a table as a manifest": (["--manifest", "data/labels.csv", "out"], "isn't JSON"),
    "no data set": (["--dataset", "data/empty", "out"], "dataset data/empty: can't be opened"),
    "hours": (["--folder", "data", "--hours", "2", "out"], "isn't known before it is prepared"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_one_sentence_and_nothing_is_written(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    own_data.table(tmp_path / "data")
    (tmp_path / "data" / "empty").mkdir()
    arguments, message = MISTAKES[mistake]
    code, told = cryfish("prepare", *arguments)
    assert code == 2, told
    assert message in told
    assert "Traceback" not in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_config_mistakes_are_told_at_once(tmp_path: Path) -> None:
    own_data.table(tmp_path / "data")
    config = {
        "name": "c",
        "corpora": {
            "mine": {"folder": "data", "table": "data/labels.csv", "map": {"moood": "emotion"}},
            "fsdd": {"folder": "data"},
            "other": {"folder": "nowhere"},
            "odd": {"kaldi": "data", "map": {"x": "emotin"}},
        },
        "instruct": {"template": {"tasks": {"asr": 3}}},
    }
    path = tmp_path / "c.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    code, told = cryfish("run", path)
    assert code == 2
    for fault in (
        "corpora.mine: ",
        "no column 'moood' (did you mean 'mood'?)",
        "'fsdd' is the name of a recipe",
        "nowhere is no folder",
        "no fact 'emotin' (did you mean 'emotion'?)",
    ):
        assert fault in told
    assert not (tmp_path / "c").exists()
    for section, message in (
        ({"dir": "x", "folder": "y"}, "both say where the data lies"),
        ({}, "must name where the data lies"),
        ({"dir": "x", "map": {"a": "text"}}, "'map' is for own data"),
    ):
        path.write_text(yaml.safe_dump({**config, "corpora": {"mine": section}}), encoding="utf-8")
        code, told = cryfish("plan", path)
        assert (code, message in told) == (2, True), told


def test_commands_send_plain_lhotse_cuts_to_prepare(tmp_path: Path) -> None:
    _, manifest = own_data.lhotse(tmp_path / "data")
    asked, steps = tmp_path / "asked.jsonl", tmp_path / "steps.yaml"
    asked.write_text("")
    steps.write_text("- channel: {share: 1, gain_db: 1}\n")
    for command in (
        ["instruct", "template", manifest, "--task", "asr", "--out", tmp_path / "t.jsonl"],
        ["instruct", "generate", manifest, "--llm", tmp_path, "--out", tmp_path / "g.jsonl"],
        ["augment", manifest, "--steps", steps, "--out", tmp_path / "a.jsonl.gz"],
        ["shard", manifest, "--instructions", asked, "--out", tmp_path / "s"],
    ):
        code, told = cryfish(*command)
        assert code == 2
        assert f"`cryfish prepare --manifest {manifest} OUT` brings them in" in told


def test_an_llm_is_told_what_somebody_said_of_the_clips(tmp_path: Path) -> None:
    from cryfish.pipeline.audio.manifests import read_cuts
    from cryfish.pipeline.instruct.generate.generate import about, told_of

    said, out = own_data.table(tmp_path / "data"), tmp_path / "mine"
    words = "Four people count in a kitchen."
    assert cryfish("prepare", *said, *SAYS, "--about", words, out, "--jobs", 1)[0] == 0
    cut = next(read_cuts(next(out.glob("*.gz"))))
    assert about(cut, "mine") == words
    assert told_of(cut)["emotion"] in own_data.MOODS.values()
    assert json.loads((out / "corpus.json").read_text())["description"] == words


def test_names_of_several_manifests_say_their_splits(tmp_path: Path) -> None:
    own_data.nemo(tmp_path / "data")
    lines = (tmp_path / "data" / "manifest.json").read_text(encoding="utf-8").splitlines()
    places: list[object] = []
    for name, some in (
        ("train_manifest", lines[:15]),
        ("validation", lines[15:18]),
        ("test-clean", lines[18:]),
    ):
        path = tmp_path / "data" / f"{name}.json"
        path.write_text("\n".join(some), encoding="utf-8")
        places += ["--nemo", path]
    out = tmp_path / "mine"
    code, told = cryfish("prepare", *places, *SAYS, out, "--jobs", 1)
    assert code == 0, told
    splits = [cut["custom"]["split"] for cut in cuts_of(out).values()]
    assert {split: splits.count(split) for split in splits} == {"train": 15, "dev": 3, "test": 2}
    labels = tmp_path / "data" / "train_manifest.json"
    labels.write_text("\n".join(lines[:14]), encoding="utf-8")
    assert "19 clips" in cryfish("prepare", *places, *SAYS, out, "--jobs", 1)[1], (
        "a changed manifest is noticed"
    )
    (tmp_path / "data" / "wavs" / f"{CLIPS[0]['clip']}.wav").unlink()
    assert "quarantined: 1" in cryfish("prepare", *places, *SAYS, out, "--jobs", 1)[1], "so is changed audio"
