"""A part of a config: it knows its fields, isn't changed once it is read, and bounds every number.

A number without bounds is accepted whatever it is, and a clip with noise at 5000 dB is made. So a section whose numbers
may be anything isn't a section: the class can't be made.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

MOST = 1_000_000_000
"""The most that is counted: of clips, of steps."""

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1, le=MOST)]
LARGEST_SEED = 2**32 - 1
"""What NumPy, PyTorch and Python all take."""

Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]


@dataclasses.dataclass(frozen=True)
class Within:
    """No number of the value lies outside `ge` to `le`: of a number, a pair of numbers, a distribution."""

    ge: float
    le: float

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: Any) -> Any:
        for number in _numbers(value):
            if not self.ge <= number <= self.le:
                raise ValueError(f"must be between {self.ge:g} and {self.le:g}, found {number:g}")
        return value


class Section(BaseModel):
    """What every part of a config derives from.

    Raises:
        TypeError: when a class is made one of whose fields holds numbers without a lower or an upper bound.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        for name in unbounded(cls):
            raise TypeError(
                f"{cls.__name__}: field '{name}' holds numbers without bounds; give it `Within(low, high)`"
            )


def unbounded(section: type) -> Iterator[str]:
    """The fields of a model or a dataclass that hold numbers without a finite lower and upper bound."""
    if issubclass(section, BaseModel):
        fields = {
            name: (field.annotation, tuple(field.metadata)) for name, field in section.model_fields.items()
        }
    else:
        fields = {name: (kind, ()) for name, kind in get_type_hints(section, include_extras=True).items()}
    yield from (name for name, (kind, bounds) in fields.items() if not _is_bounded(kind, bounds))


def _is_bounded(kind: Any, bounds: tuple[Any, ...]) -> bool:
    arguments = get_args(kind)
    if get_origin(kind) is Annotated:
        more = [
            one
            for item in arguments[1:]
            for one in (item.metadata if isinstance(item, FieldInfo) else [item])
        ]
        return _is_bounded(arguments[0], (*bounds, *more))
    # Within reaches into what it stands at; pydantic's own bounds are of the number itself.
    deep = tuple(bound for bound in bounds if isinstance(bound, Within))
    if arguments:
        same = get_origin(kind) in (Union, UnionType)
        return all(
            _is_bounded(one, bounds if same else deep)
            for one in arguments
            if isinstance(one, type) or get_args(one)
        )
    if kind in (int, float):
        return _finite(bounds, "ge", "gt") and _finite(bounds, "le", "lt")
    if isinstance(kind, type) and (issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind)):
        return bool(deep) or not any(unbounded(kind))
    return True


def _finite(bounds: tuple[Any, ...], *names: str) -> bool:
    found = [getattr(bound, name, None) for bound in bounds for name in names]
    return any(value is not None and math.isfinite(value) for value in found)


def _numbers(value: Any) -> Iterator[float]:
    """All numbers in a value, the names of a mapping apart."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, BaseModel):
        yield from _numbers([inner for _, inner in value])
    elif isinstance(value, Mapping):
        yield from _numbers(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _numbers(item)


class NoOptions(Section):
    """Of what has none."""
