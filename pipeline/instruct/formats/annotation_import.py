"""instruct import: CryFish's annotation format (or another that can be read) -> instructions, and a cut
manifest of the audio they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from lhotse import MonoCut

from ....errors import InputError
from ....files import json_line, open_for_lines, write_atomically, write_jsonl
from ....locks import hold
from ....outputs import Output, begin_files, check_outputs, settled
from ....ownership import remove
from ....quarantine import MAX_BAD, hold_share, kind_of
from ....recipes.kit.corpus import BadClip, Clip, Corpus, Licence, safe_id
from ....recipes.kit.cuts import cut_from_clip
from ....seeding import digest
from ....shards import Instruction, instruction_from_json
from ...audio.manifests import CUTS_SUFFIX
from ..filters.words import language_of
from ..jsonl import write_instructions
from ..tasks.task import MARKER
from .formats import FORMATS

_SPLIT = "train"


class ImportReport(NamedTuple):
    """What was made: `clips` cuts in the manifest; `left_out` instructions are about audio in the quarantine."""

    instructions: int
    clips: int
    left_out: int
    quarantined: int
    manifest: Path
    quarantine: Path


class _Lines(Protocol):
    def write(self, text: str, /) -> Any: ...


def import_annotation(
    annotation: Path,
    out: Path,
    audio_root: Path | None = None,
    max_bad: float = MAX_BAD,
    form: str = "cryfish",
) -> ImportReport:
    """Writes the instructions to `out`, and the cuts of their audio beside it, to `<name of out>.cuts.jsonl.gz`.

    A relative path starts at `audio_root`, by default the annotation's folder. A cut is the whole file, channel 0;
    its corpus is the record's `db_name`. Audio that can't be used goes to `<name of out>.quarantine.jsonl` with its
    reason, and what is asked about it is left out. Where the record came from `export`, the instruction is the one
    that it was made of; else its label is the answer. Of each file, its path and id stay in memory.

    Raises:
        InputError: the format can't be read; the annotation is missing, malformed (names the record and the field)
            or empty, or more than a share of `max_bad` of its audio files can't be used.
    """
    read = FORMATS.get(form, "--format").read
    if read is None:
        able = ", ".join(name for name, one in FORMATS.all().items() if one.read is not None)
        raise InputError(f"--format {form}: can only be written; these can be read: {able}")
    out = settled(out)
    manifest = out.with_name(f"{out.stem}{CUTS_SUFFIX}")
    quarantine = out.with_name(f"{out.stem}.quarantine.jsonl")
    outputs = [Output(path, "--out", by="instruct import") for path in (out, manifest, quarantine)]
    check_outputs(outputs, [annotation])
    root = (audio_root or annotation.parent).resolve()
    if not root.is_dir():
        raise InputError(
            f"--audio-root {audio_root}: no such folder; name the one that relative paths start from"
        )

    def write(temporary: Path) -> tuple[_Importer, int]:
        with open_for_lines(temporary) as lines:
            importer = _Importer(root, lines, max_bad)
            count = write_instructions(out, importer.instructions(annotation, read(annotation)))
        return importer, count

    begin_files(outputs)
    with hold(out):
        importer, count = write_atomically(manifest, write)
        if importer.bad:
            write_jsonl(quarantine, importer.bad)
        else:
            remove(quarantine)
    return ImportReport(count, importer.clips, importer.left_out, len(importer.bad), manifest, quarantine)


class _Importer:
    """Writes the cut of each audio file when it is first met, and yields the instructions."""

    def __init__(self, root: Path, cuts: _Lines, max_bad: float) -> None:
        self._max_bad = max_bad
        self._root = root
        self._cuts = cuts
        self._ids: dict[Path, str | None] = {}
        self._paths: dict[str, Path] = {}
        self.clips = 0
        self.left_out = 0
        self.bad: list[dict[str, str]] = []

    def instructions(
        self, annotation: Path, records: Iterator[tuple[str, dict[str, Any]]]
    ) -> Iterator[Instruction]:
        for where, record in records:
            paths = [self._root / path for path in record["paths"]]
            known = _known(record, where)
            wanted: list[str | None] = list(known["clips"]) if known else [None] * len(paths)
            markers = record["Q"].count(MARKER)
            if markers not in (0, len(paths)):
                raise InputError(
                    f"{where}: field 'Q' has {markers} {MARKER} for {len(paths)} paths; give none or one for each"
                )
            clips = [
                self._clip(path, record["db_name"], wish, where)
                for path, wish in zip(paths, wanted, strict=True)
            ]
            if None in clips:
                self.left_out += 1
                continue
            yield instruction_from_json({**(known or _unknown(record, where)), "clips": clips}, where)
        if self.bad and not self.clips:
            raise InputError(
                f"{annotation}: none of its {len(self.bad)} audio files can be used, the first: "
                f"{self.bad[0]['path']}: {self.bad[0]['reason']}; say with --audio-root where relative paths start"
            )
        if not self.clips:
            raise InputError(f"{annotation}: holds no instruction; its list 'annotation' is empty")
        hold_share(
            Counter(kind_of(bad["reason"]) for bad in self.bad),
            len(self.bad) + self.clips,
            self._max_bad,
            of=f"audio files of {annotation}",
            fix=f"the first is {self.bad[0]['path']}: mend them" if self.bad else "",
        )

    def _clip(self, path: Path, corpus: str, wish: str | None, where: str) -> str | None:
        """The id of the cut of a file, None where it can't be used."""
        if path not in self._ids:
            name = safe_id(corpus)
            part = f"{safe_id(path.stem)[:60]}-{digest(path.as_posix()).hex()[:8]}"
            try:
                cut = cut_from_clip(Clip(part, _SPLIT, path), _corpus(name), self._root)
            except BadClip as bad:
                self.bad.append({"id": wish or f"{name}-{part}", "path": bad.path, "reason": bad.reason})
                self._ids[path] = None
            else:
                self._write(cut.with_id(wish) if wish else cut, path, where)
        known = self._ids[path]
        if known is not None and wish is not None and known != wish:
            raise InputError(
                f"{where}: {path} has the clip id '{wish}' here and '{known}' before; give it one id"
            )
        return known

    def _write(self, cut: MonoCut, path: Path, where: str) -> None:
        if cut.id in self._paths:
            raise InputError(
                f"{where}: the clip id '{cut.id}' stands for {path} here and for {self._paths[cut.id]} before; "
                "give each file an id of its own"
            )
        self._paths[cut.id] = path
        self._ids[path] = cut.id
        self._cuts.write(json_line(cut.to_dict()))
        self.clips += 1


