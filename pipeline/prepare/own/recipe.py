"""Own data as a recipe like any other: rows and their mapping -> clips."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ....recipes.kit.corpus import DIVIDED, BadClip, Clip, Corpus, Found, Licence, divide
from ....recipes.kit.registry import Recipe
from .folders import Files, without_ending
from .mapping import ColumnMap, bad, names_of
from .own_data import Own
from .row import Row, own_id
from .values import NotAValue, number, plain, translated

HOME = "pipeline.prepare.own"
_MOST = 1e9
"""Seconds, or channels."""
_UNKNOWN_AUDIO = "no column says which file it is"


def own_recipe(own: Own) -> Recipe:
    """The recipe of own data. Its splits are train, dev and test; its hours aren't known before it is read."""
    facts = own.columns.facts()
    language = own.columns.always.get("language")
    corpus = Corpus(
        name=own.name,
        title=own.name,
        description=own.about or description_of(own.name),
        hours=0.0,
        licence=Licence("yours", commercial=True),
        languages=(language,) if language else (),
        sampling_rate=16_000,
        homepage=str(own.places[0]),
        citation="",
        layout=(),
        splits=DIVIDED,
        facts=facts,
        tasks=(),
        own=True,
    )
    return Recipe(corpus, partial(own_clips, own), home=HOME)


def description_of(name: str) -> str:
    """What an LLM is told of own data that nobody described."""
    return (
        f"Recordings that somebody collected under the name {name}; nothing else is known of them as a whole."
    )


def own_clips(own: Own, home: Path) -> Iterator[Found]:
    """The clips of own data, and what isn't one; with a table also the files of the folder that it doesn't name."""
    beside = [own.table.parent] if own.table else []
    files = Files(home, beside, search=own.kind == "folder")
    for place, row in own.rows():
        if isinstance(row, Row):
            yield _clip(own, row, files, own.splits.get(place, ""))
        else:
            yield row
    if own.table is not None:
        yield from files.unnamed()


def _clip(own: Own, row: Row, files: Files, split: str) -> Clip | BadClip:
    columns = own.columns
    named = row.audio or columns.place("audio", row)
    if named is None:
        return bad(row, own_id(row.where), "", _UNKNOWN_AUDIO)
    audio = row.audio or files.find(plain(named))
    if isinstance(audio, BadClip):
        return bad(row, _id(columns, row, audio.clip_id), audio.path, audio.reason)
    try:
        start, duration = _stretch(columns, row)
        named = columns.place("channel", row)
        channel = None if named is None else int(_number("channel", named, whole=True))
        # The two sides of a call are two clips.
        clip_id = _id(columns, row, f"{_stem(audio)}-channel{channel}" if channel else _stem(audio), start)
        facts = columns.apply(row, audio)
        if columns.place("start", row) is not None:
            # Clips of one recording stay together when they are divided.
            facts.setdefault("source", _stem(audio))
        chosen = _split(columns, row, audio) or split or divide(own.name, _group(facts, audio))
    except NotAValue as problem:
        return bad(row, _id(columns, row, _stem(audio)), audio, str(problem))
    return Clip(clip_id, chosen, Path(audio), facts, start, duration, channel=channel)


def _stem(audio: str) -> str:
    """The path without its ending; of an absolute one only the last parts."""
    stem = without_ending(audio)
    return "/".join(stem.split("/")[-2:]) if audio.startswith("/") else stem


def _id(columns: ColumnMap, row: Row, otherwise: str, start: float = 0.0) -> str:
    named = columns.place("id", row)
    if named is not None:
        return own_id(plain(named))
    return own_id(f"{otherwise}-{round(start * 1000):07d}" if start else otherwise)


def _stretch(columns: ColumnMap, row: Row) -> tuple[float, float | None]:
    """Where a clip begins, and how long it is: None to the end of the file."""
    start, end, lasts = (columns.place(name, row) for name in ("start", "end", "duration"))
    begins = 0.0 if start is None else _number("start", start)
    if lasts is not None:
        return begins, _number("duration", lasts)
    return begins, None if end is None else _number("end", end) - begins


def _number(place: str, value: Any, whole: bool = False) -> float:
    text = plain(value)
    try:
        told = number(text, whole)
    except NotAValue as problem:
        raise NotAValue(f"its {place} is {text[:40]!r}, {problem}") from None
    if abs(told) > _MOST:
        raise NotAValue(f"its {place} is {text[:40]!r}, more than any recording has")
    return told


def _split(columns: ColumnMap, row: Row, audio: str) -> str:
    """The split that a column tells; "" where none does.

    Raises:
        NotAValue: it is none of train, dev and test, in whatever words.
    """
    name = columns.column_of("split")
    if name is None:
        return ""
    value = columns.place("split", row) or names_of(audio).get(name, "")
    split = translated("split", plain(value))
    if split not in DIVIDED:
        raise NotAValue(
            f"column '{name}' says {plain(value)[:40]!r}, which is no split; say under `values` of the mapping what "
            f"it is: {', '.join(DIVIDED)}"
        )
    return split


def _group(facts: dict[str, Any], audio: str) -> str:
    """What must not be divided between train and test: a speaker, else a source, else the file."""
    return next((str(facts[name]) for name in ("speaker", "source") if name in facts), audio)
