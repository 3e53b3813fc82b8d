"""Stage 1: instructions from templates. Which clips get which task, and how it is worded, is drawn by hashes.

The clips are read twice: first they are counted, then some are asked about as they come by. So memory doesn't grow with
their number, but for some 20 bytes a clip that tell whether an id was met before.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ....errors import InputError
from ....recipes.kit.cuts import DigestSet
from ....recipes.kit.languages import LANGUAGES
from ....seeding import Draw, digest
from ....shards.sample import Instruction
from ..clips import ClipFacts
from ..tasks.task import Task
from ..tasks.tasks import task_named
from .collect import Collector, Count, Taken, TaskStats
from .phrasings import phrasings_of
from .wordings import Phrasings, Question

BINARY_SHARE = 0.2
"""Of a task's questions, those whose answer begins with yes or no, where it has others as well."""

_LABELS_KEPT = 5000
_TRIES = 8
_LISTING = (True, False, *[True] * _TRIES)


@dataclass
class TemplateStats:
    """What `template_instructions` chose, by task; for a stage's counts and for the user.

    `bad` says of each cut whose facts can't be read what is wrong with it. Complete when all instructions were made.
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


class TemplateInstructions:
    """Instructions, made as they are iterated over, once; then `stats` say what became of the tasks."""

    def __init__(
        self,
        clips: Callable[[bool], Iterable[ClipFacts]],
        tasks: Mapping[str, Count],
        seed: int,
        languages: Sequence[str],
        binary_share: float,
    ) -> None:
        self._clips = clips
        self._seed = seed
        self._bad: set[str] = set()
        self._wordings: dict[str, _Wording] = {}
        self._collectors: list[Collector] = []
        for name, count in tasks.items():
            task = task_named(name)
            wording = self._wordings[name] = _Wording(task, phrasings_of(task), languages, binary_share)
            self._collectors.append(Collector(task, _checked(name, count), seed, wording.can_ask))
        self.stats = TemplateStats(tasks={c.task.name: c.stats for c in self._collectors})

    def __iter__(self) -> Iterator[Instruction]:
        self._count()
        written = 0
        both = [(collector, self._wordings[collector.task.name]) for collector in self._collectors]
        for clip in self._clips(True):
            if clip.id in self._bad:
                continue
            drawn = int.from_bytes(digest(self._seed, clip.id), "big")
            for collector, wording in both:
                for taken in collector.take(clip, drawn):
                    made = wording.instruction(taken, self._seed)
                    if made is None:
                        collector.put_back()
                        continue
                    yield made
                    written += 1
        for collector, wording in both:
            for taken in collector.flush():
                made = wording.instruction(taken, self._seed)
                if made is not None:
                    yield made
                    written += 1
            collector.explain(self.stats.clips)
        if not written:
            self._nothing()

    def _count(self) -> None:
        seen = DigestSet()
        for clip in self._clips(False):
            if not seen.add(clip.id):
                raise InputError(
                    f"two cuts have the id '{clip.id}'; ids must be unique, name each corpus once"
                )
            self.stats.clips += 1
            if clip.trouble:
                self.stats.bad.append(clip.trouble)
                self._bad.add(clip.id)
                continue
            for collector in self._collectors:
                collector.add(clip)
        self.stats.bad.sort()
        for collector in self._collectors:
            collector.settle()
            task = collector.task
            if task.clips == 1 and task.kind == "label" and not task.options:
                self._wordings[task.name].list_options(collector.options())

    def _nothing(self) -> None:
        reasons = "; ".join(self.stats.warnings) or "no task was asked for"
        raise InputError(f"no clip can serve any of the tasks: {reasons}")


def template_instructions(
    clips: Callable[[bool], Iterable[ClipFacts]],
    tasks: Mapping[str, Count],
    seed: int,
    languages: Sequence[str] = ("en",),
    binary_share: float = BINARY_SHARE,
) -> TemplateInstructions:
    """Chooses clips for the tasks and asks one question of each.

    `clips` begins a reading of one role's clips; it is called with False and then, when it is known which are bad, with
    True. `tasks` says how many instructions of each
    task; "all" and larger numbers than clips allow give what there is (`stats` says why). Labels are balanced
    (`balance.allot`). Questions are in the given languages, in equal shares where a task has templates in each. Several
    clips are put together within a window of the reading.

    Raises:
        InputError: an unknown task or language, or a bad number; when iterated over, also: two cuts of one id, or no
            clip for any of the tasks.
    """
    return TemplateInstructions(clips, tasks, seed, languages, binary_share)


def _checked(name: str, count: Count) -> int | None:
    if count == "all":
        return None
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InputError(f"task '{name}': the count must be a number from 1 or 'all', found {count!r}")
    return count


class _Wording:
    """Words the instructions of one task; what depends on the label alone is worked out once."""

    def __init__(
        self, task: Task, phrasings: Phrasings, languages: Sequence[str], binary_share: float
    ) -> None:
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
        self._binary = round(1000 * binary_share)
        self._sharing: dict[str, Phrasings] = {}
        self._fitting: dict[tuple[bool, str, str], list[list[list[Question]]]] = {}
        self._provenance: dict[str, dict[str, Any]] = {}

    def can_ask(self, label: str) -> bool:
        """Whether any of the languages has a word for the label."""
        if self.task.kind != "label":
            return True
        return any(self.phrasings.can_word(code, label) for code in self.languages)

    def list_options(self, labels: Mapping[str, Mapping[str, int]]) -> None:
        """From now on questions may list these labels, as often as each is met, by what their clips share."""
        self._sharing = {shared: self.phrasings.with_options(counts) for shared, counts in labels.items()}
        self._fitting.clear()

    def instruction(self, taken: Taken, seed: int) -> Instruction | None:
        """None if there are no options to offer beside the right answer, and no question without."""
        task = self.task
        identity = digest(f"template\x1f{seed}\x1f{task.name}", *taken.clips)[:8].hex()
        draw = Draw(seed, identity)
        phrasings = self._sharing.get(taken.shared, self.phrasings)
        template, worded = self._worded(taken, phrasings, draw)
        if template is None or worded is None:
            return None
        question, answer = worded
        provenance = self._provenance.get(template.id)
        if provenance is None:
            provenance = self._provenance[template.id] = {"template": template.id, "seed": seed}
        return Instruction(
            id=identity,
            clips=taken.clips,
            task=task.name,
            kind=task.kind,
            question=question,
            answer=answer,
            label=taken.label,
            language=template.language,
            origin="template",
            provenance=provenance,
        )

    def _worded(
        self, taken: Taken, phrasings: Phrasings, draw: Draw
    ) -> tuple[Question | None, tuple[str, str] | None]:
        """A question with its texts. Where what it would list doesn't exclude each other, one that lists nothing; a
        task without such a one draws again, some times."""
        for listing in _LISTING:
            template = self._pick(self._by_language(taken, phrasings, listing), draw)
            worded = phrasings.render(template, taken.label, draw, taken.true) if template else None
            if worded is not None:
                return template, worded
        return None, None

    def _pick(self, by_language: list[list[list[Question]]], draw: Draw) -> Question | None:
        """A language, then whether yes or no is the answer, then one of its questions."""
        if not by_language:
            return None
        open_and_binary = draw.pick(by_language)
        if len(open_and_binary) == 1:
            return draw.pick(open_and_binary[0])
        return draw.pick(open_and_binary[draw.below(1000) < self._binary])

    def _by_language(self, taken: Taken, phrasings: Phrasings, listing: bool) -> list[list[list[Question]]]:
        """For each language the questions that fit: the open and the binary ones, without empty lists.

        Those that list options are among them if `listing`.
        """
        key = (listing, taken.shared, taken.label) if self.task.kind == "label" else (listing, "", "")
        found = self._fitting.get(key)
        if found is None:
            if len(self._fitting) > _LABELS_KEPT:
                self._fitting.clear()
            found = self._fitting[key] = []
            for code in self.languages:
                able = (q for q in phrasings.fitting(code, taken.label) if listing or not q.lists_options)
                fitting = sorted(able, key=lambda question: question.binary)
                groups = [list(group) for _, group in itertools.groupby(fitting, key=lambda q: q.binary)]
                if groups:
                    found.append(groups)
        return found
