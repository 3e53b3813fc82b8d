"""Making a RIR bank: simulated rooms, each heard at several distances, and recorded ones (see rirs.py)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lhotse.cut import Cut

from ...errors import InputError
from ...files import disk_errors, read_json, write_json, write_jsonl
from ...locks import hold
from ...outputs import Output, check_outputs, settled
from ...ownership import LEDGER, begin_folder, note, remove
from ...progress import Bar
from ...quarantine import hold_share, kind_of, too_many
from ...recipes.kit.corpus import Role
from ...recipes.kit.registry import home_of
from ...seeding import generator
from ..engine.code import code_digest
from ..engine.partitions import OutputState
from ..engine.processes import Engine
from .recorded import impulse_responses, make_recorded, recorded_name
from .rirs import BANK, QUARANTINE, SPEC, Bank, open_bank
from .rooms import make_room, room_name
from .specification import RirBankSpec

STAGE = "rirs"
_NOTES = f"{LEDGER}-rooms"
_RECORDED = 100


def make_bank(
    folder: Path,
    spec: RirBankSpec,
    seed: int,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
    recorded: Callable[[str], Iterable[Cut]] | None = None,
) -> Bank:
    """Makes a bank, or what is missing of it; a finished one is opened.

    One that other code made is made anew: cuts that were augmented with it are stale then.

    Every room depends on `seed` and its number alone, so the bytes don't depend on `jobs` or on interruptions.
    `progress(done, total)` is called with the number of RIRs before the first room and after every one.
    `recorded(corpus)` gives the cuts of a corpus that the specification names, with absolute audio paths; those that
    can't be used are told in `quarantine.jsonl`.

    Raises:
        InputError: the folder holds a bank of another specification or seed, or can't be written, or a corpus of
            recorded impulse responses has none, or more than `spec.max_bad` of them are damaged.
    """
    check_outputs([Output(folder, "OUT", STAGE)], [])
    folder = settled(folder)
    with disk_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with hold(folder):
            return _make_bank(folder, spec, seed, jobs, progress, recorded)


def _make_bank(
    folder: Path,
    spec: RirBankSpec,
    seed: int,
    jobs: int,
    progress: Callable[[int, int], None] | None,
    recorded: Callable[[str], Iterable[Cut]] | None,
) -> Bank:
    made_from = _made_from(spec, seed)
    before = read_json(folder / SPEC) if (folder / SPEC).is_file() else None
    if before is not None and {**before, "code": ""} != {**made_from, "code": ""}:
        raise InputError(
            f"{folder}: holds an RIR bank of another specification or seed; choose another folder"
        )
    known = before == made_from
    if before is not None and not known:
        # Ours, but made by other code: as if nothing were there, but for files that are overwritten.
        for stale in (BANK, QUARANTINE, SPEC, _NOTES):
            remove(folder / stale)
    if known and (folder / BANK).is_file():
        remove(folder / _NOTES)
        return open_bank(folder)
    tasks = [*_simulated_tasks(folder, spec, seed), *_recorded_tasks(folder, spec, recorded)]
    begin_folder(folder, STAGE)
    # In one order, whichever worker comes first.
    note(folder / f"{name}.wav" for task in tasks for name in task.makes)
    if not known:
        write_json(folder / SPEC, made_from)
    (folder / _NOTES).mkdir(exist_ok=True)
    _do_all(tasks, jobs, progress)
    made = [read_json(task.note) for task in tasks]
    bad = [line for one in made for line in one["bad"]]
    _hold_share(tasks, made, bad, spec.max_bad, folder)
    if bad:
        write_jsonl(folder / QUARANTINE, bad)
    write_jsonl(folder / BANK, (row for one in made for row in one["rows"]))
    remove(folder / _NOTES)
    return open_bank(folder)


def bank_state(folder: Path, spec: RirBankSpec, seed: int) -> OutputState:
    """Whether a finished bank is there, made to this specification by this code."""
    if not (folder / BANK).is_file():
        return OutputState("to do")
    before, now = read_json(folder / SPEC), _made_from(spec, seed)
    changed = [name for name in now if before.get(name) != now[name] and name != "code"]
    if changed:
        return OutputState("stale", (f"config changed ({', '.join(changed)})",))
    return (
        OutputState("done") if before == now else OutputState("stale", ("the code that makes rooms changed",))
    )


def _made_from(spec: RirBankSpec, seed: int) -> dict[str, Any]:
    code = code_digest(make_room, make_recorded, *(home_of(corpus) for corpus in spec.recorded))
    return {"seed": seed, **spec.model_dump(mode="json"), "code": code}


def _hold_share(
    tasks: list[_Task], made: list[dict[str, Any]], bad: list[dict[str, Any]], max_bad: float, folder: Path
) -> None:
    """Raises InputError where too many recorded ones are damaged; these are made again by the next run."""
    damaged = Counter(kind_of(line["reason"]) for line in bad if line.get("damaged"))
    recorded = sum(task.rirs for task in tasks if task.make is make_recorded)
    if too_many(damaged.total(), recorded, max_bad):
        for task, note in zip(tasks, made, strict=True):
            if any(line.get("damaged") for line in note["bad"]):
                task.note.unlink()
        fix = "mend the corpus or prepare it anew"
        hold_share(damaged, recorded, max_bad, of=f"recorded impulse responses for {folder}", fix=fix)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A `progress` for `make_bank` that shows the rate and the time left; nothing where there is nothing to do."""
    bar: Bar | None = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = Bar("rirs", total, unit="RIR", done=done)
        bar.update(done - bar.done)

    try:
        yield show
    finally:
        if bar is not None:
            bar.close()


