"""run: every stage of a config file, in the order of the data's way; what is done is skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lhotse.cut import Cut
from pydantic import BaseModel, ValidationError

from ..errors import refuse
from ..files import disk_errors
from ..locks import hold
from ..mistakes import sentences
from ..ownership import begin_folder
from ..progress import say
from ..recipes.kit.corpus import Role
from ..recipes.kit.registry import Recipe, recipe
from .audio.manifests import CUTS_SUFFIX, find_manifests
from .augment.augment import Augmentation, augment
from .augment.settings import RoomSettings, corpora_of, read_steps
from .check import corpus_faults, machine_faults, settings_faults, warnings
from .config import Config
from .engine.partitions import Counts, Engine, Partition
from .instruct.filters import Llm
from .instruct.generate.stage import generate_partition
from .instruct.llm.llm import engine_named
from .instruct.tasks.tasks import TASKS
from .instruct.template.collect import Count
from .instruct.template.stage import filter_partition, template_partition
from .prepare.contamination.keys import By
from .prepare.contamination.stage import Apart, keep_apart
from .prepare.holdout import ROLES, hold_out_partition
from .prepare.own.named import Asked, Described, describe, own_faults, told_of, undescribed
from .prepare.prepare import Selection, prepare_corpus
from .rirs.bank import make_bank, progress_bar, read_spec
from .rirs.recorded import prepared_cuts
from .shard.shard import shard

if TYPE_CHECKING:
    from ..model.train.settings import EvaluateSettings, TrainSettings

STAGE = "run"
STAGES = (
    "prepare",
    "hold-out",
    "contamination",
    "rirs",
    "augment",
    "template",
    "generate",
    "filter",
    "shard",
    "train",
    "evaluate",
)


@dataclass
class Run:
    """One run of one config. The paths are where each stage's output lies in the work folder."""

    config: Config
    engine: Engine
    base: Path
    counts: dict[str, Counts] = field(default_factory=dict)
    _described: dict[str, Described] = field(default_factory=dict, init=False, repr=False)

    @property
    def work(self) -> Path:
        return self.config.work_dir

    def manifests(self, corpus: str) -> Path:
        return self.work / "manifests" / corpus

    def said_of(self, corpus: str) -> Asked | None:
        """What the config says of own data; None where there is a recipe."""
        said = self.config.corpora[corpus].own(corpus, self.base)
        return None if said is None else said.beside(self.manifests(corpus))

    def own(self, corpus: str) -> Described | None:
        """Own data with what its columns are; where it isn't there (yet), with no more than the config says.

        Raises:
            InputError: the config says of it what isn't so.
        """
        asked = self.said_of(corpus)
        if asked is None:
            return None
        if any(own_faults(asked)):
            return undescribed(asked)
        if corpus not in self._described:
            self._described[corpus] = describe(asked)
        return self._described[corpus]

    def recipe(self, corpus: str) -> Recipe:
        """The recipe of a corpus of the config, or what stands for it. Raises InputError."""
        own = self.own(corpus) if corpus in self.config.corpora else None
        return recipe(corpus) if own is None else own.recipe

    def home(self, corpus: str) -> Path:
        """Where the paths of a corpus' audio start."""
        own = self.own(corpus)
        return self.config.corpora[corpus].dir if own is None else own.own.home

    @property
    def hold_out_file(self) -> Path | None:
        return self.work / "manifests" / "hold-out.json" if self.config.hold_out else None

    def augmented(self, role: str) -> list[Path]:
        role = "train" if role == "stage2" else role
        folder = self.work / "augmented" / role
        return [folder / f"{name}{CUTS_SUFFIX}" for name in self.config.corpora]

    def template_file(self, role: str) -> Path:
        return self.work / "instructions" / "template" / f"{role}.jsonl"

    @property
    def candidates(self) -> Path:
        return self.work / "instructions" / "generate" / "train.candidates.jsonl"

    @property
    def filtered(self) -> Path:
        return self.work / "instructions" / "generate" / "train"

    def shards(self, role: str) -> Path:
        return self.work / "shards" / role

    @property
    def two_stages(self) -> bool:
        return bool(self.config.instruct.template.stage2)

    @property
    def training(self) -> Path:
        """Of the first stage, or of the only one."""
        return self.work / "training"

    @property
    def second_training(self) -> Path:
        return self.work / "training-stage2"

    @property
    def model(self) -> Path:
        """The folder of the training whose model is the run's."""
        return self.second_training if self.two_stages else self.training

    @property
    def evaluation(self) -> Path:
        return self.work / "evaluation"

    def roles(self) -> list[str]:
        """What gets instructions and shards: train, and stage2 and test where the config asks something of them."""
        stage2 = ["stage2"] if self.two_stages else []
        return ["train", *stage2, "test"] if self.config.instruct.template.test else ["train", *stage2]

    def asked(self, role: str) -> Mapping[str, Count]:
        """How many template instructions of each task a role gets."""
        template = self.config.instruct.template
        return {"train": template.tasks, "stage2": template.stage2, "test": template.test}[role]

    def outputs(self) -> dict[str, Path]:
        """Where each stage that the config asks for writes."""
        config = self.config
        asked = {
            "prepare": self.work / "manifests",
            "augment": self.work / "augmented",
            "template": self.template_file("train").parent,
            "generate": self.candidates if config.instruct.generate else None,
            "filter": self.filtered if config.instruct.generate else None,
            "shard": self.shards("train").parent,
            "train": self.training if config.train is not None else None,
            "evaluate": self.evaluation if config.evaluate is not None else None,
        }
        return {name: path for name, path in asked.items() if path is not None}

    def check(self, until: str | None = None) -> None:
        """Finds all that is wrong in the config, and for the stages up to `until`, before anything is written.

        Raises:
            InputError: names every fault (pipeline/check.py says what is looked at).
        """
        refuse([*settings_faults(self), *corpus_faults(self), *machine_faults(self, until)])
        for warning in warnings(self):
            say(f"caution: {warning}")

    def prepare(self) -> Counts:
        total: Counts = {"clips": 0, "hours": 0.0, "quarantined": 0}
        for name, section in self.config.corpora.items():
            said = section.own(name, self.base)
            if said is not None:
                for line in told_of(self._describe(name, said)):
                    say(f"prepare, {name}: {line}")
            summary = prepare_corpus(
                name,
                self.home(name),
                self.manifests(name),
                engine=self.engine,
                **self.prepare_options(name),
            )
            total["clips"] += summary["clips"]
            total["hours"] += summary["hours"]
            total["quarantined"] += sum(summary["quarantined"].values())
        return {**total, "hours": round(total["hours"], 3)}

    def prepare_options(self, name: str) -> dict[str, Any]:
        """What the config says of one corpus, for `prepare_corpus`."""
        section = self.config.corpora[name]
        selection = Selection(tuple(section.splits), tuple(section.languages), section.hours)
        return {
            "max_bad": section.max_bad,
            "selection": selection,
            "own": self.own(name),
            "fingerprints": self.config.contamination.fingerprints,
        }

    def _describe(self, name: str, said: Asked) -> Described:
        """Own data that is about to be prepared: it is there now, or else it is told what isn't."""
        self._described[name] = describe(said.fetch(self.manifests(name)))
        return self._described[name]

    def hold_out_partition(self) -> Partition | None:
        settings, out = self.config.hold_out, self.hold_out_file
        if settings is None or out is None:
            return None
        folders = {name: self.manifests(name) for name in settings.corpora}
        return hold_out_partition(folders, out, self.config.seed, settings.share)

    def hold_out(self) -> Counts:
        partition = self.hold_out_partition()
        return {} if partition is None else self.engine.run("hold-out", [partition])[0]

    @property
    def contamination_file(self) -> Path | None:
        return self.work / "manifests" / "contamination.jsonl" if self._kinds() else None

    def _kinds(self) -> tuple[By, ...]:
        wanted = self.config.contamination
        kinds: dict[By, bool] = {
            "origin": wanted.origins,
            "speaker": wanted.speakers,
            "blacklist": wanted.blacklists,
            "fingerprint": wanted.fingerprints,
        }
        return tuple(kind for kind, asked in kinds.items() if asked)

    def apart(self) -> Apart:
        """Which corpora are kept apart, and by what."""
        folders = {name: self.manifests(name) for name in self.config.corpora}
        return Apart(folders, self._kinds(), self.hold_out_file)

    def contamination(self) -> Counts:
        out = self.contamination_file
        if out is None:
            return {}
        counts = keep_apart(self.engine, self.apart(), out)
        return {f"dropped {name}": count for name, count in counts.items() if count}

    def rirs(self) -> Counts:
        """Makes the bank that a `room` step names, if the config says how (`rirs:`)."""
        rooms = [step for step in read_steps(self.config.augment) if isinstance(step, RoomSettings)]
        if not rooms or self.config.rirs is None:
            return {}
        spec = read_spec(self.config.rirs)

        def recorded(corpus: str) -> Iterator[Cut]:
            return prepared_cuts(self.manifests(corpus))

        # On a cluster `jobs` counts its processors; the bank is made on this machine.
        jobs = min(self.engine.jobs, os.cpu_count() or 1)
        with progress_bar() as show:
            folder = self.bank_base() / rooms[0].bank
            bank = make_bank(folder, spec, self.config.seed, jobs=jobs, progress=show, recorded=recorded)
        return {"rirs": len(bank)}

    def bank_base(self) -> Path:
        """Where a bank's relative path starts: the work folder when the run makes it, else the config's folder."""
        return self.work if self.config.rirs is not None else self.base

    def augmentation(self, role: Role) -> Augmentation:
        """What is done to the clips of a role."""
        steps = read_steps(self.config.augment)
        noise = {name: self.manifests(name) for name in corpora_of(steps)}
        return Augmentation(
            tuple(steps),
            noise,
            role,
            self.config.seed,
            self.bank_base(),
            self.hold_out_file,
            by_role=True,
            without=self.contamination_file,
        )

    def augment(self) -> Counts:
        return augment(
            self.engine,
            [
                (self.augmentation(role), find_manifests(self.manifests(name)), out)
                for role in ROLES
                for name, out in zip(self.config.corpora, self.augmented(role), strict=True)
            ],
            max_bad=self.config.shard.max_bad,
        )

    def template_partition(self, role: str) -> Partition:
        settings = self.config.instruct.template
        return template_partition(
            self.augmented(role),
            self.template_file(role),
            tasks=self.asked(role),
            # Stage 2 asks of other clips, in other words.
            seed=self.config.seed + (role == "stage2"),
            languages=settings.languages,
            binary_share=settings.binary_share,
        )

    def template(self) -> Counts:
        partitions = [self.template_partition(role) for role in self.roles()]
        counts = self.engine.run("template", partitions)
        for role, count in zip(self.roles(), counts, strict=True):
            for warning in count["warnings"]:
                say(f"template, {role}: {warning}")
        return {role: count["instructions"] for role, count in zip(self.roles(), counts, strict=True)}

    def generate_partition(self) -> Partition | None:
        settings = self.config.instruct.generate
        if settings is None:
            return None
        return generate_partition(
            self.augmented("train"),
            self.candidates,
            llm=_resolved(settings.llm, self.base),
            engine=settings.engine,
            url=settings.url,
            clips=settings.clips,
            per_clip=settings.per_clip,
            batch_size=settings.batch_size,
            seed=self.config.seed,
            binary_share=settings.binary_share,
            languages=settings.languages,
            max_bad=settings.max_bad,
            device=settings.device,
            options=settings.options,
        )

    def generate(self) -> Counts:
        partition = self.generate_partition()
        return {} if partition is None else self.engine.run("generate", [partition])[0]

    def generator(self) -> Llm | None:
        """The LLM that writes; filters ask it too, unless their options name another."""
        settings = self.config.instruct.generate
        if settings is None or engine_named(settings.engine).hears:
            # A model that hears can't stand for one that doesn't.
            return None
        named = _resolved(settings.llm, self.base)
        return Llm(
            named, settings.engine, settings.url, settings.batch_size, settings.device, settings.options
        )

    def filter_settings(self) -> list[str | dict[str, Any]]:
        """The filters, with the LLMs that they name as paths where these are folders."""
        return [_with_folder(setting, self.base) for setting in self.config.instruct.filter]

    def resolved(self, name: str) -> str:
        """A folder relative to the config file where there is one of that name, else a name on the Hub."""
        folder = self.base / Path(name).expanduser()
        return str(folder) if folder.exists() else name

    def filter_partition(self) -> Partition | None:
        if self.config.instruct.generate is None:
            return None
        return filter_partition(
            self.candidates,
            self.filtered,
            filters=self.filter_settings(),
            seed=self.config.seed,
            llm=self.generator(),
        )

    def filter(self) -> Counts:
        partition = self.filter_partition()
        return {} if partition is None else self.engine.run("filter", [partition])[0]

    def instructions(self, role: str) -> list[Path]:
        """The files of instructions that a role's shards are made of."""
        files = [self.template_file(role)]
        written = "stage2" if self.two_stages else "train"
        if role == written and self.config.instruct.generate is not None:
            files.append(self.filtered / "instructions.jsonl")
        return files

    def shard(self) -> Counts:
        counts: Counts = {}
        for role in self.roles():
            made = shard(
                self.engine,
                self.augmented(role),
                self.instructions(role),
                self.shards(role),
                self.config.shard.target_size,
                max_bad=self.config.shard.max_bad,
            )
            counts.update({f"{role} {name}": count for name, count in made.items()})
        return counts

    def train_settings(self) -> TrainSettings:
        """The config's `train` section, with the run's shards and folder. Raises InputError."""
        from ..model.train.settings import TrainSettings

        given = {name: value for name, value in (self.config.train or {}).items() if name != "stage2"}
        for name in ("encoder", "llm", "checkpoint"):
            if given.get(name) is not None:
                given[name] = _resolved(str(given[name]), self.base)
        ours = {"shards": [str(self.shards("train"))], "out": self.training}
        return checked(TrainSettings, {"seed": self.config.seed, **given, **ours}, "train")

    def second_train_settings(self) -> TrainSettings:
        """The second stage's: as the first's, but from its model, and with what `train.stage2` says otherwise."""
        from ..model.checkpoint import FINAL
        from ..model.train.settings import TrainSettings

        first = {**(self.config.train or {})}
        changed = first.pop("stage2", None) or {}
        for name in ("encoder", "llm", "model", "align", "checkpoint"):
            first.pop(name, None)
        ours = {
            "checkpoint": self.training / FINAL,
            "shards": [str(self.shards("stage2"))],
            "out": self.second_training,
        }
        content = {"seed": self.config.seed, **first, **changed, **ours}
        return checked(TrainSettings, content, "train.stage2")

    def evaluate_settings(self) -> EvaluateSettings:
        """The config's `evaluate` section, with the run's model, shards and folder. Raises InputError."""
        from ..model.train.settings import EvaluateSettings

        ours = {
            "checkpoint": self.model,
            "shards": [str(self.shards("test"))],
            "train_shards": [str(self.shards(role)) for role in self.roles() if role != "test"],
            "out": self.evaluation,
        }
        asked = [TASKS[name] for name in self.config.instruct.template.test]
        tolerance = {task.name: task.tolerance for task in asked if task.tolerance is not None}
        given = {"seed": self.config.seed, "tolerance": tolerance, **(self.config.evaluate or {})}
        return checked(EvaluateSettings, {**given, **ours}, "evaluate")

    def train(self) -> Counts:
        if self.config.train is None:
            return {}
        from ..model.train.train import train

        made = train(self.train_settings())
        if self.two_stages:
            made = train(self.second_train_settings())
        return {"model": str(made)}

    def evaluate(self) -> Counts:
        if self.config.evaluate is None or self.config.train is None:
            return {}
        from ..model.evaluate.evaluate import evaluate
        from ..model.evaluate.results import results_table
        from .instruct.tasks.tasks import label_named

        results = evaluate(self.evaluate_settings(), label_named)
        say(results_table(results))
        return {"tasks": len(results.tasks), "answers": sum(task.n for task in results.tasks)}

    def stages(self) -> dict[str, Callable[[], Counts]]:
        return {name: getattr(self, name.replace("-", "_")) for name in STAGES}


