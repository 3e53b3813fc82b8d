"""A page to look at and listen to augmented clips: before and after, as sound, as spectrogram, with their facts.

The page is one file that needs nothing else: sound and pictures are inside. It holds no script and forbids any, and
every text is escaped: facts and transcripts may come from strangers.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from lhotse.cut import Cut
from numpy.typing import NDArray
from scipy.signal import stft

from ...constants import SAMPLE_RATE
from ...errors import InputError
from ...files import write_atomically
from ...outputs import Output, begin_files, check_outputs, settled
from ...recipes.kit.facts import FACTS, read_facts
from ...shards import encode_flac
from ..audio.manifests import existing_audio_root, read_cuts
from ..audio.render import BadAudio, render
from .augmentation import Augmentation, open_steps
from .labels import why_unlabelled
from .steps import augment_cut

SHOWN_S = 20.0
"""What is shown of a longer clip, from its start."""

Facts = Mapping[str, Any]
Floats = NDArray[np.float32]

_STYLE = Path(__file__).with_name("preview.css")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; "
    "form-action 'none'; base-uri 'none'"
)
_WINDOW, _HOP = 512, 128
_RANGE_DB = 80
_MOST_COLUMNS = 1000
_MOST_VALUES = 8
# Dark to bright, so that it reads without colour as well.
_COLOURS = (
    (0, 0, 8),
    (40, 11, 84),
    (101, 21, 110),
    (159, 42, 99),
    (212, 72, 66),
    (245, 125, 21),
    (250, 193, 39),
    (252, 255, 164),
)


@dataclass(frozen=True)
class _Heard:
    """A clip as it sounds: the samples shown, float32 [time], of `seconds` in all; or the `trouble` with it.

    `unlabelled` says why a noisy clip has no SNR.
    """

    samples: Floats
    seconds: float
    facts: Facts
    trouble: str = ""
    unlabelled: str | None = None


def write_preview(pairs: Iterable[tuple[Cut, Cut]], out: Path, n: int, title: str) -> int:
    """Writes a page with the first `n` pairs (original cut, augmented cut) that differ; returns how many there were.

    Clips sound as `render` makes them for shards. One that can't be rendered is listed with the reason. Nothing is
    written when no pair differs.

    Raises:
        InputError: the facts of a cut aren't those of the vocabulary, or the page can't be written.
    """
    clips: list[str] = []
    facts: list[tuple[Facts, Facts]] = []
    reasons: Counter[str] = Counter()
    for original, augmented in pairs:
        if len(clips) >= n:
            break
        if augmented is original or augmented == original:
            continue
        before, after = _hear(original), _hear(augmented)
        clips.append(_clip(len(clips) + 1, augmented.id, before, after))
        facts.append((before.facts, after.facts))
        reasons.update(filter(None, [after.unlabelled]))
    if clips:
        page = _page(title, facts, clips, reasons)
        # Facts from JSON may hold half of a surrogate pair, which no UTF-8 can.
        write_atomically(out, lambda temporary: temporary.write_bytes(page.encode("utf-8", "replace")))
    return len(clips)


def _hear(cut: Cut) -> _Heard:
    facts = read_facts(cut)
    try:
        rendered = render(cut)
    except BadAudio as error:
        return _Heard(np.zeros(0, np.float32), 0.0, facts, str(error), why_unlabelled(cut))
    # The rest isn't held in memory.
    shown = rendered.samples[: round(SHOWN_S * SAMPLE_RATE)].copy()
    facts = {**facts, **rendered.facts}
    return _Heard(shown, rendered.seconds, facts, unlabelled=why_unlabelled(cut))


def _page(
    title: str, facts: Sequence[tuple[Facts, Facts]], clips: Sequence[str], unlabelled: Counter[str]
) -> str:
    sections = "\n".join(clips)
    without = "".join(
        f"<p>Noise without an SNR: {n} ({escape(why)}).</p>\n" for why, n in sorted(unlabelled.items())
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{_STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>{len(clips)} clip{"s" if len(clips) > 1 else ""}, before and after. The two pictures of a clip share their axes and
their colours: the brighter, the louder, down to {_RANGE_DB} dB below the loudest place of the two. Lengths differ where
the augmentation made a clip longer or shorter.</p>
{_summary(facts)}
{without}{sections}
</main>
</body>
</html>
"""


