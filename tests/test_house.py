"""Who may use what of whom (docs/design.md), read from the source; each rule is also shown a house that breaks it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOORS = {"", "__main__"}
"""`cryfish` itself and `python -m cryfish` lead into the house; nobody passes through them."""

MAY_IMPORT: dict[str, set[str]] = {
    "recipes": set(),
    "shards": set(),
    "model": {"shards"},
    "pipeline": {"recipes", "shards", "model"},
}
"""The outer walls; the files at the root may be imported by all, and import no room."""

FILES = "the folder's other files"
ORDERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "recipes": (("kit",), (FILES,)),
    "model": (("encoders",), (FILES,), ("train",), ("evaluate",)),
    "pipeline": (
        ("engine",),
        ("audio",),
        ("rirs",),
        ("prepare",),
        ("augment",),
        ("instruct",),
        ("shard",),
        ("config", "layout", "stages", "speeds"),
        ("check",),
        (FILES,),
        ("inputs",),
        ("api",),
        ("web",),
        ("demo",),
        ("cli",),
    ),
    "pipeline.instruct": (
        ("saying",),
        ("jsonl",),
        ("clips",),
        ("tasks",),
        ("template",),
        ("llm",),
        ("filters",),
        ("generate",),
        ("sources",),
        ("audit",),
        ("formats",),
    ),
}
"""The inner walls: each imports only what stands before it, or beside it."""

CIRCLES: dict[tuple[str, str], str] = {}
"""Imports that close a circle, and why they may."""

LOCKS = {"file_lock", "pipeline.instruct.filters.llm"}
MOST_POSITIONAL = 8


Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class Module:
    """A module by its name below `cryfish`, the package that it lies in (or is), and what its source holds."""

    name: str
    folder: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]

    def of(self, kind: type[Node]) -> Iterator[Node]:
        return (node for node in self.nodes if isinstance(node, kind))

    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        return [*self.of(ast.FunctionDef), *self.of(ast.AsyncFunctionDef)]


House = dict[str, Module]


def house_of(texts: dict[str, str]) -> House:
    """Modules by name, from their sources by path."""
    house: House = {}
    for path, text in texts.items():
        *folders, last = path.removesuffix(".py").split("/")
        name = ".".join(folders if last == "__init__" else [*folders, last])
        tree = ast.parse(text)
        house[name] = Module(name, ".".join(folders), tree, tuple(ast.walk(tree)))
    return house


def real_house() -> House:
    paths = [*ROOT.glob("*.py"), *(path for room in MAY_IMPORT for path in (ROOT / room).rglob("*.py"))]
    return house_of({path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths})


HOUSE = real_house()


def imports(house: House, module: Module) -> Iterator[tuple[str, str]]:
    """The modules that are imported, in functions and for types too, and the name that is taken from each."""
    folders = module.folder.split(".") if module.folder else []
    for node in module.of(ast.ImportFrom):
        if node.level:
            base = folders[: len(folders) - node.level + 1] + (node.module.split(".") if node.module else [])
            for alias in node.names:
                below = ".".join([*base, alias.name])
                yield (below, "") if below in house else (".".join(base), alias.name)


def room_of(name: str) -> str:
    first = name.split(".")[0]
    return first if first in MAY_IMPORT else ""


def outer_walls(house: House) -> Iterator[str]:
    for module in house.values():
        if module.name not in DOORS:
            own = room_of(module.name)
            allowed = {"", own, *MAY_IMPORT.get(own, ())}
            others = (other for other, _ in imports(house, module))
            yield from (f"{module.name} imports {other}" for other in others if room_of(other) not in allowed)


def relative_imports(house: House) -> Iterator[str]:
    for module in house.values():
        names = [node.module or "" for node in module.of(ast.ImportFrom) if not node.level]
        names += [alias.name for node in module.of(ast.Import) for alias in node.names]
        yield from (f"{module.name} imports {name}" for name in names if name.split(".")[0] == "cryfish")


def inner_walls(house: House) -> Iterator[str]:
    for folder, order in ORDERS.items():
        places = {name: place for place, names in enumerate(order) for name in names}
        inside = {
            name: name.removeprefix(f"{folder}.").split(".")[0] for name in house if f"{folder}." in name
        }
        place = {name: places[first if first in places else FILES] for name, first in inside.items()}
        for name in place:
            for other, _ in imports(house, house[name]):
                if place.get(other, 0) > place[name]:
                    yield f"{name} imports {other}, which stands behind it"


def no_corpus_needs_another(house: House) -> Iterator[str]:
    corpora = {module.name for module in house.values() if module.folder == "recipes"} - {"recipes"}
    for name in corpora:
        yield from (f"{name} imports {other}" for other, _ in imports(house, house[name]) if other in corpora)


def no_circles(house: House, allowed: Collection[tuple[str, str]] = CIRCLES.keys()) -> Iterator[str]:
    graph = {
        name: {other for other, _ in imports(house, house[name]) if (name, other) not in allowed}
        for name in house.keys() - DOORS
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield " <- ".join(error.args[1])


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def private_names(module: Module) -> set[str]:
    """What a module defines under a name that begins with `_`: functions, classes, variables and attributes."""
    found = {node.name for node in (*module.functions(), *module.of(ast.ClassDef))}
    found |= {node.id for node in module.of(ast.Name) if isinstance(node.ctx, ast.Store)}
    found |= {node.attr for node in module.of(ast.Attribute) if isinstance(node.ctx, ast.Store)}
    return set(filter(is_private, found))


def private_stays_in_its_folder(house: House) -> Iterator[str]:
    defined: defaultdict[str, set[str]] = defaultdict(set)
    for module in house.values():
        defined[module.folder] |= private_names(module)
    for module in house.values():
        for other, name in imports(house, module):
            if any(map(is_private, (name, *other.split(".")))) and house[other].folder != module.folder:
                yield f"{module.name} imports {name} from {other}"
        others = (names for folder, names in defined.items() if folder != module.folder)
        theirs = set().union(*others) - defined[module.folder]
        for node in module.of(ast.Attribute):
            if node.attr in theirs and not (
                isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            ):
                yield f"{module.name}, line {node.lineno}: {ast.unparse(node)}"


def one_owner_for_each_class(house: House) -> Iterator[str]:
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for module in house.values():
        for node in module.of(ast.ClassDef):
            owners[node.name].append(module.name)
    for name, modules in owners.items():
        if len(modules) > 1 and not is_private(name):
            yield f"{name}: {', '.join(modules)}"


def few_positional_parameters(house: House) -> Iterator[str]:
    for module in house.values():
        for node in module.functions():
            names = {one.arg for one in (*node.args.posonlyargs, *node.args.args)} - {"self", "cls"}
            if len(names) > MOST_POSITIONAL:
                yield f"{module.name}.{node.name} has {len(names)}"


def one_way_to_lock(house: House) -> Iterator[str]:
    for module in house.values():
        names = {alias.name for node in module.of(ast.Import) for alias in node.names}
        if "fcntl" in names and module.name not in LOCKS:
            yield f"{module.name} imports fcntl; use file_lock or locks"


def names_that_say_something(house: House) -> Iterator[str]:
    nothing = ("utils", "util", "helpers", "misc", "common")
    yield from (name for name in house if name.rpartition(".")[2] in nothing)


BROKEN: dict[Callable[[House], Iterator[str]], list[dict[str, str]]] = {
    outer_walls: [
        {"shards/a.py": "def f():\n    from ..model import b", "model/b.py": ""},
        {"a.py": "from .recipes.b import C", "recipes/b.py": ""},
    ],
    relative_imports: [{"a.py": "from cryfish.b import c"}, {"a.py": "import cryfish.b"}],
    inner_walls: [
        {"pipeline/audio/a.py": "from ..augment.b import c", "pipeline/augment/b.py": ""},
        {"pipeline/shard/a.py": "from ..run import c", "pipeline/run.py": ""},
        {"pipeline/instruct/template/a.py": "from ..filters import b", "pipeline/instruct/filters/b.py": ""},
        {"recipes/kit/a.py": "from ..b import c", "recipes/b.py": ""},
        {"model/train/a.py": "from ..evaluate.b import c", "model/evaluate/b.py": ""},
    ],
    no_corpus_needs_another: [{"recipes/a.py": "from .b import c", "recipes/b.py": ""}],
    no_circles: [
        {"shards/a.py": "from .b import c", "shards/b.py": "def f():\n    from . import a"},
        {"a.py": "from .b import c", "b.py": "if TYPE_CHECKING:\n    from .c import d", "c.py": "from .a import e"},
    ],
    private_stays_in_its_folder: [
        {"model/a.py": "from ..shards.b import _c", "shards/b.py": "_c = 1"},
        {"model/a.py": "from ..shards import b\nb._c", "shards/b.py": "def _c(): ..."},
        {"model/a.py": "def f(x):\n    return x._c", "shards/b.py": "class B:\n    def g(self):\n        self._c = 1"},
    ],
    one_owner_for_each_class: [{"model/a.py": "class A: ...", "shards/b.py": "class A: ..."}],
    few_positional_parameters: [{"a.py": "def f(a, b, c, d, e, f, g, h, i): ..."}],
    one_way_to_lock: [{"shards/a.py": "import fcntl"}],
    names_that_say_something: [{"shards/utils.py": ""}],
}  # fmt: skip
"""The rules, and houses that break them."""


@pytest.mark.parametrize("rule", BROKEN, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Callable[[House], Iterator[str]]) -> None:
    faults = list(rule(HOUSE))
    assert not faults
    for texts in BROKEN[rule]:
        assert list(rule(house_of(texts))), texts


def test_circles_are_allowed_only_where_there_are_any() -> None:
    for importer, imported in CIRCLES:
        assert imported in {other for other, _ in imports(HOUSE, HOUSE[importer])}, (importer, imported)
        others = CIRCLES.keys() - {(importer, imported)}
        assert list(no_circles(HOUSE, others)), (importer, imported)


def test_every_package_is_listed_for_installation() -> None:
    listed = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in {module.folder for module in HOUSE.values()} - {""}:
        assert f'"cryfish.{name}"' in listed, f"cryfish.{name} is missing from [tool.setuptools] packages"


def test_every_slow_test_is_there() -> None:
    for line in (ROOT / "tests" / "slow.txt").read_text(encoding="utf-8").split():
        path, _, test = line.partition("::")
        assert (ROOT / path).exists(), f"tests/slow.txt: {line}"
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), (
            f"tests/slow.txt: {line}"
        )


IMPORTED = """
import contextlib, importlib, json, logging, os, sys, warnings

