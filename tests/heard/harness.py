"""Real clips through the real commands, and what is then heard of each part of them.

The pieces of corpora in `shared` are prepared, put into rooms, under noise and through channels by the command line, as
a user would. Then a clip's manifest is taken apart: what Lhotse loads as its tracks, and what its transforms make of
the speech and of the noise at the end of all steps.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import yaml
from lhotse import CutSet
from lhotse.augmentation import AudioTransform
from lhotse.cut import Cut, MixedCut

from cryfish.pipeline.audio.effects import know_transforms
from cryfish.pipeline.audio.render import render
from cryfish.pipeline.cli.cli import cryfish as command_line
from cryfish.recipes.kit.facts import read_facts

from .meters import RATE, Samples, active_power, decibels, heard_band, own_noise

FOLDERS = {
    "librispeech": "LibriSpeech",
    "ravdess": "RAVDESS",
    "fsdd": "free-spoken-digit-dataset",
    "esc50": "ESC-50-master",
    "voicebank_demand": "valentini-debug",
    "ljspeech": "LJSpeech-1.1",
    "tuxpaint": "tuxpaint-stamps",
    "asterisk": "asterisk-core-sounds",
}


def command(*arguments: object) -> None:
    """`cryfish ARGUMENTS`, in this process; an InputError comes through."""
    command_line([str(argument) for argument in arguments], standalone_mode=False)


class Workshop:
    """A folder in which corpora are prepared, rooms made and manifests augmented, each once."""

    def __init__(self, folder: Path, corpora: Path) -> None:
        self.folder, self.corpora = folder, corpora
        self.judgements: dict[str, list[Judged]] = {}

    def prepared(self, name: str) -> Path:
        """The folder of a corpus' manifests."""
        out = self.folder / "manifests" / name
        if not out.exists():
            command("prepare", name, self.corpora / FOLDERS[name], out, "--jobs", 1)
        return out

    def manifest(self, name: str, every: int = 1) -> Path:
        """One manifest of a corpus' clips, or of every n-th of them."""
        out = self.prepared(name) / f"{name}-{every}.cuts.jsonl.gz"
        if not out.exists():
            lines = [
                line
                for path in sorted(out.parent.glob("*.cuts.jsonl.gz"))
                if not path.name.startswith(f"{name}-")
                for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines(keepends=True)
            ]
            aside = self.folder / "subsets" / name
            aside.mkdir(parents=True, exist_ok=True)
            (aside / "corpus.json").write_bytes((out.parent / "corpus.json").read_bytes())
            out = aside / out.name
            with gzip.open(out, "wt", encoding="utf-8") as file:
                file.writelines(lines[::every])
        return out

    def rooms(self, count: int = 12) -> Path:
        out = self.folder / f"rirs-{count}"
        if not out.exists():
            command("rirs", out, "--rooms", count, "--jobs", 1)
        return out

    def augmented(
        self, name: str, manifests: Sequence[Path], steps: Sequence[dict[str, Any]], seed: int = 0
    ) -> Path:
        """The manifest of the clips after the steps; noise is what the steps name."""
        out = self.folder / "augmented" / f"{name}.cuts.jsonl.gz"
        if not out.exists():
            out.parent.mkdir(exist_ok=True)
            asked = out.parent / f"{name}.yaml"
            asked.write_text(yaml.safe_dump(list(steps)), encoding="utf-8")
            named = {
                corpus
                for step in steps
                for content in step.values()
                for corpus in (*content.get("from", ()), *content.get("babble", {}).get("from", ()))
            }
            noise = [
                part for corpus in sorted(named) for part in ("--noise", f"{corpus}={self.prepared(corpus)}")
            ]
            command(
                "augment", *manifests, "--steps", asked, "--out", out, "--seed", seed, "--jobs", 1,
                "--role", "train", *noise,
            )  # fmt: skip
        return out

    def asked(self, manifest: Path, *tasks: str, seed: int = 0) -> list[Example]:
        """What the shards of a manifest hold when these tasks are asked of its clips, each as often as can be."""
        out = self.folder / "shards" / f"{manifest.name.partition('.')[0]} {'-'.join(tasks)} {seed}"
        if not out.exists():
            out.parent.mkdir(exist_ok=True)
            questions = out.with_suffix(".jsonl")
            named = [part for task in tasks for part in ("--task", task)]
            command("instruct", "template", manifest, *named, "--out", questions, "--seed", seed)
            command("shard", manifest, "--instructions", questions, "--out", out, "--jobs", 1)
        return list(read_shards(out))


