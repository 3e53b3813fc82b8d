"""Plain Lhotse manifests: cuts, or recordings with the supervisions beside them.

Read as JSON, a line at a time. Only files on disk can be used: what is changed on the fly, mixed or made by a command
is a bad clip with its reason.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ....errors import InputError
from ....recipes.kit.corpus import BadClip
from .row import Read, Row, flat, own_id
from .shelf import Shelf
from .tables import NotJson, opened, parsed

_OWN = ("corpus", "facts", "about")
"""What `prepare` itself writes into `custom`."""
_CROSSED = "another supervision of its cut overlaps it, so two speak at once"
_SLACK_S = 0.02
_SPOKEN = ("text", "speaker", "gender", "language")


def manifest_rows(path: Path) -> Iterator[Read]:
    """A row for each cut, or for each of its supervisions where it has several (as Lhotse's `trim_to_supervisions`).

    Custom fields are columns. Raises InputError for a file that is no manifest of cuts or recordings, or whose
    supervisions aren't beside it.
    """
    first = next(_records(path), None)
    if first is None:
        raise InputError(f"{path}: is empty; name a manifest of cuts, or of recordings")
    if "recording_id" in first and "recording" not in first and "type" not in first:
        raise InputError(
            f"{path}: holds supervisions; name the manifest of their recordings "
            f"({path.name.replace('supervision', 'recording')})"
        )
    if "sources" in first:
        yield from _recordings(path)
    elif "type" in first or "recording" in first:
        for record in _records(path):
            yield from _of_cut(record)
    else:
        raise InputError(
            f"{path}: isn't a Lhotse manifest of cuts or recordings (its first line has {', '.join(list(first)[:5])})"
        )


def beside(path: Path) -> Path | None:
    """The manifest of supervisions that belongs to one of recordings, by its name."""
    found = path.with_name(path.name.replace("recording", "supervision"))
    return found if found != path and found.is_file() else None


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with opened(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                content = parsed(line)
            except NotJson as error:
                raise InputError(
                    f"{path}, line {number}: isn't JSON ({error}); save the manifest as .jsonl or .jsonl.gz "
                    "(lhotse's `to_file`)"
                ) from None
            if not isinstance(content, dict):
                raise InputError(f"{path}, line {number}: isn't a JSON object; save the manifest anew")
            yield {**content, "#": f"{path.name}, line {number}"}


def _recordings(path: Path) -> Iterator[Read]:
    spoken = beside(path)
    if spoken is None:
        for recording in _records(path):
            yield from _pieces(recording, recording, [])
        return
    with Shelf() as shelf:
        shelf.put(
            "spoken", ((str(record.get("recording_id")), json.dumps(record)) for record in _records(spoken))
        )
        for recording in _records(path):
            shelf.put("recording", [(str(recording.get("id")), "")])
            said = [json.loads(text) for text in shelf.get("spoken", str(recording.get("id")))]
            if not said:
                yield _bad(recording, f"{spoken.name} says nothing of it")
            else:
                yield from _pieces(recording, recording, said)
        for recording_id, text in shelf.all("spoken"):
            if not shelf.get("recording", recording_id):
                lost = json.loads(text)
                yield _bad(lost, f"{path.name} has no recording {recording_id}")


def _of_cut(cut: Mapping[str, Any]) -> Iterator[Read]:
    kind = cut.get("type", "MonoCut")
    if kind == "MixedCut":
        yield _bad(cut, "is a mix, made on the fly; write its audio to files first (lhotse's `save_audios`)")
    elif kind == "PaddingCut":
        yield _bad(cut, "is padding, without a recording")
    elif not isinstance(cut.get("recording"), Mapping):
        yield _bad(cut, "has no recording (only features?); manifests with recordings are needed")
    else:
        yield from _pieces(cut, cut["recording"], cut.get("supervisions") or [])


def _pieces(cut: Mapping[str, Any], recording: Mapping[str, Any], spoken: list[Any]) -> Iterator[Read]:
    """The rows of a cut or a whole recording; of one with several supervisions one for each."""
    if odd := _odd(cut, recording, spoken):
        yield _bad(cut, f"its {odd}; write the manifest anew (lhotse's `to_file`)")
        return
    audio = _file_of(recording)
    if isinstance(audio, BadClip):
        yield BadClip(own_id(str(cut.get("id"))), audio.path, audio.reason)
        return
    # A recording's own `duration` isn't that of a cut.
    start, duration = (0.0, None) if cut is recording else (float(cut.get("start", 0)), cut.get("duration"))
    whole = start == 0 and (duration is None or abs(duration - float(recording.get("duration", 0))) < 1e-3)
    channel = _channel(cut.get("channel"))
    custom = {**_custom(recording), **_custom(cut)}
    if len(spoken) < 2 and (cut is not recording or not spoken):
        stretch = {} if whole else {"start": start, "duration": duration}
        values = {
            **custom,
            **(_said(spoken[0]) if spoken else {}),
            "id": cut.get("id"),
            "audio": audio,
            **stretch,
        }
        yield Row(str(cut["#"]), _with_channel(values, channel, recording))
        return
    spoken = sorted(spoken, key=lambda one: float(one.get("start", 0)))
    crossed = _crossed(spoken)
    for number, one in enumerate(spoken):
        begins, lasts = float(one.get("start", 0)), float(one.get("duration", 0))
        if number in crossed:
            yield BadClip(own_id(str(one.get("id"))), audio, _CROSSED)
            continue
        values = {**custom, **_said(one), "id": one.get("id"), "audio": audio}
        alone = len(spoken) == 1 and begins == 0 and abs(lasts - float(recording.get("duration", 0))) < 1e-2
        if not (alone and whole):
            values |= {"start": start + begins, "duration": lasts}
        told = channel if len(recording.get("channel_ids") or (0,)) < 2 else _channel(one.get("channel"))
        yield Row(str(one.get("#") or cut["#"]), _with_channel(values, told, recording))


_FORM = {"start": "a number", "duration": "a number", "custom": "fields with values"}


def _odd(cut: Mapping[str, Any], recording: Mapping[str, Any], spoken: Any) -> str:
    """What in a cut isn't of the form that Lhotse gives it, for people; "" where all is."""
    for what, value in (("supervisions", spoken), ("sources", recording.get("sources") or [])):
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            return f"'{what}' aren't a list of objects"
    if not isinstance(recording.get("channel_ids") or [], list):
        return "'channel_ids' aren't a list"
    for name, form in _FORM.items():
        for of in (cut, recording, *spoken):
            value = of.get(name)
            if name in of and not (
                _is_finite(value) if form == "a number" else value is None or isinstance(value, Mapping)
            ):
                return f"'{name}' is {str(value)[:40]!r}, not {form}"
    return ""


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _crossed(spoken: list[Any]) -> set[int]:
    """The supervisions (in order of their starts) during which another of the same channel is spoken, too."""
    crossed: set[int] = set()
    latest: dict[str, tuple[float, int]] = {}
    for number, one in enumerate(spoken):
        channel, start = str(one.get("channel", 0)), float(one.get("start", 0))
        end, before = latest.get(channel, (start, number))
        if start < end - _SLACK_S:
            crossed |= {before, number}
        own_end = start + float(one.get("duration", 0))
        if own_end >= end:
            latest[channel] = (own_end, number)
    return crossed


def _with_channel(
    values: dict[str, Any], channel: int | None, recording: Mapping[str, Any]
) -> dict[str, Any]:
    """The channel only where there are several: of one there is nothing to choose."""
    several = len(recording.get("channel_ids") or (0,)) > 1
    return {**values, "channel": channel} if several and channel is not None else values


def _channel(value: Any) -> int | None:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    return value if isinstance(value, int) else None


def _said(spoken: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: spoken[name] for name in _SPOKEN if spoken.get(name) is not None}
    return {**_custom(spoken), **named}


def _custom(of: Mapping[str, Any]) -> dict[str, Any]:
    """The custom fields; facts that `prepare` wrote stand beside the others."""
    custom = of.get("custom")
    if not isinstance(custom, Mapping):
        return {}
    facts = custom.get("facts")
    others = {name: value for name, value in custom.items() if name not in _OWN and _is_simple(value)}
    return {**flat(others), **(dict(facts) if isinstance(facts, Mapping) else {})}


def _is_simple(value: Any) -> bool:
    """Not an array, a recording or the like, which Lhotse keeps in custom fields too."""
    return not isinstance(value, Mapping) or not {"storage_type", "sources", "array"} & value.keys()


def _file_of(recording: Mapping[str, Any]) -> str | BadClip:
    sources = recording.get("sources") or []
    if recording.get("transforms"):
        return _bad(
            recording,
            "its recording is changed on the fly; write the audio to files first (lhotse's `save_audios`)",
        )
    if len(sources) != 1:
        return _bad(recording, f"its recording lies in {len(sources)} files; write it to one")
    kind, source = sources[0].get("type"), sources[0].get("source")
    if kind == "command":
        return _bad(
            recording,
            "its recording is made by a command, and commands of data are never run; write it to a file",
        )
    if kind != "file" or not isinstance(source, str):
        return _bad(
            recording,
            f"its recording isn't a file but of type '{kind}'; write it to a file (lhotse's `save_audios`)",
        )
    return source


def _bad(of: Mapping[str, Any], reason: str) -> BadClip:
    return BadClip(own_id(str(of.get("id"))), str(of.get("#", of.get("id"))), reason)
