"""How the parts of one kind are found, without a list of them: corpora, effects, tasks, filters, engines, formats, ...

A part is one module that declares what it is under a name that its kind has (`EFFECT = Effect(...)`). Modules are found
in the kind's folder of the package; in other packages that are installed, by an entry point (group `cryfish.effects`:
`name = "package.module"`); and in files that a user names, `cryfish --plugin FILE`. A file may declare several parts.

A part that can't be imported breaks itself only: it is missing, and who asks for it by name is told why. A file that a
user named is another matter: it is there to be used, so what is wrong with it is told at once.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, NoReturn, TypeVar, cast

from .errors import InputError, did_you_mean

PACKAGE = __name__.rpartition(".")[0]
DECLARED = ("CORPUS", "EFFECT", "TASK", "FILTER", "ENGINE", "FORMAT", "ENCODER", "METRIC")
"""What a plugin file may declare."""

PLUGINS = "CRYFISH_PLUGINS"
"""The environment variable that names plugin files, so that workers on other cores and machines find them, too."""

T = TypeVar("T")


@dataclass(frozen=True)
class Broken:
    """A part that can't be used: where it stands, and why not."""

    place: str
    reason: str


@dataclass(frozen=True)
class Parts(Generic[T]):
    """The parts of a kind by name, in order, where their code is, and what is broken, by the name of its module."""

    found: Mapping[str, T]
    homes: Mapping[str, str]
    broken: Mapping[str, Broken]


@dataclass(frozen=True)
class Seam(Generic[T]):
    """A kind of parts: what people call it, where its modules lie, and what they declare.

    Args:
        kind: "effect"; the group of its entry points is `cryfish.effects`.
        folder: its modules' package, below ours: "pipeline.augment.effects".
        declared: the name that a module declares its part (or a tuple of them) under: "EFFECT".
        name_of: the name of a part.
        made: makes a part of what was declared and its module; None where that is the part itself.
        is_a: the class of a part; what is declared and isn't one is broken.
    """

    kind: str
    folder: str
    declared: str
    name_of: Callable[[T], str]
    made: Callable[[ModuleType], T] | None = None
    plural: str = ""
    is_a: type = object

    def parts(self) -> Parts[T]:
        """All that can be found. Raises InputError where a plugin file is wrong."""
        files = tuple(
            os.path.realpath(name) for name in os.environ.get(PLUGINS, "").split(os.pathsep) if name
        )
        for path in files:
            if path in _READ and _READ[path] != _version(path):
                raise InputError(f"plugin {path}: was changed after it was read; start again")
        return _parts(self, files)

    def all(self) -> Mapping[str, T]:
        """The parts by name. Raises InputError where a plugin file is wrong."""
        return self.parts().found

    def get(self, name: str, where: str = "") -> T:
        """The part of that name. Raises InputError, with what was probably meant, or why it is broken."""
        parts = self.parts()
        if name in parts.found:
            return parts.found[name]
        self.refuse(name, where)

    def refuse(self, name: str, where: str = "") -> NoReturn:
        """There is no such part, or it is broken. Raises InputError."""
        parts = self.parts()
        before = f"{where}: " if where else ""
        if name in parts.broken:
            broken = parts.broken[name]
            raise InputError(
                f"{before}{self.kind} '{name}' ({broken.place}) can't be used: {broken.reason}; mend it or take another"
            )
        raise InputError(
            f"{before}no {self.kind} '{name}'{did_you_mean(name, parts.found)}; there are {', '.join(parts.found)}"
        )

    def home(self, name: str) -> str:
        """The code of a part, as fingerprints name it: a module below the package, or `file:PATH`."""
        return self.parts().homes[name]

    @property
    def group(self) -> str:
        return f"{PACKAGE}.{self.plural or self.kind.replace(' ', '_') + 's'}"


def use_plugins(files: Iterable[str | os.PathLike[str]]) -> None:
    """Adds files to those that parts are looked for in; for this process and those that it starts.

    Raises:
        InputError: a file isn't there, can't be run, or declares no part.
    """
    known = [name for name in os.environ.get(PLUGINS, "").split(os.pathsep) if name]
    for file in files:
        path = os.path.realpath(file)
        if all(getattr(_plugin(path), name, None) in (None, ()) for name in DECLARED):
            raise InputError(f"plugin {path}: declares nothing; it needs one of {', '.join(DECLARED)}")
        if path not in map(os.path.realpath, known):
            known.append(path)
    os.environ[PLUGINS] = os.pathsep.join(known)


