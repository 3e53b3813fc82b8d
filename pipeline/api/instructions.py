"""instruct: questions and answers about cuts, from templates or an LLM; from and to other toolkits."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...errors import InputError, faults_of, refuse
from ...files import read_yaml
from ...outputs import Output, begin_files, check_outputs, settled
from ...quarantine import MAX_BAD
from ..inputs import file_faults, lines_faults, manifest_faults, source_faults, without_faults
from .engines import run_one
from .given import (
    Candidates,
    Filtered,
    Instructions,
    Place,
    Places,
    SomeCuts,
    manifests_of,
    names_of,
    optional_path,
    path_of,
)

if TYPE_CHECKING:
    from ..instruct.formats.annotation_import import ImportReport
    from ..instruct.formats.export import ExportReport


def write_instructions(
    cuts: SomeCuts,
    tasks: Mapping[str, int | Literal["all"]] | Iterable[str],
    out: Place,
    *,
    languages: Sequence[str] = ("en",),
    binary_share: float | None = None,
    seed: int = 0,
    without: Place | None = None,
) -> Instructions:
    """Questions and answers from templates (stage 1), balanced by answer, as `cryfish instruct template`.

    Args:
        tasks: how many of each task (docs/instructions.md), or tasks' names, for as many as there are.
        out: the file to write (.jsonl).
        binary_share: of a task's questions that are answered with yes or no, by default a fifth.
    """
    from ..instruct.tasks.tasks import task_named
    from ..instruct.template.stage import template_partition
    from ..instruct.template.template import BINARY_SHARE

    manifests, file, dropped = manifests_of(cuts), path_of(out, "--out"), optional_path(without, "--without")
    asked: dict[str, int | Literal["all"]]
    asked = dict(tasks) if isinstance(tasks, Mapping) else dict.fromkeys(tasks, "all")
    refuse(
        [
            *(fault for name in asked for fault in faults_of(task_named, name)),
            *manifest_faults(manifests),
            *without_faults(dropped),
            *faults_of(check_outputs, [Output(file, "--out", by="instruct template")], manifests),
        ]
    )
    partition = template_partition(
        manifests,
        settled(file),
        tasks=asked,
        seed=seed,
        languages=languages,
        binary_share=BINARY_SHARE if binary_share is None else binary_share,
        without=dropped,
    )
    return Instructions(file, run_one("template", partition))


def generate(
    cuts: SomeCuts,
    out: Place,
    *,
    llm: str,
    engine: str = "transformers",
    url: str | None = None,
    options: Mapping[str, Any] | None = None,
    clips: int | Literal["all"] = "all",
    per_clip: int = 1,
    batch_size: int | None = None,
    binary_share: float = 0.15,
    languages: Mapping[str, float] | None = None,
    device: str | None = None,
    max_bad: float = MAX_BAD,
    seed: int = 0,
    without: Place | None = None,
) -> Candidates:
    """Questions and answers that an LLM writes (stage 2), to be filtered, as `cryfish instruct generate`.

    Args:
        out: the file of candidates (.jsonl); what it already has is kept.
        llm: folder or name of the LLM that writes.
        engine: what runs it (docs/stage2.md); `url` is a server's address, `options` are the engine's own.
        clips: how many clips, chosen by the seed, with `per_clip` candidates each.
        languages: of questions and answers, mixed by weight; by default English.
    """
    from ..check.models import llm_faults
    from ..instruct.filters import Llm
    from ..instruct.generate.stage import generate_partition
    from ..instruct.generate.styles import Mixture
    from ..instruct.llm.llm import engine_named

    manifests, file, dropped = manifests_of(cuts), path_of(out, "--out"), optional_path(without, "--without")
    asked = Llm(llm, engine, url, device=device, options=options or {})
    refuse(
        [
            *faults_of(Mixture, binary_share, languages),
            *manifest_faults(manifests, audio=engine_named(engine).hears),
            *llm_faults(asked, "--llm"),
            *without_faults(dropped),
            *faults_of(check_outputs, [Output(file, "--out", by="instruct generate")], manifests),
        ]
    )
    partition = generate_partition(
        manifests,
        settled(file),
        llm=llm,
        engine=engine,
        url=url,
        clips=clips,
        per_clip=per_clip,
        batch_size=batch_size,
        seed=seed,
        binary_share=binary_share,
        languages=languages,
        max_bad=max_bad,
        without=dropped,
        device=device,
        options=options or {},
    )
    return Candidates(file, run_one("generate", partition))


def filter_candidates(
    candidates: Place,
    kept: Place,
    dropped: Place,
    instructions: Place | None = None,
    *,
    filters: Place | Sequence[str | Mapping[str, Any]] | None = None,
    llm: str | None = None,
    engine: str = "transformers",
    url: str | None = None,
    options: Mapping[str, Any] | None = None,
    batch_size: int | None = None,
    device: str | None = None,
    seed: int = 0,
) -> Filtered:
    """Candidates divided into kept and dropped, each drop with its reasons, as `cryfish instruct filter`.

    Args:
        kept, dropped: the files to write (.jsonl).
        instructions: where what was kept goes as instructions, for `write_shards`.
        filters: their names, with options where wanted, or a YAML file of these; by default all that need no LLM.
        llm: one that `blind` has guess the answers without the clip, and that `judge` asks; run as by `generate`.

    Raises:
        InputError: also where nothing was kept.
    """
    from ...locks import hold
    from ..check.models import llm_faults
    from ..instruct.filters import (
        Llm,
        asking_for_blind,
        every_filter,
        filter_file,
        kept_instructions,
        read_filters,
    )
    from ..instruct.filters.stage import none_kept
    from ..instruct.jsonl import write_instructions as write

    source = Path(candidates)
    given = {"--kept": kept, "--dropped": dropped, "--instructions": instructions}
    outputs = [
        Output(path_of(place, name), name, by="instruct filter")
        for name, place in given.items()
        if place is not None
    ]
    file = Path(filters) if isinstance(filters, str | os.PathLike) else None
    unread = [] if file is None else list(faults_of(_read_list, file))
    settings: Any = filters if file is None else every_filter() if unread else _read_list(file)
    settings = every_filter() if settings is None else settings
    asked = None if llm is None else Llm(llm, engine, url, batch_size, device, options or {})
    if asked is not None:
        settings = asking_for_blind(settings)
    refuse(
        [
            *lines_faults([source], "a file of candidates that `cryfish instruct generate` wrote"),
            *unread,
            *faults_of(read_filters, settings, asked),
            *(llm_faults(asked, "--llm") if asked is not None else ()),
            *faults_of(check_outputs, outputs, [source, *filter(None, [file])]),
        ]
    )
    begin_files(outputs)
    good, bad, *written = (settled(output.path) for output in outputs)
    with hold(good):
        counts = filter_file(source, good, bad, settings, seed=seed, llm=asked)
    if not counts["kept"]:
        raise InputError(none_kept(source, bad, counts))
    for path in written:
        write(path, kept_instructions(good))
    made = Instructions(written[0], {"instructions": counts["kept"]}) if written else None
    return Filtered(Candidates(good, counts), Candidates(bad, counts), made, counts)


def export_instructions(
    sources: Places,
    form: str,
    out: Place,
    *,
    manifests: SomeCuts = (),
    options: Mapping[str, Any] | None = None,
    max_bad: float = MAX_BAD,
) -> ExportReport:
    """Instructions and their audio in another toolkit's format, as `cryfish instruct export`.

    Args:
        sources: files of instructions, folders of them, or folders of shards, whose audio is copied.
        form: `cryfish`, `swift`, `llama-factory`, or one of your own; `options` are the format's.
        manifests: where the audio lies that files of instructions are about.
    """
    from ..instruct.formats.export import STAGE, export
    from ..instruct.formats.formats import format_options

    paths, cuts, folder = (
        [Path(name) for name in names_of(sources)],
        manifests_of(manifests),
        path_of(out, "--out"),
    )
    refuse(
        [
            *faults_of(format_options, form, options or {}),
            *(fault for path in paths for fault in source_faults(path)),
            *manifest_faults(cuts, audio=True, plain=True),
            *faults_of(check_outputs, [Output(folder, "--out", STAGE)], [*paths, *cuts]),
        ]
    )
    return export(paths, form, folder, cuts, max_bad, options)


def import_instructions(
    annotation: Place,
    out: Place,
    *,
    form: str = "cryfish",
    audio_root: Place | None = None,
    max_bad: float = MAX_BAD,
) -> ImportReport:
    """Another toolkit's instructions, and a cut manifest of their audio beside `out`, as `cryfish instruct import`.

    Args:
        form: what `annotation` is written in.
        audio_root: where relative paths start; by default where the annotation lies.
    """
    from ..instruct.formats.annotation_import import import_annotation

    source, file = path_of(annotation, "ANNOTATION"), path_of(out, "--out")
    root = optional_path(audio_root, "--audio-root")
    gone = f"--audio-root {root}: no such folder; name the one that relative paths start from"
    refuse(
        [
            *file_faults([source], "an annotation file"),
            *(() if root is None or root.is_dir() else (gone,)),
            *faults_of(check_outputs, [Output(file, "--out", by="instruct import")], [source]),
        ]
    )
    return import_annotation(source, file, root, max_bad, form)


def _read_list(path: Path) -> list[Any]:
    content = read_yaml(path)
    if not isinstance(content, list):
        raise InputError(f"{path}: must be a YAML list of filters such as `- leak`")
    return content
