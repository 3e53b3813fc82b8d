"""plan: what a run would do, told before anything is downloaded or done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from ..errors import refuse
from ..files import read_json
from ..recipes.kit.corpus import Corpus
from ..recipes.kit.hours import Hours, counted_once, unique_by_split
from .augment.settings import read_steps
from .check.check import machine_faults
from .check.disk import SHARD_GB_PER_HOUR, warnings
from .check.places import corpus_faults
from .check.settings import settings_faults
from .config import Config, CorpusSection
from .engine.partitions import record_of
from .instruct.clips import SECONDS
from .instruct.tasks.tasks import TASKS
from .instruct.template.collect import Count
from .prepare.own.describe import own_faults
from .speeds import augmented_seconds, seconds_per_hour
from .stages import Run
from .status import Item, state_lines, states

INSTRUCTIONS_PER_S = 20_000.0
"""Of one core, from benchmarks/instruct.py; a figure to plan with, not a promise."""
FINGERPRINT_S, LOOK_FOR_S = 1.3, 5.4
"""What an hour of audio takes to be listened to, and to be looked for in the tests (benchmarks/contamination.py)."""
PUBLISHED_SHARE = 0.5  # of the size of 16-bit PCM: what lossless coding leaves


def plan(config: Config, base: Path) -> str:
    """A page of text: corpora with hours, licences and disk; instructions by task and corpus; time; the stages.

    Raises:
        InputError: an unknown corpus, task or the like in the config. What is missing on this machine (corpora, models,
            noise for a role, packages, disk space) is told on the page, not refused.
    """
    whole = Run(config, base)
    if wrong := list(settings_faults(whole)):
        refuse([*wrong, *corpus_faults(whole), *machine_faults(whole)])
    found = states(whole)
    prepared = {name for name, state in found["prepare"] if state.kind == "done"}
    used = {name: _used(whole, name, name in prepared) for name in config.corpora}
    hours = {name: told.all for name, told in used.items()}
    lines = [f"{config.name}: works in {config.work_dir}", ""]
    lines += _corpora(whole, used, prepared)
    lines += _apart(whole, found.get("contamination", []))
    lines += _instructions(whole, hours)
    lines += _effort(whole, hours)
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
    there = {
        name: section
        for name, section in whole.config.corpora.items()
        if section.is_own or section.dir.is_dir()
    }
    return list(corpus_faults(whole, there))


def _used(whole: Run, name: str, prepared: bool) -> Hours:
    """How many hours of a corpus are used: those that there are, once it is prepared, else those published."""
    published = whole.config.corpora[name].selection.used(whole.recipe(name).corpus)
    if not prepared:
        return published
    there = float(_summary(whole, name)["hours"])
    return Hours(there, there * published.unique / published.all if published.all else there)


def _corpora(whole: Run, used: Mapping[str, Hours], prepared: Collection[str]) -> list[str]:
    width = max(len("licence"), *(len(whole.recipe(name).corpus.licence.name) for name in used)) + 2
    first = max(22, *(len(name) + 1 for name in used))
    lines = [
        f"{'corpora':<{first + 2}}{'hours used':>11}{'unique':>11}{'published':>11}  {'licence':<{width}}state"
    ]
    elsewhere = counted_once({name: _unique_by_split(whole, name, told) for name, told in used.items()})
    unique = {name: told.unique - elsewhere.get(name, 0.0) for name, told in used.items()}
    for name, section in whole.config.corpora.items():
        corpus = whole.recipe(name).corpus
        figures = (used[name].all, max(0.0, unique[name]), corpus.hours)
        shown = "".join(f"{_hours(hours, corpus):>11}" for hours in figures)
        lines.append(
            f"  {name:<{first}}{shown}  "
            f"{corpus.licence.name:<{width}}{_state(whole, name, section, corpus, name in prepared)}"
        )
    everything = sum(told.all for told in used.values())
    published = sum(whole.recipe(name).corpus.hours for name in used)
    lines.append(
        f"  {'in all':<{first}}{everything:>11,.1f}{sum(unique.values()):>11,.1f}{published:>11,.1f}"
    )
    if elsewhere:
        listed = ", ".join(f"{name} {hours:,.1f}" for name, hours in sorted(elsewhere.items()))
        lines.append(
            f"  not counted as unique, since another corpus here may hold the same recordings: {listed}"
        )
    if loose := [name for name, told in used.items() if not told.exact]:
        lines.append(
            f"  at most so many, for nobody tells these splits or languages apart: {', '.join(loose)}"
        )
    if gaps := [name for name in used if whole.recipe(name).corpus.gaps]:
        lines.append(f"  fewer in most copies, since some of the clips are gone: {', '.join(gaps)}")
    if restricted := [name for name in used if not whole.recipe(name).corpus.licence.commercial]:
        lines.append(f"  not for commercial use: {', '.join(restricted)}")
    return lines


def _unique_by_split(whole: Run, name: str, used: Hours) -> dict[str, float]:
    section = whole.config.corpora[name]
    published = unique_by_split(whole.recipe(name).corpus, section.splits, section.languages)
    total = sum(published.values())
    return {split: used.unique * hours / total for split, hours in published.items()} or {"": used.unique}


def _apart(whole: Run, found: list[Item]) -> list[str]:
    """What is kept out of the training because the test has it; before that is known, who shares a source."""
    file = whole.layout.contamination
    if file is None:
        return ["", "train and test are not kept apart across corpora (`contamination`)"]
    lines = ["", "kept out of the training, because a test has it"]
    if [state.kind for _, state in found] == ["done"]:
        counts = dict(read_json(record_of(file))["counts"])
        clips, length = counts.pop("clips"), counts.pop("hours")
        how = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
        return [*lines, f"  {clips:,} clips, {length:,.2f} hours" + (f": {how} ({file})" if how else "")]
    shared: dict[str, list[str]] = {}
    for name in whole.config.corpora:
        for source in whole.recipe(name).corpus.origins:
            shared.setdefault(source, []).append(name)
    lines += [f"  {source}: {', '.join(names)}" for source, names in sorted(shared.items()) if len(names) > 1]
    if len(lines) == 2:
        return [*lines, "  not known yet; no two of these corpora say that they share a source"]
    return [*lines[:2], "  not known yet; these share a source", *(f"  {line}" for line in lines[2:])]


def _hours(hours: float, corpus: Corpus) -> str:
    """How long own data is, nobody knows before it is prepared."""
    return "?" if corpus.own and not hours else f"{hours:,.1f}"


def _summary(whole: Run, name: str) -> dict[str, Any]:
    """What a corpus turned out to hold; empty before it is prepared."""
    path = whole.layout.manifests(name) / "summary.json"
    return dict(read_json(path)) if path.is_file() else {}


def _state(whole: Run, name: str, section: CorpusSection, corpus: Corpus, done: bool) -> str:
    if content := _summary(whole, name):
        stale = "" if done else " (stale, see below)"
        return f"prepared: {content['clips']:,} clips, {content['hours']:,.2f} h{stale}"
    said = whole.said_of(name)
    if said is not None:
        missing = section.dataset is None and any(own_faults(said))
        return (
            f"{'missing' if missing else 'own data'}: {section.dataset or ', '.join(map(str, said.places))}"
        )
    folder = section.dir.relative_to(whole.base) if section.dir.is_relative_to(whole.base) else section.dir
    if section.dir.is_dir():
        return f"on disk in {folder}, not prepared"
    how = f"cryfish download {name} '{folder}'" if corpus.downloads else f"{corpus.homepage} to {folder}"
    return f"missing: {how}" + (" (tables only)" if corpus.only_tables else "")


def _instructions(whole: Run, hours: Mapping[str, float]) -> list[str]:
    config = whole.config
    template = config.instruct.template
    facts = {name: _facts(config, whole.recipe(name).corpus) for name in hours}
    unknown = {name for name in hours if whole.recipe(name).corpus.own and not hours[name]}
    lines = ["", "instructions (of each corpus about as many as its share of the hours that serve the task)"]
    for title, asked in (
        ("templates" + (", stage 1" if template.stage2 else ""), template.tasks),
        ("templates, stage 2", template.stage2),
        ("templates, test", template.test),
    ):
        if not asked:
            continue
        lines.append(f"  {title}: {_in_all(asked.values())}")
        for task in sorted(asked):
            serving = [name for name in hours if _serves(whole.recipe(name).corpus, facts[name], task)]
            lines.append(
                f"    {task:<22}{_count(asked[task]):>11}  {_shares(serving, hours, asked[task], unknown)}"
            )
    training: list[Count] = [*template.tasks.values(), *template.stage2.values()]
    generate = config.instruct.generate
    if generate is not None:
        written: Count = generate.clips * generate.per_clip if isinstance(generate.clips, int) else "all"
        training.append(written)
        lines.append(
            f"  written by an LLM (before the filters): {_count(written)}, {generate.per_clip} for each clip, "
            f"by {generate.llm} ({generate.engine})"
        )
    tested = _in_all(template.test.values()) if template.test else "none"
    lines.append(f"  in all: {_in_all(training)} for training, {tested} for the test")
    return lines


def _facts(config: Config, corpus: Corpus) -> set[str]:
    """What clips of a corpus may carry after the augmentation, which is for speech."""
    facts = set(corpus.facts)
    if corpus.languages:
        for step in read_steps(config.augment):
            facts |= step.yields
    return facts


def _serves(corpus: Corpus, facts: set[str], task: str) -> bool:
    """Whether a corpus has what a task needs: all over (it declares the task; own data declares none), or by
    augmentation. Of a task from elsewhere no corpus knows; there the facts decide, too.
    """
    needed = set(TASKS.get(task).facts)
    by_facts = corpus.own or not TASKS.home(task).startswith("pipeline.")
    declared = bool(needed) if by_facts else task in corpus.tasks
    needed -= {SECONDS}
    return facts >= needed and (declared or not needed <= set(corpus.facts))


def _number(counts: Iterable[Count]) -> int:
    return sum(count for count in counts if isinstance(count, int))


def _in_all(counts: Iterable[Count]) -> str:
    """The sum; of `all` nobody knows before how many they are."""
    counts = list(counts)
    known, open_ended = _number(counts), any(not isinstance(count, int) for count in counts)
    if not open_ended:
        return f"{known:,}"
    return f"{known:,} and as many as there are of the others" if known else "as many as there are"


def _count(count: Count) -> str:
    return f"{count:,}" if isinstance(count, int) else "all"


def _shares(
    serving: list[str], hours: Mapping[str, float], asked: Count, unknown: AbstractSet[str] = frozenset()
) -> str:
    if not serving:
        return "no corpus here serves it"
    if not isinstance(asked, int) or not unknown.isdisjoint(serving):
        return ", ".join(serving)
    whole = sum(hours[name] for name in serving)
    if not whole:
        return f"{', '.join(serving)}: none of their clips is there"
    ranked = sorted(serving, key=lambda name: -hours[name])
    return ", ".join(f"{name} {round(asked * hours[name] / whole):,}" for name in ranked)


def _effort(whole: Run, hours: Mapping[str, float]) -> list[str]:
    config = whole.config
    total = sum(hours.values())
    published = {name: _gigabytes(whole.recipe(name).corpus) for name in hours}
    # How long own data is, isn't published.
    used = sum(
        size * hours[name] / whole.recipe(name).corpus.hours
        for name, size in published.items()
        if whole.recipe(name).corpus.hours
    )
    template = config.instruct.template
    written = _number([*template.tasks.values(), *template.stage2.values(), *template.test.values()])
    # Augmentation is for speech; a share of the clips isn't counted as less, since which steps they get differs.
    spoken = (
        sum(hours[name] for name in hours if whole.recipe(name).corpus.languages) if config.augment else 0.0
    )
    speeds = {name: seconds_per_hour(whole.recipe(name).corpus) for name in hours}
    listened = total if config.contamination.fingerprints else 0.0
    steps = (
        ("prepare", sum(hours[name] * speeds[name].prepare for name in hours) + listened * FINGERPRINT_S),
        ("contamination", listened * LOOK_FOR_S),
        ("augment", spoken * augmented_seconds().prepare),
        ("template", written / INSTRUCTIONS_PER_S),
        (
            "shard",
            sum(hours[name] * speeds[name].shard for name in hours) + spoken * augmented_seconds().shard,
        ),
    )
    formats: dict[str, float] = {}
    for name in hours:
        kind = whole.recipe(name).corpus.format
        formats[kind] = formats.get(kind, 0.0) + hours[name]
    coded = ", ".join(f"{kind} {formats[kind]:,.0f} h" for kind in sorted(formats))
    lines = [
        "",
        "disk and time (estimates)",
        f"  the corpora as published: about {sum(published.values()):,.0f} GB, the hours used of them: about "
        f"{used:,.0f} GB; the shards: about {total * SHARD_GB_PER_HOUR:,.1f} GB",
        f"  decoded: {coded}",
    ]
    lines += [f"  {name:<13} about {_duration(seconds)} on one core" for name, seconds in steps if seconds]
    return lines


def _gigabytes(corpus: Corpus) -> float:
    sizes = [item.size for item in corpus.downloads]
    if sizes and all(sizes):
        return sum(sizes) / 1e9
    return corpus.hours * 3600 * corpus.sampling_rate * 2 * PUBLISHED_SHARE / 1e9


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:,.1f} hours" if seconds >= 3600 else f"{max(1, round(seconds / 60))} minutes"