def run(config: Config, base: Path, engine: Engine, until: str | None = None) -> dict[str, Counts]:
    """Runs the stages of a config, up to and including `until`, and returns each stage's counts.

    `base` is the config file's folder. What is finished is skipped; what was stopped goes on.

    Raises:
        InputError: the config or something it names is wrong, the work folder holds what isn't ours, or another run is
            at work there.
    """
    whole = Run(config, engine, base)
    whole.check(until)
    with disk_errors(whole.work):
        begin_folder(whole.work, STAGE)
    with hold(whole.work, inside=True):
        for name, stage in whole.stages().items():
            counts = stage()
            whole.counts[name] = counts
            if counts:
                say(f"{name}: " + ", ".join(f"{key} {value}" for key, value in counts.items()))
            if name == until:
                break
    return whole.counts


Settings = TypeVar("Settings", bound=BaseModel)


def checked(model: type[Settings], content: Mapping[str, Any], section: str) -> Settings:
    """A section of the config as the room that owns it reads it.

    Raises:
        InputError: names the section, the field and what is wrong with it.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        refuse(f"{section}: {fault}" for fault in sentences(error, model, content))
        raise


def _with_folder(setting: str | Mapping[str, Any], base: Path) -> str | dict[str, Any]:
    """A filter's setting, with the LLM that it names as a path where it is a folder."""
    if isinstance(setting, str):
        return setting
    return {
        name: {**options, "llm": _resolved(options["llm"], base)} if options and "llm" in options else options
        for name, options in setting.items()
    }


def _resolved(name: str, base: Path) -> str:
    """A folder relative to the config file where there is one of that name, else a name on the Hub."""
    folder = base / Path(name).expanduser()
    return str(folder) if folder.exists() else name