def _changed(before: Facts, after: Facts) -> list[str]:
    """The facts that the augmentation gave, changed or took, in the order of the vocabulary."""
    return [name for name in FACTS if before.get(name) != after.get(name)]


def _summary(facts: Sequence[tuple[Facts, Facts]]) -> str:
    """Each fact that the augmentation gave or changed: in how many clips, and its range or commonest values."""
    found: dict[str, list[Any]] = {name: [] for name in FACTS}
    for before, after in facts:
        for name in _changed(before, after):
            if name in after:
                found[name].append(after[name])
    rows = []
    for name, values in found.items():
        if not values:
            continue
        if FACTS[name].type in (int, float):
            cells = "".join(
                f'<td class="number">{_text_of(name, one)}</td>'
                for one in (min(values), median(values), max(values))
            )
        else:
            cells = f'<td colspan="3" dir="auto">{_commonest(values)}</td>'
        rows.append(
            f'<tr><th scope="row">{name}</th><td class="number">{len(values)}</td>{cells}'
            f"<td>{escape(FACTS[name].description)}</td></tr>\n"
        )
    if not rows:
        return ""
    heads = ("fact", "clips", "least", "median", "most", "what it is")
    head = "".join(f'<th scope="col">{word}</th>' for word in heads)
    return (
        '<div class="wide"><table class="summary"><caption>Facts that the augmentation gave or changed</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _commonest(values: Sequence[str | list[str]]) -> str:
    counts = Counter(item for value in values for item in ([value] if isinstance(value, str) else value))
    texts = [f"{item} ({count})" if count > 1 else item for item, count in counts.most_common(_MOST_VALUES)]
    more = len(counts) - len(texts)
    return escape(", ".join(texts) + (f" and {more} more" if more else ""))


def _clip(number: int, name: str, before: _Heard, after: _Heard) -> str:
    levels = [_levels(heard.samples) for heard in (before, after)]
    loudest = max(float(level.max()) for level in levels)
    span = max(len(heard.samples) for heard in (before, after)) / SAMPLE_RATE
    sides = "\n".join(
        _side(name, word, heard, _picture(level, loudest), span)
        for word, heard, level in zip(("before", "after"), (before, after), levels, strict=True)
    )
    text = after.facts.get("text", before.facts.get("text", ""))
    said = f'<blockquote dir="auto">{escape(text)}</blockquote>\n' if text else ""
    why = f"<p>No SNR is given: {escape(after.unlabelled)}.</p>\n" if after.unlabelled else ""
    return f"""<section aria-labelledby="shown-{number}">
<h2 id="shown-{number}" dir="auto">{escape(name)}</h2>
{said}<div class="sides">
{sides}
</div>
{why}{_facts(before.facts, after.facts)}
</section>"""


def _side(name: str, word: str, heard: _Heard, picture: NDArray[np.uint8], span: float) -> str:
    """A clip's picture and player; `span` is the length of the time axis in seconds."""
    if heard.trouble:
        return (
            f'<figure><figcaption>{word}</figcaption><p class="trouble">No sound: the clip {escape(heard.trouble)}.'
            "</p></figure>"
        )
    top = SAMPLE_RATE // 2000
    label = escape(f"{name}, {word}")
    rest = f", the first {SHOWN_S:g} s" if heard.seconds > SHOWN_S else ""
    width = 100 * len(heard.samples) / SAMPLE_RATE / span
    frequencies = "".join(
        f'<span style="bottom:{100 * tick / top:g}%">{tick}{" kHz" if tick == top else ""}</span>'
        for tick in range(0, top + 1, 2)
    )
    times = "".join(
        f'<span style="left:{100 * tick / span:.2f}%">{tick:g} s</span>' for tick in _time_ticks(span)
    )
    return f"""<figure><figcaption>{word}: {heard.seconds:.2f} s{rest}</figcaption>
<div class="picture"><div class="frequencies" aria-hidden="true">{frequencies}</div>
<img style="width:{width:.2f}%" src="{_data("image/png", _png(picture))}"
alt="Spectrogram: {label}; {heard.seconds:.2f} s{rest}, 0 to {top} kHz"></div>
<div class="times" aria-hidden="true">{times}</div>
<audio controls preload="metadata" aria-label="{label}" src="{_data("audio/flac", encode_flac(heard.samples))}"></audio>
</figure>"""


def _time_ticks(span: float) -> list[float]:
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0) if span <= 6 * step)
    # A label too near to the right edge would leave the page.
    return [round(step * number, 2) for number in range(math.floor(0.93 * span / step) + 1)]


