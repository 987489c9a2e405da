"""The rules of the house, read off the sources: who may import what, and what nobody may do."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import probewidgets as pw

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "probewidgets"
MODULES = sorted(PACKAGE.rglob("*.py"))

# A layer may import from the layers before it, never from those after it.
LAYERS = (
    "errors", "values", "machine", "data", "models", "captures", "metrics", "probes", "sweeps", "methods",
    "look", "figures", "live", "widgets", "cli",
)  # fmt: skip

UPWARDS = {}
"""The only arrows against the stream, all inside functions."""

DOORS = {
    "transformers": ("models", "captures"),
    "tokenizers": ("models",),
    "sklearn": ("probes",),
    "huggingface_hub": ("models",),
    "ray": ("captures/ray.py",),
    "torch": ("models", "captures", "probes", "methods", "machine"),
    "matplotlib": ("figures",),
    "anywidget": ("widgets",),
    "ipywidgets": ("widgets",),
    "traitlets": ("widgets",),
}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or inside a function; not what only type checkers see."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "probewidgets" and not node.level:
            yield from (f"probewidgets.{pw._HOMES.get(alias.name, alias.name)}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        todo += ast.iter_child_nodes(node)


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_arrows_run_only_downwards(path: Path) -> None:
    mine = layer_of(path)
    if mine == "__init__":
        return
    assert mine in LAYERS, f"{mine} has no place among the layers"
    against = set()
    for name in imports(path):
        assert not name.startswith("."), f"{path.name} imports {name}: write it out from probewidgets on"
        theirs = [*name.split("."), ""][1] if name.startswith("probewidgets.") else "__version__"
        if theirs != "__version__" and LAYERS.index(theirs) > LAYERS.index(mine):
            against.add(name)
    assert against == UPWARDS.get(str(path.relative_to(PACKAGE)), set())


def test_no_import_is_overlooked(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text(
        "from probewidgets import sweep, files\nimport torch.nn\ndef f():\n    class C:\n"
        "        def g(self):\n            from probewidgets.live import x\nif TYPE_CHECKING:\n    import numpy\n"
    )
    assert set(imports(file)) == {
        "probewidgets.sweeps.sweep",
        "probewidgets.files",
        "torch.nn",
        "probewidgets.live",
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_library_has_one_door(path: Path) -> None:
    mine = {layer_of(path), path.relative_to(PACKAGE).as_posix()}
    for name in imports(path):
        allowed = DOORS.get(name.split(".")[0])
        assert allowed is None or mine & set(allowed), f"{path.name} imports {name}"


@pytest.mark.parametrize("layer", ["data", "metrics", "values", "errors", "look", "widgets", "figures"])
def test_what_shows_results_works_without_torch(layer: str) -> None:
    files = [p for p in MODULES if layer_of(p) == layer]
    names = [".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for p in files]
    code = f"import sys; {'; '.join(f'import {n}' for n in names)}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, probewidgets; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"torch", "transformers", "numpy", "sklearn", "matplotlib", "anywidget"} & set(loaded.split())


def test_every_public_name_loads_and_can_be_completed() -> None:
    for name in pw.__all__:
        assert getattr(pw, name) is not None
        assert name in dir(pw)
    with pytest.raises(AttributeError, match="no attribute 'nothing_like_this'"):
        _ = pw.nothing_like_this


def test_no_public_name_is_hidden_by_a_module_once_that_is_imported() -> None:
    assert not {path.stem for path in PACKAGE.iterdir()} & set(pw._HOMES)


def test_every_public_name_says_what_it_is() -> None:
    for name in pw.__all__:
        thing = getattr(pw, name)
        if callable(thing):
            assert (thing.__doc__ or "").strip(), name
            assert "(" not in thing.__doc__.split("\n")[0] or not thing.__doc__.startswith(f"{name}("), name


GIVEN = {
    "Activations", "EdgeSweep", "Estimate", "Site", "Sweep", "Target", "Targets",
}  # fmt: skip
"""Public dataclasses that functions of the package give; every other one a person makes."""


def test_every_argument_of_what_a_person_makes_is_explained() -> None:
    for name in set(pw._HOMES) - GIVEN:
        thing = getattr(pw, name)
        if isinstance(thing, type) and dataclasses.is_dataclass(thing):
            _, _, section = (inspect.getdoc(thing) or "").partition("\nArgs:\n")
            explained = re.findall(r"^ {4}(\w+): \S", section.split("\n\n")[0], re.MULTILINE)
            assert explained == list(inspect.signature(thing).parameters), name


FORBIDDEN = {
    "*.py": (
        r"import pickle|pickle\.(load|dump)|trust_remote_code\s*=\s*True|import.*pyplot|^\s*print\(|"
        r"except( Exception| BaseException)?:\s*pass\b"
    ),
    "*.js": r"innerHTML|insertAdjacentHTML|outerHTML|document\.write|https?://(?!www\.w3\.org/)|\bfetch\(|\beval\(|import\(",
    "*.css": r"https?://|@import|url\(",
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_nothing_unsafe_is_in_the_sources(pattern: str) -> None:
    for path in PACKAGE.rglob(pattern):
        if path.name == "cli.py":  # a command line prints
            continue
        found = re.search(FORBIDDEN[pattern], path.read_text(encoding="utf-8"), re.MULTILINE)
        assert found is None, f"{path.relative_to(ROOT)}: {found and found.group(0)!r}"


def test_the_wheel_carries_every_page_file(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    for path in PACKAGE.rglob("*"):
        if path.suffix in (".js", ".css", ".py") or path.name == "py.typed":
            assert str(path.relative_to(ROOT)) in inside
    assert not [name for name in inside if name.startswith(("tests/", "notebooks/"))]
