"""The report of a run: what went in, what was kept, how the loss fell, and whether the model hears."""

from __future__ import annotations

import base64
import html
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...files import read_json, read_jsonl, write_atomically
from ...shards import open_index
from ..engine.partitions import record_of
from ..stages import Run

Row = Sequence[str]
Table = tuple[Row, list[Row]]


@dataclass
class RunReport:
    """A run's figures, as tables and lines; `to_text` for the terminal, `to_html` for the browser."""

    title: str
    notes: list[str]
    tables: dict[str, Table] = field(default_factory=dict)
    losses: list[tuple[int, float]] = field(default_factory=list)
    verdict: str = ""

    def to_text(self) -> str:
        parts = [self.title, *self.notes]
        for name, (header, rows) in self.tables.items():
            parts += ["", name, *_aligned([header, *rows])]
        if self.losses:
            parts += [
                "",
                f"loss: {self.losses[0][1]:.2f} at step {self.losses[0][0]} -> {_last_mean(self.losses):.2f}",
            ]
        return "\n".join([*parts, "", self.verdict])

    def to_html(self) -> str:
        body = [f"<h1>{html.escape(self.title)}</h1>", f"<p class=verdict>{html.escape(self.verdict)}</p>"]
        body += [f"<p>{html.escape(note)}</p>" for note in self.notes]
        for name, (header, rows) in self.tables.items():
            body.append(f"<h2>{html.escape(name)}</h2><table><tr>{_cells('th', header)}</tr>")
            body += [f"<tr>{_cells('td', row)}</tr>" for row in rows]
            body.append("</table>")
        if self.losses:
            picture = base64.b64encode(loss_picture(self.losses)).decode()
            body.append(f'<h2>Loss</h2><img alt="loss by step" src="data:image/png;base64,{picture}">')
        return PAGE.format(title=html.escape(self.title), body="\n".join(body))


PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
table {{ border-collapse: collapse; margin: .5rem 0 1.5rem }}
th, td {{ padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #ddd }}
th:first-child, td:first-child {{ text-align: left }}
.verdict {{ font-weight: 600 }}
img {{ max-width: 100% }}
</style>
{body}
</html>
"""


def make_report(run: Run, notes: list[str]) -> RunReport:
    """Gathers the figures of a finished run from its work folder."""
    report = RunReport(f"Cryfish: {run.config.name}", notes)
    report.tables["Corpora"] = _corpora(run)
    report.tables["Instructions by task"] = _instructions(run)
    if run.config.instruct.generate is not None:
        report.tables["Candidates written by the LLM"] = _candidates(run)
    log = run.layout.trainings[0] / "log.jsonl"
    if log.is_file():
        report.losses = [(int(row["step"]), float(row["loss"])) for row in read_jsonl(log) if "loss" in row]
    results = run.layout.evaluation / "results.json"
    if results.is_file():
        tasks = read_json(results)["tasks"]
        report.tables["Held-out speakers and clips"] = _scores(tasks)
        report.verdict = _verdict(tasks)
    return report


def write_report(report: RunReport, folder: Path) -> Path:
    """Writes report.txt, report.html and loss.png; returns the page."""
    write_atomically(
        folder / "report.txt", lambda path: path.write_text(report.to_text() + "\n", encoding="utf-8")
    )
    if report.losses:
        write_atomically(folder / "loss.png", lambda path: path.write_bytes(loss_picture(report.losses)))
    page = folder / "report.html"
    write_atomically(page, lambda path: path.write_text(report.to_html(), encoding="utf-8"))
    return page


def _corpora(run: Run) -> Table:
    rows: list[Row] = []
    total: Counter[str] = Counter()
    for name in run.config.corpora:
        summary = read_json(run.layout.manifests(name) / "summary.json")
        bad = sum(summary["quarantined"].values())
        reasons = ", ".join(f"{count} x {reason}" for reason, count in summary["quarantined"].items())
        rows.append(
            (
                name,
                f"{summary['clips']:,}",
                f"{summary['hours']:.2f}",
                str(summary["speakers"]),
                f"{bad} {reasons}".strip(),
            )
        )
        total.update(clips=summary["clips"], speakers=summary["speakers"], bad=bad)
        total["seconds"] += round(summary["hours"] * 3600)
    rows.append(
        (
            "all",
            f"{total['clips']:,}",
            f"{total['seconds'] / 3600:.2f}",
            str(total["speakers"]),
            str(total["bad"]),
        )
    )
    return ("corpus", "clips", "hours", "speakers", "quarantined"), rows


def _instructions(run: Run) -> Table:
    by_role: dict[str, Counter[str]] = {}
    for role in run.config.instruct.template.roles:
        index = open_index([run.layout.shards(role)])
        by_role[role] = Counter(index.tasks[code] for code in index.task.tolist())
    rows: list[Row] = [
        (task, *(f"{by_role[role][task]:,}" for role in by_role))
        for task in sorted(set().union(*by_role.values()))
    ]
    rows.append(("all", *(f"{sum(by_role[role].values()):,}" for role in by_role)))
    return ("task", *by_role), rows


def _candidates(run: Run) -> Table:
    assert run.layout.filtered is not None
    counts = read_json(record_of(run.layout.filtered))["counts"]
    return ("", "count"), [(name, f"{count:,}") for name, count in counts.items()]


def _scores(tasks: Iterable[Mapping[str, Any]]) -> Table:
    rows: list[Row] = []
    for task in tasks:
        low, high = task["interval"] or (None, None)
        silent = task["baselines"].get("no_audio")
        gain = silent["gain_interval"] if silent else None
        rows.append(
            (
                task["task"],
                str(task["n"]),
                str(task["speakers"]),
                task["metric"],
                f"{task['score']:.3f}" + (f" ({low:.3f} to {high:.3f})" if low is not None else ""),
                *(
                    f"{task['baselines'][name]['score']:.3f}" if name in task["baselines"] else "-"
                    for name in ("majority", "no_audio", "wrong_audio")
                ),
                f"{silent['gain']:+.3f} ({gain[0]:+.3f} to {gain[1]:+.3f})" if gain else "-",
                "yes" if task["hears"] else "no",
            )
        )
    header = ("task", "n", "speakers", "metric", "with audio (95 %)", "majority", "no audio", "wrong audio")
    return (*header, "gain over no audio (95 %)", "hears"), rows


def _verdict(tasks: Iterable[Mapping[str, Any]]) -> str:
    hearing = [task["task"] for task in tasks if task["hears"]]
    if not hearing:
        return "The model doesn't hear yet: no task beats both the majority answer and the silenced model by the error."
    return (
        f"The model hears: on held-out speakers and clips it beats both the majority answer and itself without "
        f"audio, by more than the 95 % error, in {', '.join(hearing)}."
    )


def loss_picture(losses: Sequence[tuple[int, float]]) -> bytes:
    """The loss curve as a PNG: every step, and its running mean."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    steps = [step for step, _ in losses]
    values = [loss for _, loss in losses]
    span = max(1, len(values) // 20)
    means = [
        sum(values[max(0, n - span) : n + 1]) / len(values[max(0, n - span) : n + 1])
        for n in range(len(values))
    ]
    axes.plot(steps, values, color="#bbb", linewidth=0.8, label="each step")
    axes.plot(steps, means, color="#1565c0", linewidth=2, label=f"mean of {span + 1} steps")
    axes.set(xlabel="step", ylabel="loss of an answer token", ylim=(0, None))
    axes.legend(frameon=False)
    stream = io.BytesIO()
    # Without metadata the picture of the same losses is the same bytes.
    figure.savefig(stream, format="png", dpi=110, metadata={"Software": None})
    return stream.getvalue()


def _last_mean(losses: Sequence[tuple[int, float]]) -> float:
    last = [loss for _, loss in losses[-20:]]
    return sum(last) / len(last)


def _cells(tag: str, cells: Sequence[str]) -> str:
    return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)


def _aligned(rows: list[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
