"""What each stage of a run is to make, and of what: the sections of its config as the stages take them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import faults_of
from ..mistakes import checked
from ..recipes.kit.corpus import Role
from ..recipes.kit.registry import Recipe, corpora, recipe
from .augment.augmentation import Augmentation
from .augment.settings import RoomSettings, corpora_of, read_steps
from .config import Config, CorpusSection
from .engine.partitions import Partition
from .instruct.filters import Llm
from .instruct.filters.stage import filter_partition
from .instruct.generate.stage import generate_partition
from .instruct.llm.llm import engine_named
from .instruct.tasks.tasks import TASKS
from .instruct.template.stage import template_partition
from .layout import Layout
from .prepare.contamination.stage import Apart
from .prepare.holdout import hold_out_partition
from .prepare.own.describe import Asked, Described, describe, own_faults, undescribed

if TYPE_CHECKING:
    from ..model.train.settings import EvaluateSettings, TrainSettings


@dataclass(frozen=True)
class Run:
    """One run of one config; `base` is the config file's folder, where its relative paths start."""

    config: Config
    base: Path
    _described: dict[str, Described] = field(default_factory=dict, init=False, repr=False)

    @property
    def layout(self) -> Layout:
        return Layout(self.config)

    def said_of(self, corpus: str) -> Asked | None:
        """What the config says of own data; None where there is a recipe."""
        said = self.config.corpora[corpus].own(corpus, self.base)
        return None if said is None else said.beside(self.layout.manifests(corpus))

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

    def known(self) -> dict[str, CorpusSection]:
        """The corpora that have a recipe, or whose own data can be described; the others are faults of the config."""

        def is_known(name: str, section: CorpusSection) -> bool:
            return not any(faults_of(self.own, name)) if section.is_own else name in corpora()

        return {name: section for name, section in self.config.corpora.items() if is_known(name, section)}

    def home(self, corpus: str) -> Path:
        """Where the paths of a corpus' audio start."""
        own = self.own(corpus)
        return self.config.corpora[corpus].dir if own is None else own.own.home

    def prepare_options(self, name: str) -> dict[str, Any]:
        """What the config says of one corpus, for `prepare_corpus`."""
        section = self.config.corpora[name]
        return {
            "max_bad": section.max_bad,
            "selection": section.selection,
            "own": self.own(name),
            "fingerprints": self.config.contamination.fingerprints,
        }

    def fetched(self, name: str) -> Described | None:
        """Own data that is about to be prepared: it is there now, or else InputError tells what isn't."""
        if (said := self.config.corpora[name].own(name, self.base)) is None:
            return None
        self._described[name] = describe(said.fetch(self.layout.manifests(name)))
        return self._described[name]

    def hold_out_partition(self) -> Partition | None:
        settings, out = self.config.hold_out, self.layout.hold_out
        if settings is None or out is None:
            return None
        folders = {name: self.layout.manifests(name) for name in settings.corpora}
        return hold_out_partition(folders, out, self.config.seed, settings.share)

    def apart(self) -> Apart:
        """Which corpora are kept apart, and by what."""
        folders = {name: self.layout.manifests(name) for name in self.config.corpora}
        return Apart(folders, self.config.contamination.kinds, self.layout.hold_out)

    @property
    def bank(self) -> Path | None:
        """The bank of impulse responses that the run makes; None where it makes none."""
        rooms = [step for step in read_steps(self.config.augment) if isinstance(step, RoomSettings)]
        return self.bank_base() / rooms[0].bank if rooms and self.config.rirs is not None else None

    def bank_base(self) -> Path:
        """Where a bank's relative path starts: the work folder when the run makes it, else the config's folder."""
        return self.layout.work if self.config.rirs is not None else self.base

    def augmentation(self, role: Role) -> Augmentation:
        """What is done to the clips of a role."""
        steps = read_steps(self.config.augment)
        noise = {name: self.layout.manifests(name) for name in corpora_of(steps)}
        return Augmentation(
            tuple(steps),
            noise,
            role,
            self.config.seed,
            self.bank_base(),
            self.layout.hold_out,
            by_role=True,
            without=self.layout.contamination,
        )

    def template_partition(self, role: str) -> Partition:
        settings = self.config.instruct.template
        return template_partition(
            self.layout.augmented(role),
            self.layout.template(role),
            tasks=settings.asked(role),
            # Stage 2 asks of other clips, in other words.
            seed=self.config.seed + (role == "stage2"),
            languages=settings.languages,
            binary_share=settings.binary_share,
        )

    def generate_partition(self) -> Partition | None:
        settings, out = self.config.instruct.generate, self.layout.candidates
        if settings is None or out is None:
            return None
        return generate_partition(
            self.layout.augmented("train"),
            out,
            llm=self.resolved(settings.llm),
            engine=settings.engine,
            options=settings.options,
            url=settings.url,
            clips=settings.clips,
            per_clip=settings.per_clip,
            batch_size=settings.batch_size,
            seed=self.config.seed,
            binary_share=settings.binary_share,
            languages=settings.languages,
            max_bad=settings.max_bad,
            device=settings.device,
        )

    def generator(self) -> Llm | None:
        """The LLM that writes; filters ask it too, unless their options name another."""
        settings = self.config.instruct.generate
        if settings is None or engine_named(settings.engine).hears:
            # A model that hears can't stand for one that doesn't.
            return None
        how = (settings.url, settings.batch_size, settings.device, settings.options)
        return Llm(self.resolved(settings.llm), settings.engine, *how)

    def filter_settings(self) -> list[str | dict[str, Any]]:
        """The filters, with the LLMs that they name as paths where these are folders."""
        return [self._with_folder(setting) for setting in self.config.instruct.filter]

    def _with_folder(self, setting: str | dict[str, Any]) -> str | dict[str, Any]:
        """A filter's setting, with the LLM that it names as a path where it is a folder."""
        if isinstance(setting, str):
            return setting
        return {
            name: {**options, "llm": self.resolved(options["llm"])}
            if options and "llm" in options
            else options
            for name, options in setting.items()
        }

    def resolved(self, name: str) -> str:
        """A folder relative to the config file where there is one of that name, else a name on the Hub."""
        folder = self.base / Path(name).expanduser()
        return str(folder) if folder.exists() else name

    def filter_partition(self) -> Partition | None:
        candidates, out = self.layout.candidates, self.layout.filtered
        if candidates is None or out is None:
            return None
        return filter_partition(
            candidates,
            out,
            filters=self.filter_settings(),
            seed=self.config.seed,
            llm=self.generator(),
        )

    def train_settings(self) -> TrainSettings:
        """The config's `train` section, with the run's shards and folder. Raises InputError."""
        from ..model.train.settings import TrainSettings

        given = {name: value for name, value in (self.config.train or {}).items() if name != "stage2"}
        for name in ("encoder", "llm", "checkpoint"):
            if given.get(name) is not None:
                given[name] = self.resolved(str(given[name]))
        ours = {"shards": [str(self.layout.shards("train"))], "out": self.layout.trainings[0]}
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
            "checkpoint": self.layout.trainings[0] / FINAL,
            "shards": [str(self.layout.shards("stage2"))],
            "out": self.layout.trainings[-1],
        }
        content = {"seed": self.config.seed, **first, **changed, **ours}
        return checked(TrainSettings, content, "train.stage2")

    def evaluate_settings(self) -> EvaluateSettings:
        """The config's `evaluate` section, with the run's model, shards and folder. Raises InputError."""
        from ..model.train.settings import EvaluateSettings

        template = self.config.instruct.template
        ours = {
            "checkpoint": self.layout.trainings[-1],
            "shards": [str(self.layout.shards("test"))],
            "train_shards": [str(self.layout.shards(role)) for role in template.roles if role != "test"],
            "out": self.layout.evaluation,
        }
        asked = [TASKS.get(name) for name in template.test]
        tolerance = {task.name: task.tolerance for task in asked if task.tolerance is not None}
        given = {"seed": self.config.seed, "tolerance": tolerance, **(self.config.evaluate or {})}
        return checked(EvaluateSettings, {**given, **ours}, "evaluate")
