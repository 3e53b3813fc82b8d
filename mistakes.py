"""What is wrong in a config, said to people: the field, what it may be, and what was found there instead."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from .errors import refuse

_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_MISSING = ("missing", "missing_argument", "missing_keyword_only_argument")
_SHOWN = 60


M = TypeVar("M", bound=BaseModel)


@dataclasses.dataclass(frozen=True)
class _Kind:
    """A type and what else is asked of its values."""

    type: Any
    bounds: tuple[Any, ...] = ()


def read_section(model: type[M], content: Mapping[str, Any], where: str) -> M:
    """The model made of `content`. Raises InputError with a sentence for each mistake, each after `where`."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        refuse(f"{where}: {fault}" for fault in sentences(error, model, content))
        raise


def sentences(error: ValidationError, model: type[BaseModel], content: Any) -> list[str]:
    """The mistakes in what a model was to be made of (`content`), each as one sentence without an end."""
    left = [(item, _place(item["loc"], content)) for item in error.errors()]
    # Of a misspelt field only the spelling is told, not also that the right one is missing.
    meant = {(*place[:-1], _meant(model, place)) for item, place in left if item["type"] in _UNKNOWN}
    left = [(item, place) for item, place in left if item["type"] not in _MISSING or place not in meant]
    told = []
    while left:
        first = left[0][1]
        about = [one for one in left if one[1][: len(first)] == first]
        left = [one for one in left if one[1][: len(first)] != first]
        told.append(_sentence(about, model, content))
    return list(dict.fromkeys(told))


Model = TypeVar("Model", bound=BaseModel)


def checked(model: type[Model], content: Any, where: str) -> Model:
    """A section of the config, read.

    Raises:
        InputError: names `where`, the field and what is wrong with it.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        refuse(f"{where}: {fault}" for fault in sentences(error, model, content))
        raise


def _sentence(about: list[tuple[Any, tuple[int | str, ...]]], model: type[BaseModel], content: Any) -> str:
    """What is wrong at one place: of a field that may be several things each says what it isn't; what was meant shows
    by how deep one came."""
    kinds = (*_UNKNOWN, *_MISSING)
    deeper = [number for number, (item, _) in enumerate(about) if item["type"] not in kinds]
    number = max(deeper, key=lambda one: len(about[one][1]), default=0)
    if about[0][0]["type"] in kinds:
        number = 0
    item, place = about[number]
    field = ".".join(map(_named, place))
    if item["type"] in _UNKNOWN:
        near = _meant(model, place)
        hint = f"did you mean '{near}'?" if near else f"known here: {', '.join(_known(model, place))}"
        return f"field '{field}' is unknown; {hint}"
    if item["type"] in _MISSING:
        return f"field '{field}' is missing; add it"
    words = item["msg"].removeprefix("Value error, ")
    if item["type"] == "value_error":
        return f"field '{field}': {words}" if field else words
    if "[key]" in item["loc"]:
        return f"field '{field}': the name {_named(place[-1])} must be text; put it in quotes"
    # Some of our own errors say what is wanted, but not what was found.
    if words.startswith("must be "):
        wanted = words.removeprefix("must be ")
    else:
        wanted = either(_wanted(kind) for kind in _kinds_at(model, place))
    value = _value_at(content, place)
    if not field:
        return f"must be {wanted}, found {in_yaml(value)}"
    return f"field '{field}' must be {wanted}, found {in_yaml(value)}"


def _known(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The fields beside one that isn't known."""
    return sorted({name for kind in _kinds_at(model, place[:-1]) for name in _fields(kind.type)})


def _meant(model: type[BaseModel], place: tuple[int | str, ...]) -> str:
    """The field that was probably meant by an unknown one, or ""."""
    near = difflib.get_close_matches(str(place[-1]), _known(model, place), n=1)
    return near[0] if near else ""


def in_yaml(value: Any) -> str:
    """A value as it stands in a config file, short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = f"'{value}'"
    elif isinstance(value, float) and not math.isfinite(value):
        text = str(value)
    elif isinstance(value, Mapping):
        text = "{" + ", ".join(f"{_named(key)}: {in_yaml(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, Sequence):
        text = "[" + ", ".join(in_yaml(item) for item in value) + "]"
    else:
        text = str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _named(name: Any) -> str:
    return "null" if name is None else str(name)


def _place(location: Sequence[int | str], content: Any) -> tuple[int | str, ...]:
    """The parts of pydantic's location that are in the content; between them it names types that it tried."""
    kept: list[int | str] = []
    for number, part in enumerate(location):
        if isinstance(content, Mapping) and part in content:
            content = content[part]
        elif isinstance(content, Sequence) and not isinstance(content, str) and isinstance(part, int):
            content = content[part] if part < len(content) else None
        elif isinstance(content, Mapping) and (named := [key for key in content if str(key) == part]):
            part = named[0]
            content = content[part]
        elif number < len(location) - 1 or not isinstance(content, Mapping) or not _is_name(part):
            continue
        kept.append(part)
    return tuple(kept)