@dataclass(frozen=True)
class _Task:
    """A room, or some recorded RIRs. Its lines wait in `note`, written last: so it says that the task is done."""

    note: Path
    makes: tuple[str, ...]
    rirs: int
    make: Callable[..., dict[str, list[dict[str, Any]]]]
    arguments: tuple[Any, ...]


def _simulated_tasks(folder: Path, spec: RirBankSpec, seed: int) -> list[_Task]:
    return [
        _Task(
            folder / _NOTES / f"{room_name(room)}.json",
            (room_name(room),),
            spec.distances,
            make_room,
            (folder, spec, seed, room, role),
        )
        for room, role in enumerate(_roles(spec, seed))
    ]


def _recorded_tasks(
    folder: Path, spec: RirBankSpec, recorded: Callable[[str], Iterable[Cut]] | None
) -> list[_Task]:
    tasks = []
    for corpus in spec.recorded:
        if recorded is None:
            raise InputError(f"rirs: field 'recorded' names {corpus}, but not where its prepared folder is")
        records = [cut.to_dict() for cut in impulse_responses(corpus, recorded(corpus))]
        for first in range(0, len(records), _RECORDED):
            part = records[first : first + _RECORDED]
            # Named after its content: a corpus that was prepared anew meanwhile is taken as it is now.
            digest = hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]
            names = tuple(recorded_name(str(record["id"])) for record in part)
            tasks.append(
                _Task(
                    folder / _NOTES / f"{corpus}-{digest}.json",
                    names,
                    len(part),
                    make_recorded,
                    (folder, part),
                )
            )
    return tasks


def _do_all(tasks: list[_Task], jobs: int, progress: Callable[[int, int], None] | None) -> None:
    waiting = [task for task in tasks if not task.note.is_file()]
    total = sum(task.rirs for task in tasks)
    done = total - sum(task.rirs for task in waiting)

    def finished(rirs: int) -> None:
        nonlocal done
        done += rirs
        if progress is not None and waiting:
            progress(done, total)

    finished(0)
    if jobs <= 1 or len(waiting) <= 1:
        for task in waiting:
            _do(task)
            finished(task.rirs)
        return
    with Engine(jobs) as engine:
        running = [engine.pool.submit(_do, task) for task in waiting]
        for task, future in zip(waiting, running, strict=True):
            future.result()
            finished(task.rirs)


def _do(task: _Task) -> None:
    write_json(task.note, task.make(*task.arguments))


def _roles(spec: RirBankSpec, seed: int) -> list[Role]:
    """The role of every room: `held_out` of them (one at least) for test, as many for dev."""
    order = generator(seed, "roles").permutation(spec.rooms)
    held = max(1, round(spec.held_out * spec.rooms))
    roles: list[Role] = ["train"] * spec.rooms
    for position, room in enumerate(order[: 2 * held]):
        roles[room] = "test" if position < held else "dev"
    return roles
