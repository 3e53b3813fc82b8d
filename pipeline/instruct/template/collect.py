"""Which clips serve a task, and which of them are taken: counted in a first reading, chosen in a second."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from ....seams import blaming
from ....seeding import digest, rank
from ..clips import SECONDS, ClipFacts
from ..tasks.task import Task
from ..tasks.tasks import TASKS
from .balance import EligibleClip, SelectionSampling, allot, water_level
from .options import may_have_others, true_of
from .pairs import make_pairs
from .sets import make_choices, make_comparisons

Count = int | Literal["all"]

WINDOW = 2048
"""So many clips at a time are put together; in a manifest those of one speaker stand near each other."""

_MASK = (1 << 64) - 1
_APART = "/"
_SPARE = 1.5
"""So many clips more than pairs need are taken, since not all of them find a partner."""


class Taken(NamedTuple):
    """Clips for one question, and the right answer.

    `true` are the other values that are true of the clip, `shared` is what the clips of all options share.
    """

    clips: tuple[str, ...]
    label: str
    true: tuple[str, ...] = ()
    shared: str = ""


@dataclass
class TaskStats:
    """What became of one task. `able` clips could serve it; `lacking` counts the others by the fact they lack."""

    asked: Count
    able: int = 0
    written: int = 0
    lacking: dict[str, int] = field(default_factory=dict)
    unfit: int = 0
    labels: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


class Collector:
    """The clips of one task: `add` them all, `settle` the numbers, then `take` them in a second reading."""

    def __init__(self, task: Task, count: int | None, seed: int, can_ask: Callable[[str], bool]) -> None:
        self.task = task
        self.count = count
        self.seed = seed
        self.stats = TaskStats(asked="all" if count is None else count)
        self._group_and_label = _grouping(task, can_ask)
        self._others = may_have_others(task)
        self._timed = SECONDS in task.facts
        self._by_room = task.form == "compare" and bool(task.match_on)
        self._lacking: Counter[str] = Counter()
        together = task.clips > 1
        self._clips = None if count is None else round(count * task.clips * _SPARE) if together else count
        self._seen: Counter[str] = Counter()
        self._sample = SelectionSampling({}, {})
        self._factor = int.from_bytes(digest("task", seed, task.name), "big") | 1
        self._expected = 0
        self._window: list[EligibleClip] = []
        self._met = 0

    def options(self) -> dict[str, dict[str, int]]:
        """How often each label will be met, by what the clips of all options share."""
        if not self.task.options_share:
            return {"": self.stats.labels}
        found: dict[str, dict[str, int]] = {}
        for group, count in self.stats.labels.items():
            shared, _, label = group.rpartition(_APART)
            found.setdefault(shared, {})[label] = count
        return found

    def _looked_at(self, clip: ClipFacts) -> tuple[str, str] | None:
        with blaming(TASKS, self.task.name):
            found = self._group_and_label(clip)
            if found and self.task.options and not self.task.form and found[1] not in self.task.options:
                raise ValueError(f"the label '{found[1]}' isn't among its options")
            return found

    def add(self, clip: ClipFacts) -> None:
        """Counts a clip."""
        clip = clip.timed() if self._timed else clip
        facts = clip.facts
        for name in self.task.facts:
            if name not in facts:
                self._lacking[name] += 1
                return
        found = self._looked_at(clip)
        if found is None:
            self.stats.unfit += 1
            return
        self._seen[found[0]] += 1

    def settle(self) -> None:
        """Chooses how many of each label, bin or speaker are taken."""
        self.stats.able = self._seen.total()
        self.stats.lacking = dict(sorted(self._lacking.items()))
        if self.task.clips == 1:
            kept = allot(self._seen, self.count, self.seed)
            if self.task.kind == "label":
                self.stats.labels = {label: count for label, count in kept.items() if count}
        else:
            kept = dict(self._seen)
            if self._clips is not None:
                # A speaker with one clip makes no pair with itself, and is not what runs short.
                least = 2 if self.task.form in ("same", "which") else 1
                level = water_level((count for count in kept.values() if count >= least), self._clips)
                kept = {group: min(count, max(least, level)) for group, count in kept.items()}
            self._expected = sum(kept.values())
        self._sample = SelectionSampling(self._seen, kept)

    def take(self, clip: ClipFacts, drawn: int) -> Iterable[Taken]:
        """What a clip, in the second reading, makes possible: a question about it, or about a window full of clips.

        `drawn` is a number of 256 bits that depends on the seed and the clip alone.
        """
        task, clip = self.task, clip.timed() if self._timed else clip
        facts = clip.facts
        for name in task.facts:
            if name not in facts:
                return ()
        found = self._looked_at(clip)
        if found is None:
            return ()
        group, label = found
        number = self._rank_of_room(clip) if self._by_room else (drawn * self._factor >> 128) & _MASK
        if not self._sample.takes(group, number):
            return ()
        if task.clips == 1:
            self.stats.written += 1
            true = true_of(task, facts) if self._others else ()
            return (Taken((clip.id,), label, true, _shared(task.options_share, clip)),)
        return self._wait(clip, number, label)

    def put_back(self) -> None:
        """The clip that was taken last can't be asked about after all."""
        self.stats.written -= 1
        self.stats.unfit += 1

    def _wait(self, clip: ClipFacts, number: int, label: str) -> Iterator[Taken]:
        task, corpus, facts = self.task, clip.corpus, clip.facts
        if self._window and self._window[-1].match[0] != corpus:
            # Two corpora sound different: clips of both would be told apart by the room, not by what is asked.
            yield from self.flush()
        if task.form == "compare":
            match = [str(facts[name]) for name in task.match_on]
        else:
            match = [str(facts.get(name, "")).partition("-")[0] for name in task.match_on]
        differ = ""
        for name in task.differ_on:
            if name in facts:
                differ = f"{name} {facts[name]}"
                break
        amounts = tuple([cue.amount(facts) for cue in task.cues])
        self._window.append(EligibleClip(number, clip.id, label, (corpus, *match), differ, amounts))
        if len(self._window) >= WINDOW:
            yield from self.flush()

    def flush(self) -> Iterator[Taken]:
        """Puts together the clips that are waiting."""
        window, self._window = self._window, []
        self._met += len(window)
        wanted = None
        if self.count is not None:
            # What one window can't give, the next ones do.
            wanted = round(self.count * min(1.0, self._met / max(1, self._expected))) - self.stats.written
        for label, clips in self._together(window, wanted):
            self.stats.written += 1
            self.stats.labels[label] = self.stats.labels.get(label, 0) + 1
            yield Taken(clips, label)

    def _together(
        self, window: Sequence[EligibleClip], wanted: int | None
    ) -> list[tuple[str, tuple[str, ...]]]:
        seed = rank(self.seed, self.task.name, self._met)
        if not window or (wanted is not None and wanted <= 0):
            return []
        if self.task.form == "same":
            return [(pair.label, pair.clips) for pair in make_pairs(window, wanted, seed)]
        if self.task.form == "which":
            return [(chosen.label, chosen.clips) for chosen in make_choices(window, wanted, seed)]
        margins = [cue.margin for cue in self.task.cues]
        return [(chosen.label, chosen.clips) for chosen in make_comparisons(window, wanted, seed, margins)]

    def _rank_of_room(self, clip: ClipFacts) -> int:
        """What decides whether clips are taken that only serve together: the same for all of them."""
        return rank(self.seed, self.task.name, *(clip.facts[name] for name in self.task.match_on))

    def explain(self, clips: int) -> None:
        """Says why there are fewer instructions than asked for, or why they teach little."""
        stats, number = self.stats, len(self._seen)
        stats.labels = dict(sorted(stats.labels.items()))
        say = stats.warnings.append
        if not stats.able:
            reasons = [f"{count} lack the fact '{name}'" for name, count in stats.lacking.items()]
            if stats.unfit:
                reasons.append(f"{stats.unfit} have it in a form that can't be asked")
            say(f"none of {clips} clips can serve it ({', '.join(reasons) or 'the manifests hold none'})")
        elif self.task.clips > 1:
            what = f"{stats.able} clips"
            if self.task.form != "compare":
                what += f", {number} different values of '{self.task.facts[0]}'"
            if not stats.written:
                say(f"no sets of {self.task.clips} clips: {what} of one corpus don't make one")
            elif self.count is not None and stats.written < self.count:
                say(f"asked for {self.count} sets of clips, made {stats.written}: no more in {what}")
        else:
            self._explain_labels(say)

    def _explain_labels(self, say: Callable[[str], None]) -> None:
        stats, seen = self.stats, self._seen
        if stats.written < min(stats.able, self.count or stats.able):
            ordered = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
            (most, many), (least, few) = ordered[0], ordered[-1]
            what = "label" if self.task.kind == "label" else "bin"
            say(
                f"kept {stats.written} of {stats.able} clips to balance them: the most frequent {what} "
                f"'{most}' has {many}, the rarest '{least}' {few}"
            )
        elif self.count is not None and stats.written < self.count:
            say(f"asked for {self.count}, wrote {stats.written}: no more clips can serve it")
        if self.task.kind == "label" and len(seen) == 1:
            say(f"all clips have one label, '{next(iter(seen))}': a constant answer is always right")


