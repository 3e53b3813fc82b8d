"""What code made an output: a digest of it, module by module, read from the source and never run.

From a stage's functions this follows names through the package: the functions, classes and constants that they use,
and what those use. What else stands in the same modules isn't looked at, nor are the other recipes: the registry finds
them by listing a folder. A stage names as roots what it reaches in such ways (its recipe, the effects and the filters
that are asked for). The engines that let an LLM write don't count: replies are kept under keys of their own (prompt,
model, seed), and stay true whatever code asked for them.

What can't decide an output doesn't count: comments, docstrings, formatting, the words of an `InputError` (which ends a
partition, so that nothing is made), and `_ONLY_HOW`: code that says where, when or how safely something is written.
Versions of other packages don't count either: a release of Lhotse or soundfile that changes bytes is rare, and every
upgrade would make 13,000 hours again. Who wants that removes the output. Text files of the package aren't looked for;
the templates are inputs of their partitions. Another minor version of Python may word the same source otherwise, which
makes outputs stale.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

PACKAGE = __name__.rpartition(".pipeline.")[0]
ROOT = Path(__file__).resolve().parents[2]

_ONLY_HOW = frozenset(
    {
        "disk_errors",
        "errors",
        "file_lock",
        "local_path",
        "locks",
        "outputs",
        "ownership",
        "progress",
        "seams",
        "pipeline.engine.code",
        "pipeline.engine.partitions",
        "pipeline.engine.processes",
        "pipeline.engine.ray_engine",
        "pipeline.audio.effects:know_transforms",
        "model.identity",
        "recipes.kit.hours",
        "recipes.kit.registry:corpora",
        "pipeline.instruct.llm.llm:ENGINES",
        "pipeline.instruct.llm.llm:open_backend",
        "files:fsync_path",
        "files:replace",
        "files:sha256_of",
        "files:tree_signature",
        "files:write_atomically",
        "files:write_whole",
    }
)

Root = Callable[..., Any] | type | str
"""A function or class of the package, or `module`, `package`, `module:name` below it, such as `recipes.esc50`; or
`file:PATH`, a plugin's."""


def code_of(*roots: Root) -> dict[str, str]:
    """The modules (as paths below the package) that the roots are made of, each with a digest of what is used of it.

    Functions from elsewhere, such as a test's, count with their whole file.
    """
    return dict(_code_of(tuple(_place(root) for root in roots)))


@lru_cache(maxsize=1024)
def code_digest(*roots: Root) -> str:
    """One short digest of `code_of`."""
    return hashlib.sha256(repr(sorted(code_of(*roots).items())).encode()).hexdigest()[:16]


@cache
def package_digest() -> str:
    """A digest of every line of the package, for telling whether two machines have the same."""
    digest = hashlib.sha256()
    for room in ("", "recipes", "shards", "model", "pipeline"):
        files = ROOT.glob("*.py") if not room else (ROOT / room).rglob("*.py")
        for path in sorted(files):
            digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


_Name = tuple[str, str]  # a module below the package, and a name in it; "" for all of it


def _place(root: Root) -> _Name:
    if isinstance(root, str):
        if root.startswith("file:"):
            return root, ""
        module, _, name = root.partition(":")
        return module, name
    module = root.__module__
    if module.startswith(f"{PACKAGE}."):
        return module.removeprefix(f"{PACKAGE}."), root.__qualname__.partition(".")[0]
    code = getattr(root, "__code__", None)
    return f"file:{code.co_filename if code else getattr(sys.modules.get(module), '__file__', module)}", ""


@lru_cache(maxsize=1024)
def _code_of(roots: tuple[_Name, ...]) -> tuple[tuple[str, str], ...]:
    used: defaultdict[str, dict[str, str]] = defaultdict(dict)
    waiting, met = list(roots), set(roots)
    while waiting:
        module, name = waiting.pop()
        if module.startswith("file:"):
            path = Path(module.removeprefix("file:"))
            worded = _hash(_worded(_parsed(path)) if path.is_file() else "")
            # Two files of one name are two.
            used[path.name][worded] = worded
            continue
        if module in _ONLY_HOW or f"{module}:{name}" in _ONLY_HOW:
            continue
        source = _source(module)
        if source is None:
            continue
        for found in source.of(name):
            used[source.path].update(found.worded)
            for following in found.uses:
                if following not in met:
                    met.add(following)
                    waiting.append(following)
    return tuple(sorted((path, _hash(repr(sorted(parts.items())))) for path, parts in used.items()))


@dataclass
class _Found:
    """Some statements of a module: their normal form by name, and the names that they use elsewhere or beside them."""

    worded: dict[str, str] = field(default_factory=dict)
    uses: set[_Name] = field(default_factory=set)


