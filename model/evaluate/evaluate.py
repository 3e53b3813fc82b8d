"""Evaluation: a checkpoint's answers to the questions of shards, with the audio, without it, and with another's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from torch.utils.data import DataLoader

from ...errors import InputError
from ...progress import Bar
from ...quarantine import hold_share, kind_of
from ...shards import Index, open_index, select
from ..chat import answer_batch
from ..checkpoint import checkpoint_folder
from ..device import choose_device
from ..identity import content_of_model
from ..interruption import ignore_in_worker, workers_end_with_us
from ..load import load_checkpoint
from ..run_folder import EVALUATE, json_line, only_process, pin_settings, read_jsonl, write_json
from ..train.settings import EvaluateSettings
from ..train.training_data import fingerprint
from .questions import AskedExample, ProbedQuestion, QuestionBatches, batches, choose, questions, read_asked
from .results import AUDIO, Results, Scorer, TaskResult, score_task

ANSWERS = "answers.jsonl"
RESULTS = "results.json"
NEW_TOKENS = {"label": 16, "number": 16, "list": 48, "text": 96}
_TRAINING_SAMPLE = 5000  # of each task: enough for the most common label and for how answers word it
# What no answer depends on, or what a digest of the content stands for.
_FREE = {
    "out",
    "checkpoint",
    "shards",
    "train_shards",
    "batch_size",
    "batch_seconds",
    "workers",
    "max_bad",
    "device",
    "metrics",
}
Group = tuple[str, str]  # a task and the kind of its answers
Record = dict[str, Any]


def evaluate(
    settings: EvaluateSettings,
    named: Callable[[str, str], str] | None = None,
    metric_of: Callable[[str], str] = lambda task: "",
) -> Results:
    """Asks, scores, and writes `answers.jsonl` (as it goes) and `results.json` into `out`.

    An interrupted evaluation goes on with the questions that have no answer yet. An example that can't be read is
    a line with the reason in `answers.jsonl`, and counted as `broken`; more than a share of `max_bad` ends it.
    `named` tells of a task and a name which label the name stands for, `metric_of` the metric of a task that `settings`
    name none for; "" is the usual one of each kind of answers.

    Raises:
        InputError: the checkpoint or the shards can't be read, no example is whole or too many are broken, a task is
            or metric unknown, or `out` belongs to other settings or is in use.
    """
    folder = checkpoint_folder(settings.checkpoint)
    index = open_index(settings.shards)
    if settings.tasks is not None:
        index = select(index, settings.tasks)
    training = open_index(settings.train_shards) if settings.train_shards else None
    for field, given in (("tolerance", settings.tolerance), ("metrics", settings.metrics)):
        if unknown := sorted(set(given) - set(index.tasks)):
            raise InputError(
                f"{field}: the shards hold no task '{unknown[0]}', only {', '.join(index.tasks)}"
            )
    with only_process(settings.out, EVALUATE, settings.reads()):
        pin_settings(
            settings.out,
            {
                **settings.model_dump(mode="json", exclude=_FREE),
                "content of checkpoint": _content(folder),
                "content of shards": fingerprint(index),
                "content of train_shards": training and fingerprint(training),
            },
        )
        asked, broken = read_asked(index, choose(index, settings.per_task, settings.seed))
        if not asked:
            reason = broken[0][1] if broken else "the shards hold no examples"
            raise InputError(f"{settings.shards[0]}: there is nothing to ask: {reason}")
        learned = [] if training is None else _sample(training, index.tasks, settings.seed)
        scorers = _scorers(asked, learned, settings, named, metric_of)
        unread = [{"task": index.tasks[index.task[row]], "error": reason} for row, reason in broken]
        with workers_end_with_us():
            records = unread + _records(settings, folder, index, asked, scorers, unread)
        hold_share(
            Counter(
                kind_of(one["error"])
                for one in records
                if "error" in one and one.get("probe", AUDIO) == AUDIO
            ),
            len(asked) + len(unread),
            settings.max_bad,
            of=f"examples of {', '.join(settings.shards)}",
            told=str(settings.out / ANSWERS),
            fix="look at the shards with `cryfish verify`, and make them again",
        )
        results = Results(str(folder), _score(scorers, records, learned, settings.seed))
        write_json(settings.out / RESULTS, results.to_json())
    return results


def _records(
    settings: EvaluateSettings,
    folder: Path,
    index: Index,
    asked: Sequence[AskedExample],
    scorers: Mapping[Group, Scorer],
    unread: Iterable[Record],
) -> list[Record]:
    """The answers of an earlier, interrupted run, and those still missing; what couldn't be read is tried again."""
    path = settings.out / ANSWERS
    records = read_jsonl(path, lambda record: "error" not in record)
    by_id = {one.id: one for one in asked}
    for record in records:  # the answer was kept; how it is scored may have been mended since
        if (one := by_id.get(record["id"])) is not None:
            scorer = scorers[one.instruction.task, one.instruction.kind]
            record["right"] = scorer.right(
                record["generated"], one.instruction.label, one.template, one.instruction.language
            )
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json_line(record) for record in unread)
    answered = {(record["id"], record["probe"]) for record in records}
    made = questions(asked, settings.probes, index, settings.seed)
    missing = [one for one in made if (one.asked.id, one.probe) not in answered]
    if not missing:
        return records
    device = choose_device(settings.device)
    model, processor = load_checkpoint(folder)
    model.to(device)
    groups = batches(missing, index, NEW_TOKENS, settings.batch_size, settings.batch_seconds)
    loader = DataLoader(
        QuestionBatches(index, groups, processor),
        batch_size=None,
        num_workers=settings.workers,
        worker_init_fn=ignore_in_worker,
    )
    bar = Bar("evaluate", len(made), unit="answer", done=len(made) - len(missing), shown=None)
    with path.open("a", encoding="utf-8") as file, bar:
        for readable, batch, broken in loader:
            new = [_record(question, error=reason) for question, reason in broken]
            if readable:
                limit = NEW_TOKENS[readable[0].asked.instruction.kind]
                texts = answer_batch(model, processor, batch, limit)
                new += [
                    _answer_record(question, text, scorers)
                    for question, text in zip(readable, texts, strict=True)
                ]
            file.writelines(json_line(record) for record in new)
            file.flush()
            records += new
            bar.update(len(new))
    return records