class blaming:
    """What a part's own code raises, other than an InputError, becomes one that names the part."""

    def __init__(self, seam: Seam[Any], name: str) -> None:
        self.seam, self.name = seam, name

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, InputError):
            where = self.seam.home(self.name)
            raise InputError(f"{self.seam.kind} '{self.name}' ({where}): {_told(error)}") from error


@lru_cache(maxsize=64)
def _parts(seam: Seam[T], plugins: tuple[str, ...]) -> Parts[T]:
    found: dict[str, T] = {}
    homes: dict[str, str] = {}
    broken: dict[str, Broken] = {}
    for name, place, load in _modules(seam, plugins):
        try:
            module = load()
            parts = {seam.name_of(part): part for part in _declared(seam, module)}
            for called in parts:
                if called in found:
                    raise ValueError(f"the {seam.kind} '{called}' is there already ({homes[called]})")
        except (Exception, SystemExit) as error:  # whatever somebody's module does when it is imported
            if place in plugins:
                told = str(error) if isinstance(error, InputError) else f"plugin {place}: {_told(error)}"
                raise InputError(told) from error
            broken[name] = Broken(place, _told(error))
            continue
        found.update(parts)
        homes.update(dict.fromkeys(parts, home(module)))
    return Parts({called: found[called] for called in sorted(found)}, homes, broken)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip().splitlines()[0]


def _declared(seam: Seam[T], module: ModuleType) -> Iterator[T]:
    declared = getattr(module, seam.declared, None)
    if declared is None:
        return
    for part in declared if isinstance(declared, tuple) else (declared,):
        made = seam.made(module) if seam.made is not None else part
        if not isinstance(made, seam.is_a):
            raise TypeError(f"{seam.declared} is a {type(made).__name__}, not a {seam.is_a.__name__}")
        yield cast(T, made)


def _modules(seam: Seam[T], plugins: tuple[str, ...]) -> Iterator[tuple[str, str, Callable[[], ModuleType]]]:
    """What is looked into: a name, where it lies, and how it is imported."""
    package = importlib.import_module(f"{PACKAGE}.{seam.folder}")
    for found in pkgutil.iter_modules(package.__path__):
        if not found.ispkg and not found.name.startswith("_"):
            module = f"{package.__name__}.{found.name}"
            yield found.name, f"{seam.folder}.{found.name}", partial(importlib.import_module, module)
    for entry in sorted(entry_points(group=seam.group), key=lambda entry: (entry.name, entry.value)):
        yield entry.name, entry.value, partial(importlib.import_module, entry.module)
    for path in plugins:
        yield Path(path).stem, path, partial(_plugin, path)


_READ: dict[str, tuple[int, int]] = {}
"""Which version of a plugin file was read."""


def _version(path: str) -> tuple[int, int]:
    try:
        there = Path(path).stat()
    except OSError:
        return 0, -1
    return there.st_mtime_ns, there.st_size


@lru_cache(maxsize=64)
def _plugin(path: str) -> ModuleType:
    if not Path(path).is_file():
        raise InputError(f"plugin {path}: there is no such file")
    # Under a name of its own, so that it stands neither for an installed package nor for another plugin.
    digest = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    name = f"{PACKAGE}_plugin_{digest}_{Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"plugin {path}: is no Python file; name one that ends in .py")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look for their module there while it is run.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        del sys.modules[name]
        raise InputError(f"plugin {path}: can't be run ({_told(error)})") from error
    _READ[path] = _version(path)
    return module


def home(module: ModuleType) -> str:
    """Where the code of a part is, as fingerprints name it."""
    inside = module.__name__.startswith(f"{PACKAGE}.")
    if inside:
        return module.__name__.removeprefix(f"{PACKAGE}.")
    return f"file:{module.__spec__.origin if module.__spec__ else module.__name__}"