theirs, ours = json.loads(sys.stdin.read())
for module, name in theirs:  # whatever other packages do when they are imported isn't ours
    with contextlib.suppress(ImportError, AttributeError):
        getattr(importlib.import_module(module), name) if name else importlib.import_module(module)

import lhotse.audio.backend, numpy, torch


def state():
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in there)]
    return {
        "audio backend": repr(lhotse.audio.backend.CURRENT_AUDIO_BACKEND),
        "threads": (torch.get_num_threads(), torch.get_num_interop_threads()),
        "warnings": [repr(one) for one in warnings.filters],
        "environment": dict(os.environ),
        "logging": [(one.name, one.level, one.disabled, len(one.handlers)) for one in loggers],
        "numbers": (numpy.geterr(), repr(torch.get_default_dtype())),
        "folder": os.getcwd(),
    }


there = sorted(logging.root.manager.loggerDict)
before = state()
for name in ours:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:  # an extra that isn't installed
        if (error.name or "").startswith("cryfish"):
            raise
    after = state()
    for what in before:
        if before[what] != after[what]:
            print(f"{name} changes: {what}")
    before = after
"""


def test_importing_a_module_changes_nothing_but_what_is_imported() -> None:
    theirs: set[tuple[str | None, str]] = set()
    for module in HOUSE.values():
        for node in module.tree.body:
            if isinstance(node, ast.Import):
                theirs.update((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                theirs.update((node.module, alias.name) for alias in node.names)
    ours = [f"cryfish.{name}".rstrip(".") for name in sorted(HOUSE) if name != "__main__"]
    told = json.dumps([sorted(theirs, key=str), ours])
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], input=told, capture_output=True, text=True, cwd=ROOT.parent
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stderr