def _answer_record(question: ProbedQuestion, generated: str, scorers: Mapping[Group, Scorer]) -> Record:
    asked = question.asked
    scorer = scorers[asked.instruction.task, asked.instruction.kind]
    right = scorer.right(generated, asked.instruction.label, asked.template, asked.instruction.language)
    return _record(question, generated=generated, right=right)


def _record(question: ProbedQuestion, **outcome: Any) -> Record:
    instruction = question.asked.instruction
    return {
        "id": question.asked.id,
        "probe": question.probe,
        "task": instruction.task,
        "kind": instruction.kind,
        "template": question.asked.template,
        "language": instruction.language,
        "speaker": question.asked.speaker,
        "question": instruction.question,
        "reference": instruction.answer,
        "label": instruction.label,
        **outcome,
    }


def _sample(training: Index, tasks: Sequence[str], seed: int) -> list[AskedExample]:
    """What the training said of these tasks, or a sample of it."""
    shared = [task for task in tasks if task in training.tasks]
    if not shared:
        return []
    chosen = select(training, shared)
    return read_asked(chosen, choose(chosen, _TRAINING_SAMPLE, seed))[0]


def _scorers(
    asked: Iterable[AskedExample],
    learned: Iterable[AskedExample],
    settings: EvaluateSettings,
    named: Callable[[str, str], str] | None,
    metric_of: Callable[[str], str],
) -> dict[Group, Scorer]:
    groups = sorted({(one.instruction.task, one.instruction.kind) for one in asked})
    known: dict[Group, list[tuple[str, str, str]]] = defaultdict(list)
    for one in (*asked, *learned):
        instruction = one.instruction
        known[instruction.task, instruction.kind].append(
            (one.template, instruction.label, instruction.answer)
        )
    return {
        (task, kind): Scorer(
            kind,
            known[task, kind],
            settings.tolerance.get(task),
            partial(named, task) if named else str,
            settings.metrics.get(task) or metric_of(task),
        )
        for task, kind in groups
    }


def _score(
    scorers: Mapping[Group, Scorer], records: Iterable[Record], learned: Iterable[AskedExample], seed: int
) -> list[TaskResult]:
    """Scores each task on the examples that could be read under every probe."""
    answers: dict[Group, dict[str, dict[str, Record]]] = defaultdict(lambda: defaultdict(dict))
    broken: Counter[str] = Counter()
    for record in records:
        if "error" in record:
            broken[record["task"]] += record.get("probe", AUDIO) == AUDIO
        else:
            answers[record["task"], record["kind"]][record["probe"]][record["id"]] = record
    labels: dict[Group, list[str]] = defaultdict(list)
    for one in learned:
        labels[one.instruction.task, one.instruction.kind].append(one.instruction.label)
    return [
        score_task(group[0], scorer, answers[group], broken[group[0]], labels[group], seed)
        for group, scorer in scorers.items()
        if answers[group][AUDIO]
    ]


def _content(folder: Path) -> str:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise InputError(f"{weights}: cannot read it (no such file); the checkpoint is not whole")
    return content_of_model(folder)
