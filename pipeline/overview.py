"""plan: what a run would do, told before anything is downloaded or done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import refuse
from ..recipes.corpus import Corpus
from ..recipes.registry import recipe
from .augment.channel import ChannelSettings
from .augment.settings import NoiseSettings, RoomSettings, read_steps
from .augment.voice import VoiceSettings
from .check import SHARD_GB_PER_HOUR, corpus_faults, machine_faults, settings_faults, warnings
from .config import Config, CorpusSection
from .files import read_json
from .instruct.collect import Count
from .instruct.tasks import TASKS
from .partitions import Engine
from .run import Run
from .status import state_lines, states

# What a core does, from benchmarks/ (docs/benchmarks.md); figures to plan with, not promises.
PREPARE_HOURS_PER_S = 0.5  # hours of audio decoded, checked and measured
RENDER_HOURS_PER_S = 0.15  # decoded, augmented, coded as FLAC and written into shards
INSTRUCTIONS_PER_S = 20_000.0
PUBLISHED_SHARE = 0.5  # of the size of 16-bit PCM: what lossless coding leaves

_AUGMENTED = {
    NoiseSettings: frozenset({"noise_type", "snr_db", "full_snr_db"}),
    RoomSettings: frozenset({"distance_m", "rt60_s", "drr_db", "room_id", "room_volume_m3"}),
    ChannelSettings: frozenset({"codec", "bandwidth_hz", "clipped_share"}),
    VoiceSettings: frozenset({"speed", "tempo", "pitch_shift_semitones"}),
}


def overview(config: Config, base: Path) -> str:
    """A page of text: corpora with hours, licences and disk; instructions by task and corpus; time; the stages.

    Raises:
        InputError: an unknown corpus, task or the like in the config. What is missing on this machine (corpora, models,
            noise for a role, packages, disk space) is told on the page, not refused.
    """
    whole = Run(config, Engine(), base)
    if wrong := list(settings_faults(whole)):
        refuse([*wrong, *corpus_faults(whole), *machine_faults(whole)])
    found = states(whole)
    prepared = {name for name, state in found["prepare"] if state.kind == "done"}
    hours = {
        name: _summary(whole, name)["hours"] if name in prepared else used_hours(section, recipe(name).corpus)
        for name, section in config.corpora.items()
    }
    lines = [f"{config.name}: works in {config.work_dir}", ""]
    lines += _corpora(whole, hours, prepared)
    lines += _instructions(config, hours)
    lines += _effort(config, hours)
    lines += ["", "stages"]
    lines += state_lines(whole, found)
    faults, cautions = [*_other_faults(whole), *machine_faults(whole)], list(warnings(whole))
    if faults:
        lines += ["", "before it can run", *(f"  - {fault}" for fault in faults)]
    if cautions:
        lines += ["", "cautions", *(f"  - {caution}" for caution in cautions)]
    return "\n".join(lines)


def _other_faults(whole: Run) -> list[str]:
    """What is wrong with the corpora that are there; the missing ones are told in their table."""
    there = {name: section for name, section in whole.config.corpora.items() if section.dir.is_dir()}
    return list(corpus_faults(whole, there))


def used_hours(section: CorpusSection, corpus: Corpus) -> float:
    """How many of a corpus' published hours a config uses; those of single splits and languages aren't known."""
    return min(section.hours or corpus.hours, corpus.hours)


def _corpora(whole: Run, hours: Mapping[str, float], prepared: Collection[str]) -> list[str]:
    width = max(len(recipe(name).corpus.licence.name) for name in hours) + 2
    lines = [f"{'corpora':<24}{'hours used':>11}{'published':>11}  {'licence':<{width}}state"]
    restricted, parts = [], []
    for name, section in whole.config.corpora.items():
        corpus = recipe(name).corpus
        if not corpus.licence.commercial:
            restricted.append(name)
        if section.splits or section.languages:
            parts.append(name)
        lines.append(
            f"  {name:<22}{hours[name]:>11,.1f}{corpus.hours:>11,.1f}  {corpus.licence.name:<{width}}"
            f"{_state(whole, name, section, corpus, name in prepared)}"
        )
    published = sum(recipe(name).corpus.hours for name in hours)
    lines.append(f"  {'in all':<22}{sum(hours.values()):>11,.1f}{published:>11,.1f}")
    if parts:
        lines.append(f"  only some splits or languages, so fewer hours than told: {', '.join(parts)}")
    if restricted:
        lines.append(f"  not for commercial use: {', '.join(restricted)}")
    return lines


def _summary(whole: Run, name: str) -> dict[str, Any]:
    """What a corpus turned out to hold; empty before it is prepared."""
    path = whole.manifests(name) / "summary.json"
    return dict(read_json(path)) if path.is_file() else {}


def _state(whole: Run, name: str, section: CorpusSection, corpus: Corpus, done: bool) -> str:
    if content := _summary(whole, name):
        stale = "" if done else " (stale, see below)"
        return f"prepared: {content['clips']:,} clips, {content['hours']:,.2f} h{stale}"
    folder = section.dir.relative_to(whole.base) if section.dir.is_relative_to(whole.base) else section.dir
    if section.dir.is_dir():
        return f"on disk in {folder}, not prepared"
    how = f"cryfish download {name} '{folder}'" if corpus.downloads else f"{corpus.homepage} to {folder}"
    return f"missing: {how}"


def _instructions(config: Config, hours: Mapping[str, float]) -> list[str]:
    template = config.instruct.template
    facts = {name: _facts(config, recipe(name).corpus) for name in hours}
    lines = ["", "instructions (of each corpus about as many as its share of the hours that serve the task)"]
    for title, asked in (
        ("templates" + (", stage 1" if template.stage2 else ""), template.tasks),
        ("templates, stage 2", template.stage2),
        ("templates, test", template.test),
    ):
        if not asked:
            continue
        lines.append(f"  {title}: {_number(asked.values()):,}")
        for task in sorted(asked):
            serving = [name for name in hours if _serves(recipe(name).corpus, facts[name], task)]
            lines.append(f"    {task:<22}{_count(asked[task]):>11}  {_shares(serving, hours, asked[task])}")
    total = _number([*template.tasks.values(), *template.stage2.values()])
    generate = config.instruct.generate
    if generate is not None:
        clips = generate.clips if isinstance(generate.clips, int) else 0
        total += clips * generate.per_clip
        written = _count(clips * generate.per_clip if clips else "all")
        lines.append(
            f"  written by an LLM (before the filters): {written}, {generate.per_clip} for each clip, "
            f"by {generate.llm} ({generate.engine})"
        )
    lines.append(f"  in all: {total:,} for training, {_number(template.test.values()):,} for the test")
    return lines


def _facts(config: Config, corpus: Corpus) -> set[str]:
    """What clips of a corpus may carry after the augmentation, which is for speech."""
    facts = set(corpus.facts)
    if corpus.languages:
        for step in read_steps(config.augment):
            facts |= _AUGMENTED.get(type(step), frozenset())
    return facts


def _serves(corpus: Corpus, facts: set[str], task: str) -> bool:
    """Whether a corpus has what a task needs: all over (it declares the task), or by augmentation."""
    needed = set(TASKS[task].facts)
    return facts >= needed and (task in corpus.tasks or not needed <= set(corpus.facts))


def _number(counts: Iterable[Count]) -> int:
    return sum(count for count in counts if isinstance(count, int))


def _count(count: Count) -> str:
    return f"{count:,}" if isinstance(count, int) else "all"


def _shares(serving: list[str], hours: Mapping[str, float], asked: Count) -> str:
    if not serving:
        return "no corpus here serves it"
    if not isinstance(asked, int):
        return ", ".join(serving)
    whole = sum(hours[name] for name in serving)
    if not whole:
        return f"{', '.join(serving)}: none of their clips is there"
    ranked = sorted(serving, key=lambda name: -hours[name])
    return ", ".join(f"{name} {round(asked * hours[name] / whole):,}" for name in ranked)


def _effort(config: Config, hours: Mapping[str, float]) -> list[str]:
    total = sum(hours.values())
    published = {name: _gigabytes(recipe(name).corpus) for name in hours}
    used = sum(size * hours[name] / recipe(name).corpus.hours for name, size in published.items())
    template = config.instruct.template
    written = _number([*template.tasks.values(), *template.stage2.values(), *template.test.values()])
    steps = (
        ("prepare", total / PREPARE_HOURS_PER_S),
        ("template", written / INSTRUCTIONS_PER_S),
        ("shard", total / RENDER_HOURS_PER_S),
    )
    lines = [
        "",
        "disk and time (estimates)",
        f"  the corpora as published: about {sum(published.values()):,.0f} GB, the hours used of them: about "
        f"{used:,.0f} GB; the shards: about {total * SHARD_GB_PER_HOUR:,.1f} GB",
    ]
    lines += [f"  {name:<10} about {_duration(seconds)} on one core" for name, seconds in steps]
    return lines


def _gigabytes(corpus: Corpus) -> float:
    sizes = [item.size for item in corpus.downloads]
    if sizes and all(sizes):
        return sum(sizes) / 1e9
    return corpus.hours * 3600 * corpus.sampling_rate * 2 * PUBLISHED_SHARE / 1e9


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:,.1f} hours" if seconds >= 3600 else f"{max(1, round(seconds / 60))} minutes"
