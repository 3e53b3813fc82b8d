"""The one config file: what it may say, and one sentence when it says something else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from ..errors import InputError, refuse
from ..local_path import LocalPath
from ..quarantine import MAX_BAD, MaxBad
from ..section import Count, Section, Seed, Share, Within
from .files import read_yaml
from .mistakes import in_yaml, sentences

_MOST_HOURS = 1_000_000
_LARGEST_SHARD = 10**13


class CorpusSection(Section):
    """One corpus: the folder it lies in, and what of it is used (see `prepare.Selection`)."""

    dir: LocalPath
    max_bad: MaxBad = MAX_BAD
    splits: list[str] = []
    languages: list[str] = []
    hours: Annotated[float, Field(gt=0, le=_MOST_HOURS)] | None = None


class HoldOutSection(Section):
    """Divides corpora anew into train and test, by speaker (or source recording); see pipeline/holdout.py."""

    corpora: list[str]
    share: Annotated[float, Field(gt=0, lt=1)] = 0.25


class ContaminationSection(Section):
    """By what train and test are kept apart across the corpora; see pipeline/contamination/stage.py.

    `origins`: recordings of one source; `speakers`: people whom corpora number together; `blacklists`: what publishers
    forbid; `fingerprints`: what sounds alike, which `prepare` listens for (docs/contamination.md has its cost).
    """

    origins: bool = True
    speakers: bool = True
    blacklists: bool = True
    fingerprints: bool = True


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


class GenerateSection(Section):
    """Stage 2: which LLM writes, through which engine, and how many candidates a clip gets.

    The engine `cryfish` is a model that was trained here, which hears the clips. `binary_share` of the questions are
    yes/no; `languages` are mixed by weight (`{en: 4, de: 1}`). Without `batch_size` and `device` (`cuda`, `cpu`;
    of the engines transformers and cryfish) the engine chooses. At most a share of `max_bad` of the candidates may end
    in an error.
    """

    llm: str
    engine: Literal["transformers", "vllm", "openai", "cryfish"] = "transformers"
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
            except ValueError:
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
    `TrainSettings`, `EvaluateSettings`).
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    seed: Seed = 0
    work: LocalPath | None = None
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
    try:
        config = Config.model_validate(content)
    except ValidationError as error:
        refuse(f"{path}: {fault}" for fault in sentences(error, Config, content))
        raise
    base = path.resolve().parent
    corpora = {
        name: section.model_copy(update={"dir": base / section.dir.expanduser()})
        for name, section in config.corpora.items()
    }
    for name in config.hold_out.corpora if config.hold_out else []:
        if name not in corpora:
            raise InputError(f"{path}: field 'hold_out.corpora' names {name!r}, which isn't under 'corpora'")
    work = base / (config.work.expanduser() if config.work else Path(config.name))
    return config.model_copy(update={"corpora": corpora, "work": work})
