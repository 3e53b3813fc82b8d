"""The RIR bank: simulated rooms on disk, each heard at several distances, made once and used by every run.

A bank is a folder of 24-bit FLAC files (16 kHz, mono; lossless and, unlike float WAV, free of time stamps) and
`bank.jsonl`, one line per RIR. Whole rooms are set aside for the roles `dev` and `test`, so a test room is never
heard in training.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import numpy as np
import soundfile
from lhotse import AudioSource, Recording
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ...errors import InputError
from ..config import sentence
from ..files import disk_errors, read_json, read_jsonl, remove, write_atomically, write_json, write_jsonl
from .draws import generator
from .simulate import RATE, Floats, Geometry, measure_rt60, simulate

BANK = "bank.jsonl"
_SPEC = "rir-bank.json"
_ROOMS = "rooms"
_LAYOUTS = 4096
_ROOM_TRIES = 100
_MAX_ELEVATION = math.radians(10)

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Range = tuple[Positive, Positive]
Role = Literal["train", "dev", "test"]


class RirBankSpec(BaseModel):
    """What a bank holds. Lengths in metres, times in seconds; a pair is [low, high].

    Room sizes and reverberation times are uniform in their ranges. A room's distances lie one in each of `distances`
    equal steps on a logarithmic scale; the far end is drawn in where the room is too small for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rooms: Annotated[int, Field(ge=3)] = 200
    distances: Annotated[int, Field(ge=1, le=32)] = 5
    length_m: Range = (3.0, 10.0)
    width_m: Range = (2.5, 8.0)
    height_m: Range = (2.4, 3.6)
    rt60_s: Range = (0.2, 1.0)
    distance_m: Range = (0.3, 5.0)
    source_height_m: Range = (1.0, 1.8)
    wall_clearance_m: Positive = 0.5
    held_out: Annotated[float, Field(gt=0, le=0.3)] = 0.1

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for name in ("length_m", "width_m", "height_m", "rt60_s", "distance_m", "source_height_m"):
            low, high = getattr(self, name)
            if low > high:
                raise ValueError(f"{name} wants [low, high], found [{low:g}, {high:g}]")
        if not 0.1 <= self.rt60_s[0] <= self.rt60_s[1] <= 3:
            raise ValueError("rt60_s must lie between 0.1 and 3 seconds")
        if self.distance_m[0] < 0.1:
            raise ValueError("distance_m must be at least 0.1 m")
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
        raise InputError(f"{where}: {sentence(error, RirBankSpec)}") from error


@dataclass(frozen=True)
class Rir:
    """One room impulse response of a bank, and what is known of it."""

    id: str
    path: Path
    samples: int
    room: int
    role: Role
    distance_m: float
    rt60_s: float

    @property
    def recording(self) -> Recording:
        """The Lhotse recording, to be passed to `reverb_rir`; no file is opened."""
        return Recording(
            id=self.id,
            sources=[AudioSource(type="file", channels=[0], source=str(self.path))],
            sampling_rate=RATE,
            num_samples=self.samples,
            duration=self.samples / RATE,
        )


@dataclass(frozen=True)
class Bank:
    """The RIRs of a bank, in the order of their ids."""

    folder: Path
    rirs: tuple[Rir, ...]

    def for_role(self, role: Role) -> Bank:
        """The part of the bank that this role may use; no room is in two of them."""
        return Bank(self.folder, tuple(rir for rir in self.rirs if rir.role == role))

    def __len__(self) -> int:
        return len(self.rirs)


def open_bank(folder: Path) -> Bank:
    """Reads a bank's list; the audio is only checked to be there in its full size.

    Raises:
        InputError: there is no finished bank, or its list or a file is damaged.
    """
    listing = folder / BANK
    if not listing.is_file():
        unfinished = " finished" if (folder / _SPEC).is_file() else ""
        raise InputError(
            f"{folder}: no{unfinished} RIR bank here; describe one under `rirs:` in the config, or check the path"
        )
    rirs = []
    for number, row in enumerate(read_jsonl(listing), 1):
        try:
            path = folder.resolve() / row["path"]
            rir = Rir(
                id=str(row["id"]),
                path=path,
                samples=int(row["samples"]),
                room=int(row["room"]),
                role=row["role"],
                distance_m=float(row["distance_m"]),
                rt60_s=float(row["rt60_s"]),
            )
            size = int(row["bytes"])
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{listing}: line {number} isn't an RIR ({error!r}); make the bank again"
            ) from error
        if rir.role not in get_args(Role):
            raise InputError(
                f"{listing}: line {number}, field 'role': must be train, dev or test, not {rir.role!r}"
            )
        if Path(row["path"]).name != row["path"]:
            raise InputError(f"{listing}: line {number}, field 'path': must be a file of this folder")
        if not path.is_file() or path.stat().st_size != size:
            raise InputError(f"{path}: missing or cut short; remove {listing} and make the bank again")
        rirs.append(rir)
    if not rirs:
        raise InputError(f"{listing}: is empty; remove it and make the bank again")
    return Bank(folder, tuple(rirs))


