"""The one config file: what it may say, and one sentence when it says something else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ..errors import InputError
from ..files import read_yaml
from ..local_path import LocalPath
from ..mistakes import checked, either, in_yaml
from ..quarantine import MAX_BAD, MaxBad
from ..seams import use_plugins
from ..section import Count, Section, Seed, Share, Within
from .prepare.contamination.keys import By
from .prepare.own.describe import Asked
from .prepare.own.own_data import WORDS
from .prepare.selection import Selection

_MOST_HOURS = 1_000_000
_LARGEST_SHARD = 10**13
_OF_OWN = ("table", "subset", "map", "always", "mapping", "audio_root", "about")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | Path) else value


Paths = Annotated[list[LocalPath], BeforeValidator(_listed)]


class CorpusSection(Section):
    """One corpus: the folder it lies in, and what of it is used (see `Selection`).

    Own data, which has no recipe, is named otherwise: by its `folder` (with a `table`), a Lhotse `manifest`, a
    `dataset` of Hugging Face, `kaldi` folders or `nemo` manifests. `map` says which columns are which facts, `always`
    what is true of all clips, `mapping` names a file that says both, `about` what an LLM may know of the clips.
    """

    dir: LocalPath = Path()
    folder: LocalPath | None = None
    table: LocalPath | None = None
    manifest: Paths = []
    kaldi: Paths = []
    nemo: Paths = []
    dataset: str | None = None
    subset: str | None = None
    map: dict[str, Any] = {}
    always: dict[str, Any] = {}
    mapping: LocalPath | None = None
    audio_root: LocalPath | None = None
    about: str = ""
    max_bad: MaxBad = MAX_BAD
    splits: list[str] = []
    languages: list[str] = []
    hours: Annotated[float, Field(gt=0, le=_MOST_HOURS)] | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is own data, which has no recipe."""
        return any(getattr(self, name) for name in WORDS)

    @property
    def selection(self) -> Selection:
        """What of the corpus is used."""
        return Selection(tuple(self.splits), tuple(self.languages), self.hours)

    def own(self, name: str, base: Path) -> Asked | None:
        """What is said of own data; None where there is a recipe. Relative paths start at `base`, or are so already."""
        if not self.is_own:
            return None
        kind = next(name for name in WORDS if getattr(self, name))
        places = [] if kind == "dataset" else getattr(self, kind)
        dataset = self.dataset or ""
        if dataset and (base / Path(dataset).expanduser()).exists():
            dataset = str(base / Path(dataset).expanduser())

        def at(path: Path | None) -> Path | None:
            return None if path is None else base / path.expanduser()

        return Asked(
            name,
            kind,
            tuple(base / place.expanduser() for place in (places if isinstance(places, list) else [places])),
            at(self.table),
            self.map,
            self.always,
            at(self.mapping),
            at(self.audio_root),
            self.about,
            base,
            dataset,
            self.subset,
        )

    def lies_in(self, base: Path) -> Path:
        """The folder of the corpus, or of own data; of a data set on the Hub one that isn't there."""
        places = [self.folder, *(path.parent for path in (*self.manifest, *self.nemo)), *self.kaldi]
        first = next((place for place in places if place is not None), Path(self.dataset or self.dir))
        return base / first.expanduser()

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        named = [name for name in WORDS if getattr(self, name)] + ["dir"] * ("dir" in self.model_fields_set)
        if not named:
            raise ValueError(
                "must name where the data lies: 'dir' where there is a recipe, else one of "
                + ", ".join(f"'{name}'" for name in WORDS)
            )
        if len(named) > 1:
            raise ValueError(f"'{named[0]}' and '{named[1]}' both say where the data lies; give one of them")
        if named == ["dir"] and (given := [name for name in _OF_OWN if name in self.model_fields_set]):
            raise ValueError(f"'{given[0]}' is for own data; with 'dir' the recipe knows it, so leave it out")
        return self


class HoldOutSection(Section):
    """Divides corpora anew into train and test, by speaker (or source recording); see pipeline/prepare/holdout.py."""

    corpora: list[str]
    share: Annotated[float, Field(gt=0, lt=1)] = 0.25


class ContaminationSection(Section):
    """By what train and test are kept apart across the corpora; see pipeline/prepare/contamination/stage.py.

    `origins`: recordings of one source; `speakers`: people whom corpora number together; `blacklists`: what publishers
    forbid; `fingerprints`: what sounds alike, which `prepare` listens for (docs/contamination.md has its cost).
    """

    origins: bool = True
    speakers: bool = True
    blacklists: bool = True
    fingerprints: bool = True

    @property
    def kinds(self) -> tuple[By, ...]:
        """What is asked for."""
        kinds: dict[By, bool] = {
            "origin": self.origins,
            "speaker": self.speakers,
            "blacklist": self.blacklists,
            "fingerprint": self.fingerprints,
        }
        return tuple(kind for kind, asked in kinds.items() if asked)


class TemplateSection(Section):
    """How many template instructions of each task, for stage 1, for stage 2 and for the test role.

    With `stage2` the training has two stages: first on `tasks`, then on these and what the LLM wrote. Without it all
    instructions are trained at once. `binary_share` of a task's questions are answered with yes or no, where the task
    can be asked in other ways as well.
    """

    tasks: dict[str, Count | Literal["all"]]
    stage2: dict[str, Count | Literal["all"]] = {}
    test: dict[str, Count | Literal["all"]] = {}
    languages: list[str] = ["en"]
    binary_share: Share = 0.2

    @property
    def roles(self) -> list[str]:
        """What gets instructions and shards: train, and stage2 and test where something is asked of them."""
        return ["train", *(role for role in ("stage2", "test") if self.asked(role))]

    def asked(self, role: str) -> Mapping[str, int | Literal["all"]]:
        """How many instructions of each task a role gets."""
        return {"train": self.tasks, "stage2": self.stage2, "test": self.test}[role]