def _is_name(part: int | str) -> bool:
    return isinstance(part, str) and part.isidentifier() and part not in ("int", "float", "str", "bool")


def _value_at(content: Any, place: Iterable[int | str]) -> Any:
    for part in place:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return None
    return content


def _kinds_at(model: type[BaseModel], place: Iterable[int | str]) -> list[_Kind]:
    """What may stand at a place."""
    kinds = [_Kind(model)]
    for part in place:
        kinds = [inner for kind in kinds for one in _alternatives(kind) for inner in _inside(one, part)]
    return [one for kind in kinds for one in _alternatives(kind)]


def _alternatives(kind: _Kind) -> list[_Kind]:
    """A union's members, without null: a field that may be empty is left out."""
    if get_origin(kind.type) is Annotated:
        inner, *more = get_args(kind.type)
        bounds = [bound for one in more for bound in (one.metadata if isinstance(one, FieldInfo) else [one])]
        return _alternatives(_Kind(inner, (*kind.bounds, *bounds)))
    if get_origin(kind.type) in (Union, UnionType):
        members = [_Kind(member, kind.bounds) for member in get_args(kind.type) if member is not NoneType]
        return [one for member in members for one in _alternatives(member)]
    return [kind]


def _inside(kind: _Kind, part: int | str) -> list[_Kind]:
    origin, arguments = get_origin(kind.type), get_args(kind.type)
    if origin is dict:
        return [_Kind(arguments[1])]
    if origin in (list, tuple):
        one = arguments[part] if isinstance(part, int) and origin is tuple and part < len(arguments) else None
        return [_Kind(arguments[0] if one in (None, ...) else one)]
    return [field for name, field in _fields(kind.type).items() if name == part]


def _fields(section: Any) -> dict[str, _Kind]:
    """The fields of a section, by the names that a config gives them."""
    if isinstance(section, type) and issubclass(section, BaseModel):
        return {
            field.alias or name: _Kind(field.annotation, tuple(field.metadata))
            for name, field in section.model_fields.items()
        }
    if dataclasses.is_dataclass(section):
        hints = get_type_hints(section, include_extras=True)
        return {field.name: _Kind(hints[field.name]) for field in dataclasses.fields(section)}
    return {}


def _wanted(kind: _Kind) -> str:
    """What a value must be, as it is said after `must be`."""
    origin, arguments = get_origin(kind.type), get_args(kind.type)
    if origin is Literal:
        return either(f"'{value}'" for value in arguments)
    if origin in (list, tuple):
        inner = either(_wanted(one) for one in _alternatives(_Kind(arguments[0])))
        if origin is tuple and ... not in arguments:
            return f"a list of {len(arguments)}, each {inner}"
        some = "a list" if not _bound(kind, "min_length") else "a list that isn't empty, each item"
        return f"{some}{' of which each is' if some == 'a list' else ''} {inner}"
    if origin is dict or kind.type is dict:
        if not arguments or arguments[1] is Any:
            return "names with values, such as `name: value`"
        inner = either(_wanted(one) for one in _alternatives(_Kind(arguments[1])))
        some = "at least one name" if _bound(kind, "min_length") else "names"
        return f"{some}, each with {inner}"
    if names := _fields(kind.type):
        return f"a section with fields such as {', '.join(list(names)[:3])}"
    if kind.type is bool:
        return "true or false"
    if kind.type is str:
        pattern = _bound(kind, "pattern")
        return "text" if pattern is None else "a word of letters, digits, '.', '_' and '-'"
    if isinstance(kind.type, type) and issubclass(kind.type, Path):
        return "a path"
    if kind.type in (int, float):
        return _number(kind)
    return "something else"


def _number(kind: _Kind) -> str:
    what = "a whole number" if kind.type is int else "a number"
    low, above = _bound(kind, "ge"), _bound(kind, "gt")
    high, below = _bound(kind, "le"), _bound(kind, "lt")
    if low is not None and high is not None:
        return f"{what} from {_figure(low)} to {_figure(high)}"
    limits = [
        words.format(_figure(value))
        for words, value in (
            ("of {} or more", low),
            ("above {}", above),
            ("of at most {}", high),
            ("below {}", below),
        )
        if value is not None
    ]
    return " ".join([what, " and ".join(limits)]).rstrip()


def _figure(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _bound(kind: _Kind, name: str) -> Any:
    return next((value for bound in kind.bounds if (value := getattr(bound, name, None)) is not None), None)


def either(texts: Iterable[str]) -> str:
    unique = list(dict.fromkeys(texts))
    return unique[0] if len(unique) == 1 else ", ".join(unique[:-1]) + f" or {unique[-1]}" if unique else ""
