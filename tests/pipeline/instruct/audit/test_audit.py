"""The audit of a set of instructions."""

import json
import random
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.cli.cli import cryfish
from cryfish.pipeline.instruct.audit.audit import AuditReport, audit
from cryfish.pipeline.instruct.audit.report import TaskAudit
from cryfish.pipeline.instruct.audit.thresholds import Thresholds, read_thresholds
from cryfish.pipeline.instruct.jsonl import write_instructions
from cryfish.shards.sample import Instruction


def item(number: int, **changes: object) -> Instruction:
    fields: dict[str, object] = {
        "id": f"{number:016x}",
        "clips": (f"ravdess-{number}",),
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


def generated(number: int, **changes: object) -> Instruction:
    text = changes.get("answer", f"answer {number}")
    fields = {"task": "open_qa", "kind": "text", "origin": "generated", "label": text, "answer": text}
    return item(number, **{**fields, "question": f"What is heard at place {number}?", **changes})


def of(tmp_path: Path, items: Sequence[Instruction], **settings: Any) -> AuditReport:
    path = tmp_path / "train.jsonl"
    write_instructions(path, items)
    return audit([path], **settings)


def only(report: AuditReport) -> TaskAudit:
    (task,) = report.tasks
    return task


def both(count: int, **changes: object) -> list[Instruction]:
    return [item(n, label="male" if n % 2 else "female", **changes) for n in range(count)]


def test_balance_against_chance(tmp_path: Path) -> None:
    task = only(of(tmp_path, [item(n, label="male" if n < 6 else "female") for n in range(8)]))
    assert (task.count, task.clips, task.labels, task.label_count) == (8, 8, {"male": 6, "female": 2}, 2)
    assert (task.best_answer, task.best_constant, task.chance) == ("male", 0.75, 0.5)
    assert task.entropy == pytest.approx(0.8113, abs=1e-4)


def test_a_few_rare_labels_do_not_pull_chance_down_and_one_label_is_no_task(tmp_path: Path) -> None:
    rare = [*both(200), item(500, label="other")]
    task = only(of(tmp_path, rare))
    assert task.chance == pytest.approx(0.495, abs=0.001)
    assert of(tmp_path, rare).violations == []
    always = of(tmp_path, [item(n) for n in range(30)])
    assert only(always).chance == 0.5
    assert re.search(r"template gender: the constant answer 'female' is right 100.0 %", always.violations[0])


def test_four_equal_labels(tmp_path: Path) -> None:
    task = only(of(tmp_path, [item(n, task="emotion", label="abcd"[n % 4]) for n in range(40)]))
    assert (task.chance, task.best_constant, task.entropy) == (0.25, 0.25, 2.0)


def test_corpora_are_told_apart_by_the_names_of_recipes(tmp_path: Path) -> None:
    items = [
        item(1, clips=("speech_commands-a-1",)),
        item(2, clips=("esc50-1-2-3",), label="male"),
        item(3, clips=("esc50-1-2-4",), label="male"),
        item(4, clips=("1-2-4",)),
        item(5, clips=("x",), provenance={"corpus": "mine"}),
    ]
    report = of(tmp_path, items)
    corpora = only(report).corpora
    assert {name: of.count for name, of in corpora.items()} == {
        "esc50": 2,
        "speech_commands": 1,
        "unknown": 1,
        "mine": 1,
    }
    assert corpora["esc50"].labels == {"male": 2}
    assert corpora["mine"].best_constant == 1


def test_duplicates_and_repeated_questions(tmp_path: Path) -> None:
    items = [item(n, question="A?") for n in range(4)] + [
        item(5, question="B?"),
        item(6, clips=("ravdess-0",), question="a!"),
    ]
    task = only(of(tmp_path, items))
    assert task.repeated_questions == pytest.approx(4 / 6)
    assert task.duplicate_share == pytest.approx(1 / 6)


def test_binary_in_meaning(tmp_path: Path) -> None:
    binary = ["Is a woman speaking?", "Ist das ein Mann oder eine Frau?", "Говорит ли женщина?"]
    other = ["Who speaks?", "Wie klingt die Stimme?", "Кто говорит?"]
    task = only(of(tmp_path, [generated(n, question=text) for n, text in enumerate(binary + other)]))
    assert task.binary_share == 0.5


def test_numbers_are_told_apart_by_the_tasks_bins_and_texts_by_their_answers(tmp_path: Path) -> None:
    items = [item(n, task="snr", kind="number", label=str(n)) for n in range(20)]
    items += [item(100 + n, task="asr", kind="text", answer=f"text {n % 4}", label="") for n in range(8)]
    items += [generated(200, language="de")]
    report = of(tmp_path, items)
    assert [(task.origin, task.task) for task in report.tasks] == [
        ("template", "asr"),
        ("template", "snr"),
        ("generated", "open_qa"),
    ]
    asr, snr, open_qa = report.tasks
    assert (asr.labels, asr.best_constant, asr.entropy, asr.chance) == ({}, 0.25, 2.0, None)
    assert sum(snr.labels.values()) == 20
    assert snr.labels["5 to 10"] == 5
    assert open_qa.languages == {"de": 1}
    assert report.count == 29


def test_lengths(tmp_path: Path) -> None:
    texts = ["x" * (1 + n % 10) for n in range(1000)] + ["y" * 5000]
    lengths = only(of(tmp_path, [generated(n, answer=text) for n, text in enumerate(texts)])).answer_lengths
    assert (lengths.shortest, lengths.median, lengths.longest) == (1, 6, 5000)
    assert sum(many for _, _, many in lengths.bins) == 1001
    assert [many for _, _, many in lengths.bins[:3]] == [100, 100, 100]
    assert lengths.bins[-1][1] == 5000


# What can be answered without listening.

PHRASES = ["Who speaks?", "Tell the gender.", "Which gender is it?", "What voice is this?"]


def test_a_question_that_says_nothing_is_answered_by_chance(tmp_path: Path) -> None:
    rng = random.Random(3)
    report = of(
        tmp_path,
        [item(n, question=rng.choice(PHRASES), label=rng.choice(["male", "female"])) for n in range(400)],
    )
    guess = only(report).guess
    assert guess is not None
    assert abs(guess.accuracy - 0.5) < 0.1
    assert not any("question alone" in line for line in report.violations)


def test_wording_that_goes_with_the_answer_is_found_out(tmp_path: Path) -> None:
    rng = random.Random(3)
    items = [
        item(
            n,
            label="male" if n % 2 else "female",
            question=rng.choice(PHRASES[:3] if n % 2 else PHRASES[1:]),
        )
        for n in range(400)
    ]
    report = of(tmp_path, items)
    guess = only(report).guess
    assert guess is not None
    assert guess.accuracy > 0.6
    assert any("from the question alone" in line for line in report.violations)


def test_options_give_a_chance_of_one_in_so_many_and_their_order_may_give_more_away(tmp_path: Path) -> None:
    labels = [f"sound {letter}" for letter in "abcdefghijkl"]
    rng = random.Random(5)

    def listing(number: int, first: bool) -> Instruction:
        several = rng.sample(labels, 3)
        label = several[0] if first else rng.choice(several)
        question = f"Which sound is it: {several[0]}, {several[1]} or {several[2]}?"
        return item(number, task="sound_event", label=label, question=question)

    fair = only(of(tmp_path, [listing(n, first=False) for n in range(900)])).guess
    unfair = only(of(tmp_path, [listing(n, first=True) for n in range(900)])).guess
    assert fair is not None
    assert unfair is not None
    assert abs(fair.accuracy - 1 / 3) < 0.08
    assert unfair.accuracy > 0.8


def test_the_options_of_the_templates_are_counted(tmp_path: Path) -> None:
    """Reading three options is right one time in three, whatever number of labels there is."""
    from cryfish.pipeline.instruct.tasks.tasks import TASKS
    from cryfish.pipeline.instruct.template.phrasings import phrasings_of

    listing = next(one for one in phrasings_of(TASKS.all()["emotion"]).questions["en"] if one.lists_options)
    comma, last = listing.form.join
    emotions = ["happy", "sad", "angry", "calm", "bored", "fearful"]
    items = []
    for number in range(120):
        options = [emotions[(number + step) % 6] for step in range(3)]
        text = comma.join(options[:2]) + last + options[2]
        question = "".join(literal + (text if field else "") for literal, field in listing.segments)
        items.append(
            item(
                number,
                task="emotion",
                label=options[number // 6 % 3],
                question=question,
                provenance={"template": listing.id},
            )
        )
    guess = only(of(tmp_path, items)).guess
    assert guess is not None
    assert guess.baseline == pytest.approx(1 / 3)


def test_no_clip_is_learnt_and_asked(tmp_path: Path) -> None:
    """Each clip has a question of its own, asked four times: what was learnt would be known by heart."""
    rng = random.Random(1)
    labels = [rng.choice(["male", "female"]) for _ in range(100)]
    items = [
        item(
            4 * clip + turn,
            clips=(f"ravdess-{clip}",),
            label=labels[clip],
            question=f"Who is voice{clip}x{clip}?",
        )
        for clip in range(100)
        for turn in range(4)
    ]
    guess = only(of(tmp_path, items)).guess
    assert guess is not None
    assert guess.accuracy < 0.65


def test_leaks_of_templates_and_of_generated_questions(tmp_path: Path) -> None:
    leaky = [item(n, task="emotion", label="sad", question="Why is the voice so sad?") for n in range(20)]
    fair = [item(50 + n, task="emotion", label="sad", question="Which emotion is it?") for n in range(20)]
    assert only(of(tmp_path, leaky + fair)).leak_share == 0.5
    folder = tmp_path / "generated"
    folder.mkdir()
    asked = [
        generated(n, question="What does the woman feel?" if n % 2 else "What is felt?") for n in range(10)
    ]
    write_instructions(folder / "instructions.jsonl", asked)
    assert only(audit([folder / "instructions.jsonl"])).leak_share is None
    kept = [
        {
            "id": one.id,
            "clips": list(one.clips),
            "corpus": "ravdess",
            "corpus_description": "Actors.",
            "facts": {"gender": "female", "emotion": "calm"},
            "question": one.question,
            "answer": one.answer,
            "binary": False,
        }
        for one in asked
    ]
    (folder / "kept.jsonl").write_text("".join(json.dumps(record) + "\n" for record in kept))
    for source in (folder, folder / "instructions.jsonl", folder / "kept.jsonl"):
        report = audit([source])
        assert only(report).leak_share == 0.5
        assert list(only(report).corpora) == ["ravdess"]
        assert any("leak a fact" in line for line in report.violations)


# Thresholds.


def test_a_good_set_is_within_all_thresholds(tmp_path: Path) -> None:
    rng = random.Random(2)
    items = [one for number in range(3) for one in both(60, task=("gender", "emotion", "language")[number])]
    items = [
        item(
            n,
            task=one.task,
            label=one.label,
            clips=(f"ravdess-{n}",),
            question=rng.choice(PHRASES) + one.task,
        )
        for n, one in enumerate(items)
    ]
    assert of(tmp_path, items + [generated(1000 + n) for n in range(50)]).violations == []


def test_each_threshold_says_what_is_beyond_it(tmp_path: Path) -> None:
    items = [generated(n, answer="Yes.", question="Is it loud?", clips=("ravdess-1",)) for n in range(40)]
    lines = of(tmp_path, items).violations
    parts = [
        "of the clips of ravdess 100.0 % have one right answer, 'Yes.'",
        "have the same answer",
        "are yes/no or either-or",
        "ask the same of the same clips",
    ]
    assert len(lines) == len(parts)
    for part in parts:
        assert any(line.startswith("generated open_qa: ") and part in line for line in lines)
    lenient = Thresholds(
        corpus_same_text=None, generated_same_answer=None, generated_binary_share=None, duplicate_share=1.0
    )
    assert of(tmp_path, items, thresholds=lenient).violations == []


def transcripts(corpus: str, texts: int, count: int, start: int = 0) -> list[Instruction]:
    """Transcription of clips of a corpus whose speakers read so many texts, each in one of several wordings."""
    said = ("{}", "The speaker says: {}", "One hears: '{}'", "{} - that is what is said.")
    return [
        item(
            start + n,
            clips=(f"{corpus}-{n}",),
            task="asr",
            kind="text",
            question=f"{PHRASES[n % len(PHRASES)]} transcript?",
            answer=said[n % 4].format(text),
            label=text,
        )
        for n in range(count)
        if (text := f"Sentence number {n // 4 % texts}." if n % 3 else f"sentence number {n // 4 % texts}")
    ]


def test_a_corpus_in_which_one_text_is_mostly_right_is_named(tmp_path: Path) -> None:
    """Whatever words stand around it, and though another corpus dilutes it."""
    others = transcripts("librispeech", 2000, 2000, start=10_000)
    lines = of(tmp_path, transcripts("crema_d", 2, 240) + others).violations
    assert len(lines) == 1
    assert lines[0].startswith(
        "template asr: of the clips of crema_d 50.0 % have one right answer, 'Sentence"
    )
    assert "(2 different answers to 240 questions)" in lines[0]


def test_few_texts_labels_and_lists_are_fine(tmp_path: Path) -> None:
    """Ten digits, twelve sentences, two genders, one language, one kind of sound; and a handful of clips."""
    fine = [
        *transcripts("fsdd", 10, 400),
        *transcripts("crema_d", 12, 480, start=1000),
        *transcripts("yesno", 2, 4, start=2000),
        *(item(3000 + n, label=("male", "female")[n % 2], clips=(f"timit-{n}",)) for n in range(60)),
        *(
            item(4000 + n, task="language", label=("en", "de")[n // 30], clips=(f"{c}-{n}",))
            for n in range(60)
            for c in [("ljspeech", "emodb")[n // 30]]
        ),
        *(
            item(
                5000 + n,
                task="sound_events",
                kind="list",
                label="baby cry, voice",
                answer="A baby cries.",
                clips=(f"donateacry-{n}",),
                question=f"Place {n}: {PHRASES[n % len(PHRASES)]}",
            )
            for n in range(60)
        ),
    ]
    assert not [line for line in of(tmp_path, fine).violations if "have one right answer" in line]


def test_the_sentence_of_ravdess(tmp_path: Path, shared: Path) -> None:
    from cryfish.pipeline.audio.manifests import find_manifests
    from cryfish.pipeline.engine.processes import Engine
    from cryfish.pipeline.instruct.template.stage import template_partition
    from cryfish.pipeline.prepare.prepare import prepare_corpus

    out = tmp_path / "train.jsonl"
    with Engine() as engine:
        manifests = []
        for name, folder in (("ravdess", "RAVDESS"), ("ljspeech", "LJSpeech-1.1")):
            prepare_corpus(name, shared / "corpora" / folder, tmp_path / name, engine=engine, max_bad=1)
            manifests += find_manifests(tmp_path / name)
        engine.run(
            "template",
            [
                template_partition(
                    manifests, out, tasks={"asr": "all", "gender": "all"}, seed=1, languages=["en"]
                )
            ],
        )
    asr = [line for line in audit([out]).violations if line.startswith("template asr: of the clips of ")]
    assert len(asr) == 1
    assert "ravdess 100.0 % have one right answer, 'Kids are talking by the door'" in asr[0]


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "train.jsonl"
    write_instructions(path, both(40, question="Who?"))
    limits = tmp_path / "limits.yaml"
    limits.write_text("duplicate_share: null\n")
    page = tmp_path / "audit.html"
    asked = ["instruct", "audit", str(path), "--html", str(page), "--thresholds", str(limits)]
    cryfish(asked, standalone_mode=False)
    assert capsys.readouterr().out == f"{page}: 40 instructions about 40 clips\n"


def test_one_more_than_half_is_as_near_as_it_goes(tmp_path: Path) -> None:
    assert of(tmp_path, [item(n, label="male" if n < 7 else "female") for n in range(13)]).violations == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("leaks: 0.1", "unknown threshold 'leaks' (did you mean 'leak_share'?)"),
        ("leak_share: 2", "'leak_share' must be a number from 0 to 1, or null, found 2"),
        ("leak_share: yes", "'leak_share' must be a number from 0 to 1, or null, found True"),
        ("- leak_share", "must hold thresholds such as"),
        ("a: [", "isn't valid YAML"),
    ],
)
def test_bad_thresholds_are_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "limits.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=re.escape(told)):
        read_thresholds(path)


def test_the_command_ends_with_1_beyond_the_thresholds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "train.jsonl"
    write_instructions(path, [item(n) for n in range(50)])
    limits = tmp_path / "limits.yaml"
    limits.write_text("best_constant_over_chance: null\n")
    found = tmp_path.with_name(f"{tmp_path.name}-audit.json")
    with pytest.raises(SystemExit) as ended:
        cryfish(["instruct", "audit", str(tmp_path), "--json", str(found)], standalone_mode=False)
    assert ended.value.code == 1
    assert "the constant answer 'female' is right 100.0 %" in capsys.readouterr().err
    assert json.loads(found.read_text())["violations"]
    cryfish(["instruct", "audit", str(path), "--thresholds", str(limits)], standalone_mode=False)
    assert "gender" in capsys.readouterr().out


def test_a_folder_stands_for_what_is_learnt_from(tmp_path: Path) -> None:
    template = tmp_path / "instructions" / "template"
    template.mkdir(parents=True)
    write_instructions(template / "train.jsonl", both(10))
    write_instructions(template / "test.jsonl", [item(n) for n in range(50, 70)])
    (template / "train.stats.jsonl").write_text('{"other": 1}\n')
    assert only(audit([tmp_path])).count == 10
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no shards and no files of instructions"):
        audit([tmp_path / "empty"])


# The report.


def test_examples_and_numbers_do_not_depend_on_the_order(tmp_path: Path) -> None:
    items = [
        item(n, answer="x" * (n % 7), label="male" if n % 3 else "female", question=PHRASES[n % 4])
        for n in range(200)
    ]
    items += items[:5]
    shuffled = list(items)
    random.Random(1).shuffle(shuffled)
    report = of(tmp_path, items)
    assert report == of(tmp_path, shuffled)
    assert len(report.tasks[0].examples) == 20
    assert report.tasks[0].answer_lengths.longest == 6
    assert json.loads(json.dumps(report.to_json()))["tasks"][0]["guess"]["count"] == 205
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
        item(
            n,
            question=evil,
            answer=evil,
            label=evil,
            task=evil,
            clips=(evil,),
            language=evil,
            provenance={"corpus": evil},
        )
        for n in range(3)
    ]
    page = of(tmp_path, items).to_html()
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert "svg" in tags.seen
    assert not tags.seen & {"script", "link", "img", "iframe"}
    assert "http" not in page


def test_the_page_in_a_browser(tmp_path: Path, chromium: Any) -> None:
    rng = random.Random(4)
    items = [
        item(n, question=rng.choice(PHRASES), label=rng.choice(["male", "female", "female"]))
        for n in range(300)
    ]
    items += [item(1000 + n, task="snr", kind="number", label=str(n % 25)) for n in range(80)]
    items += [generated(2000 + n, language=rng.choice(["en", "de", "ru"])) for n in range(60)]
    path = tmp_path / "audit.html"
    path.write_text(of(tmp_path, items).to_html(), encoding="utf-8")
    chromium.do("Log.enable")
    chromium.open(path.as_uri())
    boxes = chromium.evaluate(
        "[...document.querySelectorAll('svg, svg rect, svg circle, svg text')]"
        ".map(e => e.getBoundingClientRect()).map(b => [b.width, b.height, b.left, b.right])"
    )
    assert len(boxes) > 60
    assert all(height >= 0 and left >= 0 and right <= 1200 for _, height, left, right in boxes)
    assert chromium.evaluate(
        "[...document.querySelectorAll('svg')].every(e => e.getBoundingClientRect().height > 20 "
        "&& e.getBBox().width > 100)"
    )
    # A label is not hidden under a bar, nor does the page scroll sideways.
    assert chromium.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "the constant answer 'female'" in chromium.evaluate("document.querySelector('.verdict').innerText")
    assert chromium.evaluate("document.querySelectorAll('h2').length") == 3
    assert chromium.evaluate("document.querySelector('details tr:nth-child(2) td').innerText")
    shot = tmp_path / "audit.png"
    chromium.screenshot(shot)
    assert shot.stat().st_size > 20_000


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
    with pytest.raises(InputError, match=r"none.jsonl: no such file"):
        audit([tmp_path / "none.jsonl"])
