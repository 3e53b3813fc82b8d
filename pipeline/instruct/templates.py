"""Stage 1: instructions from templates. Which clip gets which task is chosen by rank, how it is worded is drawn."""

from __future__ import annotations

import bisect
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

from lhotse.cut import Cut, MixedCut, PaddingCut

from ...errors import InputError
from ...recipes.facts import read_facts
from ...recipes.languages import LANGUAGES
from ...shards.sample import Instruction
from .balance import Candidate, Pool, allot
from .draws import Draw, digest, rank
from .pairs import make_pairs
from .phrasings import Phrasings, Question, phrasings_of
from .tasks import Facts, Task, task_named

Count = int | Literal["all"]


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


@dataclass
class TemplateStats:
    """What `template_instructions` chose, by task; for a stage's counts and for the user.

    `bad` says of each cut whose facts can't be read what is wrong with it.
    """

    clips: int = 0
    bad: list[str] = field(default_factory=list)
    tasks: dict[str, TaskStats] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """All that the user should hear of, one sentence each."""
        by_task = [f"task '{name}': {text}" for name, stats in self.tasks.items() for text in stats.warnings]
        bad = [f"{len(self.bad)} clips left out, the first: {self.bad[0]}"] if self.bad else []
        return bad + by_task

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class _Chosen(NamedTuple):
    clips: tuple[str, ...]
    task: str
    label: str


class TemplateInstructions:
    """The instructions, rendered as they are iterated over (each time anew), and the `stats` of the choice."""

    def __init__(
        self, chosen: list[_Chosen], wordings: dict[str, _Wording], stats: TemplateStats, seed: int
    ) -> None:
        self._chosen = chosen
        self._wordings = wordings
        self._seed = seed
        self.stats = stats

    def __len__(self) -> int:
        return len(self._chosen)

    def __iter__(self) -> Iterator[Instruction]:
        for chosen in self._chosen:
            yield self._wordings[chosen.task].instruction(chosen, self._seed)


def template_instructions(
    cuts: Iterable[Cut], tasks: Mapping[str, Count], seed: int, languages: Sequence[str] = ("en",)
) -> TemplateInstructions:
    """Chooses clips for the tasks and asks one question of each.

    `cuts` are those of one role, read once; only ids and labels are kept. `tasks` says how many instructions of each
    task; "all" and larger numbers than clips allow give what there is (`stats` says why). Labels are balanced
    (`balance.allot`). Questions are in the given languages, in equal shares where a task has templates in each.
    Neither the choice nor the order of the result (by clips, then task) depends on the order of the cuts.

    Raises:
        InputError: an unknown task or language, a bad number, two cuts of one id, or no clip for any of the tasks.
    """
    collectors = [
        _Collector(task_named(name), _checked(name, count), seed, languages) for name, count in tasks.items()
    ]
    stats = TemplateStats(tasks={collector.task.name: collector.stats for collector in collectors})
    for cut in cuts:
        stats.clips += 1
        try:
            facts = read_facts(cut)
        except InputError as error:
            stats.bad.append(str(error))
            continue
        corpus = _corpus_of(cut)
        for collector in collectors:
            collector.add(cut.id, corpus, facts)
    stats.bad.sort()
    chosen = [item for collector in collectors for item in collector.choose()]
    chosen.sort(key=lambda item: (len(item.clips), item))
    for one, other in itertools.pairwise(chosen):
        if one[:2] == other[:2] or len(set(one.clips)) < len(one.clips):
            raise InputError(
                f"two cuts have the id '{one.clips[0]}'; ids must be unique, name each corpus once"
            )
    for collector in collectors:
        collector.explain(stats.clips)
    if not chosen:
        reasons = "; ".join(stats.warnings) or "no task was asked for"
        raise InputError(f"no clip can serve any of the tasks: {reasons}")
    wordings = {collector.task.name: collector.wording for collector in collectors}
    return TemplateInstructions(chosen, wordings, stats, seed)


def _checked(name: str, count: Count) -> int | None:
    if count == "all":
        return None
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InputError(f"task '{name}': the count must be a number from 1 or 'all', found {count!r}")
    return count


def _bin(value: float, edges: Sequence[float]) -> str:
    above = bisect.bisect(edges, value)
    if above == 0:
        return f"below {edges[0]:g}"
    return f"{edges[above - 1]:g} to {edges[above]:g}" if above < len(edges) else f"from {edges[-1]:g}"


def _corpus_of(cut: Cut) -> str:
    if isinstance(cut, MixedCut):
        cut = next(track.cut for track in cut.tracks if not isinstance(track.cut, PaddingCut))
    return str((cut.custom or {}).get("corpus", ""))


