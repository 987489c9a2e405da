"""The measures of the house, read off its sources: rooms, arrows, circles, lengths, names.

python tests/house.py             what stands in this folder
python tests/house.py --at REV    what stood at a commit
python tests/house.py --walks     also trace four calls on a tiny model, and tell where they climb

An arrow runs from a room to one that it imports, at the top of a file or inside a function.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "probewidgets"

ROOMS = (
    "errors", "values", "machine", "data", "models", "captures", "metrics", "probes", "sweeps", "methods",
    "look", "figures", "live", "widgets", "cli",
)  # fmt: skip
"""A room may import from the rooms before it, never from those after it."""

APART = ("methods",)
"""Rooms whose own rooms do not see each other."""

WORDLESS = {"one", "found", "known", "taken", "said", "came", "some", "made"}
"""Names of locals that say nothing."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Piece:
    """A function, class or file, and how much there is of it."""

    where: str
    """Its file below the package, and its name inside it: `probes/solver.py:solve`."""
    size: int


@dataclass(frozen=True)
class File:
    """One Python file of the package."""

    path: Path
    package: Path

    @property
    def where(self) -> str:
        return self.path.relative_to(self.package).as_posix()

    @property
    def room(self) -> str:
        return self.where.split("/")[0].removesuffix(".py")

    @property
    def module(self) -> str:
        parts = self.path.relative_to(self.package.parent).with_suffix("").parts
        return ".".join(parts).removesuffix(".__init__")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def lines(self) -> int:
        return len(self.path.read_text(encoding="utf-8").splitlines())

    @cached_property
    def import_statements(self) -> list[tuple[ast.Import | ast.ImportFrom, bool]]:
        """All of them, at its top or inside a function, and whether only type checkers see it."""
        statements = []
        todo: list[tuple[ast.AST, bool]] = [(node, False) for node in self.tree.body]
        while todo:
            node, typing = todo.pop()
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                todo += [(child, True) for child in node.body] + [(child, typing) for child in node.orelse]
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                statements.append((node, typing))
            elif not isinstance(node, ast.expr):
                todo += [(child, typing) for child in ast.iter_child_nodes(node)]
        return statements

    def imports(self, homes: dict[str, str], *, for_types: bool = False) -> Iterator[str]:
        """Every module that is imported when the file is run.

        Args:
            homes: Where the names live that `from probewidgets import ...` gives.
            for_types: Instead those that only type checkers see.
        """
        for node, typing in self.import_statements:
            if typing == for_types:
                yield from _imported(node, homes)


