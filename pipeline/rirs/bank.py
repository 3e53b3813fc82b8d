"""Making a RIR bank: simulated rooms, each heard at several distances, and recorded ones (see rirs.py)."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Self

import numpy as np
from lhotse.cut import Cut
from pydantic import Field, ValidationError, model_validator

from ...errors import InputError, refuse
from ...files import disk_errors, read_json, write_atomically, write_json, write_jsonl
from ...locks import hold
from ...mistakes import sentences
from ...outputs import Output, check_outputs, settled
from ...ownership import LEDGER, begin_folder, note, remove
from ...progress import Bar
from ...quarantine import MAX_BAD, MaxBad, hold_share, kind_of, too_many
from ...recipes.kit.registry import home_of
from ...section import Section, Within
from ...seeding import generator
from ..engine.code import code_digest
from ..engine.partitions import Engine, OutputState
from .recorded import impulse_responses, make_recorded, recorded_name
from .rirs import BANK, QUARANTINE, SPEC, Bank, Role, content_of, open_bank, ratios_db, stored, write_rirs
from .simulated import Floats, Geometry, measure_rt60, simulate

STAGE = "rirs"
_NOTES = f"{LEDGER}-rooms"
_RECORDED = 100
_LAYOUTS = 4096
_ROOM_TRIES = 100
_MAX_ELEVATION = math.radians(10)

Range = tuple[float, float]
# Smaller rooms and longer ways than these would need images beyond those that `simulate` reckons with.
Side = Annotated[Range, Within(2, 50)]


class RirBankSpec(Section):
    """What a bank holds. Lengths in metres, times in seconds; a pair is [low, high].

    Room sizes and reverberation times are uniform in their ranges. A room's distances lie one in each of `distances`
    equal steps on a logarithmic scale; the far end is drawn in where the room is too small for it. Every source and
    microphone keeps `wall_clearance_m` from the walls. `held_out` of the rooms go to `test`, and as many to `dev`.
    `recorded` names prepared corpora of impulse responses that join the simulated ones; `max_bad` is the largest share
    of them that may be damaged (it changes nothing in the bank).
    """

    rooms: Annotated[int, Field(ge=3, le=1_000_000)] = 200
    distances: Annotated[int, Field(ge=1, le=32)] = 5
    length_m: Side = (3.0, 10.0)
    width_m: Side = (2.5, 8.0)
    height_m: Side = (2.4, 3.6)
    rt60_s: Annotated[Range, Within(0.1, 3)] = (0.2, 1.0)
    distance_m: Annotated[Range, Within(0.1, 20)] = (0.3, 5.0)
    source_height_m: Annotated[Range, Within(0.01, 50)] = (1.0, 1.8)
    wall_clearance_m: Annotated[float, Within(0.01, 20)] = 0.5
    held_out: Annotated[float, Field(gt=0, le=0.3)] = 0.1
    recorded: tuple[str, ...] = ()
    max_bad: MaxBad = Field(default=MAX_BAD, exclude=True)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if len(set(self.recorded)) < len(self.recorded):
            raise ValueError("recorded names a corpus twice")
        for name in ("length_m", "width_m", "height_m", "rt60_s", "distance_m", "source_height_m"):
            low, high = getattr(self, name)
            if low > high:
                raise ValueError(f"{name} wants [low, high], found [{low:g}, {high:g}]")
        free = self.wall_clearance_m
        for name in ("length_m", "width_m"):
            if getattr(self, name)[0] < 2 * free + self.distance_m[0]:
                raise ValueError(
                    f"{name} leaves no room for a distance of {self.distance_m[0]:g} m between the walls"
                )
        if self.source_height_m[0] < free or self.source_height_m[1] > self.height_m[0] - free:
            raise ValueError(
                "source_height_m doesn't keep wall_clearance_m from floor and ceiling in the lowest room"
            )
        return self


def read_spec(settings: object, where: str = "rirs") -> RirBankSpec:
    """A bank's specification from a config's section. Raises InputError, which names `where` and the field."""
    try:
        return RirBankSpec.model_validate(settings or {})
    except ValidationError as error:
        refuse(f"{where}: {fault}" for fault in sentences(error, RirBankSpec, settings or {}))
        raise


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
    code = code_digest(_make_room, make_recorded, *(home_of(corpus) for corpus in spec.recorded))
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
            folder / _NOTES / f"{_name(room)}.json",
            (_name(room),),
            spec.distances,
            _make_room,
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


def _name(room: int) -> str:
    return f"room{room:05d}"


def _roles(spec: RirBankSpec, seed: int) -> list[Role]:
    """The role of every room: `held_out` of them (one at least) for test, as many for dev."""
    order = generator(seed, "roles").permutation(spec.rooms)
    held = max(1, round(spec.held_out * spec.rooms))
    roles: list[Role] = ["train"] * spec.rooms
    for position, room in enumerate(order[: 2 * held]):
        roles[room] = "test" if position < held else "dev"
    return roles


def _make_room(
    folder: Path, spec: RirBankSpec, seed: int, room: int, role: Role
) -> dict[str, list[dict[str, Any]]]:
    """Simulates a room and writes its file; returns its lines of the bank."""
    geometry, target, responses = _simulate_room(spec, generator(seed, "room", room))
    name = _name(room)
    together = np.zeros((max(map(len, responses)), len(responses)))
    for number, response in enumerate(responses):
        together[: len(response), number] = response
    # What is said of a response holds for what is read again, 16 bits and all.
    together = stored(together)
    write_atomically(folder / f"{name}.wav", partial(write_rirs, responses=together))
    content = content_of(together)
    rows = [
        {
            "id": f"{name}-{number}",
            "path": f"{name}.wav",
            "channel": number,
            "channels": len(responses),
            "samples": len(together),
            "room": name,
            "role": role,
            "distance_m": distance,
            "rt60_s": round(measure_rt60(response), 3),
            "target_rt60_s": target,
            **ratios_db(response),
            "room_volume_m3": round(math.prod(geometry.size_m), 1),
            "size_m": geometry.size_m,
            "source_m": geometry.source_m,
            "microphone_m": [round(float(x), 4) for x in geometry.microphones_m[number]],
            "seed": seed,
            "content": content,
        }
        for number, (distance, response) in enumerate(zip(geometry.distances_m, together.T, strict=True))
    ]
    return {"rows": rows, "bad": []}


def _simulate_room(spec: RirBankSpec, rng: np.random.Generator) -> tuple[Geometry, float, list[Floats]]:
    """Draws rooms until one works out; nearly always the first does."""
    for _ in range(_ROOM_TRIES):
        size = tuple(
            round(float(rng.uniform(*side)), 3) for side in (spec.length_m, spec.width_m, spec.height_m)
        )
        target = round(float(rng.uniform(*spec.rt60_s)), 3)
        for geometry in _layouts(spec, size, rng):  # type: ignore[arg-type]
            responses = simulate(geometry, target, rng)
            if responses is not None:
                return geometry, target, responses
    raise InputError(
        f"rirs: no room of {_ROOM_TRIES} could hold a source and its microphones; widen length_m and width_m, or lower "
        "distance_m or wall_clearance_m"
    )


def _layouts(
    spec: RirBankSpec, size: tuple[float, float, float], rng: np.random.Generator, tries: int = 20
) -> list[Geometry]:
    """Places for a source and, along one ray from it, microphones: all off the walls by the clearance or more."""
    free = spec.wall_clearance_m
    low, high = np.full(3, free), np.asarray(size) - free
    near = spec.distance_m[0]
    far = max(near, min(spec.distance_m[1], 0.8 * float(np.hypot(*(high - low)[:2]))))
    source = rng.uniform(low, high, (_LAYOUTS, 3))
    source[:, 2] = rng.uniform(*spec.source_height_m, _LAYOUTS)
    azimuth = rng.uniform(0, 2 * np.pi, _LAYOUTS)
    elevation = rng.uniform(-_MAX_ELEVATION, _MAX_ELEVATION, _LAYOUTS)
    direction = np.stack(
        [np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)], axis=1
    )
    steps = (np.arange(spec.distances) + rng.uniform(0, 1, spec.distances)) / spec.distances
    distances = np.round(near * (far / near) ** steps, 2)
    end = source + distances[-1] * direction
    fits = np.flatnonzero(np.all((end >= low) & (end <= high), axis=1))
    return [
        Geometry(
            size_m=size,
            source_m=_rounded(source[row]),
            direction=_rounded(direction[row], 6),
            distances_m=tuple(float(distance) for distance in distances),
        )
        for row in fits[:tries]
    ]


def _rounded(vector: Floats, digits: int = 4) -> tuple[float, float, float]:
    x, y, z = (round(float(value), digits) for value in vector)
    return x, y, z
