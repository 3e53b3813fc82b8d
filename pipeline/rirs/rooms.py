"""A simulated room: drawn to the specification, heard at several distances, written as one file."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError
from ...files import write_atomically
from ...recipes.kit.corpus import Role
from ...seeding import generator
from .rirs import content_of, ratios_db, stored, write_rirs
from .simulated import Floats, Geometry, measure_rt60, simulate
from .specification import RirBankSpec

_LAYOUTS = 4096
_ROOM_TRIES = 100
_MAX_ELEVATION = math.radians(10)


def room_name(room: int) -> str:
    return f"room{room:05d}"


def make_room(
    folder: Path, spec: RirBankSpec, seed: int, room: int, role: Role
) -> dict[str, list[dict[str, Any]]]:
    """Simulates a room and writes its file; returns its lines of the bank."""
    geometry, target, responses = _simulate_room(spec, generator(seed, "room", room))
    name = room_name(room)
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
