"""The audit as one HTML page: no scripts, no other files, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from .charts import bars, cheap_answers, histogram, percent

_STYLE = Path(__file__).with_name("audit.css")
_LANGUAGES_SHOWN = 12


def page(report: Mapping[str, Any]) -> str:
    """The page of `AuditReport.to_json()`."""
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Instructions</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
    )
    files = escape(", ".join(report["files"]))
    tasks = report["tasks"]
    allowed = report["thresholds"]
    return (
        head
        + f"<h1>Instructions</h1>\n<p>{report['count']:,} about {report['clips']:,} clips, from {files}.</p>\n"
        + _verdict(report["violations"])
        + cheap_answers(tasks, allowed["best_constant_over_chance"], allowed["question_only_over_baseline"])
        + _overview(tasks)
        + "".join(_section(task) for task in tasks)
        + "</body>\n</html>\n"
    )


def _verdict(violations: Sequence[str]) -> str:
    if not violations:
        return '<div class="verdict">Within all thresholds.</div>\n'
    lines = "".join(f"<li>{escape(line)}</li>\n" for line in violations)
    return f'<div class="verdict bad">Beyond the thresholds:\n<ul>\n{lines}</ul>\n</div>\n'


_COLUMNS = (
    "instructions",
    "clips",
    "answers",
    "entropy, bits",
    "best constant",
    "chance",
    "question only",
    "binary",
    "leaks",
    "duplicates",
    "repeated",
)


def _figures(of: Mapping[str, Any]) -> list[str]:
    return [
        f"{of['count']:,}",
        f"{of['clips']:,}",
        f"{of['label_count']:,}",
        f"{of['entropy']:.2f}",
        percent(of["best_constant"]),
        percent(of["chance"]),
        percent(of["question_only"]),
        percent(of["binary_share"]),
        percent(of["leak_share"]),
        percent(of["duplicate_share"]),
        percent(of["repeated_questions"]),
    ]


def _table(first: Sequence[str], rows: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    heads = "".join(f"<th>{name}</th>" for name in first) + "".join(
        f'<th class="number">{name}</th>' for name in _COLUMNS
    )
    lines = "".join(
        f"<tr>{cells}" + "".join(f'<td class="number">{text}</td>' for text in _figures(of)) + "</tr>\n"
        for cells, of in rows
    )
    return f'<div class="wide">\n<table>\n<tr>{heads}</tr>\n{lines}</table>\n</div>\n'


def _overview(tasks: Sequence[Mapping[str, Any]]) -> str:
    return _table(("task", "origin"), ((_link(task), task) for task in tasks))


def _link(task: Mapping[str, Any]) -> str:
    return (
        f'<td class="name"><a href="#{_anchor(task)}">{escape(task["task"])}</a></td>'
        f'<td class="name">{escape(task["origin"])}</td>'
    )


def _anchor(task: Mapping[str, Any]) -> str:
    return escape(f"{task['origin']}-{task['task']}".replace(" ", "-"), quote=True)


def _section(task: Mapping[str, Any]) -> str:
    more = task["label_count"] - len(task["labels"])
    rarer = f"<p>and {more:,} rarer labels</p>\n" if task["labels"] and more > 0 else ""
    labels = f"<h3>Answers</h3>\n{bars(task['labels'], 'answers')}{rarer}" if task["labels"] else ""
    shown = list(task["languages"].items())
    languages = dict(shown[:_LANGUAGES_SHOWN])
    if shown[_LANGUAGES_SHOWN:]:
        languages["others"] = sum(count for _, count in shown[_LANGUAGES_SHOWN:])
    corpora = _table(
        ("corpus",), ((f'<td class="name">{escape(name)}</td>', of) for name, of in task["corpora"].items())
    )
    return (
        f'<h2 id="{_anchor(task)}">{escape(task["task"])} <small>{escape(task["origin"])}</small></h2>\n'
        + _constant(task)
        + labels
        + '<div class="sides">\n'
        + _lengths("Questions", task["question_lengths"])
        + _lengths("Answers", task["answer_lengths"])
        + "</div>\n"
        + f"<h3>Languages of the questions</h3>\n{bars(languages, 'languages')}"
        + f"<h3>Corpora</h3>\n{corpora}"
        + _examples(task["examples"])
    )


def _constant(task: Mapping[str, Any]) -> str:
    said = (
        f"“{escape(task['best_answer'])}” is the most frequent answer"
        if task["best_answer"]
        else "No answer stands out"
    )
    text = f"{said}: {percent(task['best_constant'])}"
    if task["chance"] is not None:
        text += f", by chance {percent(task['chance'])}"
    guess = task["guess"]
    if guess:
        text += (
            f". From the question alone {percent(guess['accuracy'])} of {guess['count']:,} are answered rightly "
            f"({percent(guess['low'])} to {percent(guess['high'])}), "
            f"by reading the options {percent(guess['baseline'])}"
        )
    return f"<p>{text}.</p>\n"


def _lengths(name: str, lengths: Mapping[str, Any]) -> str:
    return (
        f"<figure>\n<figcaption>{name}: {lengths['shortest']} to {lengths['longest']} characters, "
        f"median {lengths['median']:g}</figcaption>\n{histogram(lengths, f'lengths of {name.lower()}')}</figure>\n"
    )


def _examples(examples: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        "<tr>"
        + "".join(f"<td>{escape(example[name])}</td>" for name in ("question", "answer", "label"))
        + f'<td class="clips">{escape(", ".join(example["clips"]))}</td></tr>\n'
        for example in examples
    )
    heads = "<tr><th>question</th><th>answer</th><th>label</th><th>clips</th></tr>\n"
    return (
        f"<details open>\n<summary>{len(examples)} examples, drawn at random</summary>\n"
        f"<table>\n{heads}{rows}</table>\n</details>\n"
    )