def _facts(before: Facts, after: Facts) -> str:
    """All facts but the text, the changed ones first."""
    changed = [name for name in _changed(before, after) if name != "text"]
    rows = [
        f'<tr class="changed"><th scope="row">{name}</th><td dir="auto">{_text_of(name, before.get(name))}</td>'
        f'<td dir="auto"><mark>{_text_of(name, after.get(name))}</mark></td></tr>\n'
        for name in changed
    ]
    rows += [
        f'<tr><th scope="row">{name}</th><td colspan="2" dir="auto">{_text_of(name, after[name])}</td></tr>\n'
        for name in FACTS
        if name in after and name not in ("text", *changed)
    ]
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{word}</th>' for word in ("fact", "before", "after"))
    return (
        '<div class="wide"><table><caption>Facts; what changed is marked</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _text_of(name: str, value: Any) -> str:
    """A fact's value with its unit, escaped; a dash if it isn't known."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return escape(", ".join(value))
    shown = str(value)
    if isinstance(value, float):
        shown = f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
    unit = FACTS[name].unit
    return escape(f"{shown} ({unit})" if " to " in unit else f"{shown} {unit}".strip())


def _levels(samples: Floats) -> NDArray[np.float64]:
    """The spectrogram's levels in dB, [frequencies from 0 up, frames]: 32 ms windows (Hann), one every 8 ms."""
    padded = np.pad(samples, (0, max(0, _WINDOW - len(samples))))
    # Mirrored at its ends: silence there would show as a click where a clip was cut.
    _, _, spectrum = stft(padded, SAMPLE_RATE, nperseg=_WINDOW, noverlap=_WINDOW - _HOP, boundary="even")
    return np.asarray(20 * np.log10(np.maximum(np.abs(spectrum), 1e-9)))


def _picture(levels: NDArray[np.float64], loudest: float) -> NDArray[np.uint8]:
    """[height, width] from 0 (dark) to 255 (as loud as `loudest`): high frequencies above."""
    frames = math.ceil(levels.shape[1] / _MOST_COLUMNS)
    # The loudest of several frames, so that a click isn't lost.
    fewer = np.maximum.reduceat(levels[::-1], np.arange(0, levels.shape[1], frames), axis=1)
    return np.asarray(np.rint(255 * np.clip((fewer - loudest) / _RANGE_DB + 1, 0, 1)), dtype=np.uint8)


def _png(picture: NDArray[np.uint8]) -> bytes:
    """A picture [height, width] as PNG with a palette (W3C Portable Network Graphics, colour type 3, no filter)."""
    height, width = picture.shape
    places = np.linspace(0, len(_COLOURS) - 1, 256)
    channels = [
        np.interp(places, np.arange(len(_COLOURS)), channel) for channel in zip(*_COLOURS, strict=True)
    ]
    palette = np.rint(np.stack(channels, axis=1)).astype(np.uint8)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), picture], axis=1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", palette.tobytes()),
            chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            chunk(b"IEND", b""),
        )
    )


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


_PREVIEW_TRIES = 20


def preview_page(augmentation: Augmentation, manifests: Sequence[Path], out: Path, wanted: int) -> int:
    """A page with `wanted` clips before and after; they are chosen by a hash of their ids among those that changed.

    Returns how many there are.

    Raises:
        InputError: as `augment`; or no clip is changed by the steps.
    """
    augmentation.check()
    page = Output(out, "--out", by="augment --preview")
    check_outputs([page], [*manifests, *augmentation.read_folders()])
    begin_files([page])
    out = settled(out)
    cuts = (
        cut
        for manifest in manifests
        for cut in read_cuts(manifest, existing_audio_root(manifest, augmentation.audio_roots))
    )
    some = nsmallest(_PREVIEW_TRIES * wanted, cuts, key=lambda cut: sha256(cut.id.encode()).digest())
    steps = open_steps(augmentation)
    pairs = (
        (cut, made) for cut in some for made in augment_cut(cut, steps, augmentation.seed) if made is not cut
    )
    shown = write_preview(pairs, out, wanted, "Augmented clips")
    if not shown:
        raise InputError(f"{manifests[0]}: none of its clips is changed by the steps; raise their 'share'")
    return shown