def _an_engine(name: str) -> str:
    from .instruct.llm.llm import ENGINES

    if name in ENGINES.parts().broken:
        ENGINES.refuse(name)
    if name not in ENGINES.all():
        raise PydanticCustomError("engine", "must be {names}", {"names": either(map(repr, ENGINES.all()))})
    return name


class GenerateSection(Section):
    """Stage 2: which LLM writes, through which engine, and how many candidates a clip gets.

    The engine `cryfish` is a model that was trained here, which hears the clips. `binary_share` of the questions are
    yes/no; `languages` are mixed by weight (`{en: 4, de: 1}`). Without `batch_size` and `device` (`cuda`, `cpu`;
    of the engines transformers and cryfish) the engine chooses; `options` are its own (`{retries: 9}`). At most a
    share of `max_bad` of the candidates may end in an error.
    """

    llm: str
    engine: Annotated[str, AfterValidator(_an_engine)] = "transformers"
    options: dict[str, Any] = {}
    url: str | None = None
    per_clip: Annotated[int, Field(ge=1, le=1000)] = 1
    clips: Count | Literal["all"] = "all"
    batch_size: Annotated[int, Field(ge=1, le=100_000)] | None = None
    device: str | None = None
    binary_share: Share = 0.15
    languages: dict[str, Annotated[float, Field(ge=0, le=1_000_000)]] = {"en": 1.0}
    max_bad: MaxBad = MAX_BAD


def _filters() -> list[str | dict[str, Any]]:
    from .instruct.filters import every_filter

    return every_filter(max_binary_share=0.2)


class InstructSection(Section):
    template: TemplateSection
    generate: GenerateSection | None = None
    filter: list[str | dict[str, Any]] = Field(default_factory=_filters)


class ShardSection(Section):
    """How large a shard is, and which share of the clips may turn bad between `prepare` and here."""

    target_size: Annotated[int, Within(1, _LARGEST_SHARD)] = 500_000_000
    max_bad: MaxBad = MAX_BAD

    @field_validator("target_size", mode="before")
    @classmethod
    def _bytes(cls, value: Any) -> Any:
        return _parse_size(value) if isinstance(value, str) else value


def _parse_size(text: str) -> int:
    upper = text.strip().upper()
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3), ("B", 1), ("", 1)):
        if upper.endswith(unit):
            try:
                return int(float(upper.removesuffix(unit)) * factor)
            except (ValueError, OverflowError):
                break
    raise ValueError(f"must be a number of bytes such as 500MB, found {text!r}")


def read_size(text: str) -> int:
    """Reads `500MB` as 500 million bytes.

    Raises:
        InputError: it isn't a size.
    """
    try:
        return _parse_size(text)
    except ValueError as error:
        raise InputError(f"--target-size {error}") from error


class Config(Section):
    """A whole run. Relative paths are relative to the config file's folder.

    `rirs`, `augment`, `train` and `evaluate` are checked by the rooms they belong to (`RirBankSpec`, `read_steps`,
    `TrainSettings`, `EvaluateSettings`). `plugins` are Python files that declare corpora, effects, ... (seams.py).
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    seed: Seed = 0
    work: LocalPath | None = None
    plugins: Paths = []
    corpora: Annotated[dict[str, CorpusSection], Field(min_length=1)]
    hold_out: HoldOutSection | None = None
    contamination: ContaminationSection = ContaminationSection()
    rirs: dict[str, Any] | None = None
    augment: list[dict[str, Any]] = []
    instruct: InstructSection
    shard: ShardSection = ShardSection()
    train: dict[str, Any] | None = None
    evaluate: dict[str, Any] | None = None

    @property
    def work_dir(self) -> Path:
        assert self.work is not None
        return self.work


def load_config(path: Path) -> Config:
    """Reads and checks a config file; paths come back absolute.

    Raises:
        InputError: the file is missing, isn't YAML, or a field is unknown, missing or of the wrong kind.
    """
    return parse_config(read_yaml(path), path)


def parse_config(content: Any, path: Path) -> Config:
    """Checks what a config file says; `path` is named in errors and is what relative paths start from."""
    if not isinstance(content, Mapping):
        raise InputError(f"{path}: must hold fields such as `name:` and `corpora:`, found {in_yaml(content)}")
    plugins = _listed(content.get("plugins"))
    if isinstance(plugins, list) and all(isinstance(plugin, str) for plugin in plugins):
        # Other fields may name what these declare.
        try:
            use_plugins(path.resolve().parent / Path(plugin).expanduser() for plugin in plugins)
        except InputError as error:
            raise InputError(f"{path}: field 'plugins': {error}") from None
    config = checked(Config, content, str(path))
    base = path.resolve().parent
    corpora = {
        name: section.model_copy(update={"dir": section.lies_in(base)})
        for name, section in config.corpora.items()
    }
    for name in config.hold_out.corpora if config.hold_out else []:
        if name not in corpora:
            raise InputError(f"{path}: field 'hold_out.corpora' names {name!r}, which isn't under 'corpora'")
    work = base / (config.work.expanduser() if config.work else Path(config.name))
    return config.model_copy(update={"corpora": corpora, "work": work})