class _Source:
    """A module's statements by the names that they define."""

    def __init__(self, module: str, path: Path) -> None:
        self.module, self.path = module, path.relative_to(ROOT).as_posix()
        self._package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        self._defined: defaultdict[str, list[ast.stmt]] = defaultdict(list)
        self._imported: dict[str, _Name] = {}
        self._run: list[ast.stmt] = []  # what importing the module does beside defining names
        self._known: dict[str, _Found] = {}
        tree = _parsed(path)
        for statement in _flat(tree.body):
            self._sort_in(statement)
        self._always = self._look_at("", self._run)

    def _sort_in(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.ImportFrom | ast.Import):
            self._imported.update(_imports(statement, self._package))
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._defined[statement.name].append(statement)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for node in (node for target in targets for node in ast.walk(target)):
                if isinstance(node, ast.Name):
                    self._defined[node.id].append(statement)
                    break
        elif not isinstance(statement, ast.Pass):
            self._run.append(statement)

    def of(self, name: str) -> Iterator[_Found]:
        """What a name stands for, and what importing its module does."""
        yield self._always
        if name in self._defined:
            yield self._one(name)
        elif name in self._imported:
            yield _Found(uses={self._imported[name]})
        elif name not in ("__file__", "__name__", "__package__"):
            # The whole module, or a name that it makes as it runs.
            for each in self._defined:
                yield self._one(each)
            if _is_package(self.module):
                yield _Found(uses={(module, "") for module in _members(self.module)})

    def _one(self, name: str) -> _Found:
        if name not in self._known:
            self._known[name] = self._look_at(name, self._defined[name])
        return self._known[name]

    def _look_at(self, name: str, statements: list[ast.stmt]) -> _Found:
        found = _Found()
        if not statements:
            return found
        found.worded[name] = _worded(ast.Module(statements, []))
        for node in (node for statement in statements for node in ast.walk(statement)):
            if isinstance(node, ast.ImportFrom):
                for target in _imports(node, self._package).values():
                    found.uses.add(target)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                module, imported = self._imported.get(node.value.id, ("", ""))
                if module and not imported:
                    found.uses.add((module, node.attr))
            elif isinstance(node, ast.Name) and node.id != name:
                if node.id in self._defined:
                    found.uses.add((self.module, node.id))
                elif node.id in self._imported and self._imported[node.id][1]:
                    found.uses.add(self._imported[node.id])
        return found


def _flat(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Top-level statements, those under `if TYPE_CHECKING` and `try` too; what is under a loop or a `with` is run."""
    for statement in statements:
        if isinstance(statement, ast.If):
            yield from _flat([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            yield from _flat([*statement.body, *(s for h in statement.handlers for s in h.body)])
        else:
            yield statement


def _imports(statement: ast.ImportFrom | ast.Import, package: str) -> dict[str, _Name]:
    """The names that an import of this package's own binds. A module beside others is (module, "")."""
    if isinstance(statement, ast.Import) or not statement.level:
        return {}
    parts = package.split(".") if package else []
    base = ".".join([*parts[: len(parts) - statement.level + 1], *(statement.module or "").split(".")]).strip(
        "."
    )
    return {
        alias.asname or alias.name: (inner, "")
        if _path_of(inner := f"{base}.{alias.name}".strip("."))
        else (base, alias.name)
        for alias in statement.names
    }


def _worded(tree: ast.Module) -> str:
    """Source in a normal form, without what can't decide an output."""
    return ast.unparse(_Bare().visit(ast.Module([*tree.body], tree.type_ignores)))


class _Bare(ast.NodeTransformer):
    """Takes out docstrings and other bare texts, and the words of an InputError."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
            node.body = kept or ([] if isinstance(node, ast.Module) else [ast.Pass()])  # type: ignore[attr-defined]
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        error = node.exc
        if isinstance(error, ast.Call) and isinstance(error.func, ast.Name) and error.func.id == "InputError":
            return ast.Raise(ast.Name("InputError", ast.Load()), None)
        return self.generic_visit(node)


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


_sources: dict[str, _Source] = {}


def _source(module: str) -> _Source | None:
    if module not in _sources and (path := _path_of(module)) is not None:
        _sources[module] = _Source(module, path)
    return _sources.get(module)


@cache
def _path_of(module: str) -> Path | None:
    place = ROOT.joinpath(*module.split(".")) if module else ROOT
    for path in (place.with_name(f"{place.name}.py"), place / "__init__.py"):
        if path.is_file() and path.is_relative_to(ROOT):
            return path
    return None


def _is_package(module: str) -> bool:
    path = _path_of(module)
    return path is not None and path.name == "__init__.py"


def _members(package: str) -> list[str]:
    folder = ROOT.joinpath(*package.split("."))
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(folder.rglob("[!_]*.py"))
    ]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def changed_code(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The modules in which two results of `code_of` differ."""
    return sorted(path for path in {*before, *now} if before.get(path) != now.get(path))
