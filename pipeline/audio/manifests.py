"""Cut manifests on disk: gzipped JSON lines of Lhotse cuts, and how their audio paths resolve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lhotse import Recording
from lhotse.cut import Cut, MixedCut, MixTrack
from lhotse.cut.data import DataCut
from lhotse.cut.set import deserialize_cut

from ...errors import InputError
from ...files import json_line, open_for_lines, read_json, read_jsonl, write_atomically
from .effects import know_transforms
from .lost_audio import files_of, recordings_of

CUTS_SUFFIX = ".cuts.jsonl.gz"
CORPUS_FILE = "corpus.json"
NOWHERE: Mapping[str, Path] = {}


def write_cuts(path: Path, cuts: Iterable[Cut]) -> int:
    """Writes a manifest, whole or not at all; returns the number of cuts."""

    def write(temporary: Path) -> int:
        count = 0
        with open_for_lines(temporary) as lines:
            for cut in cuts:
                lines.write(json_line(cut_to_json(cut)))
                count += 1
        return count

    return int(write_atomically(path, write))


def audio_root_of(manifest: Path, audio_roots: Mapping[str, Path] = NOWHERE) -> Path | None:
    """The folder that relative audio paths start from: what `prepare` noted beside its manifests.

    `audio_roots` says where corpora lie now, by name (or "" for any). None for manifests with absolute paths.
    """
    note = manifest.parent / CORPUS_FILE
    if not note.is_file():
        return audio_roots.get("")
    content = read_json(note)
    try:
        return audio_roots.get(content["corpus"]) or audio_roots.get("") or Path(content["dir"])
    except (KeyError, TypeError) as error:
        raise InputError(f"{note}: doesn't say where the corpus lies; prepare the corpus anew") from error


def corpus_in(folder: Path) -> str | None:
    """The corpus that a prepared folder holds, as `prepare` noted it there."""
    note = folder / CORPUS_FILE
    name = read_json(note).get("corpus") if note.is_file() else None
    return name if isinstance(name, str) else None


def check_first(path: Path) -> None:
    """Raises InputError where the first cut of a manifest isn't one of `prepare`'s."""
    for record in read_jsonl(path, 0, 1):
        check_cut(record, path, 1)


def existing_audio_root(manifest: Path, audio_roots: Mapping[str, Path] = NOWHERE) -> Path | None:
    """As `audio_root_of`, for those who will open the audio.

    Raises:
        InputError: that folder isn't there, or nothing says where relative paths start.
    """
    root = audio_root_of(manifest, audio_roots)
    if root is None and _starts_nowhere(manifest):
        raise InputError(
            f"{manifest}: its audio paths are relative, and no {CORPUS_FILE} beside it says where they start; prepare "
            "the corpus anew, or name its folder with --audio-root"
        )
    if root is not None and not root.is_dir():
        raise InputError(
            f"{manifest}: its audio should lie in {root}, which isn't there; "
            "where the corpus was moved, name its folder with --audio-root"
        )
    return root


def _starts_nowhere(manifest: Path) -> bool:
    """Whether the first clip's audio has a relative path that leads nowhere from here."""
    first = next(read_jsonl(manifest, 0, 1), {})
    files = [name for recording, _ in recordings_of(first) for name in files_of(recording)]
    return any(not Path(name).is_absolute() and not Path(name).exists() for name in files)


def read_cuts(
    path: Path,
    audio_root: Path | None = None,
    first: int = 0,
    count: int | None = None,
    plain: bool = False,
) -> Iterator[Cut]:
    """Reads a manifest lazily, or `count` cuts of it from the `first` on.

    With `plain` the cuts needn't be of a corpus: who reads them asks for no more than their audio. Relative audio paths
    are resolved against `audio_root`, by default the corpus folder noted at preparation. Absolute
    paths stay as they are.

    Raises:
        InputError: the file is missing or damaged, or a line isn't a Lhotse cut.
    """
    root = audio_root or audio_root_of(path)
    for number, record in enumerate(read_jsonl(path, first, count), first + 1):
        check_cut(record, path, number, plain)
        try:
            yield cut_from_json(record, root)
        except (AttributeError, KeyError, TypeError, ValueError, AssertionError) as error:
            raise InputError(
                f"{path}: line {number} isn't a Lhotse cut ({error!r}); make the manifest again"
            ) from error