def _known(record: Mapping[str, Any], where: str) -> dict[str, Any] | None:
    """The instruction that `export` made the record of, if it did."""
    kept = record.get("cryfish")
    if kept is None:
        return None
    if not isinstance(kept, dict):
        raise InputError(f"{where}: field 'cryfish' must be an object, found {kept!r:.60}; remove it")
    whole = {**kept, "task": record["task"], "question": record["Q"], "answer": record["text"]}
    instruction_from_json(whole, where)
    if len(whole["clips"]) != len(record["paths"]):
        raise InputError(
            f"{where}: field 'cryfish' names {len(whole['clips'])} clips for {len(record['paths'])} paths"
        )
    return whole


def _unknown(record: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What can be said of a record of others. Its place in the file keeps equal records apart."""
    number = where.rpartition(" ")[2]
    return {
        "id": digest("import", number, record["task"], record["Q"], record["text"]).hex()[:16],
        "task": record["task"],
        "kind": "text",
        "question": record["Q"],
        "answer": record["text"],
        "label": record["text"],
        "language": language_of(record["Q"]) or language_of(record["text"]) or "en",
        "origin": "generated",
        "provenance": {"corpus": record["db_name"]},
    }


def _corpus(name: str) -> Corpus:
    """All that making a cut needs to know of a corpus."""
    return Corpus(
        name=name,
        title=name,
        description="",
        hours=0,
        licence=Licence("unknown", commercial=False),
        languages=(),
        sampling_rate=0,
        homepage="",
        citation="",
        layout=(),
        splits={_SPLIT: "train"},
        facts=(),
        tasks=(),
    )