class _Collector:
    """Gathers the candidates of one task and chooses among them."""

    def __init__(self, task: Task, count: int | None, seed: int, languages: Sequence[str]) -> None:
        self.task = task
        self.count = count
        self.seed = seed
        self.stats = TaskStats(asked="all" if count is None else count)
        self.wording = _Wording(task, phrasings_of(task), languages)
        self.lacking: Counter[str] = Counter()
        pair = task.clips == 2
        self.pool = Pool(2 * count if pair and count is not None else count, floor=2 if pair else 1)

    def add(self, clip: str, corpus: str, facts: Facts) -> None:
        task = self.task
        for name in task.facts:
            if name not in facts:
                self.lacking[name] += 1
                return
        label = task.label(facts)
        if not label or not (task.clips == 2 or self.wording.can_ask(label)):
            self.stats.unfit += 1
            return
        self.stats.able += 1
        number = rank(self.seed, task.name, clip)
        if task.clips == 2:
            # What must be equal (a speaker's name) is unique within its corpus only.
            label = f"{corpus}/{label}"
            alike = tuple(str(facts.get(name, "")).partition("-")[0] for name in task.alike)
            apart = next((f"{name} {facts[name]}" for name in task.apart if name in facts), "")
            self.pool.add(label, Candidate(number, clip, label, alike, apart))
        else:
            self.pool.add(self.group(label), Candidate(number, clip, label))

    def group(self, label: str) -> str:
        """What is balanced: labels, bins of numbers; texts aren't."""
        if self.task.kind == "label":
            return label
        return _bin(float(label), self.task.bins) if self.task.kind == "number" else ""

    def choose(self) -> list[_Chosen]:
        name = self.task.name
        if self.task.clips == 2:
            pairs = make_pairs(self.pool.candidates(), self.count, self.seed)
            chosen = [_Chosen(pair.clips, name, pair.label) for pair in pairs]
        else:
            kept = self.pool.lowest(allot(self.pool.seen, self.count, self.seed))
            chosen = [_Chosen((candidate.clip,), name, candidate.label) for candidate in kept]
            if self.task.kind == "label" and not self.task.options:
                self.wording.list_options(sorted(self.pool.seen))
        self.stats.written = len(chosen)
        if self.task.kind == "label":
            self.stats.labels = dict(sorted(Counter(item.label for item in chosen).items()))
        return chosen

    def explain(self, clips: int) -> None:
        """Says why there are fewer instructions than asked for, or why they teach little."""
        stats = self.stats
        stats.lacking = dict(sorted(self.lacking.items()))
        if not stats.able:
            reasons = [f"{count} lack the fact '{name}'" for name, count in stats.lacking.items()]
            if stats.unfit:
                reasons.append(f"{stats.unfit} have it in a form that can't be asked")
            stats.warnings.append(f"none of {clips} clips can serve it ({', '.join(reasons) or 'no clips'})")
        elif self.task.clips == 2:
            self._explain_pairs()
        else:
            self._explain_labels()

    def _explain_pairs(self) -> None:
        stats, number = self.stats, len(self.pool.seen)
        what = f"{stats.able} clips, {number} different values of '{self.task.facts[0]}'"
        if not stats.written:
            stats.warnings.append(
                f"no pairs: {what}; it takes two clips of one value, and two of different values besides"
            )
        elif self.count is not None and stats.written < self.count:
            stats.warnings.append(f"asked for {self.count} pairs, made {stats.written}: no more in {what}")

    def _explain_labels(self) -> None:
        stats, seen, say = self.stats, self.pool.seen, self.stats.warnings.append
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


class _Wording:
    """Words the instructions of one task; what depends on the label alone is worked out once."""

    def __init__(self, task: Task, phrasings: Phrasings, languages: Sequence[str]) -> None:
        for language in languages:
            if language not in LANGUAGES:
                raise InputError(f"languages: '{language}' isn't a language code such as 'en' or 'de'")
        self.languages = [code for code in dict.fromkeys(languages) if code in phrasings.questions]
        if not self.languages:
            raise InputError(
                f"languages: task '{task.name}' has no templates in {', '.join(languages) or 'none'}; it has "
                f"{', '.join(phrasings.questions)}, so add one of them or leave the task out"
            )
        self.task = task
        self.phrasings = phrasings
        self._askable: dict[str, bool] = {}
        self._fitting: dict[str, list[list[Question]]] = {}
        self._provenance: dict[str, dict[str, Any]] = {}

    def can_ask(self, label: str) -> bool:
        """Whether any of the languages has a word for the label."""
        if self.task.kind != "label":
            return True
        if label not in self._askable:
            self._askable[label] = any(self.phrasings.fitting(code, label) for code in self.languages)
        return self._askable[label]

    def list_options(self, labels: Sequence[str]) -> None:
        """From now on questions may list these labels."""
        self.phrasings = self.phrasings.with_options(labels)
        self._fitting.clear()

    def instruction(self, chosen: _Chosen, seed: int) -> Instruction:
        task, phrasings = self.task, self.phrasings
        identity = digest("template", seed, task.name, *chosen.clips).hex()[:16]
        draw = Draw(seed, identity)
        key = chosen.label if task.kind == "label" else ""
        by_language = self._fitting.get(key)
        if by_language is None:
            several = (phrasings.fitting(code, chosen.label) for code in self.languages)
            by_language = self._fitting[key] = [fitting for fitting in several if fitting]
        template = draw.pick(draw.pick(by_language))
        question, answer = phrasings.render(template, chosen.label, draw)
        provenance = self._provenance.get(template.id)
        if provenance is None:
            provenance = self._provenance[template.id] = {"template": template.id, "seed": seed}
        return Instruction(
            id=identity,
            clips=chosen.clips,
            task=task.name,
            kind=task.kind,
            question=question,
            answer=answer,
            label=chosen.label,
            language=template.language,
            origin="template",
            provenance=provenance,
        )
