"""The stages in their order, and where their outputs lie in a run's work folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .audio.manifests import CUTS_SUFFIX
from .config import Config

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


@dataclass(frozen=True)
class Layout:
    """Where each stage of a config writes; None of what it doesn't ask for."""

    config: Config

    @property
    def work(self) -> Path:
        return self.config.work_dir

    def manifests(self, corpus: str) -> Path:
        return self.work / "manifests" / corpus

    @property
    def hold_out(self) -> Path | None:
        return self.work / "manifests" / "hold-out.json" if self.config.hold_out else None

    @property
    def contamination(self) -> Path | None:
        return self.work / "manifests" / "contamination.jsonl" if self.config.contamination.kinds else None

    def augmented(self, role: str) -> list[Path]:
        role = "train" if role == "stage2" else role
        folder = self.work / "augmented" / role
        return [folder / f"{name}{CUTS_SUFFIX}" for name in self.config.corpora]

    def template(self, role: str) -> Path:
        return self.work / "instructions" / "template" / f"{role}.jsonl"

    @property
    def candidates(self) -> Path | None:
        wanted = self.config.instruct.generate
        return self.work / "instructions" / "generate" / "train.candidates.jsonl" if wanted else None

    @property
    def filtered(self) -> Path | None:
        return self.work / "instructions" / "generate" / "train" if self.config.instruct.generate else None

    def instructions(self, role: str) -> list[Path]:
        """The files of instructions that a role's shards are made of."""
        files = [self.template(role)]
        written = "stage2" if self.config.instruct.template.stage2 else "train"
        if role == written and self.filtered is not None:
            files.append(self.filtered / "instructions.jsonl")
        return files

    def shards(self, role: str) -> Path:
        return self.work / "shards" / role

    @property
    def trainings(self) -> list[Path]:
        """The folder of the training, or of both; the last holds the run's model."""
        second = [self.work / "training-stage2"] if self.config.instruct.template.stage2 else []
        return [self.work / "training", *second]

    @property
    def evaluation(self) -> Path:
        return self.work / "evaluation"

    def outputs(self) -> dict[str, Path]:
        """Where each stage that the config asks for writes, for people."""
        asked = {
            "prepare": self.work / "manifests",
            "augment": self.work / "augmented",
            "template": self.template("train").parent,
            "generate": self.candidates,
            "filter": self.filtered,
            "shard": self.shards("train").parent,
            "train": self.trainings[0] if self.config.train is not None else None,
            "evaluate": self.evaluation if self.config.evaluate is not None else None,
        }
        return {name: path for name, path in asked.items() if path is not None}
