"""The Python way: each command as a function. `cryfish` itself exports them (docs/python.md).

Paths, or what an earlier function returned, go in; where the output lies and what was counted comes out. All that is
wrong with the inputs is one InputError, before anything is written; what is done is skipped, what was stopped goes on.
Imports that take seconds stand inside the functions, since the commands are made of these.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError, faults_of, refuse
from ..files import read_jsonl, read_yaml
from ..local_path import local_path
from ..outputs import Output, begin_files, check_outputs, settled
from ..progress import say
from ..quarantine import MAX_BAD
from .inputs import (
    existing_roots,
    lines_faults,
    manifest_faults,
    prepared_faults,
    root_faults,
    shard_faults,
    without_faults,
)

if TYPE_CHECKING:
    from lhotse.cut import Cut

    from ..model.evaluate.results import Results
    from ..recipes.kit.corpus import Role
    from ..shards import Example, Instruction, MicroBatches
    from .augment.augment import Augmentation
    from .config import Config
    from .engine.partitions import Engine, Partition
    from .prepare.own.named import Asked

Place = str | os.PathLike[str]
_OWN = ("folder", "manifest", "dataset", "kaldi", "nemo")


@dataclass(frozen=True)
class Cuts:
    """Cut manifests that were written, and what was counted. Iterated, it reads the cuts (lhotse's) one by one."""

    manifests: tuple[Path, ...]
    counts: Mapping[str, Any]

    def __iter__(self) -> Iterator[Cut]:
        from .audio.manifests import read_cuts

        for manifest in self.manifests:
            yield from read_cuts(manifest)


@dataclass(frozen=True)
class Instructions:
    """A file of instructions that was written, and what was counted. Iterated, it reads them one by one."""

    file: Path
    counts: Mapping[str, Any]

    def __iter__(self) -> Iterator[Instruction]:
        from .instruct.jsonl import read_instructions

        return read_instructions(self.file)


@dataclass(frozen=True)
class Candidates:
    """A file of an LLM's candidates, and what was counted. Iterated, it reads its records one by one."""

    file: Path
    counts: Mapping[str, Any]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return read_jsonl(self.file)


@dataclass(frozen=True)
class Filtered:
    """Candidates that were kept and dropped, these with their reasons, and the instructions that the kept ones are."""

    kept: Candidates
    dropped: Candidates
    instructions: Instructions | None
    counts: Mapping[str, int]


@dataclass(frozen=True)
class ShardFolder:
    """A folder of shards that was written, and what was counted."""

    folder: Path
    counts: Mapping[str, float]


SomeCuts = Cuts | Place | Iterable[Cuts | Place]
"""Results, manifests, or folders that hold some."""
SomeInstructions = Instructions | Place | Iterable[Instructions | Place]
SomeShards = ShardFolder | Place | Iterable[ShardFolder | Place]
"""Results, folders, or addresses such as `s3://bucket/shards`."""


def open_engine(name: str = "local", jobs: int | None = None) -> Engine:
    """What work is done by: `local`, processes of this machine, or `ray`; None as `jobs` takes all CPUs there are.

    Raises:
        InputError: Ray isn't installed, or no cluster answers.
    """
    from .engine.partitions import Engine

    if name == "local":
        return Engine(jobs or os.cpu_count() or 1)
    try:
        from .engine.ray_engine import RayEngine
    except ModuleNotFoundError as error:
        raise InputError(
            f"--engine ray: Ray isn't installed here ({error}); pip install 'cryfish[ray]'"
        ) from error
    return RayEngine(jobs)


def own_data(
    name: str | None = None,
    *,
    folder: Place | None = None,
    table: Place | None = None,
    manifest: Place | Sequence[Place] = (),
    dataset: str | None = None,
    subset: str | None = None,
    kaldi: Place | Sequence[Place] = (),
    nemo: Place | Sequence[Place] = (),
    map: Mapping[str, Any] | None = None,
    always: Mapping[str, Any] | None = None,
    mapping: Place | None = None,
    audio_root: Place | None = None,
    about: str = "",
) -> Asked:
    """Data without a recipe, for `prepare`; the arguments are the fields of a config's corpus (docs/own-data.md).

    Args:
        name: what it is called from here on; by default as its folder or file.

    Raises:
        InputError: not one of `folder`, `manifest`, `dataset`, `kaldi` and `nemo` says where it lies.
    """
    from .prepare.own.named import Asked, default_name

    given = dict(zip(_OWN, (folder or (), manifest, dataset or (), kaldi, nemo), strict=True))
    named = [kind for kind in _OWN if given[kind]]
    if len(named) != 1:
        raise InputError(
            f"own data: one of {', '.join(_OWN)} must say where it lies; found {len(named)} of them"
        )
    places = tuple(_path(place, named[0]) for place in _listed(given[named[0]]))

    def path(place: Place | None, field: str) -> Path | None:
        return None if place is None else _path(place, field)

    return Asked(
        name or default_name(places),
        named[0],
        () if dataset else places,
        path(table, "table"),
        map or {},
        always or {},
        path(mapping, "mapping"),
        path(audio_root, "audio_root"),
        about,
        Path(),
        dataset or "",
        subset,
    )


def prepare(
    corpus: str | Asked,
    corpus_dir: Place | None = None,
    out: Place | None = None,
    *,
    splits: Sequence[str] = (),
    languages: Sequence[str] = (),
    hours: float | None = None,
    limit: int | None = None,
    max_bad: float = MAX_BAD,
    headers_only: bool = False,
    fingerprints: bool = False,
    jobs: int | None = 1,
    engine: str = "local",
) -> Cuts:
    """A corpus on disk -> cut manifests, as `cryfish prepare`; `counts` is its summary.

    Args:
        corpus: a recipe's name, or `own_data(...)`, which needs no `corpus_dir`.
        out: the folder of the manifests, by default `manifests/NAME`.
        splits, languages, hours, limit: which of the clips (docs/corpora.md).
        jobs: processes, of which a script must be guarded by `if __name__ == "__main__"`; None takes all CPUs.
    """
    from .audio.manifests import find_manifests
    from .prepare.own.named import describe, told_of
    from .prepare.prepare import Selection, prepare_corpus

    name = corpus if isinstance(corpus, str) else corpus.name
    folder = _path(out, "OUT") if out is not None else Path("manifests") / name
    described = None
    if not isinstance(corpus, str):
        described = describe(corpus.fetch(folder))
        name, corpus_dir = described.own.name, described.own.home
        for line in told_of(described):
            say(line)
    elif corpus_dir is None:
        raise InputError(f"{name}: no folder is named; give the one that the corpus lies in")
    with open_engine(engine, jobs) as workers:
        summary = prepare_corpus(
            name,
            _path(corpus_dir, "CORPUS_DIR"),
            folder,
            engine=workers,
            max_bad=max_bad,
            selection=Selection(tuple(splits), tuple(languages), hours, limit),
            headers_only=headers_only,
            fingerprints=fingerprints,
            own=described,
        )
    return Cuts(tuple(find_manifests(folder)), summary)


def augment(
    cuts: SomeCuts,
    steps: Place | Sequence[Mapping[str, Any]],
    out: Place,
    *,
    noise: Mapping[str, Cuts | Place] | None = None,
    role: Role = "train",
    seed: int = 0,
    without: Place | None = None,
    audio_roots: Mapping[str, Place] | None = None,
    max_bad: float = MAX_BAD,
    jobs: int | None = 1,
    engine: str = "local",
) -> Cuts:
    """Cuts with noise, rooms, distance and channels, lazily, with labels, as `cryfish augment`.

    Args:
        steps: what stands under a config's `augment:`, or a YAML file of it, where its relative paths start.
        out: the manifest to write (.cuts.jsonl.gz).
        noise: each corpus that a step takes noise from: what `prepare` returned, or its folder.
        role: tells which noise clips and rooms the cuts may meet.
        without: a contamination.jsonl whose clips are left out.
        audio_roots: where the audio of corpora lies that was moved since; "" stands for any corpus.
    """
    from .augment.augment import augment as write

    given = _files(cuts)
    asked = _augmentation(
        given, steps, _path(out, "--out"), "augment", noise, role, seed, without, audio_roots
    )
    with open_engine(engine, jobs) as workers:
        counts = write(workers, [(asked, given, _path(out, "--out"))], max_bad=max_bad)
    return Cuts((_path(out, "--out"),), counts)


def preview_augmented(
    cuts: SomeCuts,
    steps: Place | Sequence[Mapping[str, Any]],
    page: Place,
    clips: int = 10,
    *,
    noise: Mapping[str, Cuts | Place] | None = None,
    role: Role = "train",
    seed: int = 0,
    without: Place | None = None,
    audio_roots: Mapping[str, Place] | None = None,
) -> int:
    """A page (.html) to look and listen before `augment`: so many clips before and after. Returns how many."""
    from .augment.augment import preview_page

    given, by = _files(cuts), "augment --preview"
    asked = _augmentation(given, steps, _path(page, "--out"), by, noise, role, seed, without, audio_roots)
    return preview_page(asked, given, _path(page, "--out"), clips)


def _augmentation(
    manifests: Sequence[Path],
    steps: Place | Sequence[Mapping[str, Any]],
    out: Path,
    by: str,
    noise: Mapping[str, Cuts | Place] | None,
    role: Role,
    seed: int,
    without: Place | None,
    audio_roots: Mapping[str, Place] | None,
) -> Augmentation:
    """What is asked of `augment`, once nothing is wrong with it."""
    from .augment.augment import Augmentation, read_steps_file, steps_faults
    from .augment.settings import read_steps

    folders = {
        corpus: prepared.manifests[0].parent if isinstance(prepared, Cuts) else _path(prepared, "--noise")
        for corpus, prepared in (noise or {}).items()
    }
    moved, dropped = existing_roots(audio_roots or {}), _without(without)
    file = Path(steps) if isinstance(steps, str | os.PathLike) else None
    refuse(
        [
            *root_faults(audio_roots or {}),
            *manifest_faults(manifests, moved, audio=True),
            *prepared_faults(folders, moved),
            *(faults_of(read_steps, steps) if file is None else steps_faults(file, folders, role)),
            *without_faults(dropped),
            *faults_of(
                check_outputs,
                [Output(out, "--out", by=by)],
                [*manifests, *filter(None, [file]), *folders.values()],
            ),
        ]
    )
    read, base = (read_steps(steps), Path()) if file is None else (read_steps_file(file), file.parent)
    return Augmentation(tuple(read), folders, role, seed, base, moved=moved, without=dropped)


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
    from .instruct.tasks.tasks import task_named
    from .instruct.template.stage import template_partition
    from .instruct.template.template import BINARY_SHARE

    manifests, file, dropped = _files(cuts), _path(out, "--out"), _without(without)
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
    return Instructions(file, _run("template", partition))


def generate(
    cuts: SomeCuts,
    out: Place,
    *,
    llm: str,
    engine: str = "transformers",
    url: str | None = None,
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
        engine: what runs it (docs/stage2.md); `url` is a server's address.
        clips: how many clips, chosen by the seed, with `per_clip` candidates each.
        languages: of questions and answers, mixed by weight; by default English.
    """
    from .check import llm_faults
    from .instruct.filters import Llm
    from .instruct.generate.stage import generate_partition
    from .instruct.generate.styles import Mixture

    manifests, file, dropped = _files(cuts), _path(out, "--out"), _without(without)
    refuse(
        [
            *faults_of(Mixture, binary_share, languages),
            *manifest_faults(manifests, audio=engine == "cryfish"),
            *llm_faults(Llm(llm, engine, url, device=device), "--llm"),
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
    )
    return Candidates(file, _run("generate", partition))


def filter_candidates(
    candidates: Candidates | Place,
    kept: Place,
    dropped: Place,
    instructions: Place | None = None,
    *,
    filters: Place | Sequence[str | Mapping[str, Any]] | None = None,
    llm: str | None = None,
    engine: str = "transformers",
    url: str | None = None,
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
    from ..locks import hold
    from .check import llm_faults
    from .instruct.filters import (
        Llm,
        asking_for_blind,
        every_filter,
        filter_file,
        kept_instructions,
        read_filters,
    )
    from .instruct.jsonl import write_instructions as write
    from .instruct.template.stage import none_kept

    source = candidates.file if isinstance(candidates, Candidates) else Path(candidates)
    given = {"--kept": kept, "--dropped": dropped, "--instructions": instructions}
    outputs = [
        Output(_path(place, name), name, by="instruct filter")
        for name, place in given.items()
        if place is not None
    ]
    file = Path(filters) if isinstance(filters, str | os.PathLike) else None
    unread = [] if file is None else list(faults_of(_read_list, file))
    settings: Any = filters if file is None else every_filter() if unread else _read_list(file)
    settings = every_filter() if settings is None else settings
    asked = None if llm is None else Llm(llm, engine, url, batch_size, device)
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


def write_shards(
    cuts: SomeCuts,
    instructions: SomeInstructions,
    out: Place,
    *,
    target_size: str | int = "500MB",
    without: Place | None = None,
    audio_roots: Mapping[str, Place] | None = None,
    max_bad: float = MAX_BAD,
    jobs: int | None = 1,
    engine: str = "local",
) -> ShardFolder:
    """Rendered cuts with their instructions as WebDataset shards in the folder `out`, as `cryfish shard`.

    Args:
        target_size: about how large a shard should be.
        without, audio_roots: as of `augment`.
    """
    from .config import read_size
    from .shard.shard import STAGE, shard

    size = read_size(str(target_size))
    manifests, folder, dropped = _files(cuts), _path(out, "--out"), _without(without)
    files = [item.file if isinstance(item, Instructions) else Path(item) for item in _listed(instructions)]
    moved = existing_roots(audio_roots or {})
    refuse(
        [
            *root_faults(audio_roots or {}),
            *manifest_faults(manifests, moved, audio=True),
            *without_faults(dropped),
            *lines_faults(files, "a file of instructions that `cryfish instruct` wrote"),
            *faults_of(check_outputs, [Output(folder, "--out", STAGE)], [*manifests, *files]),
        ]
    )
    with open_engine(engine, jobs) as workers:
        counts = shard(workers, manifests, files, folder, size, moved=moved, max_bad=max_bad, without=dropped)
    return ShardFolder(folder, counts)


def open_shards(
    shards: SomeShards,
    collate: Callable[[list[Example]], Any] = list,
    *,
    audio_seconds: float = 160,
    tokens: int = 2048,
    seed: int = 0,
    epoch: int = 0,
    weights: Mapping[str, float] | None = None,
    world_size: int = 1,
    start: int = 0,
    cache_dir: Place | None = None,
) -> MicroBatches[Any]:
    """One epoch of shards as a torch dataset of micro-batches: `DataLoader(open_shards(...), batch_size=None)`.

    Args:
        collate: the examples of a micro-batch -> what a model takes; without it they come as a list.
        audio_seconds, tokens: what a micro-batch may hold, padding included (`cryfish.shards.Budget`).
        weights: how often a task's examples are seen.
        world_size: processes that share the micro-batches out; the number is a multiple of it.
        start: how many micro-batches were seen already.
        cache_dir: keeps whole remote shards.

    Raises:
        InputError: a folder without shards, a damaged index, or nothing to see.
    """
    from ..shards import Budget, MicroBatches, make_plan, open_index

    index = open_index(_sources(shards))
    plan = make_plan(index, Budget(audio_seconds, tokens), seed, epoch, weights, world_size)
    cache = None if cache_dir is None else _path(cache_dir, "cache_dir")
    return MicroBatches(index, plan, collate, start=start, cache_dir=cache)


def train(
    shards: SomeShards,
    out: Place,
    *,
    encoder: str | None = None,
    llm: str | None = None,
    checkpoint: Place | None = None,
    max_steps: int | None = None,
    epochs: int | None = None,
    device: str | None = None,
    settings: Place | Mapping[str, Any] | None = None,
) -> Path:
    """A model trained on shards, as `cryfish train`; returns its folder.

    Args:
        out: the folder for checkpoints, the log and the finished model.
        encoder, llm: names on the Hub, or folders; or `checkpoint`, an earlier training to go on from.
        max_steps, epochs: how long; one of them.
        settings: any other field of `TrainSettings` (a config's `train:`), or a YAML file of them.
    """
    from ..model.bases import base_model_faults, checkpoint_faults
    from ..model.device import device_faults
    from ..model.run_folder import TRAIN, check_folder
    from ..model.train.settings import TrainSettings
    from .run import checked

    fields = {
        "encoder": encoder,
        "llm": llm,
        "checkpoint": checkpoint,
        "max_steps": max_steps,
        "epochs": epochs,
        "device": device,
    }
    content, where = _settings(settings, "train", fields)
    asked = checked(TrainSettings, {**content, "shards": _sources(shards), "out": out}, where)
    if asked.checkpoint is not None:
        start = list(checkpoint_faults(asked.checkpoint, "--checkpoint"))
    else:
        start = [
            *base_model_faults(str(asked.encoder), "encoder", "--encoder"),
            *base_model_faults(str(asked.llm), "llm", "--llm"),
        ]
    refuse(
        [
            *shard_faults(asked.shards),
            *start,
            *device_faults(asked.device, "--device"),
            *faults_of(check_folder, asked.out, TRAIN, asked.reads()),
        ]
    )
    from ..model.train.train import train as run_training

    return run_training(asked)


def evaluate(
    model: Place,
    shards: SomeShards,
    out: Place,
    *,
    train_shards: SomeShards = (),
    tasks: Sequence[str] = (),
    per_task: int | None = None,
    device: str | None = None,
    max_bad: float = MAX_BAD,
    settings: Place | Mapping[str, Any] | None = None,
) -> Results:
    """A model's score on shards: beside the majority answer, and beside itself without audio, as `cryfish evaluate`.

    Args:
        model: a checkpoint or a training's folder.
        train_shards: what it was trained on: the majority answer is taken from there.
        tasks, per_task: only these, and at most so many examples of each.
        settings: any other field of `EvaluateSettings` (a config's `evaluate:`), or a YAML file of them.
    """
    from ..model.bases import checkpoint_faults
    from ..model.device import device_faults
    from ..model.run_folder import EVALUATE, check_folder
    from ..model.train.settings import EvaluateSettings
    from ..shards import open_index
    from .check import scoring_faults
    from .run import checked

    fields = {
        "train_shards": _sources(train_shards) or None,
        "tasks": list(tasks) or None,
        "per_task": per_task,
        "device": device,
    }
    content, where = _settings(settings, "evaluate", fields)
    content.setdefault("max_bad", max_bad)
    ours = {"checkpoint": model, "shards": _sources(shards), "out": out}
    asked = checked(EvaluateSettings, {**content, **ours}, where)
    missing = list(shard_faults([*asked.shards, *asked.train_shards]))
    held = () if missing else asked.tasks or open_index(asked.shards).tasks
    refuse(
        [
            *missing,
            *checkpoint_faults(asked.checkpoint, "MODEL"),
            *scoring_faults(held),
            *device_faults(asked.device, "--device"),
            *faults_of(check_folder, asked.out, EVALUATE, asked.reads()),
        ]
    )
    from ..model.evaluate.evaluate import evaluate as score
    from .instruct.tasks.tasks import label_named

    return score(asked, label_named)


def run(
    config: Config | Mapping[str, Any] | Place,
    *,
    until: str | None = None,
    base: Place = ".",
    jobs: int | None = 1,
    engine: str = "local",
) -> dict[str, dict[str, Any]]:
    """Every stage of a config, as `cryfish run`; returns what each counted.

    Args:
        config: its file, or what stands in one; then relative paths start at `base`.
        until: the last stage to run.
    """
    from .config import Config, load_config, parse_config
    from .run import STAGES
    from .run import run as run_stages

    if until is not None and until not in STAGES:
        raise InputError(f"--until {until}: no such stage; the stages are {', '.join(STAGES)}")
    folder = Path(base).resolve()
    if isinstance(config, str | os.PathLike):
        file = Path(config)
        config, folder = load_config(file), file.resolve().parent
    elif not isinstance(config, Config):
        config = parse_config(config, folder / "config")
    with open_engine(engine, jobs) as workers:
        return run_stages(config, folder, workers, until)


def _path(place: Place, where: str) -> Path:
    return local_path(Path(place) if not isinstance(place, str) else place, where)


def _without(place: Place | None) -> Path | None:
    return None if place is None else _path(place, "--without")


def _listed(given: Any) -> list[Any]:
    """What may be one or several, as several."""
    return (
        [given] if isinstance(given, str | os.PathLike | Cuts | Instructions | ShardFolder) else list(given)
    )


def _files(cuts: SomeCuts) -> list[Path]:
    """The manifests of results, folders and files."""
    from .audio.manifests import find_manifests

    def manifests(item: Cuts | Place) -> Sequence[Path]:
        if isinstance(item, Cuts):
            return item.manifests
        path = _path(item, "MANIFEST")
        return find_manifests(path) if path.is_dir() else [path]

    return [path for item in _listed(cuts) for path in manifests(item)]


def _sources(shards: SomeShards) -> list[str]:
    return [
        str(item.folder) if isinstance(item, ShardFolder) else os.fspath(item) for item in _listed(shards)
    ]


def _run(stage: str, partition: Partition) -> dict[str, Any]:
    from .engine.partitions import Engine, check_partitions

    check_partitions([partition], "--out")
    [counts] = Engine().run(stage, [partition])
    return counts


def _read_list(path: Path) -> list[Any]:
    content = read_yaml(path)
    if not isinstance(content, list):
        raise InputError(f"{path}: must be a YAML list of filters such as `- leak`")
    return content


def _settings(
    given: Place | Mapping[str, Any] | None, section: str, fields: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """The settings with those fields that are given, and how errors call them."""
    content: Any = given
    where = section
    if isinstance(given, str | os.PathLike):
        content, where = read_yaml(Path(given)), str(given)
        if not isinstance(content, Mapping):
            raise InputError(
                f"{where}: must hold `field: value` lines, such as those under `{section}:` in a config"
            )
    return {**(content or {}), **{name: value for name, value in fields.items() if value is not None}}, where
