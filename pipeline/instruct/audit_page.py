"""The audit as one HTML page: no scripts, no other files, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2330; --soft: #667085; --line: #d9dee7; --bar: #4a7fd6; --back: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8f0; --soft: #98a2b3; --line: #343b48; --bar: #6c9cf0; --back: #14171d; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; }
h2 { font-size: 1.15rem; border-top: 1px solid var(--line); padding-top: 1.2rem; margin-top: 2rem; }
p, small, th { color: var(--soft); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
th { font-weight: 500; }
svg { display: block; margin: .6rem 0; }
svg text { fill: var(--ink); font-size: 12px; }
svg rect { fill: var(--bar); }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--soft); }
td { overflow-wrap: anywhere; }
"""

_ROW = 20


def page(report: Mapping[str, Any]) -> str:
    """The page of `AuditReport.to_json()`."""
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Instructions</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    files = escape(", ".join(report["files"]))
    summary = (
        f"<h1>Instructions</h1>\n<p>{report['count']:,} about {report['clips']:,} clips, from {files}.</p>\n"
    )
    sections = "".join(_section(task) for task in report["tasks"])
    return head + summary + _overview(report["tasks"]) + sections + "</body>\n</html>\n"


def _overview(tasks: list[Mapping[str, Any]]) -> str:
    rows = "".join(
        f'<tr><td><a href="#{_anchor(task)}">{escape(task["task"])}</a></td><td>{escape(task["origin"])}</td>'
        + "".join(f'<td class="number">{text}</td>' for text in _figures(task))
        + "</tr>\n"
        for task in tasks
    )
    names = ("instructions", "clips", "labels", "best constant", "chance", "yes/no", "repeated", "duplicates")
    heads = "".join(f'<th class="number">{name}</th>' for name in names)
    return f"<table>\n<tr><th>task</th><th>origin</th>{heads}</tr>\n{rows}</table>\n"


def _figures(task: Mapping[str, Any]) -> list[str]:
    return [
        f"{task['count']:,}",
        f"{task['clips']:,}",
        f"{task['label_count']:,}" if task["label_count"] else "",
        _percent(task["best_constant"]),
        _percent(task["chance"]),
        _percent(task["binary_share"]),
        _percent(task["repeated_questions"]),
        f"{task['duplicates']:,}",
    ]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _anchor(task: Mapping[str, Any]) -> str:
    return escape(f"{task['origin']}-{task['task']}".replace(" ", "-"), quote=True)


def _section(task: Mapping[str, Any]) -> str:
    entropy = "" if task["entropy"] is None else f"; label entropy {task['entropy']:.2f} bits"
    languages = ", ".join(f"{escape(code)} {count:,}" for code, count in task["languages"].items())
    more = task["label_count"] - len(task["labels"])
    return (
        f'<h2 id="{_anchor(task)}">{escape(task["task"])} <small>{escape(task["origin"])}</small></h2>\n'
        f"<p>Languages: {languages}{entropy}. Questions: {_range(task['question_lengths'])}; "
        f"answers: {_range(task['answer_lengths'])}.</p>\n"
        + _bars(task["labels"])
        + (f"<p>and {more:,} rarer labels</p>\n" if more > 0 else "")
        + _examples(task["examples"])
    )


def _range(lengths: Mapping[str, Any]) -> str:
    return f"{lengths['shortest']} to {lengths['longest']} characters, median {lengths['median']:g}"


def _bars(labels: Mapping[str, int]) -> str:
    if not labels:
        return ""
    most, total = max(labels.values()) or 1, sum(labels.values()) or 1
    rows = []
    for number, (label, count) in enumerate(labels.items()):
        top, width = number * _ROW, 480 * count / most
        name = label if len(label) <= 28 else label[:27] + "…"
        rows.append(
            f'<text x="190" y="{top + 14}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="200" y="{top + 3}" width="{width:.1f}" height="14" rx="2"><title>{escape(label)}</title></rect>'
            f'<text x="{206 + width:.1f}" y="{top + 14}">{count:,} ({_percent(count / total)})</text>\n'
        )
    height = len(labels) * _ROW
    return (
        f'<svg viewBox="0 0 820 {height}" width="820" height="{height}" role="img" aria-label="labels">\n'
        f"{''.join(rows)}</svg>\n"
    )


def _examples(examples: list[Mapping[str, Any]]) -> str:
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(text)}</td>"
            for text in (
                example["question"],
                example["answer"],
                example["label"],
                ", ".join(example["clips"]),
            )
        )
        + "</tr>\n"
        for example in examples
    )
    heads = "<tr><th>question</th><th>answer</th><th>label</th><th>clips</th></tr>\n"
    return f"<details open>\n<summary>{len(examples)} examples</summary>\n<table>\n{heads}{rows}</table>\n</details>\n"
