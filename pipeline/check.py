"""The check of a whole config before its first stage: all that is wrong is told at once, and nothing is written.

Settings are read, folders are looked into, models are looked for; no audio and no weights are opened. What only the
data can tell (a clip that is damaged, a share that is passed) is told by the stage that meets it.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from lhotse.cut import Cut

from ..errors import InputError, faults_of
from ..model.bases import base_model_faults, checkpoint_faults
from ..outputs import RUN, Output, check_outputs
from ..recipes.kit.corpus import Clip, Corpus, Role, divide, require
from ..recipes.kit.hours import Hours
from ..recipes.kit.languages import LANGUAGES
from ..recipes.kit.registry import corpora, recipe
from .augment.settings import NoiseSettings, RoomSettings, corpora_of, read_steps
from .augment.steps import prepare_steps
from .config import CorpusSection
from .instruct.filters import Llm, read_filters
from .instruct.generate.styles import Mixture
from .instruct.llm.llm import engine_faults, engine_options, engines_with
from .instruct.tasks.tasks import TASKS, task_named
from .prepare.holdout import ROLES, group_of
from .prepare.own.named import Asked, own_faults
from .prepare.prepare import Selection
from .rirs.bank import read_spec

if TYPE_CHECKING:
    from .run import Run

SHARD_GB_PER_HOUR = 0.065  # FLAC, 16 kHz, mono
_LOOKED_AT = 5_000
# Speech as it is published takes at most 16 bits a sample, and hardly less than an eighth of that (Opus).
_CODED = 8


def settings_faults(whole: Run) -> Iterator[str]:
    """What is wrong in the config itself, whatever lies on this machine."""
    config = whole.config
    for name, section in config.corpora.items():
        if section.is_own:
            for fault in faults_of(whole.own, name):
                yield f"corpora.{name}: {fault}"
        else:
            yield from faults_of(recipe, name)
        if name in _known(whole):
            for fault in faults_of(_selection(section).check, whole.recipe(name).corpus):
                yield f"corpora.{name}: {fault}"
    template = config.instruct.template
    for task in [*template.tasks, *template.stage2, *template.test]:
        yield from faults_of(task_named, task)
    for language in template.languages:
        if language not in LANGUAGES:
            yield f"instruct.template: field 'languages': '{language}' isn't a language code such as 'en' or 'de'"
    generate = config.instruct.generate
    if generate is not None:
        yield from (
            f"instruct.generate: {fault}"
            for fault in faults_of(Mixture, generate.binary_share, generate.languages)
        )
    yield from faults_of(read_filters, config.instruct.filter, whole.generator())
    yield from _augment_settings(whole)
    yield from _model_settings(whole)


def _augment_settings(whole: Run) -> Iterator[str]:
    config = whole.config
    bad = list(faults_of(read_steps, config.augment))
    yield from bad
    for corpus in [] if bad else corpora_of(read_steps(config.augment)):
        if corpus not in config.corpora:
            yield f"augment: field 'from' names {corpus!r}, which isn't under 'corpora'"
    if config.rirs is None:
        return
    bad_rirs = list(faults_of(read_spec, config.rirs))
    yield from bad_rirs
    if bad_rirs:
        return
    spec = read_spec(config.rirs)
    for corpus in spec.recorded:
        if corpus not in config.corpora:
            yield f"rirs: field 'recorded' names {corpus!r}, which isn't under 'corpora'"
        elif corpus in _known(whole) and "impulse_response" not in whole.recipe(corpus).corpus.facts:
            yield f"rirs: field 'recorded' names {corpus!r}, which holds no impulse responses; leave it out"
    for step in [] if bad else read_steps(config.augment):
        if isinstance(step, RoomSettings) and step.distances > spec.distances and not spec.recorded:
            yield (
                f"augment: field 'distances' of the step 'room' is {step.distances}, but each room of 'rirs' is heard "
                f"from {spec.distances}; raise 'rirs.distances'"
            )


def _model_settings(whole: Run) -> Iterator[str]:
    config = whole.config
    if config.train is not None:
        if "stage2" in config.train and not whole.two_stages:
            yield (
                "train: field 'stage2' needs instructions of its own; give their numbers in "
                "'instruct.template.stage2'"
            )
        first = list(faults_of(whole.train_settings))
        yield from first
        if whole.two_stages and not first:
            yield from faults_of(whole.second_train_settings)
    if config.evaluate is not None:
        if config.train is None:
            yield "evaluate: needs a 'train' section, whose model is asked"
        if not config.instruct.template.test:
            yield "evaluate: needs tasks in field 'instruct.template.test'"
        if all(task in TASKS for task in config.instruct.template.test):
            yield from faults_of(whole.evaluate_settings)


def corpus_faults(whole: Run, among: Mapping[str, CorpusSection] | None = None) -> Iterator[str]:
    """Every corpus (of those `among`) that isn't where the config says, or not whole."""
    for name, section in (_known(whole) if among is None else among).items():
        said = whole.said_of(name)
        if said is not None:
            yield from _own_faults(whole, name, said)
            continue
        corpus = whole.recipe(name).corpus
        if not section.dir.is_dir():
            get = f"`cryfish download {name} '{section.dir}'`" if corpus.downloads else corpus.homepage
            yield (
                f"{section.dir}: no such folder (field 'corpora.{name}.dir'); get {corpus.title} from {get} or mend "
                "the path"
            )
        else:
            for fault in faults_of(require, section.dir, corpus):
                yield f"corpora.{name}.dir: {fault}"