def cuts_of(manifest: Path) -> list[Cut]:
    know_transforms()
    return list(CutSet.from_jsonl_lazy(manifest))


def original(manifests: Iterable[Path], corpora: Path) -> dict[str, Cut]:
    """The clips before any step, by id, with paths that lead to their audio."""
    found: dict[str, Cut] = {}
    for manifest in manifests:
        noted = json.loads((manifest.parent / "corpus.json").read_text(encoding="utf-8"))
        for cut in cuts_of(manifest):
            found[cut.id] = cut.with_recording_path_prefix(noted["dir"])
    return found


def mono(cut: Cut) -> Samples:
    """What plain Lhotse loads, at 16 kHz."""
    heard = cut if cut.sampling_rate == RATE else cut.resample(RATE)
    return np.asarray(heard.load_audio().mean(axis=0), np.float64)


@dataclass(frozen=True)
class Parts:
    """A noisy clip's speech and noise, [time] at 16 kHz, at the end of all steps, and their sum as the shards get it.

    The sum is given as `rendered` is before it was turned down, and as plain Lhotse loads it.
    """

    speech: Samples
    noise: Samples
    rendered: Samples
    lhotse: Samples


def effects_of(transforms: Iterable[Any] | None) -> list[AudioTransform]:
    """A manifest's transforms, which Lhotse reads lazily."""
    return [
        AudioTransform.from_dict(effect) if isinstance(effect, dict) else effect
        for effect in transforms or []
    ]


def through(effects: Iterable[AudioTransform], samples: Samples) -> Samples:
    heard = np.asarray(samples, np.float32)[None]
    for effect in effects:
        heard = np.asarray(effect(heard, RATE), np.float32)
    return np.asarray(heard[0], np.float64)


def separate(cut: MixedCut) -> Parts:
    """Takes a mix apart by turning the noise's sign (Hagerman and Olofsson 2004).

    Of what a channel makes of speech + noise and of speech - noise, half the sum is the speech and half the difference
    the noise: exactly for a linear channel, and nearly for codecs and for the clipping of a few samples.
    """
    tracks = np.concatenate([np.atleast_2d(track) for track in cut.load_audio(mixed=False)]).astype(
        np.float32
    )
    speech, noise = tracks[0], tracks[1:].sum(axis=0)
    channel = effects_of(cut.transforms)
    plus, minus = through(channel, speech + noise), through(channel, speech - noise)
    made = render(cut)
    return Parts(
        (plus + minus) / 2,
        (plus - minus) / 2,
        made.samples.astype(np.float64) / made.peak_gain,
        plus,
    )


@dataclass(frozen=True)
class Ratio:
    """The SNR that is heard, dB: by the noise mixed in and the least or the most that the clip has of its own."""

    least: float
    most: float

    def off(self, label: float) -> float:
        """By how much a label lies outside."""
        return label - self.most if label > self.most else min(label - self.least, 0.0)

    @property
    def middle(self) -> float:
        return (self.least + self.most) / 2

    def __str__(self) -> str:
        return f"{self.least:.2f} to {self.most:.2f} dB"


def heard_ratio(speech: Samples, noise: Samples, dry: Samples, whole: bool = False) -> Ratio:
    """Speech over noise within the heard band, of what arrives at the end.

    The speech is taken while it is active (P.56) or, with `whole`, over the whole clip. `dry` is the clip before all
    steps: its own noise, in relation to its speech, is taken to be the same at the end.
    """
    band = heard_band(speech)
    active = active_power(band)[0]
    level = float(np.mean(band**2)) if whole else active
    added = float(np.mean(heard_band(noise) ** 2))
    before = active_power(heard_band(dry))[0]
    own = own_noise(dry)
    ratios = [10 ** (decibel / 10) / before * active if before else 0.0 for decibel in (own.most, own.least)]
    low, high = (decibels(max(level - ratio, 1e-20)) - decibels(added + ratio) for ratio in ratios)
    return Ratio(min(low, high), max(low, high))