def _imported(node: ast.AST, homes: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module == NAME and not node.level:
        yield from (homes.get(alias.name, f"{NAME}.{alias.name}") for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = "." * node.level + (node.module or "")
        yield base
        if base.startswith(f"{NAME}."):  # a module may be imported from its package
            yield from (f"{base}.{alias.name}" for alias in node.names)


class House:
    """What the sources of one folder say.

    Args:
        root: The folder of the repository.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root, self.package = root, root / NAME
        self.files = [File(path, self.package) for path in sorted(self.package.rglob("*.py"))]
        self.modules = {file.module: file for file in self.files}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The rooms from the ground up, as this folder's own tests have them."""
        for name in ("tests/house.py", "tests/test_house.py"):
            text = (self.root / name).read_text(encoding="utf-8") if (self.root / name).exists() else ""
            if listed := re.search(r"^(?:ROOMS|LAYERS) = (\([^)]*\))", text, re.MULTILINE):
                return tuple(ast.literal_eval(listed.group(1)))
        return ROOMS

    @cached_property
    def homes(self) -> dict[str, str]:
        """Public name -> the module it comes from, by what type checkers are shown."""
        homes = {}
        for path in (self.package / "__init__.py", self.package / "__init__.pyi"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else ():
                if isinstance(node, ast.ImportFrom) and (module := _absolute(node)).startswith(f"{NAME}."):
                    homes |= {alias.asname or alias.name: module for alias in node.names}
        return homes

    @property
    def rooms(self) -> list[str]:
        """What lies at the top of the package."""
        return sorted({file.room for file in self.files} - {"__init__"})

    def suites(self) -> tuple[int, int]:
        """How many rooms and arrows there are where each of the rooms that are set apart counts as one."""
        pairs = {(_suite(file), _suite(other)) for file, other in self.links() if other.room != "__init__"}
        return len({_suite(file) for file in self.files} - {"__init__"}), len({(a, b) for a, b in pairs if a != b})

    def links(self, *, for_types: bool = False) -> Iterator[tuple[File, File]]:
        """Which file imports which; `__init__.py` of the package itself, which loads all by name, is left out."""
        for file in self.files:
            seen = {self.modules.get(name) for name in file.imports(self.homes, for_types=for_types)}
            if file.where != "__init__.py":
                yield from ((file, other) for other in seen if other not in (None, file))

    def arrows(self, *, for_types: bool = False) -> set[tuple[str, str]]:
        """Which room imports which."""
        pairs = {(file.room, other.room) for file, other in self.links(for_types=for_types)}
        return {(mine, theirs) for mine, theirs in pairs if mine != theirs and theirs != "__init__"}

    def up(self, *, for_types: bool = False) -> set[tuple[str, str]]:
        """The arrows that run against the order."""
        floor = {room: number for number, room in enumerate(self.order)}
        return {(mine, theirs) for mine, theirs in self.arrows(for_types=for_types) if floor[theirs] > floor[mine]}

    def across(self) -> set[tuple[str, str]]:
        """Files of rooms that do not see each other, and do."""
        return {
            (file.where, other.where)
            for file, other in self.links()
            if file.room == other.room and _suite(file) != _suite(other)
        }

    def circles(self) -> list[set[str]]:
        """Files that import each other, in however many steps; each set is as large as it can be."""
        ahead: dict[str, set[str]] = defaultdict(set)
        for file, other in self.links():
            ahead[file.where].add(other.where)
        reached = {where: _reachable(where, ahead) for where in list(ahead)}
        rings = {frozenset(b for b in reached[a] if a in reached.get(b, ())) for a in reached if a in reached[a]}
        return sorted(map(set, rings), key=len, reverse=True)

    # ------------------------------------------------------------------ lengths

    def defined(self) -> Iterator[tuple[File, str, Function | ast.ClassDef]]:
        """Every function and class with its file and its name inside it: `Class.method`."""
        for file in self.files:
            yield from ((file, name, node) for name, node in _defined(file.tree))

    def functions(self) -> list[Piece]:
        """How many lines every function's body has, without its docstring."""
        pieces = (
            Piece(f"{file.where}:{name}", _body(node))
            for file, name, node in self.defined()
            if not isinstance(node, ast.ClassDef)
        )
        return _longest(pieces)

    def classes(self) -> list[Piece]:
        """How many lines every class has, docstrings and all."""
        pieces = (
            Piece(f"{file.where}:{name}", (node.end_lineno or 0) - node.lineno + 1)
            for file, name, node in self.defined()
            if isinstance(node, ast.ClassDef)
        )
        return _longest(pieces)

    def lengths(self, *endings: str) -> list[Piece]:
        """How many lines every file has; lexicons, which are data, apart."""
        paths = (path for path in self.package.rglob("*") if path.suffix in (endings or (".py", ".js", ".css")))
        pieces = (
            Piece(path.relative_to(self.package).as_posix(), len(path.read_text(encoding="utf-8").splitlines()))
            for path in paths
            if "lexicon" not in path.parts
        )
        return _longest(pieces)

    def arguments(self) -> list[Piece]:
        """How many arguments every function takes that nobody outside calls."""
        pieces = (
            Piece(f"{file.where}:{name}", _arguments(node))
            for file, name, node in self.defined()
            if not isinstance(node, ast.ClassDef) and not self._is_public(file, name)
        )
        return _longest(pieces)

    @cached_property
    def public(self) -> set[tuple[str, str]]:
        """Module and name of everything that `pw.` and its namespaces list."""
        names = {(module, name) for name, module in self.homes.items()}
        spaces = {f"{NAME}.{name}" for module, name in self._from_top()}
        names |= {(space, name) for space in spaces for name in self._exported(space)}
        while True:  # a module may pass on what another has
            further = {self._origin(*name) for name in names} - names
            if not further:
                return names
            names |= further

    def _from_top(self) -> Iterator[tuple[str, str]]:
        """The modules that are names of their own: `from probewidgets import figures`."""
        for path in (self.package / "__init__.py", self.package / "__init__.pyi"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else ():
                if isinstance(node, ast.ImportFrom) and _absolute(node) == NAME:
                    yield from ((NAME, alias.name) for alias in node.names)

    def _exported(self, module: str) -> set[str]:
        file = self.modules.get(module)
        body = _outermost(file.tree) if file else ()
        return {alias.asname or alias.name for node in body if isinstance(node, ast.ImportFrom) for alias in node.names}

    def _origin(self, module: str, name: str) -> tuple[str, str]:
        file = self.modules.get(module)
        for node in _outermost(file.tree) if file else ():
            passed = isinstance(node, ast.ImportFrom) and str(node.module).startswith(NAME)
            if passed and name in {alias.asname or alias.name for alias in node.names}:
                return str(node.module), name
        return module, name

    def _is_public(self, file: File, name: str) -> bool:
        first, _, rest = name.partition(".")
        return (file.module, first) in self.public and (not rest.startswith("_") or rest in ("__init__", "__call__"))

    # ------------------------------------------------------------------ names

    def wordless(self) -> Counter[str]:
        """How often each file binds a local to a name that says nothing."""
        return Counter({file.where: count for file in self.files if (count := sum(_bound(file.tree).values()))})


def _outermost(tree: ast.Module) -> Iterator[ast.stmt]:
    """What stands at the top of a file; also what a namespace lists for types, and loads when it is asked for."""
    for node in tree.body:
        yield from node.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) else [node]


def _absolute(node: ast.ImportFrom) -> str:
    """What is imported from, where the package's own list of names may leave the package out."""
    return ".".join([NAME] * bool(node.level) + [node.module] * bool(node.module))


def _suite(file: File) -> str:
    return "/".join(file.where.split("/")[:2]) if file.room in APART else file.room


def _reachable(start: str, ahead: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    todo = [start]
    while todo:
        further = ahead.get(todo.pop(), set()) - reached
        reached |= further
        todo += further
    return reached


def _defined(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in ast.iter_child_nodes(tree):
        inside = prefix
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield prefix + node.name, node
            inside = f"{prefix}{node.name}."
        yield from _defined(node, inside)


def _body(node: Function) -> int:
    statements = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def _arguments(node: Function) -> int:
    arguments = node.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    stars = [a for a in (arguments.vararg, arguments.kwarg) if a is not None]
    return len(names) + len(stars) - (names[:1] in (["self"], ["cls"]))


def _bound(tree: ast.Module) -> Counter[str]:
    """How often each wordless name is bound inside a function: an argument, an assignment, a loop, a `with`."""
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))]
    inside = {node for function in functions for node in ast.walk(function)}  # nested ones are walked twice, held once
    names = (n.arg if isinstance(n, ast.arg) else n.id for n in inside if _binds(n))
    return Counter(name for name in names if name in WORDLESS)


def _binds(node: ast.AST) -> bool:
    return isinstance(node, ast.arg) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def _longest(pieces: Iterator[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: (-piece.size, piece.where))


# ---------------------------------------------------------------------- telling it


def told(house: House, most: int = 8) -> Iterator[str]:
    """The measures, a line each."""
    arrows, types = house.arrows(), house.arrows(for_types=True) - house.arrows()
    yield f"{len(house.rooms)} rooms at the top, {len(arrows)} arrows between them, {len(house.up())} that run up"
    yield from (f"    up: {mine} -> {theirs}" for mine, theirs in sorted(house.up()))
    yield f"{len(types)} further arrows that only type checkers see, {len(house.up(for_types=True))} that run up"
    circles = house.circles()
    yield f"{len(circles)} circles of files" + "".join(f"\n    {len(c)} files: {', '.join(sorted(c))}" for c in circles)
    yield f"{len(house.across())} imports between the rooms of {', '.join(APART)}; each counted as a room of its own:"
    yield "    {} rooms, {} arrows".format(*house.suites())
    yield "\nlines of each room: Python, page"
    for room in house.rooms:
        own = [piece for piece in house.lengths() if piece.where.split("/")[0].removesuffix(".py") == room]
        data = sum(file.lines for file in house.files if file.room == room and "lexicon" in file.where)
        python = sum(piece.size for piece in own if piece.where.endswith(".py")) + data
        yield f"{python:8,} {sum(piece.size for piece in own) + data - python:6,}  {room}"
    for title, pieces, limit in (
        ("lines of functions' bodies", house.functions(), 50),
        ("lines of classes", house.classes(), 200),
        ("lines of files, lexicons apart", house.lengths(), 350),
        ("arguments below the public surface", house.arguments(), 7),
    ):
        sizes = sorted(piece.size for piece in pieces)
        over = sum(size > limit for size in sizes)
        yield f"\n{title}: {len(sizes)}, median {sizes[len(sizes) // 2]}, {over} over {limit}"
        yield from (f"{piece.size:8,}  {piece.where}" for piece in pieces[:most])
    names: Counter[str] = sum((_bound(file.tree) for file in house.files), Counter())
    yield f"\nlocals whose name says nothing: {sum(names.values())}, {dict(names.most_common())}"


def at(revision: str, into: Path) -> Path:
    """Lay out the sources of a commit in a folder."""
    command = ["git", "-C", os.fspath(ROOT), "archive", revision, NAME, "tests"]
    archive = subprocess.run(command, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        if hasattr(tarfile, "data_filter"):
            files.extractall(into, filter="data")
        else:
            files.extractall(into)
    return into


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--at", metavar="REV", help="a commit, instead of what stands in this folder")
    parser.add_argument("--walks", action="store_true", help="also trace four calls")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = at(options.at, Path(folder)) if options.at else ROOT
        sys.stdout.write("\n".join(told(House(root))) + "\n")
        sys.stdout.flush()
        if options.walks:  # in a process of its own, where the package is that of the folder
            env = os.environ | {"PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")]), "TQDM_DISABLE": "1"}
            walks = Path(__file__).with_name("walks.py")
            subprocess.run([sys.executable, os.fspath(walks), os.fspath(root)], env=env, check=True)


if __name__ == "__main__":
    main()
