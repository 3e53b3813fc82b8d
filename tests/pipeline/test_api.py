"""The Python way: docs/python.md does what it says, and what goes in and comes out fits together."""

import ast
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from lhotse.cut import Cut

import cryfish
from cryfish.shards import Example

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
STEPS = [{"noise": {"share": 1.0, "from": ["esc50"], "snr_db": {"uniform": [0, 20]}}}]


def python(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_goes_from_corpora_to_a_dataloader(corpora: Path, tmp_path: Path) -> None:
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "fsdd").symlink_to(corpora / "digits")
    (tmp_path / "corpora" / "esc50").symlink_to(corpora / "sounds")
    wav = soundfile.read(next((corpora / "digits" / "recordings").glob("*.wav")))
    (tmp_path / "recordings").mkdir()
    soundfile.write(tmp_path / "recordings" / "a.wav", *wav)
    (tmp_path / "labels.csv").write_text("audio,mood\na.wav,happy\n")
    way, looked, own, *_ = BLOCKS
    assert len(way.split("\n\n")[1].splitlines()) <= 12
    said = python(f"{way}{looked}{own}print([cut.custom['facts'] for cut in cuts])", tmp_path)
    assert {"male", "female"} <= set(re.findall(r"\w+", said))
    assert (tmp_path / "preview.html").is_file()
    assert "'emotion': 'happy'" in said


def test_every_call_on_the_page_fits_its_function() -> None:
    called = set()
    for call in ast.walk(ast.parse("".join(BLOCKS))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            if not (isinstance(call.func.value, ast.Name) and call.func.value.id == "cryfish"):
                continue
            called.add(call.func.attr)
            named = {str(keyword.arg): None for keyword in call.keywords}
            inspect.signature(getattr(cryfish, call.func.attr)).bind(*call.args, **named)
    assert called | {"InputError"} == set(cryfish.__all__)


def test_importing_it_imports_nothing_heavy(tmp_path: Path) -> None:
    loaded = set(python("import sys, cryfish; print(*sys.modules)", tmp_path).split())
    assert not loaded & {"torch", "lhotse", "transformers", "numpy", "scipy", "pandas", "pydantic", "click"}


def test_results_are_read_and_go_into_the_next_function(corpora: Path, tmp_path: Path) -> None:
    digits = cryfish.prepare("fsdd", corpora / "digits", tmp_path / "digits")
    assert digits.counts["clips"] == len(list(digits)) == 48
    cryfish.prepare("esc50", corpora / "sounds", tmp_path / "sounds")
    noise = {"esc50": str(tmp_path / "sounds")}
    noisy = cryfish.augment(str(tmp_path / "digits"), STEPS, tmp_path / "n.cuts.jsonl.gz", noise=noise)
    cut = next(iter(noisy))
    assert isinstance(cut, Cut)
    assert cut.load_audio().shape[0] == 1
    asked = cryfish.write_instructions([noisy], ["gender"], tmp_path / "asked.jsonl")
    assert {one.task for one in asked} == {"gender"}
    made = cryfish.write_shards(noisy, [asked], tmp_path / "shards", target_size="100KB")
    assert made.counts["instructions"] == asked.counts["instructions"]

    def questions(examples: list[Example]) -> list[str]:
        return [example.instruction.question for example in examples]

    batches = cryfish.open_shards([made], questions, audio_seconds=20)
    assert sum(len(batches[i]) for i in range(len(batches))) == made.counts["instructions"]


def test_candidates_are_filtered_by_settings_as_in_a_config(tmp_path: Path) -> None:
    told = {"clips": ["a"], "corpus": "fsdd", "corpus_description": "Digits.", "facts": {"gender": "female"}}
    asked = {"question": "What can be said of the voice?", "answer": "It is a woman's voice."}
    leaking = {"question": "How does the woman sound?", "answer": "It is a woman's voice."}
    path = tmp_path / "candidates.jsonl"
    path.write_text(
        "".join(json.dumps({"id": str(i), **told, **one}) + "\n" for i, one in enumerate([asked, leaking]))
    )
    outs = [tmp_path / f"{name}.jsonl" for name in ("kept", "dropped", "instructions")]
    divided = cryfish.filter_candidates(path, *outs, filters=["leak"])
    assert [record["id"] for record in divided.kept] == ["0"]
    assert [record["reasons"] for record in divided.dropped] == [["leak"]]
    assert divided.instructions is not None
    assert [one.answer for one in divided.instructions] == [asked["answer"]]


def test_a_config_is_a_dictionary_or_a_file(corpora: Path, tmp_path: Path) -> None:
    config = {
        "name": "tiny",
        "corpora": {"fsdd": {"dir": str(corpora / "digits")}},
        "instruct": {"template": {"tasks": {"gender": 6}}},
    }
    counts = cryfish.run(config, base=tmp_path, until="prepare")
    assert counts["prepare"]["clips"] == 48
    (tmp_path / "tiny.yaml").write_text(json.dumps(config))
    assert cryfish.run(tmp_path / "tiny.yaml", until="prepare") == counts


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(cryfish.InputError) as told:
        cryfish.write_instructions(tmp_path / "none.cuts.jsonl.gz", ["gendr"], out)
    assert "did you mean 'gender'?" in str(told.value)
    assert "none.cuts.jsonl.gz: no such file" in str(told.value)
    assert not any(tmp_path.iterdir())
