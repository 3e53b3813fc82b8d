"""The whole chain on tones: shards -> train -> evaluate, which says whether the model hears."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.model.chat import answer_batch
from cryfish.model.evaluate import evaluate as module
from cryfish.model.evaluate.evaluate import evaluate
from cryfish.model.evaluate.results import Scorer, results_table, score_task
from cryfish.model.train.settings import EvaluateSettings, TrainSettings
from cryfish.model.train.train import train

from .conftest import CONNECTOR


def answers(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "answers.jsonl").read_text().splitlines()]


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> dict[str, Any]:
    return {
        "checkpoint": folder / "run",
        "shards": [str(folder / "test")],
        "train_shards": [str(folder / "train")],
        "out": tmp_path / "evaluation",
        "workers": 0,
    }


def test_a_model_that_learned_two_tones_hears(settings: dict[str, Any]) -> None:
    results = evaluate(EvaluateSettings(**settings))
    (task,) = results.tasks
    assert (task.task, task.metric, task.n, task.speakers) == ("pitch", "accuracy", 40, 20)
    assert task.score > 0.9
    assert task.hears, task.why
    assert task.baselines["no_audio"].score < 0.7
    assert task.baselines["no_audio"].gain_interval is not None
    assert task.baselines["no_audio"].gain_interval[0] > 0
    assert task.baselines["majority"].score == 0.5
    assert task.baselines["wrong_audio"].score < 0.1
    assert task.majority_from == "training set"
    assert task.labels == {"high": 20, "low": 20}
    assert task.confusion["high"]["high"] >= 18
    table = results_table(results)
    assert "pitch" in table
    assert "yes" in table
    assert json.loads((settings["out"] / "results.json").read_text())["tasks"][0]["hears"] is True
    records = answers(settings["out"])
    assert len(records) == 120
    assert {record["probe"] for record in records} == {"audio", "no_audio", "wrong_audio"}
    assert set(records[0]) >= {"id", "task", "probe", "question", "reference", "label", "generated", "right"}


def test_an_untrained_model_does_not_hear(settings: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    run = train(
        TrainSettings(
            shards=[str(folder / "train")],
            out=tmp_path / "untrained",
            encoder=str(folder / "encoder"),
            llm=str(folder / "llm"),
            model=CONNECTOR,
            max_steps=1,
            workers=0,
        )
    )
    (task,) = evaluate(EvaluateSettings(**{**settings, "checkpoint": run})).tasks
    assert not task.hears
    assert "not better than" in task.why


def test_an_interrupted_evaluation_goes_on(settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    given = EvaluateSettings(**{**settings, "batch_size": 8})
    whole = evaluate(
        EvaluateSettings(**{**settings, "out": settings["out"].with_name("whole"), "batch_size": 8})
    )
    asked: list[Any] = []

    def interrupted(*rest: Any) -> list[str]:
        if len(asked) == 4:
            raise KeyboardInterrupt
        asked.append(rest)
        return answer_batch(*rest)

    monkeypatch.setattr(module, "answer_batch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        evaluate(given)
    assert len(answers(settings["out"])) == 32
    with (settings["out"] / "answers.jsonl").open("a") as file:
        file.write('{"id": "to')
    counted: list[Any] = []

    def watched(*rest: Any) -> list[str]:
        counted.append(rest)
        return answer_batch(*rest)

    monkeypatch.setattr(module, "answer_batch", watched)
    assert evaluate(given) == whole
    assert len(counted) == 11
    assert len(answers(settings["out"])) == 120
    monkeypatch.setattr(module, "load_checkpoint", None)
    assert evaluate(given) == whole


def test_a_broken_clip_is_counted_and_named(settings: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "test", tmp_path / "test")
    tar = tmp_path / "test" / "clips1-000000.tar"
    data = bytearray(tar.read_bytes())
    flac = data.index(b"fLaC")
    data[flac : flac + 4] = b"oops"
    text = data.index(b"{", data.index(b"test110.json"))
    data[text] = 0
    tar.write_bytes(data)
    (task,) = evaluate(EvaluateSettings(**{**settings, "shards": [str(tmp_path / "test")]})).tasks
    assert task.broken == 2
    assert task.n == 38
    assert task.hears
    reasons = [record["error"] for record in answers(settings["out"]) if "error" in record]
    assert any("test100" in reason for reason in reasons)
    assert any("test110" in reason for reason in reasons)


def test_more_than_a_share_of_broken_examples_ends_it(
    settings: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder / "test", tmp_path / "test")
    tar = tmp_path / "test" / "clips1-000000.tar"
    data = tar.read_bytes()
    tar.write_bytes(data.replace(b'"answer"', b'"ansver"', 10))
    given = {**settings, "shards": [str(tmp_path / "test")], "probes": ["no_audio"], "per_task": 20}
    with pytest.raises(InputError, match=r"examples of .* are bad .*answers\.jsonl\).*--max-bad"):
        evaluate(EvaluateSettings(**given))
    (task,) = evaluate(EvaluateSettings(**given, max_bad=0.9)).tasks
    assert task.broken > 3


def test_settings_and_checkpoints_are_checked(settings: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    evaluate(EvaluateSettings(**{**settings, "per_task": 4}))
    with pytest.raises(InputError, match=r"field 'per_task' was 4 .* now 5"):
        evaluate(EvaluateSettings(**{**settings, "per_task": 5}))
    with pytest.raises(InputError, match=r"not a checkpoint, it has no config\.json"):
        evaluate(EvaluateSettings(**{**settings, "checkpoint": folder / "test"}))
    with pytest.raises(InputError, match="no such folder"):
        evaluate(EvaluateSettings(**{**settings, "checkpoint": tmp_path / "nowhere"}))
    with pytest.raises(InputError, match="no task 'snr'"):
        evaluate(EvaluateSettings(**{**settings, "tolerance": {"snr": 2}}))


def test_few_speakers_give_no_verdict(settings: dict[str, Any]) -> None:
    (task,) = evaluate(EvaluateSettings(**{**settings, "per_task": 4, "probes": ["no_audio"]})).tasks
    assert task.n == 4
    assert not task.hears
    assert "too few speakers" in task.why
    assert "wrong_audio" not in task.baselines


@pytest.mark.parametrize(
    ("kind", "label", "answer", "good", "bad", "metric"),
    [
        ("number", "10", "10 dB", "about 10.5", "20", "accuracy"),
        ("text", "the cat sat", "the cat sat", "The cat sat.", "a dog", "wer"),
        ("list", "dog, rain", "dog, rain", "rain and a dog", "a cat", "f1"),
    ],
)
def test_every_kind_of_answer_has_its_score(
    kind: str, label: str, answer: str, good: str, bad: str, metric: str
) -> None:
    scorer = Scorer(kind, [("", label, answer), ("", "cat" if kind == "list" else "3", "3")], None)

    def records(generated: str) -> dict[str, dict[str, str]]:
        return {
            str(number): {"label": label, "template": "", "generated": generated, "speaker": f"s{number}"}
            for number in range(20)
        }

    task = score_task(
        "task", scorer, {"audio": records(good), "no_audio": records(bad)}, 0, [label, "3", "3"], seed=0
    )
    assert task.metric == metric
    assert task.score == (0.0 if kind == "text" else 1.0)
    assert task.hears
    assert task.baselines["no_audio"].gain == 1.0
    assert scorer.right(good, label, "")
    assert not scorer.right(bad, label, "")


def test_an_answer_in_other_words_names_its_label() -> None:
    """The label as it stands comes first; what else it is called is looked for where no label stands."""
    names = {"crying baby": "baby crying", "a crying baby": "baby crying", "bark": "dog barking"}
    known = [("", label, f"It is {label}.") for label in ("baby crying", "dog barking", "bark of a tree")]
    scorer = Scorer("label", known, None, lambda name: names.get(name, name))
    assert scorer.right("I hear a crying baby!", "baby crying", "")
    assert not scorer.right("I hear a crying baby!", "dog barking", "")
    assert not scorer.right("A bark and a crying baby.", "baby crying", "")
    assert scorer.right("It is bark of a tree.", "bark of a tree", "")
    assert not scorer.right("a cat", "baby crying", "")
    several = Scorer("list", [("", "baby crying, rain", "")], None, lambda name: names.get(name, name))
    assert several.right("rain, crying baby", "baby crying, rain", "")
    assert not several.right("rain, a baby", "baby crying, rain", "")