@dataclass(frozen=True)
class Judged:
    """A labelled clip, and what is heard of it. `unlike_db`: how far `render` is from Lhotse, over the noise."""

    id: str
    label: float
    full: float | None
    heard: Ratio
    heard_full: Ratio
    channel: str
    noise: str
    room: bool
    unlike_db: float

    @property
    def corpus(self) -> str:
        return self.id.partition("-")[0]

    @property
    def off(self) -> float:
        """By how many dB the label promises more (positive) or less than is heard."""
        return self.heard.off(self.label)

    def __str__(self) -> str:
        return (
            f"{self.id}: {self.label} dB, heard {self.heard} (channel: {self.channel}; noise: {self.noise})"
        )


def channel_of(cut: Cut) -> str:
    """What the channel did, in the words of its effects."""
    names = []
    for effect in effects_of(cut.transforms) if isinstance(cut, MixedCut) else []:
        name = type(effect).__name__
        given = getattr(effect, "effect", None) or getattr(effect, "codec", None)
        names.append(str(given or name))
    short = {
        "LowPassFilter": "low pass",
        "BandPassFilter": "telephone",
        "Volume": "gain",
        "CryfishClip": "clipping",
    }
    kept = [short.get(name, name) for name in names if name != "CryfishNarrow"]
    return " + ".join(kept) or "none"


def judge(cuts: Iterable[Cut], dry: dict[str, Cut]) -> Iterator[Judged]:
    """Every clip that carries `snr_db`."""
    for cut in cuts:
        facts = read_facts(cut)
        if "snr_db" not in facts or not isinstance(cut, MixedCut):
            continue
        parts = separate(cut)
        before = mono(dry[cut.id])
        heard = heard_ratio(parts.speech, parts.noise, before)
        full = heard_ratio(parts.speech, parts.noise, before, whole=True)
        difference = parts.rendered[: len(parts.lhotse)] - parts.lhotse[: len(parts.rendered)]
        yield Judged(
            cut.id,
            facts["snr_db"],
            facts.get("full_snr_db"),
            heard,
            full,
            channel_of(cut),
            " and ".join(facts.get("noise_type", ["unnamed"])),
            "rt60_s" in facts or "drr_db" in facts,
            decibels(float(np.mean(difference**2))) - decibels(float(np.mean(parts.noise**2))),
        )


@dataclass(frozen=True)
class Example:
    """A sample of a shard: its clips' ids, facts and samples in the order of their places, and what is asked."""

    ids: list[str]
    facts: list[dict[str, Any]]
    samples: list[Samples]
    instructions: list[dict[str, Any]]


def read_shards(folder: Path) -> Iterator[Example]:
    """Every sample of a folder's shards, read with the standard library and libsndfile alone."""
    for path in sorted(folder.glob("*.tar")):
        with tarfile.open(path) as archive:
            members = {member.name: archive.extractfile(member) for member in archive}
            contents = {name: file.read() for name, file in members.items() if file is not None}
        for name in contents:
            if not name.endswith(".json"):
                continue
            noted = json.loads(contents[name])
            key, clips = name.removesuffix(".json"), noted["clips"]
            files = (
                [f"{key}.{number}.flac" for number in range(len(clips))]
                if len(clips) > 1
                else [f"{key}.flac"]
            )
            heard = [soundfile.read(io.BytesIO(contents[file]), dtype="float64") for file in files]
            assert {rate for _, rate in heard} == {RATE}
            yield Example(
                [clip["id"] for clip in clips],
                [clip["facts"] for clip in clips],
                [samples for samples, _ in heard],
                noted["instructions"],
            )