def _grouping(task: Task, can_ask: Callable[[str], bool]) -> Callable[[ClipFacts], tuple[str, str] | None]:
    """What is balanced, and the label; None for a clip that doesn't serve. Each task asks this twice of each clip."""
    label_of = task.label
    if task.form in ("same", "which"):

        def group(clip: ClipFacts) -> tuple[str, str] | None:
            label = label_of(clip.facts)
            if not label:
                return None
            # What must be equal (a speaker's name) is unique within its corpus only.
            label = f"{clip.corpus}/{label}"
            return label, label

    elif task.form == "compare" or task.kind in ("text", "list"):

        def group(clip: ClipFacts) -> tuple[str, str] | None:
            label = label_of(clip.facts)
            return ("", label) if label else None

    elif task.kind == "number":
        edges, names = task.bins, _bin_names(task.bins)

        def group(clip: ClipFacts) -> tuple[str, str] | None:
            label = label_of(clip.facts)
            return (names[bisect.bisect(edges, float(label))], label) if label else None

    else:
        known = cache(can_ask)

        def group(clip: ClipFacts) -> tuple[str, str] | None:
            label = label_of(clip.facts)
            if not label or not known(label):
                return None
            shared = _shared(task.options_share, clip)
            return (f"{shared}{_APART}{label}" if task.options_share else label), label

    return group


def _shared(fact: str, clip: ClipFacts) -> str:
    return str(clip.facts[fact]).partition("-")[0] if fact else ""


def _bin_names(edges: tuple[float, ...]) -> list[str]:
    between = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    return [f"below {edges[0]:g}", *between, f"from {edges[-1]:g}"]
