"""The plots of the audit's page: SVG with nothing around it, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_ROW = 24
_LEFT = 190
_WIDE = 460


def percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def cheap_answers(tasks: Sequence[Mapping[str, Any]], constant: float | None, blind: float | None) -> str:
    """By task: what a constant answer and the classifier that doesn't hear score, against what they may.

    `constant` and `blind` are the shares by which they may be better than chance and than reading the options.
    """
    rows = [task for task in tasks if task["chance"] is not None]
    if not rows:
        return ""
    bottom = len(rows) * _ROW
    axis = "".join(
        f'<line class="grid" x1="{_x(tick)}" x2="{_x(tick)}" y1="0" y2="{bottom}"/>'
        f'<text class="tick" x="{_x(tick)}" y="{bottom + 16}" text-anchor="middle">{round(100 * tick)} %</text>'
        for tick in (0, 0.25, 0.5, 0.75, 1)
    )
    marks = "".join(_cheap_row(task, number * _ROW, constant, blind) for number, task in enumerate(rows))
    key = (
        '<p class="key"><span class="allowed"></span>from chance to what is allowed '
        '<span class="constant"></span>best constant answer <span class="blind"></span>from the question alone '
        "(with its 99 % interval)</p>"
    )
    return _svg(axis + marks, bottom + 24, "answers without listening, by task") + key + "\n"


def _cheap_row(task: Mapping[str, Any], top: int, constant: float | None, blind: float | None) -> str:
    name = task["task"] if task["origin"] == "template" else f"{task['task']} (generated)"
    chance, best, guess = task["chance"], task["best_constant"], task["guess"]
    parts = [
        _name(name, top),
        _allowed(chance, constant, top + 2),
        f'<circle class="constant" cx="{_x(best)}" cy="{top + 6}" r="4"><title>{escape(name)}: always '
        f"'{escape(task['best_answer'])}' is right {percent(best)}, by chance {percent(chance)}</title></circle>",
    ]
    if guess:
        hit = guess["accuracy"]
        parts += [
            _allowed(guess["baseline"], blind, top + 12),
            f'<line class="blind" x1="{_x(guess["low"])}" x2="{_x(guess["high"])}" y1="{top + 16}" y2="{top + 16}"/>',
            f'<circle class="blind" cx="{_x(hit)}" cy="{top + 16}" r="3"><title>{escape(name)}: {percent(hit)} '
            f"from the question alone, {percent(guess['baseline'])} by reading the options</title></circle>",
        ]
    return "".join(parts) + "\n"


def _allowed(start: float, margin: float | None, top: int) -> str:
    width = max(2.0, _x(min(1.0, start + (margin or 0))) - _x(start))
    return f'<rect class="allowed" x="{_x(start)}" y="{top}" width="{width:.1f}" height="8"/>'


def _x(share: float) -> float:
    return round(_LEFT + 10 + _WIDE * share, 1)


def bars(counts: Mapping[str, int], about: str) -> str:
    """One bar each, with its number and share."""
    if not counts:
        return ""
    most, total = max(counts.values()) or 1, sum(counts.values()) or 1
    rows = []
    for number, (label, count) in enumerate(counts.items()):
        top, width = number * _ROW, _WIDE * count / most
        rows.append(
            f'{_name(label, top)}<rect x="{_LEFT + 10}" y="{top + 4}" width="{width:.1f}" height="{_ROW - 8}" rx="2">'
            f"<title>{escape(label)}</title></rect>"
            f'<text x="{_LEFT + 16 + width:.1f}" y="{top + 15}">{count:,} ({percent(count / total)})</text>\n'
        )
    return _svg("".join(rows), len(counts) * _ROW, about)


def histogram(lengths: Mapping[str, Any], about: str) -> str:
    """How long the texts are, in characters; the last bin also holds what is longer."""
    rows = lengths["bins"]
    most = max(count for _, _, count in rows) or 1
    width = 380 / len(rows)
    columns = "".join(
        f'<rect x="{10 + number * width:.1f}" y="{100 - 90 * count / most:.1f}" width="{max(1.0, width - 2):.1f}" '
        f'height="{90 * count / most:.1f}"><title>{_range(first, last)}: {count:,}</title></rect>'
        for number, (first, last, count) in enumerate(rows)
    )
    axis = (
        '<line class="axis" x1="10" x2="390" y1="100" y2="100"/>'
        f'<text class="tick" x="10" y="116">{rows[0][0]}</text>'
        f'<text class="tick" x="390" y="116" text-anchor="end">{_range(*rows[-1][:2])}</text>'
    )
    return _svg(columns + axis + "\n", 122, about, 400)


def _range(first: int, last: int) -> str:
    return f"{first} to {last} characters" if first < last else f"{first} characters"


def _name(text: str, top: int) -> str:
    short = text if len(text) <= 28 else text[:27] + "…"
    return f'<text x="{_LEFT}" y="{top + 15}" text-anchor="end">{escape(short)}</text>'


def _svg(content: str, height: int, about: str, width: int = 800) -> str:
    # On a narrow screen a wide plot is scrolled: it couldn't be read if it shrank.
    least = 560 if width > 560 else 0
    return (
        f'<div class="wide"><svg viewBox="0 0 {width} {height}" style="max-width: {width}px; min-width: {least}px" '
        f'role="img" aria-label="{escape(about)}">\n{content}</svg></div>\n'
    )