def make_bank(
    folder: Path,
    spec: RirBankSpec,
    seed: int,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Bank:
    """Makes a bank, or what is missing of it; a finished one is opened.

    Every room depends on `seed` and its number alone, so the bytes don't depend on `jobs` or on interruptions.
    `progress(done, total)` is called after every room.

    Raises:
        InputError: the folder holds a bank of another specification or seed, or can't be written.
    """
    made_from = {"seed": seed, **spec.model_dump(mode="json")}
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file, but an RIR bank is a folder; choose another path")
    if not (folder / _SPEC).is_file():
        write_json(folder / _SPEC, made_from)
    elif read_json(folder / _SPEC) != made_from:
        raise InputError(
            f"{folder}: holds an RIR bank of another specification or seed; choose another folder"
        )
    if (folder / BANK).is_file():
        remove(folder / _ROOMS)
        return open_bank(folder)
    with disk_errors(folder):
        (folder / _ROOMS).mkdir(exist_ok=True)
    roles = _roles(spec, seed)
    waiting = [room for room in range(spec.rooms) if not _note(folder, room).is_file()]
    done = spec.rooms - len(waiting)
    for _ in _make_rooms(folder, spec, seed, roles, waiting, jobs):
        done += 1
        if progress is not None:
            progress(done, spec.rooms)
    rows = [row for room in range(spec.rooms) for row in read_json(_note(folder, room))]
    write_jsonl(folder / BANK, rows)
    return make_bank(folder, spec, seed)


def _note(folder: Path, room: int) -> Path:
    """Where a room's lines wait until the bank is finished; written last, so it says that the room is done."""
    return folder / _ROOMS / f"{room:05d}.json"


def _make_rooms(
    folder: Path, spec: RirBankSpec, seed: int, roles: list[Role], waiting: list[int], jobs: int
) -> Iterator[int]:
    """Makes the waiting rooms; yields the number of each that is done."""
    if jobs <= 1 or len(waiting) <= 1:
        for room in waiting:
            _make_room(folder, spec, seed, room, roles[room])
            yield room
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(_make_room, folder, spec, seed, room, roles[room]) for room in waiting]
        try:
            for room, future in zip(waiting, futures, strict=True):
                future.result()
                yield room
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _roles(spec: RirBankSpec, seed: int) -> list[Role]:
    """The role of every room: `held_out` of them (one at least) for test, as many for dev."""
    order = generator(seed, "roles").permutation(spec.rooms)
    held = max(1, round(spec.held_out * spec.rooms))
    roles: list[Role] = ["train"] * spec.rooms
    for position, room in enumerate(order[: 2 * held]):
        roles[room] = "test" if position < held else "dev"
    return roles


def _make_room(folder: Path, spec: RirBankSpec, seed: int, room: int, role: Role) -> None:
    rng = generator(seed, "room", room)
    geometry, target, responses = _simulate_room(spec, rng)
    rows = []
    for number, response in enumerate(responses):
        name = f"room{room:05d}-{number}"
        path = folder / f"{name}.flac"
        write_atomically(path, partial(_write_flac, response))
        rows.append(
            {
                "id": name,
                "path": path.name,
                "bytes": path.stat().st_size,
                "samples": len(response),
                "room": room,
                "role": role,
                "distance_m": geometry.distances_m[number],
                "rt60_s": round(measure_rt60(response), 3),
                "target_rt60_s": target,
                "size_m": geometry.size_m,
                "source_m": geometry.source_m,
                "microphone_m": [round(float(x), 4) for x in geometry.microphones_m[number]],
                "seed": seed,
            }
        )
    write_json(_note(folder, room), rows)


def _write_flac(response: Floats, path: Path) -> None:
    soundfile.write(path, response, RATE, format="FLAC", subtype="PCM_24")


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