def _own_faults(whole: Run, name: str, said: Asked) -> Iterator[str]:
    """Own data that isn't where the config says; a data set that isn't on disk is looked for when it is fetched."""
    section = whole.config.corpora[name]
    if section.dataset is None:
        yield from (f"corpora.{name}: {fault}" for fault in own_faults(said))
    elif find_spec("datasets") is None:
        yield f"corpora.{name}: 'dataset' needs the package datasets: pip install 'cryfish[datasets]'"
    elif section.dataset.startswith((".", "/", "~")) and not section.dir.exists():
        yield f"corpora.{name}.dataset: {section.dir} isn't there; mend the path, or name a data set on the Hub"


def machine_faults(whole: Run, until: str | None = None) -> Iterator[str]:
    """What else keeps the stages, up to `until`, from being done here: models, noise, packages, devices, disk."""
    looks: list[tuple[str, Callable[[Run], Iterator[str]]]] = [
        ("prepare", _work_faults),
        ("augment", _noise_faults),
        ("augment", _room_faults),
        ("generate", _writer_faults),
        ("filter", _judge_faults),
        ("shard", _disk_faults),
        ("train", _training_faults),
    ]
    for stage, look in looks:
        if _reached(stage, until):
            try:
                yield from look(whole)
            except InputError:
                continue  # a setting it rests on is wrong, which is told already


def warnings(whole: Run) -> Iterator[str]:
    """What may go wrong, but needn't."""
    needed, perhaps = _gigabytes_needed(whole)
    free = _free_gigabytes(whole.work)
    if needed / 2 <= free < perhaps:
        yield _short(whole.work, perhaps, free)


def _reached(stage: str, until: str | None) -> bool:
    from .run import STAGES

    return until is None or STAGES.index(stage) <= STAGES.index(until)


def _selection(section: CorpusSection) -> Selection:
    return Selection(tuple(section.splits), tuple(section.languages), section.hours)


def used_hours(section: CorpusSection, corpus: Corpus) -> Hours:
    """How many of a corpus' published hours a config uses."""
    published = _selection(section).published(corpus)
    part = min(1.0, section.hours / published.all) if section.hours and published.all else 1.0
    return Hours(part * published.all, part * published.unique, published.exact)


# Where the run writes.


def _known(whole: Run) -> dict[str, CorpusSection]:
    def is_known(name: str, section: CorpusSection) -> bool:
        return not any(faults_of(whole.own, name)) if section.is_own else name in corpora()

    return {name: section for name, section in whole.config.corpora.items() if is_known(name, section)}


def _work_faults(whole: Run) -> Iterator[str]:
    work = Output(whole.work, "field 'work'", RUN)
    yield from faults_of(
        check_outputs, [work], [path for name in whole.config.corpora for path in _read(whole, name)]
    )


def _read(whole: Run, name: str) -> Iterable[Path]:
    """What of a corpus is read: its folder, or of own data the folder or files that are named."""
    section = whole.config.corpora[name]
    if not section.is_own:
        return [section.dir]
    own = whole.own(name)
    if section.dataset is not None or own is None:
        return [section.dir] if section.dir.exists() else []
    return own.own.inputs()


