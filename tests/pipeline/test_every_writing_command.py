"""What holds for every command that writes: it takes an output that is absent, empty or its own, and refuses all else
before it touches anything. Nothing of the user's is ever changed."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cryfish.locks import hold
from cryfish.ownership import is_ours_by_name

from .conftest import cryfish

World = dict[str, Path]
CANDIDATES = [
    {
        "id": f"{number:016x}",
        "clips": [f"fsdd-{number}_anna_3"],
        "corpus": "fsdd",
        "corpus_description": "Spoken digits.",
        "facts": {"gender": "female"},
        "question": "Who is speaking here?",
        "answer": "A woman is speaking.",
    }
    for number in range(3)
]


@dataclass(frozen=True)
class Command:
    """`call(world, out)` are its arguments; `reads` are inputs by their names; `where` is what it calls its output.

    `runs`: quick enough to be run here, and with no model. `inside`: its lock lies in its folder.
    """

    call: Callable[[World, object], list[object]]
    reads: tuple[str, ...] = ()
    folder: bool = False
    runs: bool = True
    suffix: str = ""
    inside: bool = False
    where: str = "--out: "


def config(world: World, work: object) -> Path:
    path = world["root"] / "tiny.yaml"
    text = (
        f"name: tiny\nwork: '{work}'\ncorpora: {{fsdd: {{dir: {world['digits']}}}}}\n"
        "instruct: {template: {tasks: {gender: 6}}}\n"
    )
    path.write_text(text)
    return path


def filter_call(option: str) -> Callable[[World, object], list[object]]:
    def call(world: World, out: object) -> list[object]:
        outs = {"--kept": world["root"] / "k.jsonl", "--dropped": world["root"] / "d.jsonl", option: out}
        return ["instruct", "filter", world["candidates"], *(item for pair in outs.items() for item in pair)]

    return call


COMMANDS = {
    "prepare": Command(
        lambda world, out: ["prepare", "fsdd", world["digits"], out, "--jobs", 1],
        ("digits",),
        folder=True,
        where="OUT: ",
    ),
    "contamination": Command(
        lambda world, out: ["contamination", world["sounds"], "--out", out, "--jobs", 1],
        ("sounds",),
        suffix=".jsonl",
    ),
    "prepare own data": Command(
        lambda world, out: ["prepare", "--folder", world["digits"], "--name", "mine", out, "--jobs", 1],
        ("digits",),
        folder=True,
        where="OUT: ",
    ),
    "prepare --propose": Command(
        lambda world, out: ["prepare", "--folder", world["digits"], "--propose", "--mapping", out, "mine"],
        ("digits",),
        suffix=".yaml",
        where="--mapping: ",
    ),
    "rirs": Command(
        lambda world, out: ["rirs", out, "--spec", world["rooms"], "--jobs", 1],
        (),
        folder=True,
        where="OUT: ",
    ),
    "augment": Command(
        lambda world, out: [
            *("augment", world["train"], "--steps", world["steps"], "--noise", f"esc50={world['sounds']}"),
            *("--out", out, "--jobs", 1),
        ],
        ("train", "sounds"),
        suffix=".cuts.jsonl.gz",
    ),
    "augment --preview": Command(
        lambda world, out: [
            *("augment", world["train"], "--steps", world["steps"], "--noise", f"esc50={world['sounds']}"),
            *("--out", out, "--preview", 1),
        ],
        ("sounds",),
        suffix=".html",
    ),
    "instruct template": Command(
        lambda world, out: ["instruct", "template", world["train"], "--task", "gender=6", "--out", out],
        ("train",),
        suffix=".jsonl",
    ),
    "instruct generate": Command(
        lambda world, out: ["instruct", "generate", world["train"], "--llm", "none", "--out", out],
        ("train",),
        suffix=".jsonl",
        runs=False,
    ),
    "instruct filter --kept": Command(
        filter_call("--kept"), ("candidates",), suffix=".jsonl", where="--kept: "
    ),
    "instruct filter --dropped": Command(
        filter_call("--dropped"), ("candidates",), suffix=".jsonl", where="--dropped: "
    ),
    "instruct filter --instructions": Command(
        filter_call("--instructions"), ("candidates",), suffix=".jsonl", where="--instructions: "
    ),
    "instruct audit --html": Command(
        lambda world, out: ["instruct", "audit", world["asked"], "--html", out],
        ("asked",),
        suffix=".html",
        where="--html: ",
    ),
    "instruct audit --json": Command(
        lambda world, out: ["instruct", "audit", world["asked"], "--json", out],
        ("asked",),
        suffix=".json",
        where="--json: ",
    ),
    "instruct export": Command(
        lambda world, out: ["instruct", "export", world["shards"], "--format", "swift", "--out", out],
        ("shards",),
        folder=True,
        inside=True,
    ),
    "instruct import": Command(
        lambda world, out: ["instruct", "import", world["annotation"], "--out", out],
        ("annotation",),
        suffix=".jsonl",
    ),
    "shard": Command(
        lambda world, out: [
            *("shard", world["train"], "--instructions", world["asked"], "--out", out, "--jobs", 1),
        ],
        ("train", "asked"),
        folder=True,
    ),
    "verify --to": Command(
        lambda world, out: [
            *("verify", world["shards"], "--salvage", world["shards"] / "clips1-000000.tar", "--to", out),
        ],
        ("tar",),
        suffix=".tar",
        where="--to: ",
    ),
    "run": Command(
        lambda world, out: ["run", config(world, out), "--jobs", 1],
        ("digits",),
        folder=True,
        inside=True,
        where="field 'work': ",
    ),
    "demo": Command(
        lambda world, out: ["demo", out, "--corpora", world["corpora"]],
        ("corpora",),
        folder=True,
        runs=False,
        where="OUT: ",
    ),
    "train": Command(
        lambda world, out: [
            *("train", world["shards"], "--out", out, "--encoder", "none", "--llm", "none", "--epochs", 1),
        ],
        ("shards",),
        folder=True,
        runs=False,
        inside=True,
    ),
    "evaluate": Command(
        lambda world, out: ["evaluate", world["model"], world["shards"], "--out", out],
        ("shards", "model"),
        folder=True,
        runs=False,
        inside=True,
    ),
    "download": Command(
        lambda world, out: ["download", "yesno", out],
        folder=True,
        runs=False,
        inside=True,
        where="CORPUS_DIR: ",
    ),
}
RUN_HERE = [name for name, command in COMMANDS.items() if command.runs]


@pytest.fixture(scope="module")
def made(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of every stage, each the input of another; copied for each test."""
    root = tmp_path_factory.mktemp("world")
    shutil.copytree(corpora, root / "corpora")
    steps = root / "steps.yaml"
    steps.write_text("- noise: {share: 1.0, from: [esc50], snr_db: 10}\n")
    (root / "rooms.yaml").write_text("{rooms: 3, distances: 1, rt60_s: [0.15, 0.2]}\n")
    (root / "candidates.jsonl").write_text("".join(json.dumps(one) + "\n" for one in CANDIDATES))
    (root / "model").mkdir()
    (root / "model" / "config.json").write_text("{}")
    for call in (
        ("prepare", "fsdd", root / "corpora" / "digits", root / "fsdd", "--jobs", 1),
        ("prepare", "esc50", root / "corpora" / "sounds", root / "esc50", "--jobs", 1),
        (
            *("instruct", "template", root / "fsdd" / "train.cuts.jsonl.gz", "--task", "gender=6"),
            *("--out", root / "asked.jsonl"),
        ),
        (
            *("shard", root / "fsdd" / "train.cuts.jsonl.gz", "--instructions", root / "asked.jsonl"),
            *("--out", root / "shards", "--jobs", 1),
        ),
        ("instruct", "export", root / "shards", "--format", "cryfish", "--out", root / "annotations"),
    ):
        code, said = cryfish(*call)
        assert code == 0, said
    return root


