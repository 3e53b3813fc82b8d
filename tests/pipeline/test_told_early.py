"""What is wrong with the inputs of a stage is told before anything is written, all at once, with exit code 2.

Every command, with each of its inputs missing, moved or damaged; and configs with many faults.
"""

import gzip
import json
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from cryfish.files import read_jsonl, write_jsonl
from cryfish.model.device import accelerator
from cryfish.ownership import is_ours_by_name
from cryfish.pipeline.augment.augmentation import _opened
from cryfish.pipeline.cli.cli import main
from cryfish.pipeline.config import load_config
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.plan import plan
from cryfish.pipeline.run import run

from .conftest import CONFIG, make_esc50, make_fsdd

STEPS = """
- room: {share: 0.5, bank: work/rirs}
- noise: {share: 0.7, from: [esc50], snr_db: 10}
"""


@dataclass
class World:
    """A folder in which the whole way up to shards was gone once."""

    folder: Path
    run: Callable[..., tuple[int, str]]

    def snapshot(self) -> dict[str, bytes | None]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes() if path.is_file() else None
            for path in self.folder.rglob("*")
            if not is_ours_by_name(path)
        }


@pytest.fixture(scope="session")
def gone_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder, and a copy of it to go back to: manifests hold absolute paths."""
    base = tmp_path_factory.mktemp("told-early")
    world = base / "world"
    make_fsdd(world / "corpora" / "digits")
    make_esc50(world / "corpora" / "sounds")
    config = world / "tiny.yaml"
    config.write_text(CONFIG.format(work="work", corpora="corpora"))
    with Engine() as engine:
        run(load_config(config), world, engine)
    (world / "steps.yaml").write_text(STEPS)
    facts = {"language": "en", "gender": "female"}
    write_jsonl(
        world / "candidates.jsonl",
        [
            {
                "id": f"c{number}",
                "clips": ["fsdd-0_anna_3"],
                "corpus": "fsdd",
                "corpus_description": "Digits.",
                "facts": facts,
                "question": f"Who says the digit {number}?",
                "answer": "A woman.",
            }
            for number in range(3)
        ],
    )
    recordings = world / "corpora" / "digits" / "recordings"
    (world / "annotation.json").write_text(
        json.dumps(
            {
                "annotation": [
                    {"paths": [str(wav)], "task": "asr", "Q": "Which digit?", "text": "One.", "db_name": "d"}
                    for wav in sorted(recordings.iterdir())
                ]
            }
        )
    )
    for name in ("encoder", "llm"):
        model = world / "models" / name
        model.mkdir(parents=True)
        (model / "config.json").write_text(
            json.dumps({"model_type": "wavlm" if name == "encoder" else "llama"})
        )
        (model / "model.safetensors").write_bytes(b"weights")
        (model / "tokenizer.json").write_text("{}")
    trained = world / "models" / "trained"
    trained.mkdir()
    bases = {name: str(world / "models" / name) for name in ("encoder", "llm")}
    (trained / "config.json").write_text(json.dumps({"model_type": "cryfish", **bases}))
    (trained / "model.safetensors").write_bytes(b"weights")
    shutil.copytree(world, base / "pristine", symlinks=True)
    return world, base / "pristine"


@pytest.fixture
def world(
    gone_once: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[World]:
    folder, pristine = gone_once
    shutil.rmtree(folder)
    shutil.copytree(pristine, folder, symlinks=True)
    monkeypatch.chdir(folder)
    # A process of its own would not know what the last one heard of the noise.
    _opened.cache_clear()

    def command(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["cryfish", *map(str, arguments)])
        capfd.readouterr()
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        else:
            code = 0
        said = capfd.readouterr().err
        assert "Traceback" not in said
        return code, said[said.rfind("cryfish: ") :] if code else said

    yield World(folder, command)
    monkeypatch.chdir(folder.parent)


MANIFEST = "work/augmented/train/fsdd.cuts.jsonl.gz"
PREPARED = "work/manifests/fsdd/train.cuts.jsonl.gz"
ASKED = "work/instructions/template/train.jsonl"
AUGMENT = f"augment {PREPARED} --steps steps.yaml --noise esc50=work/manifests/esc50 --out out.cuts.jsonl.gz"
SHARD = f"shard {MANIFEST} --instructions {ASKED} --out out --jobs 1"
TEMPLATE = f"instruct template {MANIFEST} --task gender=4 --out out.jsonl"
GENERATE = f"instruct generate {MANIFEST} --llm models/llm --out out.jsonl"
HEARS = f"instruct generate {PREPARED} --llm models/trained --engine cryfish --out out.jsonl"
FILTER = "instruct filter candidates.jsonl --kept kept.jsonl --dropped dropped.jsonl --filters filters.yaml"
PREPARED_TEST = "work/manifests/fsdd/test.cuts.jsonl.gz"
EXPORT = f"instruct export {ASKED} --format swift --out out --manifest {PREPARED} --manifest {PREPARED_TEST}"
SHARDS = "work/shards/train"
TRAIN = f"train {SHARDS} --encoder models/encoder --llm models/llm --max-steps 1 --out out"
EVALUATE = f"evaluate models/trained work/shards/test --train-shards {SHARDS} --out out"


def gone(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}.moved"))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garbage(path: Path) -> None:
    path.write_bytes(b"\x00\xff no such thing {")


def hollow(path: Path) -> None:
    """Every file of a folder is there, and empty."""
    for file in path.rglob("*"):
        if file.is_file():
            file.write_bytes(b"")


CASES = [
    *((AUGMENT, PREPARED, harm) for harm in (gone, cut_short, garbage)),
    (AUGMENT, "work/manifests/fsdd/corpus.json", gone),
    (AUGMENT, "work/manifests/fsdd/corpus.json", garbage),
    (AUGMENT, "corpora/digits", gone),
    (AUGMENT, "corpora/digits/recordings", gone),
    (AUGMENT, "corpora/digits/recordings", hollow),
    (AUGMENT, "corpora/sounds", gone),
    (AUGMENT, "corpora/sounds/audio", hollow),
    (AUGMENT, "work/manifests/esc50/corpus.json", gone),
    (AUGMENT, "work/manifests/esc50", gone),
    (AUGMENT, "work/rirs", gone),
    (AUGMENT, "work/rirs/room00000.wav", gone),
    (AUGMENT, "work/rirs/room00000.wav", cut_short),
    (AUGMENT, "work/rirs/bank.jsonl", garbage),
    (AUGMENT, "steps.yaml", gone),
    (AUGMENT, "steps.yaml", garbage),
    *((SHARD, MANIFEST, harm) for harm in (gone, cut_short, garbage)),
    *((SHARD, ASKED, harm) for harm in (gone, cut_short, garbage)),
    (SHARD, "work/rirs", gone),
    (SHARD, "work/rirs", hollow),
    (SHARD, "corpora/digits", gone),
    (SHARD, "corpora/digits/recordings", gone),
    (SHARD, "corpora/sounds", gone),
    *((TEMPLATE, MANIFEST, harm) for harm in (gone, cut_short, garbage)),
    *((GENERATE, MANIFEST, harm) for harm in (gone, garbage)),
    (GENERATE, "models/llm", gone),
    (GENERATE, "models/llm/config.json", gone),
    (GENERATE, "models/llm/config.json", garbage),
    (GENERATE, "models/llm/model.safetensors", gone),
    (GENERATE, "models/llm/model.safetensors", lambda path: path.write_bytes(b"")),
    (GENERATE, "models/llm/tokenizer.json", gone),
    (HEARS, "models/trained", gone),
    (HEARS, "models/trained/model.safetensors", gone),
    (HEARS, "models/encoder", gone),
    (HEARS, "corpora/digits", gone),
    (HEARS, "work/manifests/fsdd/corpus.json", gone),
    *((FILTER, "candidates.jsonl", harm) for harm in (gone, cut_short, garbage)),
    (FILTER, "filters.yaml", gone),
    (FILTER, "filters.yaml", garbage),
    (f"{FILTER} --llm models/llm", "models/llm", gone),
    *((f"instruct audit {ASKED} --html page.html", ASKED, harm) for harm in (gone, cut_short, garbage)),
    (f"instruct audit {SHARDS} --html page.html", SHARDS, gone),
    *((EXPORT, ASKED, harm) for harm in (gone, cut_short, garbage)),
    *((EXPORT, PREPARED, harm) for harm in (gone, cut_short, garbage)),
    (EXPORT, "work/manifests/fsdd/corpus.json", gone),
    (EXPORT, "corpora/digits", gone),
    (EXPORT, "corpora/digits/recordings", gone),
    (f"instruct export {SHARDS} --format swift --out out", SHARDS, gone),
    *(
        ("instruct import annotation.json --out out.jsonl", "annotation.json", harm)
        for harm in (gone, cut_short, garbage)
    ),
    ("instruct import annotation.json --out out.jsonl", "corpora/digits", gone),
    ("instruct import annotation.json --out out.jsonl", "corpora/digits", hollow),
    ("rirs out --rooms 3 --recorded rir_files=work/manifests/fsdd", "work/manifests/fsdd", gone),
    ("rirs out --rooms 3 --recorded rir_files=work/manifests/fsdd", "corpora/digits", gone),
    (TRAIN, SHARDS, gone),
    (TRAIN, "models/encoder", gone),
    (TRAIN, "models/encoder/config.json", garbage),
    (TRAIN, "models/llm/model.safetensors", gone),
    (EVALUATE, "models/trained", gone),
    (EVALUATE, "models/llm", gone),
    (EVALUATE, "work/shards/test", gone),
    (EVALUATE, SHARDS, gone),
    ("prepare fsdd corpora/digits out --jobs 1", "corpora/digits", gone),
    ("prepare fsdd corpora/digits out --jobs 1", "corpora/digits/metadata.py", gone),
    ("run tiny.yaml --jobs 1", "corpora/digits", gone),
    ("run tiny.yaml --jobs 1", "corpora/sounds/meta/esc50.csv", gone),
]


@pytest.mark.parametrize(
    ("command", "victim", "harm"),
    CASES,
    ids=[
        f"{' '.join(command.split()[:2])}-{victim}-{harm.__name__.strip('<>')}"
        for command, victim, harm in CASES
    ],
)
def test_an_input_that_is_harmed_is_one_sentence_and_nothing_is_written(
    world: World, command: str, victim: str, harm: Callable[[Path], None]
) -> None:
    if "filters.yaml" in command:
        Path("filters.yaml").write_text("- leak\n")
    harm(Path(victim))
    before = world.snapshot()
    code, said = world.run(*command.split())
    assert code == 2, said
    assert said.startswith("cryfish: ")
    assert Path(victim).name.partition(".")[0] in said or Path(victim).parent.name in said
    assert world.snapshot() == before


@pytest.mark.parametrize(
    ("command", "victims"),
    [
        (AUGMENT, [PREPARED, "work/manifests/esc50", "work/rirs"]),
        (AUGMENT, [PREPARED, "steps.yaml"]),
        (SHARD, [MANIFEST, ASKED]),
        (f"{SHARD} --audio-root nowhere", [MANIFEST, ASKED, "nowhere"]),
        (TEMPLATE.replace(MANIFEST, f"{MANIFEST} {PREPARED}"), [MANIFEST, PREPARED]),
        (GENERATE, [MANIFEST, "models/llm"]),
        (f"{FILTER} --llm models/llm", ["candidates.jsonl", "filters.yaml", "models/llm"]),
        (f"instruct audit {ASKED} {SHARDS}", [ASKED, SHARDS]),
        (EXPORT, [ASKED, PREPARED]),
        (
            "instruct import annotation.json --out out.jsonl --audio-root nowhere",
            ["annotation.json", "nowhere"],
        ),
        (
            "rirs out --recorded rir_files=corpora/a --recorded but_reverbdb=corpora/b",
            ["corpora/a", "corpora/b"],
        ),
        (TRAIN, [SHARDS, "models/encoder", "models/llm"]),
        (EVALUATE, ["models/trained", SHARDS, "work/shards/test"]),
        ("run tiny.yaml --jobs 1", ["corpora/digits", "corpora/sounds"]),
    ],
    ids=lambda value: " ".join(value.split()[:2]) if isinstance(value, str) else str(len(value)),
)
def test_all_missing_inputs_are_told_at_once(world: World, command: str, victims: list[str]) -> None:
    for victim in victims:
        if Path(victim).exists():
            gone(Path(victim))
    before = world.snapshot()
    code, said = world.run(*command.split())
    assert code == 2
    for victim in victims:
        assert victim in said
    assert len(said.splitlines()) == 1 + len(victims)
    assert world.snapshot() == before


FAULTS = [
    ("{dir: corpora/sounds}", "{dir: corpora/nothing}", "nothing: no such folder"),
    ("{dir: corpora/digits}", "{dir: corpora/digits, splits: [dev]}", "corpora.fsdd: --split dev"),
    ("gender: 20", "gendre: 20", "unknown task 'gendre'"),
    ("rirs: {rooms: 6, distances: 2", "rirs: {rooms: 6, recorded: [musan]", "'musan', which isn't under"),
    ("from: [esc50]", "from: [esc50, demand]", "'demand', which isn't under 'corpora'"),
    ("bank: rirs}", "bank: rirs, distances: 4}", "'rirs.distances'"),
    (
        "    test: {",
        "    languages: [xx]\n    test: {",
        "'xx' isn't a language code",
    ),
    (
        "shard:",
        "  generate: {llm: models/none, engine: transformers}\nshard:",
        "field 'llm': 'models/none' is neither a folder here",
    ),
    ("shard:", "  generate: {llm: models/none/at/all}\nshard:", "models/none/at/all: no such folder"),
    ("shard:", "  generate: {llm: models/llm, engine: vllm}\nshard:", "engine 'vllm' is"),
    ("shard:", "  generate: {llm: any, engine: openai}\nshard:", "give 'url'"),
    (
        "shard:",
        "  generate: {llm: any, engine: openai, url: 'http://127.0.0.1:PORT/v1'}\nshard:",
        "no server answers at http://127.0.0.1:",
    ),
    (
        "shard:",
        "  generate: {llm: models/llm}\n  filter: [leak, {judge: {llm: models/judge}}]\nshard:",
        "instruct.filter: option 'llm': 'models/judge' is neither",
    ),
    (
        "shard:",
        "train: {encoder: models/llm, llm: models/llm, max_steps: 1}\nshard:",
        "field 'encoder': WORLD/models/llm is of type 'llama', which is no encoder here",
    ),
    (
        "shard:",
        "train: {encoder: models/encoder, llm: models/none, max_steps: 1}\nshard:",
        "train: field 'llm': 'models/none' is neither",
    ),
    ("shard:", "train: {checkpoint: models/none, max_steps: 1}\nshard:", "none: no such folder"),
    (
        "shard:",
        "train: {checkpoint: models/trained, max_steps: 1, bf16: true}\nshard:",
        "train: field 'bf16' is true, but no GPU",
    ),
    ("work: work", "work: tiny.yaml/work", "tiny.yaml is a file"),
    ("work: work", "work: /proc/work", "/proc/work can't be written"),
]


@pytest.mark.parametrize(("old", "new", "told"), FAULTS, ids=[told for *_, told in FAULTS])
def test_a_fault_of_a_config_is_told_before_the_first_stage(
    world: World, monkeypatch: pytest.MonkeyPatch, old: str, new: str, told: str
) -> None:
    if "vllm" in new and find_spec("vllm") is not None and accelerator()[0] == "cuda":
        pytest.skip("vLLM works here")
    if "bf16" in new and accelerator()[0] == "cuda":
        pytest.skip("there is a GPU here")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        new = new.replace("PORT", str(free.getsockname()[1]))
    config = world.folder / "tiny.yaml"
    text = config.read_text()
    assert old in text
    config.write_text(text.replace(old, new, 1))
    shutil.rmtree(world.folder / "work")
    before = world.snapshot()
    code, said = world.run("run", "tiny.yaml", "--jobs", 1)
    assert code == 2, said
    assert told.replace("WORLD", str(world.folder)) in said
    assert len(said.splitlines()) == 1, said
    assert world.snapshot() == before


def test_all_faults_of_a_config_are_told_at_once(world: World) -> None:
    config = world.folder / "tiny.yaml"
    text = config.read_text()
    chosen = [FAULTS[0], FAULTS[2], FAULTS[4], FAULTS[6], FAULTS[8], FAULTS[17]]
    for old, new, _ in chosen:
        text = text.replace(old, new, 1)
    config.write_text(text)
    before = world.snapshot()
    code, said = world.run("run", "tiny.yaml")
    assert code == 2
    for *_, told in chosen:
        assert told in said
    assert len(said.splitlines()) == 1 + len(chosen)
    assert world.snapshot() == before


@pytest.mark.parametrize("splits", ["[fold1]", "[fold5]"])
def test_noise_that_a_role_lacks_is_told_before_the_first_stage(world: World, splits: str) -> None:
    config = world.folder / "tiny.yaml"
    config.write_text(
        config.read_text().replace("{dir: corpora/sounds}", f"{{dir: corpora/sounds, splits: {splits}}}")
    )
    shutil.rmtree(world.folder / "work")
    before = world.snapshot()
    code, said = world.run("run", "tiny.yaml", "--jobs", 1)
    assert code == 2
    assert "esc50 (the noise's 'from') hold no clips for the role '" in said
    assert world.snapshot() == before


def test_a_bank_that_was_made_elsewhere_is_looked_at_before_the_first_stage(world: World) -> None:
    config = world.folder / "tiny.yaml"
    lines = [line for line in config.read_text().splitlines() if not line.startswith("rirs:")]
    config.write_text("\n".join(lines))
    shutil.rmtree(world.folder / "work")
    before = world.snapshot()
    code, said = world.run("run", "tiny.yaml", "--jobs", 1)
    assert code == 2
    assert "no RIR bank here" in said
    assert world.snapshot() == before


def test_a_stage_that_isnt_reached_needs_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    config = world.folder / "tiny.yaml"
    train = "train: {encoder: models/none, llm: models/none, max_steps: 1}\n"
    config.write_text(config.read_text() + train)
    assert world.run("run", "tiny.yaml", "--jobs", 1, "--until", "shard")[0] == 0
    code, said = world.run("run", "tiny.yaml", "--jobs", 1)
    assert code == 2
    assert len(said.splitlines()) == 3


def test_a_disk_that_is_clearly_too_small_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.disk_usage(world.folder)
    small = real._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: small)
    config = world.folder / "tiny.yaml"
    config.write_text(config.read_text().replace("gender: 20", "gender: all"))
    shutil.rmtree(world.folder / "work")
    code, said = world.run("run", "tiny.yaml", "--jobs", 1)
    assert code == 2
    assert "GB are free there" in said
    assert not (world.folder / "work").exists()


def test_the_plan_lists_what_is_wrong_behind_its_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    config = world.folder / "tiny.yaml"
    text = config.read_text().replace("corpora/digits", "corpora/nothing")
    config.write_text(text + "train: {encoder: models/none, llm: models/llm, max_steps: 1}\n")
    shutil.rmtree(world.folder / "work")
    page = plan(load_config(config), world.folder)
    assert "missing: cryfish download fsdd" in page or "missing: https://" in page
    _, behind = page.split("before it can run\n")
    assert "train: field 'encoder': 'models/none' is neither a folder here" in behind
    assert "nothing: no such folder" not in behind


def test_a_bank_that_moved_costs_nothing(world: World) -> None:
    shards = world.folder / "work" / "shards" / "train"
    before = {path.name: path.read_bytes() for path in shards.iterdir()}
    config = world.folder / "tiny.yaml"
    for path in (world.folder / "work" / "instructions" / "template").glob("*.jsonl"):
        path.touch()
    config.write_text(config.read_text().replace("snr: all", "snr: all, distance: all"))
    with Engine() as engine:
        run(load_config(config), world.folder, engine, until="template")
    # What was rendered is copied; what is asked about for the first time has to be rendered.
    bank = world.folder / "work" / "rirs"
    arguments = ("--instructions", ASKED, "--out", "work/shards/train", "--target-size", "200KB", "--jobs", 1)
    shutil.rmtree(world.folder / "work" / "shards" / "train.plan")
    gone(bank)
    for made in shards.glob("*.made.json"):
        content = json.loads(made.read_text())
        made.write_text(json.dumps({**content, "render": {}}))
    before = {path.name: path.read_bytes() for path in shards.iterdir()}
    code, said = world.run("shard", MANIFEST, *arguments)
    assert code == 2
    assert f"the folder {bank} isn't there" in said
    assert {path.name: path.read_bytes() for path in shards.iterdir()} == before
    assert not list(shards.parent.glob("train.old*"))
    bank.with_name("rirs.moved").rename(bank)
    assert world.run("shard", MANIFEST, *arguments)[0] == 0
    assert world.run("verify", "work/shards/train")[0] == 0


def break_some(folder: Path, share: float) -> list[tuple[Path, bytes]]:
    wavs = sorted(folder.rglob("*.wav"))
    broken = wavs[:: round(1 / share)]
    kept = [(wav, wav.read_bytes()) for wav in broken]
    for wav in broken:
        wav.write_bytes(b"RIFF")
    return kept


STAGES = {
    "prepare": "prepare fsdd corpora/digits out --jobs 1",
    # What `prepare` heard of a clip needn't be heard again: broken audio is met where there are no notes of it.
    "augment": AUGMENT.replace(PREPARED, "headers/train.cuts.jsonl.gz") + " --jobs 1",
    "shard": SHARD,
    "import": "instruct import annotation.json --out out.jsonl",
}


@pytest.mark.parametrize("stage", STAGES)
def test_more_bad_clips_than_the_share_end_a_stage_and_none_is_forgotten(world: World, stage: str) -> None:
    if "headers/" in STAGES[stage]:
        assert world.run("prepare", "fsdd", "corpora/digits", "headers", "--headers-only")[0] == 0
    assert world.run(*STAGES[stage].replace(" out", " whole").split())[0] == 0
    kept = break_some(world.folder / "corpora" / "digits", 1 / 3)
    code, said = world.run(*STAGES[stage].split())
    assert code == 2
    assert "more than the share of 0.01 allowed" in said
    assert "--max-bad" in said
    assert world.run(*STAGES[stage].replace(" out", " some").split(), "--max-bad", 0.9)[0] == 0
    for wav, content in kept:
        wav.write_bytes(content)
    assert world.run(*STAGES[stage].split())[0] == 0
    wholes = [path for path in (Path().glob("whole*")) if "done" not in path.name]
    for whole in wholes:
        mended = Path(whole.name.replace("whole", "out", 1))
        if whole.is_dir():
            for path in whole.glob("*.tar"):
                assert (mended / path.name).read_bytes() == path.read_bytes()
            for path in whole.glob("*.cuts.jsonl.gz"):
                assert (mended / path.name).read_bytes() == path.read_bytes()
        elif whole.suffix == ".gz":
            assert gzip.decompress(mended.read_bytes()) == gzip.decompress(whole.read_bytes())


def test_files_that_are_gone_are_left_out_of_an_export_up_to_the_share(world: World) -> None:
    instructions = list(read_jsonl(Path(ASKED)))
    victim = world.folder / "corpora" / "digits" / "recordings"
    first = instructions[0]["clips"][0].removeprefix("fsdd-")
    gone(victim / f"{first}.wav")
    whole = [item for item in instructions if item["task"] == "asr"]
    write_jsonl(Path("asked.jsonl"), whole)
    command = EXPORT.replace(ASKED, "asked.jsonl")
    lost = sum(f"fsdd-{first}" in item["clips"] for item in whole)
    code, said = world.run(*command.split())
    assert code == 0
    assert f"left out: {lost} instructions" in said
    assert len(list(read_jsonl(Path("out/instructions.jsonl")))) == len(whole) - lost


NOTHING = [
    (f"instruct template {MANIFEST} --task emotion --out out.jsonl", "emotion"),
    ("shard MANIFEST --instructions empty.jsonl --out out".replace("MANIFEST", MANIFEST), "no instruction"),
    (AUGMENT.replace(PREPARED, "empty.jsonl"), "no cut here"),
    ("instruct export empty.jsonl --format swift --out out --manifest M".replace("M", MANIFEST), "no instr"),
    ("instruct import nothing.json --out out.jsonl", "holds no instruction"),
    ("instruct filter empty.jsonl --kept kept.jsonl --dropped dropped.jsonl", "no candidate"),
]


@pytest.mark.parametrize(("command", "told"), NOTHING, ids=[command.split()[1] for command, _ in NOTHING])
def test_nothing_made_is_an_error(world: World, command: str, told: str) -> None:
    Path("empty.jsonl").touch()
    Path("nothing.json").write_text('{"annotation": []}')
    code, said = world.run(*command.split())
    assert code == 2
    assert told in said