def _disk_faults(whole: Run) -> Iterator[str]:
    needed, _ = _gigabytes_needed(whole)
    free = _free_gigabytes(whole.work)
    if free < needed / 2:
        yield _short(whole.work, needed, free)


def _existing(path: Path) -> Path:
    while not path.exists() and path.parent != path:
        path = path.parent
    return path


def _free_gigabytes(work: Path) -> float:
    """Without limit where the file system doesn't say."""
    usage = shutil.disk_usage(_existing(work))
    return usage.free / 1e9 if usage.total else math.inf


def _short(work: Path, needed: float, free: float) -> str:
    return (
        f"{work}: the shards will take about {needed:,.1f} GB, but {free:,.1f} GB are free there; free some space, set "
        "another 'work' or take fewer 'hours'"
    )


def _gigabytes_needed(whole: Run) -> tuple[float, float]:
    """What the shards will take at least, and at most, beyond those that are there; by what the corpora take."""
    least = most = 0.0
    for name, section in _known(whole).items():
        corpus = whole.recipe(name).corpus
        published = used_hours(section, corpus).all
        if not section.dir.is_dir() or published * SHARD_GB_PER_HOUR <= _free_gigabytes(whole.work) / 1000:
            continue
        hours = _bytes_in(section.dir) / (3600 * 2 * max(corpus.sampling_rate, 8000))
        most += min(published, _CODED * hours) * SHARD_GB_PER_HOUR
        if not (section.splits or section.languages or section.hours):
            least += min(published, hours) * SHARD_GB_PER_HOUR
    template = whole.config.instruct.template
    asked = [*template.tasks.values(), *template.stage2.values(), *template.test.values()]
    if "all" not in asked and whole.config.instruct.generate is None:
        # So few instructions are about no more clips than that, of which some are short.
        least = min(least, sum(n for n in asked if isinstance(n, int)) * 2 / 3600 * SHARD_GB_PER_HOUR)
    there = _bytes_in(whole.shards("train").parent) / 1e9
    return max(0.0, least - there), max(0.0, most - there)


def _bytes_in(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).lstat().st_size
            except OSError:
                continue
    return total


# Noise and rooms for each role.


def _noise_faults(whole: Run) -> Iterator[str]:
    """Steps that find no noise for a role in which there are clips."""
    for step in read_steps(whole.config.augment):
        if not isinstance(step, NoiseSettings):
            continue
        for names in (step.sounds, step.babble.corpora if step.babble else ()):
            for role in ROLES if names else ():
                if all(_has_noise(whole, name, role) is False for name in names) and _is_asked(whole, role):
                    yield (
                        f"augment: {', '.join(names)} (the noise's 'from') hold no clips for the role '{role}', which "
                        "other corpora have; take more 'splits' of them, name other corpora too, or divide them anew "
                        "under 'hold_out'"
                    )


def _has_noise(whole: Run, name: str, role: Role) -> bool | None:
    """Whether a corpus has noise for the clips of a role, by the rule of augment/stage.py; None where it isn't seen."""
    published = _declared(whole, name)
    lent = role != "train" and role not in published

    def serves(clip: Clip) -> bool:
        own = _role(whole, name, clip)
        if not lent:
            return own in (role, None)
        return (
            own in ("train", None) and divide(name, group_of(name, f"{name}-{clip.id}", clip.facts)) == role
        )

    return _some_clip(whole, name, serves)


def _declared(whole: Run, name: str) -> set[Role]:
    hold_out = whole.config.hold_out
    if hold_out is not None and name in hold_out.corpora:
        return {"train", "test"}
    return set(whole.recipe(name).corpus.splits.values())


def _role(whole: Run, name: str, clip: Clip) -> Role | None:
    """The role of a clip; None where the hold-out will say."""
    hold_out = whole.config.hold_out
    if hold_out is not None and name in hold_out.corpora:
        return None
    return whole.recipe(name).corpus.splits.get(clip.split)


def _is_asked(whole: Run, role: Role) -> bool:
    """Whether some corpus surely has clips of the role."""
    return any(_has_role(whole, name, role) for name in _known(whole))


def _has_role(whole: Run, name: str, role: Role) -> bool:
    def plays(clip: Clip) -> bool:
        return _role(whole, name, clip) in (role, None)

    return role in _declared(whole, name) and _some_clip(whole, name, plays) is True