def check_cut(cut: Mapping[str, Any], path: Path, number: int, plain: bool = False) -> None:
    """Raises InputError for a cut (as JSON) that its recording doesn't have, or (unless `plain`) that isn't one of
    `prepare`'s or made of these: nobody would know what it is."""
    where = f"{path}: line {number}"
    data = cut
    if tracks := cut.get("tracks"):
        data = next((track["cut"] for track in tracks if track["cut"].get("type") != "PaddingCut"), {})
    custom = data.get("custom")
    if not plain and not (isinstance(custom, Mapping) and "corpus" in custom):
        raise InputError(
            f"{where}: cut {cut.get('id')} doesn't say which corpus it is of, as cuts of plain Lhotse don't; "
            f"`cryfish prepare --manifest {path} OUT` brings them in, with their facts"
        )
    check_times(cut, where)


def check_times(cut: Mapping[str, Any], where: str) -> None:
    """Raises InputError for a cut (as JSON) that its recording doesn't have: hours of it would be made of nothing."""
    for track in cut.get("tracks") or ():
        check_times(track["cut"], where)
    recording = cut.get("recording")
    if not recording:
        return
    try:
        start, seconds, whole = cut["start"], cut["duration"], recording["duration"]
        # A sample of slack: times are rounded, and after a change of speed doubly so.
        right = seconds > 0 and start >= 0 and start + seconds <= whole + 1 / recording["sampling_rate"]
    except (KeyError, TypeError, ZeroDivisionError):
        return  # whoever makes a cut of it says what is missing
    if not right:
        raise InputError(
            f"{where}: cut {cut.get('id')} is {seconds:g} s from {start:g} s on, but its recording lasts {whole:g} s; "
            "make the manifest again"
        )


def cut_from_json(record: dict[str, Any], audio_root: Path | None = None) -> Cut:
    """One cut from its JSON form; Lhotse knows its transforms from then on.

    Raises:
        InputError: a transform is of an effect that isn't known here.
    """
    know_transforms()
    try:
        cut: Cut = deserialize_cut(record)
    except AssertionError as error:
        told, _, name = str(error).partition(": ")
        if told != "Unknown transform type":
            raise
        raise InputError(
            f"cut {record['id']}: nobody here knows the transform '{name}'; name the file of its effect with --plugin"
        ) from error
    return cut if audio_root is None else cut.with_recording_path_prefix(str(audio_root))


def cut_to_json(cut: Cut) -> dict[str, Any]:
    """What `cut.to_dict()` gives, in a fifth of the time: Lhotse converts recordings twice and copies all words."""
    if isinstance(cut, MixedCut):
        mix: dict[str, Any] = {
            "id": cut.id,
            "tracks": [_track_to_json(track) for track in cut.tracks],
            "type": "MixedCut",
        }
        return mix | ({"transforms": [one.to_dict() for one in cut.transforms]} if cut.transforms else {})
    if not isinstance(cut, DataCut) or not _is_simple(cut):
        return dict(cut.to_dict())
    record = {name: value for name, value in vars(cut).items() if value is not None}
    record["supervisions"] = [
        {name: value for name, value in vars(spoken).items() if value is not None}
        for spoken in cut.supervisions
    ]
    if cut.recording is not None:
        record["recording"] = _recording_to_json(cut.recording)
    return {**record, "type": type(cut).__name__}


def _is_simple(cut: DataCut) -> bool:
    """Whether nothing but samples and text belongs to it."""
    sources = cut.recording.sources if cut.recording is not None else []
    return (
        cut.features is None
        and all(source.type == "file" and source.video is None for source in sources)
        and all(spoken.alignment is None for spoken in cut.supervisions)
        and not any(hasattr(value, "to_dict") for value in (cut.custom or {}).values())
    )


def _track_to_json(track: MixTrack) -> dict[str, Any]:
    record: dict[str, Any] = {"cut": cut_to_json(track.cut), "type": track.type, "offset": track.offset}
    marks = {"tag": track.tag, "is_snr_reference": track.is_snr_reference, "mute": track.mute}
    if track.snr is not None:
        record["snr"] = track.snr
    return record | {name: mark for name, mark in marks.items() if mark}


def _recording_to_json(recording: Recording) -> dict[str, Any]:
    record = {name: value for name, value in vars(recording).items() if value is not None}
    record["sources"] = [
        {name: value for name, value in vars(source).items() if value is not None}
        for source in recording.sources
    ]
    if recording.transforms is not None:
        record["transforms"] = [
            one if isinstance(one, dict) else one.to_dict() for one in recording.transforms
        ]
    return record


def find_manifests(folder: Path) -> list[Path]:
    """The manifests of a folder, in the order of their names.

    Raises:
        InputError: there is none.
    """
    found = (
        sorted(folder.glob(f"[!.]*{CUTS_SUFFIX}"))
        if folder.is_dir()
        else [folder]
        if folder.is_file()
        else []
    )
    if not found:
        raise InputError(
            f"{folder}: no cut manifest (*{CUTS_SUFFIX}) here; run `cryfish prepare` first, or check the path"
        )
    return found