@pytest.fixture
def world(made: Path, tmp_path: Path) -> World:
    root = tmp_path / "world"
    shutil.copytree(made, root, symlinks=True)
    # What the manifests and the annotation say of the audio is absolute and still true: the first copy is still there.
    return {
        "root": root,
        "corpora": root / "corpora",
        "digits": root / "corpora" / "digits",
        "train": root / "fsdd" / "train.cuts.jsonl.gz",
        "sounds": root / "esc50",
        "steps": root / "steps.yaml",
        "rooms": root / "rooms.yaml",
        "asked": root / "asked.jsonl",
        "candidates": root / "candidates.jsonl",
        "annotation": root / "annotations" / "annotation.json",
        "shards": root / "shards",
        "tar": root / "shards" / "clips1-000000.tar",
        "model": root / "model",
    }


def content(folder: Path) -> dict[str, str]:
    """Every file and link below a folder, with what it holds; but for the ledgers and locks of ours."""
    return {
        str(path.relative_to(folder)): (
            f"-> {path.readlink()}"
            if path.is_symlink()
            else "folder"
            if path.is_dir()
            else hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in sorted(folder.rglob("*"))
        if not any(is_ours_by_name(part) for part in (path, *path.parents)) and path != folder / "tiny.yaml"
    }


def foreign_folder(path: Path) -> Path:
    (path / "deep").mkdir(parents=True)
    (path / "thesis.txt").write_text("mine")
    (path / "deep" / "clips1-000000.tar").write_text("mine too")
    return path


def parent_of_input(world: World, command: Command) -> Path | None:
    return world[command.reads[0]].parent if command.reads else None


def inside_input(world: World, command: Command) -> Path | None:
    folders = [world[name] for name in command.reads if world[name].is_dir()]
    return folders[0] / f"new{command.suffix}" if folders else None


def _foreign(world: World, command: Command) -> Path:
    out = world["root"] / f"theirs{command.suffix}"
    if command.folder:
        return foreign_folder(out)
    out.write_text("mine")
    return out


def _wrong_kind(world: World, command: Command) -> Path:
    out = world["root"] / f"other{command.suffix}"
    if not command.folder:
        return foreign_folder(out)
    out.write_text("mine")
    return out


def _link(world: World, command: Command) -> Path:
    link = world["root"] / f"link{command.suffix}"
    link.symlink_to(_foreign(world, command))
    return link


def _circle(world: World, command: Command) -> Path:
    link = world["root"] / f"circle{command.suffix}"
    link.symlink_to(link)
    return link


def _another_command(world: World, command: Command) -> Path:
    """A folder of another stage (or of another corpus); or a file that another command wrote."""
    return world["sounds"] if command.folder else world["asked"]


def _below_a_file(world: World, command: Command) -> Path:
    (world["root"] / "file").write_text("mine")
    return world["root"] / "file" / f"out{command.suffix}"


REFUSED: dict[str, Callable[[World, Command], object]] = {
    "foreign": _foreign,
    "another kind": _wrong_kind,
    "a link to a foreign one": _link,
    "the input itself": lambda world, command: world[command.reads[0]] if command.reads else None,
    "a folder around the input": lambda world, command: (
        parent_of_input(world, command) if command.folder else None
    ),
    "inside the input": inside_input,
    "below a file": _below_a_file,
    "an address": lambda world, command: f"s3://bucket/out{command.suffix}",
    "the working folder": lambda world, command: ".",
    "not writable": lambda world, command: Path("/sys") / f"out{command.suffix}",
    "another command's output": _another_command,
    "in another command's output": lambda world, command: world["sounds"] / f"new{command.suffix}",
    "a circle of links": _circle,
    "a name of ours": lambda world, command: world["root"] / f".cryfish-new{command.suffix}",
    "below a name of ours": lambda world, command: world["root"] / ".cryfish-mine" / f"new{command.suffix}",
    "too long a name": lambda world, command: world["root"] / f"{'n' * 240}{command.suffix}",
}


@pytest.mark.parametrize("state", REFUSED)
@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_not_ours_is_refused_untouched(
    name: str, state: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = COMMANDS[name]
    monkeypatch.chdir(foreign_folder(world["root"] / "here"))
    out = REFUSED[state](world, command)
    if state == "another command's output" and name == "instruct template":
        pytest.skip("the file is its own")
    if out is None:
        pytest.skip("there is no such output")
    if state == "not writable" and not Path("/sys").is_dir():
        pytest.skip("no read-only file system here")
    before = content(world["root"])
    code, said = cryfish(*command.call(world, out))
    assert content(world["root"]) == before
    assert code == 2, said
    assert "Traceback" not in said
    assert command.where.strip(": ") in said
    assert len(said.strip().splitlines()) <= 5, said


@pytest.mark.parametrize(
    "state", ["absent", "deep", "empty", "a link to an empty one", "ours", "a parent's link"]
)
@pytest.mark.parametrize("name", RUN_HERE)
def test_what_is_absent_empty_or_ours_is_taken_and_the_rest_stays(
    name: str, state: str, world: World, tmp_path: Path
) -> None:
    command = COMMANDS[name]
    if name == "verify --to" and state == "ours":
        pytest.skip("a salvaged shard is never replaced")
    mine = foreign_folder(tmp_path / "mine")
    out = mine / f"out{command.suffix}"
    if state == "deep":
        out = mine / "a" / "b" / f"out{command.suffix}"
    elif state == "empty" and command.folder:
        out.mkdir()
    elif state == "a link to an empty one":
        target = tmp_path / f"target{command.suffix}"
        if command.folder:
            target.mkdir()
        out.symlink_to(target)
    elif state == "a parent's link":
        (tmp_path / "link").symlink_to(mine)
        out = tmp_path / "link" / f"out{command.suffix}"
    before = {name: held for name, held in content(mine).items() if not name.startswith("out")}
    code, said = cryfish(*command.call(world, out))
    assert code == 0, said
    if state == "ours":
        note = out / "note.txt" if command.folder else None
        if note is not None:
            note.write_text("mine")
        first = content(out) if command.folder else {"": hashlib.sha256(out.read_bytes()).hexdigest()}
        code, said = cryfish(*command.call(world, out))
        assert code == 0, said
        again = content(out) if command.folder else {"": hashlib.sha256(out.read_bytes()).hexdigest()}
        assert again == first
    if state == "a link to an empty one":
        assert out.is_symlink()
    assert out.exists()
    after = content(mine)
    assert before.items() <= after.items()


@pytest.mark.parametrize("name", COMMANDS)
def test_an_output_that_another_holds_is_refused_untouched(name: str, world: World, tmp_path: Path) -> None:
    command = COMMANDS[name]
    out = tmp_path / "place" / f"out{command.suffix}"
    if name in ("instruct filter --dropped", "instruct filter --instructions", "demo") or "audit" in name:
        pytest.skip("its lock is another's, or it writes in one move")
    if name in ("augment --preview", "verify --to", "prepare --propose"):
        pytest.skip("writes in one move")
    if name in ("instruct generate", "train", "evaluate"):
        pytest.skip("needs a model; held in test_generate.py, test_train.py and test_evaluate.py")
    out.parent.mkdir()
    if command.inside:
        out.mkdir()
    purpose = "stage" if name in ("augment", "contamination") else "lock"
    with hold(out, inside=command.inside, purpose=purpose):
        code, said = cryfish(*command.call(world, out))
        assert code == 2, said
        assert "another cryfish is at work here" in said
        assert content(out.parent) in ({}, {"out": "folder"})


def test_two_real_processes_on_one_folder_end_in_one_whole_output(world: World, tmp_path: Path) -> None:
    for name in ("prepare", "shard", "augment", "contamination"):
        command = COMMANDS[name]
        out = tmp_path / name / f"out{command.suffix}"
        call = [sys.executable, "-m", "cryfish", *map(str, command.call(world, out))]
        running = [
            subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _ in range(2)
        ]
        said = [process.communicate()[0] for process in running]
        codes = [process.returncode for process in running]
        assert 0 in codes, said
        for code, words in zip(codes, said, strict=True):
            assert code == 0 or (code == 2 and "another cryfish is at work here" in words), words
        alone = tmp_path / f"{name}-alone" / f"out{command.suffix}"
        assert cryfish(*command.call(world, alone))[0] == 0
        whole = content(alone.parent)
        assert {path for path in content(out.parent) if "done.json" not in path} == {
            path for path in whole if "done.json" not in path
        }
        for path, digest in content(out.parent).items():
            if "done.json" not in path:
                assert whole[path] == digest, path


def test_what_others_put_into_our_folders_outlives_every_change(world: World, tmp_path: Path) -> None:
    """Made again with other settings, a folder loses what we wrote, and nothing else."""
    changed: dict[str, list[object]] = {
        "prepare": [*COMMANDS["prepare"].call(world, tmp_path / "prepare"), "--limit", 3],
        "shard": [*COMMANDS["shard"].call(world, tmp_path / "shard"), "--target-size", "20KB"],
    }
    for name, call in changed.items():
        out = tmp_path / name
        assert cryfish(*COMMANDS[name].call(world, out))[0] == 0
        foreign_folder(out / "own")
        (out / "readme.md").write_text("mine")
        mine = {path: held for path, held in content(out).items() if path.startswith(("own", "readme"))}
        code, said = cryfish(*call)
        assert code == 0, said
        assert mine.items() <= content(out).items()
        code, said = cryfish(*COMMANDS[name].call(world, out))
        assert code == 0, said
        assert mine.items() <= content(out).items()


def test_a_file_in_the_way_of_a_new_one_is_refused_untouched(world: World, tmp_path: Path) -> None:
    out = tmp_path / "prepared"
    assert cryfish(*COMMANDS["prepare"].call(world, out), "--split", "train")[0] == 0
    (out / "test.cuts.jsonl.gz").write_text("mine")
    before = content(tmp_path)
    code, said = cryfish(*COMMANDS["prepare"].call(world, out))
    assert code == 2
    assert "test.cuts.jsonl.gz" in said
    assert {name: held for name, held in content(tmp_path).items() if "done.json" not in name} == {
        name: held for name, held in before.items() if "done.json" not in name
    }


def test_a_failing_shard_leaves_the_earlier_set(world: World, tmp_path: Path) -> None:
    out = tmp_path / "shards"
    assert cryfish(*COMMANDS["shard"].call(world, out))[0] == 0
    before = content(tmp_path)
    unknown = world["root"] / "unknown.jsonl"
    unknown.write_text(world["asked"].read_text().replace("fsdd-", "gone-"))
    code, said = cryfish("shard", world["train"], "--instructions", unknown, "--out", out, "--jobs", 1)
    assert code == 2
    assert "gone-" in said
    after = content(tmp_path)
    assert {name: held for name, held in after.items() if name in before} == before


def test_a_file_in_the_way_of_a_new_shard_leaves_the_earlier_set(world: World, tmp_path: Path) -> None:
    out = tmp_path / "shards"
    assert cryfish(*COMMANDS["shard"].call(world, out))[0] == 0
    (out / "clips1-000001.tar").write_text("mine")
    before = content(out)
    code, said = cryfish(*COMMANDS["shard"].call(world, out), "--target-size", "20KB")
    assert code == 2
    assert "clips1-000001.tar is there and cryfish didn't write it" in said
    assert content(out) == before


@pytest.mark.parametrize("wrong", ['"duration":99.0', '"duration":-1.0'])
def test_a_stretch_that_its_recording_lacks_is_refused(world: World, tmp_path: Path, wrong: str) -> None:
    """Else hours that aren't there would be told, and asked about."""
    lines = gzip.decompress(world["train"].read_bytes()).decode().splitlines()
    lines[3] = re.sub(r'"duration":[0-9.]+', wrong, lines[3], count=1)
    world["train"].write_bytes(gzip.compress("\n".join([*lines, ""]).encode()))
    for name in ("augment", "instruct template", "shard"):
        code, said = cryfish(*COMMANDS[name].call(world, tmp_path / f"out{COMMANDS[name].suffix}"))
        assert code == 2, (name, said)
        assert "line 4" in said, (name, said)