def _some_clip(whole: Run, name: str, test: Callable[[Clip], bool]) -> bool | None:
    """Whether a corpus has a clip that passes; None where the first few thousand don't tell. No audio is opened."""
    section, found = whole.config.corpora.get(name), whole.recipe(name)
    if (
        section is None
        or not section.dir.is_dir()
        or ((said := whole.said_of(name)) and any(own_faults(said)))
    ):
        return None
    try:
        clips = _selection(section).of(found.clips(whole.home(name)), found.corpus)
        seen = 0
        for clip in islice(clips, _LOOKED_AT):
            seen += 1
            if isinstance(clip, Clip) and test(clip):
                return True
    except InputError:
        return None  # `prepare` tells it
    return False if seen < _LOOKED_AT else None


def _room_faults(whole: Run) -> Iterator[str]:
    """A bank that was made elsewhere must be there, whole, and have rooms for every role in which there are clips."""
    if whole.config.rirs is not None:
        return

    def no_noise(corpus: str) -> Iterator[Cut]:
        return iter(())

    for step in read_steps(whole.config.augment):
        if isinstance(step, RoomSettings):
            for role in ROLES:
                bad = list(faults_of(prepare_steps, [step], role, whole.base, no_noise))
                if bad and _is_asked(whole, role):
                    yield from (f"augment: field 'bank': {fault}" for fault in bad)


# Models, the engines that run them, and what these need.


def _writer_faults(whole: Run) -> Iterator[str]:
    generate = whole.config.instruct.generate
    if generate is not None:
        named = whole.resolved(generate.llm)
        asked = Llm(named, generate.engine, generate.url, device=generate.device, options=generate.options)
        yield from llm_faults(asked, "instruct.generate: field 'llm'", _is_made(whole.candidates))


def _judge_faults(whole: Run) -> Iterator[str]:
    if whole.config.instruct.generate is not None:
        filters = read_filters(whole.filter_settings(), whole.generator())
        llms = [asker.llm for asker in (filters.guessing, filters.judging) if asker is not None]
        for llm in dict.fromkeys(llms):
            if llm is not None and llm != whole.generator():
                yield from llm_faults(llm, "instruct.filter: option 'llm'", _is_made(whole.filtered))


def _is_made(output: Path) -> bool:
    return output.with_name(f"{output.name}.done.json").is_file()


def llm_faults(llm: Llm, field: str, made: bool = False) -> Iterator[str]:
    """What keeps an LLM from being asked; a server isn't called where all is `made` already."""
    if llm.device is not None and llm.engine not in (own := engines_with("device")):
        yield (
            f"{field}: 'device' is for the engines {' and '.join(own)}, and '{llm.engine}' has its own; leave it out"
        )
    elif llm.device is not None:
        from ..model.device import device_faults

        yield from device_faults(llm.device, field)
    options = engine_options(llm.engine, llm.batch_size, llm.device, llm.options)
    yield from engine_faults(llm.engine, llm.llm, llm.url, options, field, made)


def _has_gpu() -> bool:
    from ..model.device import accelerator

    return accelerator()[0] == "cuda"


def _training_faults(whole: Run) -> Iterator[str]:
    config = whole.config
    if config.train is None:
        return
    settings = whole.train_settings()
    if settings.checkpoint is not None:
        yield from checkpoint_faults(settings.checkpoint, "train: field 'checkpoint'")
    else:
        yield from base_model_faults(str(settings.encoder), "encoder", "train: field 'encoder'")
        yield from base_model_faults(str(settings.llm), "llm", "train: field 'llm'")
    if config.train.get("bf16") is True and not _has_gpu():
        yield "train: field 'bf16' is true, but no GPU is to be seen here; leave it out: it is used where it can be"
    from ..model.device import device_faults

    yield from device_faults(settings.device, "train: field 'device'")
    if config.evaluate is not None:
        yield from device_faults(whole.evaluate_settings().device, "evaluate: field 'device'")
        yield from scoring_faults(config.instruct.template.test)


def scoring_faults(tasks: Iterable[str]) -> Iterator[str]:
    """What keeps the answers of these tasks from being scored."""
    heard = [name for name in tasks if name in TASKS and TASKS[name].kind == "text"]
    if heard and find_spec("jiwer") is None:
        yield f"evaluate: the task '{heard[0]}' needs the package jiwer: pip install 'cryfish[eval]'"
