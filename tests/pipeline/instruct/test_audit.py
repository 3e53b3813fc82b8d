"""The audit of a set of instructions."""

import json
import random
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.instruct.audit import AuditReport, audit
from cryfish.pipeline.instruct.jsonl import write_instructions
from cryfish.shards.sample import Instruction


def item(number: int, **changes: object) -> Instruction:
    fields: dict[str, object] = {
        "id": f"{number:016x}",
        "clips": (f"clip-{number}",),
        "task": "gender",
        "kind": "label",
        "question": "Who speaks?",
        "answer": "A woman.",
        "label": "female",
        "language": "en",
        "origin": "template",
        "provenance": {},
    }
    return Instruction(**{**fields, **changes})  # type: ignore[arg-type]


def of(tmp_path: Path, items: list[Instruction]) -> AuditReport:
    path = tmp_path / "train.jsonl"
    write_instructions(path, items)
    return audit([path])


def test_balance_against_chance(tmp_path: Path) -> None:
    items = [item(n, label="male" if n < 6 else "female") for n in range(8)]
    (task,) = of(tmp_path, items).tasks
    assert (task.count, task.clips, task.labels, task.label_count) == (8, 8, {"male": 6, "female": 2}, 2)
    assert (task.best_constant, task.chance) == (0.75, 0.5)
    assert task.entropy == pytest.approx(0.8113, abs=1e-4)


def test_repeats_and_duplicates_are_told_apart(tmp_path: Path) -> None:
    items = [item(n, question="A?") for n in range(4)] + [
        item(5, question="B?"),
        item(6, clips=("clip-0",), question="A?"),
    ]
    (task,) = of(tmp_path, items).tasks
    assert task.repeated_questions == pytest.approx(4 / 6)
    assert task.duplicates == 1


def test_binary_answers(tmp_path: Path) -> None:
    binary = ["Yes.", "No, two people.", "yes", "Нет.", "是的，是同一个人。", "不是。"]
    other = ["No one speaks.", "Nothing.", "Yesterday.", "A man.", "Janet.", "是非题"]
    (task,) = of(tmp_path, [item(n, answer=answer) for n, answer in enumerate(binary + other)]).tasks
    assert task.binary_share == 0.5


def test_numbers_texts_and_origins(tmp_path: Path) -> None:
    items = [item(n, task="snr", kind="number", label=str(n)) for n in range(20)]
    items += [item(100 + n, task="asr", kind="text", label=f"text {n}") for n in range(5)]
    items += [item(200, task="open", kind="text", origin="generated", language="de")]
    report = of(tmp_path, items)
    assert [(task.origin, task.task) for task in report.tasks] == [
        ("template", "asr"),
        ("template", "snr"),
        ("generated", "open"),
    ]
    asr, snr, generated = report.tasks
    assert (asr.labels, asr.best_constant, asr.entropy) == ({}, None, None)
    assert list(snr.labels.values()) == [2] * 10
    assert generated.languages == {"de": 1}
    assert report.count == 26


def test_examples_and_numbers_do_not_depend_on_the_order(tmp_path: Path) -> None:
    items = [item(n, answer="x" * (n % 7)) for n in range(200)]
    shuffled = list(items)
    random.Random(1).shuffle(shuffled)
    report = of(tmp_path, items)
    assert report == of(tmp_path, shuffled)
    assert len(report.tasks[0].examples) == 10
    assert report.tasks[0].answer_lengths.longest == 6
    assert json.loads(json.dumps(report.to_json())) == report.to_json()
    assert "gender" in str(report)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert all(name not in ("src", "onclick", "onload") for name, _ in attrs)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_trusts_nothing(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    items = [
        item(n, question=evil, answer=evil, label=evil, task=evil, clips=(evil,), language=evil)
        for n in range(3)
    ]
    page = of(tmp_path, items).to_html()
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert "svg" in tags.seen
    assert not tags.seen & {"script", "link", "img", "iframe"}
    assert "http" not in page


def test_an_empty_file_and_a_broken_one(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text("")
    assert (audit([path]).count, audit([path]).tasks) == (0, [])
    assert "0 about 0 clips" in audit([path]).to_html()
    path.write_text(json.dumps(item(1).to_json()) + "\n" + '{"id": "half')
    with pytest.raises(InputError, match=r"train.jsonl: line 2"):
        audit([path])
    path.write_text(json.dumps({**item(1).to_json(), "kind": "guess"}) + "\n")
    with pytest.raises(InputError, match=r"train.jsonl: line 1: instruction field 'kind'"):
        audit([path])
