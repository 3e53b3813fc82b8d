"""A page to look at and listen to augmented clips: before and after, as sound, as spectrogram, with their facts.

The page is one file that needs nothing else: sound and pictures are inside.
"""

from __future__ import annotations

import base64
import io
import math
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import soundfile
from lhotse.cut import Cut
from numpy.typing import NDArray
from scipy.signal import stft

from ...recipes.facts import FACTS, read_facts
from ..files import write_atomically
from ..render import RATE, BadAudio, render

SHOWN_S = 20.0

_STYLE = Path(__file__).parent.parent / "pages" / "preview.css"
_WINDOW, _HOP = 512, 128
_RANGE_DB = 80.0
_MOST_COLUMNS = 1000
# Dark to bright, so that it reads without colour as well.
_COLOURS = np.array(
    [
        (0, 0, 8),
        (40, 11, 84),
        (101, 21, 110),
        (159, 42, 99),
        (212, 72, 66),
        (245, 125, 21),
        (250, 193, 39),
        (252, 255, 164),
    ]
)


@dataclass(frozen=True)
class _Heard:
    """A clip as it sounds; `trouble` says why it can't be heard."""

    samples: NDArray[np.float32]
    facts: Mapping[str, Any]
    trouble: str = ""


def write_preview(pairs: Iterable[tuple[Cut, Cut]], out: Path, n: int, title: str) -> int:
    """Writes a page with the first `n` of the pairs (original cut, augmented cut); returns how many there were.

    Nothing is written when there is no pair.
    """
    shown: list[tuple[str, _Heard, _Heard]] = []
    for original, augmented in pairs:
        shown.append((augmented.id, _hear(original), _hear(augmented)))
        if len(shown) == n:
            break
    if shown:
        page = _page(shown, title)
        write_atomically(out, lambda temporary: temporary.write_text(page, encoding="utf-8"))
    return len(shown)


def _hear(cut: Cut) -> _Heard:
    facts = read_facts(cut)
    try:
        rendered = render(cut)
    except BadAudio as error:
        return _Heard(np.zeros(0, np.float32), facts, str(error))
    return _Heard(rendered.samples, {**facts, **rendered.facts})


