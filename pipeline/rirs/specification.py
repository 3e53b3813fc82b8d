"""What a bank of room impulse responses holds: the config's section `rirs`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from ...mistakes import checked
from ...quarantine import MAX_BAD, MaxBad
from ...section import Section, Within

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
    return checked(RirBankSpec, settings or {}, where)
