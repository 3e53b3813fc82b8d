"""Kaldi data folders: `wav.scp`, `segments`, `text`, and whatever else is told of utterances, recordings and speakers.

The format is Kaldi's (https://kaldi-asr.org/doc/data_prep.html): a line is a name, a blank, and what is told of it.
Every `utt2X`, `spk2X` and `reco2X` file gives a column X. Commands in `wav.scp` are never run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ....errors import InputError
from ....recipes.kit.corpus import BadClip
from .row import Read, Row, own_id
from .shelf import Shelf
from .tables import opened

_LISTS = ("spk2utt", "utt2num_frames", "utt2dur", "reco2dur", "utt2uniq", "reco2num_spk")
"""Files that say again what others say, or what the audio itself does."""
_OF = {"utt2": "utterance", "spk2": "speaker", "reco2": "recording"}
PIPE = "is a command, and commands of data are never run; write the audio to files and name these in wav.scp"
_ARCHIVE = "is a place in an archive; write the audio to files (`wav-copy`) and name these in wav.scp"


def kaldi_rows(folder: Path) -> Iterator[Read]:
    """A row for each utterance, with `audio`, `start`, `end`, `text`, `speaker` and the columns of other files.

    An utterance of which a file says nothing that should, or which has no audio, is a bad clip.
    Raises InputError for a folder without `wav.scp`, or a line that isn't one.
    """
    if not (folder / "wav.scp").is_file():
        raise InputError(f"{folder}: no wav.scp here; name a Kaldi data folder, such as data/train")
    told = dict(_told(folder))
    with Shelf() as shelf:
        shelf.put("wav.scp", _pairs(folder / "wav.scp"))
        for name in told:
            shelf.put(name, _pairs(folder / name))
        segments = folder / "segments"
        if segments.is_file():
            shelf.put("segments", _pairs(segments))
        utterances = "segments" if segments.is_file() else "wav.scp"
        for utterance, text in shelf.all(utterances):
            yield _row(folder, shelf, told, utterance, text if utterances == "segments" else None)
        for name in told:
            if not name.startswith(("spk2", "reco2")):
                yield from _without_audio(shelf, name, utterances)


def _told(folder: Path) -> Iterator[tuple[str, str]]:
    """The files that tell something, each with the column that it gives."""
    for path in sorted(folder.iterdir()):
        name = path.name
        if not path.is_file() or name in _LISTS or name.startswith("."):
            continue
        if name == "text":
            yield name, "text"
        elif name == "utt2spk":
            yield name, "speaker"
        elif (start := next((start for start in _OF if name.startswith(start)), None)) and "." not in name:
            yield name, name.removeprefix(start)


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    with opened(path) as lines:
        for line in lines:
            if text := line.strip():
                name, _, rest = text.replace("\t", " ", 1).partition(" ")
                yield name, rest.strip()


def _row(folder: Path, shelf: Shelf, told: dict[str, str], utterance: str, segment: str | None) -> Read:
    where = f"{'wav.scp' if segment is None else 'segments'} of {folder.name}, {utterance}"
    values: dict[str, Any] = {"id": utterance}
    recording = utterance
    if segment is not None:
        parts = segment.split()
        if len(parts) < 3:
            return _bad(utterance, f"segments says {segment!r} of it, not RECORDING START END")
        recording, values["start"] = parts[0], parts[1]
        # Where a segment lasts to its recording's end, Kaldi writes -1.
        if not parts[2].startswith("-"):
            values["end"] = parts[2]
    audio = _only(shelf, "wav.scp", recording)
    if isinstance(audio, str) and (audio.endswith("|") or audio.startswith("|") or audio == "-"):
        return _bad(utterance, f"its entry in wav.scp {PIPE}")
    if isinstance(audio, str) and audio.rpartition(":")[2].isdigit() and ":" in audio:
        return _bad(utterance, f"its entry in wav.scp {_ARCHIVE}")
    if not isinstance(audio, str):
        return _bad(utterance, audio.reason)
    values["audio"] = audio
    for name, column in sorted(told.items(), key=lambda item: (item[1] != "speaker", item[0])):
        key = _key(name, utterance, recording, values)
        if key is None:
            continue
        value = _only(shelf, name, key)
        if isinstance(value, _Nothing):
            return _bad(utterance, value.reason, audio)
        values[column] = value
    return Row(where, values)


def _key(name: str, utterance: str, recording: str, values: dict[str, Any]) -> str | None:
    if name.startswith("spk2"):
        speaker = values.get("speaker")
        return None if speaker is None else str(speaker)
    return recording if name.startswith("reco2") else utterance


class _Nothing:
    """What stands for a value that isn't told, and why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _only(shelf: Shelf, name: str, key: str) -> str | _Nothing:
    found = list(dict.fromkeys(shelf.get(name, key)))
    if len(found) == 1:
        return found[0]
    return _Nothing(f"{name} says two things of {key}" if found else f"{name} says nothing of {key}")


def _without_audio(shelf: Shelf, name: str, utterances: str) -> Iterator[BadClip]:
    """What a file tells of utterances that nowhere have audio: something was lost."""
    for utterance, _ in shelf.all(name):
        if not shelf.get(utterances, utterance):
            yield _bad(utterance, f"{name} names it, but {utterances} doesn't")


def _bad(utterance: str, reason: str, audio: str = "wav.scp") -> BadClip:
    return BadClip(own_id(utterance), audio, reason)


def audio_of_scp(folder: Path) -> Iterator[str]:
    """The files that `wav.scp` names."""
    for _, audio in _pairs(folder / "wav.scp"):
        if not audio.endswith("|") and not audio.startswith("|"):
            yield audio