def _page(shown: list[tuple[str, _Heard, _Heard]], title: str) -> str:
    clips = "\n".join(_clip(name, before, after) for name, before, after in shown)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{_STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>{len(shown)} clips, each before and after. Pictures show 0 to {RATE // 2000} kHz; the two of a clip have one scale of
colours, which reaches {_RANGE_DB:.0f} dB below the peak of the louder one.</p>
{_summary([after.facts for _, _, after in shown])}
{clips}
</main>
</body>
</html>
"""


def _summary(facts: list[Mapping[str, Any]]) -> str:
    """The range of each number among the facts, and how many clips have it."""
    rows = []
    for name, fact in FACTS.items():
        values = [float(one[name]) for one in facts if name in one and fact.type in (int, float)]
        if values:
            low, middle, high = (_number(value) for value in (min(values), median(values), max(values)))
            rows.append(
                f"<tr><th scope=row>{name}</th><td>{len(values)}</td><td>{low}</td><td>{middle}</td><td>{high}</td>"
                f"<td>{escape(fact.unit)}</td></tr>"
            )
    if not rows:
        return ""
    return (
        "<table><caption>Numbers among the facts</caption><thead><tr><th scope=col>fact<th scope=col>clips"
        "<th scope=col>least<th scope=col>median<th scope=col>most<th scope=col>unit</tr></thead><tbody>"
        f"{''.join(rows)}</tbody></table>"
    )


def _clip(name: str, before: _Heard, after: _Heard) -> str:
    loudest = max(
        (float(_spectrogram(heard.samples).max()) for heard in (before, after) if len(heard.samples)),
        default=0,
    )
    sides = "".join(
        _side(f"{name}, {word}", word, heard, loudest)
        for word, heard in (("before", before), ("after", after))
    )
    return f"""<section aria-labelledby="{escape(name)}">
<h2 id="{escape(name)}">{escape(name)}</h2>
{_text(after.facts)}<div class="sides">{sides}</div>
{_facts(before.facts, after.facts)}
</section>"""


def _text(facts: Mapping[str, Any]) -> str:
    return f'<blockquote dir="auto">{escape(str(facts["text"]))}</blockquote>\n' if "text" in facts else ""


def _side(label: str, word: str, heard: _Heard, loudest: float) -> str:
    if heard.trouble:
        return (
            f'<figure><figcaption>{word}</figcaption><p class="trouble">{escape(heard.trouble)}</p></figure>'
        )
    seconds = len(heard.samples) / RATE
    cut_off = f", the first {SHOWN_S:g} s" if seconds > SHOWN_S else ""
    samples = heard.samples[: round(SHOWN_S * RATE)]
    ticks = "".join(
        f'<span style="left:{100 * tick / (len(samples) / RATE):.2f}%">{tick:g}</span>'
        for tick in _ticks(len(samples))
    )
    return f"""<figure><figcaption>{word}: {seconds:.1f} s{cut_off}</figcaption>
<div class="picture"><span class="high">{RATE // 2000} kHz</span><span class="low">0</span>
<img src="{_data("image/png", _png(_picture(samples, loudest)))}" alt="Spectrogram: {escape(label)}"></div>
<div class="time" aria-hidden="true">{ticks}<span class="unit">s</span></div>
<audio controls preload="metadata" aria-label="{escape(label)}" src="{_data("audio/wav", _wav(samples))}"></audio>
</figure>"""


def _ticks(samples: int) -> list[float]:
    seconds = samples / RATE
    step = next(step for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0) if seconds / step <= 8 or step == 5.0)
    return [round(step * number, 1) for number in range(int(0.93 * seconds / step) + 1)]


def _facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    rows = []
    for name in FACTS:
        if name == "text" or name not in {**before, **after}:
            continue
        old, new = (_value(name, facts[name]) if name in facts else "" for facts in (before, after))
        kind = ' class="changed"' if old != new else ""
        value = f"{new}" if new else f"<del>{old}</del>"
        rows.append(f'<tr{kind}><th scope="row">{name}</th><td dir="auto">{value}</td></tr>')
    caption = "<caption>Facts; what the augmentation changed is marked</caption>"
    return f"<table>{caption}<tbody>{''.join(rows)}</tbody></table>"


def _value(name: str, value: Any) -> str:
    if isinstance(value, list):
        return escape(", ".join(map(str, value)))
    if isinstance(value, float):
        return escape(f"{_number(value)} {FACTS[name].unit}".strip())
    return escape(f"{value} {FACTS[name].unit}".strip())


def _number(value: float) -> str:
    return f"{value:.4g}"


def _spectrogram(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Levels in dB, [frequencies from 0 up, frames]."""
    padded = np.pad(samples, (0, max(0, _WINDOW - len(samples))))
    _, _, spectrum = stft(padded, RATE, nperseg=_WINDOW, noverlap=_WINDOW - _HOP)
    return np.asarray(20 * np.log10(np.maximum(np.abs(spectrum), 1e-9)))


def _picture(samples: NDArray[np.float32], loudest: float) -> NDArray[np.uint8]:
    """[height, width, 3]: high frequencies above."""
    levels = _spectrogram(samples)[::-1]
    frames = math.ceil(levels.shape[1] / _MOST_COLUMNS)
    edges = np.arange(0, levels.shape[1], frames)
    levels = np.maximum.reduceat(levels, edges, axis=1)
    shades = np.clip((levels - loudest) / _RANGE_DB + 1, 0, 1) * (len(_COLOURS) - 1)
    below = np.minimum(shades.astype(int), len(_COLOURS) - 2)
    part = (shades - below)[..., None]
    return np.asarray(np.rint(_COLOURS[below] * (1 - part) + _COLOURS[below + 1] * part), dtype=np.uint8)


def _png(picture: NDArray[np.uint8]) -> bytes:
    """A picture [height, width, 3] as PNG (W3C Portable Network Graphics, 8 bits a colour, no filter)."""
    height, width, _ = picture.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), picture.reshape(height, 3 * width)], axis=1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _wav(samples: NDArray[np.float32]) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, RATE, format="WAV", subtype="PCM_16")
    return buffer.getvalue()


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
