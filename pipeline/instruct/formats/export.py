"""instruct export: instructions and their audio in the formats of other toolkits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lhotse import MonoCut
from lhotse.cut import Cut

from ....errors import InputError
from ....files import disk_errors
from ....locks import hold
from ....outputs import Output, check_outputs, settled
from ....ownership import begin_folder, note
from ....quarantine import MAX_BAD, hold_share
from ....seams import blaming
from ....section import Section
from ....shards import open_index
from ...audio.manifests import existing_audio_root, read_cuts
from ..sources import find_sources, is_shards, read_found, read_samples
from .formats import FORMATS, ExportFormat, HeardInstruction, format_options

STAGE = "instruct export"
AUDIO = "audio"


@dataclass(frozen=True)
class ExportReport:
    """What was written: the file, how many instructions are in it, and how many audio files they are about.

    `left_out` are about audio files that aren't there.
    """

    path: Path
    instructions: int
    audio: int
    left_out: int = 0


def export(
    sources: Sequence[Path],
    form: str,
    out: Path,
    manifests: Sequence[Path] = (),
    max_bad: float = MAX_BAD,
    options: Mapping[str, Any] | None = None,
) -> ExportReport:
    """Writes the instructions of `sources` to the folder `out`, one by one, in a format that `FORMATS` has.

    The audio of shards is copied to `out/audio/<sample>.flac` (`.0.flac`, `.1.flac` where a sample has several clips);
    that of files of instructions is where `manifests` say. Paths are absolute, but for LLaMA-Factory, which looks for
    relative ones in the folder of its `dataset_info.json`. Of a manifest, ids and paths stay in memory.

    Raises:
        InputError: there is no such format, or an option of it is wrong; a source is missing, malformed or holds
            a sample twice; a clip that no manifest has, or that isn't a whole recording; a question
            with another number of markers than of clips; no instruction at all; more than a share of `max_bad` of the
            instructions are about audio that isn't there.
    """
    checked = format_options(form, options or {})
    target = FORMATS.get(form)
    found = find_sources(sources)
    files = [source for source in found if not is_shards(source)]
    if files and not manifests:
        raise InputError(
            f"{files[0]}: instructions don't say where their audio lies; name the cut manifests with --manifest, "
            "or give folders of shards"
        )
    check_outputs([Output(out, "--out", STAGE)], [*sources, *manifests])
    out = settled(out)
    recordings = _recordings(manifests)
    lost = {path for path in recordings.values() if path is not None and not path.is_file()}
    left_out = _look_through(found, recordings, lost, max_bad)
    with disk_errors(out):
        begin_folder(out, STAGE)
        with hold(out, inside=True):
            count, audio = _write(found, target, checked, out, recordings, lost)
    return ExportReport(out / target.file_name, count, audio, left_out)


def _write(
    found: Sequence[Path],
    form: ExportFormat,
    options: Section,
    out: Path,
    recordings: Mapping[str, Path | None],
    lost: set[Path],
) -> tuple[int, int]:
    """Writes all of it; returns how many instructions and how many audio files there are."""
    folder = out.resolve()
    audio: set[Path] = set()

    def items() -> Iterator[HeardInstruction]:
        for source in found:
            heard = (
                _from_shards(source, folder, audio)
                if is_shards(source)
                else _from_file(source, recordings, audio)
            )
            yield from (one for one in heard if lost.isdisjoint(one.audio))

    # Ours before it is whole: a format that fails half-way is run again.
    note([out / form.file_name])
    with blaming(FORMATS, form.name):
        return form.write(out / form.file_name, items(), options), len(audio - lost)


def _look_through(
    sources: Sequence[Path], recordings: Mapping[str, Path | None], lost: set[Path], max_bad: float
) -> int:
    """Reads all sources before anything is written; returns how many instructions are about lost audio."""
    total, missing = 0, []
    for source in sources:
        if is_shards(source):
            total += len(open_index([source]))
            continue
        for heard in _from_file(source, recordings, set()):
            total += 1
            missing += [path for path in heard.audio if path in lost][:1]
    if not total:
        raise InputError(f"{', '.join(map(str, sources))}: no instruction here to export")
    if missing:
        reasons = {f"no file {missing[0]}, for one": len(missing)}
        hold_share(reasons, total, max_bad, of="instructions", fix="put the audio back or mend the manifest")
    return len(missing)


def _from_shards(source: Path, folder: Path, written: set[Path]) -> Iterator[HeardInstruction]:
    audio = folder / AUDIO
    for sample in read_samples(source):
        several = len(sample.flacs) > 1
        paths = [
            audio / (f"{sample.key}.{number}.flac" if several else f"{sample.key}.flac")
            for number in range(len(sample.flacs))
        ]
        if paths[0] in written:
            raise InputError(
                f"{source}: sample '{sample.key}' is in another of the sources too; export them one by one"
            )
        note(paths)
        for path, flac in zip(paths, sample.flacs, strict=True):
            path.write_bytes(flac)
        written.update(paths)
        for instruction in sample.instructions:
            yield HeardInstruction(instruction, sample.clips[0].corpus, paths)


def _from_file(
    source: Path, recordings: Mapping[str, Path | None], used: set[Path]
) -> Iterator[HeardInstruction]:
    for found in read_found(source):
        paths = []
        for clip in found.instruction.clips:
            if clip not in recordings:
                raise InputError(
                    f"{source}: instruction {found.instruction.id} is about clip '{clip}', which is in no manifest; "
                    "name its manifest with --manifest"
                )
            path = recordings[clip]
            if path is None:
                raise InputError(
                    f"{source}: clip '{clip}' isn't a whole recording (it is a stretch of one, or was augmented); "
                    "write shards with `cryfish shard` and export these"
                )
            paths.append(path)
        used.update(paths)
        yield HeardInstruction(found.instruction, found.corpus, paths)


def _recordings(manifests: Sequence[Path]) -> dict[str, Path | None]:
    """Cut id -> its audio file; None where a file alone doesn't hold what the cut does."""
    return {
        cut.id: _whole_recording(cut)
        for manifest in manifests
        for cut in read_cuts(manifest, existing_audio_root(manifest), plain=True)
    }


def _whole_recording(cut: Cut) -> Path | None:
    if not isinstance(cut, MonoCut) or cut.recording is None or cut.recording.transforms:
        return None
    recording = cut.recording
    whole = cut.start == 0 and abs(cut.duration - recording.duration) * recording.sampling_rate < 1
    if not whole or len(recording.sources) != 1 or recording.sources[0].type != "file":
        return None
    # Of several channels the cut is one; a reader of the file would take all.
    return Path(recording.sources[0].source).resolve() if recording.num_channels == 1 else None
